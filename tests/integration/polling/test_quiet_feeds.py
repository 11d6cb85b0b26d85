"""Quiet feeds in a real store, as the daemon counts them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from tocsin.model import (
    EventQuery,
    EventReason,
    FeedSpec,
    Fetch,
    FetchOutcome,
    Phase,
    PollWrite,
    Subscriber,
    SubscriberKind,
)
from tocsin.polling import Poller, decide_poll
from tocsin.polling._decide import NOTHING_KNOWN
from tocsin.polling._parse import parse_feed
from tocsin.polling._rhythm import learn
from tocsin.ports import FetchResponse
from tocsin.service import Runtime, SystemIds
from tocsin.service._bus import InProcessBus
from tocsin.service._daemon import Daemon
from tocsin.settings import FeedsSettings, NetworkSettings, PollingSettings, Settings
from tocsin.testing import FakeClock, WebhookReceiver

NOW = datetime(2022, 11, 9, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
async def runtime(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'db.sqlite'}")
    runtime = Runtime(settings)
    yield runtime
    await runtime.close()


def write(store, url, **state):
    feed = replace(store.feed(url), last_outcome=FetchOutcome.UNCHANGED, **state)
    store.record_poll(PollWrite(Fetch(feed.id, NOW, FetchOutcome.UNCHANGED, "told"), feed))


async def test_counted_for_the_metric(runtime):
    """Feeds that are polled and quiet count; muted, removed and lively ones do not; a restart changes nothing."""
    store, quiet = runtime.store, NOW - timedelta(days=1)
    urls = [f"https://{name}.example/rss" for name in ("quiet", "lively", "muted", "removed")]
    store.add_feeds([FeedSpec(url) for url in urls], NOW)
    write(store, urls[0], quiet_since=quiet)
    write(store, urls[1])
    write(store, urls[2], quiet_since=quiet, muted_reason="gone (410)")
    write(store, urls[3], quiet_since=quiet)
    store.remove_feed(urls[3])
    assert store.count_quiet_feeds() == 1
    assert store.feed(urls[0]).quiet_since == quiet
    await Daemon(runtime)._count_quiet()
    assert runtime.metrics.registry.get_sample_value("tocsin_feeds_quiet") == 1
    write(store, urls[0], quiet_since=None)
    await Daemon(runtime)._count_quiet()
    assert runtime.metrics.registry.get_sample_value("tocsin_feeds_quiet") == 0


def silent(store, url, at):
    """Write the poll at `at` of a feed that posted every hour until three days before; returns its write."""
    store.add_feeds([FeedSpec(url, title="The Paper", publisher="Paper", country="FRA")], at)
    end = at - timedelta(days=3)
    rhythm = learn(None, [end - timedelta(hours=number) for number in range(28 * 24)], end)
    feed = replace(store.feed(url), rhythm=rhythm, last_ok_at=end)
    return polled(store, feed, at, FetchResponse(url, 304, {}, b"", 5))


def polled(store, feed, at, answer, parsed=None):
    found = decide_poll(feed, answer, parsed, NOTHING_KNOWN, now=at, settings=PollingSettings())
    store.record_poll(found)
    return found


async def test_a_silence_is_on_the_timeline_for_who_asks(runtime):
    """Found by type, id and feed event; lists, counts and the live stream of the world leave it out."""
    store = runtime.store
    [told] = silent(store, "https://paper.example/rss", NOW).events
    assert store.event(told.event_id).title == "The feed The Paper has gone quiet"
    for asked in (
        EventQuery(types=("feed",)),
        EventQuery(types=("feed.quiet",)),
        EventQuery(ids=(str(told.event_id),)),
    ):
        assert [event.id for event in store.events(asked)] == [told.event_id]
        assert store.count_events(asked) == 1
    for asked in (EventQuery(), EventQuery(actor="FRA"), EventQuery(as_of=NOW + timedelta(days=1))):
        assert store.events(asked) == []
        assert store.count_events(asked) == 0
    assert store.changes(0) == []
    assert store.changes(None) == []
    assert store.waiting_for_rules(9) == [told.event_id]


async def test_an_entry_ends_it_with_a_revision(runtime):
    """Written again nothing changes, and a silence from before there were such events is ended all the same."""
    store, url = runtime.store, "https://paper.example/rss"
    found = silent(store, url, NOW)
    back = NOW + timedelta(days=2)
    entry = f"<item><title>Back</title><link>https://paper.example/1</link><pubDate>{format_datetime(back)}</pubDate></item>"
    body = f"<rss version='2.0'><channel><title>The Paper</title>{entry}</channel></rss>".encode()
    parsed = parse_feed(body, "application/rss+xml", url)
    write = polled(store, found.feed, back, FetchResponse(url, 200, {}, body, 5), parsed)
    [event] = store.events(EventQuery(types=("feed.quiet",)))
    assert (event.phase, event.revision) == (Phase.HAPPENED, 2)
    assert [one.reason for one in store.event_revisions(event.id)] == [
        EventReason.OBSERVED,
        EventReason.ENDED,
    ]
    store.record_poll(replace(write, articles=()))
    assert len(store.event_revisions(event.id)) == 2
    early = replace(found.feed, quiet_since=NOW - timedelta(days=9))
    polled(store, early, back, FetchResponse(url, 200, {}, body, 5), parsed)
    assert store.count_events(EventQuery(types=("feed.quiet",))) == 2


async def test_a_rule_rings_once_for_it(tmp_path):
    """From the poll to the mail: the shipped rule, one message for one silence."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'db.sqlite'}",
        network=NetworkSettings(allow_private_addresses=True),
        feeds=FeedsSettings(shipped=False),
    )
    runtime = Runtime(settings, clock=FakeClock(NOW))
    with WebhookReceiver() as receiver:
        runtime.load_rules()
        runtime.store.save_subscriber(
            Subscriber(SystemIds().new(), "desk", SubscriberKind.WEBHOOK, receiver.url, SECRET)
        )
        [told] = silent(runtime.store, "https://paper.example/rss", NOW).events
        assert await runtime.match(told.event_id) == "fired"
        assert await runtime.match(told.event_id) == "quiet"
        await runtime.notifier.run_due(9)
    await runtime.close()
    [request] = receiver.requests
    sent = json.loads(request.body)
    assert (sent["data"]["alert"]["rule"], sent["data"]["alert"]["severity"]) == ("feed-quiet", "info")
    [event] = sent["data"]["events"]
    assert (event["type"], event["when"]["basis"], event["evidence"]) == ("feed.quiet", "observed", [])


