"""From a TIMEX3 value to the calendar days it covers."""

from __future__ import annotations

import re
from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._types import Timex
from tocsin.model import Basis, Precision, When

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(.*))?")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(?:-(WE|[1-7]))?(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_PART = re.compile(r"(\d{4})-(?:Q([1-4])|H([12])|(SP|SU|FA|WI))")
_YEAR = re.compile(r"(?:FY)?(\d{4})")
_CLOCK = re.compile(r"(\d\d)(:\d\d)?")

Days = tuple[date, date, Precision]


def to_when(timex: Timex, basis: Basis = Basis.EXPRESSION, *, offset: int = 0) -> When | None:
    """The days the expression covers; None for durations, sets, references and values with open places.

    `offset` is added to the span, for texts that were cut out of a longer one.
    """
    if timex.type not in ("DATE", "TIME"):
        return None
    days = _interval(timex.begin, timex.until) or value_days(timex.value, timex.mod)
    if days is None:
        return None
    start, end, precision = days
    span = (timex.start + offset, timex.end + offset)
    return When(start, end, precision, timex.text, basis, timex.value, span)


def _interval(begin: str | None, until: str | None) -> Days | None:
    first = value_days(begin) if begin else None
    last = value_days(until) if until else None
    if first is None or last is None or last[1] < first[0]:
        return None
    return first[0], last[1], Precision.INTERVAL


def value_days(value: str, mod: str | None = None) -> Days | None:
    """First day, last day and precision of a TIMEX3 value; a START or END modifier keeps the whole unit."""
    del mod  # "early 2023" is still somewhere in 2023: the unit is what is known
    for reader in (_day, _month, _part_of_year, _week, _year, _decade):
        days = reader(value)
        if days is not None:
            return days
    return None


def _day(value: str) -> Days | None:
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    day = cal.make_date(int(found[1]), int(found[2]), int(found[3]))
    if day is None:
        return None
    clock = _CLOCK.match(found[4] or "")
    if clock is None:
        return day, day, Precision.DAY
    return day, day, Precision.MINUTE if clock[2] else Precision.HOUR


def _month(value: str) -> Days | None:
    found = _MONTH.fullmatch(value)
    return None if found is None else _months(int(found[1]), int(found[2]), 1, Precision.MONTH)


def _part_of_year(value: str) -> Days | None:
    found = _PART.fullmatch(value)
    if found is None:
        return None
    year = int(found[1])
    if found[2]:
        return _months(year, int(found[2]) * 3 - 2, 3, Precision.QUARTER)
    if found[3]:
        return _months(year, int(found[3]) * 6 - 5, 6, Precision.INTERVAL)
    return _months(year, cal.SEASON_MONTHS[found[4]], 3, Precision.SEASON)


def _months(year: int, month: int, count: int, precision: Precision) -> Days | None:
    first = cal.make_date(year, month, 1)
    final = cal.add_months(first, count - 1)
    if first is None or final is None:
        return None
    return first, final.replace(day=cal.days_in_month(final.year, final.month)), precision


def _week(value: str) -> Days | None:
    found = _WEEK.fullmatch(value)
    if found is None:
        return None
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    first, last, precision = 0, 6, Precision.WEEK
    if found[3] == "WE":
        first, precision = 5, Precision.INTERVAL
    elif found[3]:
        first = last = int(found[3]) - 1
        precision = Precision.DAY
    start, end = cal.add_days(monday, first), cal.add_days(monday, last)
    return None if start is None or end is None else (start, end, precision)


def _year(value: str) -> Days | None:
    found = _YEAR.fullmatch(value)
    return None if found is None else _months(int(found[1]), 1, 12, Precision.YEAR)


def _decade(value: str) -> Days | None:
    if len(value) != 3 or not value.isascii() or not value.isdigit():
        return None
    first = cal.make_date(int(value) * 10, 1, 1)
    last = cal.make_date(int(value) * 10 + 9, 12, 31)
    return None if first is None or last is None else (first, last, Precision.DECADE)
