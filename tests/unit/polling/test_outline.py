"""Shapes of documents on which the two parsers are known to part ways: each is a doubt or read alike, never silent."""

from __future__ import annotations

import pytest

from tocsin.polling._fast import read_fast
from tocsin.polling._outline import DoubtError, read_outline
from tocsin.polling._parse import parse_feed
from tocsin.polling._reading import difference

URL = "https://gazette.example/feed.xml"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
PARTS = {
    "guid": '<guid isPermaLink="false">g1</guid>',
    "title": "<title>Bridge reopens</title>",
    "link": "<link>https://gazette.example/1</link>",
    "description": "<description>Cars cross again.</description>",
}
BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def rss(more: str = "", before: str = "", item: str = "item", **parts: str) -> bytes:
    """A document of one item; parts are replaced by name, `more` comes after them."""
    inside = "".join((PARTS | parts).values()) + more
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0" {SPACES}><channel><title>Gazette</title>'
        f"<link>https://gazette.example/</link><{item}>{inside}</item></channel></rss>"
    ).encode()


def atom(more: str = "", link: str = '<link href="https://gazette.example/1"/>', root: str = "") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" {root}>'
        f"<title>Harbour</title><entry><id>urn:x:1</id>{link}{more}"
        "<updated>2026-03-01T10:00:00Z</updated></entry></feed>"
    ).encode()


DOUBTFUL = {
    "two creators": (rss("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>"), "more than one author"),
    "author and creator": (rss("<author>Ann</author><dc:creator>Bo</dc:creator>"), "more than one author"),
    "two links": (rss("<link>https://gazette.example/2</link>"), "more than one link"),
    "two texts": (rss("<description>Other</description>"), "more than one text"),
    "atom link": (rss('<atom:link href="https://gazette.example/2"/>'), "atom:link"),
    "podcast summary": (rss("<itunes:summary>Other</itunes:summary>"), "summary of another vocabulary"),
    "podcast title": (rss("<itunes:title>Other</itunes:title>", title=""), "title of another vocabulary"),
    "media text": (
        rss("<media:group><media:description>Other</media:description></media:group>"),
        "media:description",
    ),
    "Dublin text": (rss("<dc:description>Other</dc:description>"), "description of another vocabulary"),
    "markup in title": (rss(title="<title>A <b>bold</b> move</title>"), "markup inside a text"),
    "body": (rss('<body xmlns="http://www.w3.org/1999/xhtml"><p>Other</p></body>'), "body"),
    "entry in entry": (rss("<x><item><title>In</title></item></x>"), "inside an entry"),
    "base": (rss(item='item xml:base="https://other.example/"', link="<link>1</link>"), "xml:base"),
    "other language": (rss(title='<title xml:lang="fr">Le pont</title>'), "xml:lang"),
    "guid for address": (rss(guid="<guid>g1</guid>", link=""), "should be an address"),
    "late type": (rss(before=f"<!--{'x' * 5000}-->{BOMB}", title="<title>&b;</title>"), "document type"),
    "C1 character": (rss(title="<title>A&#x85; B</title>"), "control characters"),
    "Atom markup": (atom('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A</div></title>'), "xhtml"),
    "Atom base64": (atom('<title>A</title><content type="image/png">aGVsbG8=</content>'), "image/png"),
    "Atom of another feed": (atom("<title>A</title><source><title>Wire</title></source>"), "of another feed"),
    "Atom without address": (atom("<title>A</title>", link=""), "without an address"),
    "Atom related only": (
        atom("<title>A</title>", link='<link rel="related" href="https://gazette.example/2"/>'),
        "without an address",
    ),
    "Atom two addresses": (atom('<title>A</title><link href="https://gazette.example/2"/>'), "more than one link"),
    "Atom two authors": (
        atom("<title>A</title><author><name>Ann</name></author><author><name>Bo</name></author>"),
        "more than one author",
    ),
}  # fmt: skip

ALIKE = {
    "source": rss('<source url="https://wire.example/">The Wire</source>'),
    "media": rss('<media:content url="https://gazette.example/a.jpg"><media:title>M</media:title></media:content>'),
    "podcast title too": rss("<itunes:title>Other</itunes:title>"),
    "own address": rss('<atom:link rel="self" href="https://gazette.example/x"/>'),
    "blank at the end": rss(description="<description>&lt;p&gt;Cars.&lt;/p&gt;\u00a0</description>"),
    "text and content": rss("<content:encoded><![CDATA[<p>Longer text.</p>]]></content:encoded>"),
    "guid as address": rss(guid='<guid isPermaLink="true">https://gazette.example/p</guid>'),
    "base, absolute": rss(item='item xml:base="https://other.example/"'),
    "Atom": atom("<title>A</title><author><name>Ann</name><email>a@b.example</email></author><summary>S</summary>"),
    "Atom enclosure": atom('<title>A</title><link rel="enclosure" href="https://gazette.example/e"/>'),
    "Atom text": atom('<title type="text">A &amp;amp; B</title><summary type="html">C &amp;lt; D</summary>'),
    "Atom based, absolute": atom("<title>A</title>", root='xml:base="https://gazette.example/"'),
}  # fmt: skip


@pytest.mark.parametrize("name", list(DOUBTFUL))
def test_a_shape_on_which_parsers_part_is_a_doubt(name: str) -> None:
    """So that a certified feed gives no wrong field between two comparisons."""
    body, words = DOUBTFUL[name]
    with pytest.raises(DoubtError, match=words):
        read_fast(body, "", URL)


@pytest.mark.parametrize("name", list(ALIKE))
def test_an_ordinary_shape_is_read_alike(name: str) -> None:
    """The fast parser reads it, and as the reference does."""
    assert difference(parse_feed(ALIKE[name], "", URL), read_fast(ALIKE[name], "", URL)) is None


def test_the_source_of_an_entry_is_kept() -> None:
    """It decides who the publisher is, so that the fast parser may not lose it."""
    (entry,) = read_fast(ALIKE["source"], "", URL).entries
    assert entry.source == "The Wire"


def test_no_entity_is_ever_declared() -> None:
    """The document type ends the reading before the first declaration in it."""
    with pytest.raises(DoubtError, match="document type"):
        read_outline(BOMB.encode() + b"<rss/>")
