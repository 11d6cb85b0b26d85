"""Pictures and places from the wire to the store and the JSON of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpers_store import NOON
from tocsin.model import ArticleQuery, FeedSpec, FetchOutcome, GeoTag, Media
from tocsin.polling import HttpFetcher, Poller, poll_once
from tocsin.polling._parse import parse_feed
from tocsin.settings import NetworkSettings, PollingSettings
from tocsin.store import open_store
from tocsin.testing import FakeClock

SETTINGS = PollingSettings(spacing=0)
PICTURE = '<media:content url="https://a.example/a.jpg"><media:description>A boat</media:description></media:content>'
POINT = "<georss:point>50.45 30.52</georss:point>"


class Here:
    """Parses in this process."""

    async def parse(self, body, content_type, url, way=None):
        return parse_feed(body, content_type, url)


def rss(inside: str, text: str = "Text") -> bytes:
    return (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss">'
        f"<channel><title>T</title><item><guid isPermaLink='false'>1</guid><title>Bridge</title>"
        f"<description>{text}</description>{inside}</item></channel></rss>"
    ).encode()


@pytest.fixture
def clock():
    return FakeClock(NOON)


@pytest.fixture
def store(clock):
    one = open_store("sqlite://", clock=clock)
    yield one
    one.close()


@pytest.fixture
async def serve(server, store, clock):
    """Serve a document, poll it an hour later, and give the poll and the article."""
    network = NetworkSettings(allow_private_addresses=True)
    async with HttpFetcher(SETTINGS, network, "Tocsin/test") as fetcher:
        poller = Poller(store, fetcher, Here(), clock, SETTINGS)

        async def run(body: bytes):
            url = server.says("/feed", body)
            store.add_feeds([FeedSpec(url)], clock.now())
            clock.advance(timedelta(hours=1))
            await poll_once(store, poller, clock, SETTINGS, everything=True)
            (article,) = store.articles(ArticleQuery())
            return store.fetches(store.feed(url).id)[0], article

        yield run


async def test_media_and_place_are_kept(serve):
    """With their caption, which is no text of the article."""
    _, article = await serve(rss(PICTURE + POINT))
    assert article.media == (Media("https://a.example/a.jpg", description="A boat"),)
    assert article.geo == GeoTag(50.45, 30.52)
    assert article.text == "Bridge\n\nText"


async def test_a_picture_that_comes_later_is_no_edit(serve, store):
    """It is kept without a revision, and nothing is read or rung again."""
    await serve(rss(""))
    (waiting,) = store.waiting_for_extraction(10)
    store.write_mentions(waiting, 1, [])
    fetch, article = await serve(rss(PICTURE))
    assert (fetch.outcome, fetch.changed) == (FetchOutcome.UNCHANGED, 0)
    assert "1 with other media or another place" in fetch.reason
    assert [one.url for one in article.media] == ["https://a.example/a.jpg"]
    assert (article.revision, len(store.article_revisions(article.id))) == (1, 1)
    assert store.waiting_for_extraction(10) == []
    fetch, _ = await serve(rss(PICTURE) + b"\n")
    assert "other media" not in fetch.reason


async def test_an_address_that_is_signed_anew_is_no_change(serve):
    """Some sites put other signatures behind their pictures with every answer."""
    await serve(rss('<media:content url="https://a.example/a.jpg?s=1"/>'))
    fetch, article = await serve(rss('<media:content url="https://a.example/a.jpg?s=2"/>'))
    assert "other media" not in fetch.reason
    assert article.media[0].url.endswith("s=1")


async def test_an_edit_brings_its_media(serve):
    """Also when it takes them away."""
    await serve(rss(PICTURE + POINT))
    fetch, article = await serve(rss("", text="Other text"))
    assert (fetch.changed, article.revision, article.media, article.geo) == (1, 2, (), None)


async def test_media_that_go_alone_are_gone(serve):
    """The newest document counts."""
    await serve(rss(PICTURE + POINT))
    fetch, article = await serve(rss(POINT))
    assert (article.revision, article.media, article.geo) == (1, (), GeoTag(50.45, 30.52))
    assert "other media" in fetch.reason
