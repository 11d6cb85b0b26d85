"""Dates, places and counts in words for people; shared by every channel."""

from __future__ import annotations

from calendar import month_name
from datetime import date

from tocsin.model import INTERNAL_TYPES, Alert, AlertKind, Basis, Event, Place, Precision, When

KIND_WORDS = {
    AlertKind.FIRST: "Alert",
    AlertKind.CORROBORATED: "Corroborated",
    AlertKind.CORRECTED: "Corrected",
    AlertKind.DENIED: "Denied",
    AlertKind.CONFIRMED: "Confirmed",
    AlertKind.RETRACTED: "Retracted",
}


def when_words(when: When | None) -> str:
    """A date with its precision and the words it came from.

    "8 November 2022 (day; from “on Tuesday”)"; "date not known" for None.
    """
    if when is None:
        return "date not known"
    return f"{span_words(when)} ({when.precision.value}; {_basis_words(when)})"


def span_words(when: When) -> str:
    """The days alone: "8 November 2022", "November 2022", "7 to 13 November 2022"."""
    start, end = when.start, when.end
    if when.precision is Precision.MONTH and _same_month(start, end):
        return f"{month_name[start.month]} {start.year}"
    if when.precision is Precision.YEAR and start.year == end.year:
        return str(start.year)
    if when.precision is Precision.DECADE:
        return f"{start.year // 10 * 10}s"
    return _range_words(start, end)


def _basis_words(when: When) -> str:
    if when.basis is Basis.OBSERVED:
        return "noticed by Tocsin"
    if when.basis is Basis.PUBLISHED:
        return "the day of publication"
    if not when.text:
        return "from the article's context"
    elsewhere = ", elsewhere in the article" if when.basis is Basis.CONTEXT else ""
    return f"from “{when.text}”{elsewhere}"


def _range_words(start: date, end: date) -> str:
    if start == end:
        return f"{start.day} {month_name[start.month]} {start.year}"
    last = f"{end.day} {month_name[end.month]} {end.year}"
    if _same_month(start, end):
        return f"{start.day} to {last}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"{start.day} {month_name[start.month]}{year} to {last}"


def _same_month(start: date, end: date) -> bool:
    return (start.year, start.month) == (end.year, end.month)


def place_words(place: Place | None) -> str | None:
    """Name and country code, as far as known."""
    if place is None:
        return None
    name = place.name or place.text
    return f"{name} ({place.country})" if place.country and place.country != name else name


def count_words(number: int, noun: str) -> str:
    """A number and its noun: 1 owner, 2 owners."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def status_words(event: Event) -> str:
    """The status with its corroboration: "confirmed, told by 3 owners in 5 articles"."""
    if event.type in INTERNAL_TYPES:
        return "noticed by Tocsin, told by no article"
    told = f"told by {count_words(len(event.owners), 'owner')} in {count_words(event.articles, 'article')}"
    return f"{event.status.value}, {told}"


def subject_words(alert: Alert) -> str:
    """One line: the severity and the title."""
    return f"[{alert.draft.severity.value}] {one_line(alert.draft.title)}"


def one_line(text: str, limit: int = 300) -> str:
    """Text without line breaks, control and direction-override characters, shortened to `limit`."""
    cleaned = " ".join("".join(c if _printable(c) else " " for c in text).split())
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def _printable(character: str) -> bool:
    code = ord(character)
    return not (code < 32 or 0x7F <= code <= 0x9F or code in _UNSAFE)


_UNSAFE = {0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF, *range(0xD800, 0xE000)}
