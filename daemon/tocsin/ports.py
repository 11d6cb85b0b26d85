"""Every side effect Tocsin has, one narrow port each. Fakes with verbs are in `tocsin.testing`.

Store ports are synchronous: one call is one transaction, and the daemon runs it in a thread
(docs/decisions/0003). Their methods raise `StoreBusyError`, `StoreFullError`, `StoreTooNewError`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from tocsin.model import (
    Alert,
    AlertDraft,
    Article,
    ArticleDraft,
    ArticlePage,
    ArticleQuery,
    ArticleRevision,
    Attempt,
    AttemptOutcome,
    Claim,
    ClaimKey,
    ClaimQuery,
    Cooldown,
    Delivery,
    DeliveryState,
    Event,
    EventQuery,
    EventRevision,
    Exchange,
    Feed,
    FeedSpec,
    Fetch,
    HubSubscription,
    KnownArticle,
    KnownEntries,
    LinkedMention,
    LinkWrite,
    Mention,
    MentionCandidate,
    NewDelivery,
    PageWrite,
    PollWrite,
    RequestKind,
    RuleRecord,
    SeenDocument,
    Silence,
    Span,
    Subscriber,
    Traced,
    WantedPage,
)


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """The present moment, UTC-aware."""
        ...


class Ids(Protocol):
    """Where new row ids come from (UUIDv7, RFC 9562)."""

    def new(self) -> UUID:
        """An id greater than all given before by this source."""
        ...


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One conditional GET."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # "${NAME}" stands for an environment variable
    proxy: str | None = None  # instead of the proxy of the settings
    accept: str | None = None  # media types; feeds when None
    max_body: int | None = None  # bytes; that of the settings when None
    spacing: float = 0.0  # seconds after the last start in the same domain, when more than the settings say
    kind: RequestKind = RequestKind.FEED
    # awaited when its turn has come, before it is sent: the asker may have no room for an answer yet
    ready: Callable[[], Awaitable[None]] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """The answer after redirects. `body` is decompressed and within the size limit.

    Of answers other than 200 the body is what came of it up to 64 KiB, for what it may explain.
    """

    url: str  # where the body came from
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    duration_ms: int
    moved_to: str | None = None  # target of a permanent redirect chain (301, 308), else None
    whole: bool = False  # it was asked for without conditions
    requests: tuple[Exchange, ...] = ()  # one for each hop
    body_hash: str | None = None  # once somebody has worked it out


class Fetcher(Protocol):
    """Gets bytes over HTTP. Raises `FetchError` with a `FetchFailure` for everything that is not an answer."""

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """Any status is an answer; only transport, size and guard failures raise.

        Raises `CoolingDownError` without asking when the address is to be left alone for a while.
        """
        ...


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """What a site's robots.txt says of one address (RFC 9309)."""

    allowed: bool
    delay: float  # seconds it wants between two requests (Crawl-delay), 0 when it says nothing
    why: str  # one sentence, for the note of what was not fetched
    passing: bool = False  # robots.txt could not be had; ask again later


class RobotsPolicy(Protocol):
    """Asks robots.txt before a page is fetched. Feeds are made to be polled and are not asked about."""

    async def allowed(self, url: str) -> RobotsVerdict:
        """Never raises for what the site does: a robots.txt that cannot be had is a verdict, too.

        Raises `CoolingDownError` when the site is to be left alone for a while.
        """
        ...


class PolitenessStore(Protocol):
    """Who is to be left alone until when, and what was asked of whom."""

    def cooldowns(self, now: datetime) -> list[Cooldown]:
        """Those not over, and those over for less than a day, by scope."""
        ...

    def save_cooldown(self, cooldown: Cooldown) -> None:
        """Insert, or replace the one of this scope."""
        ...

    def end_cooldown(self, scope: str) -> bool:
        """Forget it; False when there was none."""
        ...

    def record_requests(self, requests: Sequence[Exchange]) -> None:
        """Log requests that belong to no poll: pages and robots.txt."""
        ...

    def trace(self, host: str, since: datetime | None = None, limit: int = 1000) -> list[Traced]:
        """What was asked of a host and the names below it, newest `limit` of them, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one subscriber, ready to be sent; bodies are rendered by the channel."""

    delivery: Delivery
    alert: Alert
    subscriber: Subscriber
    events: tuple[Event, ...]
    evidence: tuple[LinkedMention, ...]
    attempt: int
    link: str | None  # address of the alert on the page
    quotes: Mapping[UUID, Span] = field(default_factory=dict)  # mention id -> its sentence in the article


