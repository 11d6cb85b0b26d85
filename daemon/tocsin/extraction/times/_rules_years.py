"""Years, decades, centuries, holidays."""

from __future__ import annotations

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._reading import YEAR_CUES, edge, ends, year_of
from tocsin.extraction.times._state import Draft, Match
from tocsin.extraction.times._tense import Side, ends_sentence

BOOK = RuleBook()
rule = BOOK.rule


@rule(
    "the? mod=EDGE year=YEAR",
    "(the unit | unit) year=YEAR",
    "mod=EARLY year=YEAR",
    "year=YEAR",
    "the? fiscal unit? year=YEAR",
    "year=fyear",
    "the year=YEAR (fiscal | calendar) unit",
    "calendar unit? year=YEAR",
)
def year_alone(m: Match) -> list[Draft]:
    """Read "2008", "the end of 1990", "mid-2011", "fiscal 2023"."""
    year = year_of(m)
    start, _ = m.span("year")
    if year is None or not _is_year(m, start, year):
        return []
    if m.kind(m.start) == KINDS["unit"] and m.tokens.words[m.start] != "year":
        return []
    if m.before() == "in" and (m.start < 2 or ends_sentence(m.tokens, m.start - 2)):
        m.state.note_year(year, None, m.end)
    return [m.draft(f"{year:04d}", mod=edge(m))]


_MODELS = word_set("room flight boeing area windows office unit resolution no")
_NO_YEAR_AFTER = frozenset(KINDS[name] for name in ("money", "slash"))
_NO_YEAR_BEFORE = frozenset(KINDS[name] for name in ("percent", "units", "slash", "unit", "zone"))
_COUNTED = word_set(
    "index people percent per troops men women children dead jobs barrels tons kilometers metres meters"
)


def _is_year(m: Match, at: int, year: int) -> bool:
    """Whether the number is a year and not a count, a model or a sum."""
    kind, following = m.kind(at), m.kind(at + 1)
    if kind == KINDS["yy"]:
        return following != KINDS["apos"]
    if kind != KINDS["year4"]:
        return kind == KINDS["fyear"] or 1100 <= year <= 2100
    before = m.tokens.words[at - 1] if at else ""
    cued = before in YEAR_CUES
    if not 1700 <= year <= 2100 and not (
        1000 <= year < 1700 and before in ("in", "since", "of", "by", "from")
    ):
        return False
    glued = before in (".", ":") and m.tokens.starts[at] == m.tokens.ends[at - 1]
    if glued or m.kind(at - 1) in _NO_YEAR_AFTER or following in _NO_YEAR_BEFORE:
        return False
    if following == KINDS["hyphen"] and m.kind(at + 2) in (KINDS["unit"], KINDS["other"]):
        return cued
    return _no_count(m, at, before, cued=cued)


def _no_count(m: Match, at: int, before: str, *, cued: bool) -> bool:
    """Whether what follows is not counted: "2022 troops", "the Russell 2000 index", "Flight 1904"."""
    after = m.tokens.words[at + 1] if at + 1 < len(m.tokens) else ""
    if after in _COUNTED or (not cued and before in _MODELS):
        return False
    plural = after.endswith("s") and not cued and m.tokens.raw(at + 1).islower()
    return not plural or after in ("is", "was", "has") or before in ("(", ",")


@rule("year=(num2 | num | year4) era=(bc | ad)", "era=ad year=(num2 | num | year4)")
def year_of_era(m: Match) -> list[Draft]:
    """Read "264 BC", "AD 79"; TIDES writes years before Christ with BC before four digits."""
    year, at = m.number("year") or 0, m.span("era")[0]
    if not 0 < year <= 9999 or not m.tokens.raw(at).isupper() or float(str(m.value("year"))) != year:
        return []
    return [m.draft(("BC" if m.kind(at) == KINDS["bc"] else "") + f"{year:04d}")]


