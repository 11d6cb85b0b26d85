"""Days of a month, in words and in digits, and ranges of them."""

from __future__ import annotations

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._reading import YEAR_CUES, ends, is_verb, related_year, year_of
from tocsin.extraction.times._state import Draft, Match
from tocsin.extraction.times._tense import Side

BOOK = RuleBook()
rule = BOOK.rule


_ATTACKS = word_set("attack attacks terrorist terror hijackers hijackings")


def _month_day(m: Match, month: int, day: int) -> Draft | None:
    """A day of a month with whatever year the match gives."""
    if not 1 <= day <= cal.days_in_month(2000, month) or is_verb(m):
        return None
    if (month, day) == (9, 11) and not m.has("year") and m.after() in _ATTACKS:
        return m.draft("2001-09-11", day=cal.make_date(2001, 9, 11))
    year = year_of(m)
    known = year if year is not None else related_year(m)
    if known is not None:
        found = cal.make_date(known, month, day)
        if found is None:
            return None
        if year is not None:
            m.state.note_year(year, found, m.end)
    elif m.has("rel"):
        found = None
    elif m.has("wd"):
        number = m.number("wd") or 0
        found = resolve.weekday_agrees(m.state, month, day, number, m.side(), m.start)
    else:
        found = resolve.day_date(m.state, month, day, m.side(), m.start)
    value = cal.day_value(found) if found else f"XXXX-{month:02d}-{day:02d}"
    return m.draft(value, day=found)


@rule(
    "(wd=WEEKDAY comma? the?)? day=DAY of? month=MONTH dot? (comma? year=YEAR | comma? of? rel=RELYEAR unit)?",
    "the day=ord of month=MONTH dot? (comma? year=YEAR)?",
    "(wd=WEEKDAY comma? the?)? day=DAY hyphen month=MONTH hyphen year=YEAR2",
)
def day_month(m: Match) -> list[Draft]:
    """Read "8 November 2022", "Tuesday 8th of November", "8-Nov-22"."""
    draft = _month_day(m, m.number("month") or 0, m.number("day") or 0)
    return [draft] if draft else []


@rule(
    "(wd=WEEKDAY comma?)? month=MONTH dot? the? day=DAY (comma? year=YEAR | comma? of? rel=RELYEAR unit)?",
    "wd=wdab dot? comma? month=MONTH dot? day=DAY (comma? year=YEAR)?",
    "this month=MONTH dot? day=DAY (comma? year=YEAR)?",
)
def month_day(m: Match) -> list[Draft]:
    """Read "Nov. 8, 2022", "Tuesday, November 8th"."""
    day = m.number("day") or 0
    if m.kind(m.span("day")[0]) == KINDS["second"] and m.word("month") == "may":
        return []
    after = m.kind(m.end)
    if (
        not m.has("year")
        and after in (KINDS["percent"], KINDS["units"])
        and m.kind(m.end - 1) == KINDS["num2"]
    ):
        return []
    draft = _month_day(m, m.number("month") or 0, day)
    if draft is not None and m.tokens.words[m.start] == "this":
        draft.start += 1  # a caption's "in this Dec. 13, 2018, file photo"
    return [draft] if draft else []


@rule(
    "(first=DAY TO last=DAY of? month=MONTH dot? (comma? year=YEAR)?)",
    "between first=DAY and last=DAY of? month=MONTH dot? (comma? year=YEAR)?",
)
def days_of_month(m: Match) -> list[Draft]:
    """Read "3-5 November", "between 3 and 5 November 2022"."""
    month, low, high = m.number("month") or 0, m.number("first") or 0, m.number("last") or 0
    if low >= high:
        return []
    last = _month_day(m, month, high)
    if last is None:
        return []
    return _split_days(m, month, low, last, tail=True)


@rule("the? part=part of first=DAY (DASH | slash) last=DAY of? month=MONTH dot? (comma? year=YEAR)?")
def night_between(m: Match) -> list[Draft]:
    """Read "the night of 9-10 July 1944": it is the night of the first day."""
    low, high = m.number("first") or 0, m.number("last") or 0
    last = _month_day(m, m.number("month") or 0, high)
    day = last.day.replace(day=low) if last is not None and last.day is not None and low < high else None
    clock = f"T{m.value('part')}"
    if day is None:
        return []
    draft = m.draft(cal.day_value(day) + clock, "TIME", day=day)
    draft.clock = clock
    return [draft]


