"""How long a feed that failed waits."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from tocsin.model import FetchFailure
from tocsin.polling._backoff import RAREST, after_failure, step_of
from tocsin.polling._schedule import LONGEST

HOUR = timedelta(hours=1)


def failure(make, kind, count=0, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return after_failure(make.feed(failures=count), make.now, 900, kind, names)


@pytest.mark.parametrize(
    ("kind", "count", "wait"),
    [
        (FetchFailure.DNS, 0, timedelta(minutes=15)),
        (FetchFailure.TIMEOUT, 3, HOUR),
        (FetchFailure.HTTP_SERVER, 95, LONGEST),
        (FetchFailure.HTTP_CLIENT, 0, HOUR),
        (FetchFailure.NOT_A_FEED, 4, 5 * HOUR),
        (FetchFailure.HTTP_RATE, 0, timedelta(minutes=15)),
        (FetchFailure.PARSER, 23, LONGEST),
        (FetchFailure.CONFIGURATION, 1, 2 * HOUR),
    ],
)
def test_backoff_is_linear_to_a_day(make, kind, count, wait):
    """Each failure in a row adds one step of its class, to 24 hours."""
    due = failure(make, kind, count)
    assert due.at == make.now + wait
    assert f"failure {count + 1} in a row" in due.why


@pytest.mark.parametrize(("count", "days"), [(23, 1), (24, 2), (30, 8), (52, 30), (53, 30), (10_000, 30)])
def test_after_a_day_it_grows_to_thirty(make, count, days):
    """From 24 hours on each failure adds a day, to 30 days."""
    assert failure(make, FetchFailure.HTTP_CLIENT, count).at == make.now + timedelta(days=days)


@pytest.mark.parametrize("kind", [kind for kind in FetchFailure if kind is not FetchFailure.HTTP_GONE])
def test_only_gone_ends_and_waits_never_shrink(make, kind):
    """Every class of failure but 410 is tried again, within 30 days, and never sooner than the time before."""
    waits = [failure(make, kind, count).at - make.now for count in range(200)]
    assert all(before <= after for before, after in pairwise(waits))
    assert waits[-1] == RAREST
    assert failure(make, kind, 10**6).at is not None


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
    date = "Wed, 09 Nov 2022 15:00:00 GMT"
    assert failure(make, FetchFailure.HTTP_SERVER, retry_after=date).at == make.now + 3 * HOUR


def test_jitter_spreads_upwards_and_within_bounds(make):
    """Feeds that fail together come back apart, none earlier than its step and none later than 30 days."""
    waits = set()
    for number in range(50):
        feed = make.changed(make.feed(), id=UUID(int=number * 20))
        waits.add(after_failure(feed, make.now, 900, FetchFailure.DNS, {}).at - make.now)
        late = make.changed(feed, failures=500)
        assert after_failure(late, make.now, 900, FetchFailure.DNS, {}).at - make.now <= RAREST
    assert len(waits) == 50
    assert min(waits) >= timedelta(minutes=15)
    assert max(waits) <= timedelta(minutes=16.5)


def test_steps_are_bounded_by_a_day():
    """An interval of the operator's of more than a day does not make the step longer than that."""
    assert step_of(FetchFailure.DNS, 10 * 86_400) == LONGEST
    assert step_of(FetchFailure.TLS, 60) == HOUR
    assert step_of(FetchFailure.TIMEOUT, 60) == timedelta(minutes=1)
