"""Datelines: where and when a report was filed."""

from __future__ import annotations

import pytest

from tocsin.extraction.times import dateline


@pytest.mark.parametrize(
    ("text", "place", "day", "agency"),
    [
        ("SEOUL, Nov. 8 (Newswire) — The North fired.", "SEOUL", "Nov. 8", "Newswire"),
        ("SEOUL, Nov 8 (Newswire) -- The North fired.", "SEOUL", "Nov 8", "Newswire"),
        ("SEOUL, 8 November 2022 (Newswire) – The North", "SEOUL", "8 November 2022", "Newswire"),
        ("WASHINGTON (NW) — The president", "WASHINGTON", None, "NW"),
        ("KYIV, Ukraine (NW) — The army", "KYIV, Ukraine", None, "NW"),
        ("KYIV, Ukraine, Nov. 8 (NW) — The army", "KYIV, Ukraine", "Nov. 8", "NW"),
        ("WASHINGTON/SEOUL, Nov 8 (Newswire) - The", "WASHINGTON/SEOUL", "Nov 8", "Newswire"),
        ("UNITED NATIONS, Tuesday, Nov. 8 (NW) — The", "UNITED NATIONS", "Tuesday, Nov. 8", "NW"),
        ("MOSCOW, November 8. /WIRE/. The ministry", "MOSCOW", "November 8", "WIRE"),
        ("Moscow. November 8. WIRE - The ministry", "Moscow", "November 8", "WIRE"),
        ("Geneva, 8 November 2022 – The agency", "Geneva", "8 November 2022", None),
        ("London (NW) - The court", "London", None, "NW"),
        ("BEIJING — China said", "BEIJING", None, None),
        ("ST. PETERSBURG, Nov. 8 (NW) — The", "ST. PETERSBURG", "Nov. 8", "NW"),
        ("São Paulo, Nov. 8 (NW) — The", "São Paulo", "Nov. 8", "NW"),
        ("(NW) — The court", None, None, "NW"),
        ("Missile fired\nBy Jane Doe\n\nSEOUL, Nov. 8 (Newswire) — The North", "SEOUL", "Nov. 8", "Newswire"),
    ],
)
def test_a_dateline_is_taken_apart(text, place, day, agency):
    """Place, date and agency come with their spans."""
    found = dateline(text)
    assert found is not None

    def words(span):
        return None if span is None else text[span[0] : span[1]]

    assert (words(found.place), words(found.date), words(found.agency)) == (place, day, agency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The army said on Monday - it was the worst raid - that it would answer.",
        "The United States (US) - a country",
        "Officials (who asked not to be named) — two of them — spoke.",
        "He said: we will see.",
        "A long story without any dateline at all.",
        "x" * 10_000,
        "A" * 10_000,
        "A " * 5_000,
    ],
)
def test_prose_is_no_dateline(text):
    """Dashes and brackets inside sentences are not datelines."""
    assert dateline(text) is None