@dataclass(frozen=True, slots=True)
class SendResult:
    """What one attempt came to."""

    outcome: AttemptOutcome
    detail: str
    status: int | None = None
    retry_after: timedelta | None = None


class Sender(Protocol):
    """One channel. Never raises for what the other side does: that is a `SendResult`."""

    async def send(self, message: Outgoing, now: datetime) -> SendResult:
        """Send once."""
        ...


@dataclass(frozen=True, slots=True)
class BusMessage:
    """An id that waits for a stage. Call `done` when its rows are written."""

    topic: str
    id: str


@runtime_checkable
class Bus(Protocol):
    """Carries ids, never content. Delivers at least once; losing it loses nothing."""

    async def publish(self, topic: str, ids: Iterable[str]) -> None:
        """Announce that rows wait for the stage `topic`."""
        ...

    def messages(self, topic: str) -> AsyncIterator[BusMessage]:
        """Ids for one stage, as they come; ends when the bus is closed."""
        ...

    async def done(self, message: BusMessage) -> None:
        """The rows of this message are written."""
        ...

    async def close(self) -> None:
        """End all iterators once what is in flight is done."""
        ...


class FeedStore(Protocol):
    """Feeds and their polls."""

    def add_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> tuple[int, int]:
        """Insert or update by address; return (added, already known). Known feeds get new catalog facts."""
        ...

    def remove_feed(self, url: str) -> bool:
        """Stop polling; articles stay. False when there is no such feed."""
        ...

    def feed(self, id_or_url: UUID | str) -> Feed | None:
        """One feed."""
        ...

    def feeds(self, *, text: str | None = None, limit: int = 1000, offset: int = 0) -> list[Feed]:
        """Feeds by title and address."""
        ...

    def count_quiet_feeds(self) -> int:
        """How many feeds that are polled have gone quiet."""
        ...

    def claim_due(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        *,
        everything: bool = False,
        skip: Collection[UUID] = (),
    ) -> list[Feed]:
        """Take feeds that are due and lease them until now + lease; `everything` also takes those not due.

        Those in `skip` are left out.
        """
        ...

    def release_feeds(self, ids: Sequence[UUID]) -> None:
        """Give leases back unused."""
        ...

    def known_articles(
        self, feed_id: UUID, keys: Sequence[str], urls: Sequence[str]
    ) -> tuple[dict[str, KnownArticle], dict[str, KnownArticle]]:
        """Articles this feed carried by key, and articles of any feed by canonical address."""
        ...

    def known_entries(self, documents: Sequence[SeenDocument]) -> list[KnownEntries]:
        """For each document what is news in it, and what is known of that; each of another feed."""
        ...

    def record_poll(self, write: PollWrite) -> list[UUID]:
        """One transaction: the fetch, the feed's state, its articles. Returns ids that wait for extraction."""
        ...

    def record_polls(self, writes: Sequence[PollWrite]) -> list[list[UUID]]:
        """The same for polls of different feeds: one transaction for all, or nothing of any."""
        ...

    def fetches(self, feed_id: UUID, limit: int = 50) -> list[Fetch]:
        """The newest polls of a feed."""
        ...


class HubStore(Protocol):
    """Subscriptions at WebSub hubs, one a feed."""

    def hub_subscription(self, feed_id: UUID) -> HubSubscription | None:
        """The one of a feed."""
        ...

    def hub_subscriptions(self) -> list[tuple[HubSubscription, bool]]:
        """All, each with whether its feed is still polled."""
        ...

    def save_hub_subscription(self, subscription: HubSubscription) -> None:
        """Insert or replace; the feed's `pushed_until` becomes the lease of an active one, else None."""
        ...

    def end_hub_subscription(self, feed_id: UUID) -> bool:
        """Forget it; the feed is polled by its rhythm. False when there was none."""
        ...


