"""Builders of events for tests of exports and pages; every field has a value that is seen in the output."""

from __future__ import annotations

from datetime import UTC, date, datetime
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

NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)
KOREA = Party("North Korea", "PRK", "GOV")
AMERICA = Party("United States", "USA", "GOV")
PYONGYANG = Place("Pyongyang", 40, 49, "Pyongyang", "PRK", 39.03, 125.75)


def event_id(number: int) -> UUID:
    """A UUIDv7 that is the same in every run."""
    return UUID(f"01845c3a-0000-7000-8000-{number:012x}")


def on(
    start: date,
    end: date | None = None,
    precision: Precision = Precision.DAY,
    text: str | None = None,
    basis: Basis = Basis.EXPRESSION,
) -> When:
    """The days of an event."""
    return When(start, end or start, precision, text, basis)


def make_event(number: int = 1, **changed: Any) -> Event:
    """A missile launch of 2 November 2022 told by two owners; `changed` replaces fields."""
    fields: dict[str, Any] = {
        "id": event_id(number),
        "type": "weapons.launch.missile",
        "title": "North Korea fires a missile towards the sea",
        "status": EventStatus.CONFIRMED,
        "phase": Phase.HAPPENED,
        "severity": Severity.CRITICAL,
        "when": on(date(2022, 11, 2), text="on Wednesday"),
        "place": PYONGYANG,
        "source": (KOREA,),
        "target": (AMERICA,),
        "objects": (Thing("weapon", "ballistic missile", 20, 37, "ballistic missile", 1),),
        "confidence": 0.8334,
        "mentions": 3,
        "articles": 2,
        "publishers": ("Harbour Post", "Daily Meridian"),
        "owners": ("Harbour Group", "Meridian Media"),
        "first_known": datetime(2022, 11, 2, 3, 15, tzinfo=UTC),
        "last_known": datetime(2022, 11, 2, 9, 0, 30, 123456, tzinfo=UTC),
        "revision": 2,
        "plover": "ASSAULT",
        "cameo": "194",
        "claim": ClaimKey("arms.transfer", ("PRK",), ("RUS",)),
        "first_published": datetime(2022, 11, 2, 3, 0, tzinfo=UTC),
    }
    return Event(**{**fields, **changed})


def bare_event(number: int = 2, **changed: Any) -> Event:
    """An event of which nothing is known but that it was told."""
    nothing: dict[str, Any] = {
        "title": "Talks are held",
        "type": "diplomacy.talks",
        "status": EventStatus.REPORTED,
        "severity": Severity.INFO,
        "when": None,
        "place": None,
        "source": (),
        "target": (),
        "objects": (),
        "publishers": (),
        "owners": (),
        "plover": None,
        "cameo": None,
        "claim": None,
        "first_published": None,
        "revision": 1,
    }
    return make_event(number, **{**nothing, **changed})
