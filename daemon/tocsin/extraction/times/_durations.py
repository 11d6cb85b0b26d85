"""Counts and units: what "two and a half years" or "several weeks" come to, and how TimeML spells them."""

from __future__ import annotations

from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _lexicon as lex
from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._state import Match

# unit -> (letter, factor): TimeML has no letter of its own for these
_FACTORS = {
    "F": ("W", 2),
    "DE": ("Y", 10),
    "CE": ("Y", 100),
    "ML": ("Y", 1000),
    "N": ("D", 1),
    "WE": ("D", 2),
}
_VAGUE_LETTER = {"F": "W", "N": "D", "WE": "WE", "ML": "ML"}
_SKIPPED = frozenset({"of", "a", "the", "-", "and", "or", "to"})

_DAYS = {"D": 24.0, "N": 24.0, "TH": 1.0, "TM": 1 / 60, "TS": 1 / 3600}
_WEEKS = {"W": 7, "F": 14, "WE": 7}
_FARTHEST = 200_000
_SMALL = {KINDS["a"]: 1.0, KINDS["half"]: 0.5}

_UNIT_KINDS = frozenset(KINDS[name] for name in ("unit", "units", "unitlong", "unitold"))

Count = float | None  # None: not told ("several")


def unit_code(m: Match, name: str = "unit") -> str:
    """The unit of a group: D, W, M, Y, Q, DE, CE, TH, TM, TS ..."""
    start, end = m.span(name)
    for at in range(end - 1, start - 1, -1):
        kind = m.kind(at)
        if kind in (KINDS["quarter"], KINDS["quarters"]):
            return "Q"
        if kind == KINDS["second"]:
            return "TS"
        if kind == KINDS["part"]:
            return "N"
        value = m.tokens.values[at]
        if kind == KINDS["playing"]:
            return "Y"
        if kind in _UNIT_KINDS and isinstance(value, str):
            return value
    return ""


def count_of(m: Match, name: str = "count") -> Count:
    """The number a group says; None for "several", "a few", "dozens"."""
    start, end = m.span(name)
    total: Count = None
    for at in range(max(0, start), end):
        kind, value = m.kind(at), m.tokens.values[at]
        if kind == KINDS["dozens"] or (kind == KINDS["quant"] and not isinstance(value, int)):
            return None
        if kind == KINDS["dozen"]:
            total = 12.0 * (total or 1)
        elif isinstance(value, (int, float)):
            total = float(value)
        elif kind in _SMALL and total is None:
            total = _SMALL[kind]
    return total


def period(count: Count, unit: str) -> str:
    """The TIMEX3 value of a duration: P3D, PT30M, P10Y for a decade, PXW for "weeks"."""
    if count is None:
        letter = _VAGUE_LETTER.get(unit, unit)
        return f"PTX{letter[1:]}" if letter.startswith("T") else f"PX{letter}"
    letter, factor = _FACTORS.get(unit, (unit, 1))
    count *= factor
    if count % 1:
        halves = {"Y": ("M", 12), "TH": ("TM", 60), "M": ("M", 1), "D": ("TH", 24), "TM": ("TS", 60)}.get(
            letter
        )
        if halves is not None and (count * halves[1]) % 1 == 0:
            return _mixed(int(count), letter, int((count % 1) * halves[1]), halves[0])
    number = str(int(count)) if count % 1 == 0 and count < 1e15 else f"{count:g}"
    return f"PT{number}{letter[1:]}" if letter.startswith("T") else f"P{number}{letter}"


def _mixed(whole: int, letter: str, rest: int, small: str) -> str:
    date_part, time_part = "", ""
    for number, code in ((whole, letter), (rest, small)):
        if not number:
            continue
        if code.startswith("T"):
            time_part += f"{number}{code[1:]}"
        else:
            date_part += f"{number}{code}"
    return "P" + date_part + (f"T{time_part}" if time_part else "")


def shifted(base: date | None, count: float, unit: str) -> tuple[str, date | None]:
    """(value, day) of `base` moved by `count` units, at the unit's own precision.

    Days and shorter units give a day; weeks, months, quarters, years and decades give just that. An empty value
    means that the count is out of all proportion.
    """
    if abs(count) > _FARTHEST:
        return "", None
    if unit in _DAYS:
        hours = count * _DAYS[unit]
        day = cal.add_days(base, int(count) if unit in ("D", "N") else round(hours / 24))
        return cal.day_value(day), day
    if unit in _WEEKS:
        value = cal.week_value(cal.add_days(base, int(count) * _WEEKS[unit]))
        return value + ("-WE" if unit == "WE" else ""), None
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}.get(unit, 12_000)
    moved = cal.add_months(base, round(count * months))
    if unit == "M":
        return cal.month_value(moved), None
    if unit == "Q":
        return cal.quarter_value(moved), None
    year = moved.year if moved else None
    return cal.year_value(year), None


def unit_value(base: date | None, unit: str, step: int) -> tuple[str, date | None]:
    """(value, day) of "this", "last" (-1) or "next" (1) unit counted from `base`."""
    if unit == "DE":
        moved = cal.add_months(base, 120 * step)
        return cal.decade_value(moved.year if moved else None), None
    if unit == "CE":
        moved = cal.add_months(base, 1200 * step)
        return cal.century_value(moved.year if moved else None), None
    return shifted(base, step, unit)


def modifier(m: Match, name: str = "approx") -> str | None:
    """The TIMEX3 modifier of "about", "more than", "at least" ..."""
    words = " ".join(m.words(name))
    fixed = {
        "more than": "MORE_THAN", "less than": "LESS_THAN", "fewer than": "LESS_THAN", "at least": "EQUAL_OR_MORE",
        "at most": "EQUAL_OR_LESS", "up to": "EQUAL_OR_LESS", "no more than": "EQUAL_OR_LESS",
        "no less than": "EQUAL_OR_MORE", "well over": "MORE_THAN", "just over": "MORE_THAN",
        "just under": "LESS_THAN",
    }  # fmt: skip
    return fixed.get(words) or lex.APPROX.get(m.word(name))
