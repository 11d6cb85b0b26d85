"""Feeds that move, from the redirect to the row: fetcher told what to say, real store, days of time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.model import FeedSpec, FetchFailure
from tocsin.polling import ParserPool, Poller
from tocsin.settings import PollingSettings
from tocsin.store import open_store
from tocsin.testing import FakeClock, FakeFetcher

OLD = "https://old.example/feed"
NEW = "https://new.example/feed"
RSS = (
    '<rss version="2.0"><channel><title>News</title><item><guid>{0}</guid><title>Report {0}</title>'
    "<link>https://new.example/{0}</link></item></channel></rss>"
)
DAY = timedelta(days=1)


class World:
    """A store, a clock and a fetcher; `ask` polls whatever is due."""

    def __init__(self, parser):
        self.clock, self.fetcher = FakeClock(), FakeFetcher()
        self.store = open_store("sqlite://", clock=self.clock)
        self.poller = Poller(self.store, self.fetcher, parser, self.clock, PollingSettings())

    def add(self, *urls):
        self.store.add_feeds([FeedSpec(url) for url in urls], self.clock.now())

    async def ask(self):
        due = self.store.claim_due(self.clock.now(), 10, timedelta(minutes=5), everything=True)
        return {feed.spec.url: (await self.poller.poll(feed)).fetch for feed in due}

    def urls(self):
        return sorted(feed.spec.url for feed in self.store.feeds())


@pytest.fixture
async def world():
    async with ParserPool(20.0) as parser:
        one = World(parser)
        yield one
        one.store.close()


async def test_a_lasting_redirect_changes_the_address(world):
    """After seven days of the same answer the new address is asked, and nothing is asked of the old one."""
    world.add(OLD)
    world.fetcher.reply(OLD, RSS.format(1), moved_to=NEW)
    world.fetcher.reply(NEW, RSS.format(2))
    for day in range(7):
        (fetch,) = (await world.ask()).values()
        assert "noted" in fetch.reason, day
        world.clock.advance(DAY)
    (fetch,) = (await world.ask()).values()
    assert "it has lasted long enough" in fetch.reason
    assert world.urls() == [NEW]
    world.clock.advance(DAY)
    await world.ask()
    assert [request.url for request in world.fetcher.requests] == [OLD] * 8 + [NEW]
    assert world.store.feeds()[0].articles == 2


async def test_a_lasting_redirect_to_a_known_feed_merges(world):
    """Two feeds that turn out to be one are one, with the articles of both and no article twice."""
    world.add(OLD, NEW)
    world.fetcher.reply(OLD, RSS.format(1), moved_to=NEW)
    world.fetcher.reply(NEW, RSS.format(1))
    for _ in range(8):
        await world.ask()
        world.clock.advance(DAY)
    assert world.urls() == [NEW]
    assert world.store.stats()["rows"]["article"] == 1
    polled = await world.ask()
    assert set(polled) == {NEW}
    assert polled[NEW].new == 0


async def test_an_old_address_that_fails_is_left_at_once(world):
    """Noted yesterday, gone today: the feed goes on at the new address without a gap."""
    world.add(OLD)
    world.fetcher.reply(OLD, RSS.format(1), moved_to=NEW).reply(OLD, status=410)
    world.fetcher.reply(NEW, RSS.format(2))
    await world.ask()
    world.clock.advance(DAY)
    (fetch,) = (await world.ask()).values()
    assert fetch.failure is FetchFailure.HTTP_GONE
    assert fetch.next_due_at == world.clock.now()
    assert world.urls() == [NEW]
    (fetch,) = (await world.ask()).values()
    assert fetch.new == 1
    assert world.store.feeds()[0].muted_reason is None


async def test_gone_mutes_until_it_is_added_again(world):
    """410 is asked once; adding the feed wakes it."""
    world.add(OLD)
    world.fetcher.reply(OLD, status=410).reply(OLD, RSS.format(1))
    (fetch,) = (await world.ask()).values()
    assert "not asked again" in fetch.reason
    world.clock.advance(365 * DAY)
    assert await world.ask() == {}
    world.add(OLD)
    (fetch,) = (await world.ask()).values()
    assert fetch.new == 1
