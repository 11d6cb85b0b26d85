"""The arguments a verb has of its own in the dependency parse, by label.

Labels are those of the English spaCy pipelines (ClearNLP): nsubj, nsubjpass, dobj, dative, agent, prep, pobj,
pcomp, attr, acomp, oprd, xcomp, ccomp, prt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

RELATIVE = frozenset({"which", "that", "who", "whom", "whose"})
_TIMES = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
        "year",
        "day",
        "morning",
        "afternoon",
        "evening",
        "night",
        "midnight",
        "noon",
        "dawn",
        "weekend",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "hour",
        "minute",
        "decade",
        "century",
        "dusk",
        "midday",
        "quarter",
    ]
)


@dataclass(slots=True)
class Frame:
    """The arguments of one verb. Lists hold head tokens, coordinated ones included."""

    verb: Token
    subject: list[Token] = field(default_factory=list)
    object: list[Token] = field(default_factory=list)
    dative: list[Token] = field(default_factory=list)
    attribute: list[Token] = field(default_factory=list)
    to: list[Token] = field(default_factory=list)
    clause: list[Token] = field(default_factory=list)
    preps: dict[str, list[Token]] = field(default_factory=dict)
    passive: bool = False
    shared_subject: bool = False  # taken from a verb above, not its own

    def role(self, name: str) -> list[Token]:
        """Tokens in a role: subject, object, dative, attribute, to, clause, or prep_WORD."""
        if name.startswith("prep_"):
            return self.preps.get(name[5:], [])
        found: list[Token] = getattr(self, name, [])
        return found


def coordinated(token: Token) -> list[Token]:
    """The token and what is joined to it by "and", in order."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "X", "VERB", "SYM"):
            found += coordinated(child)
    return found


def take(frame: Frame, child: Token) -> None:
    taker = _TAKERS.get(child.dep_)
    if taker is not None:
        taker(frame, child)


def _take_subject(frame: Frame, child: Token) -> None:
    frame.subject += _referents(child)


def _take_passive(frame: Frame, child: Token) -> None:
    frame.object += _referents(child)
    frame.passive = True


def _take_object(frame: Frame, child: Token) -> None:
    frame.object += _referents(child)


def _take_dative(frame: Frame, child: Token) -> None:
    if child.pos_ not in ("ADP", "SCONJ", "PART"):
        frame.dative += coordinated(child)
        return
    goods = _prep_objects(child)
    frame.dative += goods
    frame.preps.setdefault(child.lower_, []).extend(goods)


def _take_agent(frame: Frame, child: Token) -> None:
    goods = _prep_objects(child)
    frame.subject += goods
    frame.preps.setdefault("by", []).extend(goods)


def _take_attribute(frame: Frame, child: Token) -> None:
    frame.attribute += coordinated(child)
    take_preps(frame, child)


def _take_xcomp(frame: Frame, child: Token) -> None:
    if child.pos_ in ("VERB", "AUX"):
        frame.to.append(child)
    else:
        frame.attribute.append(child)
        take_preps(frame, child)


def _take_clause(frame: Frame, child: Token) -> None:
    """A that-clause; of an infinitive with its own subject ("ordered troops to leave") the subject is our object."""
    frame.clause.append(child)
    if child.tag_ != "VB" or not any(part.dep_ == "aux" and part.lower_ == "to" for part in child.children):
        return
    raised = [part for part in child.children if part.dep_ == "nsubj" and part.i > frame.verb.i]
    if raised:
        frame.object += coordinated(raised[0])
        frame.to.append(child)


def _take_adverb(frame: Frame, child: Token) -> None:
    """Particles that carry a phrase: "out of", "back to"."""
    if child.pos_ not in ("ADP", "ADV", "SCONJ"):
        return
    for below in child.children:
        if below.dep_ == "prep":
            take_prep(frame, below)
        elif below.dep_ == "pobj":
            frame.preps.setdefault(child.lower_, []).extend(coordinated(below))


def take_preps(frame: Frame, noun: Token) -> None:
    for child in noun.children:
        if child.dep_ == "prep":
            take_prep(frame, child)


def take_prep(frame: Frame, prep: Token) -> None:
    frame.preps.setdefault(prep.lower_, []).extend(_prep_objects(prep))
    for child in prep.children:
        if child.dep_ == "prep":  # "out of", "from within"
            frame.preps.setdefault(child.lower_, []).extend(_prep_objects(child))
            frame.preps.setdefault(prep.lower_, []).extend(_prep_objects(child))
    for noun in _prep_objects(prep):
        if noun.pos_ in ("NOUN", "PROPN") and prep.lower_ != "of":
            for child in noun.children:
                if child.dep_ == "prep" and child.lower_ in ("to", "from", "against", "with", "on", "at"):
                    frame.preps.setdefault(child.lower_, []).extend(_prep_objects(child))


_TAKERS: dict[str, Callable[[Frame, Token], None]] = {
    "nsubj": _take_subject,
    "csubj": _take_subject,
    "expl": _take_subject,
    "nsubjpass": _take_passive,
    "csubjpass": _take_passive,
    "dobj": _take_object,
    "dative": _take_dative,
    "agent": _take_agent,
    "attr": _take_attribute,
    "acomp": _take_attribute,
    "oprd": _take_attribute,
    "xcomp": _take_xcomp,
    "ccomp": _take_clause,
    "prep": take_prep,
    "advmod": _take_adverb,
    "prt": _take_adverb,
}


def _prep_objects(prep: Token) -> list[Token]:
    found: list[Token] = []
    for child in prep.children:
        if child.dep_ in ("pobj", "pcomp") and not is_time(child):
            found += coordinated(child)
    return found


def is_time(token: Token) -> bool:
    """Months, weekdays, years and parts of the day: never an argument."""
    return token.lower_ in _TIMES or (token.like_num and len(token.text) == 4 and token.text.isdigit())


def _referents(token: Token) -> list[Token]:
    """The noun a relative pronoun stands for, else the token; with what is joined to it."""
    if token.lower_ in RELATIVE and not token.is_upper and token.pos_ in ("PRON", "DET", "SCONJ"):
        head = token.head
        for _ in range(4):
            if head.dep_ == "relcl":
                return [head.head]
            if head.dep_ in ("conj", "xcomp", "ccomp") and head.head != head:
                head = head.head
            else:
                break
    return coordinated(token)
