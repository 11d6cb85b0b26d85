"""What the reading of one text carries along: the anchor, the story's own date, the tokens at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._tense import Side, ends_sentence, side
from tocsin.extraction.times._tokens import Tokens
from tocsin.extraction.times._types import Anchor

# countries that write the month first in 03/04/2022; alpha-3 and alpha-2
_MONTH_FIRST = frozenset(
    {"USA", "US", "PHL", "PH", "FSM", "FM", "MHL", "MH", "PLW", "PW", "BLZ", "BZ", "CAN", "CA"}
)
_NARRATIVE_REACH = 120  # tokens after which a story's date is no longer "the same day"


@dataclass(slots=True)
class Draft:
    """An expression over tokens `start` to `end` (exclusive) before it becomes a `Timex`.

    `clock` is the part of a value from the T on, for expressions that name a time of day; `day` the calendar
    day when one is known. `bare` is true for a time of day that still looks for its date.
    """

    start: int
    end: int
    type: str
    value: str
    mod: str | None = None
    clock: str = ""
    day: date | None = None
    bare: bool = False
    begin: str | None = None
    until: str | None = None
    dated: bool = True  # whether a time of day without a date belongs to the story's day
    anchors: bool = True  # whether it can become the story's date


@dataclass(slots=True)
class State:
    """Anchor and context of one text; updated as expressions are read in order."""

    anchor: Anchor
    tokens: Tokens
    now: date | None = None
    moment: datetime | None = None
    month_first: bool = False
    story: date | None = None  # the last day, month or year named
    story_unit: str = "D"
    story_at: int = -(10**9)
    day: date | None = None  # the last day named
    day_at: int = -(10**9)
    year: int | None = None  # the last year written out
    year_at: int = -(10**9)
    year_day: date | None = None

    @classmethod
    def of(cls, anchor: Anchor, tokens: Tokens) -> State:
        """A state at the beginning of a text."""
        country = (anchor.country or "").upper()
        return cls(anchor, tokens, anchor.day, anchor.moment, country in _MONTH_FIRST)

    def next_chunk(self, tokens: Tokens) -> None:
        """Go on with the tokens of the next piece of the same text."""
        moved = len(self.tokens)
        self.tokens = tokens
        self.story_at -= moved
        self.day_at -= moved
        self.year_at -= moved

    def side(self, start: int, end: int) -> Side:
        """Past or future of an expression, from the words around it."""
        return side(self.tokens, start, end)

    def narrative(self, at: int, unit: str = "D") -> date | None:
        """The last date named near `at`, for days the last day; None when there is none."""
        date_, named_at = (self.day, self.day_at) if unit in _DAYS else (self.story, self.story_at)
        return date_ if date_ is not None and at - named_at <= _NARRATIVE_REACH else None

    def told(self, at: int, unit: str = "D") -> date | None:
        """The story's date for an expression at token `at`: the last one named, else publication."""
        return self.narrative(at, unit) or self.now

    def compared(self, at: int) -> str:
        """The month or quarter the story just spoke of, a year before; empty when it spoke of none."""
        if self.story is None or self.story_unit not in ("M", "Q") or at - self.story_at > 40:
            return ""
        before = cal.add_months(self.story, -12)
        return cal.month_value(before) if self.story_unit == "M" else cal.quarter_value(before)

    def quarter(self, at: int) -> date | None:
        """A day in "the quarter": the one spoken of, else the last one that results can be known of."""
        if self.story is not None and self.story_unit == "Q" and at - self.story_at <= _NARRATIVE_REACH:
            return self.story
        return cal.add_days(self.now, -60)

    def day_near(self, at: int) -> date | None:
        """The day of a time of day without a date: the story's last day when it is close, else publication."""
        return self.day if self.day is not None and at - self.day_at <= 40 else self.now

    def note(self, draft: Draft) -> None:
        """Remember what the expression dated."""
        if draft.type not in ("DATE", "TIME") or not draft.anchors:
            return
        if draft.day is not None:
            self.story, self.story_unit, self.story_at = draft.day, "D", draft.end
            self.day, self.day_at = draft.day, draft.end
            return
        found = _UNIT_VALUE.fullmatch(draft.value)
        if found is None:
            return
        season = cal.SEASON_MONTHS.get(found[4] or "", 1)
        month = int(found[2]) if found[2] else int(found[3]) * 3 - 2 if found[3] else season
        day = cal.make_date(int(found[1]), month, 1)
        if day is not None:
            self.story, self.story_at = day, draft.end
            self.story_unit = "M" if found[2] else "Q" if found[3] else "Y"

    def note_year(self, year: int, day: date | None, at: int) -> None:
        """Remember a year that was written out: it may hold for the months that follow."""
        self.year, self.year_at, self.year_day = year, at, day

    def near_year(self, at: int) -> int | None:
        """A past year written out in this sentence or the one before."""
        if self.year is None or self.now is None or self.year >= self.now.year or at - self.year_at > 60:
            return None
        stops = [k for k in range(max(0, self.year_at), at) if ends_sentence(self.tokens, k)]
        same = not stops or (len(stops) == 1 and at - stops[0] <= 4)
        return self.year if same else None


