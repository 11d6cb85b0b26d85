"""What lists can be asked for: one set of filters for page, API, exports and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tocsin.model._events import EventStatus


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Filters of the timeline; None or empty means no restriction. Newest happening first."""

    types: tuple[str, ...] = ()  # a type and all below it
    actor: str | None = None  # country code or name, on either side
    source: str | None = None
    target: str | None = None
    place: str | None = None
    country: str | None = None  # of the place, alpha-3
    since: date | None = None  # of the happening
    until: date | None = None
    known_since: datetime | None = None  # exclusive: (known_since, known_until]
    known_until: datetime | None = None
    as_of: datetime | None = None  # the timeline as it stood then
    statuses: tuple[EventStatus, ...] = ()
    min_owners: int = 0
    text: str | None = None  # full text of titles and articles
    rule: str | None = None  # events that made this rule fire
    feed: str | None = None  # address, title or publisher of a feed
    ids: tuple[str, ...] = ()
    limit: int = 100
    offset: int = 0
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """Filters of the claim ledger. Newest first."""

    type: str | None = None
    party: str | None = None  # who takes a stance, or whom the claim names
    status: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Filters of the list of articles. Newest first."""

    feed: str | None = None
    text: str | None = None
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """What linking asks the store for: events that a mention might be about."""

    types: tuple[str, ...]  # exact types or families to look among
    countries: tuple[str, ...]  # any of these on either side; empty: any
    since: date | None
    until: date | None
    known_since: datetime | None  # for events without a date
