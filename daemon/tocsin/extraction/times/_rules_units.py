"""Units: "last week", "three days ago", "the past five years", "the same day", quarters, seasons."""

from __future__ import annotations

from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._durations import count_of, modifier, period, shifted, unit_code, unit_value
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._reading import STEPS, edge, year_of
from tocsin.extraction.times._state import Draft, Match
from tocsin.extraction.times._tense import Side

BOOK = RuleBook()
rule = BOOK.rule

_CLOSING = frozenset({"", *(KINDS[name] for name in ("comma", "dot", "brk", "stop", "and"))})
_REF = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}


@rule(
    "(the? mod=EDGE | mod=EARLY | approx)? rel=(last | this | next | coming | past | current | previous) (coming | past)?"
    " fiscal? unit=unit",
    "(the mod=EDGE | mod=EARLY)? the rel=(current | coming) fiscal? unit=unit",
    "the? rel=this very? unit=unit",
    "rel=(last | this | next) unit=playing",
)
def this_unit(m: Match) -> list[Draft]:
    """Read "last week", "early next year", "the end of this month"."""
    unit, word = unit_code(m), m.word("rel")
    if not unit or unit in ("TM", "TS", "ML"):
        return []
    words = m.tokens.words[m.start : m.end]
    step = STEPS.get(word, 0)
    if word == "this" and "past" in words:
        step = -1
    if unit == "TH":
        return [m.draft("PRESENT_REF")] if word == "this" else []
    if unit == "D":
        return _this_day(m)
    now = m.state.now
    if now is None:
        return [m.draft(_REF[step])]
    value, _ = _weekend(m, step) if unit == "WE" else unit_value(now, unit, step)
    return [m.draft(value, mod=edge(m))]


def _this_day(m: Match) -> list[Draft]:
    """Read "this day"; "last day" and "next day" need an article and are read elsewhere."""
    if m.word("rel") != "this" or m.state.now is None:
        return []
    return [m.draft(cal.day_value(m.state.now), day=m.state.now)]


def _weekend(m: Match, step: int) -> tuple[str, None]:
    now = m.state.now
    if now is None:
        return "XXXX-WXX-WE", None
    if step == -1 and now.weekday() < 5:
        return cal.week_value(cal.add_days(now, -7)) + "-WE", None
    return cal.week_value(cal.add_days(now, 7 * max(step, 0) if step >= 0 else -7)) + "-WE", None


@rule("the unit=unit")
def the_weekend(m: Match) -> list[Draft]:
    """Read "the weekend": the last one, or the coming one after a verb that looks ahead."""
    if unit_code(m) != "WE" or (m.after() in ("'s", "’s") and m.state.now is None):
        return []
    now = m.state.now
    if now is None:
        return [m.draft("XXXX-WXX-WE")]
    ahead = m.side() is Side.FUTURE or now.weekday() >= 5
    return [m.draft(cal.week_value(now if ahead else cal.add_days(now, -7)) + "-WE")]


@rule(
    "the rel=(last | past | previous | next | following | coming) unit=unit",
    "the rel=same unit=unit",
    "mod=EARLY? rel=that same? unit=unit",
    "the unit=unit rel=(before | after | previous | prior)",
    "the rel=(next | following | previous) fiscal? unit=unit",
)
def told_unit(m: Match) -> list[Draft]:
    """Read "the same day", "that week", "the following month": counted from the story's date."""
    unit, word = unit_code(m), m.word("rel")
    if unit in ("", "TH", "TM", "TS", "WE", "ML") or _has_complement(m, word):
        return []
    if word in ("past", "last"):
        return _past_unit(m, unit)
    step = {"previous": -1, "before": -1, "prior": -1, "same": 0, "that": 0}.get(word, 1)
    if unit == "DE" and step > 0:
        return [m.draft(period(1, unit), "DURATION")]
    base = m.state.narrative(m.start, unit)
    if base is None and (step < 0 or (word == "next" and unit != "D")):
        base = m.state.base
    value, day = unit_value(base, unit, step)
    return [m.draft(value, mod=edge(m), day=day)]


