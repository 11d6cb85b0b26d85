"""The stage for pages: robots first, one page a lane at a time, everything written, nothing lost at a stop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from helpers_store import NOON, draft, poll, spec
from tocsin.errors import CoolingDownError, StoreBusyError
from tocsin.model import FetchFailure, PageReason, PageState, RequestKind
from tocsin.polling._page_facts import StatedFacts
from tocsin.polling._page_read import ParsedPage
from tocsin.polling._page_stage import PageFetcher, PageStage
from tocsin.ports import RobotsVerdict
from tocsin.settings import PagesSettings
from tocsin.testing import FakeClock, FakeFetcher, memory_store

TEXT = (
    "Officials said the missile fell into the sea east of the peninsula after a flight of minutes. " * 4
).strip()
HTML = {"Content-Type": "text/html"}


class Robots:
    """Allows what it was not told to forbid."""

    def __init__(self):
        self.forbidden, self.asked, self.delay, self.rests = set(), [], 0.0, None

    async def allowed(self, url):
        self.asked.append(url)
        if self.rests is not None:
            raise CoolingDownError("rests", FetchFailure.HTTP_RATE, until=self.rests)
        return RobotsVerdict(url not in self.forbidden, self.delay, "as told")


class Reader:
    """Finds the same text on every page."""

    async def read(self, body, content_type, url):
        return ParsedPage(StatedFacts(), TEXT, 100)


class Slow(FakeFetcher):
    """Answers when it is let go, and counts what is under way."""

    def __init__(self):
        super().__init__()
        self.open = asyncio.Event()
        self.inside, self.peak, self.under_way = {}, {}, 0

    async def fetch(self, request):
        host = request.url.split("/")[2]
        self.inside[host] = self.inside.get(host, 0) + 1
        self.peak[host] = max(self.peak.get(host, 0), self.inside[host])
        self.under_way = max(self.under_way, sum(self.inside.values()))
        try:
            await self.open.wait()
            return await super().fetch(request)
        finally:
            self.inside[host] -= 1


class World:
    """The stage over a real store in memory."""

    def __init__(self, store, fetcher, concurrency=4):
        self.store, self.fetcher, self.robots, self.clock = store, fetcher, Robots(), FakeClock(NOON)
        self.done = []
        pages = PageFetcher(
            store, fetcher, self.robots, Reader(), clock=self.clock, settings=PagesSettings(tries=2)
        )
        self.stage = PageStage(store, pages, self.clock, concurrency, self._note)
        store.add_feeds([spec("teasers", full_text=True)], NOON)
        self.feed = store.feed("https://teasers.example/rss").id

    async def _note(self, write, waits):
        self.done.append((write.state, waits))

    def articles(self, *urls):
        drafts = [draft(url, "A teaser of a few words.", url=url) for url in urls]
        return self.store.record_poll(poll(self.store, self.feed, *drafts))

    def tells(self, *urls, status=200):
        for url in urls:
            self.fetcher.reply(url, "<p>x</p>", status=status, headers=HTML)

    def states(self, rows):
        return [self.store.page(row).state for row in rows]


@pytest.fixture
def world():
    store = memory_store(clock=FakeClock(NOON))
    yield World(store, FakeFetcher())
    store.close()


def urls(host, count):
    return [f"https://{host}.example/{number}" for number in range(count)]


async def test_pages_are_fetched_and_their_articles_announced(world):
    """With the page's own kind of request, its size limit, and the delay that robots.txt asks for."""
    world.robots.delay = 7.0
    rows = world.articles(*urls("a", 2))
    world.tells(*urls("a", 2))
    await world.stage.drain()
    assert world.done == [(PageState.DONE, True)] * 2
    assert world.states(rows) == [PageState.DONE] * 2
    assert world.store.article(rows[0]).text.endswith(TEXT.strip())
    request = world.fetcher.requests[0]
    assert (request.kind, request.spacing, request.max_body) == (
        RequestKind.PAGE,
        7.0,
        PagesSettings().max_body,
    )


async def test_what_robots_forbid_is_not_asked_for(world):
    """And not tried again."""
    rows = world.articles(*urls("a", 2))
    world.robots.forbidden = {"https://a.example/0"}
    world.tells("https://a.example/1")
    await world.stage.drain()
    assert [one.url for one in world.fetcher.requests] == ["https://a.example/1"]
    assert world.states(rows) == [PageState.ROBOTS, PageState.DONE]


async def test_a_failed_page_comes_back_and_is_given_up(world):
    """After its wait, as often as the settings say."""
    (row,) = world.articles("https://a.example/0")
    world.tells("https://a.example/0", status=500)
    await world.stage.drain()
    assert (world.store.page(row).state, world.store.page(row).due_at) == (
        PageState.WANTED, NOON + timedelta(minutes=10),
    )  # fmt: skip
    await world.stage.drain()
    assert len(world.fetcher.requests) == 1
    world.clock.advance(600)
    await world.stage.drain()
    assert (world.store.page(row).state, world.store.page(row).tries) == (PageState.FAILED, 2)


