"""`parse_feed`: one body to one `ParsedFeed`. Pure, but not quick: runs in worker processes.

feedparser (6.0) is the reference for RSS, Atom and RDF. It is given bytes through BytesIO only, because
it opens files and addresses when it is given something that looks like one.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import feedparser

from tocsin.errors import FeedFormatError
from tocsin.model import FetchFailure
from tocsin.polling._captions import SPARE, renamed, text_of, without_gml
from tocsin.polling._channel import read_channel
from tocsin.polling._entries import Markup, RawEntry, build_entries
from tocsin.polling._formats import ParsedFeed
from tocsin.polling._jsonfeed import looks_like_json, read_json_feed
from tocsin.polling._media import Found, geo_of, media_of
from tocsin.polling._sitemap import looks_like_sitemap, read_sitemap
from tocsin.polling._tame import tame
from tocsin.polling._text import one_line, plain_text

_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_END = re.compile(
    rb"</\s*(?:\w+:)?(rss|feed|rdf|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL
)
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->)+(?=<\?xml\s)", re.DOTALL)
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\0<\0": "utf-16-be", b"<\0": "utf-16-le"}
_DECLARED = re.compile(r"""^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"'>]*["']""")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title>", re.IGNORECASE | re.DOTALL)
_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Read RSS 0.9x-2.0, Atom, RDF, JSON Feed or a news sitemap.

    Raises `FeedFormatError` with EMPTY, NOT_A_FEED or MALFORMED. A document that is broken but gave
    entries is read as far as it goes, with a note.
    """
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise FeedFormatError("the body is empty", FetchFailure.EMPTY)
    body, content_type = _as_utf8(body, content_type)
    body = body.replace(b"\0", b"")  # no character of XML or JSON
    if looks_like_json(body):
        return read_json_feed(body, url)
    if looks_like_sitemap(body):
        return read_sitemap(body, url)
    return _read_xml_feed(_from_declaration(body), content_type, url)


def _as_utf8(body: bytes, content_type: str) -> tuple[bytes, str]:
    """UTF-16, which feedparser knows only by mark or declaration, becomes UTF-8; other bodies pass.

    The declared encodings go, for they are no longer true.
    """
    wide = next((codec for start, codec in _WIDE.items() if body.startswith(start)), None)
    if wide is None:
        return body, content_type
    text = body.decode(wide, "replace").lstrip("\ufeff")
    return _DECLARED.sub(r"\1", text, count=1).encode(), content_type.partition(";")[0]


def _from_declaration(body: bytes) -> bytes:
    """Blanks and comments before `<?xml` are no XML, but frequent."""
    found = _BEFORE.match(body, 0, 20_000)
    return body[found.end() :] if found else body


def _read_xml_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    tamed = tame(body)
    body = tamed.body
    result = _feedparser(renamed(body), content_type)
    problem = result.get("bozo_exception")
    raw_entries: list[Any] = list(result.entries)
    whole = not (problem is not None and not isinstance(problem, _HARMLESS) and _is_cut_off(body))
    if not whole:
        raw_entries = raw_entries[:-1]  # the last one ends where the document does
    entries, refused = build_entries([_raw_entry(entry) for entry in raw_entries], url)
    if not entries:
        _refuse(body, result, problem, whole)
    feed = result.feed
    channel = read_channel(body, url)
    return ParsedFeed(
        kind=result.get("version") or "",
        title=_title(feed),
        entries=tuple(entries),
        language=_string(feed, "language"),
        ttl=channel.interval,
        skip_hours=channel.skip_hours,
        skip_days=channel.skip_days,
        hubs=channel.hubs,
        topic=channel.topic,
        refused=tuple(refused),
        notes=(*_notes(problem, whole), *tamed.notes),
        whole=whole,
        links=tuple(link for link in (_string(feed, "link"),) if link),
    )


def _feedparser(body: bytes, content_type: str) -> Any:
    try:
        return feedparser.parse(
            BytesIO(body),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": content_type},  # no location: it would be put before guids
        )
    except (LookupError, TypeError, ValueError):  # its GML is not made for elements out of place
        other = without_gml(body)
        if other == body:
            raise
        return _feedparser(other, content_type)


def _is_cut_off(body: bytes) -> bool:
    return _ROOT.search(body) is not None and _END.search(body[-2000:]) is None


def _refuse(body: bytes, result: Any, problem: object, whole: bool) -> None:
    """A document without entries: raise what it is, unless it is a feed that has none."""
    if not whole:
        raise FeedFormatError("the document is truncated before its first entry ends", FetchFailure.MALFORMED)
    if _ROOT.search(body) is None or (_HTML.search(body[:2000]) and not result.get("version")):
        raise FeedFormatError(_what_it_is(body), FetchFailure.NOT_A_FEED)
    if problem is not None and not isinstance(problem, _HARMLESS) and _ITEM.search(body):
        raise FeedFormatError(
            f"the document is broken and no entry could be read: {_words(problem)}", FetchFailure.MALFORMED
        )


def _what_it_is(body: bytes) -> str:
    if _HTML.search(body[:4000]):
        title = _TITLE.search(body)
        named = one_line(plain_text(title.group(1).decode("utf-8", "replace")))[:100] if title else ""
        return (
            f"the body is an HTML page ({named!r}), not a feed"
            if named
            else "the body is an HTML page, not a feed"
        )
    kind = "XML of another kind" if body.lstrip()[:1] == b"<" else "text of another kind"
    start = one_line(body[:60].decode("utf-8", "replace"))
    return f"the body is {kind}, not a feed; it begins {start!r}"


def _notes(problem: object, whole: bool) -> tuple[str, ...]:
    if not whole:
        return ("the document is truncated; its last entry was left out",)
    if problem is None or isinstance(problem, feedparser.NonXMLContentType):
        return ()
    return (f"the document has a fault: {_words(problem)}",)


def _words(problem: object) -> str:
    return one_line(str(problem))[:200].removeprefix("<unknown>:") or type(problem).__name__


def _raw_entry(entry: Any) -> RawEntry:
    source = dict.get(entry, "source")
    found = _found(entry)
    return RawEntry(
        guid=_string(entry, "id"),
        link=_string(entry, "link"),
        title=_markup(dict.get(entry, "title_detail")),
        body=text_of(_body(entry), _string(entry, SPARE), found),
        dates=tuple(date for key in ("published", "updated", "created") if (date := _string(entry, key))),
        author=_string(entry, "author"),
        source=_string(source, "title") if isinstance(source, dict) else None,
        language=_string(dict.get(entry, "title_detail") or {}, "language"),
        media=media_of(found),
        geo=geo_of(found),
    )


def _found(entry: Any) -> Found:
    links, where = dict.get(entry, "links") or (), dict.get(entry, "where")
    return Found(
        contents=dict.get(entry, "media_content") or [],
        thumbnails=dict.get(entry, "media_thumbnail") or [],
        enclosures=[link for link in links if dict.get(link, "rel") == "enclosure"],
        credits=dict.get(entry, "media_credit") or [],
        where=where if isinstance(where, dict) else None,
        lat=_string(entry, "geo_lat"),
        lon=_string(entry, "geo_long"),
        name=_string(entry, "georss_featurename"),
    )


def _body(entry: Any) -> Markup | None:
    """The longest text among the contents, else the summary."""
    contents = [found for item in dict.get(entry, "content") or () if (found := _markup(item))]
    if contents:
        return max(contents, key=lambda content: len(content.value))
    return _markup(dict.get(entry, "summary_detail"))


def _markup(detail: Any) -> Markup | None:
    value = _string(detail, "value") if isinstance(detail, dict) else None
    kind = str(dict.get(detail, "type") or "text/html").lower() if value else ""
    if value is None or not (kind.startswith("text/") or "html" in kind or "xml" in kind):
        return None
    return Markup(value, html=kind != "text/plain")


def _title(feed: Any) -> str | None:
    markup = _markup(dict.get(feed, "title_detail"))
    return one_line(markup.text)[:300] or None if markup else None


def _string(mapping: Any, key: str) -> str | None:
    """Plain `dict.get`: feedparser's own falls back to other keys."""
    value = dict.get(mapping, key)
    return value if isinstance(value, str) and value.strip() else None
