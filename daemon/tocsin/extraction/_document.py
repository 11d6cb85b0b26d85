"""What goes into the extractor and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tocsin.model import Mention


@dataclass(frozen=True, slots=True)
class Document:
    """One text to read. Spans of mentions point into `text`, in code points.

    `title` is a hint for texts that do not begin with their title. `timezone` (IANA name) and `country`
    (ISO 3166-1 alpha-3) are the publisher's: they decide what "on Tuesday" and 03/04/2022 mean.
    `publisher` is never taken for an actor. `language` is BCP 47 where the feed says it.
    """

    text: str
    published: datetime | None = None
    title: str | None = None
    timezone: str | None = None
    country: str | None = None
    publisher: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The mentions of one document in reading order, or why it was left alone (`"language: de"`)."""

    mentions: tuple[Mention, ...]
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A pattern that matched: which trigger, which pattern of which type."""

    trigger: str
    type: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A trigger that gave no mention, with the reason."""

    trigger: str
    reason: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class SentenceTrace:
    """What happened to one sentence, for `tocsin extract --explain`. `unread` says why it was not parsed."""

    start: int
    end: int
    text: str
    parsed: bool
    triggers: tuple[str, ...] = ()
    fired: tuple[Fired, ...] = ()
    refused: tuple[Refused, ...] = ()
    mentions: tuple[Mention, ...] = field(default=())
    unread: str | None = None
