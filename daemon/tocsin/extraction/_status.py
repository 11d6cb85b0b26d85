"""How the text presents an event: status and attribution from tense, modality, negation and the frames above it.

The labels are those of `MentionStatus`; compare FactBank (Sauri and Pustejovsky 2009). A frame is a verb that
says something of the clause or noun below it: "denied", "plans to", "called for", "said".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.extraction._frame import frame_of
from tocsin.extraction._frames import (
    ABOUT_TO,
    CLAIM_NOUNS,
    CONDITION,
    COVERT,
    HYPO_MODAL,
    MODAL_STATUS,
    PLANNED_ADJ,
    REPORTED,
    SAYING,
    UNSURE_ADJ,
    bears_on,
    is_speech,
    under_noun,
    under_verb,
)
from tocsin.extraction._match import modal, negated
from tocsin.model import Actor, MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading

S = MentionStatus
_HEIGHT = 12  # heads looked at above an event


@dataclass(slots=True)
class Factuality:
    """The status, who says so (nearest first), and the frame verb that decided."""

    status: MentionStatus
    attribution: list[Actor] = field(default_factory=list)
    frame: Token | None = None
    assumed: bool = False  # taken for granted inside that frame: "urged them to condemn the attack"


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
    covert = any(child.lower_ in COVERT for child in match.token.children)
    return covert or match.pattern.type.startswith("arms")


def own_status(verb: Token) -> MentionStatus:
    """Status from the verb's own negation, modal, condition, adverbs and tense."""
    if negated(verb):
        return S.NEGATED
    word = modal(verb)
    if word is not None and word in MODAL_STATUS:
        return MODAL_STATUS[word]
    if word in ("would", "'d"):
        return S.PLANNED if _under_speech(verb) else S.HYPOTHETICAL
    if any(child.dep_ == "mark" and child.lower_ in CONDITION for child in verb.children):
        return S.HYPOTHETICAL
    return _of_tense(verb)


def _of_tense(verb: Token) -> MentionStatus:
    if any(child.dep_ == "advmod" and child.lower_ in REPORTED for child in verb.children):
        return S.ALLEGED
    clauses = ("advcl", "acl", "relcl", "xcomp", "ROOT", "conj", "ccomp")
    if verb.tag_ == "VB" and verb.dep_ in clauses and _has_to(verb):
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
        if word in ("further", "any"):
            return S.HYPOTHETICAL
    return S.HAPPENED


_STRENGTH = [S.HAPPENED, S.ONGOING, S.ALLEGED, S.PLANNED, S.HYPOTHETICAL, S.NEGATED, S.DENIED]


def _weaker(one: MentionStatus, other: MentionStatus) -> MentionStatus:
    return max(one, other, key=_STRENGTH.index)


def _climb(reading: Reading, carrier: Token, result: Factuality) -> None:
    """Go up the heads; each frame on the way may change the status or add who says so."""
    token = carrier
    settled = False  # what is taken for granted stays so, whatever stands further up
    for _ in range(_HEIGHT):
        head = token.head
        if head == token:
            return
        if head.pos_ in ("VERB", "AUX") or head.dep_ in ("ROOT", "ccomp"):
            known = _under(reading, token, head, result, settled=settled)
            if token.pos_ in ("NOUN", "PROPN", "ADP") and not known and not settled:
                settled = True
                result.status = _weaker(result.status, _open(token, head))
        elif head.pos_ in ("NOUN", "PROPN"):
            if head.head.lemma_.lower() in ("tell", "inform") and token.dep_ in ("acl", "ccomp", "relcl"):
                _attribute(reading, head.head, result)  # "told a briefing that"
            result.status = result.status if settled else under_noun(result.status, token, head)
            settled = settled or (token.dep_ == "relcl" and head.lemma_.lower() not in CLAIM_NOUNS)
        elif head.pos_ == "ADJ" and head.lemma_.lower() in ABOUT_TO:
            result.status = _weaker(result.status, S.PLANNED)
        token = head


def _open(noun: Token, verb: Token) -> MentionStatus:
    """“Vowed to answer a test”: an indefinite event under a verb that is yet to happen is open itself."""
    definite = any(
        child.dep_ in ("poss", "det") and child.lower_ not in ("a", "an", "any") for child in noun.children
    )
    if definite or noun.pos_ == "ADP" or own_status(verb) not in (S.PLANNED, S.HYPOTHETICAL):
        return S.HAPPENED
    return S.HYPOTHETICAL


def _under(reading: Reading, below: Token, verb: Token, result: Factuality, *, settled: bool) -> bool:
    """Apply one verb above; True when it says how the event is meant or who says so."""
    if not bears_on(below, verb):
        return False
    if is_speech(below, verb):
        _attribute(reading, verb, result)
        if modal(verb) in HYPO_MODAL:
            return True
        if negated(verb) and result.status is S.HAPPENED:
            result.status = S.ALLEGED  # "did not say that"
    status = under_verb(result.status, below, verb)
    if status is None:
        return is_speech(below, verb)
    result.frame = result.frame or verb
    if settled:
        result.assumed = True
    else:
        result.status = status
    return True


def _attribute(reading: Reading, verb: Token, result: Factuality) -> None:
    for token in frame_of(verb).subject:
        actor = reading.actor(token)
        if actor is not None:
            result.attribution.append(actor)


def _according(reading: Reading, result: Factuality) -> None:
    """“According to X” and “citing X”, wherever the sentence puts them."""
    for token in reading.doc:
        if token.lower_ in ("citing", "quoting"):
            for source in frame_of(token).object:
                actor = reading.actor(source)
                if actor is not None and actor not in result.attribution:
                    result.attribution.append(actor)
        if token.lower_ == "according":
            for child in token.subtree:
                if child.dep_ == "pobj" and child.head.lower_ == "to":
                    actor = reading.actor(child)
                    if actor is not None and actor not in result.attribution:
                        result.attribution.append(actor)
                    break
