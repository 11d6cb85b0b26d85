"""Finding the feeds of a site, and looking at one feed without storing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling._dates import judge_dates
from tocsin.polling._formats import ParsedFeed, Parser
from tocsin.polling._trouble import status_failure
from tocsin.ports import Fetcher, FetchRequest

_TYPES = frozenset(
    (
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/xml", "text/xml", "application/x-rss+xml", "application/json"),
    )
)
_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed/", "/feeds/news.xml")
_MOST = 20  # addresses tried


@dataclass(frozen=True, slots=True)
class Look:
    """What a feed is like now."""

    url: str  # where it is after redirects
    feed: ParsedFeed
    newest: datetime | None  # publication of its newest entry
    moved_to: str | None = None

    @property
    def title(self) -> str | None:
        """As the feed names itself."""
        return self.feed.title


async def look_at(url: str, fetcher: Fetcher, parser: Parser, now: datetime) -> Look:
    """Fetch and parse one address. Raises `FetchError` that says why it is no feed."""
    answer = await fetcher.fetch(FetchRequest(url))
    failure = status_failure(answer)
    if failure is not None:
        raise failure
    feed = await parser.parse(answer.body, answer.headers.get("content-type", ""), answer.url)
    dates = [published for entry in feed.entries if (published := judge_dates(entry.dates, now)[0])]
    return Look(answer.url, feed, max(dates, default=None), answer.moved_to)


async def discover(url: str, fetcher: Fetcher, parser: Parser, now: datetime) -> list[Look]:
    """The feeds of a page: itself, what its link tags name, else what answers at the usual paths.

    Raises `FetchError` when the page itself cannot be had.
    """
    try:
        return [await look_at(url, fetcher, parser, now)]
    except FetchError as error:
        if error.failure not in (FetchFailure.NOT_A_FEED, FetchFailure.MALFORMED):
            raise
    answer = await fetcher.fetch(FetchRequest(url))
    found = await _first_good(feed_links(answer.body, answer.url), fetcher, parser, now)
    return found or await _first_good([urljoin(answer.url, path) for path in _PATHS], fetcher, parser, now)


async def _first_good(urls: list[str], fetcher: Fetcher, parser: Parser, now: datetime) -> list[Look]:
    looks: dict[str, Look] = {}
    for url in urls[:_MOST]:
        try:
            look = await look_at(url, fetcher, parser, now)
        except FetchError:
            continue
        looks.setdefault(look.url, look)
    return list(looks.values())


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
