"""Lists of feeds: OPML, plain addresses, catalogs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.model import FeedSpec
from tocsin.polling import feed_address, read_feed_list, read_opml, read_plain_list, write_opml

OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="World"><outline title="Asia/Pacific">
<outline type="rss" text="A" xmlUrl="https://a.example/rss" category="/news/wire,korea" language="en"/>
</outline></outline>
<outline xmlUrl="https://b.example/rss"><outline text="inside" xmlUrl="https://c.example/rss"/></outline>
<outline text="A again" xmlUrl="https://a.example/rss"/><other/>
</body></opml>"""


def test_opml_folders():
    """Ancestors make the folder; a slash in a name does not; feeds inside feeds are found."""
    a, b, c = read_opml(OPML)
    assert (a.url, a.folder, a.title) == ("https://a.example/rss", None, "A again")
    assert (b.folder, b.title) == (None, None)
    assert (c.url, c.title, c.folder) == ("https://c.example/rss", "inside", None)
    (first,) = read_opml(OPML.replace(b'<outline text="A again" xmlUrl="https://a.example/rss"/>', b""))[:1]
    assert (first.folder, first.topics, first.language) == (
        "World/Asia-Pacific",
        ("news/wire", "korea"),
        "en",
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html><body/></html>", "not OPML: it begins with <html>"),
        (b"<opml/>", "not OPML"),
        (b"<opml><body>", "not well-formed"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>', "declares the entity"),
        (
            b'<opml><body>\n<outline xmlUrl="feed.xml"/></body></opml>',
            "OPML:2: 'feed.xml' is not a web address",
        ),
    ],
)
def test_opml_refused(body, says):
    """What is not OPML, or declares entities, is refused with where."""
    with pytest.raises(InputError) as caught:
        read_opml(body)
    assert says in str(caught.value)


names = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs")), min_size=1, max_size=12
)


@given(
    st.lists(
        st.builds(
            FeedSpec,
            url=st.integers(0, 10**6).map(lambda number: f"https://h{number}.example/?a=1&b=<2>"),
            title=st.none() | names,
            folder=st.none()
            | st.lists(names.map(lambda name: name.replace("/", "-")), min_size=1, max_size=3).map("/".join),
            language=st.none() | st.just("pt-BR"),
        ),
        max_size=8,
        unique_by=lambda spec: spec.url,
    )
)
def test_opml_round_trip(specs):
    """What is exported comes back with the same addresses, titles, folders and languages."""
    back = {spec.url: spec for spec in read_opml(write_opml(specs).encode())}
    assert len(back) == len(specs)
    for spec in specs:
        found = back[spec.url]
        assert (found.folder, found.language) == (spec.folder, spec.language)
        assert found.title == spec.title


def test_topics_round_trip():
    """Topics are OPML's categories."""
    (back,) = read_opml(write_opml([FeedSpec("https://a.example/", topics=("world", "wire"))]).encode())
    assert back.topics == ("world", "wire")


def test_plain_list():
    """One address a line; comments and blank lines are left out, repetitions too."""
    body = b"\xef\xbb\xbf# feeds\nhttps://a.example/rss # the first\n\n  https://b.example/#x\r\nhttps://a.example/rss\n"
    assert [spec.url for spec in read_plain_list(body)] == ["https://a.example/rss", "https://b.example/#x"]


@pytest.mark.parametrize(
    ("body", "says"), [(b"https://a.example/\nnowhere\n", "list:2: 'nowhere'"), (b"\xff\xff", "not UTF-8")]
)
def test_plain_list_refused(body, says):
    """A line that is no address is named by its number."""
    with pytest.raises(InputError, match=says):
        read_plain_list(body)


def test_files_are_told_apart(tmp_path):
    """Catalogs by name, OPML by its first character, the rest is a plain list."""
    for name, body in (
        ("a.yaml", b"feeds: [{url: 'https://a.example/rss'}]"),
        ("a.opml", OPML),
        ("a.txt", b"https://a.example/rss"),
        ("a.xml", OPML.decode().replace('"1.0"?', '"1.0" encoding="utf-16"?').encode("utf-16")),
    ):
        (tmp_path / name).write_bytes(body)
        assert "https://a.example/rss" in [spec.url for spec in read_feed_list(tmp_path / name)]


