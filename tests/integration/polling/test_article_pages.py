"""Pages over real HTTP and in the real worker process: politeness, full text, and pages that mean harm."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tocsin.errors import FetchError
from tocsin.model import FetchFailure, PageReason, PageState, WantedPage
from tocsin.polling import HttpFetcher, HttpRobots, PageFetcher, PageReaderProcess
from tocsin.settings import NetworkSettings, PagesSettings, PollingSettings
from tocsin.testing import FakeClock, memory_store

NOW = datetime(2022, 11, 9, 12, tzinfo=UTC)
TEASER = "North Korea fired a missile on Tuesday, the military said."
STORY = (
    "<p>North Korea fired a missile on Tuesday, the military said, the second launch within a week and one that "
    "drew a protest from Tokyo.</p><p>The missile flew 500 kilometres before it fell into the sea, the Joint "
    "Chiefs of Staff said in a statement that was released in the evening.</p><p>Officials in Washington were "
    "consulting with allies in the region about what to do next.</p>"
)
HTML = "Content-Type: text/html; charset=utf-8"


def page(story=STORY, head=""):
    return (
        f"<html lang='en'><head><title>A launch</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>A launch</h1>{story}</article><footer>Copyright</footer></body></html>"
    ).encode()


@pytest.fixture
async def reader():
    one = PageReaderProcess(timeout=3.0, memory=600_000_000)
    yield one
    await one.close()


@pytest.fixture
async def look(reader):
    """One try at a page, as the daemon makes it."""
    settings = PollingSettings(spacing=0, timeout=2.0)
    store = memory_store()
    async with HttpFetcher(settings, NetworkSettings(allow_private_addresses=True), "Tocsin/test") as fetcher:
        clock = FakeClock(NOW)
        pages = PageFetcher(
            store,
            fetcher,
            HttpRobots(fetcher, clock),
            reader,
            clock=clock,
            settings=PagesSettings(max_body=200_000),
        )

        async def one(url):
            return await pages.look(WantedPage(UUID(int=1), url, "A launch", TEASER, 0, NOW, NOW))

        yield one
    store.close()


async def test_a_page_becomes_text(server, look):
    """robots.txt is asked first, once; the text comes without navigation, headline and footer."""
    server.says("/robots.txt", b"User-agent: *\nDisallow: /private\n", "200 OK", "Content-Type: text/plain")
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2022-11-09"}</script>'
    )
    write = await look(server.says("/launch", page(head=head), "200 OK", HTML))
    assert (write.state, write.reason) == (PageState.DONE, PageReason.FULLER)
    assert write.page.text.startswith("North Korea fired a missile on Tuesday")
    assert "\n\nThe missile flew 500 kilometres" in write.page.text
    assert "Home" not in write.page.text
    assert write.page.facts.modified == datetime(2022, 11, 9, tzinfo=UTC)
    forbidden = await look(server.says("/private/launch", page(), "200 OK", HTML))
    assert (forbidden.state, forbidden.page) == (PageState.ROBOTS, None)
    assert [path for path, _ in server.requests] == ["/robots.txt", "/launch"]
    assert b"text/html" in server.requests[1][1][b"accept"]


async def test_redirects_are_followed_to_the_article_and_no_further_than_its_wall(server, look):
    """To another address, to a login, to the front page."""
    server.says("/launch", page(), "200 OK", HTML)
    server.says("/login", b"<form>Log in</form>", "200 OK", HTML)
    server.says("/", page(), "200 OK", HTML)
    found = await look(server.moves("/short", "/launch"))
    assert (found.state, found.page.facts.url) == (PageState.DONE, server.url("/launch"))
    assert (await look(server.moves("/paid", "/login"))).reason is PageReason.LED_TO_LOGIN
    assert (await look(server.moves("/gone", "/"))).reason is PageReason.OTHER_PAGE


async def test_a_page_behind_a_wall_keeps_its_teaser(server, look):
    """Declared in its data, or said in its words."""
    paid = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    declared = await look(server.says("/declared", page(head=paid), "200 OK", HTML))
    assert (declared.state, declared.reason) == (PageState.PAYWALL, PageReason.DECLARED_PAID)
    lead = f"<p>{TEASER}</p><p>Subscribe to continue reading.</p>"
    asks = await look(server.says("/asks", page(lead), "200 OK", HTML))
    assert (asks.state, asks.reason) == (PageState.PAYWALL, PageReason.ASKS_FOR_MONEY)
    dialogue = (
        "<p>We value your privacy. We and our partners use cookies to store and access personal data. Accept all "
        "or manage options. You can withdraw your consent in the privacy policy at any time.</p>"
    )
    consent = await look(server.says("/consent-first", page(dialogue), "200 OK", HTML))
    assert (consent.state, consent.reason) == (PageState.CONSENT, PageReason.CONSENT_WORDS)


async def test_a_page_that_is_too_large_is_not_read_to_its_end(server, look):
    """Its size limit is that of pages, after decompression."""
    write = await look(server.zips("/bomb", b"<p>x</p>" * 1_000_000, HTML))
    assert (write.state, write.reason) == (PageState.FAILED, PageReason.NO_PAGE)
    assert "200000" in write.note


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 300_000,
        b"<p>" + b"<b><i>" * 100_000 + b"text",
        b"<a " + b"x=1 " * 200_000 + b">text</a>",
        b"<table><tr><td>" * 60_000,
        b'<script type="application/ld+json">' + b"[" * 400_000 + b"</script><p>text</p>",
        b"<!--" * 200_000,
        b"&" * 1_000_000,
        b"\x00" * 1_000_000,
        b"<p>\xff\xfe\xfd</p>" * 50_000,
        b"<svg><foreignObject>" * 50_000,
        b"subscribe to continue " * 40_000,
        b"<meta property='" + b"a" * 1_000_000 + b"' content='x'>",
        b"<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;&b;'>]><p>&c;</p>",
    ],
    ids=range(13),
)
async def test_a_hostile_page_costs_bounded_time(reader, body):
    """It is read or refused within the limit and the start of a process, and the next page is read as ever."""
    started = time.monotonic()
    failure, text = None, ""
    try:
        text = (await reader.read(body, "text/html", "https://news.example/a")).text
    except FetchError as error:
        failure = error.failure
    assert failure in (None, FetchFailure.PARSER, FetchFailure.EMPTY)
    assert len(text) <= 200_000
    assert time.monotonic() - started < 20
    assert "500 kilometres" in (await reader.read(page(), "text/html", "https://news.example/a")).text


async def test_a_reader_that_is_closed_leaves_no_process(reader):
    """Nor one before its first page."""
    assert reader.pid is None
    await reader.read(page(), "text/html", "https://news.example/a")
    pid = reader.pid
    os.kill(pid, 0)
    await reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