class ArticleStore(Protocol):
    """Articles, their revisions and mentions."""

    def add_articles(
        self, drafts: Sequence[ArticleDraft], *, publisher: str | None, timezone: str | None = None
    ) -> list[UUID]:
        """Articles that came by `ingest`, without a feed; the same url or key gives a revision or nothing."""
        ...

    def article(self, article_id: UUID) -> Article | None:
        """One article at its newest revision."""
        ...

    def articles(self, query: ArticleQuery) -> list[Article]:
        """Newest first."""
        ...

    def article_revisions(self, article_id: UUID) -> list[ArticleRevision]:
        """All texts it has had, oldest first."""
        ...

    def waiting_for_extraction(self, limit: int) -> list[UUID]:
        """Articles whose newest revision was not extracted, oldest first."""
        ...

    def write_mentions(
        self, article_id: UUID, revision: int, mentions: Sequence[Mention], *, skipped: str | None = None
    ) -> None:
        """Mentions of one revision, once; mentions of earlier revisions become inactive."""
        ...

    def waiting_for_linking(self, limit: int) -> list[UUID]:
        """Articles with mentions (or withdrawn ones) not yet linked, oldest knowledge first."""
        ...

    def article_mentions(self, article_id: UUID, *, active_only: bool = True) -> list[LinkedMention]:
        """Mentions of the newest revision in text order; with active_only=False of all revisions."""
        ...


class PageStore(Protocol):
    """Pages of articles whose feeds give only a teaser."""

    def claim_pages(self, now: datetime, limit: int, lease: timedelta) -> list[WantedPage]:
        """Pages that are wanted and due, longest due first; not given out again before now + lease."""
        ...

    def put_off_pages(self, article_ids: Sequence[UUID], until: datetime) -> None:
        """Give claimed pages back; they are due at `until`. No try is counted."""
        ...

    def wanted_page(self, article_id: UUID) -> WantedPage | None:
        """What fetching the page of this article needs; None without such an article or without address."""
        ...

    def record_page(self, write: PageWrite) -> bool:
        """One transaction: what a try came to, and a revision with the full text where there is more to read.

        The feed's text and its time stay; True when the article waits for extraction.
        """
        ...

    def page(self, article_id: UUID) -> ArticlePage | None:
        """None when the page of this article was never wanted."""
        ...


class TimelineStore(Protocol):
    """Events and claims."""

    def candidates(self, wanted: MentionCandidate) -> list[Event]:
        """Events a mention might be about, newest first, 200 at the most."""
        ...

    def event(self, event_id: UUID, *, as_of: datetime | None = None) -> Event | None:
        """One event, now or as it stood."""
        ...

    def events(self, query: EventQuery) -> list[Event]:
        """The timeline."""
        ...

    def count_events(self, query: EventQuery) -> int:
        """How many `events` would give without limit and offset."""
        ...

    def event_mentions(self, event_ids: Sequence[UUID], *, active_only: bool = True) -> list[LinkedMention]:
        """What backs these events, oldest knowledge first."""
        ...

    def event_revisions(self, event_id: UUID) -> list[EventRevision]:
        """All changes, oldest first."""
        ...

    def claims(self, query: ClaimQuery) -> list[Claim]:
        """The claim ledger, stances included."""
        ...

    def claim(self, claim_id: UUID) -> Claim | None:
        """One claim."""
        ...

    def claims_by_key(self, keys: Sequence[ClaimKey]) -> list[Claim]:
        """Claims with one of these keys."""
        ...

    def claims_of(self, event_id: UUID) -> list[Claim]:
        """Claims about this event, or in which this event is a statement."""
        ...

    def recent_claims(self, since: datetime, countries: Sequence[str]) -> list[Claim]:
        """Claims with a stance known after `since` that name one of these countries."""
        ...

    def write_links(self, write: LinkWrite) -> list[UUID]:
        """One transaction; returns events that wait for rules. Revision numbers collide loudly, never merge."""
        ...

    def changes(self, after: int | None, limit: int = 100) -> list[tuple[int, EventRevision]]:
        """Event revisions in the order they were written, each with its row number, for the live stream.

        `after` is the last number seen; None gives only the newest revision there is. Events about Tocsin's own
        feeds are left out, as they are of lists.
        """
        ...

    def waiting_for_rules(self, limit: int) -> list[UUID]:
        """Events whose newest revision no rule has looked at, oldest knowledge first."""
        ...