async def test_a_site_that_rests_is_left_alone(world):
    """Its pages wait and no try is counted."""
    (row,) = world.articles("https://a.example/0")
    world.robots.rests = NOON + timedelta(hours=1)
    await world.stage.drain()
    page = world.store.page(row)
    assert (page.state, page.tries, page.due_at) == (PageState.WANTED, 0, NOON + timedelta(hours=1))
    assert world.fetcher.requests == []


async def test_old_articles_are_settled_without_a_request(world):
    """Not even robots.txt is asked for."""
    old = draft("old", "A teaser.", url="https://a.example/0", published=NOON - timedelta(days=9))
    (row,) = world.store.record_poll(poll(world.store, world.feed, old))
    await world.stage.drain()
    assert world.states([row]) == [PageState.FAILED]
    assert (world.robots.asked, world.fetcher.requests) == ([], [])


async def test_one_page_of_a_site_at_a_time_and_so_many_sites_at_once():
    """However many wait."""
    store = memory_store(clock=FakeClock(NOON))
    fetcher = Slow()
    world = World(store, fetcher, concurrency=2)
    everything = [url for host in "abc" for url in urls(host, 3)]
    rows = world.articles(*everything)
    world.tells(*everything)
    assert await world.stage.fill() == 9
    await asyncio.sleep(0.05)
    assert fetcher.under_way == 2
    fetcher.open.set()
    await world.stage.drain()
    assert set(fetcher.peak.values()) == {1}
    assert fetcher.under_way == 2
    assert set(world.states(rows)) == {PageState.DONE}
    store.close()


async def test_a_flood_of_one_site_does_not_fill_the_stage():
    """What is too much waits in the store."""
    store = memory_store(clock=FakeClock(NOON))
    fetcher = Slow()
    world = World(store, fetcher)
    world.articles(*urls("a", 50), "https://b.example/0")
    await world.stage.fill()
    assert world.stage.waiting <= 21
    assert store.claim_pages(NOON, 100, timedelta(hours=1)) == []
    assert len(store.claim_pages(NOON + timedelta(minutes=1), 100, timedelta(hours=1))) >= 29
    fetcher.open.set()
    await world.stage.stop(1.0)
    store.close()


async def test_a_stop_finishes_what_is_in_work_and_gives_the_rest_back():
    """The rest is due at once for the next start."""
    store = memory_store(clock=FakeClock(NOON))
    fetcher = Slow()
    world = World(store, fetcher)
    rows = world.articles(*urls("a", 3))
    world.tells(*urls("a", 3))
    await world.stage.fill()
    await asyncio.sleep(0.05)
    stopping = asyncio.create_task(world.stage.stop(5.0))
    await asyncio.sleep(0)
    fetcher.open.set()
    await stopping
    assert sorted(world.states(rows)) == [PageState.DONE, PageState.WANTED, PageState.WANTED]
    assert len(store.claim_pages(NOON, 10, timedelta(hours=1))) == 2
    assert await world.stage.fill() == 0
    store.close()


async def test_a_page_that_hangs_is_left_for_the_next_start():
    """A stop does not wait for it longer than it may."""
    store = memory_store(clock=FakeClock(NOON))
    world = World(store, Slow())
    world.articles("https://a.example/0")
    await world.stage.fill()
    await asyncio.sleep(0.05)
    await asyncio.wait_for(world.stage.stop(0.05), 2.0)
    store.close()


async def test_a_store_that_refuses_or_a_crash_does_not_end_the_lane(world, monkeypatch):
    """The page is due again with its lease, the others go on."""
    rows = world.articles(*urls("a", 3))
    world.tells(*urls("a", 3))
    real, troubles = world.store.record_page, [StoreBusyError("locked"), RuntimeError("a bug")]

    def moody(write):
        if troubles:
            raise troubles.pop(0)
        return real(write)

    monkeypatch.setattr(world.store, "record_page", moody)
    await world.stage.drain()
    assert sorted(world.states(rows)) == [PageState.DONE, PageState.WANTED, PageState.WANTED]


async def test_looking_writes_nothing(world):
    """For the command that shows what a page would give."""
    (row,) = world.articles("https://a.example/0")
    world.tells("https://a.example/0")
    pages = world.stage._pages
    write = await pages.look(replace(world.store.wanted_page(row), tries=1))
    assert (write.reason, write.tries) == (PageReason.FULLER, 2)
    assert world.store.page(row).state is PageState.WANTED
