"""The fields a pattern may test: how each is read from a rule file and what it looks at in an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from tocsin.model import Event, EventStatus, Party, Phase, Severity
from tocsin.rules import _values as read
from tocsin.rules._vocabulary import SECTORS, Vocabulary, below, countries, country
from tocsin.rules._yaml import Value

Wanted = tuple[str, ...] | int | float | bool | timedelta | Severity
Parse = Callable[[Value, str, Vocabulary], Wanted]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `values` gives the words it finds in an event; only such fields can be joined and grouped by."""

    doc: str
    parse: Parse
    found: Callable[[Event], Any]
    met: Callable[[Any, Any], bool]
    schema: Mapping[str, Any]
    is_words: bool = True


def _among(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(word in wanted for word in found)


def _among_folded(found: Sequence[str], wanted: Sequence[str]) -> bool:
    folded = {word.casefold() for word in wanted}
    return any(word.casefold() in folded for word in found)


def _among_types(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(below(name, family) for name in found for family in wanted)


def _begins(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(code.startswith(start) for code in found for start in wanted)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.casefold().split())
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _says(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(_phrase(phrase).search(said.casefold()) for phrase in wanted for said in found)


def _types(value: Value, what: str, words: Vocabulary) -> Wanted:
    return tuple(words.type_name(word, at) for word, at in read.texts(value, what))


def _countries(value: Value, what: str, words: Vocabulary) -> Wanted:
    del words
    return tuple(country(word, at) for word, at in read.texts(value, what))


def _names(value: Value, what: str, words: Vocabulary) -> Wanted:
    del words
    return tuple(" ".join(word.split()) for word, _ in read.texts(value, what))


def _party_words(value: Value, what: str, words: Vocabulary) -> Wanted:
    """Countries or names; three capitals must be a country."""
    del words
    found = read.texts(value, what)
    return tuple(country(word, at) if re.fullmatch("[A-Z]{3}", word) else word for word, at in found)


def _closed(kind: str, known: Iterable[str], *, anything: bool = False) -> Parse:
    names = tuple(known)

    def parse(value: Value, what: str, words: Vocabulary) -> Wanted:
        del words
        found = read.texts(value, what)
        if anything and [word for word, _ in found] == ["any"]:
            return names
        return tuple(read.member(word, at, kind, names) for word, at in found)

    return parse


def _whole(low: int, high: int) -> Parse:
    return lambda value, what, _: read.integer(value, what, low, high)


def _severity(value: Value, what: str, words: Vocabulary) -> Wanted:
    del words
    return Severity(read.member(read.text(value, what), value, "a severity", [*Severity]))


def _words(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _sides(event: Event) -> dict[str, tuple[Party, ...]]:
    return {"source": event.source, "target": event.target, "actor": (*event.source, *event.target)}


def _party(side: str, attribute: str) -> Callable[[Event], tuple[str, ...]]:
    return lambda event: _words(getattr(party, attribute) for party in _sides(event)[side])


def _place(attribute: str) -> Callable[[Event], tuple[str, ...]]:
    return lambda event: _words([getattr(event.place, attribute)] if event.place else ())


def _claim(*attributes: str) -> Callable[[Event], tuple[str, ...]]:
    return lambda event: _words(
        word for attribute in attributes if event.claim for word in getattr(event.claim, attribute)
    )


def _said(event: Event) -> tuple[str, ...]:
    parties = [party.name for party in (*event.source, *event.target)]
    things = [text for thing in event.objects for text in (thing.text, thing.name)]
    return _words(
        [event.title, *parties, *([event.place.text, event.place.name] if event.place else ()), *things]
    )


def _age(event: Event) -> timedelta | None:
    told = event.first_published or event.first_known
    return None if event.when is None else max(timedelta(), told.date() - event.when.end)


_TEXT = {"type": "string", "minLength": 1}
_COUNTRY = {"type": "string", "enum": sorted(countries())}


def _any_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _enum(names: Iterable[str]) -> Mapping[str, Any]:
    return _any_of({"type": "string", "enum": list(names)})


def _number(kind: str, low: int, high: int) -> Mapping[str, Any]:
    return {"type": kind, "minimum": low, "maximum": high}


def _of_side(side: str, who: str) -> dict[str, Field]:
    return {
        f"{side}.country": Field(
            f"Country of {who}, ISO 3166-1 alpha-3.",
            _countries,
            _party(side, "country"),
            _among,
            _any_of(_COUNTRY),
        ),
        f"{side}.name": Field(
            f"Full name of {who}, in any case.", _names, _party(side, "name"), _among_folded, _any_of(_TEXT)
        ),
        f"{side}.sector": Field(
            f"Sector of {who}: {', '.join(SECTORS)}.",
            _closed("a sector", SECTORS),
            _party(side, "sector"),
            _among,
            _enum(SECTORS),
        ),
    }


def _of_text(doc: str, found: Callable[[Event], tuple[str, ...]], parse: Parse = _names) -> Field:
    return Field(doc, parse, found, _among_folded, _any_of(_TEXT))


def _at_least(doc: str, low: int, high: int, found: Callable[[Event], int]) -> Field:
    return Field(
        doc, _whole(low, high), found, lambda have, least: have >= least, _number("integer", low, high), False
    )


def _status_like(doc: str, kind: str, names: Sequence[str], found: Callable[[Event], str]) -> Field:
    return Field(
        doc,
        _closed(kind, names, anything=kind != "a severity"),
        lambda event: (found(event),),
        _among,
        _enum((*names, *(() if kind == "a severity" else ("any",)))),
    )


FIELDS: dict[str, Field] = {
    "type": Field(
        "Event type; it and everything below it.", _types, lambda e: (e.type,), _among_types, _any_of(_TEXT)
    ),
    **_of_side("source", "a party that acts"),
    **_of_side("target", "a party that is acted upon"),
    **_of_side("actor", "a party on either side"),
    "place.country": Field(
        "Country of the place, alpha-3.", _countries, _place("country"), _among, _any_of(_COUNTRY)
    ),
    "place.name": _of_text("Name of the place, in any case.", _place("name")),
    "status": _status_like(
        "What is known of the event's truth; `any` for all. Left out: all but denied and retracted.",
        "a status",
        [*EventStatus],
        lambda event: event.status.value,
    ),
    "phase": _status_like(
        "Where it stands in time; `any` for all. Left out: happened and ongoing.",
        "a phase",
        [*Phase],
        lambda event: event.phase.value,
    ),
    "severity": _status_like(
        "Severity of the event.", "a severity", [*Severity], lambda event: event.severity.value
    ),
    "min_severity": Field(
        "Severity of the event at the least.",
        _severity,
        lambda event: event.severity,
        lambda have, least: have.rank >= least.rank,
        {"type": "string", "enum": [*Severity]},
        is_words=False,
    ),
    "claim.type": Field(
        "For statements: type of what is claimed or denied; it and everything below it.",
        _types,
        lambda event: _words([event.claim.type] if event.claim else ()),
        _among_types,
        _any_of(_TEXT),
    ),
    "claim.source": _of_text(
        "For statements: who is said to have acted, alpha-3 or name.", _claim("source"), _party_words
    ),
    "claim.target": _of_text(
        "For statements: who is said to have been acted upon, alpha-3 or name.",
        _claim("target"),
        _party_words,
    ),
    "claim.party": _of_text(
        "For statements: either side of what is claimed, alpha-3 or name.",
        _claim("source", "target"),
        _party_words,
    ),
    "object.kind": _of_text(
        "Kind of a thing involved: weapon, killed, injured.", lambda e: _words(o.kind for o in e.objects)
    ),
    "object.name": _of_text(
        "Name of a thing involved, in any case.",
        lambda e: _words(x for o in e.objects for x in (o.name, o.text)),
    ),
    "owner": _of_text("Company, wire or state behind an article.", lambda event: _words(event.owners)),
    "publisher": _of_text("Publisher of an article.", lambda event: _words(event.publishers)),
    "plover": _of_text("PLOVER category.", lambda event: _words([event.plover])),
    "cameo": Field(
        "CAMEO code; it and all codes that begin with it.",
        _names,
        lambda event: _words([event.cameo]),
        _begins,
        _any_of({"type": ["string", "integer"]}),
    ),
    "text": Field(
        "Words or a phrase in the event's title, parties, place or things; whole words, in any case.",
        _names,
        _said,
        _says,
        _any_of(_TEXT),
    ),
    "min_owners": _at_least("Independent owners telling it, at the least.", 1, 1000, lambda e: len(e.owners)),
    "min_publishers": _at_least("Publishers telling it, at the least.", 1, 1000, lambda e: len(e.publishers)),
    "min_articles": _at_least("Articles telling it, at the least.", 1, 100_000, lambda e: e.articles),
    "min_confidence": Field(
        "Confidence of the extraction, at the least, from 0 to 1.",
        lambda value, what, _: read.fraction(value, what),
        lambda event: round(event.confidence, 3),
        lambda have, least: have >= least,
        _number("number", 0, 1),
        is_words=False,
    ),
    "dated": Field(
        "true: the day is known; false: it is not.",
        lambda value, what, _: read.boolean(value, what),
        lambda event: event.when is not None,
        lambda have, wanted: have is wanted,
        {"type": "boolean"},
        is_words=False,
    ),
    "max_age": Field(
        "The last day of the event is at most this long before its first publication. Undated events pass.",
        lambda value, what, _: read.duration(value, what),
        _age,
        lambda have, longest: have is None or have <= longest,
        {"type": "string", "pattern": "^[0-9]+[mhdw]$"},
        is_words=False,
    ),
}
WORD_FIELDS: dict[str, Field] = {
    name: item for name, item in FIELDS.items() if item.is_words and name != "text"
}
HEADS = frozenset(name.split(".")[0] for name in FIELDS if "." in name)
