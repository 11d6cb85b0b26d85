"""What the reading of one text carries along: the anchor, the story's own date, the tokens at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._tense import Side, ends_sentence, side
from tocsin.extraction.times._tokens import Tokens
from tocsin.extraction.times._types import Anchor

# countries that write the month first in 03/04/2022; alpha-3 and alpha-2
_MONTH_FIRST = frozenset(
    {"USA", "US", "PHL", "PH", "FSM", "FM", "MHL", "MH", "PLW", "PW", "BLZ", "BZ", "CAN", "CA"}
)
_NARRATIVE_REACH = 120  # tokens after which a story's date is no longer "the same day"

_HISTORY_REACH = 400  # the same where the story is nothing but dates
_SENTENCES = 3  # sentences over which the year of a full date of long ago carries on
_LATELY = 100  # days from publication: such a day is told from publication


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
    gone: date | None = None  # the last day named that is not ahead of publication
    year: int | None = None  # the last year written out
    year_at: int = -(10**9)
    year_day: date | None = None
    history: bool = False  # the text tells of years gone by
    past: date | None = None  # in such a text: the last date of the story, by its first day
    past_unit: str = "Y"

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
        date_, named_at = (self._last_day(at), self.day_at) if unit in _DAYS else (self.story, self.story_at)
        reach = _HISTORY_REACH if self.history else _NARRATIVE_REACH
        return date_ if date_ is not None and at - named_at <= reach else None

    def _last_day(self, at: int) -> date | None:
        """The last day named; where the words at `at` tell of the past, the last one that is over."""
        ahead = self.day is not None and self.now is not None and self.day > self.now
        return self.gone if ahead and self.gone and self.side(at, at + 1) is Side.PAST else self.day

    def told(self, at: int, unit: str = "D") -> date | None:
        """The story's date for an expression at token `at`: the last one named, else publication."""
        return self.narrative(at, unit) or self.past or self.now

    @property
    def base(self) -> date | None:
        """From where "the year" and "the summer" are counted: the story's date in a history, else publication."""
        return self.past or self.now

    def compared(self, at: int) -> str:
        """The month or quarter the story just spoke of, a year before; empty when it spoke of none."""
        if self.story is None or self.story_unit not in ("M", "Q") or at - self.story_at > 40:
            return ""
        before = self.tokens.words[at - 1] if at else ""
        if self.story_unit == "M" and before not in _COMPARES and not before[:1].isdigit():
            return ""
        then = cal.add_months(self.story, -12)
        return cal.month_value(then) if self.story_unit == "M" else cal.quarter_value(then)

    def quarter(self, at: int) -> date | None:
        """A day in "the quarter": the one spoken of, else the last one that results can be known of."""
        return self.story_quarter(at) or cal.add_days(self.now, -60)

    def story_quarter(self, at: int) -> date | None:
        """A day in the quarter the story spoke of; None when it spoke of none."""
        near = self.story_unit == "Q" and at - self.story_at <= _NARRATIVE_REACH
        return self.story if near else None

    def date_bare(self, draft: Draft) -> None:
        """Give a time of day without a date the story's last day when it is near, else publication's."""
        near = self.day is not None and draft.start - self.day_at <= _NARRATIVE_REACH
        draft.day = self._last_day(draft.start) if near else self.now
        if draft.day is not None and self.now is not None and draft.day > self.now:
            near = self.side(draft.start, draft.end) is not Side.PAST
            draft.day = draft.day if near else self.now
        if near:
            self.day_at = draft.end

    def note(self, draft: Draft) -> None:
        """Remember what the expression dated."""
        if draft.type not in ("DATE", "TIME") or not draft.anchors:
            return
        if draft.day is not None:
            if self._only_told(draft):
                return
            if self.now is None or draft.day <= self.now:
                self.gone = draft.day
            self.story, self.story_unit, self.story_at = draft.day, "D", draft.end
            self.day, self.day_at = draft.day, draft.end
            self._follow_year(draft)
            if self.history and (self.now is None or draft.day < self.now):
                self.past, self.past_unit = draft.day, "D"
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
            if self.history and (found[0] != found[1] or self._comes_to(draft.start)):
                self.past = day
                self.past_unit = "Y" if found[0] == found[1] else "M"

    def _only_told(self, draft: Draft) -> bool:
        """Whether the day is when somebody spoke ("said on Monday") and the story has a day of its own."""
        if self.day is None or self.day == draft.day or draft.start - self.day_at > _TELLING_REACH:
            return False
        words = self.tokens.words
        return not _TELLING.isdisjoint(words[max(self.day_at, draft.start - 3, 0) : draft.start])

    def _comes_to(self, at: int) -> bool:
        """Whether a bare year is where the story has come to, and not a treaty "of 1919"."""
        words = self.tokens.words
        come = words[at] in _EDGED or (at > 0 and words[at - 1] in _COMES)
        return come and "had" not in words[max(0, at - _ASIDE) : at]

    def note_year(self, year: int, day: date | None, at: int) -> None:
        """Remember a year that was written out: it may hold for the months that follow."""
        self.year, self.year_at, self.year_day = year, at, day

    def near_year(self, at: int) -> int | None:
        """A past year written out in this sentence or the one before."""
        if self.year is None or self.now is None or self.year >= self.now.year or at - self.year_at > 60:
            return None
        stops = [k for k in range(max(0, self.year_at), at) if ends_sentence(self.tokens, k)]
        if self.year_day is not None and self.year < self.now.year - 1:
            return self.year if len(stops) <= _SENTENCES else None
        same = not stops or (len(stops) == 1 and at - stops[0] <= 4)
        return self.year if same else None

    def _follow_year(self, draft: Draft) -> None:
        """Carry a written year on over the days told from it; one near publication ends it."""
        if self.year is None or self.now is None or draft.day is None:
            return
        if draft.day.year == self.year:
            self.year_at, self.year_day = draft.end, draft.day
        elif abs((self.now - draft.day).days) < _LATELY:
            self.year = None


_ASIDE = 10  # tokens in which "had" makes a year an aside: "who had lost a battle in 1939"
_TELLING = word_set("said told reported announced confirmed statement reporters wrote tweeted")
_TELLING_REACH = 40  # tokens
_COMPARES = word_set("from than with to of over against as in on percent million billion units the same")
_COMES = word_set("in by during until till throughout around")
_EDGED = word_set("early late mid the")
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
