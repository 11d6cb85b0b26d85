"""When a feed is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import Feed, FeedSpec, FetchFailure, FetchOutcome
from tocsin.polling._schedule import LONGEST, after_failure, after_success, in_words, max_age, retry_after

HOUR = timedelta(hours=1)
NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


def success(make, feed=None, *, ttl=None, parsed=True, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return after_success(feed or make.feed(), make.now, 900, ttl=ttl, headers=names, parsed=parsed)


def test_usual_interval(make):
    """A feed that says nothing is asked after the interval of the settings."""
    due = success(make)
    assert (due.at, due.why) == (make.now + timedelta(minutes=15), "the usual interval")


@pytest.mark.parametrize(
    ("wish", "wait", "why"),
    [
        ({"ttl": 3600}, HOUR, "ttl"),
        ({"ttl": 60}, timedelta(minutes=15), "usual"),
        ({"cache_control": "public, max-age=1800"}, timedelta(minutes=30), "Cache-Control"),
        ({"cache_control": "max-age=1800", "age": "600"}, timedelta(minutes=20), "Cache-Control"),
        ({"cache_control": "s-maxage=9999"}, timedelta(minutes=15), "usual"),
        ({"retry_after": "7200"}, 2 * HOUR, "Retry-After"),
        ({"retry_after": "Wed, 09 Nov 2022 14:00:00 GMT"}, 2 * HOUR, "Retry-After"),
        ({"ttl": 7200, "cache_control": "max-age=3600"}, 2 * HOUR, "ttl"),
        ({"ttl": 10**9}, LONGEST, "ttl"),
    ],
)
def test_raised_by_wishes(make, wish, wait, why):
    """The interval is raised to the largest of what feed and server ask for, 24 hours at most."""
    due = success(make, **wish)
    assert due.at == make.now + wait
    assert why in due.why


def test_own_interval_wins(make):
    """An interval the operator set is not raised by ttl or max-age, but by Retry-After it is."""
    feed = make.feed(interval=60)
    assert success(make, feed, ttl=3600, cache_control="max-age=9999").at == make.now + timedelta(seconds=60)
    assert success(make, feed, retry_after="600").at == make.now + timedelta(seconds=600)


def test_not_parsed_keeps_the_last_wait(make):
    """A 304 does not repeat the ttl, so the wait that was decided last is kept."""
    feed = make.feed(last_polled_at=make.now - HOUR, next_due_at=make.now, last_outcome=FetchOutcome.CHANGED)
    assert success(make, feed, parsed=False).at == make.now + HOUR
    assert success(make, feed, parsed=True).at == make.now + timedelta(minutes=15)


def test_the_wait_of_a_failure_is_not_kept(make):
    """Backoff ends with the first good answer."""
    feed = make.feed(last_polled_at=make.now - HOUR, next_due_at=make.now, last_outcome=FetchOutcome.FAILED)
    assert success(make, feed, parsed=False).at == make.now + timedelta(minutes=15)


def failure(make, kind, count=0, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return after_failure(make.feed(failures=count), make.now, 900, kind, names)


@pytest.mark.parametrize(
    ("kind", "count", "wait"),
    [
        (FetchFailure.DNS, 0, timedelta(minutes=15)),
        (FetchFailure.TIMEOUT, 3, HOUR),
        (FetchFailure.HTTP_SERVER, 1000, LONGEST),
        (FetchFailure.HTTP_CLIENT, 0, HOUR),
        (FetchFailure.NOT_A_FEED, 4, 5 * HOUR),
        (FetchFailure.HTTP_RATE, 0, timedelta(minutes=15)),
        (FetchFailure.PARSER, 100, LONGEST),
    ],
)
def test_backoff_is_linear(make, kind, count, wait):
    """Each failure in a row adds one step of its class, to 24 hours; the feed is never dead."""
    due = failure(make, kind, count)
    assert due.at == make.now + wait
    assert f"failure {count + 1} in a row" in due.why


@pytest.mark.parametrize("kind", [kind for kind in FetchFailure if kind is not FetchFailure.HTTP_GONE])
def test_only_gone_ends(make, kind):
    """Every class of failure but 410 is tried again."""
    assert failure(make, kind, 10_000).at is not None


def test_gone_is_not_asked_again(make):
    """410 mutes, and says how to enable the feed again."""
    due = failure(make, FetchFailure.HTTP_GONE)
    assert due.at is None
    assert "gone" in due.why


def test_retry_after_raises_backoff(make):
    """A server that says when is believed, in both forms, up to 24 hours."""
    assert failure(make, FetchFailure.HTTP_RATE, retry_after="3600").at == make.now + HOUR
    assert failure(make, FetchFailure.HTTP_SERVER, retry_after="999999999").at == make.now + LONGEST
    assert failure(make, FetchFailure.HTTP_RATE, retry_after="1").at == make.now + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("", timedelta(0)),
        ("soon", timedelta(0)),
        ("-5", timedelta(0)),
        ("Wed, 09 Nov 2022 11:00:00 GMT", timedelta(0)),
        ("Wed, 09 Nov 2022 12:00:30 -0000", timedelta(seconds=30)),
        ("120", timedelta(minutes=2)),
    ],
)
def test_retry_after(make, value, wait):
    """Seconds and dates are read; what is past or cannot be read is no wish."""
    assert retry_after({"retry-after": value}, make.now) == wait


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("max-age=60", 60), ('private, MAX-AGE="60"', 60), ("no-cache", 0), ("", 0), ("x-max-age=60", 0)],
)
def test_max_age(value, seconds):
    """max-age of Cache-Control, and nothing that only looks like it."""
    assert max_age({"cache-control": value, "age": "later"}) == timedelta(seconds=seconds)


@given(st.uuids(), st.integers(1, 10**6), st.integers(0, 10**7) | st.none())
def test_bounds(feed_id: UUID, interval: int, ttl: int | None):
    """The wait is never below the interval nor above a day, and the same feed always waits the same."""
    feed = Feed(id=feed_id, spec=FeedSpec("https://news.example/feed"), added_at=NOW)
    due = [after_success(feed, NOW, interval, ttl=ttl, headers={}, parsed=True).at for _ in range(2)]
    assert due[0] == due[1]
    assert due[0] is not None
    assert min(timedelta(seconds=interval), LONGEST) <= due[0] - NOW <= LONGEST


def test_jitter_spreads(make):
    """Feeds with the same interval are spread over a tenth of it."""
    waits = set()
    for number in range(100):
        feed = make.changed(make.feed(), id=UUID(int=number * 10))
        waits.add(success(make, feed).at)
    assert len(waits) == 100
    assert max(waits) - min(waits) <= timedelta(seconds=90)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (45, "45 s"),
        (900, "15 min"),
        (3600, "1 h"),
        (4800, "1 h 20 min"),
        (40_000, "11 h"),
        (86_400, "24 h"),
        (200_000, "2 days"),
    ],
)
def test_in_words(seconds, words):
    """Durations for people."""
    assert in_words(timedelta(seconds=seconds)) == words
