"""Durations and sets: "three years", "the past five years", "a four-week truce", "every Tuesday", "annual"."""

from __future__ import annotations

from tocsin.extraction.times._durations import count_of, modifier, period, unit_code
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._state import Draft, Match

# what does not measure time: "early years", "opening hours"; abbreviations without a number
_NO_PLURAL = word_set(
    "early old opening man dog business school visiting secs mins hrs yrs weekends nights millennia"
)

# after these "over" says more than: "for over two years"; elsewhere it is during
_BEFORE_OVER = word_set(
    "for in after by with of about took take takes taken last lasted lasts spent waited was is been be were just well"
    " lived worked to than at from every"
)
_YOUNG = word_set("baby boy girl son daughter infant child twins toddler puppy brother sister")
# what is said to be so many years old and is no person or building
_LASTING = word_set(
    "war conflict dispute feud strike siege ban embargo blockade law treaty agreement accord truce ceasefire standoff"
    " sanctions policy regime rule insurgency rebellion uprising revolt crisis campaign struggle tradition alliance"
    " partnership investigation case inquiry lawsuit mystery rivalry row deal pact programme program stalemate"
)
_SOME_DAY = word_set("will would may might could can should 'd ’d 'll ’ll to")
_QUARTER = 0.25
_FRACTIONS = {"half": 0.5, "quarter": _QUARTER}
_BEFORE_VERB = word_set("to will would may might could can should must not 'll ’ll")
_LONG_OLD = frozenset({KINDS["unitlong"], KINDS["unitold"]})

BOOK = RuleBook()
rule = BOOK.rule


@rule(
    "approx=APPROX? (the | a)? count=(NUMBER | VAGUE) hyphen? (ADJ | more)? unit=(UNIT | UNITS) (and a half)? (or so)?",
    "approx=APPROX? count=NUMBER and a half unit=UNITS",
    "approx=APPROX? count=(a | half a) ADJ? unit=UNIT (and a half)? (or so)?",
    "approx=APPROX? count=(a) hyphen? ADJ? unit=UNIT",
    "(the | a) count=NUMBER hyphen unit=(UNIT | second)",
    "approx=APPROX? (the | a) count=NUMBER hyphen unit=UNIT period",
    "count=NUMBER hyphen unit=(UNIT | second)",
    "half (a | hyphen) unit=UNIT",
    "(a | approx=APPROX a?)? half hyphen? unit=(unit | unitold | unitlong)",
    "(a | approx=APPROX a?)? quarter hyphen? (of a)? unit=unit",
    "count=NUMBER (to | or | DASH) NUMBER ADJ? unit=UNITS",
    "(count=NUMBER hyphen?)? unit=(unitlong | unitold)",
    "approx=APPROX? count=NUMBER num2 slash num2 unit=UNITS",
)
def counted(m: Match) -> list[Draft]:
    """Read "three years", "nearly five months", "four-week", "two and a half years"."""
    unit, words = unit_code(m), m.tokens.words[m.start : m.end]
    if m.kind(m.end - 1) in _LONG_OLD:
        return _long_or_old(m, unit)
    fraction = _FRACTIONS.get(next((w for w in words if w in _FRACTIONS), ""))
    count = fraction if fraction and not m.has("count") else count_of(m)
    if fraction == _QUARTER and unit != "CE":  # "a quarter" of an hour is seldom meant
        return []
    plural = m.kind(m.span("unit")[1] - 1) in (KINDS["units"], KINDS["quarters"])
    if not unit or _no_duration(m, unit, count, plural=plural):
        return []
    if count is not None and (words[-4:-1] == ["1", "/", "2"] or ("half" in words[1:] and count >= 1)):
        count += 0.5
    draft = m.draft(period(count, unit), "DURATION", modifier(m))
    if words[0] == "over" and words[1] != "the" and (words[-1] == "period" or m.before() not in _BEFORE_OVER):
        draft.start, draft.mod = draft.start + 1, None  # "paid over eight years": a preposition
    article = m.tokens.words[draft.start] in ("a", "an", "the") and words[-1] != "period"
    if article and m.span("count")[0] > draft.start and ("-" in words or not plural):
        draft.start += 1  # the article belongs to the noun: "a four-week truce"
    return [draft]