_DAYS = frozenset({"D", "N", "TH", "TM", "TS"})
_UNIT_VALUE = re.compile(r"(\d{4})(?:-(\d\d)|-Q(\d)|-(SP|SU|FA|WI))?")


@dataclass(slots=True)
class Match:
    """A rule's match: token spans of its groups and their values."""

    state: State
    tokens: Tokens
    found: re.Match[str]
    groups: dict[str, list[str]]
    start: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        self.start, self.end = self.found.span()

    def has(self, name: str) -> bool:
        """Whether the group took part."""
        return self.span(name)[0] >= 0

    def span(self, name: str) -> tuple[int, int]:
        """Token span of a group; (-1, -1) when it took no part."""
        for alias in self.groups.get(name, ()):
            span = self.found.span(alias)
            if span[0] >= 0:
                return span
        return -1, -1

    def value(self, name: str) -> object:
        """The value of a group's first token that has one."""
        start, end = self.span(name)
        return next((v for v in self.tokens.values[start:end] if v is not None), None) if start >= 0 else None

    def number(self, name: str) -> int | None:
        """The value as a whole number."""
        value = self.value(name)
        return int(value) if isinstance(value, (int, float)) else None

    def word(self, name: str) -> str:
        """The group's first word, lower case; empty when it took no part."""
        start, _ = self.span(name)
        return self.tokens.words[start] if start >= 0 else ""

    def words(self, name: str) -> list[str]:
        """The group's words, lower case."""
        start, end = self.span(name)
        return self.tokens.words[start:end] if start >= 0 else []

    def before(self, steps: int = 1) -> str:
        """The word `steps` before the match."""
        at = self.start - steps
        return self.tokens.words[at] if at >= 0 else ""

    def local_time(self) -> bool:
        """Whether "local time" follows: the day is counted where it happened, not where it is told."""
        return any((self.after(n), self.after(n + 1)) == ("local", "time") for n in range(3))

    def after(self, steps: int = 0) -> str:
        """The word `steps` after the match."""
        at = self.end + steps
        return self.tokens.words[at] if at < len(self.tokens) else ""

    def kind(self, at: int) -> str:
        """The kind character of a token, empty outside the text."""
        return self.tokens.kinds[at] if 0 <= at < len(self.tokens) else ""

    def side(self) -> Side:
        """Past or future, from the words around the match."""
        return self.state.side(self.start, self.end)

    def draft(self, value: str, kind: str = "DATE", mod: str | None = None, day: date | None = None) -> Draft:
        """A draft over the whole match."""
        return Draft(self.start, self.end, kind, value, mod, day=day)
