"""Feeds and what happened when they were asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tocsin.model._articles import ArticleDraft, Retagging
from tocsin.model._events import EventRevision


class FetchOutcome(StrEnum):
    """What one poll of a feed came to."""

    CHANGED = "changed"  # 200 with entries that were new or edited
    UNCHANGED = "unchanged"  # 200, but nothing new in it
    NOT_MODIFIED = "not_modified"  # 304
    FAILED = "failed"  # see FetchFailure
    DEFERRED = "deferred"  # not asked: a cool-down of its domain or host was under way


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
    CONFIGURATION = "configuration"  # a variable or proxy that the feed's own settings name is not there


class FeedHealth(StrEnum):
    """One word for the page and for `tocsin feeds list`."""

    NEW = "new"  # never asked yet
    OK = "ok"
    FAILING = "failing"
    MUTED = "muted"  # 410, or disabled by the operator


class RequestKind(StrEnum):
    """What a request was for, as the politeness trace tells it."""

    FEED = "feed"
    PAGE = "page"  # an article's page
    ROBOTS = "robots"  # robots.txt


class TurnRule(StrEnum):
    """Which rule of politeness held a request back the longest before it started."""

    NONE = "none"
    SPACING = "spacing"  # the least time between two starts
    PLACES = "places"  # so many at once in one domain
    CRAWL_DELAY = "crawl_delay"  # of the site's robots.txt
    CONCURRENCY = "concurrency"  # so many at once in all


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request that was made, redirect hops each for themselves, and what was answered."""

    url: str
    started: datetime
    status: int | None = None  # None: there was no answer
    waited_ms: int = 0  # in line for its turn
    rule: TurnRule = TurnRule.NONE
    conditional: bool = False  # sent with If-None-Match or If-Modified-Since
    duration_ms: int = 0
    kind: RequestKind = RequestKind.FEED


@dataclass(frozen=True, slots=True)
class Cooldown:
    """A domain, host or feed that is left alone until a moment, and why."""

    scope: str
    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Traced:
    """One line of the politeness trace: a poll, a page or a robots.txt, with the requests it took."""

    at: datetime
    kind: RequestKind
    url: str  # of the feed, page or robots.txt
    requests: tuple[Exchange, ...]  # none when it was put off
    told: str  # what came of it, and for feeds when it is asked again and why
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the feed's own document and the server that sent it last asked of those who poll it."""

    interval: int | None = None  # seconds: the larger of <ttl> and sy:updatePeriod / sy:updateFrequency
    skip_hours: tuple[int, ...] = ()  # 0-23, UTC
    skip_days: tuple[int, ...] = ()  # 0 is Monday, as datetime.weekday() counts
    fresh: int | None = None  # seconds that Cache-Control or Expires called it fresh for


@dataclass(frozen=True, slots=True)
class Hub:
    """What a feed names for being pushed instead of polled (WebSub, W3C): the first of its hubs, and its topic."""

    url: str
    topic: str


class HubState(StrEnum):
    """How a subscription at a hub stands."""

    WANTED = "wanted"  # to be asked for
    ASKED = "asked"  # the hub accepted the request and has not verified it yet
    ACTIVE = "active"
    REFUSED = "refused"  # the hub denied it or answered an error; asked again later
    LEAVING = "leaving"  # to be ended, or asked to be


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """One feed's subscription at one hub, with the secret that signs what the hub sends."""

    feed_id: UUID
    hub: str
    topic: str
    secret: str
    state: HubState = HubState.WANTED
    asked_at: datetime | None = None
    lease_until: datetime | None = None
    last_push_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was learned of when a feed posts: weights that fade with time, see docs/reference/feeds.md.

    `by_hour` has 24 weights (UTC), `by_day` 7 (Monday first), `by_minute` 12 (of five minutes each), `span` is
    the observed time in hours with the same fading, so that `sum(by_hour) / span` is the rate in entries an
    hour. `recent` and `foreseen` are the entries of the last hours and those to be expected in them, fading
    within hours. `updated` is when all of it was last faded.
    """

    by_hour: tuple[float, ...]
    by_day: tuple[float, ...]
    span: float
    updated: datetime
    latest: datetime | None = None  # the newest posting time seen
    gap: float | None = None  # hours: the usual (median-like) gap between two postings
    by_minute: tuple[float, ...] = (0.0,) * 12
    recent: float = 0.0
    foreseen: float = 0.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether the fast parser may read this feed: it must have agreed with the reference, and keep agreeing."""

    agreed: int = 0  # documents on which both parsers gave the same effective fields, in a row
    checked_at: datetime | None = None  # when both were last compared
    doubt: str | None = None  # why it was lost or refused last


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
    headers: tuple[
        tuple[str, str], ...
    ] = ()  # sent with each request; "${NAME}" is taken from the environment
    proxy: str | None = None  # address of a proxy for this feed; "${NAME}" is taken from the environment


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
    asked: Asked = field(default=Asked())
    rhythm: Rhythm | None = None
    certificate: Certificate = field(default=Certificate())
    moved_to: str | None = None  # where permanent redirects have led since `moved_at`
    moved_at: datetime | None = None
    whole_at: datetime | None = None  # when it was last asked without conditions and gave a body
    lied_at: datetime | None = None  # when a full fetch last showed that a 304 before it was not true
    quiet_since: datetime | None = None  # when it was found to have posted nothing for far longer than usual
    pushed_until: datetime | None = None  # a hub delivers its entries until then (WebSub lease)

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
    requests: tuple[Exchange, ...] = ()  # the requests it took, in order; none when it was put off


@dataclass(frozen=True, slots=True)
class PollWrite:
    """Everything one poll writes, in one transaction: the log, the feed's new state, its articles.

    `hub` is not written with it; it is for whoever subscribes.
    """

    fetch: Fetch
    feed: Feed
    articles: tuple[ArticleDraft, ...] = field(default=())
    hub: Hub | None = None
    retagged: tuple[Retagging, ...] = ()  # no revision, nothing to read
    events: tuple[
        EventRevision, ...
    ] = ()  # what Tocsin noticed about the feed itself; those stored are left out
