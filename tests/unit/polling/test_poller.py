"""The stage: read, decide, write; and one pass over many feeds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.errors import FeedFormatError, StoreFullError
from tocsin.model import FetchFailure, FetchOutcome
from tocsin.polling import PassReport, Poller, poll_once
from tocsin.settings import PollingSettings
from tocsin.testing import FakeFetcher

SETTINGS = PollingSettings()
URL = "https://news.example/feed"


@pytest.fixture
def fetcher():
    return FakeFetcher()


@pytest.fixture
def poller(store, fetcher, parser, clock):
    return Poller(store, fetcher, parser, clock, SETTINGS)


async def test_poll_stores_what_came(make, poller, store, fetcher, parser):
    """Fetch, parse, decide, write; the articles that wait are told."""
    store.add(make.feed())
    fetcher.reply(URL, b"one", headers={"ETag": '"1"', "Content-Type": "text/xml"})
    parser.answers[b"one"] = make.parsed(make.entry("a"), make.entry("b"))
    result = await poller.poll(make.feed())
    assert (result.fetch.new, len(result.waiting)) == (2, 2)
    assert parser.asked == [(b"one", "text/xml", URL)]
    assert store.held[result.feed.id].etag == '"1"'


async def test_second_poll_is_conditional_and_touches_nothing(make, poller, store, fetcher, parser):
    """Validators go back; 304, and a body that is the same, are not parsed."""
    store.add(make.feed())
    fetcher.reply(URL, b"one", headers={"ETag": '"1"', "Last-Modified": "Mon"}).not_modified(URL).reply(
        URL, b"one"
    )
    parser.answers[b"one"] = make.parsed(make.entry())
    first = await poller.poll(make.feed())
    second = await poller.poll(first.feed)
    third = await poller.poll(second.feed)
    assert [fetch.outcome for fetch in store.log] == [
        FetchOutcome.CHANGED,
        FetchOutcome.NOT_MODIFIED,
        FetchOutcome.UNCHANGED,
    ]
    assert (fetcher.requests[1].etag, fetcher.requests[1].last_modified) == ('"1"', "Mon")
    assert len(parser.asked) == 1
    assert third.waiting == ()


async def test_edit_is_seen_once(make, poller, store, fetcher, parser):
    """An edited entry is written once, unchanged neighbours never."""
    fetcher.reply(URL, b"one").reply(URL, b"two").reply(URL, b"three")
    parser.answers[b"one"] = make.parsed(make.entry("a"), make.entry("b"))
    parser.answers[b"two"] = parser.answers[b"three"] = make.parsed(
        make.entry("a", "Edited"), make.entry("b")
    )
    feed = make.feed()
    for _ in range(3):
        feed = (await poller.poll(feed)).feed
    assert [(fetch.new, fetch.changed) for fetch in store.log] == [(2, 0), (0, 1), (0, 0)]


@pytest.mark.parametrize("failure", list(FetchFailure))
async def test_failures_of_the_request_are_recorded(make, poller, store, fetcher, failure):
    """Whatever the request fails with is a row with its class, not an exception."""
    fetcher.fail(URL, failure, "what happened")
    result = await poller.poll(make.feed())
    assert (result.fetch.failure, result.fetch.outcome) == (failure, FetchOutcome.FAILED)
    assert "what happened" in store.log[0].reason


async def test_failures_of_the_body_are_recorded(make, poller, fetcher, parser):
    """What the parser says of a body is recorded with the status it came with."""
    fetcher.reply(URL, b"<html>")
    parser.answers[b"<html>"] = FeedFormatError("the body is an HTML page", FetchFailure.NOT_A_FEED)
    fetch = (await poller.poll(make.feed())).fetch
    assert (fetch.failure, fetch.http_status) == (FetchFailure.NOT_A_FEED, 200)


async def test_bodies_of_errors_are_not_parsed(make, poller, fetcher, parser):
    """An error page is not given to the parser."""
    fetcher.reply(URL, b"<rss/>", status=500)
    assert (await poller.poll(make.feed())).fetch.failure is FetchFailure.HTTP_SERVER
    assert parser.asked == []


async def test_store_errors_pass(make, poller, store, fetcher):
    """A full disk is no fault of the feed: nothing is written, the error goes up."""
    store.broken = StoreFullError("no space left")
    fetcher.not_modified(URL)
    with pytest.raises(StoreFullError):
        await poller.poll(make.feed())
    assert store.writes == []


def fleet(make, count):
    return [make.feed(number, url=f"https://h{number % 3}.example/{number}") for number in range(count)]


async def test_pass_over_due_feeds(make, poller, store, fetcher, clock):
    """Feeds that are due are asked once; those that are not wait."""
    feeds = fleet(make, 7)
    store.add(*feeds[:-1], make.changed(feeds[-1], next_due_at=make.now + timedelta(hours=1)))
    for feed in feeds:
        fetcher.not_modified(feed.spec.url)
    seen = []
    report = await poll_once(
        store, poller, clock, SETTINGS, progress=lambda _, done, total: seen.append((done, total))
    )
    assert report.feeds == 6
    assert report.outcomes == {FetchOutcome.NOT_MODIFIED: 6}
    assert seen == [(number, 6) for number in range(1, 7)]
    assert (await poll_once(store, poller, clock, SETTINGS)).feeds == 0


async def test_everything_asks_each_once(make, poller, store, fetcher, clock):
    """With `everything` feeds that are not due are asked too, each once; failures are counted by class."""
    feeds = [make.changed(feed, next_due_at=make.now + timedelta(hours=1)) for feed in fleet(make, 5)]
    store.add(*feeds)
    for feed in feeds[1:]:
        fetcher.not_modified(feed.spec.url)
    fetcher.fail(feeds[0].spec.url, FetchFailure.DNS)
    report = await poll_once(store, poller, clock, SETTINGS, everything=True)
    assert (report.feeds, report.failures) == (5, {FetchFailure.DNS: 1})
    assert len(fetcher.requests) == 5


async def test_a_full_disk_ends_the_pass_and_gives_leases_back(make, poller, store, fetcher, clock):
    """Feeds that were claimed and not written can be claimed again at once."""
    feeds = fleet(make, 6)
    store.add(*feeds)
    store.broken = StoreFullError("no space left")
    with pytest.raises(StoreFullError):
        await poll_once(store, poller, clock, SETTINGS)
    store.broken = None
    assert len(store.claim_due(make.now, 100, timedelta(minutes=1))) == 6


def test_report_counts():
    """An empty pass has nothing to tell."""
    assert (PassReport().feeds, PassReport().waiting) == (0, 0)
