"""How the text presents an event: status and attribution from tense, modality, negation and the frames above it.

The labels are those of `MentionStatus`; compare FactBank (Sauri and Pustejovsky 2009). A frame is a verb that
says something of the clause or noun below it: "denied", "plans to", "called for", "said".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.extraction._frame import frame_of
from tocsin.extraction._match import modal, negated
from tocsin.model import Actor, MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading

S = MentionStatus


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENYING = _words("deny refute rebut disavow dismiss")
ALLEGING = _words(
    "accuse allege claim suspect believe blame suggest speculate think charge contend purport estimate assess appear seem presume"
)
PLANNING = _words(
    "plan intend vow pledge promise agree prepare expect schedule threaten decide pend arrange mean aim hope consent commit "
    "undertake swear offer resolve slate volunteer set poise determine order instruct"
)
WISHING = _words(
    "urge call demand ask want seek consider fear warn propose beg request wish suggest recommend invite allow permit let "
    "encourage require authorise authorize force need deserve dare implore advise oppose worry discuss debate discourage "
    "support push press mull weigh ponder advocate insist enable negotiate appeal caution risk hope"
)
FAILING = _words(
    "fail refuse decline avoid prevent stop avert foil thwart cancel abort abandon halt suspend postpone scrap rule reject"
)
NOT_BEGUN = _words(
    "cancel postpone avert foil thwart abort prevent scrap avoid rule block refuse reject forbid ban"
)
SAYING = _words(
    "say report state tell announce add note confirm acknowledge admit explain write stress insist declare reveal recall "
    "disclose maintain remark quote cite assert describe show indicate reiterate claim concede emphasise emphasize comment "
    "observe testify argue allege post tweet detect warn assess"
)
REPORTED = _words("reportedly allegedly apparently purportedly supposedly")
PLANNED_ADJ = _words(
    "planned upcoming scheduled future looming forthcoming proposed imminent expected next impending intended"
)
UNSURE_ADJ = _words(
    "possible potential alleged suspected threatened hypothetical apparent supposed purported likely reported claimed"
)
EMPTY_ADJ = _words("failed attempted abortive averted foiled unsuccessful")
_CONDITION = _words("if unless whether should lest")
_HYPO_MODAL = _words("may might could can should must would ought")
_COVERT = _words("covertly secretly clandestinely illegally illicitly")


@dataclass(slots=True)
class Factuality:
    """The status, who says so (nearest first), and the frame verb that decided."""

    status: MentionStatus
    attribution: list[Actor] = field(default_factory=list)
    frame: Token | None = None


def factuality(reading: Reading, match: Match) -> Factuality:
    """The status of a matched event and the chain of those who say so."""
    carrier = match.token
    status = S.HAPPENED
    if match.noun is not None:
        status = _of_noun(match.token)
        if match.noun.verb is not None:
            carrier = match.noun.verb.verb
        elif match.noun.occurs is not None:
            carrier = match.noun.occurs
        if carrier.pos_ in ("VERB", "AUX") and carrier != match.token:
            status = _weaker(status, own_status(carrier))
    else:
        status = own_status(carrier)
    if match.pattern.mood in ("refused", "negated"):
        status = S.HAPPENED
    result = Factuality(status)
    _climb(reading, carrier, result)
    _according(reading, result)
    if (
        result.status in (S.HAPPENED, S.ONGOING)
        and match.pattern.mood is None
        and _is_charge(reading, match, result)
    ):
        result.status = S.ALLEGED
    return result


def _is_charge(reading: Reading, match: Match, result: Factuality) -> bool:
    """One government telling of another's covert deeds alleges them: arms deals, and whatever is done in secret."""
    doers = {
        actor.country
        for token in match.source
        if (actor := reading.actor(token)) is not None and actor.country
    }
    accusers = {actor.country for actor in result.attribution if actor.country and actor.sector != "MED"}
    if not doers or not accusers or accusers & doers:
        return False
    covert = any(child.lower_ in _COVERT for child in match.token.children)
    return covert or match.pattern.type.startswith("arms")


