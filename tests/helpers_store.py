"""A small world for tests of the store: drafts, mentions, events and claims that say what the test is about."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from helpers_events import PYONGYANG, make_event, on
from tocsin.model import (
    Actor,
    AlertDraft,
    AlertKind,
    ArticleDraft,
    Claim,
    ClaimKey,
    ClaimStance,
    ClaimStatus,
    DeliveryState,
    Event,
    EventReason,
    EventRevision,
    FeedSpec,
    Fetch,
    FetchOutcome,
    LinkWrite,
    Mention,
    MentionStatus,
    NewDelivery,
    Party,
    Place,
    PollWrite,
    Proposition,
    RevisionReason,
    Severity,
    Span,
    Stance,
    Subscriber,
    SubscriberKind,
    Thing,
)
from tocsin.store import SqlStore

NOON = datetime(2022, 11, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCUSED = ClaimKey("arms.transfer", ("PRK",), ("RUS",))
BODY = (
    "North Korea fired a ballistic missile towards the sea on Wednesday morning, the South Korean military "
    "said, the second launch within a week."
)


def draft(key: str = "a", body: str = BODY, **changed: Any) -> ArticleDraft:
    """An article under its key; what is said about it by name."""
    title = changed.pop("title", f"Launch reported ({key})")
    text = f"{title}\n\n{body}"
    seen = changed.pop("seen_at", NOON)
    fields: dict[str, Any] = {
        "key": key,
        "url": f"https://news.example/{key}",
        "title": title,
        "text": text,
        "content_hash": "1" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "published": seen - HOUR,
        "date_refused": None,
        "seen_at": seen,
        "known_at": seen,
    }
    return ArticleDraft(**{**fields, **changed})


def edited(known: UUID | None, key: str = "a", body: str = "An edited body.", **changed: Any) -> ArticleDraft:
    """The same article with another text."""
    return draft(key, body, article_id=known, reason=RevisionReason.EDITED, **changed)


def spec(name: str = "feed", **changed: Any) -> FeedSpec:
    """A feed on its own host."""
    fields: dict[str, Any] = {
        "url": f"https://{name}.example/rss",
        "title": f"The {name}",
        "publisher": f"{name.title()} Press",
        "owner": f"{name.title()} Group",
        "country": "KOR",
        "timezone": "Asia/Seoul",
    }
    return FeedSpec(**{**fields, **changed})


def add_feed(store: SqlStore, name: str = "feed", **changed: Any) -> UUID:
    """A feed in the store; its id."""
    wanted = spec(name, **changed)
    store.add_feeds([wanted], NOON)
    found = store.feed(wanted.url)
    assert found is not None
    return found.id


def poll(
    store: SqlStore, feed_id: UUID, *drafts: ArticleDraft, at: datetime = NOON, **state: Any
) -> PollWrite:
    """What one poll writes."""
    feed = store.feed(feed_id)
    assert feed is not None
    outcome = FetchOutcome.CHANGED if drafts else FetchOutcome.NOT_MODIFIED
    fetch = Fetch(feed_id, at, outcome, "as scheduled", 200, entries=len(drafts), next_due_at=at + HOUR)
    fields: dict[str, Any] = {
        "next_due_at": at + HOUR,
        "last_polled_at": at,
        "last_ok_at": at,
        "last_outcome": outcome,
    }
    return PollWrite(fetch, replace(feed, **{**fields, **state}), drafts)


def told(store: SqlStore, *keys: str, feed: str = "feed", at: datetime = NOON, **changed: Any) -> list[UUID]:
    """Articles of a feed under these keys, polled at a time; their ids."""
    feed_id = add_feed(store, feed)
    drafts = [draft(key, seen_at=at, **changed) for key in keys]
    return store.record_poll(poll(store, feed_id, *drafts, at=at))


def span_of(text: str, words: str) -> dict[str, Any]:
    """Where words stand in a text, as keyword arguments of any span."""
    start = text.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def launch(text: str, **changed: Any) -> Mention:
    """What extraction reads in `BODY`: a dated launch with every kind of span."""
    north, south = span_of(text, "North Korea"), span_of(text, "South Korean military")
    fields: dict[str, Any] = {
        "type": "weapons.launch.missile",
        "status": MentionStatus.HAPPENED,
        "trigger": Span(**span_of(text, "fired")),
        "sentence": (text.index("North"), len(text)),
        "source": (Actor(**north, name="North Korea", country="PRK", sector="GOV"),),
        "target": (Actor(**south, name="South Korea", country="KOR", sector="MIL"),),
        "objects": (Thing("weapon", **span_of(text, "ballistic missile"), name="missile", count=1),),
        "place": Place(**span_of(text, "the sea"), name="Sea of Japan", lat=40.0, lon=135.0),
        "when": replace(
            on(date(2022, 11, 9), text="on Wednesday"),
            span=(text.index("on Wednesday"), text.index("on Wednesday") + 12),
        ),
        "claim": Proposition(
            "weapons.launch",
            source=(Actor(**north, country="PRK"),),
            target=(Actor(**south, country="KOR"),),
            trigger=Span(**span_of(text, "launch")),
            objects=(Thing("weapon", **span_of(text, "missile")),),
        ),
        "attribution": (Actor(**south, name="South Korea", country="KOR"),),
        "confidence": 0.75,
        "severity": "critical",
        "pattern": "fire-weapon",
    }
    return Mention(**{**fields, **changed})


def extracted(store: SqlStore, article_id: UUID, *mentions: Mention) -> list[UUID]:
    """Mentions of the newest revision (a launch when none is given); their ids."""
    article = store.article(article_id)
    assert article is not None
    store.write_mentions(article_id, article.revision, mentions or [launch(article.text)])
    return [found.id for found in store.article_mentions(article_id)]


def revision(event: Event, known_at: datetime | None = None, **changed: Any) -> EventRevision:
    """The revision that brings an event to its state."""
    fields: dict[str, Any] = {
        "event_id": event.id,
        "number": event.revision,
        "known_at": known_at or event.last_known,
        "reason": EventReason.FIRST_REPORT if event.revision == 1 else EventReason.CORROBORATED,
        "detail": "first told",
        "changes": {"owners": [[], list(event.owners)]},
        "state": event,
    }
    return EventRevision(**{**fields, **changed})


def first(number: int = 1, **changed: Any) -> Event:
    """An event at its first revision, known at noon."""
    fields: dict[str, Any] = {"revision": 1, "first_known": NOON, "last_known": NOON, "place": PYONGYANG}
    return make_event(number, **{**fields, **changed})


def put_events(store: SqlStore, *events: Event, key: str = "carrier") -> UUID:
    """Events told by one article; the article's id. Each mention of the article backs one of them."""
    known = store.add_articles([draft(key)], publisher="Harbour Post")
    article_id = known[0]
    article = store.article(article_id)
    assert article is not None
    ids = extracted(store, article_id, *[launch(article.text) for _ in events])
    links = tuple((mention, event.id, "same") for mention, event in zip(ids, events, strict=True))
    store.write_links(LinkWrite(article_id, links, tuple(revision(event) for event in events)))
    return article_id


