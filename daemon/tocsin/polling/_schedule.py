"""When a feed is asked next. Pure: the moment is an argument, the jitter comes from the feed's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from tocsin.model import Feed, FetchFailure, FetchOutcome

LONGEST = timedelta(hours=24)
JITTER = 0.1  # of the interval, upwards only

_HOUR = timedelta(hours=1)
# The least a failure of this class waits, times the failures in a row. Other classes: the interval itself.
_STEPS = {
    FetchFailure.HTTP_RATE: timedelta(minutes=15),
    **dict.fromkeys(
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
        ),
        _HOUR,
    ),
}


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When, and why then. `at` is None for a feed that is not asked any more."""

    at: datetime | None
    why: str


def after_success(
    feed: Feed, now: datetime, interval: int, *, ttl: int | None, headers: Mapping[str, str], parsed: bool
) -> NextPoll:
    """The interval of the feed or the settings, raised by what feed and server ask for, 24 hours at most.

    An interval the operator set for the feed is raised by Retry-After only. An answer that was not parsed
    (304, same body) says nothing of `<ttl>`, so the wait that was decided last is kept.
    """
    base = timedelta(seconds=feed.spec.interval or interval)
    wishes = [(base, "the feed's own interval" if feed.spec.interval else "the usual interval")]
    if not feed.spec.interval:
        wishes.append((_seconds(ttl), "the feed asks for it (ttl)"))
        wishes.append((max_age(headers), "the server asks for it (Cache-Control)"))
    wishes.append((retry_after(headers, now), "the server asks for it (Retry-After)"))
    wait, why = max(wishes, key=lambda wish: wish[0])
    wait = min(_jittered(min(wait, LONGEST), feed.id), LONGEST)
    last = timedelta(0) if parsed or feed.spec.interval else _last_wait(feed)
    if last > wait:
        wait, why = last, "as decided when the feed last changed"
    return NextPoll(now + wait, why)


def after_failure(
    feed: Feed, now: datetime, interval: int, failure: FetchFailure, headers: Mapping[str, str]
) -> NextPoll:
    """Linear in the failures in a row, this one included, to 24 hours; a feed is never given up but for 410."""
    if failure is FetchFailure.HTTP_GONE:
        return NextPoll(None, "the server says it is gone for good; enable it again by adding it")
    count = feed.failures + 1
    step = max(timedelta(seconds=feed.spec.interval or interval), _STEPS.get(failure, timedelta(0)))
    wait = min(step * count, LONGEST)
    why = f"failure {count} in a row"
    asked = retry_after(headers, now)
    if asked > wait:
        wait, why = asked, "the server asks for it (Retry-After)"
    return NextPoll(now + min(_jittered(wait, feed.id), LONGEST), why)


def max_age(headers: Mapping[str, str]) -> timedelta:
    """`max-age` of Cache-Control (RFC 9111), less the Age the answer already has; zero when there is none."""
    found = re.search(r"(?i)(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", headers.get("cache-control", ""))
    age = headers.get("age", "").strip()
    used = int(age[:9]) if age.isdecimal() else 0
    return _seconds(max(0, int(found.group(1)) - used) if found else None)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Retry-After (RFC 9110) in seconds or as a date, 24 hours at most; zero when there is none or it is past."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(_seconds(int(value[:9])), LONGEST)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return timedelta(0)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST)


def in_words(wait: timedelta) -> str:
    """A duration for people: "45 s", "15 min", "3 h", "1 h 20 min"."""
    seconds = max(0, round(wait.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    return f"{hours} h" if rest == 0 or hours >= 10 else f"{hours} h {rest} min"


def _last_wait(feed: Feed) -> timedelta:
    if not feed.next_due_at or not feed.last_polled_at or feed.last_outcome is FetchOutcome.FAILED:
        return timedelta(0)
    return min(max(feed.next_due_at - feed.last_polled_at, timedelta(0)), LONGEST)


def _jittered(wait: timedelta, feed_id: UUID) -> timedelta:
    """Spread by the id, so that feeds added together do not stay together."""
    return wait * (1 + JITTER * (feed_id.int % 1000) / 1000)


def _seconds(number: int | None) -> timedelta:
    return timedelta(seconds=min(number or 0, 10_000_000))