def _long_or_old(m: Match, unit: str) -> list[Draft]:
    """Read "week-long", "a three-year-long war", "a two-week-old strike"; the ages of people date nothing."""
    if m.kind(m.end - 1) == KINDS["unitold"]:
        nouns = {m.after(), m.after(1)}
        if not (nouns & _LASTING if unit in ("Y", "DE", "CE") else not nouns & _YOUNG):
            return []
    return [m.draft(period(count_of(m) or 1, unit), "DURATION")]


def _no_duration(m: Match, unit: str, count: float | None, *, plural: bool) -> bool:
    """Fractions ("a quarter"), prices ("$5 a day"), rates, and what only frames a clause ("a day when")."""
    words = m.tokens.words[m.start : m.end]
    if unit in ("Q", "ML") and (not plural or count is None or count > 12):
        return True
    if m.kind(m.start - 1) == KINDS["money"] or (count or 0) > 10_000_000 or count == 0:
        return True
    age = m.after() == "old" and not plural  # "the 36-year old driver"
    if age or (words == ["one", "day"] and m.before() in _SOME_DAY):
        return True
    if words[0] not in ("a", "an") or len(words) != 2:
        return False
    if unit == "W" and m.after() == "of":
        return False
    return m.before() in ("per", "such", "what") or m.after() in ("of", "when", "after", "before")


@rule(
    "(the | these | poss_pron)? rel=SPAN approx=approx? count=(NUMBER | VAGUE) (ADJ | more)? unit=(UNIT | UNITS)",
    "(the | these)? count=NUMBER rel=SPAN unit=UNITS",
    "(the | these)? rel=SPAN count=NUMBER (to | or | DASH) NUMBER unit=UNITS",
)
def spans(m: Match) -> list[Draft]:
    """Read "the past five years", "the next few days"; "to last six weeks" is the verb."""
    if m.word("rel") == "last" and m.tokens.words[m.start] == "last" and m.before() in _BEFORE_VERB:
        return []
    return [m.draft(period(count_of(m), unit_code(m)), "DURATION", modifier(m))]


@rule("(the)? n=(ord | final) count=(NUMBER | VAGUE) unit=UNITS")
def first_units(m: Match) -> list[Draft]:
    """Read "the first nine months"."""
    if m.word("n") not in ("first", "final"):
        return []
    return [m.draft(period(count_of(m), unit_code(m)), "DURATION")]


@rule(
    "the? rel=(recent | past | coming | following) unit=UNITS",
    "the unit=UNITS ahead",
    "rel=latest unit=UNITS",
)
def vague_span(m: Match) -> list[Draft]:
    """Read "recent weeks", "the coming months"."""
    unit, word = unit_code(m), m.word("rel")
    if unit == "Q":
        return []
    if word == "recent":
        return [m.draft(period(None, unit), "DURATION")]
    if word == "past":
        return [m.draft("PAST_REF")]
    if word == "coming" or not word:
        return [m.draft("FUTURE_REF")]
    return [m.draft(period(None, unit), "DURATION")]


@rule("unit=units", "the? unitslong", "while", "the unit=units")
def bare_plural(m: Match) -> list[Draft]:
    """Read "for years", "weeks", "decades-long"."""
    last = m.tokens.words[m.end - 1]
    if m.kind(m.end - 1) == KINDS["while"]:
        return [m.draft("PXM", "DURATION")]
    if m.kind(m.end - 1) == KINDS["unitslong"]:
        return [Draft(m.end - 1, m.end, "DURATION", period(None, str(m.tokens.values[m.end - 1])))]
    unit = unit_code(m)
    if _surname(m):
        return []
    joined = m.kind(m.start - 1) in (KINDS["money"], KINDS["hyphen"], KINDS["poss"])
    if (
        joined
        or m.before() in _NO_PLURAL
        or last in _NO_PLURAL
        or (unit in ("TM", "TS") and (m.after() == "of" or m.kind(m.start - 1) == KINDS["poss_pron"]))
    ):
        return []
    return [m.draft(period(None, unit), "DURATION")]


