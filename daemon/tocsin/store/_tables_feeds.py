"""Tables of the first stages: feeds, their polls, articles and every text these have had."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from tocsin.store._tables_base import Row, table_of
from tocsin.store._types import FreeText, Json, RowId, UtcDateTime

_UNREAD = text("extracted_revision < revision")
_UNLINKED = text("linked_revision < extracted_revision")


class FeedRow(Row, table=True):
    """A polled source with its state. `host` is what politeness counts by."""

    __tablename__ = "feed"
    __table_args__ = (
        Index("ix_feed_due", "next_due_at", "enabled"),
        Index("ix_feed_host_lease", "host", "claimed_until"),
    )

    id: UUID = Field(primary_key=True)
    url: str = Field(sa_type=FreeText, unique=True)
    host: str = Field(sa_type=FreeText)
    title: str | None = Field(default=None, sa_type=FreeText)
    publisher: str | None = Field(default=None, sa_type=FreeText)
    owner: str | None = Field(default=None, sa_type=FreeText)
    country: str | None = None
    language: str | None = Field(default=None, sa_type=FreeText)
    timezone: str | None = None
    folder: str | None = Field(default=None, sa_type=FreeText)
    topics: list[str] = Field(sa_type=Json)
    catalog: str | None = Field(default=None, sa_type=FreeText)
    interval: int | None = None
    full_text: bool = False
    added_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    enabled: bool = True
    etag: str | None = Field(default=None, sa_type=FreeText)
    last_modified: str | None = Field(default=None, sa_type=FreeText)
    body_hash: str | None = None
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_polled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_ok_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_outcome: str | None = None
    last_failure: str | None = None
    last_detail: str | None = Field(default=None, sa_type=FreeText)
    failures: int = 0
    articles: int = 0
    muted_reason: str | None = Field(default=None, sa_type=FreeText)


class FetchRow(Row, table=True):
    """One poll of one feed."""

    __tablename__ = "fetch"
    __table_args__ = (
        UniqueConstraint("feed_id", "at"),
        Index("ix_fetch_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    feed_id: UUID = Field(foreign_key="feed.id")
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    reason: str = Field(sa_type=FreeText)
    http_status: int | None = None
    failure: str | None = None
    duration_ms: int = 0
    bytes: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    refused: int = 0
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ArticleRow(Row, table=True):
    """One entry of a feed; its texts are rows of `article_revision`.

    `origin` and `origin_key` identify an article that came without a feed; both None otherwise.
    """

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("origin", "origin_key"),
        Index("ix_article_unread", "known_at", "id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_article_unlinked", "known_at", "id", sqlite_where=_UNLINKED, postgresql_where=_UNLINKED),
        Index("ix_article_known_at", "known_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    url: str | None = Field(default=None, sa_type=FreeText, unique=True)
    origin: str | None = Field(default=None, sa_type=FreeText)
    origin_key: str | None = Field(default=None, sa_type=FreeText)
    content_hash: str
    revision: int = 1
    extracted_revision: int = 0
    linked_revision: int = 0
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    date_refused: str | None = Field(default=None, sa_type=FreeText)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    known_at: datetime = Field(sa_type=UtcDateTime)
    publisher: str | None = Field(default=None, sa_type=FreeText, index=True)
    owner: str | None = Field(default=None, sa_type=FreeText)
    country: str | None = None
    timezone: str | None = None
    language: str | None = Field(default=None, sa_type=FreeText)
    author: str | None = Field(default=None, sa_type=FreeText)
    backfilled: bool = False
    skipped: str | None = Field(default=None, sa_type=FreeText)


class ArticleRevisionRow(Row, table=True):
    """One text an article has had. The whole-number id is what full-text search points to."""

    __tablename__ = "article_revision"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        Index("ix_article_revision_known_at", "known_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    article_id: UUID = Field(foreign_key="article.id")
    number: int
    title: str = Field(sa_type=FreeText)
    text: str = Field(sa_type=FreeText)
    html: str | None = Field(default=None, sa_type=FreeText)
    content_hash: str
    text_hash: str | None = None
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    known_at: datetime = Field(sa_type=UtcDateTime)
    reason: str
    pruned: bool = False


class CarrierRow(Row, table=True):
    """A feed carries an article under a key; `content_hash` is what that feed last said."""

    __tablename__ = "carrier"

    feed_id: UUID = Field(primary_key=True, foreign_key="feed.id")
    key: str = Field(primary_key=True, sa_type=FreeText)
    article_id: UUID = Field(foreign_key="article.id", index=True)
    content_hash: str


feed = table_of(FeedRow)
fetch = table_of(FetchRow)
article = table_of(ArticleRow)
article_revision = table_of(ArticleRevisionRow)
carrier = table_of(CarrierRow)
