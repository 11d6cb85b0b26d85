"""Documents for `tocsin ingest`: feed files of any format, article JSONL, and folders of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tocsin.errors import FetchError
from tocsin.model import ArticleDraft
from tocsin.polling._dates import judge_dates
from tocsin.polling._formats import ParsedEntry
from tocsin.polling._hash import content_hash
from tocsin.polling._identity import canonical_url, keys_of
from tocsin.polling._text import one_line, tidy
from tocsin.polling._worker import ParserProcess

MAX_FILE = 100_000_000  # bytes of one feed file or JSON document
PARSE_TIMEOUT = 60.0  # seconds for one feed file

_LINES = (".jsonl", ".ndjson")
_BASE = (
    "https://ingest.invalid/"  # what relative links of a file without an address hang on; never an address
)


def read_documents(paths: Iterable[Path], now: datetime) -> Iterator[ArticleDraft | str]:
    """A draft for each usable document, in order, and a sentence `file[:line]: why` for each that is not.

    Knowledge time is the time of publication, marked as back-filled; where there is none it is `now`.
    Folders are walked by name, hidden files left out. Feed files are parsed in a process of their own.
    """
    parser = ParserProcess(PARSE_TIMEOUT)
    try:
        for path in paths:
            for file in _files(path):
                yield from _read_file(file, now, parser)
    finally:
        parser.close()


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for inner in sorted(path.iterdir()):
        if not inner.name.startswith("."):
            yield from _files(inner)


def _read_file(file: Path, now: datetime, parser: ParserProcess) -> Iterator[ArticleDraft | str]:
    try:
        if file.suffix in _LINES:
            yield from _read_lines(file, now)
            return
        if file.stat().st_size > MAX_FILE:
            yield f"{file}: larger than {MAX_FILE} bytes"
            return
        body = file.read_bytes()
    except OSError as error:
        yield f"{file}: cannot be read: {error.strerror}"
        return
    documents = _json_documents(body)
    if documents is None:
        yield from _read_feed(file, body, now, parser)
    else:
        yield from _numbered(file, documents, now)


def _read_lines(file: Path, now: datetime) -> Iterator[ArticleDraft | str]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _read_line(f"{file}:{number}", line, now)


def _read_line(where: str, line: str, now: datetime) -> ArticleDraft | str:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"{where}: not JSON: {error}"
    return _draft(where, document, now)


def _json_documents(body: bytes) -> Sequence[object] | None:
    """Documents of a JSON list, or of a JSON object that has them by id; None for anything else."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        content = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if isinstance(content, list):
        return content
    if (
        isinstance(content, dict)
        and content
        and all(isinstance(v, dict) and "text" in v for v in content.values())
    ):
        return [{"id": key, **document} for key, document in content.items()]
    return None


def _numbered(file: Path, documents: Sequence[object], now: datetime) -> Iterator[ArticleDraft | str]:
    for number, document in enumerate(documents, start=1):
        yield _draft(f"{file}: document {number}", document, now)


def _draft(where: str, document: object, now: datetime) -> ArticleDraft | str:
    """One article. `dct`, TimeML's document creation time, is read where `published` is missing."""
    if not isinstance(document, dict):
        return f"{where}: not a JSON object"
    title, body = one_line(_text(document, "title")), tidy(_text(document, "text"))
    text = "\n\n".join(part for part in (title, body) if part)
    if not text:
        return f"{where}: has neither title nor text"
    raw = _text(document, "published") or _text(document, "dct")
    published, refused = judge_dates([raw] if raw else [], now)
    url = canonical_url(_text(document, "url"), "")
    return ArticleDraft(
        key=keys_of([(_text(document, "id") or None, url, title or body)])[0],
        url=url,
        title=title or body.partition("\n")[0][:200],
        text=text,
        content_hash=content_hash(title, text),
        published=published,
        date_refused=refused,
        seen_at=now,
        known_at=published or now,
        backfilled=published is not None,
        language=_text(document, "language") or None,
        author=_text(document, "author") or None,
        publisher=_text(document, "publisher") or None,
        owner=_text(document, "owner") or None,
    )


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _read_feed(file: Path, body: bytes, now: datetime, parser: ParserProcess) -> Iterator[ArticleDraft | str]:
    try:
        feed = parser.parse(body, "", _BASE)
    except FetchError as error:
        yield f"{file}: {error}"
        return
    for entry in feed.entries:
        yield _of_entry(entry, feed.title, feed.language, now)
    for sentence in (*feed.notes, *feed.refused):
        yield f"{file}: {sentence}"


def _of_entry(
    entry: ParsedEntry, feed_title: str | None, language: str | None, now: datetime
) -> ArticleDraft:
    published, refused = judge_dates(entry.dates, now)
    return ArticleDraft(
        key=entry.key,
        url=None if entry.url and entry.url.startswith(_BASE) else entry.url,
        title=entry.title,
        text=entry.text,
        content_hash=entry.content_hash,
        published=published,
        date_refused=refused,
        seen_at=now,
        known_at=published or now,
        backfilled=published is not None,
        language=entry.language or language,
        author=entry.author,
        publisher=entry.source or feed_title,
        html=entry.html,
        media=entry.media,
        geo=entry.geo,
        tags=entry.tags,
    )
