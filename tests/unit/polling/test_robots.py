"""robots.txt, before a page is fetched."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import CoolingDownError
from tocsin.model import FetchFailure, RequestKind
from tocsin.polling import HttpRobots
from tocsin.polling._robots import LONGEST_DELAY, judge_robots
from tocsin.testing import FakeClock, FakeFetcher

ROBOTS = "https://news.example/robots.txt"
PAGE = "https://news.example/world/1"


@pytest.fixture
def site():
    """A fetcher to be told what the site says, a clock and the policy."""
    fetcher, clock = FakeFetcher(), FakeClock()
    return fetcher, clock, HttpRobots(fetcher, clock)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /private", True),
        ("User-agent: tocsin\nDisallow: /world/\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Tocsin\nAllow: /", True),
        ("User-agent: *\nDisallow: /\nAllow: /world/*", True),
        ("User-agent: *\nDisallow: /*1$", False),
        ("", True),
        ("<html>not found</html>", True),
        ("\ufeffUser-agent: *\nDisallow: /", False),
    ],
)
async def test_rules(site, text, allowed):
    """The group that names us, else that for all; the longest rule decides."""
    fetcher, _, robots = site
    fetcher.reply(ROBOTS, text)
    verdict = await robots.allowed(PAGE)
    assert (verdict.allowed, verdict.passing) == (allowed, False)
    assert "robots.txt" in verdict.why
    assert fetcher.requests[0].kind is RequestKind.ROBOTS


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (401, True), (403, True), (410, True), (500, False), (503, False), (429, False)],
)
async def test_statuses(site, status, allowed):
    """No robots.txt allows all; one that cannot be had now allows nothing for now (RFC 9309, 2.3.1)."""
    fetcher, _, robots = site
    fetcher.reply(ROBOTS, status=status)
    verdict = await robots.allowed(PAGE)
    assert (verdict.allowed, verdict.passing) == (allowed, not allowed)
    assert str(status) in verdict.why


@pytest.mark.parametrize(
    ("failure", "allowed"),
    [(FetchFailure.TIMEOUT, False), (FetchFailure.DNS, False), (FetchFailure.REDIRECT_LOOP, True)],
)
async def test_failures(site, failure, allowed):
    """No answer forbids, a circle of redirects counts as none."""
    fetcher, _, robots = site
    fetcher.fail(ROBOTS, failure)
    assert (await robots.allowed(PAGE)).allowed is allowed


async def test_kept_for_a_day(site):
    """One request a host and day; after a failure one an hour."""
    fetcher, clock, robots = site
    fetcher.reply(ROBOTS, "User-agent: *\nDisallow: /").reply(ROBOTS, status=500)
    await asyncio.gather(*(robots.allowed(PAGE) for _ in range(5)))
    clock.advance(timedelta(hours=23))
    await robots.allowed("https://news.example/other")
    assert len(fetcher.requests) == 1
    clock.advance(timedelta(hours=2))
    await robots.allowed(PAGE)
    await robots.allowed(PAGE)
    assert len(fetcher.requests) == 2
    clock.advance(timedelta(hours=1))
    await robots.allowed(PAGE)
    assert len(fetcher.requests) == 3
    await robots.allowed("http://news.example/world")
    assert len(fetcher.requests) == 4


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [("5", 5.0), ("1.5", 1.5), ("9999", LONGEST_DELAY), ("-1", 0.0), ("nan", 0.0), ("x", 0.0)],
)
async def test_crawl_delay(site, delay, seconds):
    """What it wants between two requests, a minute at most."""
    fetcher, _, robots = site
    fetcher.reply(ROBOTS, f"User-agent: *\nCrawl-delay: {delay}")
    assert (await robots.allowed(PAGE)).delay == seconds


async def test_a_rest_passes_up(site):
    """A site that is left alone is not judged."""
    fetcher, clock, robots = site

    class Resting:
        async def fetch(self, _request):
            raise CoolingDownError("x", FetchFailure.HTTP_RATE, until=clock.now())

    with pytest.raises(CoolingDownError):
        await HttpRobots(Resting(), clock).allowed(PAGE)
    assert not (await robots.allowed("mailto:x@news.example")).allowed
    assert not (await robots.allowed("http://[bad")).allowed
    assert fetcher.requests == []


@given(st.binary(max_size=300), st.text(max_size=50))
def test_any_file_gives_a_verdict(body, path):
    """Whatever stands in the file, there is an answer."""
    found = judge_robots(
        "https://news.example", 200, b"User-agent: *\nDisallow: /a\n" + body, FakeClock().now()
    )
    assert isinstance(found.verdict(f"https://news.example/{path}").allowed, bool)
