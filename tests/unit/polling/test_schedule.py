"""When a feed is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import Asked, Feed, FeedSpec
from tocsin.polling._rhythm import learn
from tocsin.polling._schedule import LONGEST, after_success, freshness, in_words, max_age, retry_after
from tocsin.settings import PollingSettings

HOUR = timedelta(hours=1)
NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


SETTINGS = PollingSettings()


def success(make, feed=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return after_success(feed or make.feed(), make.now, SETTINGS, names)


def test_usual_interval(make):
    """A feed that says nothing and has no rhythm yet is asked after the interval of the settings."""
    due = success(make)
    assert (due.at, due.why) == (make.now + timedelta(minutes=15), "the usual interval")


def test_rhythm_takes_over(make):
    """Once it is known when a feed posts, that decides, between the two bounds."""
    busy = learn(None, [NOW - timedelta(minutes=n) for n in range(1, 3000)], NOW)
    due = success(make, make.feed(rhythm=busy))
    assert (due.at, due.why) == (make.now + timedelta(seconds=SETTINGS.shortest), "its rhythm")
    quiet = learn(None, [NOW - timedelta(days=50)], NOW)
    assert success(make, make.feed(rhythm=quiet)).at == make.now + timedelta(seconds=SETTINGS.longest)


@pytest.mark.parametrize(
    ("asked", "headers", "wait", "why"),
    [
        ({"interval": 3600}, {}, HOUR, "ttl"),
        ({"interval": 60}, {}, timedelta(minutes=15), "usual"),
        ({"fresh": 1800}, {}, timedelta(minutes=30), "Cache-Control"),
        ({}, {"retry_after": "7200"}, 2 * HOUR, "Retry-After"),
        ({}, {"retry_after": "Wed, 09 Nov 2022 14:00:00 GMT"}, 2 * HOUR, "Retry-After"),
        ({"interval": 7200, "fresh": 3600}, {}, 2 * HOUR, "ttl"),
        ({"interval": 10**9}, {}, LONGEST, "ttl"),
    ],
)
def test_raised_by_wishes(make, asked, headers, wait, why):
    """The wait is raised to the largest of what feed and server ask for, 24 hours at most."""
    for rhythm in (None, learn(None, [NOW - timedelta(minutes=n) for n in range(1, 3000)], NOW)):
        due = success(make, make.feed(asked=Asked(**asked), rhythm=rhythm), **headers)
        if wait > timedelta(minutes=15):
            assert due.at == make.now + wait
            assert why in due.why


def test_own_interval_wins(make):
    """An interval the operator set is not raised by the feed's wishes, but by Retry-After it is."""
    asked = Asked(interval=3600, fresh=9999, skip_hours=(12,))
    feed = make.feed(interval=60, asked=asked)
    assert success(make, feed).at == make.now + timedelta(seconds=60)
    assert success(make, feed, retry_after="600").at == make.now + timedelta(seconds=600)


def test_a_pushed_feed_is_asked_rarely(make):
    """While a hub sends what is new, and as before once its lease is over."""
    pushed = make.feed(pushed_until=make.now + HOUR)
    assert success(make, pushed).at == make.now + timedelta(seconds=SETTINGS.longest)
    assert success(make, make.feed(pushed_until=make.now)).at == make.now + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("hours", "days", "at"),
    [
        ((12,), (), datetime(2022, 11, 9, 13, 15, tzinfo=UTC)),
        ((12, 13, 14), (), datetime(2022, 11, 9, 15, 15, tzinfo=UTC)),
        ((), (2,), datetime(2022, 11, 10, 0, 15, tzinfo=UTC)),
        ((0, 1), (2, 3), datetime(2022, 11, 11, 2, 15, tzinfo=UTC)),
        ((11,), (1,), datetime(2022, 11, 9, 12, 15, tzinfo=UTC)),
        (tuple(range(24)), (), datetime(2022, 11, 9, 12, 15, tzinfo=UTC)),
    ],
)
def test_skipped_hours_and_days(make, hours, days, at):
    """A feed is not asked in hours and on days it names (UTC); one that names all is not obeyed."""
    assert success(make, make.feed(asked=Asked(skip_hours=hours, skip_days=days))).at == at


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"cache-control": "max-age=600", "expires": "Wed, 09 Nov 2022 14:00:00 GMT"}, 600),
        ({"expires": "Wed, 09 Nov 2022 14:00:00 GMT"}, 7200),
        ({"expires": "Wed, 09 Nov 2022 14:00:00 GMT", "date": "Wed, 09 Nov 2022 13:30:00 GMT"}, 1800),
        ({"expires": "0"}, 0),
        ({"expires": "Thu, 01 Dec 1994 16:00:00 GMT"}, 0),
        ({"expires": "Wednesday, 09-Nov-22 14:00:00 GMT"}, 7200),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "public"}, 0),
        ({"cache-control": "public", "expires": "Wed, 09 Nov 2022 14:00:00 GMT"}, 7200),
        ({"expires": "Fri, 09 Nov 2029 14:00:00 GMT"}, 86_400),
    ],
)
def test_freshness(headers, wait):
    """max-age first, then Expires against Date; a day at most, and None where nothing is said."""
    assert freshness(headers, NOW) == (None if wait is None else timedelta(seconds=wait))


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
    feed = Feed(
        id=feed_id, spec=FeedSpec("https://news.example/feed"), added_at=NOW, asked=Asked(interval=ttl)
    )
    settings = PollingSettings(interval=interval)
    due = [after_success(feed, NOW, settings, {}).at for _ in range(2)]
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
