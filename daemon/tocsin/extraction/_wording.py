"""Small facts about nouns and verbs that the status of an event noun hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._nouns import LIGHT, OCCUR
from tocsin.model import MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# verbs whose object is there as far as they are: "will impose sanctions", "did not sign the treaty"
_BRINGS = LIGHT | _words(
    "sign reach conclude impose seal broker ratify adopt pass strike wage cast enter pay file issue bring produce inflict "
    "declare introduce enact slap levy lift initiate form secure win grant award forge clinch finalise finalize ink hammer "
    "land score provoke cause trigger spark arrange organise organize set see face achieve establish implement enforce "
    "apply renew stick go"
)
_HAPPENS = OCCUR - _words(
    "kill hit wound injure destroy target draw strike leave mark rock prompt cause trigger"
) | _words(
    "proceed ensue loom arise materialise materialize transpire recur unfold go spread be stop cease fail collapse emerge "
    "conclude finish"
)
# events that are set for a day beforehand
_SCHEDULABLE = _words(
    "election vote summit meeting talk visit trip conference referendum exercise drill launch test negotiation runoff "
    "ballot poll session inauguration ceremony hearing trial manoeuvre maneuver congress strike march rally parade "
    "deployment withdrawal release handover signing delivery evacuation dialogue gathering forum tour consultation"
)
_CLAIMS = _words(
    "claim allegation accusation report suspicion rumour rumor suggestion assertion charge insinuation contention theory "
    "speculation notion idea it this complaint story"
)
_SPEECH_ACTS = _words(
    "discuss express thank complain congratulate protest condemn denounce demand urge ask appeal warn praise mark "
    "celebrate commemorate mourn honour honor announce declare accuse criticise criticize apologise apologize oppose show "
    "voice talk deny explain assure reassure reiterate address review consider welcome offer"
)
# whoever calls or meets somebody in order to say something has said it
TALKING = _words(
    "call phone ring summon meet gather convene assemble rally march demonstrate write telephone take visit"
)
_CALLING = _words("call brand label describe declare term consider deem pronounce find")
_FALSE = _words(
    "false untrue baseless groundless unfounded absurd fabricated nonsense lies lie ridiculous fake wrong inaccurate "
    "incorrect fiction fabrication slander propaganda disinformation misleading ludicrous invented rumour rumor rumours rumors hoax myth fairy untruth"
)
_LIKELY = _words("likely possible probable unlikely conceivable doubtful thinkable uncertain plausible")
_TO_COME = _words("imminent inevitable near close due planned scheduled expected set ready")
_OVER = _words("impossible unthinkable off dead doomed")
_HEARSAY = _words("rumour rumor gossip hearsay speculation claim allegation accusation")
_UNSURE = _words(
    "unconfirmed unverified conflicting early initial alleged media news press anonymous false some local"
)
_KNOWN = _words("the this these official police intelligence")
_CLAUSE = 12  # tokens after a verb in which its predicate is looked for
_INDEFINITE = _words("a an any another some more further no new")


def brings_about(verb: Token) -> bool:
    """Whether the object of a verb is an event that the verb carries out."""
    return verb.lemma_.lower() in _BRINGS


def is_told_by(verb: Token) -> bool:
    """Whether a verb says of its subject that it takes place."""
    return verb.lemma_.lower() in _HAPPENS


def is_schedulable(noun: Token) -> bool:
    """Whether an event of this name is set for a day beforehand."""
    return noun.lemma_.lower() in _SCHEDULABLE


def is_speech_act(verb: Token) -> bool:
    """Whether a verb is one of talking: "met to discuss"."""
    return verb.lemma_.lower() in _SPEECH_ACTS


def is_claim(noun: Token) -> bool:
    """Whether a noun names a claim."""
    return noun.lemma_.lower() in _CLAIMS or noun.lower_ in _CLAIMS


def is_hearsay(noun: Token) -> bool:
    """“Reports”, "unconfirmed reports", "rumours": what they say is not vouched for; "the report" is."""
    lemma = noun.lemma_.lower()
    if lemma in _HEARSAY:
        return True
    modifiers = {child.lower_ for child in noun.children if child.i < noun.i}
    if lemma not in ("report", "account", "post", "message", "source"):
        return False
    return bool(modifiers & _UNSURE) or (lemma == "report" and noun.tag_ == "NNS" and not modifiers & _KNOWN)


def came_to_nothing(verb: Token, below: Token) -> bool:
    """“Was supposed to land but", "had hoped to sign, but", "was about to fire when": a plan of the past that failed."""
    past = (verb.tag_ == "VBD" and verb.lemma_ == "be") or any(
        child.lower_ in ("had", "was", "were") for child in verb.children
    )
    if not past:
        return False
    ready = any(child.lower_ == "about" for child in verb.children)
    for child in (*verb.children, *below.children):
        if child.dep_ == "cc" and child.lower_ == "but":
            return True
        if ready and child.dep_ == "advcl" and any(below.lower_ == "when" for below in child.children):
            return True
    return False


def is_called_false(verb: Token) -> bool:
    """“Called the reports false”."""
    if verb.lemma_.lower() not in _CALLING:
        return False
    return any(token.lower_ in _FALSE for token in verb.doc[verb.i + 1 : verb.i + _CLAUSE])


def of_predicate(adjective: Token, *, claim: bool) -> MentionStatus | None:
    """What an adjective says of its subject: "an attack is likely", "the report is false"; None for nothing."""
    word = adjective.lower_
    if claim and word in _FALSE:
        return MentionStatus.DENIED
    if word in _LIKELY:
        return MentionStatus.HYPOTHETICAL
    if word in _TO_COME:
        return MentionStatus.PLANNED
    return MentionStatus.NEGATED if word in _OVER else None


def is_indefinite(noun: Token) -> bool:
    """Whether a noun has no article, possessive or number that would make it a known one."""
    for child in noun.children:
        if child.dep_ == "poss":
            return False
        if child.dep_ == "det" and child.lower_ not in _INDEFINITE:
            return False
    return noun.pos_ != "PROPN"
