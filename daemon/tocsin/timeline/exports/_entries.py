"""One neutral shape for anything a list shows, and how an event becomes one.

The JSON form of an event is a contract (docs/reference/http.md): fields are only ever added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from tocsin.model import ClaimKey, Event, EventStatus, Party, Place, Severity, Thing, When, when_to_json
from tocsin.timeline.exports._text import count_words, party_words, place_words, when_words


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list, ready for any format.

    `data` is the JSON form, `row` the flat form for tables (same keys for every entry of a list).
    `start` and `end` are inclusive days; None where nothing dates it, and formats that need a date then
    leave the entry out.
    """

    id: UUID | str
    kind: str  # event, claim, alert ...
    title: str
    summary: str
    link: str
    published: datetime
    updated: datetime
    data: Mapping[str, Any]
    row: Mapping[str, Any]
    start: date | None = None
    end: date | None = None
    point: Point | None = None
    place: str = ""
    categories: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    cancelled: bool = False
    sequence: int = 0  # how often it was changed, from 0

    @property
    def urn(self) -> str:
        """A name that never changes: `urn:uuid:...` for rows with a UUID, else `urn:tocsin:kind:name`."""
        return f"urn:uuid:{self.id}" if isinstance(self.id, UUID) else f"urn:tocsin:{self.kind}:{self.id}"


def _party(party: Party) -> dict[str, Any]:
    return {"name": party.name, "country": party.country, "sector": party.sector}


def _thing(thing: Thing) -> dict[str, Any]:
    return {"kind": thing.kind, "text": thing.text, "name": thing.name, "count": thing.count}


def _place(place: Place) -> dict[str, Any]:
    # Offsets belong to one article and mean nothing for the event; its mentions have them.
    return {"name": place_words(place), "country": place.country, "lat": place.lat, "lon": place.lon}


def event_to_json(event: Event, *, base_url: str = "") -> dict[str, Any]:
    """The event as JSON values; datetimes ISO 8601 with offset, days ISO 8601, absent things null."""
    return {
        "id": str(event.id),
        "url": f"{base_url.rstrip('/')}/events/{event.id}",
        "type": event.type,
        "plover": event.plover,
        "cameo": event.cameo,
        "title": event.title,
        "status": event.status.value,
        "phase": event.phase.value,
        "severity": event.severity.value,
        "when": None if event.when is None else when_to_json(event.when),
        "place": None if event.place is None else _place(event.place),
        "source": [_party(party) for party in event.source],
        "target": [_party(party) for party in event.target],
        "objects": [_thing(thing) for thing in event.objects],
        "claim": None if event.claim is None else _claim(event.claim),
        "confidence": round(event.confidence, 3),
        "mentions": event.mentions,
        "articles": event.articles,
        "publishers": list(event.publishers),
        "owners": list(event.owners),
        "first_known": event.first_known.isoformat(),
        "last_known": event.last_known.isoformat(),
        "first_published": None if event.first_published is None else event.first_published.isoformat(),
        "revision": event.revision,
    }


def _claim(key: ClaimKey) -> dict[str, Any]:
    return {"type": key.type, "source": list(key.source), "target": list(key.target)}


def _point(place: Place | None) -> Point | None:
    if place is None or place.lat is None or place.lon is None:
        return None
    return Point(place.lat, place.lon)


def _codes(parties: Iterable[Party]) -> str:
    return " ".join(party.country for party in parties if party.country)


def _of_when(get: Callable[[When], Any]) -> Callable[[Event], Any]:
    return lambda event: None if event.when is None else get(event.when)


def _of_place(get: Callable[[Place], Any]) -> Callable[[Event], Any]:
    return lambda event: None if event.place is None else get(event.place)


# The flat form of an event, column by column; `url` comes last.
_COLUMNS: Final[dict[str, Callable[[Event], Any]]] = {
    "id": lambda event: str(event.id),
    "type": lambda event: event.type,
    "title": lambda event: event.title,
    "status": lambda event: event.status.value,
    "phase": lambda event: event.phase.value,
    "severity": lambda event: event.severity.value,
    "start": _of_when(lambda when: when.start.isoformat()),
    "end": _of_when(lambda when: when.end.isoformat()),
    "precision": _of_when(lambda when: when.precision.value),
    "words": _of_when(lambda when: when.text),
    "basis": _of_when(lambda when: when.basis.value),
    "place": _of_place(place_words),
    "place_country": _of_place(lambda place: place.country),
    "lat": _of_place(lambda place: place.lat),
    "lon": _of_place(lambda place: place.lon),
    "source": lambda event: party_words(event.source),
    "source_countries": lambda event: _codes(event.source),
    "target": lambda event: party_words(event.target),
    "target_countries": lambda event: _codes(event.target),
    "objects": lambda event: "; ".join(thing.text for thing in event.objects),
    "owner_count": lambda event: len(event.owners),
    "owners": lambda event: "; ".join(event.owners),
    "publishers": lambda event: "; ".join(event.publishers),
    "articles": lambda event: event.articles,
    "mentions": lambda event: event.mentions,
    "confidence": lambda event: round(event.confidence, 3),
    "first_known": lambda event: event.first_known.isoformat(),
    "last_known": lambda event: event.last_known.isoformat(),
    "revision": lambda event: event.revision,
    "plover": lambda event: event.plover,
    "cameo": lambda event: event.cameo,
}

EVENT_COLUMNS: Final = (*_COLUMNS, "url")


def event_entry(event: Event, *, base_url: str = "") -> Entry:
    """An event for any format; `base_url` is the address of the page without trailing slash."""
    data = event_to_json(event, base_url=base_url)
    return Entry(
        id=event.id,
        kind="event",
        title=event.title,
        summary=_summary(event),
        link=data["url"],
        published=event.first_known,
        updated=event.last_known,
        data=data,
        row={**{name: get(event) for name, get in _COLUMNS.items()}, "url": data["url"]},
        start=None if event.when is None else event.when.start,
        end=None if event.when is None else event.when.end,
        point=_point(event.place),
        place=place_words(event.place),
        categories=(event.type, event.status.value),
        severity=event.severity,
        cancelled=event.status is EventStatus.RETRACTED,
        sequence=max(event.revision - 1, 0),
    )


def _summary(event: Event) -> str:
    sides = " → ".join(words for words in (party_words(event.source), party_words(event.target)) if words)
    parts = [
        f"{event.type}, {event.status.value}",
        when_words(event.when),
        sides,
        place_words(event.place),
        f"{count_words(len(event.owners), 'owner')} in {count_words(event.articles, 'article')}",
    ]
    return ". ".join(part for part in parts if part) + "."
