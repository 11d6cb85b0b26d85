"""Feeds nobody here wrote: what is kept of each is what feedparser reads, and what their own expectations say."""

from __future__ import annotations

import ast
import calendar
import json
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import lxml.etree
import lxml.html
import pytest

from tocsin.errors import FeedFormatError
from tocsin.model import FetchFailure
from tocsin.polling._dates import read_date
from tocsin.polling._formats import ParsedEntry, ParsedFeed
from tocsin.polling._identity import canonical_url
from tocsin.polling._media import MAX_MEDIA
from tocsin.polling._parse import parse_feed

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "feeds"
_UNSEEN = ("script", "style", "template", "noscript", "iframe", "object", "svg", "select")
URL = "https://news.example/feed.xml"

NOT_OURS = {  # expectations of feedparser that do not hold here, and why
    "encoding__bozo_linenoise.xml": "the bytes are of no encoding, and the guess depends on the detector",
    "wellformed__http__headers_content_location-relative.xml": "Content-Location is not followed: bodies have their own address",
    "wellformed__http__headers_content_location-unsafe.xml": "the same",
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the public development data is not beside the checkout"),
]


def feed_files() -> list[Path]:
    """XML feeds: JSON Feeds are read by no parser but ours, expectations and OPML are none."""
    files = [file for file in FOLDER.rglob("*") if file.is_file() and file.parent != FOLDER]
    return sorted(
        file
        for file in files
        if file.suffix not in (".json", ".py", ".md", ".opml")
        and "opml" not in file.parent.name
        and "_expected" not in file.parts
    )


def letters(text: str) -> str:
    """Letters and digits alone: blanks and line ends are nobody's."""
    return "".join(filter(str.isalnum, text))


def is_text(detail: Any) -> bool:
    """Base64 of other media types is no text of an article."""
    kind = str(dict.get(detail or {}, "type") or "text/html").lower()
    return kind.startswith("text/") or "html" in kind or "xml" in kind


def shown(detail: Any) -> str:
    """What a reader would see of a text construct, by lxml, which the project does not use for this."""
    value = str(dict.get(detail or {}, "value") or "")
    if not is_text(detail):
        return ""
    if not value.strip() or str(dict.get(detail, "type")) == "text/plain":
        return value
    tree = lxml.html.fragment_fromstring(value, create_parent="div")
    lxml.etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    return str(tree.text_content())


def reference(body: bytes) -> Any:
    return feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def readable(entry: Any) -> bool:
    return any(shown(part).strip() for part in (dict.get(entry, "title_detail"), content(entry)))


def content(entry: Any) -> Any:
    found = [item for item in dict.get(entry, "content") or () if item.get("value")]
    return max(found, key=lambda item: len(item.value)) if found else dict.get(entry, "summary_detail")


def moment(parsed: Any) -> datetime | None:
    return None if parsed is None else datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def our_moment(entry: ParsedEntry) -> datetime | None:
    for raw in entry.dates:
        try:
            return read_date(raw)
        except ValueError:
            continue
    return None


def captions_of(body: bytes) -> frozenset[str]:
    """Every media:description of a document, by lxml."""
    if b"mrss" not in body:
        return frozenset()
    root = lxml.etree.fromstring(body, lxml.etree.XMLParser(recover=True, huge_tree=True))
    found = () if root is None else root.iter("{http://search.yahoo.com/mrss/}description")
    return frozenset(letters(shown({"value": one.text or ""})) for one in found)


def files_of(entry: Any) -> list[str]:
    """Addresses of media as feedparser has them: contents, thumbnails, enclosures; each once."""
    named = [
        one.get("url") for key in ("media_content", "media_thumbnail") for one in dict.get(entry, key) or ()
    ]
    links = dict.get(entry, "links") or ()
    named += [dict.get(one, "href") for one in links if dict.get(one, "rel") == "enclosure"]
    whole = [urljoin(URL, one.strip().replace(" ", "%20")) for one in named if one]
    return list(dict.fromkeys(one for one in whole if one.startswith(("http:", "https:"))))


def media_differences(ours: ParsedEntry, theirs: Any) -> list[str]:
    """Of ours, media and places are bounded; what feedparser names and cannot be fetched is not kept."""
    told = [] if [one.url for one in ours.media] == files_of(theirs)[:MAX_MEDIA] else ["media"]
    where = dict.get(theirs, "where") or {}
    if where.get("type") == "Point":
        lon, lat = where["coordinates"][:2]
        told += [] if ours.geo is not None and (ours.geo.lon, ours.geo.lat) == (lon, lat) else ["geo"]
    return told


