"""A small pattern language over kinds of tokens.

Every token of a text has one kind, every kind one character, so a text is a string of kinds and a pattern a
regular expression over it. Patterns are written with words:

    "(wd=WEEKDAY comma?)? month=MONTH dot? day=DAY (comma? year=YEAR)?"

lower case: one kind; upper case: a class of kinds or a named part, see `CLASSES`; `name=` names a group;
`?` makes optional; `( | )` groups. Nothing repeats without bound, so matching takes constant time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.extraction.times._state import Draft, Match

_LEXEME = re.compile(r"\s*(?:(\w+)=|(\w+)|([()|?]))")
_FIRST_CHAR = 0xA1  # printable, and none of them means anything to `re`


class Kinds:
    """The characters of kinds, given out in order of first use."""

    def __init__(self) -> None:
        self._chars: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._chars.setdefault(name, chr(_FIRST_CHAR + len(self._chars)))


KINDS = Kinds()
CLASSES: dict[str, str] = {
    "WEEKDAY": "wd | wdab dot?",
    "MONTH": "mo | mow",
    "DAY": "num2 | ord | second",
    "YEAR": "year4 | yy | spellyear",
    "YEAR2": "year4 | num2",
    "TO": "to | DASH",
    "RELYEAR": "last | this | next | coming | past | previous | current",
    "RELDAY": "last | this | next | past | coming | previous | following",
    "RELMONTH": "last | this | next | past | coming | previous",
    "DASH": "hyphen | dash",
    "NUMBER": "num2 | num | year4 | spell | spellyear",
    "VAGUE": "quant dozens | quant | a? quant of |  a quant | a? dozen | dozens of? | approx quant",
    "UNIT": "unit | quarter",
    "UNITS": "units | quarters",
    "APPROX": "approx approx | approx | more than | less than | at least | at most | up to | no more than | no less than"
    " | well approx",
    "EARLY": "early | late | mid hyphen? | later | earlier",
    "ZONED": "zone (plusminus num2)? | lpar zone (plusminus num2)? rpar",
    "EDGE": "very? edge of",
    "ADJ": "adj | serial",
    "SPAN": "last | past | previous | next | coming | following | recent | latest",
}


@dataclass(frozen=True, slots=True)
class _Part:
    regex: str
    first: frozenset[str]
    empty: bool


class _Parser:
    """Recursive descent: alternatives of sequences of optional items."""

    def __init__(self, pattern: str, groups: dict[str, list[str]]) -> None:
        self.groups = groups
        self.lexemes: list[tuple[str, str]] = []
        for found in _LEXEME.finditer(pattern.rstrip()):
            kind = "label" if found[1] else "name" if found[2] else found[3]
            self.lexemes.append((kind, found[1] or found[2] or ""))
        self.at = 0

    def peek(self) -> str:
        return self.lexemes[self.at][0] if self.at < len(self.lexemes) else "end"

    def alternatives(self) -> _Part:
        parts = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence())
        first: frozenset[str] = frozenset().union(*(part.first for part in parts))
        return _Part("(?:" + "|".join(p.regex for p in parts) + ")", first, empty=any(p.empty for p in parts))

    def sequence(self) -> _Part:
        regex, first, empty = "", frozenset[str](), True
        while self.peek() not in ("|", ")", "end"):
            part = self.optional(self.item())
            regex += part.regex
            if empty:
                first |= part.first
            empty = empty and part.empty
        return _Part(regex, first, empty)

    def item(self) -> _Part:
        kind, word = self.lexemes[self.at]
        self.at += 1
        if kind == "label":
            inner = self.item()
            alias = f"{word}_{len(self.groups.setdefault(word, []))}"
            self.groups[word].append(alias)
            regex = f"(?P<{alias}>{inner.regex})"
            return _Part(regex, inner.first, inner.empty)
        if kind == "(":
            part = self.alternatives()
            if self.peek() != ")":
                raise ValueError(f"unbalanced parenthesis in a pattern at {self.at}")
            self.at += 1
        elif word in CLASSES:
            part = _Parser(CLASSES[word], self.groups).alternatives()
        else:
            char = KINDS[word]
            part = _Part(char, frozenset(char), empty=False)
        return part

    def optional(self, part: _Part) -> _Part:
        if self.peek() != "?":
            return part
        self.at += 1
        return _Part(f"(?:{part.regex})?", part.first, empty=True)


Handler = Callable[["Match"], "list[Draft]"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled pattern and what reads its matches."""

    regex: re.Pattern[str]
    handler: Handler
    first: frozenset[str]
    groups: dict[str, list[str]]  # a name may stand in several alternatives


class RuleBook:
    """Rules in order of precedence, indexed by the kind a match can begin with."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Decorator: the function reads what any of the patterns matches."""

        def add(handler: Handler) -> Handler:
            for pattern in patterns:
                groups: dict[str, list[str]] = {}
                part = _Parser(pattern, groups).alternatives()
                if part.empty:
                    raise ValueError(f"a pattern that matches nothing at all: {pattern}")
                self.rules.append(Rule(re.compile(part.regex), handler, part.first, groups))
            return handler

        return add


def index(books: Iterable[RuleBook]) -> dict[str, list[Rule]]:
    """First character -> the rules that can begin with it, in order."""
    table: dict[str, list[Rule]] = {}
    for book in books:
        for rule in book.rules:
            for char in rule.first:
                table.setdefault(char, []).append(rule)
    return table