def own_status(verb: Token) -> MentionStatus:
    """Status from the verb's own negation, modal, tense and adverbs."""
    if negated(verb):
        return S.NEGATED
    word = modal(verb)
    if word in ("will", "wo", "'ll", "shall", "going"):
        return S.PLANNED
    if word in ("would", "'d"):
        return S.PLANNED if _under_speech(verb) else S.HYPOTHETICAL
    if word in _HYPO_MODAL:
        return S.HYPOTHETICAL
    if any(child.dep_ == "mark" and child.lower_ in _CONDITION for child in verb.children):
        return S.HYPOTHETICAL
    if any(child.dep_ == "advmod" and child.lower_ in REPORTED for child in verb.children):
        return S.ALLEGED
    if (
        verb.tag_ == "VB"
        and verb.dep_ in ("advcl", "acl", "relcl", "xcomp", "ROOT", "conj", "ccomp")
        and _has_to(verb)
    ):
        return S.PLANNED
    if verb.tag_ == "VBG" and any(
        child.dep_ == "aux" and child.lemma_.lower() == "be" for child in verb.children
    ):
        return S.ONGOING
    return S.HAPPENED


def _has_to(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)


def _under_speech(verb: Token) -> bool:
    return any(head.lemma_.lower() in SAYING for head in verb.ancestors)


def _of_noun(noun: Token) -> MentionStatus:
    """Adjectives and "no" before the noun."""
    for child in noun.children:
        word = child.lower_
        if child.dep_ == "det" and word == "no":
            return S.NEGATED
        if word in PLANNED_ADJ and child.dep_ in ("amod", "compound"):
            return S.PLANNED
        if word in UNSURE_ADJ and child.dep_ == "amod":
            return S.ALLEGED
        if word == "further" or word == "any":
            return S.HYPOTHETICAL
    return S.HAPPENED


_STRENGTH = [S.HAPPENED, S.ONGOING, S.ALLEGED, S.PLANNED, S.HYPOTHETICAL, S.NEGATED, S.DENIED]


def _weaker(one: MentionStatus, other: MentionStatus) -> MentionStatus:
    return max(one, other, key=_STRENGTH.index)


def _climb(reading: Reading, carrier: Token, result: Factuality) -> None:
    """Go up the heads; each frame verb on the way may change the status or add who says so."""
    token = carrier
    for _ in range(12):
        head = token.head
        if head == token:
            return
        if head.pos_ in ("VERB", "AUX") or head.dep_ in ("ROOT", "ccomp"):
            _frame(reading, token, head, result)
        elif head.pos_ in ("NOUN", "PROPN"):
            _noun_frame(head, token, result)
        elif head.pos_ == "ADJ" and head.lemma_.lower() in (
            "ready",
            "willing",
            "prepared",
            "able",
            "likely",
            "set",
            "due",
        ):
            result.status = _weaker(result.status, S.PLANNED)
        token = head


def _frame(reading: Reading, below: Token, verb: Token, result: Factuality) -> None:
    lemma = verb.lemma_.lower()
    dep = below.dep_
    if dep in (
        "advcl",
        "conj",
        "parataxis",
        "npadvmod",
        "nsubj",
        "nsubjpass",
        "dep",
        "punct",
        "prep",
    ) and not (dep == "prep" and below.lower_ in ("of", "for", "against", "from", "about")):
        if dep == "prep" or lemma not in SAYING or dep in ("nsubj", "conj"):
            if dep == "nsubjpass":
                _apply(verb, lemma, result)
            return
    if lemma in SAYING and dep in ("ccomp", "parataxis", "advcl", "xcomp", "dep"):
        _attribute(reading, verb, result)
        if modal(verb) in _HYPO_MODAL:
            return
    _apply(
        verb,
        lemma,
        result,
        clause=dep in ("ccomp", "xcomp", "pcomp", "acl", "relcl"),
        prep=below.lower_ if dep == "prep" else "",
    )