def differences(ours: ParsedEntry, theirs: Any, captions: frozenset[str]) -> list[str]:
    """Names of effective fields in which we differ from feedparser, each with the reason where there is one."""
    told = []
    title, text = letters(shown(dict.get(theirs, "title_detail"))), letters(shown(content(theirs)))
    if title and letters(ours.title) != title:
        told.append("title")
    if text not in letters(ours.text):
        told.append("text: a caption that feedparser puts before the text" if text in captions else "text")
    told += media_differences(ours, theirs)
    link = canonical_url(dict.get(theirs, "link"), URL)
    if ours.url is not None and link is not None and ours.url.partition("#")[0] != link:
        told.append("link")
    if ours.url is None and link is not None:
        told.append("link: shared by entries or the front page")
    told += date_differences(ours, theirs)
    guid = " ".join(str(dict.get(theirs, "id") or "").split())
    if guid and ours.key != guid:
        known = ours.key.startswith((guid[:200], "sha256:")) or canonical_url(guid, URL) == ours.key
        told.append("key: guid and link, or the link itself" if known else "key")
    return told


def date_differences(ours: ParsedEntry, theirs: Any) -> list[str]:
    when = next(
        (
            found
            for name in ("published", "updated", "created")
            if (found := moment(dict.get(theirs, f"{name}_parsed")))
        ),
        None,
    )
    mine = our_moment(ours)
    if mine == when:
        return []
    if when is None:
        return ["date: feedparser cannot read what can be read whole"]
    if mine is None:
        return ["date: not written out whole"]
    if abs((mine - when).total_seconds()) <= 15 * 3600:
        return ["date: another reading of its zone"]
    return ["date"]


def entries_of(body: bytes) -> tuple[ParsedFeed | FetchFailure, list[Any]]:
    try:
        return parse_feed(body, "", URL), reference(body).entries
    except FeedFormatError as error:
        return error.failure, reference(body).entries


def why_other_entries(body: bytes, parsed: ParsedFeed) -> str | None:
    if body[:2] in (b"\0<", b"<\0", b"\xff\xfe", b"\xfe\xff") and parsed.entries:
        return "UTF-16 that feedparser does not know"
    notes = " ".join(parsed.refused + parsed.notes)
    return next((word for word in ("repeats", "truncated") if word in notes), None)


def test_every_file_is_read_as_feedparser_reads_it() -> None:
    """Or differs for a reason that has a name; entries are lost for none."""
    named: Counter[str] = Counter()
    unnamed: list[tuple[str, ...]] = []
    compared = media = places = 0
    for file in feed_files():
        parsed, theirs = entries_of(file.read_bytes())
        kept = [entry for entry in theirs if readable(entry)]
        if isinstance(parsed, FetchFailure):
            named[f"not read: {parsed}"] += 1
            if kept and parsed is not FetchFailure.MALFORMED:
                unnamed.append((file.name, f"{len(kept)} entries lost as {parsed}"))
            continue
        if parsed.kind == "sitemap":
            named["a sitemap, which feedparser does not read"] += 1
            continue
        if len(parsed.entries) != len(kept):
            why = why_other_entries(file.read_bytes(), parsed)
            if why is None:
                unnamed.append((file.name, f"{len(parsed.entries)} entries instead of {len(kept)}"))
            named[f"entries: {why}"] += why is not None
            continue
        captions = captions_of(file.read_bytes())
        for ours, entry in zip(parsed.entries, kept, strict=True):
            compared += 1
            media += len(ours.media)
            places += ours.geo is not None
            for told in differences(ours, entry, captions):
                if ": " in told:
                    named[told] += 1
                else:
                    unnamed.append((file.name, told, ours.title[:40]))
    assert unnamed == []
    assert compared >= 1_500
    assert media >= 500
    assert places >= 10
    assert sum(named.values()) <= compared // 5


def expectation(file: Path) -> str | None:
    """What follows "Expect:" in a test file of feedparser's, one line of Python over its result."""
    head = file.read_bytes()[:4000].decode("utf-8", "replace").partition("-->")[0]
    _, found, rest = head.partition("Expect:")
    return rest.strip().splitlines()[0].strip() if found and rest.strip() else None


def equations(line: str) -> list[tuple[str, int, str, Any]]:
    """(whose, number, field, value) of each part of a conjunction that is about a field we keep."""
    try:
        tree = ast.parse(line, mode="eval").body
    except SyntaxError:
        return []
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return [found for part in parts if (found := _equation(part)) is not None]


