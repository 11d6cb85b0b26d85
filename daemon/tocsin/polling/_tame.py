"""What is taken out of a body before a parser sees it, so that parsing costs time in proportion to its size.

feedparser takes the square of the number of attributes of an element, and a time per entry that adds up. Both are
found by passes that are linear in the body: a search for what could be such a thing, and only then a strict look.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

from tocsin.polling._entries import MAX_ENTRIES

MAX_ATTRIBUTES = 100

# Without a tag between, as many attributes take more than that.
_STRETCH = re.compile(rb"<[^<]{%d,}+" % (5 * MAX_ATTRIBUTES))
_ATTRIBUTE = re.compile(rb"""\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*+"|'[^']*+')""")
_NAME = re.compile(rb"<[^\s<>/]+")
_REST = re.compile(rb"""(?:[^<>"'/]++|/(?!>)|"[^"]*+"|'[^']*+')*+""")
_MARK = b"\xef\xbb\xbf"
_ITEMS = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|<(?P<end>/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])[^<>]*+>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Tamed:
    """A body fit for a parser, what was taken out in words, and whether attributes were."""

    body: bytes
    notes: tuple[str, ...] = ()
    flooded: bool = False


def tame(body: bytes) -> Tamed:
    """Without the entries after the first `MAX_ENTRIES` and attributes after the first `MAX_ATTRIBUTES` of an element.

    A document that is not well-formed keeps its attributes from its first fault on: there feedparser reads another
    way, whose time is linear. Entries inside entries are left as they are.
    """
    body, entries = _first_entries(body)
    body, floods = _few_attributes(body)
    notes = [f"{entries} entries, only the first {MAX_ENTRIES} are read"] if entries else []
    if floods:
        notes.append(
            f"attributes beyond the first {MAX_ATTRIBUTES} of an element were left out ({floods} elements)"
        )
    return Tamed(body, tuple(notes), bool(floods))


def _first_entries(body: bytes) -> tuple[bytes, int]:
    """The body cut, and how many entries it had; 0 where nothing was cut."""
    if body.count(b"item") + body.count(b"entry") <= MAX_ENTRIES:
        return body, 0
    number, inside, cut, last = 0, False, 0, 0
    for found in _ITEMS.finditer(body):
        ends = found["end"]
        if ends is None:
            continue
        if bool(ends) is not inside:  # an end without a start, or an entry inside an entry
            return body, 0
        if not ends:
            number += 1
        inside = not ends and not found[0].endswith(b"/>")
        if not inside:
            last = found.end()
            cut = last if number == MAX_ENTRIES else cut
    if inside or number <= MAX_ENTRIES:
        return body, 0
    return body[:cut] + body[last:], number


def _few_attributes(body: bytes) -> tuple[bytes, int]:
    """The body without what is too much, and in how many elements that was."""
    if not any(found[0].count(b"=") > MAX_ATTRIBUTES for found in _STRETCH.finditer(body)):
        return body, 0
    body = body.removeprefix(_MARK)
    kept: list[bytes] = []
    done = 0
    places = _floods(body)
    for place in places:
        name = _NAME.match(body, place)
        end = name.end() if name else place
        for _ in range(MAX_ATTRIBUTES):
            attribute = _ATTRIBUTE.match(body, end)
            end = attribute.end() if attribute else end
        kept.append(body[done:end])
        rest = _REST.match(body, end)
        done = rest.end() if rest else end
    return b"".join([*kept, body[done:]]), len(places)


def _floods(body: bytes) -> list[int]:
    """Where elements with too many attributes begin, as far as the document is well-formed.

    Latin-1 stands for all encodings: they write tags alike. The default handler keeps entities from being expanded.
    """
    places: list[int] = []
    parser = expat.ParserCreate("iso-8859-1")
    parser.ordered_attributes = True
    parser.DefaultHandler = _nothing

    def start(_name: str, attributes: list[str]) -> None:
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            places.append(parser.CurrentByteIndex)

    parser.StartElementHandler = start
    with suppress(expat.ExpatError):
        parser.Parse(body, True)
    return places


def _nothing(_data: str) -> None:
    pass
