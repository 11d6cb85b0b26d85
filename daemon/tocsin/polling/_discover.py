"""Finding the feeds of a site, and looking at one feed without storing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from tocsin.errors import FetchError
from tocsin.model import FeedSpec, FetchFailure
from tocsin.polling._dates import judge_dates
from tocsin.polling._formats import ParsedFeed, Parser
from tocsin.polling._trouble import status_failure
from tocsin.polling._xml import XmlError, read_xml
from tocsin.ports import Fetcher, FetchRequest, FetchResponse

_TYPES = frozenset(
    (
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/xml", "text/xml", "application/x-rss+xml", "application/json"),
    )
)
_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed/", "/feeds/news.xml")
_SITEMAPS = (
    "/sitemap_news.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap.xml",
    "/sitemap_index.xml",
)
_INDEXES = 3  # of sitemaps that are looked into
_MOST = 20  # addresses tried of each kind


@dataclass(frozen=True, slots=True)
class Look:
    """What a feed is like now."""

    url: str  # where it is after redirects
    feed: ParsedFeed
    newest: datetime | None  # publication of its newest entry
    moved_to: str | None = None
    dates: tuple[datetime, ...] = ()  # of its entries, those that can be trusted
    found_by: str = "its address"  # for people: link, usual path, sitemap

    @property
    def title(self) -> str | None:
        """As the feed names itself."""
        return self.feed.title


async def look_at(
    url: str, fetcher: Fetcher, parser: Parser, now: datetime, spec: FeedSpec | None = None
) -> Look:
    """Fetch and parse one address, with headers and proxy of `spec`. Raises `FetchError`: why it is no feed."""
    request = FetchRequest(url)
    if spec is not None:
        request = FetchRequest(url, headers=dict(spec.headers), proxy=spec.proxy)
    return await _read(await fetcher.fetch(request), parser, now)


async def _read(answer: FetchResponse, parser: Parser, now: datetime) -> Look:
    failure = status_failure(answer)
    if failure is not None:
        raise failure
    feed = await parser.parse(answer.body, answer.headers.get("content-type", ""), answer.url)
    dates = tuple(at for entry in feed.entries if (at := judge_dates(entry.dates, now)[0]))
    return Look(answer.url, feed, max(dates, default=None), answer.moved_to, dates)


async def discover(url: str, fetcher: Fetcher, parser: Parser, now: datetime) -> list[Look]:
    """The feeds of a page: itself, what its links name, else the usual paths, else news sitemaps.

    Raises `FetchError` when the page itself cannot be had.
    """
    answer = await fetcher.fetch(FetchRequest(url))
    try:
        return [await _read(answer, parser, now)]
    except FetchError as error:
        if error.failure not in (FetchFailure.NOT_A_FEED, FetchFailure.MALFORMED):
            raise
    search = _Search(fetcher, parser, now)
    paths = [urljoin(answer.url, path) for path in _PATHS]
    return (
        await search.good(feed_links(answer.body, answer.url), "a link of the page")
        or await search.good(paths, "a usual path")
        or await search.sitemaps(answer.url)
    )


class _Search:
    """Tries addresses of one site; what cannot be had is no feed, and each is asked for once."""

    def __init__(self, fetcher: Fetcher, parser: Parser, now: datetime) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._now = now
        self._tried: set[str] = set()

    async def good(self, urls: list[str], how: str) -> list[Look]:
        """Those that are feeds; one that several addresses lead to is there once."""
        looks: dict[str, Look] = {}
        for url in [url for url in urls if url not in self._tried][:_MOST]:
            self._tried.add(url)
            try:
                look = await look_at(url, self._fetcher, self._parser, self._now)
            except FetchError:
                continue
            looks.setdefault(look.url, replace(look, found_by=how))
        return list(looks.values())

    async def sitemaps(self, site: str) -> list[Look]:
        """News sitemaps that robots.txt names, indexes of sitemaps included, or at the usual paths."""
        robots = await self._body(urljoin(site, "/robots.txt"))
        named = sitemap_lines(robots, site) or [urljoin(site, path) for path in _SITEMAPS]
        found = await self.good(named, "a sitemap")
        if found:
            return found
        below = [loc for url in named[:_INDEXES] for loc in news_sitemaps(await self._body(url))]
        return await self.good(list(dict.fromkeys(below)), "a sitemap of an index")

    async def _body(self, url: str) -> bytes:
        try:
            answer = await self._fetcher.fetch(FetchRequest(url))
        except FetchError:
            return b""
        return answer.body if status_failure(answer) is None else b""


def sitemap_lines(robots: bytes, base: str) -> list[str]:
    """Addresses of the `Sitemap:` lines of a robots.txt, those that speak of news first."""
    lines = [line.partition(":") for line in robots.decode("utf-8", "replace").splitlines()]
    named = [urljoin(base, value.strip()) for key, _, value in lines if key.strip().lower() == "sitemap"]
    web = [url for url in dict.fromkeys(named) if url.startswith(("http://", "https://"))]
    return sorted(web, key=lambda url: not _speaks_of_news(url))


def news_sitemaps(body: bytes) -> list[str]:
    """Addresses with "news" in them of an index of sitemaps; none where it is anything else."""
    try:
        root = read_xml(body)
    except XmlError:
        return []
    found = [item.text_of("loc") or "" for item in root.children] if root.tag == "sitemapindex" else []
    return [loc for loc in found if loc.startswith(("http://", "https://")) and _speaks_of_news(loc)]


def _speaks_of_news(url: str) -> bool:
    """By its path: a host is often called news."""
    return "news" in url.partition("://")[2].partition("/")[2].lower()


def feed_links(page: bytes, base: str) -> list[str]:
    """Addresses of `<link rel=alternate>` of a feed's type and of links that look like feeds, in order."""
    tree = LexborHTMLParser(page)
    head = tree.css_first("base[href]")
    start = urljoin(base, head.attributes.get("href") or "") if head else base
    links = [*_alternates(tree), *_anchors(tree)]
    return list(dict.fromkeys(url for href in links if (url := urljoin(start, href)).startswith("http")))


def _alternates(tree: LexborHTMLParser) -> Iterator[str]:
    for link in tree.css("link[rel][href]"):
        given = link.attributes
        rel, kind = (given.get("rel") or "").lower().split(), (given.get("type") or "").strip().lower()
        if "alternate" in rel and kind in _TYPES and given.get("href"):
            yield given["href"] or ""


def _anchors(tree: LexborHTMLParser) -> Iterator[str]:
    for anchor in tree.css("a[href]"):
        href = anchor.attributes.get("href") or ""
        path = href.partition("?")[0].lower()
        if path.endswith((".rss", "/rss", "/rss.xml", "/feed", "/feed/", ".rdf", "/atom.xml", "/feed.xml")):
            yield href