def _has_complement(m: Match, word: str) -> bool:
    """Whether "before", "after" or "prior" goes on: "the day before the vote" is another matter."""
    if word == "prior":
        return m.after() == "to"
    if word not in ("before", "after"):
        return False
    return m.kind(m.end) not in _CLOSING and (m.kind(m.end) != KINDS["other"] or word == "after")


def _past_unit(m: Match, unit: str) -> list[Draft]:
    """Read "the last week" and "the past year" as dates, "the past decade" as a duration."""
    if unit == "D" or m.state.now is None:
        return []
    if unit in ("DE", "CE"):
        return [m.draft(period(1, unit), "DURATION")]
    return [m.draft(unit_value(m.state.now, unit, -1)[0])]


@rule(
    "approx=APPROX? count=(NUMBER | VAGUE | a | half a) hyphen? ADJ? unit=(UNIT | UNITS) (and a half)? how=(ago | earlier | later | from now)",
    "approx=APPROX? count=a ADJ? unit=UNIT (and a half)? (or so | or more) how=(ago | earlier | later)",
    "approx=APPROX? count=(NUMBER | VAGUE | a) unit=(UNIT | UNITS) how=(before | after | previous | prior)",
    "unit=UNITS how=(ago | earlier | later)",
)
def shifted_unit(m: Match) -> list[Draft]:
    """Read "two days ago" from publication; "two days earlier", "a week later" from the story's date."""
    unit, how = unit_code(m), m.word("how")
    if _measures(m, how):
        draft = m.draft(period(count_of(m), unit), "DURATION", modifier(m))
        draft.end -= 1
        return [draft]
    count = count_of(m) if m.has("count") else None
    ahead = how in ("later", "from", "after")
    base = m.state.now if how in ("ago", "from") else m.state.told(m.start, unit)
    if not count or base is None:
        if how == "later" and m.side() is not Side.FUTURE:
            ahead = False  # "days later the roof fell in"
        return [m.draft("FUTURE_REF" if ahead else "PAST_REF")]
    if "half" in m.tokens.words[m.span("unit")[1] : m.end]:
        count += 0.5
    compared = (
        m.state.compared(m.start) if unit == "Y" and count == 1 and not ahead and not m.has("approx") else ""
    )
    value, day = (compared, None) if compared else shifted(base, count if ahead else -count, unit)
    draft = m.draft(value, mod=modifier(m), day=day)
    if m.word("approx") == "over" and m.before().startswith(("took", "tak")):
        draft.start, draft.mod = draft.start + 1, None  # "took over two years ago"
    return [draft] if value and value[0] != "X" else []


def _measures(m: Match, how: str) -> bool:
    """Whether "two days before/after/later than" something follows: a duration, not a date."""
    if how in ("before", "after"):
        return m.kind(m.end) not in _CLOSING - {KINDS["and"]}
    return (how in ("prior", "previous") and m.after() == "to") or (
        how in ("earlier", "later") and m.after() == "than"
    )


@rule(
    "in approx=APPROX? count=(NUMBER | a) unit=(UNIT | UNITS) apos? time",
    "count=(NUMBER | a) unit=(UNIT | UNITS) apos time",
)
def in_time(m: Match) -> list[Draft]:
    """Read "in two weeks' time"."""
    value, day = shifted(m.state.now, count_of(m) or 1, unit_code(m))
    if m.state.now is None or not value:
        return [m.draft("FUTURE_REF")]
    draft = m.draft(value, day=day)
    draft.start += m.tokens.words[m.start] == "in"
    return [draft]


# ---- quarters, halves, seasons


