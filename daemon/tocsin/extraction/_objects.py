"""Things of an event: weapons, casualties, quantities of arms and aid, named operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tocsin.extraction._phrases import core, lemma_of, phrase_span
from tocsin.model import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading
    from tocsin.extraction.ontology import Ontology

_NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "a": 1,
    "an": 1,
    "single": 1,
    "dozen": 12,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_CASUALTIES = {"kill": "killed", "wound": "injured", "injure": "injured", "die": "killed", "hurt": "injured"}
_LEADING = frozenset({"det", "poss", "nummod", "quantmod", "advmod", "punct", "case"})
_LIMIT = 4


def things_of(reading: Reading, match: Match, ontology: Ontology) -> tuple[Thing, ...]:
    """Weapons among the arguments, and counts of killed and injured in the sentence for armed and disaster types."""
    found: list[Thing] = []
    weapons = (
        ontology.lists["arms"].lemmas | ontology.lists["missile"].lemmas | ontology.lists["satellite"].lemmas
    )
    phrases = (*ontology.lists["arms"].phrases, *ontology.lists["satellite"].phrases)
    family = match.pattern.type.partition(".")[0]
    if family in ("weapons", "conflict", "arms", "posture", "statement"):
        for token in _arguments(match):
            for head in core(token):
                before = " ".join(lemma_of(word) for word in reading.doc[phrase_span(head)[0] : head.i + 1])
                if lemma_of(head) in weapons or any(before.endswith(phrase) for phrase in phrases):
                    thing = _thing(reading, "weapon", token, head)
                    if thing not in found:
                        found.append(thing)
    if family in ("conflict", "disaster", "cyber", "protest"):
        found += _casualties(reading)
    return tuple(found[:_LIMIT])


def _arguments(match: Match) -> list[Token]:
    if match.frame is not None:
        return [*match.frame.object, *match.frame.subject, *match.frame.preps.get("with", [])]
    if match.noun is not None:
        return [*match.noun.preps.get("of", []), *match.noun.modifier, *match.noun.preps.get("with", [])]
    return []


def _thing(reading: Reading, kind: str, token: Token, head: Token) -> Thing:
    first, last = phrase_span(head)
    while first < last - 1 and (reading.doc[first].dep_ in _LEADING or reading.doc[first].tag_ == "VBG"):
        first += 1
    start, end, text = reading.span_text(first, last)
    base = reading.sentence.start
    name = " ".join(lemma_of(word) for word in reading.doc[first:last] if not word.is_space)
    return Thing(kind, text, base + start, base + end, name, count_of(token))


def count_of(token: Token) -> int | None:
    """The number before a noun: figures, words up to twenty, "a" for one of a singular; None when unsaid."""
    for child in token.children:
        if child.dep_ == "nummod":
            return number(child)
    if token.tag_ in ("NN", "NNP") and any(
        child.dep_ == "det" and child.lower_ in ("a", "an") for child in token.children
    ):
        return 1
    return None


def number(token: Token) -> int | None:
    """The value of a number token, with "hundred", "thousand" or "million" around it."""
    digits = _DIGITS.fullmatch(token.text)
    value = int(token.text.replace(",", "")) if digits else _NUMBERS.get(token.lower_)
    scale = {"thousand": 1000, "million": 1_000_000, "hundred": 100}.get(token.lower_)
    if scale is not None:
        below = [number(child) for child in token.children if child.like_num]
        return scale * below[0] if below and below[0] else None
    if value is None and "-" in token.text:
        return None
    return value


def _casualties(reading: Reading) -> list[Thing]:
    found: list[Thing] = []
    for token in reading.doc:
        kind = _CASUALTIES.get(token.lemma_.lower())
        if kind is None or token.pos_ != "VERB":
            continue
        roles = ("dobj", "nsubjpass") if token.lemma_.lower() != "die" else ("nsubj",)
        for child in token.children:
            if child.dep_ in roles:
                count = count_of(child)
                if child.pos_ == "NUM":
                    count = number(child)
                if count is not None:
                    first, last = phrase_span(child)
                    start, end, text = reading.span_text(first, last)
                    base = reading.sentence.start
                    found.append(Thing(kind, text, base + start, base + end, None, count))
    return found
