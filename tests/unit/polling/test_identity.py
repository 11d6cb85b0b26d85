"""What makes an entry the same entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.polling._identity import MAX_KEY, canonical_url, keys_of, refused_link

BASE = "https://news.example/feeds/world.xml"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("HTTPS://News.Example/A", "https://news.example/A"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example", "https://news.example/"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a#top", "https://news.example/a"),
        ("https://news.example/a?utm_source=rss&id=7&fbclid=x", "https://news.example/a?id=7"),
        ("https://news.example/a?at_medium=RSS&at_campaign=rss", "https://news.example/a"),
        ("/a/b", "https://news.example/a/b"),
        ("../a", "https://news.example/a"),
        ("//cdn.example/a", "https://cdn.example/a"),
        (" \n https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/a b\n", "https://news.example/a%20b"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:desk@news.example", None),
        ("https:///a", "https://news.example/a"),
        ("https://news.example/\ud800", None),
        ("http://[broken/", None),
        ("https://news.example:99999/", None),
        ("", None),
        (None, None),
        ("https://news.example/" + "a" * 2000, None),
    ],
)
def test_canonical_url(link, url):
    """Addresses are resolved and stripped of what does not identify; other schemes are none."""
    assert canonical_url(link, BASE) == url


@given(st.text(max_size=60))
def test_canonical_url_is_stable(link):
    """Making an address canonical twice changes nothing, and it is always a web address."""
    url = canonical_url(link, BASE)
    if url is not None:
        assert canonical_url(url, BASE) == url
        assert url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("link", "scheme"),
    [
        ("javascript:alert(1)", "javascript"),
        (" Java\tScript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("https://news.example/", None),
        ("/a:b", None),
        ("a/b", None),
        ("", None),
        (None, None),
    ],
)
def test_refused_link(link, scheme):
    """The scheme of a refused link is named; web and relative links are not refused."""
    assert refused_link(link) == scheme


def test_guid_then_link_then_title():
    """The guid is the key, else the link, else a hash of the title."""
    keys = keys_of([("g", "l", "t"), (None, "l", "t"), (None, None, "t"), (None, None, "u")])
    assert keys[:2] == ["g", "l"]
    assert keys[2].startswith("title:")
    assert len(set(keys)) == 4


def test_repeated_guid_takes_the_link():
    """A guid that the document repeats says nothing alone."""
    assert keys_of([("g", "a", "t"), ("g", "b", "t"), ("h", "c", "t")]) == ["g a", "g b", "h"]


def test_repeated_guid_without_link_takes_the_title():
    """Without links the titles tell repeated guids apart."""
    first, second = keys_of([("g", None, "one"), ("g", None, "two")])
    assert first != second


def test_long_keys_are_kept_by_hash():
    """A guid that is a whole document makes a short key, and still its own."""
    first, second = keys_of([("x" * 10_000, None, ""), ("x" * 9_999, None, "")])
    assert max(len(first), len(second)) <= MAX_KEY
    assert first != second
