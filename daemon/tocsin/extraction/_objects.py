"""Things of an event: weapons, casualties, amounts with their unit, named operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tocsin.extraction._amounts import AMOUNT, count_of, money, number, unit_of
from tocsin.extraction._casualties import casualties
from tocsin.extraction._phrases import core, lemma_of, phrase_span
from tocsin.model import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading
    from tocsin.extraction.ontology import Ontology

_LEADING = frozenset({"det", "poss", "nummod", "quantmod", "advmod", "punct", "case"})
_LIMIT = 8
_ARMED = frozenset({"weapons", "conflict", "arms", "posture", "statement"})
_HURTING = frozenset({"conflict", "disaster", "cyber", "protest"})
_NAMED = frozenset({"conflict", "posture", "aid", "weapons", "coercion"})
_OPERATION = re.compile(
    r"\bOperation(?: (?:[A-Z][\w'’-]+|of(?= [A-Z])|the(?= [A-Z]))){1,4}|\b(?:Ulchi )?Freedom Shield\b"
)
# designations: letters, a hyphen or blank, a number; or a name of the list of missiles and drones
_MODEL = re.compile(
    r"\b(?:Hwasong|Pukguksong|KN|Shahed|Geran|Mohajer|Orlan|Kh|S|F|Su|MiG|Mi|T|DF|JL|Fateh|Burkan|Quds|Agni|Tu|B|AK|RPG|RQ|MQ|M"
    r"|BM|Type|Bayraktar TB|Leopard|Abrams)[- ]?\d{1,3}[A-Z]{0,2}\b"
    r"|\b(?:Kalibr|Iskander(?:-[A-Z])?|Kinzhal|Tomahawk|ATACMS|HIMARS|Patriot|Javelin|Stinger|Grad|Katyusha|Qassam|Scud|Nodong"
    r"|Musudan|Taepodong|BrahMos|Shaheen|Ghauri|Babur|Sarmat|Zircon|Bulava|Trident|Minuteman|Storm Shadow|Neptune|Iron Dome"
    r"|THAAD|Reaper|Lancet|Switchblade|Bayraktar|Novichok|sarin|Khorramshahr|Sejjil|Emad|Fattah|Zolfaghar)\b"
)
_CONFUSED = re.compile(r"[STMB][- ]?\d{1,2}$")  # "T 20", "M25": too short to be sure of without a hyphen


def things_of(reading: Reading, match: Match, ontology: Ontology) -> tuple[Thing, ...]:
    """What an event was done with and what it cost: see `docs/reference/mention.md` for the kinds."""
    family = match.pattern.type.partition(".")[0]
    found: list[Thing] = []
    if family in _ARMED:
        found += _weapons(reading, match, ontology)
    if family in _HURTING:
        found += casualties(reading)
    found += [thing for thing in _amounts(reading, match) if not _within(thing, found)]
    if family in _NAMED:
        found += _by_pattern(reading, "operation", _OPERATION)
    if family in _ARMED:
        found += [
            thing
            for thing in _by_pattern(reading, "model", _MODEL)
            if not _CONFUSED.search(thing.text) or "-" in thing.text
        ]
    return tuple(dict.fromkeys(found))[:_LIMIT]


def _within(thing: Thing, others: list[Thing]) -> bool:
    return any(other.start <= thing.start and thing.end <= other.end for other in others)


def _weapons(reading: Reading, match: Match, ontology: Ontology) -> list[Thing]:
    lists = [
        ontology.lists[name] for name in ("arms", "missile", "satellite", "drone") if name in ontology.lists
    ]
    found: list[Thing] = []
    for token in _arguments(match):
        for head in core(token):
            before = " ".join(lemma_of(word) for word in reading.doc[phrase_span(head)[0] : head.i + 1])
            if any(
                lemma_of(head) in words.lemmas or any(before.endswith(phrase) for phrase in words.phrases)
                for words in lists
            ):
                found.append(_thing(reading, "weapon", token, head))
    return list(dict.fromkeys(found))


def _arguments(match: Match) -> list[Token]:
    if match.frame is not None:
        return [*match.frame.object, *match.frame.subject, *match.frame.preps.get("with", [])]
    if match.noun is not None:
        return [*match.noun.preps.get("of", []), *match.noun.modifier, *match.noun.preps.get("with", [])]
    return []


def _thing(reading: Reading, kind: str, token: Token, head: Token) -> Thing:
    first, last = phrase_span(head)
    while first < last - 1 and _leads(reading.doc[first]):
        first += 1
    start, end, text = reading.span_text(first, last)
    base = reading.sentence.start
    name = " ".join(lemma_of(word) for word in reading.doc[first:last] if not word.is_space)
    count = count_of(token)
    return Thing(
        kind,
        text,
        base + start,
        base + end,
        name,
        count_of(head) if count is None and head != token else count,
    )


def _leads(word: Token) -> bool:
    """Words before the name of a weapon that are no part of it; a designation ("Shahed-136") is."""
    return (word.dep_ in _LEADING and not _MODEL.match(word.text)) or word.tag_ == "VBG"


def _amounts(reading: Reading, match: Match) -> list[Thing]:
    """Amounts in the clause of the event: money by its sign, a number before a noun that is a unit."""
    found: list[Thing] = []
    base = reading.sentence.start
    if "$" in reading.text or "%" in reading.text or not reading.text.isascii():
        for amount in AMOUNT.finditer(reading.text):
            tokens = reading.doc.char_span(amount.start(), amount.end(), alignment_mode="expand")
            if tokens is not None and _belongs(match, tokens.root):
                currency, worth = money(amount)
                found.append(
                    Thing("amount", amount[0], base + amount.start(), base + amount.end(), currency, worth)
                )
    for token in reading.doc:
        unit = unit_of(token) if token.pos_ in ("NOUN", "PROPN", "SYM") else None
        if unit is None or not _belongs(match, token):
            continue
        numeral = next((child for child in token.children if child.dep_ == "nummod"), None)
        value = None if numeral is None else number(numeral)
        if numeral is not None and value is not None:
            first = min(numeral.left_edge.i, numeral.i)
            while first < numeral.i and reading.doc[first].pos_ not in ("NUM", "DET"):
                first += 1
            start, end, text = reading.span_text(first, token.i + 1)
            found.append(Thing("amount", text, base + start, base + end, unit, value))
    return found


def _belongs(match: Match, token: Token) -> bool:
    """Whether the nearest verb or event noun above a token is the event's own."""
    own = {match.token.i}
    if match.noun is not None and match.noun.verb is not None:
        own.add(match.noun.verb.verb.i)
    for above in (token, *token.ancestors):
        if above.i in own:
            return True
        if above.pos_ in ("VERB", "AUX") and above.dep_ not in ("acl", "amod", "xcomp"):
            return False
    return False


def _by_pattern(reading: Reading, kind: str, pattern: re.Pattern[str]) -> list[Thing]:
    base = reading.sentence.start
    return [
        Thing(kind, found[0], base + found.start(), base + found.end(), " ".join(found[0].split()), None)
        for found in pattern.finditer(reading.text)
    ]


__all__ = ["count_of", "number", "things_of"]
