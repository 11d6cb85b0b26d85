"""Webhooks over real HTTP to a receiver that behaves well or badly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from helpers_alerts import OLD_SECRET, SECRET, a_delivery, a_message, a_subscriber
from tocsin.alerting import WebhookSender
from tocsin.alerting._webhook import retry_after
from tocsin.model import AttemptOutcome
from tocsin.settings import NetworkSettings
from tocsin.testing import WebhookReceiver

OPEN = NetworkSettings(allow_private_addresses=True)


@pytest.fixture
def receiver():
    """A running receiver."""
    with WebhookReceiver() as running:
        yield running


@pytest.fixture
async def sender():
    """A sender that gives up after half a second."""
    made = WebhookSender(OPEN, 0.5, "Tocsin/test")
    yield made
    await made.close()


def to(receiver, **changes):
    """A message for the receiver."""
    return a_message(subscriber=a_subscriber(address=receiver.url, **changes))


def now():
    """Signatures are checked against the real clock."""
    return datetime.now(UTC)


async def test_a_message_is_taken_and_its_signature_verifies(receiver, sender):
    """The reference library says so; the id is the delivery's."""
    result = await sender.send(to(receiver), now())
    assert (result.outcome, result.status, result.detail) == (AttemptOutcome.ACCEPTED, 200, "HTTP 200 OK")
    request = receiver.last
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "Tocsin/test"
    assert request.headers["webhook-id"] == str(a_delivery().id)
    assert Webhook(SECRET).verify(request.body, dict(request.headers))["type"] == "alert.first"


async def test_another_secret_or_a_changed_body_does_not_verify(receiver, sender):
    """The signature is worth something."""
    await sender.send(to(receiver), now())
    request = receiver.last
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD_SECRET).verify(request.body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace(b"North", b"South"), dict(request.headers))


@pytest.mark.parametrize(("hours", "signatures"), [(1, 2), (-1, 1)])
async def test_during_a_rotation_both_secrets_verify(receiver, sender, hours, signatures):
    """Until the old one's time is over."""
    until = now() + timedelta(hours=hours)
    await sender.send(to(receiver, old_secret=OLD_SECRET, old_secret_until=until), now())
    headers = dict(receiver.last.headers)
    assert len(headers["webhook-signature"].split()) == signatures
    Webhook(SECRET).verify(receiver.last.body, headers)
    if signatures == 2:
        Webhook(OLD_SECRET).verify(receiver.last.body, headers)


async def test_every_attempt_has_the_same_id_and_body(receiver, sender):
    """So that a receiver can drop the second one."""
    for attempt in (1, 2):
        await sender.send(replace(to(receiver), attempt=attempt), now())
    one, two = receiver.requests
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert one.body == two.body


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_every_2xx_is_accepted(receiver, sender, status):
    """With or without a body."""
    receiver.answer(status)
    assert (await sender.send(to(receiver), now())).outcome is AttemptOutcome.ACCEPTED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 422, 500, 502, 503, 504, 599])
async def test_other_answers_are_tried_again(receiver, sender, status):
    """A receiver that is being moved or repaired answers like this; the body is kept for the log."""
    receiver.answer(status, b"we are\nmoving" + b"." * 1000)
    result = await sender.send(to(receiver), now())
    assert (result.outcome, result.status) == (AttemptOutcome.TRANSIENT, status)
    assert f"HTTP {status}" in result.detail
    assert ": we are moving..." in result.detail
    assert len(result.detail) < 300


async def test_410_ends_the_message(receiver, sender):
    """The receiver wants no more."""
    receiver.answer(410)
    result = await sender.send(to(receiver), now())
    assert (result.outcome, result.detail) == (AttemptOutcome.PERMANENT, "HTTP 410 Gone")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed_and_say_where_they_point(receiver, sender, status):
    """A signed message goes where the operator said and nowhere else."""
    with WebhookReceiver() as elsewhere:
        receiver.redirect(elsewhere.url, status)
        result = await sender.send(to(receiver), now())
        assert elsewhere.requests == []
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert f"to {elsewhere.url}: redirects are not followed; give that address" in result.detail


async def test_an_odd_status_without_a_phrase_is_still_told(receiver, sender):
    """Nothing breaks on it."""
    receiver.answer(399)
    assert (await sender.send(to(receiver), now())).detail == "HTTP 399"


async def test_retry_after_is_read_from_429(receiver, sender):
    """Seconds as they come."""
    receiver.rate_limit(120)
    result = await sender.send(to(receiver), now())
    assert (result.status, result.retry_after) == (429, timedelta(seconds=120))


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta(0)),
        ("120", timedelta(seconds=120)),
        ("9" * 400, timedelta(seconds=10**9)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
        (format_datetime(datetime(2022, 11, 9, 12, 1, tzinfo=UTC), usegmt=True), timedelta(minutes=1)),
        ("Wed, 09 Nov 2022 11:00:00 GMT", timedelta(0)),
        ("Wed, 09 Nov 2022 12:01:00", timedelta(minutes=1)),
        ("Wed, 99 Nov 2022 12:01:00 GMT", None),
    ],
)
def test_retry_after_comes_as_seconds_or_date(value, wait):
    """RFC 9110; nonsense is no wait at all."""
    assert retry_after({"retry-after": value}, datetime(2022, 11, 9, 12, 0, tzinfo=UTC)) == wait


