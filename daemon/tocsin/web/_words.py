"""Moments, days and states in words, as the pages show them. English, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from tocsin.model import Feed, FeedHealth, FetchFailure, Party, Place, Precision, When

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FAILURES: Final = {
    FetchFailure.DNS: "could not be reached (DNS)",
    FetchFailure.CONNECT: "could not be reached (no connection)",
    FetchFailure.TLS: "could not be reached (TLS)",
    FetchFailure.TIMEOUT: "did not answer in time",
    FetchFailure.REFUSED_ADDRESS: "was not asked (its address is private or reserved)",
    FetchFailure.REDIRECT_LOOP: "redirects in a circle",
    FetchFailure.PROTOCOL: "broke off or did not speak HTTP",
    FetchFailure.HTTP_CLIENT: "refused the request",
    FetchFailure.HTTP_GONE: "is gone for good",
    FetchFailure.HTTP_RATE: "asked us to come less often",
    FetchFailure.HTTP_SERVER: "had an error of its own",
    FetchFailure.TOO_LARGE: "answered with more than the size limit",
    FetchFailure.EMPTY: "answered with nothing",
    FetchFailure.NOT_A_FEED: "answered with something that is not a feed",
    FetchFailure.MALFORMED: "answered with a feed too broken to read",
    FetchFailure.PARSER: "sent something the reader could not finish",
    FetchFailure.CONFIGURATION: "was not asked (its own settings name something that is not there)",
}


def day_words(day: date, *, weekday: bool = False, short: bool = False) -> str:
    """`8 November 2022`, `Tuesday, 8 November 2022`, `8 Nov 2022`."""
    month = _MONTHS[day.month - 1]
    words = f"{day.day} {month[:3] if short else month} {day.year}"
    return f"{_WEEKDAYS[day.weekday()]}, {words}" if weekday else words


def when_words(when: When | None) -> str:
    """The days of an event as precisely as they are known: `8 Nov 2022`, `November 2022`, `1-4 Nov 2022`."""
    if when is None:
        return "date not known"
    start = when.start
    named = {
        Precision.MONTH: f"{_MONTHS[start.month - 1]} {start.year}",
        Precision.QUARTER: f"Q{(start.month + 2) // 3} {start.year}",
        Precision.YEAR: str(start.year),
        Precision.DECADE: f"{start.year // 10 * 10}s",
        Precision.WEEK: f"week of {day_words(start, short=True)}",
    }
    return named.get(when.precision) or range_words(start, when.end)


def range_words(start: date, end: date) -> str:
    """`8 Nov 2022` or `28 Oct – 3 Nov 2022`."""
    if start == end:
        return day_words(start, short=True)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_words(end, short=True)}"
    first = day_words(start, short=True)
    return f"{first.removesuffix(f' {end.year}')} – {day_words(end, short=True)}"


def heading_words(when: When | None) -> str:
    """The group an event stands in on the timeline: its day, or the longer time it is known to lie in."""
    if when is None:
        return "Date not known"
    return day_words(when.start, weekday=True) if when.start == when.end else _capital(when_words(when))


def moment_words(moment: datetime) -> str:
    """`8 Nov 2022 12:05 UTC`."""
    utc = moment.astimezone(UTC)
    return f"{day_words(utc.date(), short=True)} {utc:%H:%M} UTC"


def clock_words(moment: datetime, now: datetime) -> str:
    """`14:05 UTC`, with the day when it is not today's."""
    utc = moment.astimezone(UTC)
    return f"{utc:%H:%M} UTC" if utc.date() == now.astimezone(UTC).date() else moment_words(moment)


def span_words(span: timedelta) -> str:
    """A length of time in one unit: `40 s`, `12 min`, `5 h`, `3 days`."""
    seconds = abs(span.total_seconds())
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} days"


def ago_words(moment: datetime, now: datetime) -> str:
    """`12 min ago`, `in 5 h`, `now`."""
    span = now - moment
    if abs(span) < timedelta(seconds=1):
        return "now"
    return f"{span_words(span)} ago" if span > timedelta(0) else f"in {span_words(span)}"


def health_words(feed: Feed, now: datetime) -> str:
    """One sentence on a feed: how it is, why, and when it is asked next."""
    if feed.health is FeedHealth.MUTED:
        return f"Not asked any more: {feed.muted_reason or 'switched off by the operator'}."
    if feed.health is FeedHealth.NEW:
        return f"Never asked yet{_next_try(feed, now, '; first try')}."
    if feed.health is FeedHealth.OK:
        asked = "" if feed.last_polled_at is None else f"; asked {ago_words(feed.last_polled_at, now)}"
        return f"Working{asked}{_next_try(feed, now, '; next')}."
    return f"{_failure_words(feed)}{_next_try(feed, now, '; next try')}."


def _failure_words(feed: Feed) -> str:
    words = _capital(FAILURES[feed.last_failure]) if feed.last_failure else "Failed"
    if feed.last_detail:
        words += f": {feed.last_detail.rstrip('.')}"
    if feed.failures > 1:
        words += f", {feed.failures} times in a row"
    return words


def _next_try(feed: Feed, now: datetime, lead: str) -> str:
    due = feed.next_due_at
    if due is None:
        return ""
    if due <= now:
        return f"{lead} is due now"
    return f"{lead} {ago_words(due, now)} at {clock_words(due, now)}"


def value_words(value: Any) -> str:
    """A JSON value of a revision's changes, for people: lists with commas, objects by their fields."""
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, list):
        return ", ".join(value_words(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{name} {value_words(one)}" for name, one in value.items() if one is not None)
    return str(value)


def short_moment_words(moment: datetime, now: datetime) -> str:
    """`8 Nov 12:05`, with the year when it is not this one. UTC."""
    utc = moment.astimezone(UTC)
    year = "" if utc.year == now.astimezone(UTC).year else f" {utc.year}"
    return f"{utc.day} {_MONTHS[utc.month - 1][:3]}{year} {utc:%H:%M}"


def party_words(party: Party) -> str:
    """The name, else the country code, else the sector."""
    return party.name or party.country or party.sector or "unknown"


def place_words(place: Place) -> str:
    """`Pyongyang, PRK`."""
    name = place.name or place.text
    return f"{name}, {place.country}" if place.country and place.country != name else name


def outside_url(url: str | None) -> str | None:
    """The address when a browser may follow it (http or https), else None: never `javascript:`."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def shown_url(url: str) -> str:
    """The address without user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
