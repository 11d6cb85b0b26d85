"""Sending from a real store to real servers: every failure recorded, nothing lost, delivered on recovery."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from helpers_alerts import SECRET, SENTENCE, TEXT, a_draft, a_mention, a_silence, a_subscriber, an_event
from tocsin.alerting import Notifier, follow_ups, recipients, route, senders
from tocsin.model import (
    ArticleDraft,
    AttemptOutcome,
    DeliveryState,
    EventReason,
    EventRevision,
    EventStatus,
    LinkWrite,
    SubscriberKind,
)
from tocsin.settings import AlertingSettings, EmailSettings, NetworkSettings, Settings
from tocsin.testing import FakeClock, MailSink, SequentialIds, WebhookReceiver, memory_store

ALERTING = AlertingSettings(webhook_timeout=0.5, retry_base=1, retry_for=86_400)


@pytest.fixture
def receiver():
    """A webhook receiver."""
    with WebhookReceiver() as running:
        yield running


@pytest.fixture
def sink():
    """An SMTP server."""
    with MailSink() as running:
        yield running


@pytest.fixture
def clock():
    """Starts now: signatures are checked against the real clock."""
    return FakeClock(datetime.now(UTC))


@pytest.fixture
def store(clock, receiver):
    """A store with one event, its evidence, and a webhook and an email subscriber."""
    made = memory_store(clock=clock, ids=SequentialIds(10_000))
    tell(made, clock)
    made.save_subscriber(a_subscriber(1, address=receiver.url))
    made.save_subscriber(
        a_subscriber(2, kind=SubscriberKind.EMAIL, address="anna@example.org", secret=None, name="anna")
    )
    yield made
    made.close()


@pytest.fixture
async def notifier(store, sink, clock):
    """The stage with the real channels."""
    made = Notifier(store, senders(settings(sink)), clock, ALERTING, "https://tocsin.example")
    yield made
    await made.close()


def settings(sink):
    """Loopback allowed, mail to the sink."""
    return Settings(
        network=NetworkSettings(allow_private_addresses=True),
        alerting=ALERTING,
        email=EmailSettings(host=sink.host, port=sink.port, security="none", sender="tocsin@desk.example"),
    )


def tell(store, clock):
    """One article, its mention, the event it makes."""
    now = clock.now()
    draft = ArticleDraft(
        key="1",
        url="https://harbour.example/1",
        title="Missile over the sea",
        text=TEXT,
        content_hash="1abc",
        published=now,
        date_refused=None,
        seen_at=now,
        known_at=now,
        publisher="Harbour Post",
        owner="Harbour Group",
    )
    (article,) = store.add_articles([draft], publisher=None)
    store.write_mentions(article, 1, [a_mention().mention])
    (mention,) = store.article_mentions(article)
    revise(store, an_event(), EventReason.FIRST_REPORT, article, ((mention.id, an_event().id, "first"),))


def revise(store, event, reason, article, links=()):
    """Write one state of the event."""
    revision = EventRevision(event.id, event.revision, event.last_known, reason, "", {}, event, article)
    store.write_links(LinkWrite(article, links, (revision,)))


def fire(store, drafts, now, **options):
    """Write alerts and their deliveries as the match stage does."""
    made = route(drafts, store.subscribers(enabled_only=True), store.silences(now), now, **options)
    return store.write_alerts([], drafts, made, now)


async def until_done(notifier, store, clock):
    """Let time pass from attempt to attempt until nothing is pending."""
    while pending := store.deliveries(state=DeliveryState.PENDING):
        clock.set(max(clock.now(), min(one.next_attempt_at for one in pending)))
        await notifier.run_due(100)


async def test_an_alert_reaches_both_subscribers_with_its_evidence(store, notifier, receiver, sink, clock):
    """Signed and exact to the character."""
    fire(store, [a_draft()], clock.now())
    assert await notifier.run_due(100) == 2
    body = Webhook(SECRET).verify(receiver.last.body, dict(receiver.last.headers))
    (event,) = body["data"]["events"]
    quote = event["evidence"][0]["quote"]
    assert quote["text"] == TEXT[quote["start"] : quote["end"]] == TEXT[slice(*SENTENCE)]
    assert event["evidence"][0]["article"]["url"] == "https://harbour.example/1"
    assert body["data"]["alert"]["link"].startswith("https://tocsin.example/alerts/")
    assert TEXT[slice(*SENTENCE)] in sink.last.text
    assert {d.state for d in store.deliveries()} == {DeliveryState.DELIVERED}
    assert await notifier.run_due(100) == 0


@pytest.mark.parametrize(
    "case",
    [
        (lambda r: r.answer(500), "HTTP 500"),
        (lambda r: r.hang(), "no answer within 0.5 s"),
        (lambda r: r.redirect("https://elsewhere.example/"), "redirects are not followed"),
        (lambda r: r.hang_up(), "the request failed"),
        (lambda r: r.babble(), "the request failed"),
        (lambda r: r.rate_limit(30), "HTTP 429"),
        (lambda r: r.answer(404, b"x" * 1_000_000), "HTTP 404"),
    ],
)
async def test_a_webhook_that_fails_is_recorded_and_gets_the_message_when_it_recovers(
    store, notifier, receiver, clock, case
):
    """Each way of failing; the same id on every attempt; the email is not held up."""
    spoil, outcome = case
    spoil(receiver)
    fire(store, [a_draft()], clock.now())
    await notifier.run_due(100)
    (waiting,) = store.deliveries(state=DeliveryState.PENDING)
    assert waiting.subscriber_name == "desk-1"
    assert outcome in waiting.log[0].detail
    assert waiting.log[0].outcome is AttemptOutcome.TRANSIENT
    assert outcome in waiting.reason
    assert waiting.next_attempt_at > clock.now()
    assert len(store.deliveries(state=DeliveryState.DELIVERED)) == 1
    receiver.recover()
    await until_done(notifier, store, clock)
    assert store.delivery(waiting.id).state is DeliveryState.DELIVERED
    assert [a.number for a in store.delivery(waiting.id).log] == [1, 2]
    assert len({r.headers["webhook-id"] for r in receiver.requests}) == 1


async def test_a_gone_webhook_fails_and_redelivery_by_hand_works(store, notifier, receiver, clock):
    """410, then the operator repairs it."""
    receiver.answer(410)
    fire(store, [a_draft()], clock.now())
    await notifier.run_due(100)
    (failed,) = store.deliveries(state=DeliveryState.FAILED)
    receiver.recover()
    assert store.redeliver(failed.id, clock.now())
    assert await notifier.run_due(100) == 1
    assert store.delivery(failed.id).state is DeliveryState.DELIVERED


async def test_a_webhook_that_never_recovers_is_given_up_with_every_attempt_logged(
    store, notifier, receiver, clock
):
    """A day of attempts, further and further apart."""
    receiver.answer(503)
    began = clock.now()
    fire(store, [a_draft()], began)
    await until_done(notifier, store, clock)
    (failed,) = store.deliveries(state=DeliveryState.FAILED)
    assert failed.reason.startswith("given up after all attempts")
    assert failed.attempts == len(failed.log) == len(receiver.requests)
    assert failed.log[-1].at == began + timedelta(days=1)
    gaps = [later.at - earlier.at for earlier, later in zip(failed.log, failed.log[1:-1], strict=False)]
    assert gaps == sorted(gaps)


async def test_a_message_sent_but_not_recorded_is_sent_again_after_its_lease(
    store, notifier, receiver, clock
):
    """What a crash leaves behind."""
    fire(store, [a_draft()], clock.now())
    taken = store.claim_deliveries(clock.now(), 10, timedelta(minutes=5))
    assert len(taken) == 2
    assert await notifier.run_due(100) == 0
    clock.advance(timedelta(minutes=6))
    assert await notifier.run_due(100) == 2
    assert len(receiver.requests) == 1


async def test_a_silenced_alert_is_kept_and_not_sent(store, notifier, receiver, clock):
    """Until somebody redelivers it."""
    silence = a_silence(rule="korea-missile-launch")
    now = clock.now()
    store.add_silence(type(silence)(silence.id, silence.matchers, now, now + timedelta(hours=1), "quiet"))
    fire(store, [a_draft()], now)
    assert await notifier.run_due(100) == 0
    assert len(store.deliveries(state=DeliveryState.SILENCED)) == 2
    assert receiver.requests == []


async def test_a_denial_follows_to_those_who_got_the_first_and_threads_under_it(
    store, notifier, receiver, sink, clock
):
    """Webhook and email; a subscriber who came later hears nothing of it; the same denial is not told twice."""
    fire(store, [a_draft()], clock.now())
    await notifier.run_due(100)
    store.save_subscriber(
        a_subscriber(3, kind=SubscriberKind.EMAIL, address="late@example.org", secret=None, name="late")
    )
    (first,) = store.alerts()
    denied = an_event(revision=2, status=EventStatus.DENIED, last_known=clock.advance(60))
    revise(store, denied, EventReason.STATUS_CHANGED, store.event_mentions([denied.id])[0].article_id)
    got = {first.id: recipients(store.deliveries(alert_id=first.id))}
    drafts = follow_ups(an_event(), denied, store.alerts_of_events([denied.id]), clock.now())
    fire(store, drafts, clock.now(), got_first=got)
    fire(store, drafts, clock.now(), got_first=got)
    assert await notifier.run_due(100) == 2
    one, two = (mail.message for mail in sink.messages)
    assert two["In-Reply-To"] == one["Message-ID"]
    assert two["Subject"] == "[critical] Denied: North Korea launches a missile"
    assert receiver.last.json()["type"] == "alert.denied"
    assert receiver.last.json()["data"]["alert"]["follows"] == str(first.id)
    assert {mail.recipients for mail in sink.messages} == {("anna@example.org",)}


async def test_mail_waits_while_no_server_is_set(store, sink, clock):
    """And goes out once there is one."""
    bare = Settings(network=NetworkSettings(allow_private_addresses=True), alerting=ALERTING)
    before = Notifier(store, senders(bare), clock, ALERTING)
    fire(store, [a_draft()], clock.now())
    await before.run_due(100)
    await before.close()
    (waiting,) = store.deliveries(state=DeliveryState.PENDING)
    assert "TOCSIN_EMAIL__HOST" in waiting.reason
    after = Notifier(store, senders(settings(sink)), clock, ALERTING)
    clock.advance(10)
    assert await after.run_due(100) == 1
    await after.close()
    assert len(sink.messages) == 1
