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
PLACE = '<georss:point xmlns:georss="http://www.georss.org/georss">%s</georss:point>'
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
    "two podcast summaries": (rss("<itunes:summary>A</itunes:summary>" * 2), "podcast summary"),
    "podcast title": (rss("<itunes:title>Other</itunes:title>", title=""), "title of another vocabulary"),
    "GML": (rss('<gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>1 2</gml:pos></gml:Point>'), "GML"),
    "two places": (rss(f"{PLACE % '1 2'}{PLACE % '3 4'}"), "more than one point"),
    "markup in a credit": (rss("<media:credit>Ann <b>Lee</b></media:credit>"), "markup inside a text"),
    "image beside media": (rss('<image><url>https://a.example/i</url></image><media:content url="x"/>'), "image"),
    "prefixed attribute": (rss('<media:content xmlns:x="urn:x" x:url="https://a.example/x"/>'), "other vocab"),
    "enclosure of nothing": (rss("<enclosure length='1'/>"), "without an address"),
    "base on media": (rss('<enclosure url="a.mp3"/>', item='item xml:base="https://other.example/"'), "xml:base"),
    "flood": (rss("<x " + " ".join(f'a{n}="1"' for n in range(101)) + "/>"), "flood"),
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
    "podcast summary": rss("<itunes:summary>Other</itunes:summary>"),
    "longer podcast summary": rss("<itunes:summary>Other and longer than a description</itunes:summary>"),
    "podcast summary alone": rss("<itunes:summary>A &lt;p&gt; x</itunes:summary>", description=""),
    "caption": rss("<media:group><media:description>Other</media:description></media:group>"),
    "caption before text": rss(guid="<media:description type='html'>A &lt;b&gt;</media:description>"),
    "caption alone": rss("<media:description>A boat &amp;amp; a bridge</media:description>", description=""),
    "plain caption alone": rss('<media:description type="plain">1 &lt; 2</media:description>', description=""),
    "pictures": rss(
        '<media:group><media:content URL="a.jpg" type="IMAGE/JPEG" width="640" height="x"><media:credit role="p">Ann'
        '</media:credit></media:content><media:content url="https://a.example/b.jpg" fileSize="7"><media:description>'
        "Boat</media:description><media:credit> Bo </media:credit></media:content></media:group>"
        '<media:thumbnail url="https://a.example/t.jpg"/><media:thumbnail>https://a.example/u.jpg</media:thumbnail>'
        '<enclosure url="https://a.example/a.mp3" length="123" type="audio/mpeg"/>'
        '<enclosure url="javascript:alert(1)"/>'
    ),
    "point": rss(PLACE % "45.256 -71.92"),
    "point with commas": rss(PLACE % "45.256, -71.92"),
    "broken point": rss(PLACE % "here"),
    "point at the pole beyond": rss(PLACE % "91 0"),
    "line": rss(PLACE.replace("point", "line") % "45 -110 46 -109 47 -108"),
    "box": rss(PLACE.replace("point", "box") % "42.943 -71.032 43.039 -69.856"),
    "polygon": rss(PLACE.replace("point", "polygon") % "45 -110 46 -109 43 -109 45 -110"),
    "three corners": rss(PLACE.replace("point", "polygon") % "45 -110 46 -109 43 -109"),
    "latitude and longitude": rss(
        '<geo:Point xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"><geo:lat>26.58</geo:lat>'
        "<geo:long>-97.83</geo:long></geo:Point>"
    ),
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
