"""When a feed is asked next. Pure: the moment is an argument, the jitter comes from the feed's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from tocsin.model import Asked, Feed
from tocsin.polling._rhythm import next_wait
from tocsin.settings import PollingSettings

LONGEST = timedelta(hours=24)
JITTER = 0.1  # of a wait that was asked for, upwards
_RHYTHM_JITTER = 0.05  # of a wait that the rhythm chose, downwards


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When, and why then. `at` is None for a feed that is not asked any more."""

    at: datetime | None
    why: str


def after_success(
    feed: Feed, now: datetime, settings: PollingSettings, headers: Mapping[str, str]
) -> NextPoll:
    """When a feed is asked after an answer; `feed` has taken in what that answer taught (`asked`, `rhythm`).

    The rhythm says when, between `settings.shortest` and `.longest`. That is raised to the largest of what
    the document, the server and Retry-After ask for, 24 hours at most, and put off to the end of hours and
    days that the feed skips. An interval the operator set for the feed is raised by Retry-After only.
    """
    own = feed.spec.interval
    if own:
        wishes = [(_jittered(timedelta(seconds=own), feed.id), "the feed's own interval")]
    else:
        wishes = _learned(feed, now, settings)
    asked = _jittered(retry_after(headers, now), feed.id)
    wait, why = max(*wishes, (asked, "the server asks for it (Retry-After)"), key=lambda wish: wish[0])
    at = now + min(wait, LONGEST)
    open_at = at if own else after_skips(at, feed.asked)
    return NextPoll(open_at, why if open_at == at else f"{why}, but the feed skips hours or days until then")


def _learned(feed: Feed, now: datetime, settings: PollingSettings) -> list[tuple[timedelta, str]]:
    longest = timedelta(seconds=settings.longest)
    pushed = longest if feed.pushed_until is not None and feed.pushed_until > now else timedelta(0)
    wishes = [
        (timedelta(seconds=0 if feed.rhythm else settings.interval), "the usual interval"),
        (pushed, "its hub sends what is new (WebSub)"),
        (_seconds(feed.asked.interval), "the feed asks for it (ttl, sy:updatePeriod)"),
        (_seconds(feed.asked.fresh), "the server asks for it (Cache-Control, Expires)"),
    ]
    jittered = [(_jittered(min(wait, LONGEST), feed.id), why) for wait, why in wishes]
    if feed.rhythm is None:
        return jittered
    shortest = timedelta(seconds=min(settings.shortest, settings.longest))
    wait = next_wait(feed.rhythm, now, settings.per_poll, shortest, longest)
    return [(earlier(wait, shortest, feed.id), "its rhythm"), *jittered]


def earlier(wait: timedelta, shortest: timedelta, feed_id: UUID) -> timedelta:
    """Jitter of a wait that nobody asked for: up to a twentieth less, but not below the shortest."""
    return max(wait * (1 - _RHYTHM_JITTER * _share(feed_id)), min(wait, shortest))


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer is fresh (RFC 9111): max-age, else Expires; None when it says nothing of it."""
    control = headers.get("cache-control", "")
    if re.search(r"(?i)(?:^|[,\s])(?:max-age\s*=|no-cache|no-store)", control):
        return max_age(headers)
    if "expires" not in headers:
        return timedelta(0) if control else None
    expires = http_date(headers["expires"])
    sent = http_date(headers.get("date", "")) or now
    return min(max(expires - sent, timedelta(0)), LONGEST) if expires else timedelta(0)


def max_age(headers: Mapping[str, str]) -> timedelta:
    """`max-age` of Cache-Control (RFC 9111), less the Age the answer already has; zero when there is none."""
    control = headers.get("cache-control", "")
    found = re.search(r"(?i)(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", control)
    if found is None or re.search(r"(?i)(?:^|[,\s])no-(?:cache|store)(?![-\w=])", control):
        return timedelta(0)
    age = headers.get("age", "").strip()
    used = int(age[:9]) if age.isascii() and age.isdecimal() else 0
    return _seconds(max(0, int(found.group(1)) - used))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Retry-After (RFC 9110) in seconds or as a date, 24 hours at most; zero when there is none or it is past."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return min(_seconds(int(value[:9])), LONGEST)
    moment = http_date(value)
    return min(max(moment - now, timedelta(0)), LONGEST) if moment else timedelta(0)


def http_date(value: str) -> datetime | None:
    """A date of a header in its three forms (RFC 9110); None for anything else, as RFC 9111 wants of Expires."""
    try:
        moment = parsedate_to_datetime(value.strip())
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def after_skips(at: datetime, asked: Asked) -> datetime:
    """The first moment from `at` on that is in no hour and on no day the feed skips (UTC)."""
    if len(asked.skip_hours) >= 24 or len(asked.skip_days) >= 7:
        return at
    while at.weekday() in asked.skip_days or at.hour in asked.skip_hours:
        at += timedelta(hours=1)  # the minute stays, so that feeds put off together do not come back together
    return at


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


def _jittered(wait: timedelta, feed_id: UUID) -> timedelta:
    """Spread by the id, so that feeds added together do not stay together."""
    return wait * (1 + JITTER * _share(feed_id))


def _share(feed_id: UUID) -> float:
    return (feed_id.int % 1000) / 1000


def _seconds(number: int | None) -> timedelta:
    return timedelta(seconds=min(number or 0, 10_000_000))
