"""Mentions: one dated event as one article tells it, with the exact spans that say so.

The JSON form is a contract (docs/reference/mention.md). Offsets count code points of the text as given,
and `text[start:end] == span.text` always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class MentionStatus(StrEnum):
    """How the text presents the event (factuality; compare FactBank, Sauri and Pustejovsky 2009)."""

    HAPPENED = "happened"
    ONGOING = "ongoing"
    PLANNED = "planned"
    ALLEGED = "alleged"
    DENIED = "denied"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"


class Precision(StrEnum):
    """How exactly `When.start` and `When.end` are known, finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    INTERVAL = "interval"


class Basis(StrEnum):
    """What dates the event."""

    EXPRESSION = "expression"  # words in the same clause
    CONTEXT = "context"  # words elsewhere in the article: an earlier sentence, the narrative date
    PUBLISHED = "published"  # the article's own publication day, for an event told as today's
    OBSERVED = "observed"  # no text: Tocsin's own clock, for what it noticed itself


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text. `start` and `end` count code points, end exclusive."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who: a span resolved to a name, a country (ISO 3166-1 alpha-3) and a sector (GOV, MIL, ...)."""

    text: str
    start: int
    end: int
    name: str | None = None
    country: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A weapon, a quantity, casualties, a named operation. `kind` says which; `count` when stated."""

    kind: str
    text: str
    start: int
    end: int
    name: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where, with coordinates in WGS 84 degrees when the gazetteer has them."""

    text: str
    start: int
    end: int
    name: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The days of an event, both inclusive, with the words that say so.

    `value` is the TIMEX3 value (ISO 8601, TimeML 1.2.1). `span` is None unless basis is expression
    or context with words that can be pointed at.
    """

    start: date
    end: date
    precision: Precision
    text: str | None
    basis: Basis
    value: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Proposition:
    """What a statement is about, as a structured event: the claim that is made, denied or confirmed.

    `refers_back` is True for a noun that only points back ("denied the allegation"); type may then be None.
    """

    type: str | None
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()
    trigger: Span | None = None
    objects: tuple[Thing, ...] = ()
    negated: bool = False
    refers_back: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """One dated event as one article tells it."""

    type: str
    status: MentionStatus
    trigger: Span
    sentence: tuple[int, int]
    plover: str | None = None
    cameo: str | None = None
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()
    objects: tuple[Thing, ...] = ()
    place: Place | None = None
    when: When | None = None
    claim: Proposition | None = None
    attribution: tuple[Actor, ...] = ()
    confidence: float = 0.5
    severity: str = "info"
    pattern: str = field(default="", compare=False)  # which pattern fired, for --explain


def _actor_to_json(actor: Actor) -> dict[str, Any]:
    return {
        "text": actor.text,
        "start": actor.start,
        "end": actor.end,
        "name": actor.name,
        "country": actor.country,
        "sector": actor.sector,
    }


def _thing_to_json(thing: Thing) -> dict[str, Any]:
    return {
        "kind": thing.kind,
        "text": thing.text,
        "start": thing.start,
        "end": thing.end,
        "name": thing.name,
        "count": thing.count,
    }


def _place_to_json(place: Place) -> dict[str, Any]:
    return {
        "text": place.text,
        "start": place.start,
        "end": place.end,
        "name": place.name,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
    }


def when_to_json(when: When) -> dict[str, Any]:
    """A `when` object of the mention JSON; dates as ISO 8601 days."""
    return {
        "start": when.start.isoformat(),
        "end": when.end.isoformat(),
        "precision": when.precision.value,
        "text": when.text,
        "basis": when.basis.value,
        "value": when.value,
        "span": None if when.span is None else {"start": when.span[0], "end": when.span[1]},
    }


def when_from_json(data: dict[str, Any]) -> When:
    """The inverse of `when_to_json`."""
    span = data.get("span")
    return When(
        start=date.fromisoformat(data["start"]),
        end=date.fromisoformat(data["end"]),
        precision=Precision(data["precision"]),
        text=data.get("text"),
        basis=Basis(data["basis"]),
        value=data.get("value"),
        span=None if span is None else (span["start"], span["end"]),
    )


def _span_to_json(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}


def _claim_to_json(claim: Proposition) -> dict[str, Any]:
    return {
        "type": claim.type,
        "source": [_actor_to_json(a) for a in claim.source],
        "target": [_actor_to_json(a) for a in claim.target],
        "trigger": None if claim.trigger is None else _span_to_json(claim.trigger),
        "objects": [_thing_to_json(t) for t in claim.objects],
        "negated": claim.negated,
        "refers_back": claim.refers_back,
    }


def mention_to_json(mention: Mention) -> dict[str, Any]:
    """The mention as `tocsin extract --format jsonl` prints it."""
    return {
        "type": mention.type,
        "plover": mention.plover,
        "cameo": mention.cameo,
        "status": mention.status.value,
        "severity": mention.severity,
        "trigger": _span_to_json(mention.trigger),
        "source": [_actor_to_json(a) for a in mention.source],
        "target": [_actor_to_json(a) for a in mention.target],
        "objects": [_thing_to_json(t) for t in mention.objects],
        "place": None if mention.place is None else _place_to_json(mention.place),
        "when": None if mention.when is None else when_to_json(mention.when),
        "claim": None if mention.claim is None else _claim_to_json(mention.claim),
        "attribution": [_actor_to_json(a) for a in mention.attribution],
        "confidence": round(mention.confidence, 3),
        "sentence": {"start": mention.sentence[0], "end": mention.sentence[1]},
        "pattern": mention.pattern,
    }


def _claim_from_json(data: dict[str, Any]) -> Proposition:
    return Proposition(
        type=data["type"],
        source=tuple(Actor(**a) for a in data["source"]),
        target=tuple(Actor(**a) for a in data["target"]),
        trigger=None if data.get("trigger") is None else Span(**data["trigger"]),
        objects=tuple(Thing(**t) for t in data.get("objects", ())),
        negated=data.get("negated", False),
        refers_back=data.get("refers_back", False),
    )


def mention_from_json(data: dict[str, Any]) -> Mention:
    """The inverse of `mention_to_json`, for rows read back from the store."""
    return Mention(
        type=data["type"],
        plover=data["plover"],
        cameo=data["cameo"],
        status=MentionStatus(data["status"]),
        severity=data.get("severity", "info"),
        trigger=Span(**data["trigger"]),
        source=tuple(Actor(**a) for a in data["source"]),
        target=tuple(Actor(**a) for a in data["target"]),
        objects=tuple(Thing(**t) for t in data["objects"]),
        place=None if data["place"] is None else Place(**data["place"]),
        when=None if data["when"] is None else when_from_json(data["when"]),
        claim=None if data["claim"] is None else _claim_from_json(data["claim"]),
        attribution=tuple(Actor(**a) for a in data["attribution"]),
        confidence=data["confidence"],
        sentence=(data["sentence"]["start"], data["sentence"]["end"]),
        pattern=data.get("pattern", ""),
    )
