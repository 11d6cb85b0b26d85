"""Tables of the first stages: feeds, their polls, articles and every text these have had."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from tocsin.store._tables_base import Row, table_of
from tocsin.store._types import FreeText, Json, RowId, UtcDateTime

_UNREAD = text("extracted_revision < revision")
_UNLINKED = text("linked_revision < extracted_revision")
_ASKED = text("enabled AND muted_reason IS NULL")
_ASKED_SQLITE = text("enabled = 1 AND muted_reason IS NULL")  # spelled like the statements
_LEASED = text("claimed_until IS NOT NULL")
_PAGE_WANTED = text("page = 'wanted'")
_SAME = text("same_as IS NOT NULL")
_NAMED = text("canonical IS NOT NULL")


class FeedRow(Row, table=True):
    """A polled source with its state. `host` is what politeness counts by: the registrable domain."""

    __tablename__ = "feed"
    __table_args__ = (
        Index("ix_feed_due", "next_due_at", "id", sqlite_where=_ASKED_SQLITE, postgresql_where=_ASKED),
        Index("ix_feed_lease", "claimed_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
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
    headers: list[list[str]] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}
    )
    proxy: str | None = Field(default=None, sa_type=FreeText)
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
    asked: dict[str, Any] | None = Field(default=None, sa_type=Json)
    rhythm: dict[str, Any] | None = Field(default=None, sa_type=Json)
    certificate: dict[str, Any] | None = Field(default=None, sa_type=Json)
    moved_to: str | None = Field(default=None, sa_type=FreeText)
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    whole_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    quiet_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pushed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


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
    requests: list[list[Any]] | None = Field(default=None, sa_type=Json)


class RequestRow(Row, table=True):
    """One request that belongs to no poll: an article's page, a robots.txt. `host` is that of the address."""

    __tablename__ = "request"
    __table_args__ = (Index("ix_request_host", "host", "started"), Index("ix_request_started", "started"))

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    host: str = Field(sa_type=FreeText)
    started: datetime = Field(sa_type=UtcDateTime)
    kind: str
    url: str = Field(sa_type=FreeText)
    status: int | None = None
    waited_ms: int = 0
    rule: str
    conditional: bool = False
    duration_ms: int = 0


class ArticleRow(Row, table=True):
    """One entry of a feed; its texts are rows of `article_revision`.

    `origin` and `origin_key` identify an article that came without a feed; both None otherwise. `same_as` is the
    article that stands for this one, since their pages name one address; it points to none itself.
    """

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("origin", "origin_key"),
        Index("ix_article_unread", "known_at", "id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_article_unlinked", "known_at", "id", sqlite_where=_UNLINKED, postgresql_where=_UNLINKED),
        Index("ix_article_known_at", "known_at", "id"),
        Index(
            "ix_article_page_wanted",
            "page_due_at",
            "id",
            sqlite_where=_PAGE_WANTED,
            postgresql_where=_PAGE_WANTED,
        ),
        Index("ix_article_same_as", "same_as", sqlite_where=_SAME, postgresql_where=_SAME),
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
    page: str | None = None
    page_note: str | None = Field(default=None, sa_type=FreeText)
    page_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    page_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    same_as: UUID | None = None
    media: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)
    geo: dict[str, Any] | None = Field(default=None, sa_type=Json)


class ArticlePageRow(Row, table=True):
    """What the page of an article said when it was last read; its text is the body alone."""

    __tablename__ = "article_page"
    __table_args__ = (
        Index("ix_article_page_canonical", "canonical", sqlite_where=_NAMED, postgresql_where=_NAMED),
    )

    article_id: UUID = Field(primary_key=True, foreign_key="article.id")
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    url: str = Field(sa_type=FreeText)
    canonical: str | None = Field(default=None, sa_type=FreeText)
    title: str | None = Field(default=None, sa_type=FreeText)
    author: str | None = Field(default=None, sa_type=FreeText)
    language: str | None = Field(default=None, sa_type=FreeText)
    published: datetime | None = Field(default=None, sa_type=UtcDateTime)
    modified: datetime | None = Field(default=None, sa_type=UtcDateTime)
    free: bool | None = None
    text: str = Field(sa_type=FreeText)


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
    """A feed carries an article under a key; `content_hash` is what that feed last said, `tags` the same of its media."""

    __tablename__ = "carrier"

    feed_id: UUID = Field(primary_key=True, foreign_key="feed.id")
    key: str = Field(primary_key=True, sa_type=FreeText)
    article_id: UUID = Field(foreign_key="article.id", index=True)
    content_hash: str
    tags: str | None = None


class CooldownRow(Row, table=True):
    """A domain or host that asked to be left alone, for everything there."""

    __tablename__ = "cooldown"

    scope: str = Field(primary_key=True, sa_type=FreeText)
    until: datetime = Field(sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=FreeText)


class HubSubscriptionRow(Row, table=True):
    """What a WebSub hub was asked for and what it answered; one a feed."""

    __tablename__ = "hub_subscription"

    feed_id: UUID = Field(primary_key=True, foreign_key="feed.id")
    hub: str = Field(sa_type=FreeText)
    topic: str = Field(sa_type=FreeText)
    secret: str
    state: str
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_push_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = Field(default=None, sa_type=FreeText)


feed = table_of(FeedRow)
fetch = table_of(FetchRow)
request = table_of(RequestRow)
article = table_of(ArticleRow)
article_page = table_of(ArticlePageRow)
article_revision = table_of(ArticleRevisionRow)
carrier = table_of(CarrierRow)
cooldown = table_of(CooldownRow)
hub_subscription = table_of(HubSubscriptionRow)
