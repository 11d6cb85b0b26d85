"""Which parser reads a document: the reference, both to compare them, or the fast one with the reference behind it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from tocsin.polling._dates import read_date
from tocsin.polling._fast import read_fast
from tocsin.polling._formats import ParsedEntry, ParsedFeed, Way
from tocsin.polling._outline import DoubtError
from tocsin.polling._parse import parse_feed

_OURS = frozenset({"json", "sitemap"})  # formats that only one parser reads


class _Field(StrEnum):
    KEY = "key"
    URL = "url"
    TITLE = "title"
    TEXT = "text"
    HTML = "html"
    AUTHOR = "author"
    SOURCE = "source"
    MEDIA = "media"
    GEO = "geo"


def read_document(body: bytes, content_type: str, url: str, way: Way = Way.REFERENCE) -> ParsedFeed:
    """Read one body, as `parse_feed` does; `agreed` and `doubt` say what a comparison came to.

    Raises `FeedFormatError` as `parse_feed` does.
    """
    if way is Way.FAST:
        try:
            return read_fast(body, content_type, url)
        except DoubtError as error:
            return replace(parse_feed(body, content_type, url), agreed=False, doubt=str(error))
    reference = parse_feed(body, content_type, url)
    if way is Way.REFERENCE or reference.kind.startswith(tuple(_OURS)) or not reference.entries:
        return reference
    doubt: str | None
    try:
        doubt = difference(reference, read_fast(body, content_type, url))
    except DoubtError as error:
        doubt = str(error)
    return replace(reference, agreed=doubt is None, doubt=doubt)


def difference(reference: ParsedFeed, fast: ParsedFeed) -> str | None:
    """The first effective field in which two readings of a document differ, in words; None when they agree."""
    if len(reference.entries) != len(fast.entries):
        return f"{len(fast.entries)} entries instead of {len(reference.entries)}"
    if reference.title != fast.title:
        return "the title of the feed"
    if reference.links != fast.links:
        return "the page of the feed"
    pairs = zip(reference.entries, fast.entries, strict=True)
    for number, (ours, theirs) in enumerate(pairs, start=1):
        differs = _entry_difference(ours, theirs, reference.language, fast.language)
        if differs is not None:
            return f"the {differs} of entry {number}"
    return None


def _entry_difference(
    ours: ParsedEntry, theirs: ParsedEntry, language: str | None, fast_language: str | None
) -> str | None:
    for name in _Field:
        if getattr(ours, name) != getattr(theirs, name):
            return name.value
    if ours.dates != theirs.dates and _instants(ours.dates) != _instants(theirs.dates):
        return "date"
    if _tag(ours.language or language) != _tag(theirs.language or fast_language):
        return "language"
    return None


def _tag(language: str | None) -> str:
    return (language or "").strip().replace("_", "-")


def _instants(dates: tuple[str, ...]) -> list[str]:
    """The instants that strings name, each once, in order; a string that names none stands for itself."""
    named: dict[str, None] = {}
    for raw in dates:
        try:
            named[read_date(raw).isoformat()] = None
        except ValueError:
            named[" ".join(raw.split())] = None
    return list(named)
