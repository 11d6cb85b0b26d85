"""iCalendar (RFC 5545): one all-day VEVENT for each entry whose days are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tocsin.model import Severity
from tocsin.timeline.exports._entries import Entry
from tocsin.timeline.exports._list import Listing

_OCTETS: Final = 75  # section 3.1: a line is not longer, line break excluded
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_PRIORITY: Final = {Severity.CRITICAL: 1, Severity.WARNING: 5, Severity.INFO: 9}

# Section 3.6 wants at least one component; a calendar without events has this one.
_EMPTY: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def write_ics(listing: Listing) -> str:
    """A calendar. Entries nothing dates are left out: a calendar has no place for them."""
    dated = [(entry, entry.start) for entry in listing.entries if entry.start is not None]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tocsin//Timeline//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escape(listing.title)}",
    ]
    for entry, start in dated:
        lines.extend(_vevent(entry, start))
    lines.extend(() if dated else _EMPTY)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _vevent(entry: Entry, start: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.urn}"
    yield f"DTSTAMP:{_utc(entry.updated)}"  # section 3.8.7.2: without METHOD, when it was last revised
    yield f"DTSTART;VALUE=DATE:{_day(start)}"
    # Section 3.6.1: the end is exclusive; the last day there is has no next one and then needs no DTEND.
    if (end := entry.end or start) < date.max:
        yield f"DTEND;VALUE=DATE:{_day(end + timedelta(days=1))}"
    yield f"SUMMARY:{escape(entry.title)}"
    yield f"DESCRIPTION:{escape(entry.summary)}"
    yield f"URL:{_CONTROL.sub('', entry.link)}"
    yield f"CREATED:{_utc(entry.published)}"
    yield f"LAST-MODIFIED:{_utc(entry.updated)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"PRIORITY:{_PRIORITY[entry.severity]}"
    yield "TRANSP:TRANSPARENT"
    if entry.categories:
        yield "CATEGORIES:" + ",".join(escape(term) for term in entry.categories)
    if entry.place:
        yield f"LOCATION:{escape(entry.place)}"
    if entry.point is not None:
        yield f"GEO:{entry.point.lat:.6f};{entry.point.lon:.6f}"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """A TEXT value (section 3.3.11): backslash, semicolon, comma and line breaks escaped, control characters gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", text.replace("\n", "\\n"))


def fold(line: str) -> str:
    """The content line in pieces of 75 octets at the most, never splitting a character (section 3.1)."""
    pieces: list[str] = []
    piece, octets = "", 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if octets + size > _OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += character
        octets += size
    return "\r\n".join([*pieces, piece])


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
