"""The fast parser, when it may be believed, and which feeds it reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.errors import FeedFormatError
from tocsin.model import Certificate
from tocsin.polling._certify import AGREEMENTS, RECHECK, RETRY, certified, way_of
from tocsin.polling._fast import read_fast
from tocsin.polling._formats import ParsedFeed, Way
from tocsin.polling._outline import DoubtError
from tocsin.polling._reading import difference, read_document

URL = "https://gazette.example/feed.xml"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Gazette &amp; Post</title><link>https://gazette.example/</link><language>en-GB</language><ttl>45</ttl>
<item><guid isPermaLink="false">g-1</guid><title>Bridge reopens</title><link>https://gazette.example/1</link>
<pubDate>Sun, 01 Mar 2026 09:30:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>
<description>&lt;p&gt;Cars cross the river again.&lt;/p&gt;</description></item>
<item><guid isPermaLink="false">g-2</guid><title>Ferry late</title><link>https://gazette.example/2</link>
<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>
<description>Short.</description><content:encoded><![CDATA[<p>The ferry left an hour late &amp; came back.</p>]]></content:encoded>
</item></channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour News</title>
<link href="https://harbour.example/"/><id>urn:x</id><updated>2026-03-01T10:00:00Z</updated>
<entry><id>urn:x:1</id><title type="html">Crane &amp;amp; quay</title><link href="https://harbour.example/1"/>
<published>2026-03-01T09:00:00+02:00</published><updated>2026-03-01T10:00:00Z</updated>
<author><name>Bo Ek</name></author><content type="html">&lt;p&gt;The crane &lt;b&gt;moved&lt;/b&gt;.&lt;/p&gt;</content></entry>
<entry><id>urn:x:2</id><title>Plain &lt;b&gt; title</title><link href="https://harbour.example/2"/>
<updated>2026-03-01T08:00:00Z</updated><summary>Words &lt;p&gt; as they are</summary></entry></feed>"""


@pytest.mark.parametrize("body", [RSS, ATOM, b"\n\n" + RSS], ids=["rss", "atom", "blanks before"])
def test_both_parsers_agree_on_a_sound_document(body: bytes) -> None:
    """Every effective field is the same, frame included."""
    reference, fast = read_document(body, "application/xml", URL), read_fast(body, "application/xml", URL)
    assert difference(reference, fast) is None
    assert (fast.title, fast.ttl, len(fast.entries)) == (reference.title, reference.ttl, 2)
    assert read_document(body, "application/xml", URL, Way.BOTH).agreed


def test_dates_are_the_strings_of_the_document() -> None:
    """The fast parser's own reading of dates is not used."""
    first, second = read_fast(ATOM, "", URL).entries
    assert first.dates == ("2026-03-01T09:00:00+02:00", "2026-03-01T10:00:00Z")
    assert second.dates == ("2026-03-01T08:00:00Z",)


@pytest.mark.parametrize("date", ["12:30", "March", "yesterday", "0192-03-01", "99"])
def test_no_date_is_invented(date: str) -> None:
    """A string that is no whole date stays that string, for the judge of dates to refuse."""
    body = RSS.replace(b"Sun, 01 Mar 2026 08:00:00 GMT", date.encode())
    assert read_fast(body, "", URL).entries[1].dates == (date,)