@rule("first=year4 (TO | and) last=(year4 | num2)", "first=year4 slash last=(num2 | year4)")
def year_range(m: Match) -> list[Draft]:
    """Read "2009-2011", "from 2009 to 2011", "2010/11", and the month of "2022-03"."""
    first, last = m.number("first") or 0, m.number("last") or 0
    words = m.tokens.words[m.span("first")[1] : m.span("last")[0]]
    if not 1700 <= first <= 2100 or m.kind(m.start - 1) == KINDS["money"]:
        return []
    if last < 100:
        glued = m.tokens.ends[m.end - 1] - m.tokens.starts[m.start] == 7
        if not glued or len(m.tokens.raw(m.end - 1)) != 2 or m.kind(m.end) == KINDS["hyphen"]:
            return []
        if 1 <= last <= 12 and last <= first % 100 and words == ["-"]:
            return [m.draft(f"{first:04d}-{last:02d}")]
        last += first - first % 100
    if not first < last <= 2100 or ("and" in words and m.before() != "between"):
        return []
    begin, until = m.span("first"), m.span("last")
    return ends(Draft(*begin, "DATE", f"{first:04d}"), Draft(*until, "DATE", f"{last:04d}"))


@rule("the? mod=(EARLY hyphen? | EDGE the?)? decade")
def decade(m: Match) -> list[Draft]:
    """Read "the 1990s", "the late '80s", "the nineties"."""
    raw = m.tokens.raw(m.end - 1)
    digits = "".join(c for c in raw if c.isdigit() and c.isascii())
    number = int(digits) if digits else m.tokens.values[m.end - 1]
    if not isinstance(number, int) or (number >= 100 and not 1000 <= number <= 2100):
        return []
    if number < 100:
        quoted = raw[0] in "'’‘`" or not digits
        temporal = m.tokens.words[m.start] in ("the", "early", "late", "mid")
        listed = m.before() in ("and", "or", "to") and m.kind(m.start - 2) == KINDS["decade"]
        if number < 20 or not (quoted or temporal or listed) or m.before() in ("his", "her", "their"):
            return []
        number += 1900
    return [
        m.draft(
            cal.century_value(number) if number % 100 == 0 and number < 1900 else cal.decade_value(number),
            mod=edge(m),
        )
    ]


@rule("the? mod=(EARLY hyphen? | EDGE the?)? n=(ord | second) hyphen? unit era=bc?")
def century(m: Match) -> list[Draft]:
    """Read "the 20th century", "the early 19th century"."""
    number = m.number("n") or 0
    following = m.tokens.raw(m.end)[:1] if m.end < len(m.tokens) else ""
    name = m.tokens.raw(m.end - 1) == "Century" and following.isupper()
    before = m.has("era")
    if m.tokens.words[m.end - 1 - before] != "century" or name or not 1 <= number <= 30:
        return []
    return [m.draft(("BC" if before else "") + f"{number - 1:02d}", mod=edge(m))]


@rule(
    "(mod=EARLY)? holiday (comma? year=YEAR)?",
    "rel=(last | this | next | coming) holiday",
)
def holiday(m: Match) -> list[Draft]:
    """Read "Christmas Eve", "New Year's Day 2023", "last Thanksgiving"."""
    spec = str(
        next(
            v
            for v, k in zip(m.tokens.values[m.start : m.end], m.found.group(), strict=False)
            if k == KINDS["holiday"]
        )
    )
    year, word = year_of(m), m.word("rel")
    if year is not None:
        day = resolve.holiday(year, spec)
    elif word in ("last", "next", "coming"):
        day = resolve.holiday_near(m.state, spec, Side.PAST if word == "last" else Side.FUTURE)
    else:
        day = resolve.holiday_near(m.state, spec, m.side())
    fallback = f"XXXX-{spec}" if spec[0].isdigit() else cal.UNKNOWN_DAY
    return [m.draft(cal.day_value(day) if day else fallback, day=day)]


@rule("fixed")
def fixed(m: Match) -> list[Draft]:
    """Read "9/11"."""
    value = str(m.tokens.values[m.start])
    after = m.after()
    if m.tokens.words[m.start] == "9 / 11" and (
        after == "of" or m.tokens.ends[m.start] - m.tokens.starts[m.start] > 4
    ):
        return []
    draft = m.draft(value)
    draft.anchors = False
    return [draft]