def _apply(verb: Token, lemma: str, result: Factuality, *, clause: bool = False, prep: str = "") -> None:
    no = negated(verb)
    if lemma in DENYING:
        result.status = S.HAPPENED if no else S.DENIED
        result.frame = result.frame or verb
    elif lemma in ALLEGING and (clause or prep == "of"):
        if result.status in (S.HAPPENED, S.ONGOING):
            result.status = S.ALLEGED
        result.frame = result.frame or verb
    elif lemma in PLANNING and (clause or prep == "" or prep == "for"):
        if result.status in (S.HAPPENED, S.ONGOING) and not (clause and _finite_past(result, verb)):
            result.status = S.NEGATED if no else S.PLANNED
        result.frame = result.frame or verb
    elif lemma in NOT_BEGUN or (lemma in FAILING and clause):
        result.status = S.NEGATED
        result.frame = result.frame or verb
    elif lemma in WISHING and (
        clause
        or prep in ("for", "against", "about", "of")
        or (prep == "" and lemma not in ("discuss", "support", "oppose", "let", "force"))
    ):
        if result.status in (S.HAPPENED, S.ONGOING, S.PLANNED):
            result.status = S.HYPOTHETICAL
        result.frame = result.frame or verb
    elif no and clause and lemma in SAYING | {"know", "see"}:
        result.status = S.ALLEGED


def _finite_past(result: Factuality, verb: Token) -> bool:
    """“threatened that it had fired”: a finite past clause keeps its own status."""
    del result
    return any(child.dep_ == "ccomp" and child.tag_ == "VBD" for child in verb.children)


def _noun_frame(noun: Token, below: Token, result: Factuality) -> None:
    lemma = noun.lemma_.lower()
    if below.dep_ not in ("acl", "prep", "ccomp", "relcl", "appos"):
        return
    if below.dep_ in ("acl", "ccomp", "prep") and lemma in (
        "plan",
        "intention",
        "threat",
        "promise",
        "pledge",
        "decision",
        "offer",
        "preparation",
        "readiness",
        "order",
        "vow",
        "bid",
        "agreement",
        "proposal",
        "request",
        "call",
        "demand",
        "right",
        "ability",
        "permission",
        "possibility",
        "prospect",
        "fear",
        "risk",
        "appeal",
    ):
        if below.dep_ == "prep" and below.lower_ not in ("for", "of", "on"):
            return
        if result.status in (S.HAPPENED, S.ONGOING):
            planned = lemma in (
                "plan",
                "intention",
                "promise",
                "pledge",
                "decision",
                "preparation",
                "readiness",
                "order",
                "vow",
                "agreement",
            )
            result.status = S.PLANNED if planned else S.HYPOTHETICAL
    elif lemma in (
        "claim",
        "allegation",
        "accusation",
        "report",
        "suspicion",
        "charge",
        "rumor",
        "rumour",
        "suggestion",
    ):
        if below.dep_ in ("acl", "ccomp", "prep", "relcl") and result.status in (
            S.HAPPENED,
            S.ONGOING,
            S.PLANNED,
        ):
            result.status = S.ALLEGED
    elif lemma in ("denial",):
        result.status = S.DENIED


def _attribute(reading: Reading, verb: Token, result: Factuality) -> None:
    for token in frame_of(verb).subject:
        actor = reading.actor(token)
        if actor is not None:
            result.attribution.append(actor)
    for child in verb.children:  # "reported, citing a ministry official"
        if child.lemma_.lower() in ("cite", "quote") and child.dep_ in ("advcl", "conj", "dep"):
            for token in frame_of(child).object:
                actor = reading.actor(token)
                if actor is not None:
                    result.attribution.append(actor)


def _according(reading: Reading, result: Factuality) -> None:
    for token in reading.doc:
        if token.lower_ == "according":
            for child in token.subtree:
                if child.dep_ == "pobj" and child.head.lower_ == "to":
                    actor = reading.actor(child)
                    if actor is not None and actor not in result.attribution:
                        result.attribution.append(actor)
                    break
