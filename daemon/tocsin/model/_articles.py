"""Articles: entries of feeds, with a revision each time their text changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from tocsin.model._media import GeoTag, Media

CONTENT_VERSION = "1"


class RevisionReason(StrEnum):
    """Why an article got a revision."""

    FIRST_SEEN = "first_seen"
    EDITED = "edited"  # same identity, other title or text
    FULL_TEXT = "full_text"  # the text of its page, where the feed gave less


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What a poll or `ingest` decided to write about one entry: a new article or a new revision.

    `article_id` is None for an article not known yet. `text` is what spans point into: the title,
    a blank line, the body as plain text. `known_at` is knowledge time: when the text was first seen,
    or for back-filled documents when it was published.
    """

    key: str  # identity inside the feed: guid, or link, or both
    url: str | None  # canonical
    title: str
    text: str
    content_hash: str  # version byte + hex digest of title and text
    published: datetime | None  # None when the feed gave no date that can be trusted
    date_refused: str | None  # why a date that was there was not taken, e.g. "year 1"
    seen_at: datetime
    known_at: datetime
    backfilled: bool = False
    reason: RevisionReason = RevisionReason.FIRST_SEEN
    article_id: UUID | None = None
    language: str | None = None
    author: str | None = None
    publisher: str | None = None  # when the entry itself names its source, else the feed's
    owner: str | None = None
    html: str | None = None  # sanitised body as it came, for the page
    media: tuple[Media, ...] = ()
    geo: GeoTag | None = None
    tags: str | None = None  # hash of media and place, None where there are none


@dataclass(frozen=True, slots=True)
class Retagging:
    """An article that its feed carries with other media or another place than before, and the same text."""

    key: str
    article_id: UUID
    media: tuple[Media, ...]
    geo: GeoTag | None
    tags: str | None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the poll decider needs to know about an article already stored."""

    id: UUID
    key: str
    content_hash: str
    revision: int
    published: datetime | None
    tags: str | None = None


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry as a document of a feed has it: what tells whether it is news."""

    key: str
    content_hash: str
    url: str | None = None  # canonical
    tags: str | None = None


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """The entries of a document, each key once."""

    feed_id: UUID
    entries: tuple[SeenEntry, ...]


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """What is stored of a document's entries."""

    by_key: Mapping[str, KnownArticle]  # carried by this feed and told otherwise now; the hash is the old one
    by_url: Mapping[str, KnownArticle]  # not carried by this feed yet, of any feed
    same: frozenset[str]  # keys of entries that say what they said last


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of a feed at its newest revision."""

    id: UUID
    url: str | None
    title: str
    text: str
    content_hash: str
    revision: int  # from 1
    published: datetime | None
    first_seen: datetime
    known_at: datetime  # of this revision
    publisher: str | None
    owner: str | None
    country: str | None
    timezone: str | None
    language: str | None
    author: str | None
    backfilled: bool
    feed_ids: tuple[UUID, ...] = ()
    date_refused: str | None = None
    skipped: str | None = None  # why extraction left it alone, e.g. "language: de"
    media: tuple[Media, ...] = ()  # as an entry of it last named them
    geo: GeoTag | None = None  # the publisher's word, not the place of an event
    same_as: UUID | None = None  # the article that stands for this one: their pages name one address


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """One text an article has had."""

    article_id: UUID
    number: int
    title: str
    text: str
    content_hash: str
    published: datetime | None
    seen_at: datetime
    known_at: datetime
    reason: RevisionReason


def content_hash(title: str, text: str) -> str:
    """The version of this recipe, then the SHA-256 of title, NUL, text in hex: 65 characters."""
    return CONTENT_VERSION + sha256(f"{title}\0{text}".encode()).hexdigest()
