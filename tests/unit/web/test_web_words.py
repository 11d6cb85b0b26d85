"""Days, moments and states in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from helpers_events import on
from tocsin.model import Feed, FeedSpec, FetchFailure, FetchOutcome, Party, Place, Precision, When
from tocsin.web._words import (
    FAILURES,
    ago_words,
    clock_words,
    day_words,
    heading_words,
    health_words,
    moment_words,
    outside_url,
    party_words,
    place_words,
    short_moment_words,
    shown_url,
    value_words,
    when_words,
)

NOW = datetime(2022, 11, 8, 13, 53, tzinfo=UTC)
DUE = datetime(2022, 11, 8, 14, 5, tzinfo=UTC)


def feed(**changed) -> Feed:
    spec = FeedSpec("https://news.example/rss", "Harbour Post")
    return Feed(UUID(int=1), spec, NOW, **changed)


@pytest.mark.parametrize(
    ("when", "words", "heading"),
    [
        (None, "date not known", "Date not known"),
        (on(date(2022, 11, 8)), "8 Nov 2022", "Tuesday, 8 November 2022"),
        (on(date(2022, 11, 3), date(2022, 11, 8), Precision.INTERVAL), "3–8 Nov 2022", "3–8 Nov 2022"),
        (
            on(date(2022, 10, 28), date(2022, 11, 3), Precision.INTERVAL),
            "28 Oct – 3 Nov 2022",
            "28 Oct – 3 Nov 2022",
        ),
        (
            on(date(2021, 12, 28), date(2022, 1, 3), Precision.INTERVAL),
            "28 Dec 2021 – 3 Jan 2022",
            "28 Dec 2021 – 3 Jan 2022",
        ),
        (
            on(date(2022, 11, 7), date(2022, 11, 13), Precision.WEEK),
            "week of 7 Nov 2022",
            "Week of 7 Nov 2022",
        ),
        (on(date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH), "November 2022", "November 2022"),
        (on(date(2022, 10, 1), date(2022, 12, 31), Precision.QUARTER), "Q4 2022", "Q4 2022"),
        (on(date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR), "2022", "2022"),
        (on(date(2010, 1, 1), date(2019, 12, 31), Precision.DECADE), "2010s", "2010s"),
    ],
)
def test_dates_are_shown_as_precisely_as_they_are_known(when: When | None, words: str, heading: str) -> None:
    """A month stays a month; what nothing dates says so."""
    assert when_words(when) == words
    assert heading_words(when) == heading


def test_moments_are_utc() -> None:
    """Moments are shown in UTC whatever their offset."""
    assert moment_words(datetime.fromisoformat("2022-11-08T23:30:00-03:00")) == "9 Nov 2022 02:30 UTC"
    assert day_words(date(2022, 11, 8)) == "8 November 2022"
    assert clock_words(DUE, NOW) == "14:05 UTC"
    assert clock_words(DUE + timedelta(days=1), NOW) == "9 Nov 2022 14:05 UTC"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=40), "40 s ago"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=-5), "in 5 h"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_spans_have_one_unit(span: timedelta, words: str) -> None:
    """Ages are short."""
    assert ago_words(NOW - span, NOW) == words


def test_every_failure_has_words() -> None:
    """No reason a poll can fail for is left without a sentence."""
    assert set(FAILURES) == set(FetchFailure)


def test_failing_feed_says_why_and_when_it_is_tried_next() -> None:
    """The sentence names the reason, the detail, how often, and the next try."""
    failing = feed(
        last_outcome=FetchOutcome.FAILED,
        last_failure=FetchFailure.DNS,
        last_detail="no address for news.example.",
        failures=3,
        next_due_at=DUE,
    )
    assert health_words(failing, NOW) == (
        "Could not be reached (DNS): no address for news.example, 3 times in a row; "
        "next try in 12 min at 14:05 UTC."
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Never asked yet."),
        ({"next_due_at": DUE}, "Never asked yet; first try in 12 min at 14:05 UTC."),
        ({"next_due_at": NOW}, "Never asked yet; first try is due now."),
        ({"enabled": False}, "Not asked any more: switched off by the operator."),
        ({"muted_reason": "410 Gone"}, "Not asked any more: 410 Gone."),
        ({"last_outcome": FetchOutcome.NOT_MODIFIED}, "Working."),
        (
            {
                "last_outcome": FetchOutcome.CHANGED,
                "last_polled_at": NOW - timedelta(minutes=3),
                "next_due_at": DUE,
            },
            "Working; asked 3 min ago; next in 12 min at 14:05 UTC.",
        ),
        ({"last_outcome": FetchOutcome.FAILED, "failures": 1}, "Failed."),
    ],
)
def test_feeds_in_words(changed: dict, words: str) -> None:
    """Every state of a feed has its sentence."""
    assert health_words(feed(**changed), NOW) == words


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("data:text/html,x", None),
        ("//news.example/a", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: str | None) -> None:
    """What a browser would run is never a link."""
    assert outside_url(url) == link


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@news.example:8443/rss?x=1", "https://news.example:8443/rss?x=1"),
        ("https://news.example/rss", "https://news.example/rss"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_passwords_in_addresses_are_not_shown(url: str, shown: str) -> None:
    """User name and password stay in the database."""
    assert shown_url(url) == shown


def test_parties_and_places() -> None:
    """The best name there is."""
    assert party_words(Party("North Korea", "PRK")) == "North Korea"
    assert party_words(Party(None, None)) == "unknown"
    assert place_words(Place("the capital", 0, 1, "Pyongyang", "PRK")) == "Pyongyang, PRK"
    assert place_words(Place("the border", 0, 1)) == "the border"


def test_short_moments_leave_out_this_year() -> None:
    """Lists stay narrow."""
    assert short_moment_words(DUE, NOW) == "8 Nov 14:05"
    assert short_moment_words(DUE.replace(year=2021), NOW) == "8 Nov 2021 14:05"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        ([], "none"),
        ("", "none"),
        (0, "0"),
        (["A", "B"], "A, B"),
        ({"name": "Pyongyang", "lat": None, "country": "PRK"}, "name Pyongyang country PRK"),
        ([{"name": "A"}], "name A"),
    ],
)
def test_changes_read_as_words(value: object, words: str) -> None:
    """Before and after of a revision are shown without brackets and quotes."""
    assert value_words(value) == words