def test_missing_file(tmp_path):
    """A file that is not there is named."""
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_feed_list(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["", "news.example", "file:///etc/passwd", "http://", "http://a b/", "http://[x/"]
)
def test_no_address(text):
    """Only web addresses are addresses of feeds."""
    with pytest.raises(InputError, match="is not a web address"):
        feed_address(text)


def test_address_is_trimmed():
    """Blanks around an address are not part of it."""
    assert feed_address(" https://a.example/ \n") == "https://a.example/"


FULL = FeedSpec(
    "https://a.example/rss?a=1&b=2",
    title='A "quoted" <title>',
    publisher="P & Q",
    owner="O",
    country="FRA",
    language="fr",
    timezone="Europe/Paris",
    folder="World/Asia",
    topics=("world",),
    interval=300,
    full_text=True,
    headers=(("X-Key", "${KEY}"),),
    proxy="http://${USER}:${PASSWORD}@proxy.example:3128",
)


def test_everything_round_trips():
    """All that a feed was given comes back, facts that OPML has no words for included."""
    assert read_opml(write_opml([FULL]).encode()) == [FULL]


@pytest.mark.parametrize(
    "secret",
    [
        {"headers": (("Authorization", "Bearer s3cret"),)},
        {"proxy": "http://user:s3cret@proxy.example:3128", "headers": ()},
    ],
)
def test_secrets_are_not_exported(secret):
    """A secret in plain words does not leave in a file that is passed on; the rest of the feed does."""
    text = write_opml([replace(FULL, **secret)])
    (back,) = read_opml(text.encode())
    assert "s3cret" not in text
    assert back == replace(FULL, headers=(), proxy=None)


@pytest.mark.parametrize(
    ("attribute", "says"),
    [
        ('tocsin:country="France"', "must be three capital letters"),
        ('tocsin:timezone="Mars"', "must be a zone"),
        ('tocsin:interval="soon"', "must be a number of seconds"),
        ('tocsin:interval="0"', "must be a number of seconds"),
        ('tocsin:fullText="maybe"', "must be true or false"),
        ('tocsin:headers="[1]"', "must be names of HTTP headers"),
        ('tocsin:headers="{"', "must be names of HTTP headers"),
    ],
)
def test_our_own_attributes_are_checked(attribute, says):
    """A wrong value is refused with its line, as in a catalog."""
    body = f'<opml xmlns:tocsin="urn:tocsin:opml:1"><body>\n<outline xmlUrl="https://a.example/" {attribute}/></body></opml>'
    with pytest.raises(InputError, match="OPML:2: ") as caught:
        read_opml(body.encode())
    assert says in str(caught.value)


def test_attributes_of_others_mean_nothing():
    """Another program's `country` is not ours."""
    (spec,) = read_opml(
        b'<opml><body><outline xmlUrl="https://a.example/" country="us" interval="x"/></body></opml>'
    )
    assert (spec.country, spec.interval) == (None, None)


def test_opml_1():
    """Files of OPML 1.0 that name the feed by `url` are read; links to pages and other lists are not."""
    body = b"""<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.0"><head/><body><outline text="Caf\xe9">
<outline type="rss" title="A" url="https://a.example/rss"/><outline type="link" url="https://a.example/"/>
<outline type="include" url="https://a.example/more.opml"/></outline></body></opml>"""
    assert read_opml(body) == [FeedSpec("https://a.example/rss", title="A", folder="Café")]


def test_broken_opml_names_the_line():
    """The line of what is not well-formed is told."""
    with pytest.raises(InputError, match=r"f\.opml: not well-formed XML: mismatched tag: line 3"):
        read_opml(b"<opml><body>\n<outline>\n</body></opml>", "f.opml")
