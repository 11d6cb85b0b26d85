"""The stage that sends, with a store of dictionaries."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from helpers_alerts import (
    NOON,
    SENTENCE,
    TEXT,
    a_delivery,
    a_mention,
    a_subscriber,
    an_alert,
    an_event,
)
from tocsin.alerting import Notifier, backoff
from tocsin.errors import StoreBusyError
from tocsin.model import (
    Article,
    ArticleRevision,
    AttemptOutcome,
    DeliveryState,
    RevisionReason,
    SubscriberKind,
)
from tocsin.settings import AlertingSettings
from tocsin.testing import FakeClock, FakeSender, numbered_id

SETTINGS = AlertingSettings(concurrency=3)


def an_article(**changes):
    """The article the mention stands in."""
    article = Article(
        id=numbered_id(301),
        url="https://harbour.example/1",
        title="Missile over the sea",
        text=TEXT,
        content_hash="1abc",
        revision=1,
        published=NOON,
        first_seen=NOON,
        known_at=NOON,
        publisher="Harbour Post",
        owner="Harbour Group",
        country=None,
        timezone=None,
        language="en",
        author=None,
        backfilled=False,
    )
    return replace(article, **changes)


class Rows:
    """What `Notifier` asks of a store, over dictionaries."""

    def __init__(self):
        self.alerts = {an_alert().id: an_alert()}
        self.people = {a_subscriber().id: a_subscriber()}
        self.events = {an_event().id: an_event()}
        self.mentions = [a_mention()]
        self.articles = {an_article().id: an_article()}
        self.revisions = []
        self.waiting = {}
        self.leased = set()
        self.busy = 0

    def put(self, delivery):
        self.waiting[delivery.id] = delivery

    def alert(self, alert_id):
        return self.alerts.get(alert_id)

    def subscriber(self, id_):
        return self.people.get(id_)

    def event(self, event_id, *, as_of=None):
        return self.events.get(event_id)

    def event_mentions(self, event_ids, *, active_only=True):
        return [m for m in self.mentions if m.event_id in event_ids and (m.active or not active_only)]

    def article(self, article_id):
        return self.articles.get(article_id)

    def article_revisions(self, article_id):
        return self.revisions

    def claim_deliveries(self, now, limit, lease):
        due = [
            d
            for d in self.waiting.values()
            if d.state is DeliveryState.PENDING and d.next_attempt_at <= now and d.id not in self.leased
        ][:limit]
        self.leased |= {d.id for d in due}
        return due

    def record_attempt(self, attempt, state, next_attempt_at, reason):
        if self.busy:
            self.busy -= 1
            raise StoreBusyError("locked")
        old = self.waiting[attempt.delivery_id]
        self.leased.discard(old.id)
        self.waiting[old.id] = replace(
            old,
            state=state,
            next_attempt_at=next_attempt_at,
            attempts=attempt.number,
            reason=reason,
            log=(*old.log, attempt),
        )


@pytest.fixture
def rows():
    """A store with one alert, one subscriber and one message that waits."""
    made = Rows()
    made.put(a_delivery())
    return made


@pytest.fixture
def sender():
    """A webhook channel."""
    return FakeSender()


@pytest.fixture
def clock():
    """Noon."""
    return FakeClock(NOON)


@pytest.fixture
def notifier(rows, sender, clock):
    """The stage with a page."""
    return Notifier(rows, {SubscriberKind.WEBHOOK: sender}, clock, SETTINGS, "https://tocsin.example/")


async def test_a_message_that_is_due_is_sent_and_recorded(rows, sender, notifier):
    """With events, evidence, exact sentences and the address of the page."""
    assert await notifier.run_due(10) == 1
    (message,) = sender.accepted
    assert message.alert == an_alert()
    assert message.events == (an_event(),)
    assert message.link == f"https://tocsin.example/alerts/{an_alert().id}"
    (quote,) = message.quotes.values()
    assert quote.text == TEXT[quote.start : quote.end] == TEXT[slice(*SENTENCE)]
    stored = rows.waiting[a_delivery().id]
    assert (stored.state, stored.attempts, stored.reason) == (DeliveryState.DELIVERED, 1, "delivered")


async def test_without_a_page_there_is_no_link(rows, sender, clock):
    """The alert is whole without it."""
    await Notifier(rows, {SubscriberKind.WEBHOOK: sender}, clock, SETTINGS).run_due(1)
    assert sender.sent[0].link is None


async def test_nothing_due_is_nothing_done(rows, sender, notifier, clock):
    """A message for later is left alone."""
    rows.put(a_delivery(next_attempt_at=NOON + timedelta(seconds=1)))
    assert await notifier.run_due(10) == 0
    assert await notifier.run_due(0) == 0
    clock.advance(1)
    assert await notifier.run_due(10) == 1


async def test_a_failure_waits_and_is_delivered_when_the_other_side_recovers(rows, sender, notifier, clock):
    """Three attempts, each in the log."""
    sender.fail("HTTP 500", times=2)
    assert await notifier.run_due(10) == 1
    stored = rows.waiting[a_delivery().id]
    assert stored.state is DeliveryState.PENDING
    assert stored.next_attempt_at == NOON + backoff(1, SETTINGS, str(stored.id))
    assert stored.reason == "waits for the next attempt: HTTP 500"
    for _ in range(2):
        clock.set(rows.waiting[stored.id].next_attempt_at)
        await notifier.run_due(10)
    stored = rows.waiting[stored.id]
    assert stored.state is DeliveryState.DELIVERED
    assert [a.outcome for a in stored.log] == [AttemptOutcome.TRANSIENT] * 2 + [AttemptOutcome.ACCEPTED]
    assert [a.number for a in stored.log] == [1, 2, 3]
    assert {m.delivery.id for m in sender.sent} == {stored.id}


async def test_a_retry_after_is_kept(rows, sender, notifier):
    """The other side is not asked before."""
    sender.fail(status=429, retry_after=timedelta(hours=1))
    await notifier.run_due(1)
    stored = rows.waiting[a_delivery().id]
    assert stored.next_attempt_at == NOON + timedelta(hours=1)
    assert stored.reason.startswith("the other side asked to wait")


async def test_a_refusal_for_good_is_not_tried_again(rows, sender, notifier, clock):
    """It can be redelivered by hand."""
    sender.refuse("HTTP 410 Gone")
    await notifier.run_due(1)
    assert rows.waiting[a_delivery().id].reason == "refused for good: HTTP 410 Gone"
    clock.advance(timedelta(days=30))
    assert await notifier.run_due(1) == 0


async def test_a_message_is_given_up_after_retry_for_and_redelivery_begins_anew(
    rows, sender, notifier, clock
):
    """Three days; by hand it gets three days more."""
    sender.fail(times=1000)
    while rows.waiting[a_delivery().id].state is DeliveryState.PENDING:
        clock.set(rows.waiting[a_delivery().id].next_attempt_at)
        await notifier.run_due(1)
    stored = rows.waiting[a_delivery().id]
    assert stored.state is DeliveryState.FAILED
    assert clock.now() == NOON + timedelta(days=3)
    assert stored.reason.startswith("given up after all attempts")
    clock.advance(timedelta(days=1))
    rows.put(replace(stored, state=DeliveryState.PENDING, next_attempt_at=clock.now()))
    await notifier.run_due(1)
    assert rows.waiting[stored.id].next_attempt_at == clock.now() + backoff(1, SETTINGS, str(stored.id))


async def test_a_crash_between_sending_and_recording_sends_the_same_message_again(rows, sender, notifier):
    """At least once, with the same id; nothing is lost."""
    rows.busy = 1
    with pytest.raises(StoreBusyError):
        await notifier.run_due(1)
    rows.leased.clear()  # the lease is over
    assert await notifier.run_due(1) == 1
    assert [m.delivery.id for m in sender.sent] == [a_delivery().id] * 2
    assert rows.waiting[a_delivery().id].attempts == 1


async def test_a_store_error_does_not_stop_the_messages_in_flight(rows, sender, notifier):
    """The others are recorded; the error is told."""
    rows.put(a_delivery(2))
    rows.put(a_delivery(3))
    rows.busy = 1
    with pytest.raises(StoreBusyError):
        await notifier.run_due(3)
    states = [d.state for d in rows.waiting.values()]
    assert states.count(DeliveryState.DELIVERED) == 2


async def test_a_bug_in_a_channel_is_an_attempt_like_any_other(rows, sender, notifier):
    """Recorded, retried."""
    sender.crash(RuntimeError("bug"))
    await notifier.run_due(1)
    (attempt,) = rows.waiting[a_delivery().id].log
    assert (attempt.outcome, attempt.detail) == (
        AttemptOutcome.TRANSIENT,
        "the channel failed: RuntimeError: bug",
    )


async def test_a_channel_that_never_ends_is_ended(rows, clock):
    """Before its lease is over."""

    class Endless:
        async def send(self, message, now):
            await asyncio.sleep(3600)

    quick = timedelta(seconds=0.05)
    await Notifier(rows, {SubscriberKind.WEBHOOK: Endless()}, clock, SETTINGS, send_limit=quick).run_due(1)
    assert rows.waiting[a_delivery().id].log[0].detail == "the channel took longer than 0.05 s"


async def test_a_kind_without_a_channel_waits(rows, clock):
    """Another process may have it."""
    await Notifier(rows, {}, clock, SETTINGS).run_due(1)
    stored = rows.waiting[a_delivery().id]
    assert stored.state is DeliveryState.PENDING
    assert stored.log[0].detail == "this process has no channel for webhook"


@pytest.mark.parametrize("how", ["gone", "disabled"])
async def test_a_removed_subscriber_ends_the_message(rows, sender, notifier, how):
    """Nothing is sent."""
    rows.people = {} if how == "gone" else {a_subscriber().id: a_subscriber(enabled=False)}
    await notifier.run_due(1)
    assert rows.waiting[a_delivery().id].reason == "refused for good: the subscriber was removed"
    assert sender.sent == []


async def test_an_alert_that_was_pruned_ends_the_message(rows, sender, notifier):
    """Nothing is sent."""
    rows.alerts.clear()
    await notifier.run_due(1)
    assert rows.waiting[a_delivery().id].state is DeliveryState.FAILED
    assert sender.sent == []


async def test_messages_go_out_several_at_once_and_one_that_hangs_holds_up_no_other(rows, clock):
    """Ten messages, three at once; the first waits until all others are sent."""
    others = asyncio.Event()
    sent = []

    class Channel(FakeSender):
        async def send(self, message, now):
            if not sent:
                sent.append(message)
                await others.wait()
                return await super().send(message, now)
            sent.append(message)
            if len(sent) == 10:
                others.set()
            return await super().send(message, now)

    for number in range(2, 11):
        rows.put(a_delivery(number))
    notifier = Notifier(rows, {SubscriberKind.WEBHOOK: Channel()}, clock, SETTINGS)
    async with asyncio.timeout(5):
        assert await notifier.run_due(100) == 10
    assert all(d.state is DeliveryState.DELIVERED for d in rows.waiting.values())


async def test_the_limit_holds(rows, sender, notifier):
    """The rest is for the next pass."""
    for number in range(2, 11):
        rows.put(a_delivery(number))
    assert await notifier.run_due(4) == 4
    assert len(sender.sent) == 4


async def test_two_mentions_of_one_article_read_its_text_once(rows, sender, notifier):
    """Each has its own quote."""
    rows.mentions.append(replace(a_mention(2), article_id=numbered_id(301)))
    asked = []
    rows.article = lambda id_: asked.append(id_) or rows.articles.get(id_)
    await notifier.run_due(1)
    assert len(sender.sent[0].quotes) == 2
    assert len(asked) == 1


async def test_quotes_come_from_the_very_revision_the_mention_was_read_in(rows, sender, notifier):
    """An article edited since gives the old text by its hash."""
    rows.articles = {numbered_id(301): an_article(text="All new.", content_hash="1new", revision=2)}
    rows.revisions = [
        ArticleRevision(numbered_id(301), 1, "", TEXT, "1abc", NOON, NOON, NOON, RevisionReason.FIRST_SEEN)
    ]
    await notifier.run_due(1)
    (quote,) = sender.sent[0].quotes.values()
    assert quote.text == TEXT[slice(*SENTENCE)]


@pytest.mark.parametrize("how", ["article gone", "revision gone", "text shortened"])
async def test_a_text_that_is_no_longer_kept_gives_no_quote(rows, sender, notifier, how):
    """Never other words in its place."""
    changed = {
        "article gone": {},
        "revision gone": {numbered_id(301): an_article(content_hash="1new")},
        "text shortened": {numbered_id(301): an_article(text="")},
    }
    rows.articles = changed[how]
    await notifier.run_due(1)
    assert sender.accepted[0].quotes == {}


async def test_a_retracted_event_brings_the_words_that_were_taken_back(rows, sender, notifier):
    """Withdrawn mentions stand in where no active one is left."""
    rows.mentions = [replace(a_mention(), active=False)]
    await notifier.run_due(1)
    assert len(sender.sent[0].evidence) == 1


async def test_closing_closes_the_channels_that_can_be_closed(rows, clock):
    """FakeSender cannot; this one can."""

    class Closing(FakeSender):
        closed = False

        async def close(self):
            self.closed = True

    channel = Closing()
    both = {SubscriberKind.WEBHOOK: channel, SubscriberKind.EMAIL: FakeSender()}
    await Notifier(rows, both, clock, SETTINGS).close()
    assert channel.closed


async def test_the_time_a_channel_took_is_in_the_log(rows, clock):
    """And the wait counts from its end."""

    class Slow(FakeSender):
        async def send(self, message, now):
            clock.advance(7)
            return await super().send(message, now)

    await Notifier(rows, {SubscriberKind.WEBHOOK: Slow().fail()}, clock, SETTINGS).run_due(1)
    stored = rows.waiting[a_delivery().id]
    assert stored.log[0].duration_ms == 7000
    assert stored.next_attempt_at == NOON + timedelta(seconds=7) + backoff(1, SETTINGS, str(stored.id))
