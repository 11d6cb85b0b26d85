"""Feeds and what happened when they were asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tocsin.model._articles import ArticleDraft


class FetchOutcome(StrEnum):
    """What one poll of a feed came to."""

    CHANGED = "changed"  # 200 with entries that were new or edited
    UNCHANGED = "unchanged"  # 200, but nothing new in it
    NOT_MODIFIED = "not_modified"  # 304
    FAILED = "failed"  # see FetchFailure


class FetchFailure(StrEnum):
    """Why a poll failed; the class decides the backoff."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED_ADDRESS = "refused_address"  # private, loopback, metadata...: the outgoing guard said no
    REDIRECT_LOOP = "redirect_loop"
    PROTOCOL = "protocol"  # the answer is not HTTP, lengths lie, the connection was reset midway
    HTTP_CLIENT = "http_client"  # 4xx
    HTTP_GONE = "http_gone"  # 410
    HTTP_RATE = "http_rate"  # 429
    HTTP_SERVER = "http_server"  # 5xx
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"  # HTML, JSON without a feed, anything else
    MALFORMED = "malformed"  # truncated or broken so badly that no entry could be read
    PARSER = "parser"  # the parser ran out of time or memory, or died


class FeedHealth(StrEnum):
    """One word for the page and for `tocsin feeds list`."""

    NEW = "new"  # never asked yet
    OK = "ok"
    FAILING = "failing"
    MUTED = "muted"  # 410, or disabled by the operator


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as a catalog, an OPML file or the operator names it."""

    url: str
    title: str | None = None
    publisher: str | None = None
    owner: str | None = None  # the company, wire or state behind it; corroboration counts these
    country: str | None = None  # ISO 3166-1 alpha-3 of the publisher
    language: str | None = None  # BCP 47
    timezone: str | None = None  # IANA name, the publisher's zone
    folder: str | None = None
    topics: tuple[str, ...] = ()
    catalog: str | None = None
    interval: int | None = None  # seconds, overrides the schedule
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A polled source with its state."""

    id: UUID
    spec: FeedSpec
    added_at: datetime
    enabled: bool = True
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_due_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_outcome: FetchOutcome | None = None
    last_failure: FetchFailure | None = None
    last_detail: str | None = None
    failures: int = 0  # in a row
    articles: int = 0
    muted_reason: str | None = None

    @property
    def health(self) -> FeedHealth:
        """Derived, never stored."""
        if not self.enabled or self.muted_reason:
            return FeedHealth.MUTED
        if self.last_outcome is None:
            return FeedHealth.NEW
        return FeedHealth.FAILING if self.last_outcome is FetchOutcome.FAILED else FeedHealth.OK


@dataclass(frozen=True, slots=True)
class Fetch:
    """One poll of one feed, as logged."""

    feed_id: UUID
    at: datetime
    outcome: FetchOutcome
    reason: str  # one sentence: why this outcome, and why the feed is next due when it is
    http_status: int | None = None
    failure: FetchFailure | None = None
    duration_ms: int = 0
    bytes: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    refused: int = 0  # entries that could not be used, each named in `reason`
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollWrite:
    """Everything one poll writes, in one transaction: the log, the feed's new state, its articles."""

    fetch: Fetch
    feed: Feed
    articles: tuple[ArticleDraft, ...] = field(default=())
