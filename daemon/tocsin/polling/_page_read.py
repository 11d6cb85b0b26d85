"""Reading a page, in the worker process: its text by trafilatura, what it states, what stands in front of it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser
from trafilatura import extract
from trafilatura.utils import decode_file

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling._page_facts import StatedFacts, read_facts
from tocsin.polling._page_signs import consent_share, has_wall_element, paywall_words
from tocsin.polling._text import MAX_TEXT, one_line, plain_text, tidy

MAX_PAGE = 3_000_000  # characters of a page that are read
_TAIL = 2  # paragraphs at the end where a cut text says how it would go on

_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """What was found on a page."""

    facts: StatedFacts
    text: str  # paragraphs of the article, without the headline; may be empty
    shown: int = 0  # words of everything visible
    consent: float = 0.0  # hits of consent vocabulary in 100 of these
    asks: str | None = None  # words anywhere visible that ask for a subscription or login
    cut: str | None = None  # such words at the end of the article's own text
    wall: bool = False  # an element calls itself a paywall


def read_page(body: bytes, content_type: str, url: str) -> ParsedPage:
    """Raises `FetchError` (EMPTY) for a body without any text."""
    html = decode_page(body, content_type)[:MAX_PAGE]
    if not html.strip():
        raise FetchError("the page is empty", FetchFailure.EMPTY)
    tree = LexborHTMLParser(html)
    facts = read_facts(tree, url)
    shown = plain_text(html)
    text = _article(html, url, _headlines(tree, facts))
    return ParsedPage(
        facts=facts,
        text=text,
        shown=len(shown.split()),
        consent=consent_share(shown),
        asks=paywall_words(shown),
        cut=paywall_words("\n".join(text.split("\n\n")[-_TAIL:])),
        wall=has_wall_element(body),
    )


def decode_page(body: bytes, content_type: str) -> str:
    """By byte order mark, header, `<meta>` or guess, in this order (WHATWG Encoding, section 4.2)."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    for said in (content_type, body[:2048].decode("ascii", "replace")):
        named = _CHARSET.search(said)
        try:
            if named and not codecs.lookup(named.group(1)).name.startswith(("utf-16", "utf-32")):
                return body.decode(named.group(1), "replace")
        except (LookupError, ValueError):
            continue
    return str(decode_file(body))


def _headlines(tree: LexborHTMLParser, facts: StatedFacts) -> set[str]:
    """The forms under which the headline may stand before the text."""
    marked = [node.text() for node in tree.css("h1")[:5]]
    return {one_line(tidy(one)).casefold() for one in (*marked, facts.title or "")}


def _article(html: str, url: str, headlines: set[str]) -> str:
    found = extract(
        html, url=url, include_comments=False, include_tables=False, include_links=False, with_metadata=False
    )
    lines = [line for line in (one_line(part) for part in tidy(found or "").split("\n")) if line]
    while lines and lines[0].casefold() in headlines:
        del lines[0]
    return "\n\n".join(lines)[:MAX_TEXT].rstrip()
