"""One body to one feed, of whatever format, or to the class of what it is instead."""

from __future__ import annotations

import pytest

from tocsin.errors import FeedFormatError
from tocsin.model import FetchFailure
from tocsin.polling._parse import parse_feed

URL = "https://news.example/feed"


def parse(body: bytes | str, content_type: str = "application/rss+xml"):
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)


def rss(items: str, channel: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>World &amp; more</title><link>https://news.example/</link>{channel}{items}</channel></rss>"
    )


ITEM = """<item><title>Launch</title><link>/a?utm_source=rss</link><guid>g1</guid>
<description>Short.</description><content:encoded><![CDATA[<p>Long text.</p>]]></content:encoded>
<pubDate>Tue, 08 Nov 2022 10:00:00 GMT</pubDate><dc:creator>A. Writer</dc:creator>
<source url="https://wire.example/">The Wire</source></item>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Atom</title>
<link rel="self" href="https://news.example/feed"/><link href="https://news.example/"/>
<entry><id>urn:1</id><title type="text">AT&amp;T &lt;b&gt;</title><link href="https://news.example/1"/>
<updated>2022-11-08T10:00:00Z</updated><summary type="html">&lt;p&gt;One&lt;/p&gt;</summary></entry></feed>"""


def test_rss():
    """RSS 2.0: content before summary, canonical link, author, source and raw date."""
    feed = parse(rss(ITEM, "<ttl>30</ttl><language>en-gb</language>"))
    (entry,) = feed.entries
    assert (feed.kind, feed.title, feed.ttl, feed.language) == ("rss20", "World & more", 1800, "en-gb")
    assert feed.links == ("https://news.example/",)
    assert (entry.key, entry.url, entry.text) == ("g1", "https://news.example/a", "Launch\n\nLong text.")
    assert (entry.author, entry.source) == ("A. Writer", "The Wire")
    assert entry.dates == ("Tue, 08 Nov 2022 10:00:00 GMT",)
    assert feed.whole
    assert feed.notes == ()


def test_atom():
    """Atom: plain titles stay plain, `updated` stands in for `published`."""
    feed = parse(ATOM, "application/atom+xml")
    (entry,) = feed.entries
    assert (feed.kind, entry.key, entry.title) == ("atom10", "urn:1", "AT&T <b>")
    assert entry.text == "AT&T <b>\n\nOne"
    assert entry.dates == ("2022-11-08T10:00:00Z",)
    assert entry.language == "en"


