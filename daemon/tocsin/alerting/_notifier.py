"""The stage that sends: load, send, decide, record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from tocsin.alerting._retrying import RetryDecision, RetryReason, retry, running_window
from tocsin.model import (
    Alert,
    Article,
    ArticleRevision,
    Attempt,
    AttemptOutcome,
    Delivery,
    Event,
    LinkedMention,
    Span,
    Subscriber,
    SubscriberKind,
)
from tocsin.ports import Clock, DeliveryStore, Outgoing, Sender, SendResult
from tocsin.settings import AlertingSettings

log = structlog.get_logger("tocsin.notify")

SEND_LIMIT = timedelta(minutes=4)  # no channel may take longer, whatever its own settings say
_LEASE = timedelta(minutes=5)  # longer than that, so that no message is taken twice while it is sent

_REASONS = {
    RetryReason.DELIVERED: "delivered",
    RetryReason.BACKOFF: "waits for the next attempt",
    RetryReason.RETRY_AFTER: "the other side asked to wait",
    RetryReason.LAST_TRY: "waits for the last attempt",
    RetryReason.REFUSED: "refused for good",
    RetryReason.GAVE_UP: "given up after all attempts",
}


class NotifyStore(DeliveryStore, Protocol):
    """What sending reads and writes."""

    def alert(self, alert_id: UUID) -> Alert | None:
        """One alert."""
        ...

    def event(self, event_id: UUID, *, as_of: datetime | None = None) -> Event | None:
        """One event."""
        ...

    def event_mentions(self, event_ids: Sequence[UUID], *, active_only: bool = True) -> list[LinkedMention]:
        """What backs these events."""
        ...

    def article(self, article_id: UUID) -> Article | None:
        """One article."""
        ...

    def article_revisions(self, article_id: UUID) -> list[ArticleRevision]:
        """Its texts."""
        ...


class Notifier:
    """Sends what is due.

    A crash between sending and recording sends the message again once its lease is over: at least once,
    never lost. Every attempt carries the same webhook-id or Message-ID, so that receivers can drop the
    second one.
    """

    def __init__(
        self,
        store: NotifyStore,
        senders: Mapping[SubscriberKind, Sender],
        clock: Clock,
        settings: AlertingSettings,
        public_url: str | None = None,
        *,
        send_limit: timedelta = SEND_LIMIT,
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock
        self._settings = settings
        self._public_url = public_url
        self._send_limit = send_limit.total_seconds()
        self._claiming = asyncio.Lock()

    async def run_due(self, limit: int) -> int:
        """Send up to `limit` messages that are due, several at once; returns how many were attempted.

        Errors of the store end the pass after the other messages in flight are done.
        """
        budget = iter(range(limit))
        workers = min(limit, self._settings.concurrency)
        done = await asyncio.gather(*(self._work(budget) for _ in range(workers)), return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        return sum(count for count in done if isinstance(count, int))

    async def deliver(self, delivery: Delivery) -> Attempt:
        """One attempt at one message, recorded. `delivery` must be leased by the caller."""
        began = self._clock.now()
        message = await asyncio.to_thread(self._load, delivery)
        result = message if isinstance(message, SendResult) else await self._send(message, began)
        attempt = self._attempt(delivery, result, began)
        decision = self._decide(delivery, result, attempt)
        reason = _reason(decision, attempt)
        await asyncio.to_thread(
            self._store.record_attempt, attempt, decision.state, decision.next_attempt_at, reason
        )
        _log(delivery, attempt, decision)
        return attempt

    async def close(self) -> None:
        """Give back the connections of the channels."""
        for sender in self._senders.values():
            close = getattr(sender, "close", None)
            if close is not None:
                await close()

    async def _work(self, budget: Iterator[int]) -> int:
        count = 0
        for _ in budget:
            delivery = await self._claim()
            if delivery is None:
                break
            await self.deliver(delivery)
            count += 1
        return count

    async def _claim(self) -> Delivery | None:
        async with self._claiming:  # one writer at a time is what SQLite likes
            now = self._clock.now()
            claimed = await asyncio.to_thread(self._store.claim_deliveries, now, 1, _LEASE)
        return claimed[0] if claimed else None

    async def _send(self, message: Outgoing, now: datetime) -> SendResult:
        kind = message.subscriber.kind
        sender = self._senders.get(kind)
        if sender is None:
            return _transient(f"this process has no channel for {kind.value}")
        try:
            async with asyncio.timeout(self._send_limit):
                return await sender.send(message, now)
        except TimeoutError:
            return _transient(f"the channel took longer than {self._send_limit:g} s")
        except Exception as error:
            log.exception("channel failed", channel=kind.value, delivery=str(message.delivery.id))
            return _transient(f"the channel failed: {type(error).__name__}: {error}")

    def _attempt(self, delivery: Delivery, result: SendResult, began: datetime) -> Attempt:
        ended = self._clock.now()
        took = ended - began
        return Attempt(
            delivery_id=delivery.id,
            number=delivery.attempts + 1,
            at=ended,  # waits count from the end, and so must what is replayed from the log
            outcome=result.outcome,
            detail=result.detail,
            status=result.status,
            duration_ms=max(0, round(took.total_seconds() * 1000)),
        )

    def _decide(self, delivery: Delivery, result: SendResult, attempt: Attempt) -> RetryDecision:
        key = str(delivery.id)
        count, first = running_window(delivery.log, self._settings, key)
        return retry(result, count + 1, first or attempt.at, attempt.at, self._settings, key=key)

    def _load(self, delivery: Delivery) -> Outgoing | SendResult:
        """Everything the message is made of; a result where there is nobody to send to any more."""
        alert = self._store.alert(delivery.alert_id)
        subscriber = self._store.subscriber(delivery.subscriber_id)
        if alert is None:
            return SendResult(AttemptOutcome.PERMANENT, "the alert is no longer stored")
        if subscriber is None or not subscriber.enabled:
            return SendResult(AttemptOutcome.PERMANENT, "the subscriber was removed")
        return load_message(self._store, delivery, alert, subscriber, self._public_url)


def load_message(
    store: NotifyStore, delivery: Delivery, alert: Alert, subscriber: Subscriber, public_url: str | None
) -> Outgoing:
    """The message with its events as they stand now and the sentences that back them."""
    ids = list(alert.draft.event_ids)
    events = tuple(event for id_ in ids if (event := store.event(id_)) is not None)
    evidence = store.event_mentions(ids) or store.event_mentions(ids, active_only=False)
    return Outgoing(
        delivery=delivery,
        alert=alert,
        subscriber=subscriber,
        events=events,
        evidence=tuple(evidence),
        attempt=delivery.attempts + 1,
        link=f"{public_url.rstrip('/')}/alerts/{alert.id}" if public_url else None,
        quotes=_quotes(store, evidence),
    )


def _quotes(store: NotifyStore, evidence: list[LinkedMention]) -> dict[UUID, Span]:
    texts: dict[tuple[UUID, str], str | None] = {}
    quotes = {}
    for linked in evidence:
        key = (linked.article_id, linked.content_hash)
        if key not in texts:
            texts[key] = _text(store, linked)
        text = texts[key]
        start, end = linked.mention.sentence
        if text is not None and 0 <= start < end <= len(text):
            quotes[linked.id] = Span(text[start:end], start, end)
    return quotes


def _text(store: NotifyStore, linked: LinkedMention) -> str | None:
    """The text the mention was read in: of the very revision, known by its hash."""
    article = store.article(linked.article_id)
    if article is None:
        return None
    if article.content_hash == linked.content_hash:
        return article.text
    older = store.article_revisions(linked.article_id)
    return next((one.text for one in older if one.content_hash == linked.content_hash), None)


def _reason(decision: RetryDecision, attempt: Attempt) -> str:
    words = _REASONS[decision.reason]
    return words if decision.reason is RetryReason.DELIVERED else f"{words}: {attempt.detail}"


def _log(delivery: Delivery, attempt: Attempt, decision: RetryDecision) -> None:
    write = log.info if attempt.outcome is AttemptOutcome.ACCEPTED else log.warning
    write(
        "attempt",
        delivery=str(delivery.id),
        subscriber=delivery.subscriber_name,
        number=attempt.number,
        outcome=attempt.outcome.value,
        detail=attempt.detail,
        decision=decision.reason.value,
        next=decision.next_attempt_at and decision.next_attempt_at.isoformat(),
    )


def _transient(detail: str) -> SendResult:
    return SendResult(AttemptOutcome.TRANSIENT, detail)