class Answering:
    """A fetcher with one answer."""

    def __init__(self, answer):
        self.answer = answer

    async def fetch(self, request):
        return replace(self.answer, url=request.url)

    async def close(self):
        """Nothing is open."""


async def polled_by_daemon(runtime, feed, answer):
    """One poll as the daemon does it; what it logged, and what the rules were told of."""
    runtime.poller = Poller(
        runtime.store, Answering(answer), runtime.parser, runtime.clock, PollingSettings()
    )
    daemon = Daemon(runtime)
    with capture_logs() as logs:
        await daemon._poll(feed)
    return [(entry["event"], entry["log_level"]) for entry in logs]


async def test_the_daemon_warns_of_feeds_that_end(tmp_path):
    """Of one gone quiet, whose event goes to the rules at once, and of one that is muted by its 410."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'db.sqlite'}")
    end = NOW - timedelta(days=3)
    bus = Announced()
    runtime = Runtime(settings, clock=FakeClock(NOW), bus=bus)
    runtime.store.add_feeds(
        [FeedSpec("https://paper.example/rss"), FeedSpec("https://gone.example/rss")], NOW
    )
    rhythm = learn(None, [end - timedelta(hours=number) for number in range(28 * 24)], end)
    quiet = replace(runtime.store.feed("https://paper.example/rss"), rhythm=rhythm, last_ok_at=end)
    logs = await polled_by_daemon(runtime, quiet, FetchResponse("", 304, {}, b"", 5))
    assert ("feed gone quiet", "warning") in logs
    [event] = runtime.store.events(EventQuery(types=("feed.quiet",)))
    assert bus.told["match"] == [str(event.id)]
    gone = runtime.store.feed("https://gone.example/rss")
    logs = await polled_by_daemon(runtime, gone, FetchResponse("", 410, {}, b"", 5))
    assert ("feed muted, not asked any more", "warning") in logs
    assert "410" in runtime.store.feed("https://gone.example/rss").muted_reason
    await runtime.close()


class Announced(InProcessBus):
    """A bus that remembers."""

    def __init__(self):
        super().__init__()
        self.told = defaultdict(list)

    async def publish(self, topic, ids):
        ids = list(ids)
        self.told[topic] += ids
        await super().publish(topic, ids)