@rule(
    "(the | poss_pron)? fiscal? hyphen? (of)? n=(ord | second | final) hyphen? fiscal? quarter (of | in | comma)? fiscal? (year=YEAR | rel=RELYEAR fiscal? unit)?",
    "(the | poss_pron)? fiscal hyphen? n=(ord | second | final) hyphen? quarter",
    "n=qnum (of | comma)? year=(YEAR | fyear)",
    "year=(year4 | fyear) n=qnum",
    "n=qnum",
    "(the)? year=year4 n=(ord | second | final) hyphen? quarter",
    "rel=RELYEAR unit poss n=(ord | second | final) hyphen? quarter",
    "(the)? n=(ord | second | final) quarter of the unit",
)
def quarter(m: Match) -> list[Draft]:
    """Read "the third quarter of 2022", "this year's first quarter", "fourth-quarter"."""
    number = 4 if m.word("n") == "final" else m.number("n") or 0
    now = m.state.now
    if not 1 <= number <= 4 or _of_a_game(m):
        return []
    year = year_of(m)
    if year is not None:
        m.state.note_year(year, cal.make_date(year, number * 3 - 2, 1), m.end)
    elif now is not None and m.has("rel"):
        year = now.year + STEPS.get(m.word("rel"), 0)
    elif now is not None:
        year = _quarter_year(now, number, m.side())
    return [m.draft(f"{cal.year_value(year)}-Q{number}")]


_GAME = word_set(
    "touchdown touchdowns yards yard quarterback halftime kickoff rebounds playoff playoffs offense defense fumble"
    " interception tackle coach scored pointer basket"
)


def _of_a_game(m: Match) -> bool:
    """Whether the quarter is one of a football or basketball game."""
    if m.has("year") or m.has("rel"):
        return False
    return not _GAME.isdisjoint(m.tokens.words[max(0, m.start - 20) : m.end + 20])


def _quarter_year(now: date, number: int, direction: Side) -> int:
    """The year of a bare quarter: of the coming one this year's, of later ones last year's unless it is ahead."""
    current = cal.quarter_of(now)
    if direction is Side.FUTURE:
        return now.year + (number < current)
    return now.year - (number > current + 1)


@rule(
    "(the)? rel=(last | this | next | current | previous | latest | coming) fiscal? quarter",
    "the rel=same quarter",
)
def relative_quarter(m: Match) -> list[Draft]:
    """Read "last quarter", "the current quarter"."""
    step = STEPS.get(m.word("rel"), 0)
    return [m.draft(cal.quarter_value(cal.add_months(m.state.now, 3 * step)))]


@rule(
    "(the)? n=(ord | second | last) half of (year=YEAR | rel=RELYEAR unit | the unit)",
    "(the)? n=(ord | second) half (year=YEAR)",
    "n=hnum year=YEAR",
)
def half_year(m: Match) -> list[Draft]:
    """Read "the first half of 2009"."""
    number = 2 if m.word("n") == "last" else m.number("n") or 0
    year, now = year_of(m), m.state.now
    if number not in (1, 2) or (year is None and m.tokens.words[m.end - 1] != "year"):
        return []
    if year is None and now is not None:
        year = now.year + STEPS.get(m.word("rel"), 0)
    return [m.draft(f"{cal.year_value(year)}-H{number}")]


_TOLD_SEASON = {"that": 0, "same": 0, "following": 1, "previous": -1}


def _told_season(m: Match, code: str, step: int) -> int | None:
    """The year of "that summer", "the following spring": counted from the story's date."""
    told = m.state.told(m.start, "Y")
    if told is None or not step:
        return None if told is None else told.year
    month = cal.SEASON_MONTHS[code]
    return told.year + (step if (month - told.month) * step <= 0 else 0)


_BEFORE_SEASON = word_set("in by since until till during for over through throughout before after from of")


