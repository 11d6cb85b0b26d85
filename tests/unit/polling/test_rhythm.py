"""When a feed posts, and how long to wait for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.polling._rhythm import entries_a_day, learn, next_wait

MONDAY = datetime(2022, 11, 7, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)


def office_hours(weeks=4):
    """Two entries an hour from nine to five on working days."""
    start = MONDAY - weeks * WEEK
    return [
        start + day * DAY + timedelta(hours=9, minutes=30 * half + 10)
        for day in range(weeks * 7)
        if day % 7 < 5
        for half in range(16)
    ]


def wait(rhythm, now, per_poll=1.0):
    return next_wait(rhythm, now, per_poll, SHORTEST, LONGEST)


def test_nothing_is_learned_from_nothing():
    """A feed without dates has no rhythm yet."""
    assert learn(None, [], MONDAY) is None


def test_the_hour_matters():
    """A feed of office hours is asked soon in the morning and hardly at night."""
    tuesday = MONDAY + DAY
    rhythm = learn(None, office_hours(), MONDAY)
    rhythm = learn(rhythm, [at + 28 * DAY for at in office_hours() if at < MONDAY - 27 * DAY], tuesday)
    assert wait(rhythm, tuesday + 10 * HOUR) < 1.5 * HOUR
    night = wait(rhythm, tuesday + 20 * HOUR)
    assert timedelta(hours=8) < night < timedelta(hours=15)


def test_the_weekday_matters():
    """The same hour on a Sunday is no time to ask."""
    rhythm = learn(None, office_hours(), MONDAY)
    assert wait(rhythm, MONDAY + 6 * DAY + 10 * HOUR) > 5 * wait(rhythm, MONDAY + 10 * HOUR)


def test_a_working_day_without_entries_is_a_lull_for_a_while():
    """It may be a holiday: the feed is asked more rarely, but never four times as rarely as usual."""
    rhythm, tuesday = learn(None, office_hours(), MONDAY), MONDAY + DAY
    monday = [at + 28 * DAY for at in office_hours() if at < MONDAY - 27 * DAY]
    lively = wait(learn(rhythm, monday, tuesday), tuesday + 10 * HOUR)
    assert 1.5 * lively < wait(rhythm, tuesday + 10 * HOUR) < 4 * lively


@pytest.mark.parametrize("many", [10, 30])
def test_a_short_document_of_a_busy_feed_tells_its_rate(many):
    """Entries of the last hours are not spread over a day that nobody saw."""
    posts = [MONDAY - timedelta(minutes=6 * number) for number in range(many)]
    rhythm = learn(None, posts, MONDAY)
    assert wait(rhythm, MONDAY) < timedelta(minutes=15)
    assert entries_a_day(rhythm, MONDAY) > 24 * 2


def test_hours_that_were_not_watched_are_not_thought_silent():
    """A morning's entries say nothing of the afternoon; a week without any at that hour does."""
    morning = [MONDAY + timedelta(hours=9, minutes=10 * number) for number in range(18)]
    unknown = learn(None, morning, MONDAY + 12 * HOUR)
    posts = [at - day * DAY for at in morning for day in range(14)]
    known = learn(None, posts, MONDAY + 12 * HOUR)
    afternoon = MONDAY + 13 * HOUR
    assert wait(unknown, afternoon) < HOUR
    assert wait(known, afternoon) > 4 * wait(unknown, afternoon)


def test_more_in_the_last_hours_than_before_is_a_surge():
    """The first document already tells it."""
    calm = [MONDAY - hour * HOUR for hour in range(1, 150, 5)]
    surge = [MONDAY - hour * HOUR for hour in range(40, 150, 8)]
    surge += [MONDAY - timedelta(minutes=10 * number) for number in range(1, 30 - len(surge) + 1)]
    assert len(surge) == len(calm)
    assert 3 * wait(learn(None, surge, MONDAY), MONDAY) < wait(learn(None, calm, MONDAY), MONDAY)


def test_the_minute_matters():
    """A machine that publishes on the hour is asked just after it, not just before."""
    posts = [MONDAY - hour * HOUR + timedelta(seconds=90) for hour in range(1, 500)]
    rhythm = learn(None, posts, MONDAY)
    due = MONDAY + timedelta(minutes=20) + wait(rhythm, MONDAY + timedelta(minutes=20), 0.5)
    assert timedelta(0) <= (due - MONDAY) % HOUR <= timedelta(minutes=5)


def test_a_flood_is_followed():
    """More than usual in the last hour shortens the wait, and silence ends that."""
    posts = [MONDAY - hour * HOUR for hour in range(0, 24 * 28, 6)]
    rhythm = learn(None, posts, MONDAY)
    later = MONDAY + HOUR
    flooded = learn(rhythm, [later - timedelta(minutes=5 * n) for n in range(10)], later)
    assert wait(flooded, later) < wait(rhythm, later) / 2
    assert wait(flooded, later + 2 * DAY) > 0.8 * wait(rhythm, later + 2 * DAY)


def test_what_was_long_ago_fades():
    """A feed that falls silent is asked ever less."""
    rhythm = learn(None, office_hours(), MONDAY)
    days = [entries_a_day(rhythm, MONDAY + n * WEEK) for n in range(8)]
    assert days == sorted(days, reverse=True)
    assert days[-1] < days[0] / 4


def test_an_archive_is_no_rhythm():
    """Hundreds of old entries that appear at once do not make a feed busy."""
    rhythm = learn(None, office_hours(), MONDAY)
    archive = [MONDAY - DAY * n for n in range(30, 400)]
    assert sum(learn(rhythm, archive, MONDAY + HOUR).by_hour) <= sum(rhythm.by_hour)


def test_dates_ahead_teach_nothing():
    """A date after the poll is not a posting."""
    assert learn(None, [MONDAY + HOUR], MONDAY) is None


def test_usual_gap_and_latest_are_kept():
    """For telling a feed that has gone quiet."""
    rhythm = learn(None, [MONDAY - n * HOUR for n in (1, 3, 5)], MONDAY)
    assert (rhythm.gap, rhythm.latest) == (pytest.approx(2.0), MONDAY - HOUR)
    later = learn(rhythm, [MONDAY + 9 * HOUR], MONDAY + 10 * HOUR)
    assert later.gap > rhythm.gap
    assert later.latest == MONDAY + 9 * HOUR


@given(
    st.lists(st.integers(0, 60 * 24 * 60), max_size=60),
    st.integers(0, 60 * 24 * 400),
    st.floats(0.01, 100),
)
def test_the_wait_stays_between_its_bounds(minutes_ago, minutes_later, per_poll):
    """Whatever was learned, and however long ago."""
    rhythm = learn(None, [MONDAY - timedelta(minutes=ago) for ago in minutes_ago], MONDAY)
    if rhythm is not None:
        found = next_wait(rhythm, MONDAY + timedelta(minutes=minutes_later), per_poll, SHORTEST, LONGEST)
        assert SHORTEST <= found <= LONGEST


@given(st.lists(st.integers(0, 60 * 24 * 30), min_size=3, max_size=60))
def test_asking_less_waits_longer(minutes_ago):
    """More entries a poll is never an earlier poll."""
    rhythm = learn(None, [MONDAY - timedelta(minutes=ago) for ago in minutes_ago], MONDAY)
    waits = [wait(rhythm, MONDAY, per_poll) for per_poll in (0.1, 0.5, 1, 2, 10)]
    assert waits == sorted(waits)