def _equation(part: ast.expr) -> tuple[str, int, str, Any] | None:
    if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not isinstance(part.ops[0], ast.Eq):
        return None
    path = ast.unparse(part.left).replace("'", "").replace("[", ".").replace("]", "")
    names = (
        [name for name in path.split(".") if name not in ("value", "0")]
        if path.startswith("entries.0")
        else path.split(".")
    )
    try:
        value = ast.literal_eval(part.comparators[0])
    except ValueError:
        return None
    field = {
        "description": "text",
        "summary": "text",
        "summary_detail": "text",
        "content": "text",
        "title_detail": "title",
    }
    if len(names) != 2 or names[0] not in ("entries", "feed"):
        return None
    name = field.get(names[1], names[1]) if names[0] == "entries" else names[1]
    kept = ("title", "text", "link", "id", "published_parsed", "updated_parsed")
    return (
        (names[0], 0, name, value) if name in (kept if names[0] == "entries" else ("title", "link")) else None
    )


def holds(parsed: ParsedFeed, whose: str, number: int, name: str, value: Any) -> bool:
    if whose == "feed":
        ours = parsed.title or "" if name == "title" else " ".join(parsed.links)
        return letters(seen_either_way(str(value))) in (letters(ours), letters(seen_either_way(ours)))
    entry = parsed.entries[number]
    if name == "link":
        return entry.url == canonical_url(str(value), URL) or canonical_url(str(value), URL) is None
    if name == "id":
        return entry.key in (value, canonical_url(str(value), URL))
    if name.endswith("_parsed"):
        return our_moment(entry) == moment(value)
    ours = entry.title if name == "title" else entry.text
    wanted = {letters(str(value)), letters(seen_either_way(str(value)))}
    return any(want in letters(ours) for want in wanted)


def seen_either_way(value: str) -> str:
    return shown({"value": value, "type": "text/html"})


def test_feedparsers_own_expectations_hold() -> None:
    """Where they are about fields we keep; a document without title and text has no article to hold them."""
    checked, failed = 0, {}
    for file in sorted((FOLDER / "feedparser").iterdir()):
        found = equations(expectation(file) or "")
        if not found:
            continue
        parsed, _ = entries_of(file.read_bytes())
        for equation in found:
            if isinstance(parsed, FetchFailure) or (equation[0] == "entries" and not parsed.entries):
                continue
            checked += 1
            if not holds(parsed, *equation):
                failed[file.name] = equation
    assert failed.keys() == NOT_OURS.keys()
    assert checked >= 30


def expected_entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of the JSON files that lie beside feeds of feed-rs, gofeed and fastfeedparser, in one form."""
    entries = document.get("entries") or document.get("items") or []
    return [
        {
            "title": _value(entry.get("title")),
            "link": next(
                (link.get("href") for link in entry.get("links") or () if isinstance(link, dict)), None
            )
            or entry.get("link"),
            "date": entry.get("publishedParsed")
            or entry.get("published")
            or entry.get("pubDateParsed")
            or entry.get("updatedParsed")
            or entry.get("updated"),
        }
        for entry in entries
    ]


def _value(text: Any) -> str:
    return str((text.get("content") if isinstance(text, dict) else text) or "")


def test_the_json_beside_the_feeds_holds() -> None:
    """Title, link and date of each entry, as other projects expect them."""
    checked: Counter[str] = Counter()
    failed = []
    for path in sorted(FOLDER.glob("*/_expected/*.json")):
        stem = path.name.removesuffix(".json").removesuffix(".serde")
        feed = next((file for file in path.parents[1].glob(f"{glob_safe(stem)}.*") if file.is_file()), None)
        document = json.loads(path.read_text(encoding="utf-8"))
        if feed is None or not isinstance(document, dict):
            continue
        try:
            parsed = parse_feed(feed.read_bytes(), "", URL)
        except FeedFormatError:
            continue
        wanted = expected_entries(document)
        if len(wanted) != len(parsed.entries):
            checked["another number of entries"] += 1
            continue
        for ours, entry in zip(parsed.entries, wanted, strict=True):
            for name, fine in fields_hold(ours, entry):
                checked[name] += 1
                if not fine:
                    failed.append((feed.name, name, ours.title[:40], entry))
    assert failed == []
    assert checked["title"] >= 100


def glob_safe(stem: str) -> str:
    return stem.replace("[", "[[]")


def fields_hold(ours: ParsedEntry, entry: dict[str, Any]) -> list[tuple[str, bool]]:
    told = []
    if entry["title"].strip():
        told.append(
            (
                "title",
                letters(seen_either_way(entry["title"]))
                in (letters(ours.title), letters(seen_either_way(ours.title))),
            )
        )
    if entry["link"] and ours.url:
        told.append(("link", ours.url.partition("#")[0] == canonical_url(entry["link"], URL)))
    if entry["date"] and our_moment(ours):
        told.append(("date", our_moment(ours) == read_date(entry["date"])))
    return told
