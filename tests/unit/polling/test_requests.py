"""What goes over the wire, and where redirects lead."""

from __future__ import annotations

import pytest

from tocsin.errors import FetchError
from tocsin.polling import without_credentials
from tocsin.polling._requests import may_know, moved_for_good, prepare, redirect_target
from tocsin.ports import FetchRequest

HOST = "https://news.example/feed"


@pytest.mark.parametrize(
    ("url", "plain", "credentials"),
    [
        (HOST, HOST, ""),
        ("https://u:p@news.example/feed", HOST, "u:p"),
        ("https://u%40x:p%3A@news.example/feed", HOST, "u@x:p:"),
        ("https://u@news.example/feed", HOST, "u:"),
        ("https://news.example/feed?mail=a@b", "https://news.example/feed?mail=a@b", ""),
        ("https://news.example?x=a@b/c", "https://news.example?x=a@b/c", ""),
        ("nonsense@x", "nonsense@x", ""),
    ],
)
def test_credentials_of_addresses(url, plain, credentials):
    """User and password come off, and only they."""
    assert without_credentials(url) == (plain, credentials)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://news.example/other", True),
        ("https://news.example:443/feed", True),
        ("http://news.example/feed", False),
        ("https://www.news.example/feed", False),
        ("https://news.example:8443/feed", False),
        ("https://news.example.evil.test/feed", False),
        ("https://[bad/", False),
    ],
)
def test_secrets_stay_with_their_host(url, allowed):
    """The same scheme, host and port; http may become https."""
    assert may_know(HOST, url) is allowed
    assert may_know("http://news.example/feed", HOST)


def test_own_headers_win():
    """A feed's own header takes the place of ours, and goes to its host only."""
    prepared = prepare(FetchRequest(HOST, etag='"e"', headers={"Accept": "text/xml", "X": "1"}), {})
    assert dict(prepared.headers_for(HOST))[b"accept"] == b"text/xml"
    elsewhere = dict(prepared.headers_for("https://other.example/"))
    assert elsewhere.keys() == {b"user-agent", b"accept", b"accept-encoding", b"if-none-match"}
    assert elsewhere[b"accept"] != b"text/xml"
    assert prepared.conditional
    assert not prepare(FetchRequest(HOST), {}).conditional


def test_basic_auth_is_encoded_once():
    """What is Base64 already stays as it is."""
    for value in ("Basic user:p@ss", "Basic dXNlcjpwQHNz", "basic user:p@ss"):
        sent = dict(prepare(FetchRequest(HOST, headers={"Authorization": value}), {}).own)[b"authorization"]
        assert sent.lower() == b"basic dxnlcjpwqhnz"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x", "https://news.example/x"),
        ("//other.example/x#part", "https://other.example/x"),
        ("https://u:p@other.example/", "https://other.example/"),
        ("?page=2", "https://news.example/feed?page=2"),
        ("", None),
    ],
)
def test_targets(location, target):
    """Relative ones are resolved; fragments and passwords that a server hands out are dropped."""
    assert redirect_target(HOST, 302, location) == target
    assert redirect_target(HOST, 200, location) is None


@pytest.mark.parametrize("location", ["javascript:x", "file:///x", "ftp://x/", "http://[x"])
def test_no_target(location):
    """What is no web address is a failure."""
    with pytest.raises(FetchError, match="no web address"):
        redirect_target(HOST, 301, location)


@pytest.mark.parametrize(
    ("trail", "moved"),
    [
        ([], None),
        ([("a", 301)], "end"),
        ([("a", 301), ("b", 308)], "end"),
        ([("a", 301), ("b", 302)], "b"),
        ([("a", 302), ("b", 301)], None),
        ([("a", 307)], None),
    ],
)
def test_moved_for_good(trail, moved):
    """Only what the chain begins with counts: behind a passing redirect nothing is for good."""
    assert moved_for_good(trail, "end") == moved
