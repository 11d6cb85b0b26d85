"""Captions and podcast summaries under names that no parser takes for the text of the entry.

feedparser lets media:description and itunes:summary stand in for the description, also where there is one: the caption
of a picture becomes the text of the article. fastfeedparser takes the first element of the local name `description`.
So a caption is called a credit that is marked as a caption, which feedparser keeps with its attributes, and a podcast
summary gets a name of its own.
"""

from __future__ import annotations

import re

from feedparser.mixin import _FeedParserMixin

from tocsin.polling._entries import Markup
from tocsin.polling._media import CAPTION, Found

SPARE = "itunes_spare"  # feedparser's key for a renamed itunes:summary

_DECLARED = re.compile(
    rb"""xmlns:([\w.-]{1,50})\s*=\s*["']\s*http://(search\.yahoo\.com/mrss|www\.itunes\.com/dtds/podcast)""",
    re.IGNORECASE,
)
_GML = re.compile(rb"(</?|\sxmlns:|opengis\.net/|\s)gml([:=\"'/])")
_OTHERS = rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_USUAL = {b"media": b"description", b"itunes": b"summary"}  # also where no namespace is declared


def renamed(body: bytes) -> bytes:
    """The body with `<media:credit tocsin="caption">` and `<itunes:spare>`, whatever the prefixes are."""
    if b":description" not in body and b":summary" not in body:
        return body
    prefixes = _USUAL | {
        prefix: b"description" if b"mrss" in space.lower() else b"summary"
        for prefix, space in _DECLARED.findall(body)
    }
    told = {prefix: name for prefix, name in prefixes.items() if b"<" + prefix + b":" + name in body}
    if not told:
        return body
    names = b"|".join(re.escape(prefix + b":" + name) for prefix, name in told.items())
    pattern = re.compile(_OTHERS + rb"|<(?P<end>/?)(?P<prefix>%s)(?=[\s>/])" % names, re.DOTALL)
    return pattern.sub(_other_name, body)


def without_gml(body: bytes) -> bytes:
    """The body with GML as a vocabulary that no parser knows."""
    return _GML.sub(rb"\1other\2", body)


def text_of(own: Markup | None, spare: str | None, found: Found) -> Markup | None:
    """An entry's own text or its podcast summary, the longer one; where it has neither, its first caption."""
    if spare and (own is None or len(spare) > len(own.value)):
        return guessed(spare)
    if own is not None:
        return own
    captions = found.captions()
    if not captions:
        return None
    text, plain = captions[0]
    return guessed(text) if plain else Markup(text)


def guessed(text: str) -> Markup:
    """Text that may be markup, guessed as feedparser does."""
    return Markup(text, html=_FeedParserMixin.looks_like_html(text))


def _other_name(found: re.Match[bytes]) -> bytes:
    name = found["prefix"]
    if name is None:  # CDATA or a comment
        return found[0]
    prefix, _, local = name.partition(b":")
    if local == b"summary":
        return b"<%s%s:spare" % (found["end"], prefix)
    return (
        b"</%s:credit" % prefix if found["end"] else b'<%s:credit %s="caption"' % (prefix, CAPTION.encode())
    )
