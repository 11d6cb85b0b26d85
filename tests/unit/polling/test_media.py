"""Media and places of entries, in every format that has them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import (
    GeoTag,
    Media,
    MediaRole,
    geo_from_json,
    geo_to_json,
    media_from_json,
    media_to_json,
)
from tocsin.polling._fast import read_fast
from tocsin.polling._formats import ParsedEntry
from tocsin.polling._media import MAX_MEDIA, Found, geo_of, geometry, media_of, usable
from tocsin.polling._parse import parse_feed

URL = "https://gazette.example/feed.xml"
SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"'
)
PICTURE = Media("https://gazette.example/a.jpg", medium="image")


def entry(inside: str, *, text: str = "<description>Cars cross again.</description>") -> ParsedEntry:
    body = (
        f'<rss version="2.0" {SPACES}><channel><title>G</title><link>https://gazette.example/</link><item>'
        f"<guid>g1</guid><title>Bridge reopens</title><link>https://gazette.example/1</link>{text}{inside}</item></channel></rss>"
    )
    return parse_feed(body.encode(), "", URL).entries[0]


def test_a_picture_with_all_that_is_said_of_it() -> None:
    """Names of Media RSS; numbers are numbers, the medium may follow from the type."""
    found = entry(
        '<media:content url="/a.jpg" type="image/JPEG" width="640" height="480px" fileSize="1234">'
        "<media:credit role='photographer'> Ann  Lee </media:credit>"
        "<media:description type='html'>The &lt;b&gt;old&lt;/b&gt; bridge</media:description></media:content>"
    )
    assert found.media == (
        Media(
            "https://gazette.example/a.jpg",
            MediaRole.CONTENT,
            "image/jpeg",
            "image",
            640,
            480,
            1234,
            "The old bridge",
            "Ann Lee",
        ),
    )


def test_contents_thumbnails_and_enclosures_in_this_order() -> None:
    """Each address once, under the first role."""
    found = entry(
        '<enclosure url="https://a.example/a.mp3" length="9" type="audio/mpeg"/>'
        '<media:thumbnail url="https://a.example/t.jpg"/><media:content url="https://a.example/c.mp4" medium="video"/>'
        '<enclosure url="https://a.example/c.mp4"/>'
    )
    assert [(one.url[18:], one.role, one.medium) for one in found.media] == [
        ("c.mp4", MediaRole.CONTENT, "video"),
        ("t.jpg", MediaRole.THUMBNAIL, "image"),
        ("a.mp3", MediaRole.ENCLOSURE, "audio"),
    ]


@pytest.mark.parametrize(
    ("credits_", "expected"),
    [
        (["Ann"], ["Ann", "Ann"]),
        (["Ann", "Bo"], ["Ann", "Bo"]),
        (["Ann", "Bo", "Cy"], [None, None]),
        ([], [None, None]),
    ],
)
def test_a_credit_belongs_to_a_file_by_its_number(credits_: list[str], expected: list[str | None]) -> None:
    """One is of all, as many as files are of one each; else nobody can say whose they are."""
    found = Found(contents=[{"url": "a"}, {"url": "b"}], credits=[{"content": one} for one in credits_])
    assert [one.credit for one in media_of(found)] == expected


def test_several_credits_of_one_file_are_all_named() -> None:
    """The photographer and the agency."""
    found = Found(contents=[{"url": "a"}], credits=[{"content": "Ann"}, {"content": "Wire"}])
    assert media_of(found)[0].credit == "Ann, Wire"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:image/png;base64,AA", "ftp://a.example/x", "//[", "https://", "https://a.example/" + "x" * 2000, " ", "https://a.example:99999/"],
)  # fmt: skip
def test_an_address_that_is_not_of_the_web_is_left_out(url: str) -> None:
    """Without a word: the entry itself is whole."""
    assert usable([Media(url), PICTURE], URL) == (PICTURE,)


def test_files_are_bounded() -> None:
    """A gallery of thousands keeps its first files."""
    kept = usable([Media(f"https://a.example/{n}") for n in range(1_000)], URL)
    assert [one.url for one in kept] == [f"https://a.example/{n}" for n in range(MAX_MEDIA)]


PLACES = {
    "point": ("<georss:point>45.256 -71.92</georss:point>", GeoTag(45.256, -71.92)),
    "name": (
        "<georss:featureName> Kyiv </georss:featureName><georss:point>50.45 30.52</georss:point>",
        GeoTag(50.45, 30.52, name="Kyiv"),
    ),
    "line": ("<georss:line>45 -110 47 -108</georss:line>", GeoTag(46.0, -109.0, "line")),
    "box": ("<georss:box>42 -72 44 -70</georss:box>", GeoTag(43.0, -71.0, "box")),
    "polygon": ("<georss:polygon>0 0 0 4 2 4 0 0</georss:polygon>", GeoTag(1.0, 2.0, "polygon")),
    "gml": (
        "<georss:where><gml:Point><gml:pos>45.256 -71.92</gml:pos></gml:Point></georss:where>",
        GeoTag(45.256, -71.92),
    ),
    "w3c": ("<geo:lat>26.58</geo:lat><geo:long>-97.83</geo:long>", GeoTag(26.58, -97.83)),
    "w3c behind a broken point": (
        "<georss:point>here</georss:point><geo:lat>1</geo:lat><geo:long>2</geo:long>",
        GeoTag(1.0, 2.0),
    ),
    "latitude alone": ("<geo:lat>26.58</geo:lat>", None),
    "beyond the pole": ("<georss:point>90.01 0</georss:point>", None),
    "beyond the date line": ("<georss:point>0 180.5</georss:point>", None),
    "a corner beyond": ("<georss:box>0 0 95 1</georss:box>", None),
    "not a number": ("<georss:point>nan nan</georss:point>", None),
    "endless": ("<geo:lat>inf</geo:lat><geo:long>1</geo:long>", None),
    "words": ("<georss:point>north south</georss:point>", None),
    "nothing": ("<georss:point/>", None),
    "one number": ("<georss:point>45</georss:point>", None),
}


@pytest.mark.parametrize("name", list(PLACES))
def test_the_place_an_entry_is_tagged_with(name: str) -> None:
    """GeoRSS-Simple, GML and W3C Basic Geo; what is not on earth is no place."""
    inside, expected = PLACES[name]
    assert entry(inside).geo == expected


@given(
    st.lists(st.floats() | st.text(max_size=5), max_size=9),
    st.sampled_from(["point", "line", "polygon", "box"]),
)
def test_any_numbers_are_a_place_on_earth_or_none(numbers: list[Any], kind: str) -> None:
    """Nothing raises, nothing lies off the globe."""
    geo = geo_of(Found(where=geometry(kind, " ".join(map(str, numbers)))))
    assert geo is None or (abs(geo.lat) <= 90 and abs(geo.lon) <= 180)


CAPTION = (
    "<media:content url='a.jpg'><media:description>An old boat on a pier.</media:description></media:content>"
)


@pytest.mark.parametrize("before", [True, False])
def test_a_caption_is_no_text_of_an_article(before: bool) -> None:
    """Wherever it stands, in a feed of any prefix."""
    text = "<description>Cars cross again.</description>"
    found = entry("", text=CAPTION + text if before else text + CAPTION)
    assert found.text == "Bridge reopens\n\nCars cross again."
    assert found.media[0].description == "An old boat on a pier."


def test_a_caption_stands_where_there_is_no_text() -> None:
    """Video sites give no other."""
    assert entry(CAPTION, text="").text == "Bridge reopens\n\nAn old boat on a pier."


def test_the_prefix_of_a_vocabulary_may_be_any() -> None:
    """The namespace counts."""
    body = (
        b'<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"><channel><title>G</title><item><title>A</title>'
        b'<description>Text</description><m:content url="https://a.example/a.jpg"/><m:description>Boat</m:description>'
        b"</item></channel></rss>"
    )
    for read in (parse_feed, read_fast):
        (found,) = read(body, "", URL).entries
        assert (found.text, found.media[0].description) == ("A\n\nText", "Boat")


def test_words_inside_a_text_stay_what_they_are() -> None:
    """An article about feeds may quote their elements."""
    text = "<description><![CDATA[Use <code>&lt;media:description></code> and <media:description>]]></description>"
    found = entry(CAPTION, text=text + "<!-- <media:description> -->")
    assert "<media:description>" in found.text
    assert "credit" not in found.text


def test_a_podcast_summary_counts_when_it_is_longer() -> None:
    """It is the publisher's text about the entry, unlike a caption."""
    space = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    assert entry(f"<itunes:summary {space}>Short</itunes:summary>").text.endswith("Cars cross again.")
    body = (
        f'<rss version="2.0" {space}><channel><title>G</title><item><title>A</title><description>Brief</description>'
        "<itunes:summary>A much longer account</itunes:summary></item></channel></rss>"
    ).encode()
    for read in (parse_feed, read_fast):
        assert read(body, "", URL).entries[0].text == "A\n\nA much longer account"


