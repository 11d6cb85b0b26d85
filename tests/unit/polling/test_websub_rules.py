"""What a WebSub subscriber checks and decides."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tocsin.model import Hub, HubState, HubSubscription
from tocsin.polling._decide import NOTHING_KNOWN, drafts_of
from tocsin.polling._learning import hub_is_silent
from tocsin.polling._websub import (
    Step,
    asked,
    callback_of,
    hub_of,
    next_step,
    request_form,
    signature_fits,
    verify,
)

NOW = datetime(2022, 11, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUBSCRIPTION = HubSubscription(UUID(int=5), "https://hub.example/", "https://news.example/feed", "s" * 64)
ACTIVE = replace(SUBSCRIPTION, state=HubState.ACTIVE, asked_at=NOW, lease_until=NOW + 10 * DAY)
ASKED = replace(SUBSCRIPTION, state=HubState.ASKED, asked_at=NOW)
QUERY = {
    "hub.mode": "subscribe",
    "hub.topic": SUBSCRIPTION.topic,
    "hub.challenge": "c",
    "hub.lease_seconds": "600",
}


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_signatures(method):
    """An HMAC of the body under the secret, whatever the case of its letters."""
    digest = hmac.new(b"key", b"body", getattr(hashlib, method.lower())).hexdigest()
    assert signature_fits(f"{method}={digest}", "key", b"body")
    assert signature_fits(f"{method}={digest.upper()}", "key", b"body")
    assert not signature_fits(f"{method}={digest}", "key", b"bodY")
    assert not signature_fits(f"{method}={digest}", "kez", b"body")


@pytest.mark.parametrize(
    "header", ["", "sha256", "sha256=", "md5=5d41402abc4b2a76b9719d911017c592", "=", "sha256=é"]
)
def test_no_signature(header):
    """What is no signature of a known method fits nothing."""
    assert not signature_fits(header, "key", b"body")


@pytest.mark.parametrize(
    ("subscription", "after", "polled", "step"),
    [
        (SUBSCRIPTION, DAY, True, Step.SUBSCRIBE),
        (ASKED, HOUR, True, Step.NONE),
        (ASKED, 6 * HOUR, True, Step.SUBSCRIBE),
        (replace(ASKED, state=HubState.REFUSED), 23 * HOUR, True, Step.NONE),
        (replace(ASKED, state=HubState.REFUSED), DAY, True, Step.SUBSCRIBE),
        (ACTIVE, 7 * DAY, True, Step.NONE),
        (ACTIVE, 7.5 * DAY, True, Step.SUBSCRIBE),
        (ACTIVE, 11 * DAY, True, Step.SUBSCRIBE),
        (ACTIVE, HOUR, False, Step.UNSUBSCRIBE),
        (SUBSCRIPTION, HOUR, False, Step.FORGET),
        (replace(ASKED, state=HubState.LEAVING), HOUR, False, Step.NONE),
        (replace(ASKED, state=HubState.LEAVING), DAY, False, Step.FORGET),
    ],
)
def test_next_step(subscription, after, polled, step):
    """Asked once, again when a hub forgets to verify, renewed at three quarters, left when the feed goes."""
    assert next_step(subscription, NOW + after, polled=polled) is step


def test_a_hub_that_does_not_renew_is_asked_ever_sooner_but_not_without_pause():
    """Between two requests lie five minutes, as long as that leaves time."""
    late = NOW + 9 * DAY
    renewing = asked(ACTIVE, "subscribe", None, late)
    assert (renewing.state, renewing.lease_until) == (HubState.ACTIVE, ACTIVE.lease_until)
    assert next_step(renewing, late + timedelta(minutes=4), polled=True) is Step.NONE
    assert next_step(renewing, late + 23 * HOUR, polled=True) is Step.SUBSCRIBE


def test_verification():
    """The challenge goes back, and the lease is the one the hub tells."""
    verdict = verify(ASKED, QUERY, NOW, 864_000)
    assert (verdict.status, verdict.body) == (200, "c")
    assert verdict.subscription.state is HubState.ACTIVE
    assert verdict.subscription.lease_until == NOW + timedelta(minutes=10)


@pytest.mark.parametrize("told", ["", "forever", "-5", "²"])
def test_a_lease_nobody_can_read_is_the_one_asked_for(told):
    """A hub that tells none grants what was asked."""
    verdict = verify(ASKED, QUERY | {"hub.lease_seconds": told}, NOW, 1200)
    assert verdict.subscription.lease_until == NOW + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("subscription", "changed"),
    [
        (None, {}),
        (SUBSCRIPTION, {}),
        (ASKED, {"hub.topic": "https://evil.example/"}),
        (ASKED, {"hub.challenge": ""}),
        (ASKED, {"hub.mode": "unsubscribe"}),
        (ASKED, {"hub.mode": "dance"}),
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(subscription, changed):
    """404, and nothing changes."""
    verdict = verify(subscription, QUERY | changed, NOW, 600)
    assert (verdict.status, verdict.subscription, verdict.ended) == (404, None, False)


def test_denial():
    """A hub may deny at any time; the feed is polled again."""
    query = {"hub.mode": "denied", "hub.topic": ACTIVE.topic, "hub.reason": "too many"}
    denied = verify(ACTIVE, query, NOW, 600).subscription
    assert (denied.state, denied.lease_until) == (HubState.REFUSED, None)
    assert "too many" in denied.note


def test_the_form_of_a_request():
    """The callback cannot be guessed from the feed; the secret is told when subscribing only."""
    form = request_form("subscribe", "https://desk.example/t/", SUBSCRIPTION, 600)
    assert form["hub.callback"].startswith("https://desk.example/t/websub/00000000-")
    assert (form["hub.secret"], form["hub.lease_seconds"]) == (SUBSCRIPTION.secret, "600")
    assert "hub.secret" not in request_form("unsubscribe", "https://desk.example", SUBSCRIPTION, 600)
    other = replace(SUBSCRIPTION, secret="t" * 64)
    assert callback_of("https://a", SUBSCRIPTION) != callback_of("https://a", other)


def test_the_hub_of_an_answer(make):
    """The header comes before the document; without rel=self the topic is the address itself."""
    parsed = make.parsed(hubs=("https://doc.example/",), topic="https://news.example/self")
    assert hub_of({}, parsed, "https://f.example") == Hub("https://doc.example/", "https://news.example/self")
    header = {"link": '<https://head.example/>; rel="hub"'}
    assert hub_of(header, None, "https://f.example") == Hub("https://head.example/", "https://f.example")
    assert hub_of({}, make.parsed(), "https://f.example") is None


@pytest.mark.parametrize(
    ("published", "pushed_until", "silent"),
    [
        (NOW - HOUR, NOW + DAY, True),
        (None, NOW + DAY, True),
        (NOW - timedelta(minutes=5), NOW + DAY, False),
        (NOW - HOUR, NOW, False),
        (NOW - HOUR, None, False),
    ],
)
def test_silence(make, published, pushed_until, silent):
    """News older than ten minutes that the hub should have sent; a hub that owes nothing is not silent."""
    entry = make.entry(dates=() if published is None else (published.isoformat(),))
    drafts = drafts_of(make.feed(), make.parsed(entry), NOTHING_KNOWN, NOW)
    assert hub_is_silent(make.feed(pushed_until=pushed_until), drafts, NOW) is silent
