"""Counted places in a row ("a sixth straight day", "the third day of the siege") and periods that are compared."""

from __future__ import annotations

from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._durations import unit_code, unit_value
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._reading import STEPS, edge, year_of
from tocsin.extraction.times._state import Draft, Match
from tocsin.extraction.times._tense import Side

BOOK = RuleBook()
rule = BOOK.rule

_OPEN = {"D": cal.UNKNOWN_DAY, "W": "XXXX-WXX", "M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX"}
_FEW = 99
_CLOSE = 20  # tokens: "in October, for the third month in a row"
_ON = KINDS["on"]


@rule("(the | a | poss_pron)? n=(ord | second) serial? unit=(unit | quarter) (in a row | row)?")
def nth_unit(m: Match) -> list[Draft]:
    """Read "a sixth straight day", "for the fourth week in a row"; "the third day of the siege" stays open."""
    unit, words = unit_code(m), m.tokens.words[m.start : m.end]
    if unit not in _OPEN or (unit == "Q" and not _in_a_row(m)):
        return []
    if _in_a_row(m):
        value, day = unit_value(_running(m, unit), unit, 0)
        draft = m.draft(value, day=day)
    elif unit == "D" and words[0] in ("the", "its", "their", "our") and m.after() != "-":
        draft = m.draft(_OPEN[unit])
    else:
        return []
    return [draft]


def _in_a_row(m: Match) -> bool:
    return m.kind(m.end - 1) == KINDS["row"] or KINDS["serial"] in m.tokens.kinds[m.start : m.end]


def _running(m: Match, unit: str) -> date | None:
    """The day that is counted: the weekday that follows, the story's day, publication."""
    at = m.end + (m.kind(m.end) == _ON)
    now, number = m.state.now, m.tokens.values[at] if at < len(m.tokens) else None
    if unit == "D" and now is not None and m.kind(at) == KINDS["wd"] and isinstance(number, int):
        return resolve.weekday(now, number, m.side())
    if unit == "M" and m.state.story_unit == "M" and m.start - m.state.story_at <= _CLOSE:
        return m.state.story
    return m.state.told(m.start) if unit == "D" else now


@rule(
    "the (same | alike) (period | unit | quarter | time) (a unit (ago | earlier) | (of | in)? the? rel=last unit)",
    "the? alike? unit hyphen? (ago | earlier) (n=ord? quarter | period)?",
    "(the | a) alike? unit hyphen? (ago | earlier) n=ord? (quarter | period)",
    "the (quarter | period) a unit (ago | earlier)",
    "rel=last unit poss (quarter | period)",
)
def year_before(m: Match) -> list[Draft]:
    """Read "the same period last year", "the year-ago quarter", "the quarter a year earlier"."""
    words = m.tokens.words[m.start : m.end]
    like = m.tokens.kinds[m.start : m.end]
    told = (
        "same" in words or "-" in words or KINDS["alike"] in like or words[1] in ("quarter", "period", "year")
    )
    if "year" not in words or not told or m.state.now is None:
        return []
    if m.has("n"):
        return [m.draft(f"{cal.year_value(m.state.now.year - 1)}-Q{m.number('n')}")]
    return [m.draft(m.state.compared(m.start) or cal.year_value(m.state.now.year - 1))]


@rule("the latest (period | quarter)", "the year=year4 (period | quarter)")
def reported_period(m: Match) -> list[Draft]:
    """Read "the latest quarter", "the 1988 period": the quarter spoken of, in the year that is named."""
    year = m.number("year")
    if year is None:
        quarter = m.state.quarter(m.start)
        return [m.draft(cal.quarter_value(quarter))] if quarter is not None else []
    if not 1700 <= year <= 2100:
        return []
    quarter = m.state.story_quarter(m.start)
    return [m.draft(f"{year:04d}" + ("" if quarter is None else f"-Q{cal.quarter_of(quarter)}"))]


@rule("the unit=unit (of | ending | ended) month=MONTH dot? day=DAY (comma? year=YEAR)?")
def unit_of_day(m: Match) -> list[Draft]:
    """Read "the week of Nov. 7", "the week ending Dec. 4", "the weekend of May 3"."""
    unit, month, day = unit_code(m), m.number("month") or 0, m.number("day") or 0
    if unit not in ("W", "WE") or not 1 <= day <= cal.days_in_month(2000, month):
        return []
    year = year_of(m)
    told = (
        cal.make_date(year, month, day) if year else resolve.day_date(m.state, month, day, m.side(), m.start)
    )
    if told is None:
        return []
    return [m.draft(cal.week_value(told) + ("-WE" if unit == "WE" else ""))]


@rule("the unit=unit way=(after next | before last)")
def unit_beyond(m: Match) -> list[Draft]:
    """Read "the week after next", "the year before last"."""
    unit = unit_code(m)
    if unit not in ("W", "M", "Y", "Q", "WE") or m.state.now is None:
        return []
    value, _ = unit_value(m.state.now, unit, 2 if m.word("way") == "after" else -2)
    return [m.draft(value)]


@rule("count=(NUMBER | a) unit=(unit | units) from base=(wd | today | tomorrow | yesterday)")
def from_day(m: Match) -> list[Draft]:
    """Read "a week from Friday", "three days from today": the day itself."""
    now, unit, count = m.state.now, unit_code(m), m.number("count") or 1
    if now is None or unit not in ("D", "W") or count > _FEW:
        return []
    number = m.value("base")
    step = {"tomorrow": 1, "yesterday": -1}.get(m.word("base"), 0)
    base = resolve.weekday(now, number, Side.FUTURE) if isinstance(number, int) else cal.add_days(now, step)
    day = cal.add_days(base, count * (7 if unit == "W" else 1))
    return [m.draft(cal.day_value(day), day=day)] if day else []


@rule("count=NUMBER season=seasons ago")
def seasons_ago(m: Match) -> list[Draft]:
    """Read "two summers ago"."""
    now, count = m.state.now, m.number("count") or 0
    code = str(m.value("season"))
    if now is None or not 0 < count <= _FEW:
        return [m.draft("PAST_REF")]
    running, current = cal.season_of(now)
    latest = running - 1 if current == code else now.year - (cal.SEASON_MONTHS[code] > now.month)
    return [m.draft(f"{cal.year_value(latest - count + 1)}-{code}")]


@rule(
    "the? mod=EDGE (the | this | next | last)? fiscal? unit=unit",
    "yearend",
)
def edge_of_unit(m: Match) -> list[Draft]:
    """Read "the end of the year", "the beginning of next week", "year-end"."""
    unit = unit_code(m) or "Y"
    words = m.tokens.words[m.start : m.end]
    step = STEPS.get(next((w for w in words if w in ("this", "next", "last")), ""), 0)
    if unit not in ("D", "W", "M", "Y", "Q", "DE", "CE") or m.state.now is None:
        return []
    base = m.state.told(m.start) if unit == "D" and not step else m.state.base
    value, day = unit_value(base, unit, step)
    return [m.draft(value, mod=edge(m) or "END", day=day)]
