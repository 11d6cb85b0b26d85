"""Chat services through Apprise, spoken to over real HTTP."""

import sys
from datetime import UTC, datetime

import pytest

from helpers_alerts import a_message, a_subscriber
from tocsin.alerting import ChatSender
from tocsin.model import AttemptOutcome, SubscriberKind
from tocsin.testing import WebhookReceiver

NOW = datetime(2022, 11, 9, 12, 30, tzinfo=UTC)


@pytest.fixture
def receiver():
    """A running receiver; Apprise's json:// posts to it."""
    with WebhookReceiver() as running:
        yield running


def chat(address):
    """A message to a chat service."""
    return a_message(subscriber=a_subscriber(kind=SubscriberKind.CHAT, address=address, secret=None))


async def test_a_message_reaches_the_service(receiver):
    """Title and text as people read them."""
    result = await ChatSender().send(chat(f"json://127.0.0.1:{receiver.port}/"), NOW)
    assert (result.outcome, result.detail) == (AttemptOutcome.ACCEPTED, "accepted")
    body = receiver.last.json()
    assert body["title"] == "[critical] North Korea launches a missile"
    assert "Pyongyang fired a missile on Tuesday, Seoul said." in body["message"]


async def test_a_service_that_fails_is_tried_again_with_what_it_said(receiver):
    """Apprise's own words are in the log."""
    receiver.answer(500)
    result = await ChatSender().send(chat(f"json://127.0.0.1:{receiver.port}/"), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "error=500" in result.detail


async def test_a_service_that_hangs_costs_the_timeout(receiver):
    """The thread ends by Apprise's own time-outs."""
    receiver.hang()
    result = await ChatSender(timeout=0.3).send(chat(f"json://127.0.0.1:{receiver.port}/?rto=1"), NOW)
    assert (result.outcome, result.detail) == (AttemptOutcome.TRANSIENT, "no answer within 0.3 s")


async def test_an_address_apprise_does_not_know_is_told():
    """However it came into the database; the token in it is not repeated."""
    result = await ChatSender().send(chat("nosuchservice://token"), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "does not know this address" in result.detail
    assert "token" not in result.detail


async def test_without_apprise_the_message_waits_and_says_what_to_install(monkeypatch):
    """Nothing is lost by a missing extra."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = await ChatSender().send(chat("json://127.0.0.1/"), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "pip install tocsin[chat]" in result.detail
