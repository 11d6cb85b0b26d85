"""How long a feed that failed waits: by the class of the failure, and never for ever. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tocsin.model import Feed, FetchFailure
from tocsin.polling._schedule import LONGEST, NextPoll, retry_after

RAREST = timedelta(days=30)
_JITTER = 0.1  # of the wait, upwards only
_HOUR = timedelta(hours=1)
_RATE = timedelta(minutes=15)
_LASTING = frozenset(  # what does not pass by itself within minutes
    (
        FetchFailure.TLS,
        FetchFailure.REFUSED_ADDRESS,
        FetchFailure.REDIRECT_LOOP,
        FetchFailure.HTTP_CLIENT,
        FetchFailure.TOO_LARGE,
        FetchFailure.EMPTY,
        FetchFailure.NOT_A_FEED,
        FetchFailure.MALFORMED,
        FetchFailure.PARSER,
        FetchFailure.CONFIGURATION,
    )
)


def after_failure(
    feed: Feed, now: datetime, interval: int, failure: FetchFailure, headers: Mapping[str, str]
) -> NextPoll:
    """When a feed is asked after its failure number `feed.failures + 1` in a row; None for 410 only.

    Each failure adds one step of its class until the wait is 24 hours, and then one day until it is 30
    days. Retry-After raises the wait, 24 hours at most.
    """
    if failure is FetchFailure.HTTP_GONE:
        return NextPoll(None, "the server says it is gone for good; enable it again by adding it")
    count = feed.failures + 1
    wait = _wait(step_of(failure, feed.spec.interval or interval), count)
    why = f"failure {count} in a row"
    asked = retry_after(headers, now)
    if asked > wait:
        wait, why = asked, "the server asks for it (Retry-After)"
    return NextPoll(now + min(wait * (1 + jitter(feed.id)), max(wait, RAREST)), why)


def step_of(failure: FetchFailure, interval: float) -> timedelta:
    """What one more failure of this class adds to the wait; `interval` is seconds."""
    usual = min(timedelta(seconds=interval), LONGEST)
    if failure in _LASTING:
        return max(usual, _HOUR)
    return max(usual, _RATE) if failure is FetchFailure.HTTP_RATE else usual


def _wait(step: timedelta, count: int) -> timedelta:
    steps_to_a_day = -(-LONGEST // step)
    if count <= steps_to_a_day:
        return min(step * count, LONGEST)
    return min(LONGEST * (1 + count - steps_to_a_day), RAREST)


def jitter(feed_id: UUID) -> float:
    """A share of a wait, up to a tenth, always the same for a feed: those that wait together do not stay so."""
    return _JITTER * (feed_id.int % 1000) / 1000
