"""Feeds that answer and post nothing any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.polling import Silence, decide_poll, judge_silence, silence_of
from tocsin.polling._decide import NOTHING_KNOWN
from tocsin.polling._quiet import quiet_since
from tocsin.polling._rhythm import expected_between, learn
from tocsin.settings import PollingSettings

END = datetime(2022, 11, 4, 18, 0, tzinfo=UTC)  # a Friday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def hourly(days: int = 28) -> list[datetime]:
    """Every hour, day and night."""
    return [END - number * HOUR for number in range(days * 24)]


def office(days: int = 28) -> list[datetime]:
    """At 9 to 18 o'clock from Monday to Friday."""
    return sorted(at for at in hourly(days) if at.weekday() < 5 and 9 <= at.hour <= 18)


@pytest.mark.parametrize(
    ("dates", "passed", "silence"),
    [
        (hourly(), 3 * HOUR, Silence.USUAL),
        (hourly(), 23 * HOUR, Silence.USUAL),
        (hourly(), 2 * DAY, Silence.QUIET),
        (hourly(), 400 * DAY, Silence.QUIET),
        (office(), timedelta(days=2, hours=15), Silence.USUAL),  # Monday morning
        (office(), timedelta(days=5), Silence.QUIET),  # Wednesday evening
        (hourly(1)[:4], 30 * DAY, Silence.UNKNOWN),
        ([], DAY, Silence.UNKNOWN),
    ],
)
def test_silences(dates, passed, silence):
    """A night or a weekend is no silence where it is usual; many missed entries are."""
    assert silence_of(dates, END + passed).silence is silence


def test_slow_feeds_may_be_slow():
    """A feed with an entry a week is not quiet after a month, and is after a quarter of a year."""
    dates = [END - number * 7 * DAY for number in range(8)]
    rhythm = learn(None, dates, END)
    assert judge_silence(rhythm, END + 30 * DAY).silence is Silence.USUAL
    assert judge_silence(rhythm, END + 90 * DAY).silence is Silence.QUIET


def test_the_reason_has_figures():
    """Age, usual gap and what was to be expected are told."""
    why = silence_of(hourly(), END + 2 * DAY).why
    assert "newest entry 2 days ago, usual gap 60 min" in why or "usual gap 1 h" in why
    assert "entries were to be expected since" in why


def test_expected_by_whole_weeks_and_hours_agree():
    """What is expected in three weeks and a day is three times a week's and a day's."""
    rhythm = learn(None, office(), END)
    week = expected_between(rhythm, END, END + 7 * DAY)
    rest = expected_between(rhythm, END, END + DAY)
    assert expected_between(rhythm, END, END + 22 * DAY) == pytest.approx(3 * week + rest)
    assert week == pytest.approx(50, rel=0.25)


def test_found_once_and_ended_by_an_entry(make):
    """The moment it was found stays; the next entry ends it."""
    rhythm = learn(None, hourly(), END)
    feed = make.feed(rhythm=rhythm)
    first = quiet_since(feed, END + 2 * DAY)
    assert first == END + 2 * DAY
    feed = make.changed(feed, quiet_since=first)
    assert quiet_since(feed, END + 3 * DAY) == first
    again = make.changed(feed, rhythm=learn(rhythm, [END + 3 * DAY], END + 3 * DAY))
    assert quiet_since(again, END + 3 * DAY) is None


def test_polls_set_and_clear_it(make):
    """A 304 can show that a feed is quiet; the entry that ends it is told in the log."""
    settings, now = PollingSettings(), END + 3 * DAY
    feed = make.feed(rhythm=learn(None, hourly(), END), last_ok_at=now - HOUR)
    quiet = decide_poll(feed, make.answer(status=304), None, NOTHING_KNOWN, now=now, settings=settings)
    assert quiet.feed.quiet_since == now
    assert "it has gone quiet: newest entry" in quiet.fetch.reason
    still = decide_poll(
        quiet.feed, make.answer(status=304), None, NOTHING_KNOWN, now=now + HOUR, settings=settings
    )
    assert (still.feed.quiet_since, "quiet" in still.fetch.reason) == (now, False)
    parsed = make.parsed(make.entry(dates=((now + HOUR).isoformat(),)))
    back = decide_poll(
        still.feed, make.answer(), parsed, NOTHING_KNOWN, now=now + 2 * HOUR, settings=settings
    )
    assert (back.feed.quiet_since, "it posts again" in back.fetch.reason) == (None, True)


def test_a_failing_feed_is_not_called_quiet(make):
    """Nobody knows what a feed posts that cannot be read: its state stays as it was."""
    feed = make.feed(rhythm=learn(None, hourly(), END))
    answer = make.answer(status=500)
    write = decide_poll(feed, answer, None, NOTHING_KNOWN, now=END + 9 * DAY, settings=PollingSettings())
    assert write.feed.quiet_since is None