async def test_a_receiver_that_hangs_costs_the_timeout_and_no_more(receiver, sender):
    """And is told as such."""
    receiver.hang()
    began = monotonic()
    result = await sender.send(to(receiver), now())
    assert monotonic() - began < 2
    assert (result.outcome, result.detail) == (AttemptOutcome.TRANSIENT, "no answer within 0.5 s")


async def test_a_slow_drip_after_200_is_accepted_at_once(receiver, sender):
    """The status decides; the body is not waited for."""
    receiver.drip()
    began = monotonic()
    assert (await sender.send(to(receiver), now())).outcome is AttemptOutcome.ACCEPTED
    assert monotonic() - began < 0.4


@pytest.mark.parametrize("status", [200, 500])
async def test_a_huge_body_is_not_read(receiver, sender, status):
    """Fifty megabytes are not taken into memory."""
    if status == 200:
        receiver.flood(50_000_000)
    else:
        receiver.answer(500, b"x" * 5_000_000)
    began = monotonic()
    result = await sender.send(to(receiver), now())
    assert result.status == status
    assert len(result.detail) < 300
    assert monotonic() - began < 1


async def test_an_error_body_that_drips_is_not_waited_for(receiver, sender):
    """What came until the time-out of the excerpt is enough."""
    receiver._tell(
        lambda h: (h.start(503, {"Content-Length": "99"}), h.send_raw(b"busy"), receiver._pause(9)), None
    )
    patient = WebhookSender(OPEN, 5, "Tocsin/test")
    began = monotonic()
    result = await patient.send(to(receiver), now())
    await patient.close()
    assert (result.status, result.detail) == (503, "HTTP 503 Service Unavailable: busy")
    assert monotonic() - began < 3


@pytest.mark.parametrize("verb", ["hang_up", "babble"])
async def test_a_connection_that_breaks_is_tried_again(receiver, sender, verb):
    """With what was wrong in words."""
    getattr(receiver, verb)()
    result = await sender.send(to(receiver), now())
    assert (result.outcome, result.status) == (AttemptOutcome.TRANSIENT, None)
    assert result.detail.startswith("the request failed: ")
    assert len(result.detail) > len("the request failed: ")


async def test_a_receiver_that_is_not_there_is_tried_again(sender):
    """Nobody listens on the port."""
    with WebhookReceiver() as gone:
        message = to(gone)
    result = await sender.send(message, now())
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "the request failed" in result.detail


async def test_a_private_address_is_refused_with_the_setting_that_allows_it(receiver):
    """The guard holds for webhooks too; nothing reaches the receiver."""
    guarded = WebhookSender(NetworkSettings(), 0.5, "Tocsin/test")
    result = await guarded.send(to(receiver), now())
    await guarded.close()
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "loopback" in result.detail
    assert "network.allow_hosts" in result.detail
    assert receiver.requests == []


async def test_a_name_that_does_not_resolve_is_tried_again(sender):
    """A label of 64 letters: refused by the resolver itself, without asking anybody."""
    message = a_message(subscriber=a_subscriber(address=f"http://{'a' * 64}.invalid/hook"))
    assert (await sender.send(message, now())).outcome is AttemptOutcome.TRANSIENT


@pytest.mark.parametrize("address", ["http://[broken/", "nonsense", "http://\x00/"])
async def test_an_address_that_cannot_be_asked_is_no_crash(sender, address):
    """However it came into the database."""
    result = await sender.send(a_message(subscriber=a_subscriber(address=address)), now())
    assert result.outcome is AttemptOutcome.TRANSIENT


async def test_a_subscriber_without_a_secret_is_not_sent_unsigned_messages(receiver, sender):
    """The remedy is one command."""
    result = await sender.send(to(receiver, secret=None), now())
    assert "tocsin subscribers rotate-secret desk-1" in result.detail
    assert receiver.requests == []


async def test_a_damaged_secret_is_a_failure_that_is_told(receiver, sender):
    """Not an exception."""
    result = await sender.send(to(receiver, secret="whsec_!"), now())
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert receiver.requests == []


async def test_a_receiver_that_recovers_gets_the_message(receiver, sender):
    """The same one, after everything that can go wrong went wrong."""
    for spoil in (
        lambda: receiver.answer(500),
        receiver.hang,
        lambda: receiver.redirect("http://x.example/"),
        receiver.hang_up,
    ):
        spoil()
        assert (await sender.send(to(receiver), now())).outcome is AttemptOutcome.TRANSIENT
    receiver.recover()
    assert (await sender.send(to(receiver), now())).outcome is AttemptOutcome.ACCEPTED
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


async def test_a_sender_can_be_closed_unused():
    """Nothing was opened."""
    await WebhookSender(OPEN, 1, "Tocsin/test").close()
