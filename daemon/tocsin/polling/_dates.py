"""Dates of entries: taken only when the raw string parses whole to a plausible instant, never invented.

Written for what feeds carry: RFC 822 and RFC 3339 (W3C-DTF) with their usual misspellings, asctime and
the form of JavaScript's Date. Nothing is completed from today: "2022" and "10:30" are not dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

OLDEST_YEAR = 1990
AHEAD = timedelta(days=1)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
# Hours east of Greenwich. IST is read as India's: it is by far the most frequent in feeds.
_ZONES = {
    name: float(hours)
    for name, hours in re.findall(
        r"(\w+)=(\S+)",
        "z=0 ut=0 utc=0 gmt=0 wet=0 ast=-4 adt=-3 est=-5 edt=-4 et=-5 cst=-6 cdt=-5 ct=-6 mst=-7 mdt=-6 mt=-7 "
        "pst=-8 pdt=-7 pt=-8 akst=-9 akdt=-8 hst=-10 brt=-3 bst=1 west=1 cet=1 met=1 wat=1 cest=2 mest=2 cat=2 "
        "sast=2 eet=2 eest=3 eat=3 msk=3 trt=3 pkt=5 ist=5.5 wib=7 hkt=8 sgt=8 awst=8 jst=9 kst=9 aest=10 "
        "aedt=11 nzst=12 nzdt=13",
    )
}
_NAME = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s*"
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<half>[ap]m))?"
_ZONE = r"(?P<zone>(?:etc/)?[a-z]{1,5}|(?:gmt|utc)?\s?[+-]\d{1,2}(?::?\d{2})?)"
_TAIL = rf"(?:(?:,?\s+|t|\s*-\s*){_TIME}(?:\s*{_ZONE})?(?:\s*\([^)]*\))?)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<year>\d{{4}})(?P<sep>[-/.]?)(?P<number>\d{{2}})(?P=sep)(?P<day>\d{{2}}){_TAIL}",  # RFC 3339
        rf"(?:{_NAME})?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]*{_MONTH}[ ,-]*{_YEAR}{_TAIL}",  # RFC 822
        rf"(?:{_NAME})?{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TAIL}",
        rf"(?:{_NAME})?{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?:{_ZONE}\s+)?(?P<year>\d{{4}})",  # asctime
        rf"(?P<year>\d{{4}})(?P<number>\d\d)(?P<day>\d\d)t(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d){_ZONE}?",
    )
)


def judge_dates(raws: Sequence[str], now: datetime) -> tuple[datetime | None, str | None]:
    """Take the first date that can be trusted: (instant, None); else (None, why the first was refused).

    (None, None) when there is no date at all.
    """
    refused: str | None = None
    for raw in raws:
        instant, reason = _judge(raw, now)
        if instant is not None:
            return instant, None
        refused = refused or reason
    return None, refused


def _judge(raw: str, now: datetime) -> tuple[datetime | None, str | None]:
    try:
        instant = read_date(raw)
    except ValueError as error:
        return None, f"cannot be read: {raw.strip()[:60]!r}, {error}"
    if instant.year < OLDEST_YEAR:
        return None, f"year {instant.year}"
    if instant > now + AHEAD:
        return None, f"in the future: {instant.isoformat()}"
    return instant, None


def read_date(raw: str) -> datetime:
    """The instant a raw string names, UTC; no zone means UTC. Raises `ValueError` that says what is wrong."""
    text = " ".join(raw.lower().split())[:80]
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(text))), None)
    if match is None:
        raise ValueError("not a date form that is known")
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _MONTHS[parts["month"]]
    hour, second = _hour(parts), min(int(parts.get("second") or 0), 59)  # 60 is a leap second
    minute, day = int(parts.get("minute") or 0), int(parts["day"])
    moment = datetime(_year(parts["year"]), month, day, 0, minute, second, tzinfo=UTC)
    zone = _zone(parts.get("zone"))
    try:
        return (moment + timedelta(hours=hour)).replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar; refused by its year anyway
        return moment


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 90 else 1900)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    if parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError("hour must be in 1..12")
        return hour % 12 + (12 if parts["half"] == "pm" else 0)
    if hour > 24 or (hour == 24 and int(parts.get("minute") or 0)):
        raise ValueError("hour must be in 0..24")
    return hour


def _zone(name: str | None) -> timezone:
    if not name:
        return UTC
    digits = re.sub(r"^(?:gmt|utc)\s?(?=[+-])", "", name.removeprefix("etc/"))
    if digits[0] in "+-":
        return _offset(digits)
    if digits not in _ZONES:
        raise ValueError(f"zone {name.upper()} is not known")
    return timezone(timedelta(hours=_ZONES[digits]))


def _offset(digits: str) -> timezone:
    sign = -1 if digits[0] == "-" else 1
    number = digits[1:].replace(":", "")
    hours, minutes = (int(number[:-2]), int(number[-2:])) if len(number) > 2 else (int(number), 0)
    if hours > 14 or minutes > 59:
        raise ValueError(f"zone {digits} is not on this planet")
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
