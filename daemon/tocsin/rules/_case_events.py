"""The short form of events in rule tests: a type and whatever the test is about; the rest has defaults."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tocsin.model import (
    Basis,
    ClaimKey,
    Event,
    EventStatus,
    Party,
    Phase,
    Place,
    Precision,
    Severity,
    Thing,
    When,
)
from tocsin.rules import _values as read
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._vocabulary import SECTORS, Vocabulary, countries, country
from tocsin.rules._yaml import Entry, Items, Table, Value

EVENT_KEYS = (
    "type",
    "title",
    "status",
    "phase",
    "severity",
    "day",
    "known",
    "published",
    "source",
    "target",
    "place",
    "objects",
    "claim",
    "confidence",
    "owners",
    "publishers",
    "articles",
    "plover",
    "cameo",
)
_START = datetime(2022, 1, 1, 12, tzinfo=UTC)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"(\d{4})")


def events_of(value: Value, vocabulary: Vocabulary) -> dict[str, Event]:
    """Named events in the order of the file; ids count from 1."""
    found: dict[str, Event] = {}
    previous = _START
    for number, item in enumerate(read.table(value, "events", "name: {type: ...}").entries, start=1):
        fields = read.table(
            item.value, f"event {item.key}", "for example {type: weapons.launch, source: PRK}"
        )
        found[item.key] = _event(number, item, fields, vocabulary, previous)
        previous = found[item.key].first_known
    return found


def _event(number: int, item: Entry, fields: Table, vocabulary: Vocabulary, previous: datetime) -> Event:
    for entry in fields.entries:
        _known_key(entry, EVENT_KEYS, "an event in a test")
    values = _Values(fields)
    kind = fields.get("type")
    if kind is None:
        raise item.place.error(f"event {item.key} has no type", "for example type: weapons.launch")
    when = values.get("day", _when, None)
    published = values.get("published", _moment, None)
    known = values.get("known", _moment, published or _by_default(when, previous))
    owners = values.get("owners", _owners, ("owner 1",))
    return Event(
        id=UUID(int=number),
        type=vocabulary.type_name(read.text(kind.value, "type"), kind.value),
        title=values.get("title", read.line, item.key),
        status=values.get("status", _member(EventStatus, "a status"), EventStatus.REPORTED),
        phase=values.get("phase", _member(Phase, "a phase"), Phase.HAPPENED),
        severity=values.get("severity", _member(Severity, "a severity"), Severity.INFO),
        when=when,
        place=values.get("place", _place, None),
        source=values.get("source", _parties, ()),
        target=values.get("target", _parties, ()),
        objects=values.get("objects", _things, ()),
        confidence=values.get("confidence", read.fraction, 0.8),
        mentions=1,
        articles=values.get("articles", lambda v, w: read.integer(v, w, 1, 100_000), len(owners)),
        publishers=values.get("publishers", _owners, owners),
        owners=owners,
        first_known=known,
        last_known=known,
        revision=1,
        plover=values.get("plover", read.text, None),
        cameo=values.get("cameo", read.text, None),
        claim=values.get("claim", lambda v, w: _claim(v, w, vocabulary), None),
        first_published=published,
    )


class _Values:
    def __init__(self, fields: Table) -> None:
        self.fields = fields

    def get(self, key: str, reader: Callable[[Value, str], Any], default: Any) -> Any:
        entry = self.fields.get(key)
        return default if entry is None else reader(entry.value, key)


def _known_key(entry: Entry, known: tuple[str, ...], what: str) -> None:
    if entry.key not in known:
        hint = did_you_mean(entry.key, known) or one_of(known)
        raise entry.place.error(f"{entry.key} is not a key of {what}", hint)


def _by_default(when: When | None, previous: datetime) -> datetime:
    """Noon of the day; without one a minute after the event before it."""
    if when is None:
        return previous + timedelta(minutes=1)
    return datetime.combine(when.end, time(12), UTC)


def _member(kind: type[StrEnum], what: str) -> Callable[[Value, str], Any]:
    def parse(value: Value, key: str) -> Any:
        return kind(read.member(read.text(value, key), value, what, [*kind]))

    return parse


def _when(value: Value, key: str) -> When:
    said = read.text(value, key)
    start, _, end = said.partition("/")
    first, last, precision = _days(start, value)
    if end:
        last, precision = _days(end, value)[1], Precision.INTERVAL
    if last < first:
        raise value.place.error(f"{said} ends before it begins", "write start/end")
    return When(first, last, precision, said, Basis.EXPRESSION, said)


def _days(said: str, at: Value) -> tuple[date, date, Precision]:
    try:
        if month := _MONTH.fullmatch(said):
            year, number = int(month[1]), int(month[2])
            last = date(year, number, 1).replace(day=monthrange(year, number)[1])
            return date(year, number, 1), last, Precision.MONTH
        if year_only := _YEAR.fullmatch(said):
            year = int(year_only[1])
            return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
        day = date.fromisoformat(said)
    except ValueError as error:
        hint = "2022-11-09, 2022-11, 2022 or 2022-11-01/2022-11-07"
        raise at.place.error(f"{said} is not a day", hint) from error
    return day, day, Precision.DAY


def _moment(value: Value, key: str) -> datetime:
    said = read.text(value, key)
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        raise value.place.error(f"{said} is not a time", "ISO 8601, for example 2022-11-09T02:00Z") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _owners(value: Value, key: str) -> tuple[str, ...]:
    if isinstance(value, Items):
        return tuple(word for word, _ in read.texts(value, key))
    count = read.integer(value, key, 1, 100)
    return tuple(f"{key.removesuffix('s')} {number}" for number in range(1, count + 1))


def _parties(value: Value, key: str) -> tuple[Party, ...]:
    listed = value.items if isinstance(value, Items) else (value,)
    return tuple(_party(item, key) for item in listed)


def _party(value: Value, key: str) -> Party:
    if not isinstance(value, Table):
        code = country(read.text(value, key), value)
        return Party(countries()[code], code)
    for entry in value.entries:
        _known_key(entry, ("name", "country", "sector"), "a party")
    fields = _Values(value)
    return Party(
        fields.get("name", read.line, None),
        fields.get("country", lambda v, w: country(read.text(v, w), v), None),
        fields.get("sector", lambda v, w: read.member(read.text(v, w), v, "a sector", SECTORS), None),
    )


def _place(value: Value, key: str) -> Place:
    party = _parties(value, key)[0]
    name = party.name or ""
    return Place(name, 0, len(name), party.name, party.country)


def _things(value: Value, key: str) -> tuple[Thing, ...]:
    listed = value.items if isinstance(value, Items) else (value,)
    return tuple(_thing(read.table(item, key, "for example {kind: weapon, name: drone}")) for item in listed)


def _thing(table: Table) -> Thing:
    for entry in table.entries:
        _known_key(entry, ("kind", "name", "count"), "a thing")
    fields = _Values(table)
    name = fields.get("name", read.line, "")
    count = fields.get("count", lambda v, w: read.integer(v, w, 0, 999_999_998), None)
    return Thing(fields.get("kind", read.line, "thing"), name, 0, len(name), name or None, count)


def _claim(value: Value, key: str, vocabulary: Vocabulary) -> ClaimKey:
    table = read.table(value, key, "for example {type: arms.transfer, source: PRK, target: RUS}")
    for entry in table.entries:
        _known_key(entry, ("type", "source", "target"), "a claim")
    fields = _Values(table)
    kind = fields.get("type", lambda v, w: vocabulary.type_name(read.text(v, w), v), "")
    sides: Mapping[str, tuple[str, ...]] = {
        side: fields.get(side, lambda v, w: tuple(sorted(word for word, _ in read.texts(v, w))), ())
        for side in ("source", "target")
    }
    return ClaimKey(kind, sides["source"], sides["target"])
