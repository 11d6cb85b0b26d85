"""Bodies that are wrong in every way, served over HTTP, polled, and looked up in the real store."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.model import ArticleQuery, FeedHealth, FeedSpec, FetchFailure, FetchOutcome
from tocsin.polling import HttpFetcher, Poller, poll_once
from tocsin.polling._entries import MAX_ENTRIES
from tocsin.polling._formats import Way
from tocsin.polling._worker import ParserProcess
from tocsin.settings import NetworkSettings, PollingSettings
from tocsin.store import open_store

SETTINGS = PollingSettings(parse_timeout=5)
NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.moment = NOW

    def now(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    one = open_store("sqlite://", clock=clock)
    yield one
    one.close()


class ProcessParser:
    """One worker process for all tests of this file: starting one takes longer than most of them."""

    def __init__(self):
        self.process = ParserProcess(SETTINGS.parse_timeout)

    async def parse(self, body, content_type, url, way=None):
        return await asyncio.to_thread(self.process.parse, body, content_type, url)


@pytest.fixture(scope="module")
def pool():
    one = ProcessParser()
    yield one
    one.process.close()


@pytest.fixture
def poll(store, fetcher, pool, clock):
    poller = Poller(store, fetcher, pool, clock, SETTINGS)

    async def run(*urls):
        """Add these feeds, make one pass, return the feeds as stored and their newest polls."""
        store.add_feeds([FeedSpec(url) for url in urls], clock.now())
        await poll_once(store, poller, clock, SETTINGS, everything=True)
        feeds = [store.feed(url) for url in urls]
        return [(feed, store.fetches(feed.id)[0]) for feed in feeds]

    return run


def rss(*items: str, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()


def item(name="a", date="Tue, 08 Nov 2022 10:00:00 GMT", link="", text="Text"):
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><guid isPermaLink='false'>{name}</guid><title>{name}</title><link>{link}</link>{dated}<description>{text}</description></item>"


BOMB = (
    "<!DOCTYPE b ["
    '<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(10))
    + "]>"
)

FAILING = {
    "html": (
        b"<!DOCTYPE html><html><head><title>Hello</title></head></html>",
        FetchFailure.NOT_A_FEED,
        "HTML page",
    ),
    "empty": (b"", FetchFailure.EMPTY, "empty"),
    "blank": (b" \n\0", FetchFailure.EMPTY, "empty"),
    "truncated": (rss(item())[:90], FetchFailure.MALFORMED, "truncated"),
    "large": (b"<rss>" + b"x" * 20_000_000, FetchFailure.TOO_LARGE, "more than 100000 bytes"),
    "path": (b"/etc/passwd", FetchFailure.NOT_A_FEED, "'/etc/passwd'"),
    "url": (b"http://127.0.0.1:1/feed", FetchFailure.NOT_A_FEED, "text of another kind"),
    "json": (b'{"hello": "world"}', FetchFailure.NOT_A_FEED, "not a JSON Feed"),
    "binary": (bytes(range(256)) * 10, FetchFailure.NOT_A_FEED, "not a feed"),
    "deep-json": (b"[" * 90_000, FetchFailure.MALFORMED, "nests"),
}


@pytest.mark.parametrize("name", list(FAILING))
async def test_failing_bodies(server, poll, name):
    """What is no feed fails with its class, is said in words, and the feed is tried again."""
    body, failure, says = FAILING[name]
    ((feed, fetch),) = await poll(server.says("/feed", body))
    assert (fetch.outcome, fetch.failure) == (FetchOutcome.FAILED, failure)
    assert says in fetch.reason
    assert feed.health is FeedHealth.FAILING
    assert (feed.last_failure, feed.last_detail in fetch.reason) == (failure, True)
    assert feed.next_due_at > NOW


READ = {
    "nul": rss(item()).replace(b"Text", b"Te\0xt"),
    "latin": rss(item(text="Verhör")).decode().encode("latin-1"),
    "unknown-charset": b'<?xml version="1.0" encoding="x-nonsense"?>' + rss(item()),
    "bomb": rss(item(text="&k;"), before=BOMB),
    "external": rss(item(text="&x;"), before='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "deep": rss(item(text="<div>" * 2000 + "Text" + "</div>" * 2000)),
    "geometry": rss(item()).replace(
        b"<guid", b'<gml:pos xmlns:gml="http://www.opengis.net/gml">1 2</gml:pos><guid', 1
    ),
}


@pytest.mark.parametrize("name", list(READ))
async def test_odd_bodies_are_read(server, store, poll, name):
    """Odd bodies give their entry, bounded, and nothing of the machine's files."""
    ((_, fetch),) = await poll(server.says("/feed", READ[name]))
    (found,) = store.articles(ArticleQuery())
    assert fetch.outcome is FetchOutcome.CHANGED
    assert len(found.text) < 10_000
    assert "root:" not in found.text


async def test_gzip_bomb(server, poll):
    """A small packet that unpacks to much is given up at the limit."""
    body = gzip.compress(b"<rss>" + b" " * 50_000_000)
    ((_, fetch),) = await poll(server.says("/feed", body, "200 OK", "Content-Encoding: gzip"))
    assert fetch.failure is FetchFailure.TOO_LARGE