def test_a_guid_that_looks_like_a_date_is_none() -> None:
    """An entry without a date has none, whatever its guid is."""
    body = RSS.replace(b"<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>", b"").replace(b"g-2", b"20260228")
    assert read_fast(body, "", URL).entries[1].dates == ()


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (RSS.replace(b"</channel>", b""), "", "well-formed"),
        (RSS.replace(b"Ferry late", b"Ferry & late"), "", "well-formed"),
        (RSS.replace(b"Ferry late", b"Ferry \xff late"), "", "well-formed"),
        (RSS.replace(b"UTF-8", b"ISO-8859-1"), "", "encoding ISO-8859-1"),
        (RSS, "text/xml; charset=windows-1251", "encoding windows-1251"),
        (RSS.replace(b"Ferry", b"Fer\0ry"), "", "NUL"),
        (RSS.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY a "b">]><rss'), "", "document type"),
        (RSS.partition(b"<item>")[0] + b"</channel></rss>", "", "0 entries"),
        (b"<html><body>no</body></html>", "", "html"),
        (b"<a>" * 100_000, "", "well-formed"),
    ],
)
def test_what_is_out_of_the_ordinary_is_a_doubt(body: bytes, content_type: str, words: str) -> None:
    """Such documents are for the reference; the doubt says why."""
    with pytest.raises(DoubtError, match=words):
        read_fast(body, content_type, URL)


def test_a_doubt_falls_back_to_the_reference() -> None:
    """A certified feed that sends something odd is read all the same, and the doubt is told."""
    parsed = read_document(RSS.replace(b"</channel></rss>", b"</rss>"), "", URL, Way.FAST)
    assert len(parsed.entries) == 2
    assert parsed.agreed is False
    assert parsed.doubt is not None
    assert "well-formed" in parsed.doubt


def test_both_ways_fail_alike_on_what_is_no_feed() -> None:
    """The error is the reference's."""
    for way in Way:
        with pytest.raises(FeedFormatError, match="HTML page"):
            read_document(b"<html><title>Oops</title></html>", "text/html", URL, way)


def test_formats_with_one_parser_are_not_compared() -> None:
    """JSON Feed needs no certificate."""
    body = b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "content_text": "x"}]}'
    assert read_document(body, "application/json", URL, Way.BOTH).agreed is None


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ((b"Bridge reopens", b"Bridge closes"), "title of entry 1"),
        ((b"g-2", b"g-3"), "key of entry 2"),
        ((b"Cars cross", b"Cars do not cross"), "text of entry 1"),
        ((b"09:30:00", b"09:31:00"), "date of entry 1"),
        ((b"Ann Lee", b"Ann Low"), "author of entry 1"),
        ((b"Gazette &amp; Post", b"Post"), "title of the feed"),
        (
            (b"<link>https://gazette.example/</link>", b"<link>https://post.example/</link>"),
            "page of the feed",
        ),
        ((b"en-GB", b"de"), "language of entry 1"),
    ],
)
def test_the_field_that_differs_is_named(change: tuple[bytes, bytes], name: str) -> None:
    """Each effective field is compared."""
    told = difference(read_document(RSS, "", URL), read_fast(RSS.replace(*change), "", URL))
    assert told is not None
    assert name in told


def test_a_feed_earns_the_fast_parser_and_is_looked_at_again() -> None:
    """Both parsers until they agreed often enough, then the fast one, then both again."""
    certificate, agreed = Certificate(), ParsedFeed("rss", agreed=True)
    for _ in range(AGREEMENTS):
        assert way_of(certificate, NOW) is Way.BOTH
        certificate = certified(certificate, agreed, NOW)
    assert way_of(certificate, NOW) is Way.FAST
    assert certified(certificate, ParsedFeed("rss"), NOW) == certificate
    assert certified(certificate, None, NOW) == certificate
    assert way_of(certificate, NOW + RECHECK) is Way.BOTH


def test_the_first_doubt_takes_it_away() -> None:
    """Then the reference alone for a day, and the count begins again."""
    certificate = Certificate(agreed=9, checked_at=NOW)
    lost = certified(certificate, ParsedFeed("rss", agreed=False, doubt="the text of entry 1"), NOW)
    assert lost == Certificate(0, NOW, "the text of entry 1")
    assert way_of(lost, NOW + timedelta(minutes=30)) is Way.REFERENCE
    assert way_of(lost, NOW + RETRY) is Way.BOTH
    again = certified(lost, ParsedFeed("rss", agreed=True), NOW + RETRY)
    assert (again.agreed, again.doubt) == (1, None)
