"""Calendar arithmetic that never raises, and the spelling of TIMEX3 values.

Every function takes None for "not known" and gives None for what lies outside years 1 to 9999.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

UNKNOWN_DAY = "XXXX-XX-XX"
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def make_date(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_days(day: date | None, count: int) -> date | None:
    """`day` moved by `count` days."""
    if day is None:
        return None
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def add_months(day: date | None, count: int) -> date | None:
    """`day` moved by `count` months; the last day of the month where it has no such day."""
    if day is None:
        return None
    year, month0 = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return calendar.monthrange(year, month)[1] if 1 <= year <= 9999 and 1 <= month <= 12 else 31


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def season_of(day: date) -> tuple[int, str]:
    """Meteorological season of the northern hemisphere; winter belongs to the year it begins in."""
    if day.month < 3:
        return day.year - 1, "WI"
    return day.year, ("SP", "SU", "FA", "WI")[(day.month - 3) // 3]


def day_value(day: date | None) -> str:
    """`2022-11-08`."""
    return UNKNOWN_DAY if day is None else day.isoformat()


def month_value(day: date | None) -> str:
    """`2022-11`."""
    return "XXXX-XX" if day is None else f"{day.year:04d}-{day.month:02d}"


def year_value(year: int | None) -> str:
    """`2022`."""
    return f"{year:04d}" if year is not None and 0 < year <= 9999 else "XXXX"


def week_value(day: date | None) -> str:
    """`2022-W45`, ISO week."""
    if day is None:
        return "XXXX-WXX"
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def quarter_value(day: date | None) -> str:
    """`2022-Q4`."""
    return "XXXX-QX" if day is None else f"{day.year:04d}-Q{quarter_of(day)}"


def decade_value(year: int | None) -> str:
    """`199` for the 1990s, as TimeML writes it."""
    return "XXX" if year is None or not 0 < year <= 9999 else f"{year // 10:03d}"


def century_value(year: int | None) -> str:
    """`19` for the twentieth century: the first two digits of its years."""
    return "XX" if year is None or not 0 < year <= 9999 else f"{year // 100:02d}"


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The `nth` (1 to 5, or -1 for the last) Monday (0) to Sunday (6) of a month."""
    first = make_date(year, month, 1)
    if first is None:
        return None
    if nth == -1:
        last = first.replace(day=days_in_month(year, month))
        return add_days(last, -((last.weekday() - weekday) % 7))
    return make_date(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date | None:
    """Western Easter Sunday (the anonymous Gregorian computus)."""
    if not 1583 <= year <= 9999:
        return None
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day0 = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day0 + 1)