@rule(
    "(between | from)? month=MONTH dot? first=DAY (TO | and) last=DAY (comma? year=YEAR)?",
)
def month_days(m: Match) -> list[Draft]:
    """Read "Nov. 8-10", "November 8 to 10, 2022"."""
    month, low, high = m.number("month") or 0, m.number("first") or 0, m.number("last") or 0
    and_ = "and" in m.tokens.words[m.span("first")[1] : m.span("last")[0]]
    if low >= high or m.kind(m.end) in (KINDS["units"], KINDS["percent"]):
        return []
    last = _month_day(m, month, high)
    if last is None:
        return []
    if and_ and m.tokens.words[m.start] != "between":
        return []
    return _split_days(m, month, low, last, tail=False)


def _split_days(m: Match, month: int, low: int, last: Draft, *, tail: bool) -> list[Draft]:
    day = last.day.replace(day=low) if last.day else None
    value = cal.day_value(day) if day else f"XXXX-{month:02d}-{low:02d}"
    begin, end = m.span("first")
    if not tail:
        begin = m.span("month")[0]
    first = Draft(begin, end, "DATE", value, day=day)
    last.start = m.span("last")[0]
    return ends(first, last)


@rule("first=MONTH dot? (TO | and) month=MONTH dot? comma? year=YEAR")
def months_of_year(m: Match) -> list[Draft]:
    """Read "June to August 2010": the first month takes the year of the last."""
    year, low, high = year_of(m), m.number("first") or 0, m.number("month") or 0
    if year is None:
        return []
    begin = year if low <= high else year - 1
    if not 0 < begin <= 9999:
        return []
    first = Draft(*m.span("first"), "DATE", f"{begin:04d}-{low:02d}")
    last = Draft(m.span("month")[0], m.end, "DATE", f"{year:04d}-{high:02d}")
    m.state.note_year(year, cal.make_date(year, high, 1), m.end)
    return ends(first, last)


@rule(
    "first=DAY and last=DAY of? month=MONTH dot? (comma? year=YEAR)?",
    "month=MONTH dot? first=DAY and last=DAY (comma? year=YEAR)?",
)
def two_days(m: Match) -> list[Draft]:
    """Read "8 and 9 November", "Nov. 8 and 9": two days, no range."""
    month, low, high = m.number("month") or 0, m.number("first") or 0, m.number("last") or 0
    month_first = m.span("month")[0] < m.span("first")[0]
    following = m.tokens.raw(m.end) if m.end < len(m.tokens) else ""
    counted = month_first and not m.has("year") and following.islower() and following not in YEAR_CUES
    if low >= high or counted or m.before() == "between":
        return []
    last = _month_day(m, month, high)
    if last is None:
        return []
    both = _split_days(m, month, low, last, tail=not month_first)
    for draft in both:
        draft.begin = draft.until = None
    return both


@rule("on the day=ord")
def day_alone(m: Match) -> list[Draft]:
    """Read "on the 8th", when nothing follows that it could count."""
    number, now = m.number("day") or 0, m.state.now
    if m.kind(m.end) not in ("", KINDS["comma"], KINDS["dot"], KINDS["brk"]) or now is None:
        return []
    if not m.tokens.raw(m.span("day")[0])[0].isdigit() or not 1 <= number <= 31:
        return []
    base = m.state.told(m.start) or now
    months = (0, 1) if m.side() is Side.FUTURE else (0, -1)
    for step in months:
        first = cal.add_months(base.replace(day=1), step)
        day = cal.make_date(first.year, first.month, number) if first else None
        if day is not None and ((day >= now) == (months[1] == 1) or day == now):
            return [Draft(m.start + 1, m.end, "DATE", day.isoformat(), day=day)]
    return []


@rule("iso")
def iso(m: Match) -> list[Draft]:
    """Read "2022-11-08", "2022/11/08", "2022-11-08T09:30Z", "2022-W45", "2022-Q3"."""
    raw = m.tokens.raw(m.start).replace("/", "-").upper()
    if "Q" in raw:
        return [m.draft(f"{raw[:4]}-{raw[-2:]}")]
    if "W" in raw:
        return [m.draft(raw)]
    day = cal.make_date(int(raw[:4]), int(raw[5:7]), int(raw[8:10]))
    if day is None or not raw.isascii():
        return []
    clock = raw[10:]
    draft = m.draft(day.isoformat() + clock, "TIME" if clock else "DATE", day=day)
    draft.clock = clock
    return [draft]


@rule("ndate")
def numeric(m: Match) -> list[Draft]:
    """Read "08/11/2022"."""
    raw = m.tokens.raw(m.start)
    separator = next(c for c in raw if not c.isdigit() and c != " ")
    parts = raw.replace(" ", "").split(separator)
    if not raw.isascii() or (separator != "/" and len(parts[2]) == 2 and separator == "-"):
        return []
    day = resolve.numeric_date(m.state, int(parts[0]), int(parts[1]), int(parts[2]), separator)
    return [m.draft(day.isoformat(), day=day)] if day else []
