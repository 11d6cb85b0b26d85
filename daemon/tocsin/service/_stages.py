"""The stages between articles and alerts, each one row at a time: read, decide, write, announce.

A stage that fails leaves its row waiting; the sweep announces it again. Nothing here depends on a
message arriving once or in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol
from uuid import UUID

import structlog

from tocsin.alerting import follow_ups, recipients, route
from tocsin.errors import ExtractionError, ExtractorStartError
from tocsin.extraction import Document, Extraction
from tocsin.model import (
    Alert,
    AlertDraft,
    Article,
    DeliveryState,
    Event,
    EventRevision,
    NewDelivery,
    Subscriber,
)
from tocsin.ports import Clock, Store
from tocsin.rules import Matcher
from tocsin.service._history import StoreHistory
from tocsin.service._metrics import Metrics
from tocsin.timeline import Linker

log = structlog.get_logger("tocsin.stage")

EXTRACT, LINK, MATCH, NOTIFY = "extract", "link", "match", "notify"
TOPICS = (EXTRACT, LINK, MATCH, NOTIFY)

Announce = Callable[[str, Sequence[UUID]], Awaitable[None]]

_TRIES = 3


class Pool(Protocol):
    """What extraction runs in."""

    async def extract(self, document: Document) -> Extraction:
        """Raises `ExtractionError` when a worker died or ran out of time."""
        ...

    async def warm(self) -> None:
        """Load the language model before the first article."""
        ...

    async def close(self) -> None:
        """End the workers."""
        ...


def document_of(article: Article) -> Document:
    """What extraction is told about an article; spans point into its text."""
    return Document(
        text=article.text,
        published=article.published,
        timezone=article.timezone,
        country=article.country,
        publisher=article.publisher,
        language=article.language,
    )


class ExtractStage:
    """Article to mentions, in worker processes."""

    def __init__(self, store: Store, pool: Pool, announce: Announce) -> None:
        self._store = store
        self._pool = pool
        self._announce = announce
        self._failed: dict[UUID, int] = {}

    async def __call__(self, row: UUID) -> str:
        """Work on one article; returns the outcome for logs and metrics."""
        article = await asyncio.to_thread(self._store.article, row)
        if article is None:
            return "gone"
        try:
            result = await self._pool.extract(document_of(article))
        except ExtractorStartError:
            raise  # the article is not to blame
        except ExtractionError as error:
            return await self._give_up(article, error)
        await asyncio.to_thread(
            self._store.write_mentions, row, article.revision, result.mentions, skipped=result.skipped
        )
        self._failed.pop(row, None)
        await self._announce(LINK, [row])
        return "skipped" if result.skipped else "done"

    async def _give_up(self, article: Article, error: ExtractionError) -> str:
        """An article that kills its worker again and again is set aside with the reason, not retried for ever."""
        tries = self._failed[article.id] = self._failed.get(article.id, 0) + 1
        log.warning("extraction failed", article=str(article.id), tries=tries, error=str(error))
        if tries < _TRIES:
            raise error
        del self._failed[article.id]
        await asyncio.to_thread(
            self._store.write_mentions, article.id, article.revision, (), skipped=f"failed: {error.message}"
        )
        await self._announce(LINK, [article.id])
        return "failed"


class LinkStage:
    """Mentions to events and claims, one article at a time."""

    def __init__(self, linker: Linker, announce: Announce) -> None:
        self._linker = linker
        self._announce = announce
        self._lock = asyncio.Lock()

    async def __call__(self, row: UUID) -> str:
        """Link one article."""
        async with self._lock:
            linked = await asyncio.to_thread(self._linker.link, row)
        for revision in linked.revisions:
            log.info(
                "event",
                title=revision.state.title,
                reason=revision.reason.value,
                detail=revision.detail,
                status=revision.state.status.value,
                revision=revision.number,
            )
        await self._announce(MATCH, linked.events)
        return "done"


def decide_alerts(
    event: Event,
    revisions: Sequence[EventRevision],
    prior: Sequence[Alert],
    fired: Sequence[AlertDraft],
) -> list[AlertDraft]:
    """First alerts as rules fired them, then follow-ups for what changed since each earlier alert."""
    versions = {str(event.id): event.revision}
    drafts = [
        replace(
            d, explanation={**d.explanation, "revisions": {**d.explanation.get("revisions", {}), **versions}}
        )
        for d in fired
    ]
    for before, after in pairwise(revisions):
        seen = [a for a in prior if _fired_at_revision(a, event.id) <= before.number]
        if seen:
            drafts += follow_ups(before.state, after.state, seen, after.known_at)
    return drafts


def _fired_at_revision(alert: Alert, event_id: UUID) -> int:
    versions: Mapping[str, int] = alert.draft.explanation.get("revisions", {})
    return versions.get(str(event_id), 1)


def hold_back_old(
    deliveries: Sequence[NewDelivery],
    drafts: Sequence[AlertDraft],
    events: Mapping[UUID, Event],
    max_age: timedelta | None,
    now: datetime,
) -> list[NewDelivery]:
    """Nobody is woken by old news: alerts whose newest text is older than `max_age` are kept, not sent."""
    if max_age is None:
        return list(deliveries)
    old: dict[tuple[str, str], timedelta] = {}
    for draft in drafts:
        ages = [now - (e.first_published or e.first_known) for i in draft.event_ids if (e := events.get(i))]
        if ages and min(ages) > max_age:
            old[draft.rule, draft.fingerprint] = min(ages)
    return [
        d
        if (age := old.get((d.rule, d.alert_fingerprint))) is None or d.state is not DeliveryState.PENDING
        else replace(
            d,
            state=DeliveryState.SILENCED,
            next_attempt_at=None,
            reason=f"published {age.days} days ago: older than alerting.max_age",
        )
        for d in deliveries
    ]


class MatchStage:
    """Events to alerts and the deliveries they make.

    Args:
        store: where events and alerts are.
        clock: stamps what is fired.
        announce: tells the notify stage.
        metrics: counts alerts.
        max_age: alerts on texts published longer ago are kept but not sent; None sends all.
    """

    def __init__(
        self, store: Store, clock: Clock, announce: Announce, metrics: Metrics, max_age: timedelta | None
    ) -> None:
        self._store = store
        self._clock = clock
        self._announce = announce
        self._metrics = metrics
        self._max_age = max_age
        self._history = StoreHistory(store)
        self.rules: Matcher | None = None

    async def __call__(self, row: UUID) -> str:
        """Evaluate the rules on one event's newest revision."""
        return await self._finish(*await asyncio.to_thread(self._match, row))

    async def _finish(self, outcome: str, fired: Sequence[AlertDraft], waiting: Sequence[UUID]) -> str:
        for draft in fired:
            self._metrics.alerts.labels(draft.rule).inc()
            log.warning(
                "alert", rule=draft.rule, kind=draft.kind.value, title=draft.title, reason=draft.reason
            )
        await self._announce(NOTIFY, waiting)
        return outcome

    def _match(self, row: UUID) -> tuple[str, list[AlertDraft], list[UUID]]:
        event = self._store.event(row)
        if event is None or self.rules is None:
            return "gone", [], []
        matched = self.rules.match(event, self._history, event.last_known)
        for error in matched.errors:
            log.error("rule failed", place=f"{error.file}:{error.line}:{error.column}", why=error.message)
        prior = self._store.alerts_of_events([row])
        drafts = decide_alerts(event, self._store.event_revisions(row), prior, matched.alerts)
        new = self._only_new(drafts)
        now = self._clock.now()
        deliveries = self._deliveries(new, event, now)
        waiting = self._store.write_alerts([(event.id, event.revision)], new, deliveries, now)
        return ("fired" if new else "quiet"), new, waiting

    def _only_new(self, drafts: Sequence[AlertDraft]) -> list[AlertDraft]:
        known = {
            rule: self._store.known_fingerprints(rule, [d.fingerprint for d in drafts if d.rule == rule])
            for rule in {d.rule for d in drafts}
        }
        return [d for d in drafts if d.fingerprint not in known[d.rule]]

    def _deliveries(self, new: Sequence[AlertDraft], event: Event, now: datetime) -> list[NewDelivery]:
        if not new:
            return []
        subscribers: Sequence[Subscriber] = self._store.subscribers(enabled_only=True)
        others = {i for d in new for i in d.event_ids} - {event.id}
        events = {event.id: event, **{i: e for i in others if (e := self._store.event(i))}}
        woken = {
            d.follows: recipients(self._store.deliveries(alert_id=d.follows, limit=10_000))
            for d in new
            if d.follows is not None
        }
        routed = route(new, subscribers, self._store.silences(now), now, got_first=woken)
        return hold_back_old(routed, new, events, self._max_age, now)
