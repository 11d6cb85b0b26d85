"""Feeds that are the same under two addresses."""

from __future__ import annotations

import pytest

from tocsin.polling import Look, doubles


@pytest.fixture
def look(make):
    def one(url: str, keys: str = "") -> Look:
        return Look(url, make.parsed(*(make.entry(key) for key in keys)), None)

    return one


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/feed",
        "https://www.news.example/feed/",
        "https://NEWS.example:443/feed",
        "https://u:p@news.example/feed",
    ],
)
def test_same_place(look, other):
    """Scheme, www, port and slash make no other feed; each names the other."""
    first = "https://news.example/feed"
    found = doubles({"a": look(first), "b": look(other)})
    assert {url: [double.url for double in others] for url, others in found.items()} == {
        "a": ["b"],
        "b": ["a"],
    }
    assert "same address" in found["a"][0].why


@pytest.mark.parametrize(
    "other", ["https://news.example/feed?page=2", "https://news.example/Feed", "https://o.example/feed"]
)
def test_other_places(look, other):
    """Query, path in another case and host are another feed."""
    assert doubles({"a": look("https://news.example/feed"), "b": look(other)}) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("abcdefghij", "abcdefghij", True),
        ("abcdefghij", "abcdefghix", True),  # nine of ten
        ("abcdefghij", "abcdefghxy", False),
        ("abcdefghij", "abc", True),  # the shorter one has nothing of its own
        ("ab", "ab", False),  # too few to say
        ("", "", False),
    ],
)
def test_same_entries(look, one, other, same):
    """Feeds that carry the same entries are named with how many; a shared story is not enough."""
    found = doubles({"a": look("https://a.example/", one), "b": look("https://b.example/", other)})
    assert bool(found) is same
    if same:
        assert "entries are the same" in found["b"][0].why


def test_a_crowd_says_nothing(look):
    """An entry that very many feeds carry is a syndicated story."""
    looks = {str(number): look(f"https://h{number}.example/", "abc") for number in range(21)}
    assert doubles(looks) == {}
