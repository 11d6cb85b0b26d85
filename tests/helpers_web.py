"""The small world written into a store through its own methods, and a client that asks for pages.

Pages are thus tested on what the real stages leave behind.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zlib import crc32

import httpx
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from helpers_events import AMERICA, KOREA, event_id
from helpers_world import (
    CLAIM_ID,
    CLAIM_KEY,
    FEEDS,
    LAUNCH_TEXT,
    LAUNCH_TEXT_2,
    NOW,
    T0,
    TOLD,
    corroborated,
    events,
    fortnight,
    mentions,
)
from tocsin.model import (
    AlertDraft,
    AlertKind,
    ArticleDraft,
    Attempt,
    AttemptOutcome,
    Claim,
    ClaimStance,
    ClaimStatus,
    DeliveryState,
    EventReason,
    EventRevision,
    Fetch,
    FetchFailure,
    FetchOutcome,
    LinkWrite,
    NewDelivery,
    PollWrite,
    RevisionReason,
    RuleRecord,
    Severity,
    Stance,
    Subscriber,
    SubscriberKind,
)
from tocsin.ports import Store


class PageClient:
    """Asks an application without a server; an error of the application is an answer, not an exception."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def request(self, method: str, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """The whole answer."""
        return asyncio.run(self._request(method, path, headers))

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers)

    def head(self, path: str) -> httpx.Response:
        return self.request("HEAD", path)

    async def _request(self, method: str, path: str, headers: dict[str, str] | None) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8787") as http:
            return await http.request(method, path, headers=headers)


def page(client: PageClient, path: str, status: int = 200) -> str:
    """The HTML of a page that answers with this status."""
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def text_of(html: str, selector: str = "main") -> str:
    """What a reader sees in these elements, white space made single."""
    return " ".join(" ".join(node.text() for node in LexborHTMLParser(html).css(selector)).split())


@dataclass(slots=True)
class World:
    """Ids of what was written."""

    feeds: dict[str, UUID] = field(default_factory=dict)
    articles: dict[str, UUID] = field(default_factory=dict)
    events: dict[str, UUID] = field(default_factory=dict)
    alerts: list[UUID] = field(default_factory=list)
    deliveries: list[UUID] = field(default_factory=list)
    claim: UUID = CLAIM_ID


def fill(store: Store) -> World:
    """Write the world."""
    world = World()
    store.add_feeds(list(FEEDS.values()), T0)
    for name, spec in FEEDS.items():
        feed = store.feed(spec.url)
        assert feed is not None
        world.feeds[name] = feed.id
    for name, text, feed_name, hours in TOLD:
        world.articles[name] = _poll(store, world.feeds[feed_name], text, T0 + timedelta(hours=hours))
    _fail(store, world.feeds["broken"])
    _link(store, world)
    _edit(store, world)
    _ring(store, world)
    return world


def fill_fortnight(store: Store) -> None:
    """Events of a busy fortnight, without their articles."""
    store.add_feeds([FEEDS["harbour"]], T0)
    feed = store.feed(FEEDS["harbour"].url)
    assert feed is not None
    article_id = _poll(store, feed.id, LAUNCH_TEXT, T0)
    revisions = tuple(
        EventRevision(one.id, 1, one.last_known, EventReason.FIRST_REPORT, "First told.", {}, one)
        for one in fortnight()
    )
    store.write_links(LinkWrite(article_id, (), revisions))


def _poll(store: Store, feed_id: UUID, text: str, at: datetime, article_id: UUID | None = None) -> UUID:
    feed = store.feed(feed_id)
    assert feed is not None
    title = text.split("\n", 1)[0]
    draft = ArticleDraft(
        key=text[:40] if article_id is None else "edited",
        url=f"https://news.example/{crc32(text.encode())}" if article_id is None else None,
        title=title,
        text=text,
        content_hash=f"1{sha256(text.encode()).hexdigest()}",
        published=at - timedelta(minutes=10),
        date_refused=None,
        seen_at=at,
        known_at=at,
        reason=RevisionReason.FIRST_SEEN if article_id is None else RevisionReason.EDITED,
        article_id=article_id,
        language="en",
        publisher=feed.spec.publisher,
        owner=feed.spec.owner,
    )
    fetch = Fetch(
        feed_id, at, FetchOutcome.CHANGED, "1 new entry; next poll by interval", 200,
        duration_ms=120, bytes=5400, entries=1, new=1, next_due_at=NOW + timedelta(minutes=12),
    )  # fmt: skip
    polled = replace(
        feed, last_polled_at=at, last_ok_at=at, last_outcome=FetchOutcome.CHANGED, next_due_at=fetch.next_due_at,
        articles=feed.articles + 1,
    )  # fmt: skip
    [written] = store.record_poll(PollWrite(fetch, polled, (draft,)))
    return written


def _fail(store: Store, feed_id: UUID) -> None:
    feed = store.feed(feed_id)
    assert feed is not None
    due = NOW + timedelta(minutes=12)
    fetch = Fetch(
        feed_id, NOW - timedelta(minutes=3), FetchOutcome.FAILED, "no address for broken.example",
        failure=FetchFailure.DNS, duration_ms=14, next_due_at=due,
    )  # fmt: skip
    failed = replace(
        feed, last_polled_at=fetch.at, last_outcome=FetchOutcome.FAILED, last_failure=FetchFailure.DNS,
        last_detail="no address for broken.example", failures=3, next_due_at=due,
    )  # fmt: skip
    store.record_poll(PollWrite(fetch, failed))


def _link(store: Store, world: World) -> None:
    told, folded = mentions(), events()
    for name, _, _, _ in TOLD:
        article_id = world.articles[name]
        store.write_mentions(article_id, 1, [told[name]])
        [linked] = store.article_mentions(article_id)
        key = "launch" if name == "launch2" else name
        event = folded[key]
        world.events[key] = event.id
        reason, changes, detail = EventReason.FIRST_REPORT, {}, "First told."
        if name == "launch2":
            event = corroborated(event)
            reason, detail = EventReason.CORROBORATED, "Daily Meridian (Meridian Media) tells it too."
            changes = {"status": ["reported", "confirmed"], "owners": [["Harbour Group"], list(event.owners)]}
        revision = EventRevision(
            event.id, event.revision, event.last_known, reason, detail, changes, event, article_id
        )
        claims = _claims(world, name) if name in {"accusation", "denial"} else ()
        links = ((linked.id, event.id, "first report" if event.revision == 1 else "same launch, same day"),)
        store.write_links(LinkWrite(article_id, links, (revision,), claims))


def _claims(world: World, told: str) -> tuple[Claim, ...]:
    """The claim after the accusation, and after the denial that follows it."""
    known = T0 + timedelta(hours=12), T0 + timedelta(days=6)
    asserted = ClaimStance(
        world.claim,
        Stance.ASSERT,
        AMERICA,
        event_id(2),
        world.articles["accusation"],
        date(2022, 11, 2),
        known[0],
    )
    claim = Claim(
        world.claim, CLAIM_KEY, "North Korea supplied arms to Russia", ClaimStatus.ASSERTED, known[0], known[0],
        stances=(asserted,),
    )  # fmt: skip
    if told == "accusation":
        return (claim,)
    denied = ClaimStance(
        world.claim, Stance.DENY, KOREA, event_id(4), world.articles["denial"], date(2022, 11, 8), known[1]
    )
    return (replace(claim, status=ClaimStatus.DISPUTED, last_known=known[1], stances=(asserted, denied)),)


def _edit(store: Store, world: World) -> None:
    """The second launch article is edited after publication; its mention stays with the first text."""
    text = LAUNCH_TEXT_2 + " Its range was not known."
    world.articles["edited"] = _poll(
        store, world.feeds["meridian"], text, T0 + timedelta(hours=4), world.articles["launch2"]
    )


def _ring(store: Store, world: World) -> None:
    store.save_rules(
        [
            _rule("accused-then-denied", Severity.WARNING),
            _rule("korea-missile-launch", Severity.CRITICAL),
            replace(
                _rule("typo", Severity.INFO),
                active=False,
                error="rules/typo.yaml:4:7: unknown key 'typ' (did you mean 'type'?)",
            ),
        ]
    )
    subscriber = Subscriber(
        event_id(500),
        "desk-webhook",
        SubscriberKind.WEBHOOK,
        "https://hooks.example/secret-path",
        created_at=T0,
    )
    store.save_subscriber(subscriber)
    drafts = [
        _alert("korea-missile-launch", "Launch: North Korea", Severity.CRITICAL, (event_id(1),), {}, T0),
        _alert(
            "accused-then-denied",
            "North Korea denies what it was accused of",
            Severity.WARNING,
            (event_id(2), event_id(4)),
            {"accusation": str(event_id(2)), "denial": str(event_id(4))},
            T0 + timedelta(days=6),
        ),
    ]
    for draft in drafts:
        delivery = NewDelivery(
            draft.fingerprint,
            draft.rule,
            subscriber.id,
            DeliveryState.PENDING,
            draft.known_at,
            "subscribed to all",
        )
        matched = [(one, 1) for one in draft.event_ids]
        world.deliveries += store.write_alerts(matched, [draft], [delivery], draft.known_at)
    world.alerts = [alert.id for alert in reversed(store.alerts())]
    _attempt(store, world.deliveries[0], AttemptOutcome.ACCEPTED, DeliveryState.DELIVERED, 204)
    _attempt(store, world.deliveries[1], AttemptOutcome.TRANSIENT, DeliveryState.PENDING, 500)


def _rule(name: str, severity: Severity) -> RuleRecord:
    return RuleRecord(
        name, f"rules/{name}.yaml", 1, name.replace("-", " ").capitalize(), severity,
        f"rule: {name}\nmatch:\n  type: weapons.launch\n", "hash", {"desk": "korea"}, loaded_at=T0,
    )  # fmt: skip


def _alert(  # noqa: PLR0917 - a row of data
    rule: str, title: str, severity: Severity, ids: tuple[UUID, ...], roles: dict[str, str], at: datetime
) -> AlertDraft:
    return AlertDraft(
        rule, f"fp-{rule}", {"country": "PRK"}, AlertKind.FIRST, title, severity, {"desk": "korea"},
        f"{len(ids)} event(s) match {rule}.", ids, roles, at,
    )  # fmt: skip


def _attempt(
    store: Store, delivery_id: UUID, outcome: AttemptOutcome, state: DeliveryState, status: int
) -> None:
    next_at = NOW + timedelta(minutes=5) if state is DeliveryState.PENDING else None
    attempt = Attempt(delivery_id, 1, NOW - timedelta(minutes=1), outcome, f"HTTP {status}", status, 35)
    store.record_attempt(attempt, state, next_at, f"answered {status}")
