"""Calendars after RFC 5545, read back with a small parser of content lines."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_events import NOW, bare_event, make_event, on
from tocsin.model import Event, EventStatus, Precision
from tocsin.timeline.exports import export
from tocsin.timeline.exports._ics import escape, fold


def calendar(*events: Event) -> str:
    return export(list(events), "ics", now=NOW, base_url="http://127.0.0.1:8787")


def properties(text: str) -> dict[str, str]:
    """Name with parameters to value, of the last component; lines unfolded."""
    unfolded = text.replace("\r\n ", "")
    return dict(line.split(":", 1) for line in unfolded.split("\r\n") if line)


def unescape(text: str) -> str:
    """The inverse of `escape`, by section 3.3.11."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), text)


def test_event_is_an_all_day_entry_with_exclusive_end() -> None:
    """One day ends on the next one; the calendar names version and product."""
    found = properties(calendar(make_event()))
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    assert found["DTSTART;VALUE=DATE"] == "20221102"
    assert found["DTEND;VALUE=DATE"] == "20221103"
    assert found["UID"].startswith("urn:uuid:")
    assert found["DTSTAMP"] == "20221102T090030Z"
    assert found["SEQUENCE"] == "1"
    assert found["GEO"] == "39.030000;125.750000"
    assert found["PRIORITY"] == "1"
    assert found["CATEGORIES"] == "weapons.launch.missile,confirmed"


def test_a_month_ends_on_the_first_of_the_next() -> None:
    """The end is exclusive for longer stretches too."""
    found = properties(calendar(make_event(when=on(date(2022, 12, 1), date(2022, 12, 31), Precision.MONTH))))
    assert found["DTEND;VALUE=DATE"] == "20230101"


def test_the_last_day_there_is_needs_no_end() -> None:
    """31 December 9999 has no next day and is written without an end."""
    found = properties(calendar(make_event(when=on(date.max))))
    assert found["DTSTART;VALUE=DATE"] == "99991231"
    assert "DTEND;VALUE=DATE" not in found


def test_early_years_keep_four_digits() -> None:
    """Year 476 is written 0476."""
    assert properties(calendar(make_event(when=on(date(476, 9, 4)))))["DTSTART;VALUE=DATE"] == "04760904"


def test_events_nothing_dates_are_left_out() -> None:
    """No date is made up; a calendar without events still has the component the grammar wants."""
    text = calendar(bare_event())
    assert "BEGIN:VEVENT" not in text
    assert "BEGIN:VTIMEZONE" in text
    assert text.endswith("END:VCALENDAR\r\n")


def test_retracted_event_is_cancelled() -> None:
    """Calendars strike what was taken back."""
    assert properties(calendar(make_event(status=EventStatus.RETRACTED)))["STATUS"] == "CANCELLED"


def test_entry_without_place_has_neither_location_nor_coordinates() -> None:
    """Unknown places are left out."""
    found = properties(calendar(bare_event(when=on(date(2022, 11, 2)))))
    assert "LOCATION" not in found
    assert "GEO" not in found


def test_every_line_is_at_most_75_octets() -> None:
    """Long and non-Latin titles are folded."""
    text = calendar(make_event(title="북한이 탄도 미사일을 발사했다 " * 20))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


@given(st.text(max_size=400))
def test_folding_gives_the_line_back(line: str) -> None:
    """Unfolding what was folded is the line, and no piece is too long or splits a character."""
    folded = fold(line)
    if "\r\n " not in line:
        assert folded.replace("\r\n ", "") == line
    if "\r\n" not in line:
        assert all(len(piece.encode("utf-8", "replace")) <= 75 for piece in folded.split("\r\n"))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=80))
def test_escaping_reads_back(text: str) -> None:
    """Backslash, comma, semicolon and line break survive."""
    escaped = escape(text)
    assert "\n" not in escaped
    assert unescape(escaped) == text


@pytest.mark.parametrize("broken", ["a\r\nEND:VEVENT\r\nBEGIN:VALARM", "a\rb", "a\x00\x07b"])
def test_text_cannot_inject_lines(broken: str) -> None:
    """Line breaks in a title stay in the title."""
    text = calendar(make_event(title=broken))
    assert text.count("\r\nEND:VEVENT\r\n") == 1
    assert "\r\nBEGIN:VALARM" not in text
    assert "\x07" not in text


def test_categories_are_left_out_where_there_are_none() -> None:
    """A list without categories has no empty property."""
    from tocsin.timeline.exports import Entry, write_entries

    entry = Entry("r", "rule", "t", "s", "/rules", NOW, NOW, {}, {}, start=date(2022, 11, 2))
    text = write_entries([entry], "ics", now=NOW, base_url="http://127.0.0.1", title="Rules")
    assert "CATEGORIES" not in text
    assert "DTEND;VALUE=DATE:20221103" in text