async def test_dates_that_are_not_taken(server, store, poll):
    """No date, year 1 and the future are None, with the reason; never now."""
    dates = ["", "Mon, 01 Jan 0001 00:00:00 GMT", "Tue, 08 Nov 2122 10:00:00 GMT", "soon"]
    body = rss(*(item(f"n{number}", date) for number, date in enumerate(dates)))
    await poll(server.says("/feed", body))
    refusals = {article.title: article.date_refused for article in store.articles(ArticleQuery())}
    assert {article.published for article in store.articles(ArticleQuery())} == {None}
    assert (refusals["n0"], refusals["n1"]) == (None, "year 1")
    assert refusals["n2"].startswith("in the future")
    assert refusals["n3"].startswith("cannot be read")


async def test_javascript_links(server, store, poll):
    """A script is no address: the article stays without one, and the poll says so."""
    ((_, fetch),) = await poll(server.says("/feed", rss(item(link="javascript:alert(1)"))))
    assert store.articles(ArticleQuery())[0].url is None
    assert (fetch.refused, "javascript: address" in fetch.reason) == (1, True)


def numbered(count):
    return rss(*(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(count)))


def flooded(attributes):
    names = " ".join(f'a{n}="1"' for n in range(attributes))
    return rss(item()).replace(b"<guid", f"<x {names}/><guid".encode(), 1)


LARGE = {
    "entries": (numbered(100_000), MAX_ENTRIES, "100000 entries, only the first 5000 are read"),
    "json": (
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": n, "title": f"{n}"} for n in range(100_000)],
            }
        ).encode(),
        MAX_ENTRIES,
        "100000 entries, only the first 5000 are read",
    ),
    "attributes": (flooded(16_000), 1, "attributes beyond the first 100"),
    "more-attributes": (flooded(100_000), 1, "attributes beyond the first 100"),
}


@pytest.mark.parametrize("name", list(LARGE))
async def test_bodies_beyond_measure_are_read(name, server, store, pool, clock):
    """What is within measure is read, what is left out is said, and the limit of time is not what ends it."""
    body, count, says = LARGE[name]
    settings = SETTINGS.model_copy(update={"max_body": len(body), "spacing": 0})
    store.add_feeds([FeedSpec(server.says("/feed", body))], NOW)
    async with HttpFetcher(settings, NetworkSettings(allow_private_addresses=True), "Tocsin/test") as fetcher:
        await poll_once(store, Poller(store, fetcher, pool, clock, settings), clock, settings)
    fetch = store.fetches(store.feeds()[0].id)[0]
    assert (fetch.failure, fetch.entries) == (None, count)
    assert says in fetch.reason


@pytest.mark.parametrize("name", ["entries", "attributes", "more-attributes"])
def test_the_fast_way_is_as_safe(name, pool):
    """A certified feed that goes wild costs no more."""
    body, count, says = LARGE[name]
    parsed = pool.process.parse(body, "", "https://news.example/feed", Way.FAST)
    assert len(parsed.entries) == count
    assert any(says in told for told in parsed.notes)


async def test_redirect_loop_and_gone(server, store, poll, clock):
    """A loop is a failure that is tried again; 410 mutes with a notice, and the feed is not asked again."""
    loop, gone = server.moves("/loop", "/loop"), server.says("/gone", b"", "410 Gone")
    (looped, _), (muted, fetch) = await poll(loop, gone)
    assert looped.last_failure is FetchFailure.REDIRECT_LOOP
    assert (muted.health, muted.muted_reason) == (FeedHealth.MUTED, "gone (410) since 2022-11-09")
    assert fetch.failure is FetchFailure.HTTP_GONE
    clock.moment += timedelta(days=40)
    server.requests.clear()
    await poll()
    assert [path for path, _ in server.requests] == ["/loop"]


async def test_life_of_a_feed(server, store, poll, clock):
    """New, not modified, edited, broken, well again: each poll is a row, articles are revised and never doubled."""
    url = server.says("/feed", rss(item("a"), item("b")), "200 OK", 'ETag: "1"')
    steps = [
        (None, FetchOutcome.CHANGED),
        ((b"", "304 Not Modified"), FetchOutcome.NOT_MODIFIED),
        ((rss(item("a"), item("b")), "200 OK"), FetchOutcome.UNCHANGED),
        ((rss(item("a", text="Edited"), item("b")), "200 OK"), FetchOutcome.CHANGED),
        ((b"", "500 Oh"), FetchOutcome.FAILED),
        ((rss(item("c"), item("a", text="Edited")), "200 OK"), FetchOutcome.CHANGED),
    ]
    for change, outcome in steps:
        if change:
            server.says("/feed", *change)
        clock.moment += timedelta(hours=1)
        ((_, fetch),) = await poll(url)
        assert fetch.outcome is outcome
    articles = {article.title: article for article in store.articles(ArticleQuery())}
    assert sorted(articles) == ["a", "b", "c"]
    assert articles["a"].revision == 2
    assert len(store.article_revisions(articles["a"].id)) == 2
    assert len(store.fetches(store.feed(url).id)) == 6
    assert store.feed(url).failures == 0


async def test_one_article_in_two_feeds(server, store, poll):
    """The same address in two feeds is one article that both carry."""
    link = "https://news.example/story"
    await poll(
        server.says("/one", rss(item("1", link=link))),
        server.says("/two", rss(item("2", link=link + "?utm_source=two"))),
    )
    (found,) = store.articles(ArticleQuery())
    assert (found.url, len(found.feed_ids)) == (link, 2)