def test_a_broken_document_keeps_its_media() -> None:
    """Feedparser's other way to read gives them, too."""
    found = entry('&nbsp;<media:content url="a.jpg"/><media:description>Boat</media:description>')
    assert [(one.url, one.description) for one in found.media] == [("https://gazette.example/a.jpg", "Boat")]


def test_json_feed() -> None:
    """Pictures and attachments; nonsense in their place is nothing."""
    items = [
        {
            "id": "1",
            "title": "A",
            "image": "/i.jpg",
            "banner_image": "https://a.example/b.jpg",
            "attachments": [
                {"url": "https://a.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 89, "title": "Part 1"},
                {"url": "javascript:x"},
                {"url": 7, "size_in_bytes": "many"},
                "nonsense",
            ],
        },
        {"id": "2", "title": "B", "image": {"url": "x"}, "attachments": "none"},
    ]  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}).encode()
    first, second = parse_feed(body, "", URL).entries
    assert [(one.url, one.role, one.medium) for one in first.media][:2] == [
        ("https://gazette.example/i.jpg", MediaRole.CONTENT, "image"),
        ("https://a.example/b.jpg", MediaRole.CONTENT, "image"),
    ]
    assert first.media[2] == Media(
        "https://a.example/a.mp3", MediaRole.ENCLOSURE, "audio/mpeg", "audio", length=89, description="Part 1"
    )
    assert second.media == ()


def test_news_sitemap() -> None:
    """The pictures beside the news."""
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i"><url>
      <loc>https://gazette.example/1</loc><news:news><news:title>A</news:title></news:news>
      <image:image><image:loc>https://gazette.example/a.jpg</image:loc><image:caption>Boat</image:caption></image:image>
      <image:image><image:loc>javascript:x</image:loc></image:image></url></urlset>"""
    (found,) = parse_feed(body, "", URL).entries
    assert found.media == (Media("https://gazette.example/a.jpg", medium="image", description="Boat"),)


@given(
    st.builds(
        Media,
        st.text(min_size=1),
        st.sampled_from(MediaRole),
        *[st.none() | st.text(min_size=1)] * 2,
        *[st.none() | st.integers(1)] * 3,
        *[st.none() | st.text(min_size=1)] * 2,
    ),
    st.builds(GeoTag, st.floats(-90, 90), st.floats(-180, 180), name=st.none() | st.text(min_size=1)),
)
def test_as_json_and_back(media: Media, geo: GeoTag) -> None:
    """Nothing is lost on the way to the store."""
    assert media_from_json(json.loads(json.dumps(media_to_json(media)))) == media
    assert geo_from_json(json.loads(json.dumps(geo_to_json(geo)))) == geo
