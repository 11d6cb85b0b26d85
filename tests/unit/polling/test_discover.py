"""Finding the feeds of a site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling import discover, look_at
from tocsin.polling._discover import feed_links, news_sitemaps, sitemap_lines
from tocsin.polling._parse import parse_feed
from tocsin.testing import FakeFetcher

NOW = datetime(2022, 11, 9, tzinfo=UTC)
SITE = "https://news.example/"
FEED = b"""<rss version="2.0"><channel><title>World</title><item><title>T</title>
<pubDate>Tue, 08 Nov 2022 10:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = b"""<html><head><base href="https://news.example/en/"><link rel="alternate" type="application/rss+xml" href="world.xml">
<link rel="alternate" type="text/html" href="/de"><link rel="Alternate" type="APPLICATION/ATOM+XML" href="">
<link rel=stylesheet href=x.css></head><body><a href="/sport/rss">Sport</a><a href="mailto:a@b">m</a></body></html>"""


class InlineParser:
    async def parse(self, body, content_type, url, way=None):
        return parse_feed(body, content_type, url)


@pytest.fixture
def site():
    return FakeFetcher()


async def test_a_feed_is_found_at_once(site):
    """The address of a feed is that feed, with its newest date."""
    site.reply(SITE, FEED)
    (look,) = await discover(SITE, site, InlineParser(), NOW)
    assert (look.url, look.title, look.newest) == (SITE, "World", datetime(2022, 11, 8, 10, 0, tzinfo=UTC))


async def test_link_tags_then_links(site):
    """Link tags and links that look like feeds are tried; what is no feed is left out."""
    site.reply(SITE, PAGE).reply("https://news.example/en/world.xml", FEED)
    site.reply("https://news.example/sport/rss", b"<html></html>")
    assert [look.url for look in await discover(SITE, site, InlineParser(), NOW)] == [
        "https://news.example/en/world.xml"
    ]


async def test_usual_paths(site):
    """A page that names no feed may have one at the usual paths; one feed under two paths is one."""
    site.reply(SITE, b"<html><body>hello</body></html>")
    site.reply("https://news.example/rss", FEED).reply(
        "https://news.example/feed", FEED, moved_to="https://news.example/rss"
    )
    (look,) = await discover(SITE, site, InlineParser(), NOW)
    assert look.url == "https://news.example/rss"


async def test_nothing(site):
    """No feed is an empty list."""
    site.reply(SITE, b"<html><body>hello</body></html>")
    assert await discover(SITE, site, InlineParser(), NOW) == []


async def test_a_site_that_cannot_be_reached(site):
    """Failures of the page itself are told."""
    site.fail(SITE, FetchFailure.DNS)
    with pytest.raises(FetchError):
        await discover(SITE, site, InlineParser(), NOW)


async def test_look_at_error_page(site):
    """An error status is no feed, whatever its body."""
    site.reply(SITE, FEED, status=404)
    with pytest.raises(FetchError, match="404"):
        await look_at(SITE, site, InlineParser(), NOW)


async def test_look_without_dates(site):
    """A feed without dates has no newest."""
    site.reply(SITE, FEED.replace(b"pubDate", b"when"))
    assert (await look_at(SITE, site, InlineParser(), NOW)).newest is None


def test_links_are_resolved_and_once():
    """Relative to the base of the page, web addresses only, each once."""
    assert feed_links(PAGE, SITE) == ["https://news.example/en/world.xml", "https://news.example/sport/rss"]
    assert feed_links(b'<a href="/feed">a</a><a href="/feed">b</a>', SITE) == ["https://news.example/feed"]


async def test_the_page_is_asked_for_once(site):
    """A page that is no feed is fetched a single time, and each address that is tried, too."""
    site.reply(SITE, b"<html><a href=/feed>feed</a></html>")
    await discover(SITE, site, InlineParser(), NOW)
    asked = [request.url for request in site.requests]
    assert asked.count(SITE) == asked.count("https://news.example/feed") == 1


SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/a</loc><news:news>
<news:publication><news:name>N</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2022-11-08T10:00:00Z</news:publication_date><news:title>T</news:title></news:news></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://news.example/map/pages.xml</loc></sitemap>
<sitemap><loc>https://news.example/map/news-1.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize(
    ("answers", "found", "how"),
    [
        ({"robots.txt": b"Sitemap: /n.xml", "n.xml": SITEMAP}, "n.xml", "a sitemap"),
        ({"sitemap_news.xml": SITEMAP}, "sitemap_news.xml", "a sitemap"),
        (
            {
                "robots.txt": b"User-agent: *\nSITEMAP: https://news.example/index.xml\n",
                "index.xml": INDEX,
                "map/news-1.xml": SITEMAP,
            },
            "map/news-1.xml",
            "a sitemap of an index",
        ),
    ],
)
async def test_sitemaps(site, answers, found, how):
    """Where no feed is, a news sitemap is found by robots.txt, usual paths and indexes."""
    site.reply(SITE, b"<html><body>hello</body></html>")
    for path, body in answers.items():
        site.reply(SITE + path, body)
    (look,) = await discover(SITE, site, InlineParser(), NOW)
    assert (look.url, look.found_by, look.feed.kind) == (SITE + found, how, "sitemap")
    assert "https://news.example/map/pages.xml" not in [request.url for request in site.requests]


def test_sitemap_lines():
    """News first; other schemes and other lines are left out."""
    robots = b"Disallow: /x\nSitemap: /a.xml\nsitemap:https://o.example/news.xml\nSitemap: ftp://a/b\n\xff"
    assert sitemap_lines(robots, SITE) == ["https://o.example/news.xml", "https://news.example/a.xml"]
    assert sitemap_lines(b"", SITE) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>", SITEMAP, b'<!DOCTYPE s [<!ENTITY a "b">]><sitemapindex/>', b"<sitemapindex/>"]
)
def test_no_index(body):
    """What is no index of sitemaps names none."""
    assert news_sitemaps(body) == []
