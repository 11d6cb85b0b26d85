"""Verbs and nouns that say how a clause below them is meant: denied, alleged, planned, wished for, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._match import negated
from tocsin.model import MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token

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
CONDITION = _words("if unless whether should lest")
HYPO_MODAL = _words("may might could can should must would ought")
MODAL_STATUS = dict.fromkeys(("will", "wo", "'ll", "shall", "going"), S.PLANNED) | dict.fromkeys(
    ("may", "might", "could", "can", "should", "must", "ought"), S.HYPOTHETICAL
)
COVERT = _words("covertly secretly clandestinely illegally illicitly")


ABOUT_TO = _words("ready willing prepared able likely set due")
_TOLD = (S.HAPPENED, S.ONGOING)
_CLAUSES = frozenset({"ccomp", "xcomp", "pcomp", "acl", "relcl"})
_PREPS = frozenset({"of", "for", "against", "from", "about"})  # "accused of", "called for"
# positions from which a head says nothing of how the event is meant
_OUTSIDE = frozenset({"advcl", "conj", "parataxis", "npadvmod", "nsubj", "nsubjpass", "dep", "punct"})
_TAKES_NOUN = _words("discuss support oppose let force")  # their object is no wish: "discussed the attack"
_INTENT_NOUNS = _words("plan intention promise pledge decision preparation readiness order vow agreement")
_WISH_NOUNS = _words(
    "threat offer bid proposal request call demand right ability permission possibility prospect fear risk appeal"
)
CLAIM_NOUNS = _words("claim allegation accusation report suspicion charge rumor rumour suggestion")


def bears_on(below: Token, verb: Token) -> bool:
    """Whether a verb above says how the event below is meant, by the way the two are joined."""
    if below.dep_ == "prep":
        return below.lower_ in _PREPS
    if below.dep_ == "nsubjpass":
        return True  # "the attack was foiled"
    return below.dep_ not in _OUTSIDE or is_speech(below, verb)


def is_speech(below: Token, verb: Token) -> bool:
    """Whether the event below is what a verb of saying says."""
    return verb.lemma_.lower() in SAYING and below.dep_ in ("ccomp", "parataxis", "advcl", "xcomp", "dep")


def under_verb(status: MentionStatus, below: Token, verb: Token) -> MentionStatus | None:
    """The status under a frame verb; None when the verb is no frame."""
    lemma = verb.lemma_.lower()
    clause = below.dep_ in _CLAUSES
    prep = below.lower_ if below.dep_ == "prep" else ""
    no = negated(verb)
    if lemma in DENYING:
        return S.HAPPENED if no else S.DENIED
    if lemma in ALLEGING and (clause or prep == "of"):
        return S.ALLEGED if status in _TOLD else status
    if lemma in PLANNING and (clause or prep in ("", "for")):
        return _planned(status, verb, no=no, clause=clause)
    if lemma in NOT_BEGUN or (lemma in FAILING and clause):
        return S.NEGATED
    if lemma in WISHING and (
        clause or prep in _PREPS - {"from"} or (prep == "" and lemma not in _TAKES_NOUN)
    ):
        return S.HYPOTHETICAL if status in (*_TOLD, S.PLANNED) else status
    return None


def _planned(status: MentionStatus, verb: Token, *, no: bool, clause: bool) -> MentionStatus:
    """“Threatened that it had fired”: a finite past clause keeps its own status."""
    past = clause and any(child.dep_ == "ccomp" and child.tag_ == "VBD" for child in verb.children)
    if status not in _TOLD or past:
        return status
    return S.NEGATED if no else S.PLANNED


def under_noun(status: MentionStatus, below: Token, noun: Token) -> MentionStatus:
    """The status under "a plan to", "the claim that", "calls for"."""
    lemma = noun.lemma_.lower()
    if below.dep_ not in ("acl", "prep", "ccomp", "relcl"):
        return status
    if lemma == "denial":
        return S.DENIED
    if lemma in CLAIM_NOUNS:
        return S.ALLEGED if status in (*_TOLD, S.PLANNED) else status
    about = below.dep_ in ("acl", "ccomp") or (below.dep_ == "prep" and below.lower_ in ("for", "of", "on"))
    if status not in _TOLD or not about:
        return status
    if lemma in _INTENT_NOUNS:
        return S.PLANNED
    return S.HYPOTHETICAL if lemma in _WISH_NOUNS else status
