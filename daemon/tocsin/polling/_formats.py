"""What the parser hands to the decider: a feed as plain data, ready to be compared with what is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tocsin.model import GeoTag, Media


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One usable entry. `text` is what spans point into: title, blank line, body."""

    key: str  # identity inside the feed, unique in the document
    url: str | None  # canonical
    title: str
    text: str
    content_hash: str
    dates: tuple[str, ...] = ()  # raw strings, the best first: published, updated, created
    html: str | None = None  # sanitised
    author: str | None = None
    source: str | None = None  # who the entry itself names as its publisher
    language: str | None = None
    media: tuple[Media, ...] = ()
    geo: GeoTag | None = None
    tags: str | None = None  # hash of the two


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """One document. `refused` and `notes` are sentences that end up in the log of the poll."""

    kind: str  # rss20, atom10, json, sitemap..., "" when feedparser could not say
    title: str | None = None
    entries: tuple[ParsedEntry, ...] = ()
    language: str | None = None
    ttl: int | None = None  # seconds the feed asks to be left alone: <ttl> or sy:updatePeriod, the larger
    skip_hours: tuple[int, ...] = ()  # 0-23, UTC
    skip_days: tuple[int, ...] = ()  # 0 is Monday
    hubs: tuple[str, ...] = ()  # WebSub hubs the document names
    topic: str | None = None  # its own address for them (rel=self)
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = True  # False for a truncated document: it will be asked for again in full
    links: tuple[str, ...] = field(default=())  # the site's own page first
    agreed: bool | None = None  # whether both parsers gave the same; None where they were not compared
    doubt: str | None = None  # why not


class Way(StrEnum):
    """Which parsers read a document."""

    REFERENCE = "reference"  # feedparser
    BOTH = "both"  # the reference's reading counts, and the fast one is compared with it
    FAST = "fast"  # fastfeedparser, and the reference where that is in doubt


class Parser(Protocol):
    """Reads a body. Raises `FetchError` with the failure class for everything that is not a feed."""

    async def parse(self, body: bytes, content_type: str, url: str, way: Way = Way.REFERENCE) -> ParsedFeed:
        """`content_type` is the header as it came, `url` is where the body came from."""
        ...
