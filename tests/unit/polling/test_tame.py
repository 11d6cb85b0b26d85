"""What is taken out of a body before it is parsed: entries and attributes beyond all measure."""

from __future__ import annotations

import pytest

from tocsin.polling import _tame
from tocsin.polling._fast import read_fast
from tocsin.polling._parse import parse_feed
from tocsin.polling._tame import MAX_ATTRIBUTES, tame

URL = "https://gazette.example/feed.xml"


@pytest.fixture
def three(monkeypatch):
    """So that small documents have too many entries; the number itself is tested with the real worker."""
    monkeypatch.setattr(_tame, "MAX_ENTRIES", 3)


def items(count: int, name: str = "item") -> str:
    return "".join(f"<{name}><title>Entry {n} of item</title></{name}>" for n in range(count))


def rss(inside: str, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'.encode()


def flood(count: int, more: str = "") -> str:
    return "<x " + " ".join(f'a{n}="{n}"' for n in range(count)) + f"{more}/>"


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("body", "count"),
    [
        (rss(items(5)), 5),
        (rss(items(5) + "<textInput><title>x</title></textInput>"), 5),
        (rss("<item/>" + items(4)), 5),
        (rss(items(2) + "<!-- <item> --><![CDATA[</item><item>]]>" + items(3)), 5),
        (f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{items(4, "entry")}</feed>'.encode(), 4),
        (f'<a:feed xmlns:a="http://www.w3.org/2005/Atom">{items(4, "a:entry")}</a:feed>'.encode(), 4),
    ],
)
def test_entries_beyond_the_first_are_cut_out(body: bytes, count: int) -> None:
    """The frame around them stays, and the note says how many there were."""
    tamed = tame(body)
    assert tamed.notes == (f"{count} entries, only the first 3 are read",)
    assert len(tamed.body) < len(body)
    assert tamed.body.endswith(body[-12:])
    assert len(parse_feed(body, "", URL).entries) <= 3


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "body",
    [
        rss(items(3)),
        rss(items(3) + "<!-- item item item -->"),
        rss(f"<item>{items(4)}</item>"),
        rss(items(4) + "<item>"),
        rss("</item>" + items(4)),
        b"item " * 10,
    ],
)
def test_what_is_no_row_of_entries_is_left_alone(body: bytes) -> None:
    """The limit of time is for those."""
    assert tame(body) == _tame.Tamed(body)


@pytest.mark.usefixtures("three")
def test_both_parsers_read_the_first_entries() -> None:
    """And say the same of the others."""
    body = rss(items(7))
    fast, reference = read_fast(body, "", URL), parse_feed(body, "", URL)
    assert [one.title for one in fast.entries] == [one.title for one in reference.entries]
    assert fast.notes == reference.notes == ("7 entries, only the first 3 are read",)


@pytest.mark.parametrize(
    "body",
    [
        rss(flood(1_000) + items(1)),
        rss(flood(1_000, " quoted='>'") + items(1)),
        rss(flood(1_000) + items(1), before='<?xml version="1.0" encoding="euc-kr"?>'),
        rss(flood(1_000) + items(1), before="<!DOCTYPE r [<!ENTITY x '<y/>'>]>"),
        b"\xef\xbb\xbf" + rss(flood(1_000) + items(1)),
    ],
    ids=["plain", "quoted", "encoding", "entity", "mark"],
)
def test_a_flood_of_attributes_is_cut(body: bytes) -> None:
    """Those after the first are left out with a note, the entries are read."""
    tamed = tame(body)
    assert b'a99="99"/>' in tamed.body
    assert b"a100=" not in tamed.body
    assert tamed.flooded
    parsed = parse_feed(body, "", URL)
    assert [one.title for one in parsed.entries] == ["Entry 0 of item"]
    assert any("attributes beyond the first 100" in note for note in parsed.notes)


@pytest.mark.parametrize(
    "body",
    [
        rss(flood(MAX_ATTRIBUTES) + items(1)),
        rss(f"<description>{'a=1 ' * 500}</description>"),
        rss(f"<description><![CDATA[{flood(500)}]]></description>"),
    ],
)
def test_attributes_in_measure_and_in_texts_stay(body: bytes) -> None:
    """Byte for byte."""
    assert tame(body) == _tame.Tamed(body)


@pytest.mark.parametrize(
    "body",
    [b"<a" * 300_000, b"<![CDATA[" * 100_000, b"<!--" * 200_000, b"<item " * 100_000, b'<item a="' * 100_000, b"<a =" * 200_000],
    ids=["tags", "cdata", "comments", "items", "quotes", "equals"],
)  # fmt: skip
def test_the_search_itself_is_no_trap(body: bytes) -> None:
    """Half a megabyte of openings that never close is looked at once; the square of it would take hours."""
    assert tame(body).body == body
