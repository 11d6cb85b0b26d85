"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tocsin.errors import FeedFormatError
from tocsin.model import FetchFailure, Media, MediaRole
from tocsin.polling._channel import Channel, read_json_channel
from tocsin.polling._entries import Markup, RawEntry, build_entries
from tocsin.polling._formats import ParsedFeed
from tocsin.polling._media import media_type, medium_of, number_of
from tocsin.polling._text import one_line, tidy


def looks_like_json(body: bytes) -> bool:
    """A body that can only be JSON, if it is anything."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:1] in (b"{", b"[")


def read_json_feed(body: bytes, url: str) -> ParsedFeed:
    """Raises `FeedFormatError`: JSON that is no feed, or cannot be read."""
    document = _load(body)
    version = document.get("version") if isinstance(document, dict) else None
    items = document.get("items") if isinstance(document, dict) else None
    if not (isinstance(version, str) and "jsonfeed.org" in version) and not isinstance(items, list):
        raise FeedFormatError("the body is JSON, but not a JSON Feed", FetchFailure.NOT_A_FEED)
    if not isinstance(items, list):
        raise FeedFormatError("the JSON Feed has no list of items", FetchFailure.MALFORMED)
    language = _text(document.get("language"))
    raws = [_item(item, language) for item in items if isinstance(item, dict)]
    entries, refused = build_entries(raws, url)
    home = _text(document.get("home_page_url"))
    channel = read_json_channel(document, url) if isinstance(document, dict) else Channel()
    return ParsedFeed(
        kind="json",
        title=_text(document.get("title")),
        entries=tuple(entries),
        language=language,
        refused=tuple(refused),
        hubs=channel.hubs,
        topic=channel.topic,
        links=(home,) if home else (),
    )


def _load(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig", "replace").strip("\0 \t\r\n"))
    except RecursionError:
        raise FeedFormatError("the JSON nests too deeply", FetchFailure.MALFORMED) from None
    except ValueError as error:
        raise FeedFormatError(f"the JSON cannot be read: {error}", FetchFailure.MALFORMED) from None


def _item(item: dict[str, Any], language: str | None) -> RawEntry:
    html, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    summary, title = _text(item.get("summary")), _text(item.get("title"))
    plain = plain or summary
    return RawEntry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=Markup(title, html=False) if title else None,
        body=Markup(html) if html else Markup(plain, html=False) if plain else None,
        dates=tuple(
            date for key in ("date_published", "date_modified") if (date := _text(item.get(key))) is not None
        ),
        author=_author(item),
        language=_text(item.get("language")) or language,
        media=tuple(_media(item)),
    )


def _media(item: dict[str, Any]) -> Iterator[Media]:
    """`image` and `banner_image` are the item's pictures, `attachments` its enclosures."""
    for name in ("image", "banner_image"):
        if url := _text(item.get(name)):
            yield Media(url, medium="image")
    attachments = item.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        url = _text(one.get("url")) if isinstance(one, dict) else None
        if url:
            kind = media_type(one.get("mime_type"))
            yield Media(
                url,
                MediaRole.ENCLOSURE,
                type=kind,
                medium=medium_of(None, kind, MediaRole.ENCLOSURE),
                length=number_of(one.get("size_in_bytes")),
                description=one_line(tidy(_text(one.get("title")) or ""))[:300] or None,
            )


def _author(item: dict[str, Any]) -> str | None:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    names = [name for person in people if isinstance(person, dict) and (name := _text(person.get("name")))]
    return ", ".join(names) or None


def _text(value: object) -> str | None:
    """Strings without lone surrogates; numbers, which version 1 allowed for ids, as text; nothing else."""
    if isinstance(value, str):
        return value.encode(errors="ignore").decode() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None
