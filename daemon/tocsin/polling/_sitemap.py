"""Google News sitemaps: `<urlset>` with `news:news` in each `<url>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.errors import FeedFormatError
from tocsin.model import FetchFailure, Media
from tocsin.polling._entries import Markup, RawEntry, build_entries
from tocsin.polling._formats import ParsedFeed
from tocsin.polling._text import one_line, tidy
from tocsin.polling._xml import Element, XmlError, read_xml

_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")


def looks_like_sitemap(body: bytes) -> bool:
    """Judged by the first kilobytes, comments and style sheets before the root included."""
    return _ROOT.search(body[:4096]) is not None


def read_sitemap(body: bytes, url: str) -> ParsedFeed:
    """Raises `FeedFormatError`: an index, or a sitemap without news."""
    try:
        root = read_xml(body)
    except XmlError as error:
        raise FeedFormatError(f"the sitemap cannot be read: {error}", FetchFailure.MALFORMED) from None
    news = [(item, found) for item in root.children if (found := item.first("news")) is not None]
    if not news:
        what = "an index of sitemaps" if root.tag == "sitemapindex" else "a sitemap without news"
        raise FeedFormatError(f"the body is {what}, not a feed", FetchFailure.NOT_A_FEED)
    entries, refused = build_entries([_entry(item, found) for item, found in news], url)
    return ParsedFeed(kind="sitemap", entries=tuple(entries), refused=tuple(refused))


def _entry(item: Element, news: Element) -> RawEntry:
    publication = news.first("publication") or Element("", {})
    title = news.text_of("title")
    return RawEntry(
        link=item.text_of("loc"),
        title=Markup(title, html=False) if title else None,
        dates=tuple(date for date in (news.text_of("publication_date"), item.text_of("lastmod")) if date),
        source=publication.text_of("name"),
        language=publication.text_of("language"),
        media=tuple(_pictures(item)),
    )


def _pictures(item: Element) -> Iterator[Media]:
    """`image:image` beside the news, with its caption where it has one."""
    for child in item.children:
        url = child.text_of("loc") if child.tag == "image" else None
        if url:
            words = child.text_of("caption") or child.text_of("title") or ""
            yield Media(url, medium="image", description=one_line(tidy(words))[:1_000] or None)