def test_rdf():
    """RSS 1.0 is RDF."""
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title></channel>
    <item rdf:about="https://news.example/1"><title>T</title><link>https://news.example/1</link>
    <dc:date>2022-11-08T10:00:00Z</dc:date></item></rdf:RDF>"""
    feed = parse(body, "application/rdf+xml")
    assert feed.kind == "rss10"
    assert feed.entries[0].dates == ("2022-11-08T10:00:00Z",)


def test_feed_without_entries_is_a_feed():
    """A quiet feed is no failure."""
    assert parse(rss("")).entries == ()


def test_missing_date_is_missing():
    """No date element, no date."""
    assert parse(rss("<item><title>T</title></item>")).entries[0].dates == ()


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>often</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_ttl(channel, ttl):
    """What the feed asks to be left alone for, in seconds, when it can be read."""
    assert parse(rss("", channel)).ttl == ttl


@pytest.mark.parametrize("body", [b"", b"  \n", b"\0\0\0", b"\xef\xbb\xbf"])
def test_empty(body):
    """Nothing is EMPTY."""
    with pytest.raises(FeedFormatError) as caught:
        parse(body)
    assert caught.value.failure == FetchFailure.EMPTY


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "<!DOCTYPE html><html><head><title>Front &amp; page</title></head><body>x</body></html>",
            "'Front & page'",
        ),
        ("<html><body><p>hello</body></html>", "an HTML page"),
        ("<catalog><book/></catalog>", "XML of another kind"),
        ("/etc/passwd", "text of another kind"),
        ("https://news.example/other.xml", "text of another kind"),
        ("file:///etc/passwd", "text of another kind"),
        ('{"a": 1}', "not a JSON Feed"),
        ("[1, 2]", "not a JSON Feed"),
        ('<urlset xmlns="x"><url><loc>https://news.example/</loc></url></urlset>', "a sitemap without news"),
        ("<sitemapindex><sitemap/></sitemapindex>", "an index of sitemaps"),
    ],
)
def test_not_a_feed(body, says):
    """Other documents are NOT_A_FEED, and the message says what they are; paths and addresses are never opened."""
    with pytest.raises(FeedFormatError, match="not a") as caught:
        parse(body, "text/html")
    assert caught.value.failure == FetchFailure.NOT_A_FEED
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (rss(ITEM)[:330], "truncated before its first entry"),
        ("<rss><channel><item attr<><</channel></rss>", "broken and no entry"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "JSON cannot be read"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "no list of items"),
        ("[" * 100_000, "nests too deeply"),
        ("<urlset><url>", "sitemap cannot be read"),
    ],
)
def test_malformed(body, says):
    """Feeds too broken to give one entry are MALFORMED, with where."""
    with pytest.raises(FeedFormatError) as caught:
        parse(body)
    assert caught.value.failure == FetchFailure.MALFORMED
    assert says in caught.value.message


def test_truncated_keeps_whole_entries():
    """Of a truncated document the last entry is left out, for its text may be cut."""
    whole = rss(ITEM + ITEM.replace("g1", "g2").replace("/a?", "/b?"))
    feed = parse(whole[: whole.index("Short.", whole.index("g2"))])
    assert [entry.key for entry in feed.entries] == ["g1"]
    assert not feed.whole
    assert "truncated" in feed.notes[0]


def test_fault_is_noted_and_read_on():
    """A document with a fault gives what it has, with a note of where the fault is."""
    feed = parse(rss(ITEM.replace("Short.", "Short &nosuch; text")))
    assert len(feed.entries) == 1
    assert "undefined entity" in feed.notes[0]


def test_feed_with_fault_and_without_entries():
    """A fault in a feed that has no entries anyway is a note."""
    feed = parse(rss("").replace("World", "World &nosuch;"))
    assert feed.entries == ()
    assert feed.notes


@pytest.mark.parametrize("before", ["\n\n  ", "<!-- made by hand -->\n", "\ufeff \n"])
def test_blanks_before_the_declaration(before):
    """Blanks and comments before the XML declaration are forgiven."""
    assert len(parse(before + rss(ITEM)).entries) == 1


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ['<?xml version="1.0" encoding="UTF-16"?>', ""])
def test_utf_16(codec, declaration):
    """UTF-16 is read with and without byte order mark, with and without declaration."""
    body = declaration + rss(ITEM.replace("Launch", "Пуск")).partition("?>")[2]
    assert parse(body.encode(codec), "text/xml; charset=utf-16").entries[0].title == "Пуск"


def test_wrong_charset_is_overcome():
    """A body in another charset than declared is read as what it is."""
    body = rss(ITEM.replace("Launch", "Verhör")).replace('encoding="utf-8"', 'encoding="utf-8"')
    feed = parse(body.encode("latin-1"), "application/rss+xml; charset=utf-8")
    assert feed.entries[0].title == "Verhör"


def test_nul_bytes_are_dropped():
    """NUL is no character of XML; what is left is read."""
    assert parse(rss(ITEM).encode().replace(b"Launch", b"La\0unch")).entries[0].title == "Launch"


def test_entity_bomb_stays_small():
    """Nested entity declarations are not run."""
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(10)
    )
    feed = parse(
        bomb + "]>" + rss(ITEM.replace("Short.", "&k;").replace("Long text.", "")).partition("?>")[2]
    )
    assert all(len(entry.text) < 1000 for entry in feed.entries)


def test_external_entity_is_not_opened(tmp_path):
    """A file named by an entity does not get into a text."""
    secret = tmp_path / "secret"
    secret.write_text("TOP-SECRET")
    body = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>'
        + rss(ITEM.replace("Short.", "&x;").replace("Launch", "&x;")).partition("?>")[2]
    )
    assert "TOP-SECRET" not in str(parse(body))


def test_content_of_other_kinds_is_no_text():
    """An enclosure in `content` is not the text; the summary is."""
    body = ATOM.replace("</summary>", "</summary><content type='image/png'>iVBORw0KGgo=</content>")
    assert parse(body).entries[0].text.endswith("One")


def test_news_sitemap():
    """A Google News sitemap gives titles, dates and publishers."""
    body = """<?xml version="1.0"?><!-- made daily --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc><news:news>
    <news:publication><news:name>Example</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2022-11-08</news:publication_date><news:title>A &amp; B</news:title></news:news></url>
    <url><loc>https://news.example/2</loc><lastmod>2022-11-07</lastmod><news:news><news:title>C</news:title></news:news>
    </url></urlset>"""
    feed = parse(body, "application/xml")
    first, second = feed.entries
    assert (feed.kind, first.url, first.text) == ("sitemap", "https://news.example/1", "A & B")
    assert (first.dates, first.source, first.language) == (("2022-11-08",), "Example", "en")
    assert (second.dates, second.source) == (("2022-11-07",), None)


JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "en",
"home_page_url": "https://news.example/", "items": [
{"id": 7, "url": "https://news.example/7", "title": "T", "content_html": "<p>H</p>", "date_published":
"2022-11-08T10:00:00Z", "date_modified": "2022-11-09T10:00:00Z", "authors": [{"name": "A"}, {"name": "B"}, 3]},
{"id": "8", "content_text": "a < b", "author": {"name": "C"}, "external_url": "https://other.example/8"},
{"id": true, "summary": "S"}, "no item"]}"""


def test_json_feed():
    """JSON Feed 1.1 and 1.0: ids may be numbers, text stays text, several authors are one line."""
    feed = parse(JSON_FEED, "application/feed+json")
    first, second, third = feed.entries
    assert (feed.kind, feed.title, feed.links) == ("json", "J", ("https://news.example/",))
    assert (first.key, first.text, first.author) == ("7", "T\n\nH", "A, B")
    assert first.dates == ("2022-11-08T10:00:00Z", "2022-11-09T10:00:00Z")
    assert (second.text, second.author, second.url) == ("a < b", "C", "https://other.example/8")
    assert (third.text, third.language) == ("S", "en")