def update_event(store: SqlStore, article_id: UUID, event: Event, known_at: datetime) -> None:
    """One more revision of an event."""
    store.write_links(LinkWrite(article_id, (), (revision(event, known_at, article_id=article_id),)))


def stance(claim_id: UUID, event: UUID, article: UUID, **changed: Any) -> ClaimStance:
    """Somebody says so, at noon."""
    fields: dict[str, Any] = {
        "claim_id": claim_id,
        "stance": Stance.ASSERT,
        "party": Party("United States", "USA", "GOV"),
        "event_id": event,
        "article_id": article,
        "on": date(2022, 11, 8),
        "known_at": NOON,
    }
    return ClaimStance(**{**fields, **changed})


def claim(claim_id: UUID, *stances: ClaimStance, **changed: Any) -> Claim:
    """North Korea supplied arms to Russia, as somebody says."""
    fields: dict[str, Any] = {
        "id": claim_id,
        "key": ACCUSED,
        "text": "North Korea supplied arms to Russia",
        "status": ClaimStatus.ASSERTED,
        "first_known": min((s.known_at for s in stances), default=NOON),
        "last_known": max((s.known_at for s in stances), default=NOON),
        "stances": stances,
    }
    return Claim(**{**fields, **changed})


def alert_draft(fingerprint: str = "f1", *events: UUID, **changed: Any) -> AlertDraft:
    """A firing of the launch rule."""
    fields: dict[str, Any] = {
        "rule": "korea-launch",
        "fingerprint": fingerprint,
        "group": {"country": "PRK"},
        "kind": AlertKind.FIRST,
        "title": "North Korea launches a missile",
        "severity": Severity.CRITICAL,
        "labels": {"desk": "korea"},
        "reason": "one event matches",
        "event_ids": events,
        "roles": {"launch": str(events[0])} if events else {},
        "known_at": NOON,
        "explanation": {"matched": ["type"]},
    }
    return AlertDraft(**{**fields, **changed})


def a_subscriber(number: int = 1, **changed: Any) -> Subscriber:
    """A webhook."""
    fields: dict[str, Any] = {
        "id": UUID(int=9000 + number),
        "name": f"desk-{number}",
        "kind": SubscriberKind.WEBHOOK,
        "address": f"https://desk.example/{number}",
        "secret": "whsec_c2VjcmV0",
        "rules": ("korea-launch",),
        "labels": {"desk": "korea"},
        "created_at": NOON,
    }
    return Subscriber(**{**fields, **changed})


def new_delivery(subscriber: Subscriber, fingerprint: str = "f1", **changed: Any) -> NewDelivery:
    """A message for a subscriber, due at noon."""
    fields: dict[str, Any] = {
        "alert_fingerprint": fingerprint,
        "rule": "korea-launch",
        "subscriber_id": subscriber.id,
        "state": DeliveryState.PENDING,
        "next_attempt_at": NOON,
        "reason": "the subscriber takes this rule",
    }
    return NewDelivery(**{**fields, **changed})


def whole_world(store: SqlStore) -> dict[str, Any]:
    """A row in every table: one story from the feed to the attempt at delivery. Ids of what came out."""
    article_id = told(store, "story")[0]
    mention_id = extracted(store, article_id)[0]
    event = first()
    accusation = claim(UUID(int=7), stance(UUID(int=7), event.id, article_id), about_event_id=event.id)
    link = LinkWrite(article_id, ((mention_id, event.id, "first report"),), (revision(event),), (accusation,))
    store.write_links(link)
    subscriber = a_subscriber()
    store.save_subscriber(subscriber)
    waiting = store.write_alerts(
        [(event.id, 1)], [alert_draft("f1", event.id)], [new_delivery(subscriber)], NOON
    )
    return {
        "article": article_id,
        "mention": mention_id,
        "event": event,
        "delivery": waiting[0],
        "link": link,
    }
