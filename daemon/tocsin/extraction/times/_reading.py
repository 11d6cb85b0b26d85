"""What several rules read in the same way: written years, "this/last/next", the edges of a unit."""

from __future__ import annotations

from tocsin.extraction.times import _lexicon as lex
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._state import Draft, Match

YEAR_CUES = word_set(
    "in since of by until till from to between and during early late mid through before after the year for"
    " summer winter spring autumn fall back around about circa like than or end fiscal"
)
STEPS = {"last": -1, "past": -1, "previous": -1, "latest": -1, "next": 1, "coming": 1, "following": 1}


def year_of(m: Match, name: str = "year") -> int | None:
    """The year a group writes out."""
    number = m.number(name)
    return None if number is None else resolve.full_year(number)


def related_year(m: Match) -> int | None:
    """The year of "this/last/next year" in a match, None without one."""
    if m.state.now is None or not m.has("rel"):
        return None
    return m.state.now.year + STEPS.get(m.word("rel"), 0)


def is_verb(m: Match) -> bool:
    """Whether "may" or "march" is the verb: small letters in a text that has capitals, and no year or weekday."""
    at = m.span("month")[0]
    if m.tokens.raw(at) not in ("may", "march", "mar") or m.has("year") or m.has("wd"):
        return False
    start = m.tokens.starts[at]
    near = m.tokens.text[max(0, start - 200) : start + 200]
    return not near.islower()


def edge(m: Match) -> str | None:
    """START, MID or END of the words before a unit."""
    for word in m.words("mod"):
        if word in lex.EDGES:
            return lex.EDGES[word]
    return None


def ends(first: Draft | None, last: Draft | None) -> list[Draft]:
    """Both ends of a range, each knowing the other."""
    if first is None or last is None:
        return []
    for draft in (first, last):
        draft.begin, draft.until = first.value, last.value
    return [first, last]
