"""Months and weekdays."""

from __future__ import annotations

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._reading import STEPS, edge, is_verb, year_of
from tocsin.extraction.times._state import Draft, Match
from tocsin.extraction.times._tense import Side

BOOK = RuleBook()
rule = BOOK.rule


@rule(
    "(the? mod=EDGE | mod=EARLY)? month=MONTH dot? (comma | of | in)? year=YEAR",
    "month=MONTH slash year=year4",
)
def month_of_year(m: Match) -> list[Draft]:
    """Read "November 2022", "late Nov. 2022", "the end of May 2021"."""
    year = year_of(m)
    if year is None or not 0 < year <= 9999:
        return []
    month = m.number("month") or 0
    m.state.note_year(year, cal.make_date(year, month, 1), m.end)
    return [m.draft(f"{year:04d}-{month:02d}", mod=edge(m))]


@rule(
    "(the? mod=EDGE | mod=EARLY)? month=mo dot?",
    "(mod=EDGE | mod=EARLY) month=mow",
    "(the? mod=EDGE | mod=EARLY)? month=MONTH dot? (of | comma)? yearrel=RELYEAR unit",
    "month=MONTH dot? of? that unit",
    "month=MONTH dot? of? the told=(following | next | same | previous) unit",
    "(mod=EARLY)? mrel=RELMONTH month=MONTH",
)
def month_alone(m: Match) -> list[Draft]:
    """Read "in November", "mid-May", "last September", "March of this year"."""
    month = m.number("month") or 0
    now = m.state.now
    unit = m.tokens.words[m.end - 1]
    if is_verb(m):
        return []
    if m.has("yearrel"):
        if unit != "year":
            return []
        year = now.year + STEPS.get(m.word("yearrel"), 0) if now else None
    elif unit == "year":
        told = m.state.told(m.start, "Y")
        year = told.year + STEPS.get(m.word("told"), 0) if told else None
    elif m.has("mrel"):
        year = _relative_month_year(m, month)
    else:
        year = resolve.month_year(m.state, month, m.side(), m.start)
    return [m.draft(f"{cal.year_value(year)}-{month:02d}", mod=edge(m))]


def _relative_month_year(m: Match, month: int) -> int | None:
    now, word = m.state.now, m.word("mrel")
    if now is None:
        return None
    if word in ("last", "past", "previous"):
        return now.year - (1 if month >= now.month else 0)
    if word in ("next", "coming"):
        return now.year + (1 if month <= now.month else 0)
    return now.year


@rule(
    "mod=EARLY? wd=WEEKDAY",
    "mod=EARLY? rel=RELDAY wd=WEEKDAY",
    "mod=EARLY? (this | the) rel=(past | coming | following | previous | last) wd=WEEKDAY",
    "wd=WEEKDAY of? week=(last | this | next | that | the following | the previous) unit",
    "week=(last | this | next) unit poss? on? wd=WEEKDAY",
    "the same wd=WEEKDAY",
)
def weekday(m: Match) -> list[Draft]:
    """Read "Tuesday", "late Monday", "last Friday", "Thursday of next week"."""
    number = m.number("wd") or 0
    start = m.span("wd")[0]
    if m.kind(start) == KINDS["wdab"] and not _short_weekday(m, start):
        return []
    now = m.state.now
    if m.has("week"):
        if "week" not in m.words("week") + m.tokens.words[m.start : m.end]:
            return []
        step = {"last": -1, "next": 1}.get(m.word("week"), 0)
        day = cal.add_days(now, number - now.weekday() + 7 * step) if now else None
    elif m.has("rel"):
        word = m.word("rel")
        base = (m.state.narrative(m.start) or now) if word in ("following", "previous") else now
        day = resolve.relative_weekday(base, number, word)
    elif m.state.history:  # the first one from the last day told
        day = resolve.relative_weekday(m.state.narrative(m.start), number, "this")
    else:
        day = resolve.weekday(now, number, m.side(), elsewhere=m.local_time())
    value = cal.day_value(day) if day else f"XXXX-WXX-{number + 1}"
    return [m.draft(value, mod=edge(m), day=day)]


@rule("wd=wd the? day=ord")
def weekday_the(m: Match) -> list[Draft]:
    """Read "Friday the 13th": the nearest such day on the side that the words tell."""
    now, number, wanted = m.state.now, m.number("day") or 0, m.number("wd") or 0
    digits = m.tokens.raw(m.span("day")[0])[:1].isdigit()  # "on Tuesday the first car" is no date
    if now is None or not digits or m.kind(m.end) in (KINDS["mo"], KINDS["of"], KINDS["unit"]):
        return []
    ahead = m.side() is Side.FUTURE
    for step in range(15):
        first = cal.add_months(now.replace(day=1), step if ahead else -step)
        day = cal.make_date(first.year, first.month, number) if first else None
        if day is not None and day.weekday() == wanted and (day >= now if ahead else day <= now):
            return [m.draft(cal.day_value(day), day=day)]
    return []


@rule("count=NUMBER wd=wds ago")
def weekdays_ago(m: Match) -> list[Draft]:
    """Read "two Sundays ago": the second one back."""
    last = resolve.relative_weekday(m.state.now, m.number("wd") or 0, "last")
    day = cal.add_days(last, -7 * ((m.number("count") or 1) - 1)) if (m.number("count") or 0) < 100 else None
    return [m.draft(cal.day_value(day), day=day)] if day is not None else [m.draft("PAST_REF")]


@rule(
    "the? n=(ord | second | last | final) wd=wd (of | in) month=MONTH dot? (comma? year=YEAR)?",
    "the? n=(ord | second | last | final) wd=wd (of | in) each=each unit",
)
def nth_weekday(m: Match) -> list[Draft]:
    """Read "the second Tuesday in November", "the last Friday of every month"."""
    if m.has("each"):
        return [m.draft("P1M" if m.tokens.words[m.end - 1] == "month" else "P1Y", "SET")]
    nth = -1 if m.word("n") in ("last", "final") else m.number("n") or 0
    month, number = m.number("month") or 0, m.number("wd") or 0
    year = year_of(m) or resolve.month_year(m.state, month, m.side(), m.start)
    if year is None or not (nth == -1 or 1 <= nth <= 5):
        return []
    day = cal.nth_weekday(year, month, number, nth)
    return [m.draft(cal.day_value(day), day=day)] if day else []


def _short_weekday(m: Match, start: int) -> bool:
    """Whether "Sat" or "Wed" is a day: after a word that asks for one. "Sun" alone never is."""
    before = m.tokens.words[start - 1] if start else ""
    asks = before in ("on", "last", "next", "this", "until", "by", "since", "late", "early")
    return asks and m.tokens.words[start] != "sun"