class AlertStore(Protocol):
    """Rules as loaded, alerts, silences."""

    def save_rules(self, rules: Sequence[RuleRecord]) -> None:
        """Replace the set of loaded rules; rules gone from the files stay, inactive."""
        ...

    def rules(self) -> list[RuleRecord]:
        """By name."""
        ...

    def alerts_of_events(self, event_ids: Sequence[UUID]) -> list[Alert]:
        """Alerts that carry one of these events, oldest first."""
        ...

    def known_fingerprints(self, rule: str, fingerprints: Sequence[str]) -> set[str]:
        """Which of these firings are stored already."""
        ...

    def write_alerts(
        self,
        matched: Sequence[tuple[UUID, int]],
        alerts: Sequence[AlertDraft],
        deliveries: Sequence[NewDelivery],
        now: datetime,
    ) -> list[UUID]:
        """One transaction; returns ids of deliveries that wait.

        Alerts are unique by rule and fingerprint; `matched` are the (event, revision) pairs that rules
        have now looked at.
        """
        ...

    def alert(self, alert_id: UUID) -> Alert | None:
        """One alert."""
        ...

    def alerts(
        self,
        *,
        rule: str | None = None,
        since: datetime | None = None,
        unacknowledged: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Alert]:
        """Newest first."""
        ...

    def acknowledge(self, alert_id: UUID, by: str, now: datetime) -> bool:
        """False when there is no such alert."""
        ...

    def silences(self, now: datetime) -> list[Silence]:
        """Those not over yet."""
        ...

    def add_silence(self, silence: Silence) -> None:
        """Store it."""
        ...

    def remove_silence(self, silence_id: UUID) -> bool:
        """False when there is no such silence."""
        ...


class DeliveryStore(Protocol):
    """Subscribers and messages on their way."""

    def subscribers(self, *, enabled_only: bool = False) -> list[Subscriber]:
        """By name."""
        ...

    def subscriber(self, name_or_id: str | UUID) -> Subscriber | None:
        """One subscriber."""
        ...

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Insert, or replace the one with this id. A second name raises `StoreError`."""
        ...

    def remove_subscriber(self, name: str) -> bool:
        """Disable and forget the address; its deliveries stay in the log."""
        ...

    def claim_deliveries(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """Take pending messages that are due and lease them."""
        ...

    def delivery(self, delivery_id: UUID) -> Delivery | None:
        """One message with its attempts."""
        ...

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        alert_id: UUID | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Delivery]:
        """Newest first, attempts included."""
        ...

    def record_attempt(
        self, attempt: Attempt, state: DeliveryState, next_attempt_at: datetime | None, reason: str
    ) -> None:
        """One transaction: the attempt and what it means for the message; ends the lease."""
        ...

    def redeliver(self, delivery_id: UUID, now: datetime) -> bool:
        """Make it pending and due; False when there is no such message."""
        ...


class MaintenanceStore(Protocol):
    """What operators do to a database."""

    def stats(self) -> dict[str, Any]:
        """Rows by table, size in bytes, schema revision."""
        ...

    def backup(self, path: str) -> int:
        """Write a consistent copy while the daemon runs; returns bytes."""
        ...

    def prune(self, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
        """Delete logs and article texts older than this that no event needs; rows by table."""
        ...

    def release_leases(self) -> int:
        """Free every feed and message that a killed daemon had taken; for the only daemon of a database."""
        ...

    def check(self) -> None:
        """Raise a `StoreError` that names the remedy when the database cannot be used."""
        ...

    def value(self, key: str) -> str | None:
        """A small piece of state (heartbeats, watermarks)."""
        ...

    def set_value(self, key: str, value: str) -> None:
        """Write it."""
        ...


class Store(
    FeedStore,
    HubStore,
    PolitenessStore,
    ArticleStore,
    PageStore,
    TimelineStore,
    AlertStore,
    DeliveryStore,
    MaintenanceStore,
    Protocol,
):
    """Everything; stages ask for the narrow port they need."""

    def close(self) -> None:
        """Give back connections."""
        ...


class RuleHistory(Protocol):
    """What a rule may look back at: the timeline between two knowledge times."""

    def between(self, types: Sequence[str], after: datetime, until: datetime) -> list[Event]:
        """Events of these types and below first known in (after, until], oldest first."""
        ...

    def happened_between(self, types: Sequence[str], after: date, until: date) -> list[Event]:
        """The same on happening time, for rules with `clock: happened`."""
        ...