@rule(
    "(the? mod=EDGE the? | mod=EARLY)? the? season of? (year=YEAR ((DASH | slash) (num2 | year4))? | rel=RELYEAR unit)",
    "(mod=EARLY)? rel=(last | this | next | past | coming) past? season",
    "rel=that same? season",
    "the rel=(following | previous | same) season",
    "(mod=EARLY | the mod=EDGE the?) season",
    "the mod=EARLY? season",
    "season",
)
def season(m: Match) -> list[Draft]:
    """Read "the summer of 2021", "last winter", "in spring"."""
    at = next(k for k in range(m.start, m.end) if m.kind(k) == KINDS["season"])
    code, word = str(m.tokens.values[at]), m.tokens.words[at]
    bare = not (m.has("year") or m.has("rel") or m.has("mod"))
    if bare and not (m.before() in _BEFORE_SEASON and (word != "fall" or m.words("") or m.start < at)):
        return []
    if bare and word in ("fall", "spring") and m.kind(m.end) == KINDS["of"]:
        return []
    year, now = year_of(m), m.state.now
    relation = m.word("rel")
    if year is None and relation in _TOLD_SEASON:
        year = _told_season(m, code, _TOLD_SEASON[relation])
    elif year is None and m.state.past is not None and not relation:
        year = resolve.story_year(m.state, cal.SEASON_MONTHS[code])
    elif year is None and now is not None:
        current, _ = cal.season_of(now)
        ahead = cal.SEASON_MONTHS[code] > now.month
        running = cal.season_of(now)[1] == code
        year = current if running else now.year
        if m.tokens.words[m.end - 1] == "year" and relation:
            year = now.year + STEPS.get(relation, 0)
        elif relation in ("last", "past"):
            year = current - 1 if running else now.year - ahead
        elif relation in ("next", "coming"):
            year = current + 1 if running else now.year + (not ahead)
        elif not relation and not running:
            past = m.side() is not Side.FUTURE
            year = now.year - 1 if past and ahead else now.year + (not past and not ahead)
    return [m.draft(f"{cal.year_value(year)}-{code}", mod=edge(m))]


@rule(
    "(the | a) n=(ord | second | last | final) (whole | ADJ)? unit=unit (of | in) (month=MONTH | this unit) (comma? year=YEAR)?",
)
def nth_of(m: Match) -> list[Draft]:
    """Read "the first week of March", "the last day of November"."""
    unit, month = unit_code(m), m.number("month")
    number = -1 if m.word("n") in ("last", "final") else m.number("n") or 0
    if month is None or unit not in ("D", "W", "WE"):
        return []
    year = year_of(m) or resolve.month_year(m.state, month, m.side(), m.start)
    if year is None or not 0 < year <= 9999:
        return []
    last = cal.days_in_month(year, month)
    if unit == "D":
        day = cal.make_date(year, month, last if number == -1 else number)
        return [m.draft(cal.day_value(day), day=day)] if day else []
    if unit == "WE":
        base = cal.nth_weekday(year, month, 5, number)
        return [m.draft(cal.week_value(base) + "-WE")] if base else []
    base = cal.make_date(year, month, last if number == -1 else min(7 * number - 3, last))
    if base is not None and number == -1 and base.weekday() < 3:  # most of that week is in the next month
        base = cal.add_days(base, -7)
    return [m.draft(cal.week_value(base))]


_ENDED = frozenset({KINDS["ended"], KINDS["ending"]})
_BEFORE_UNIT = word_set(
    "of for in during on over since from through throughout to end ended ending finish finished finishing close closed"
    " closing began begin begun started start opened and . ,"
) | {"", "\n"}


@rule(
    "mod=(early | late | earlier | later) in the unit=(unit | quarter)",
    "the fiscal? unit=(unit | quarter)",
    "the whole unit=unit",
)
def the_unit(m: Match) -> list[Draft]:
    """Read "for the day", "of the year", "during the quarter": the story's own unit."""
    unit = unit_code(m)
    whole = m.tokens.words[m.start + 1] in ("entire", "whole", "full")
    if unit not in ("D", "W", "M", "Y", "Q") or m.after() in ("-", "of", "when", "that", "after", "before"):
        return []
    if not whole and not m.has("mod") and m.before() not in _BEFORE_UNIT:
        return []
    if m.kind(m.end) in _ENDED and unit != "D":
        return [m.draft(period(1, unit), "DURATION")]  # "the year ended Jan. 31"
    base = m.state.told(m.start) if unit == "D" else m.state.base
    if unit == "Q":
        base = m.state.quarter(m.start)
    elif whole and unit != "D":
        base = m.state.narrative(m.start, unit) or base
    if base is None:
        return []
    value, day = unit_value(base, unit, 0)
    return [m.draft(value, day=day)]
