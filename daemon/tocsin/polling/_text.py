"""HTML to the plain text that spans point into, and to the safe HTML that the page shows."""

from __future__ import annotations

import re

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 1_000_000  # characters of one entry that are looked at
MAX_TEXT = 200_000  # characters of one entry that are kept

_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dl",
            "dt",
        ),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
        ),
        *("li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "ul"),
    )
)
_SILENT = frozenset(("script", "style", "template", "noscript", "iframe", "object", "svg", "head", "select"))
_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
    ),
    *(
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
    ),
    *(
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
    ),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "title"}, "time": {"datetime"}, "td": {"colspan", "rowspan"}, "th": {"scope"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
    clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
)

_MARKUP = re.compile(r"[<&]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_UNTIDY = re.compile(r"[^\S ]|  |[\x00-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_GAPS = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """Text of an HTML fragment; block elements become line breaks, scripts and styles vanish."""
    if not _MARKUP.search(html):
        return tidy(html)
    body = LexborHTMLParser(html[:MAX_HTML]).body
    return "" if body is None else tidy("".join(_pieces(body)))


def _pieces(root: LexborNode) -> list[str]:
    """Walk without recursion: hostile HTML nests deeper than Python's stack."""
    pieces: list[str] = []
    open_nodes: list[LexborNode] = []
    node = root.first_child
    while node is not None or open_nodes:
        if node is None:
            node = open_nodes.pop()
            if node.tag in _BLOCKS:
                pieces.append("\n")
            node = node.next
            continue
        tag = node.tag
        if tag == "-text":
            pieces.append(node.text(deep=False).replace("\n", " "))
        elif tag in _BLOCKS:
            pieces.append("\n")
        child = None if tag in _SILENT else node.first_child
        if child is None:
            node = node.next
        else:
            open_nodes.append(node)
            node = child
    return pieces


def tidy(text: str) -> str:
    """Normal line ends, single spaces, one blank line at most, no control characters or lone surrogates."""
    text = text.strip()
    if _UNTIDY.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _LINES.sub("\n", _BLANKS.sub(" ", _CONTROL.sub("", text)))
        text = _GAPS.sub("\n\n", text)
        text = text.strip()
    return text[:MAX_TEXT].rstrip() if len(text) > MAX_TEXT else text


def one_line(text: str) -> str:
    """For titles and names: no line breaks at all."""
    return " ".join(text.split())


def safe_html(html: str) -> str | None:
    """Markup for the page: text elements and links only, no images, scripts or styles; None when empty."""
    return _CLEANER.clean(html[:MAX_HTML]).strip()[:MAX_HTML] or None