def _surname(m: Match) -> bool:
    """Whether "Weeks" is a name: capitals on it and on the word before, in a text that has small letters."""
    at = m.start
    if not at or m.kind(at) != KINDS["units"] or m.tokens.ends[at - 1] + 1 != m.tokens.starts[at]:
        return False
    name, first = m.tokens.raw(at), m.tokens.raw(at - 1)
    return name[0].isupper() and first[0].isupper() and not name.isupper()


@rule(
    "each (another | ord | second | NUMBER)? unit=(UNIT | UNITS)",
    "each another? part=(part | weekday)",
    "each wd=WEEKDAY part=part?",
    "each month=MONTH",
    "each season",
    "each wd=WEEKDAY and wd2=WEEKDAY",
)
def every(m: Match) -> list[Draft]:
    """Read "every day", "each July", "every Tuesday", "every two weeks"."""
    if m.has("wd"):
        return [m.draft(_weekly(m), "SET")]
    if m.has("month"):
        return [m.draft(f"XXXX-{m.number('month'):02d}", "SET")]
    if m.has("part"):
        code = m.value("part")
        return [m.draft(f"XXXX-XX-XXT{code}" if code else "P1D", "SET")]
    if m.kind(m.end - 1) == KINDS["season"]:
        return [m.draft(f"XXXX-{m.tokens.values[m.end - 1]}", "SET")]
    words = m.tokens.words[m.start : m.end]
    values = [v for v in m.tokens.values[m.start + 1 : m.end - 1] if isinstance(v, (int, float))]
    count = float(values[0]) if values else 2.0 if "other" in words else 1.0
    unit = unit_code(m)
    if not unit or m.before() == "each":
        return []
    return [m.draft(period(count, unit), "SET")]


def _weekly(m: Match) -> str:
    number = m.number("wd") or 0
    part = m.value("part") if m.has("part") else None
    return f"XXXX-WXX-{number + 1}" + (f"T{part}" if part else "")


@rule("wd=wds", "wd=WEEKDAY part=(parts | units)")
def weekdays(m: Match) -> list[Draft]:
    """Read "Mondays", "Tuesday nights"."""
    number = m.number("wd") or 0
    if not m.has("part"):
        return [m.draft(f"XXXX-WXX-{number + 1}", "SET")]
    code = m.value("part")
    if m.kind(m.span("part")[0]) == KINDS["units"]:
        if code != "N":
            return []
        code = "NI"
    return [m.draft(f"XXXX-WXX-{number + 1}T{code}", "SET")]


@rule(
    "daily",
    "times=(once | twice | NUMBER times | VAGUE times) (a | per | each) unit=unit",
    "often=(NUMBER units) (a | per | each) unit=unit",
    "per unit=unit",
    "amount=(NUMBER | times) rate=(a unit)",
)
def rates(m: Match) -> list[Draft]:
    """Read "annual", "twice a week", "per day"."""
    if m.kind(m.start) == KINDS["daily"]:
        raw = m.tokens.raw(m.start)
        following = m.tokens.raw(m.end) if m.end < len(m.tokens) else ""
        if raw[:1].isupper() and not raw.isupper() and following[:1].isupper():
            return []  # "Daily Mail", "Weekly Standard"
        return [m.draft(str(m.tokens.values[m.start]), "SET")]
    if m.has("rate"):
        unit = str(m.tokens.values[m.end - 1])
        if m.kind(m.start - 1) == KINDS["approx"] or m.kind(m.end) in (
            KINDS["ago"],
            KINDS["earlier"],
            KINDS["later"],
        ):
            return []
        draft = m.draft(period(1, unit), "SET")
        draft.start = m.span("rate")[0]
        return [draft]
    unit = unit_code(m)
    priced = m.has("often") and m.kind(m.start - 1) == KINDS["money"]
    if priced or (m.tokens.words[m.start] == "per" and unit in ("TH", "TM", "TS")):
        return []
    return [m.draft(period(1, unit), "SET")]
