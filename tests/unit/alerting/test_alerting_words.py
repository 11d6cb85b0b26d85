"""Dates, places and lines in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import a_when, an_alert, an_event
from tocsin.alerting._words import count_words, one_line, place_words, status_words, subject_words, when_words
from tocsin.model import Basis, EventStatus, Place, Precision


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, "date not known"),
        (a_when(), "8 November 2022 (day; from “on Tuesday”)"),
        (a_when(basis=Basis.CONTEXT), "8 November 2022 (day; from “on Tuesday”, elsewhere in the article)"),
        (a_when(basis=Basis.PUBLISHED, text=None), "8 November 2022 (day; the day of publication)"),
        (a_when(basis=Basis.CONTEXT, text=None), "8 November 2022 (day; from the article's context)"),
        (
            a_when(date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH, "in November"),
            "November 2022 (month; from “in November”)",
        ),
        (
            a_when(date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR, "in 2022"),
            "2022 (year; from “in 2022”)",
        ),
        (
            a_when(date(1990, 1, 1), date(1999, 12, 31), Precision.DECADE, "in the 1990s"),
            "1990s (decade; from “in the 1990s”)",
        ),
        (
            a_when(date(2022, 9, 1), date(2022, 11, 30), Precision.SEASON, "this autumn"),
            "1 September to 30 November 2022 (season; from “this autumn”)",
        ),
        (
            a_when(date(2022, 10, 1), date(2022, 12, 31), Precision.QUARTER, "fourth quarter"),
            "1 October to 31 December 2022 (quarter; from “fourth quarter”)",
        ),
        (
            a_when(date(2022, 11, 7), date(2022, 11, 13), Precision.WEEK, "last week"),
            "7 to 13 November 2022 (week; from “last week”)",
        ),
        (
            a_when(date(2022, 12, 30), date(2023, 1, 2), Precision.INTERVAL, "over New Year"),
            "30 December 2022 to 2 January 2023 (interval; from “over New Year”)",
        ),
    ],
)
def test_dates_keep_their_precision_and_their_words(when, words):
    """Nothing is said more exactly than it is known."""
    assert when_words(when) == words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, None),
        (Place("Pyongyang", 0, 9, "Pyongyang", "PRK"), "Pyongyang (PRK)"),
        (Place("the border", 0, 10), "the border"),
        (Place("PRK", 0, 3, "PRK", "PRK"), "PRK"),
    ],
)
def test_places_name_their_country_when_it_is_known(place, words):
    """No country is made up."""
    assert place_words(place) == words


def test_counts_agree_with_their_noun():
    """One owner, two owners."""
    assert [count_words(n, "owner") for n in (0, 1, 2)] == ["0 owners", "1 owner", "2 owners"]


def test_a_status_comes_with_its_corroboration():
    """Owners and articles are counted apart."""
    event = an_event(status=EventStatus.CONFIRMED, owners=("A", "B"), articles=5)
    assert status_words(event) == "confirmed, told by 2 owners in 5 articles"


def test_a_subject_is_one_line_with_the_severity():
    """Line breaks of a title are gone."""
    alert = an_alert(title="Two\r\nBcc: everybody@example.org")
    assert subject_words(alert) == "[critical] Two Bcc: everybody@example.org"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_one_line_has_no_breaks_controls_or_overrides_and_is_short(text, limit):
    """Whatever a newspaper prints."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == line.strip()
    assert len(line.splitlines()) <= 1
    assert not any(c in line for c in "\r\n\x00\x7f\u202e\u2028\u2066")


def test_long_lines_end_in_an_ellipsis():
    """So that one sees that something is missing."""
    assert one_line("a" * 20, 10) == "aaaaaaaaa…"
