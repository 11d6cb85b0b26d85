"""What can be said about an expression without an event: names that do not exist, results of the wrong kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tocsin.model import (
    Basis,
    ClaimKey,
    Event,
    EventStatus,
    Party,
    Phase,
    Place,
    Precision,
    Severity,
    Thing,
    When,
)
from tocsin.rules import _yaml
from tocsin.rules._cel import MAX_LENGTH, Expression, ExpressionError, program, run, variables_of
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._yaml import Scalar

_DAY = date(2022, 11, 9)
_TIME = datetime(2022, 11, 9, tzinfo=UTC)
_SAMPLE = Event(
    id=UUID(int=1),
    type="weapons.launch.missile",
    title="North Korea launches a missile",
    status=EventStatus.REPORTED,
    phase=Phase.HAPPENED,
    severity=Severity.CRITICAL,
    when=When(_DAY, _DAY, Precision.DAY, "on Wednesday", Basis.EXPRESSION),
    place=Place("Sukchon", 0, 7, "Sukchon", "PRK", 39.4, 125.6),
    source=(Party("North Korea", "PRK", "GOV"),),
    target=(Party("Japan", "JPN", "GOV"),),
    objects=(Thing("weapon", "missile", 0, 7, "missile", 1),),
    confidence=0.8,
    mentions=1,
    articles=1,
    publishers=("A",),
    owners=("A",),
    first_known=_TIME,
    last_known=_TIME,
    revision=1,
    plover="COERCE",
    cameo="1",
    claim=ClaimKey("arms.transfer", ("PRK",), ("RUS",)),
)
SAMPLE: dict[str, Any] = variables_of(_SAMPLE)

FUNCTIONS = (
    "size",
    "has",
    "string",
    "int",
    "uint",
    "double",
    "bytes",
    "dyn",
    "type",
    "timestamp",
    "duration",
)
_NO_VARIABLES = frozenset({*FUNCTIONS, "bool", "list", "map", "null_type", "true", "false", "null", "in"})
MACROS = ("exists", "exists_one", "existsOne", "all", "map", "filter")
METHODS = (
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    *MACROS,
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
)
_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*)
    |(?P<text>[rRbB]{0,2}(?:\"\"\"(?s:.)*?\"\"\"|'''(?s:.)*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<number>\d[\w.]*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>.)""",
    re.VERBOSE,
)
_REPORT = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@dataclass(slots=True)
class _Scan:
    """Walks the tokens once. `shapes` maps variables to samples of their values, None where unknown."""

    tokens: list[_Token]
    shapes: dict[str, Any]
    faults: list[tuple[int, str, str | None]] = field(default_factory=list)

    def next_is(self, index: int, sign: str) -> bool:
        return index < len(self.tokens) and self.tokens[index].text == sign

    def run(self) -> list[tuple[int, str, str | None]]:
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            index += 1
            if token.kind != "name":
                continue
            if (
                index > 1 and self.tokens[index - 2].text == "."
            ):  # behind a call or bracket: of no known shape
                if self.next_is(index, "("):
                    self.method(index, token, None)
            elif self.next_is(index, "("):
                self.known(token, "function", FUNCTIONS)
            elif token.text in self.shapes:
                index = self.chain(index, self.shapes[token.text], token.text)
            elif token.text not in _NO_VARIABLES:
                self.known(token, "variable", tuple(self.shapes))
        return self.faults

    def chain(self, index: int, shape: Any, said: str) -> int:
        """What follows a variable: .field, [index], .macro(x, ...), .method(...)."""
        while True:
            if self.next_is(index, ".") and index + 1 < len(self.tokens):
                token = self.tokens[index + 1]
                index += 2
                if self.next_is(index, "("):
                    self.method(index, token, shape)
                    return index
                shape = self.member(token, shape, said)
                said = f"{said}.{token.text}"
            elif self.next_is(index, "[") and isinstance(shape, list):
                index = self.closing(index)
                shape = shape[0] if shape else None
                said = f"{said}[...]"
            else:
                return index

    def closing(self, index: int) -> int:
        """Behind the bracket that closes the one at `index`, what is inside checked as well."""
        depth, start = 0, index
        while index < len(self.tokens):
            depth += {"[": 1, "]": -1}.get(self.tokens[index].text, 0)
            index += 1
            if depth == 0:
                break
        _Scan(self.tokens[start + 1 : index - 1], self.shapes, self.faults).run()
        return index

    def method(self, index: int, token: _Token, shape: Any) -> None:
        self.known(token, "function", METHODS)
        named = index + 2 < len(self.tokens) and self.tokens[index + 2].text == ","
        if token.text in MACROS and named:
            self.shapes[self.tokens[index + 1].text] = shape[0] if isinstance(shape, list) and shape else None

    def member(self, token: _Token, shape: Any, said: str) -> Any:
        if shape is None:
            return None
        if isinstance(shape, list):
            hint = f"it is a list: {said}.exists(x, x.{token.text} == ...)"
            self.faults.append((token.at, f"{said} has no field {token.text}", hint))
            return None
        known = shape if isinstance(shape, dict) else {}
        if token.text not in known:
            hint = did_you_mean(token.text, known) or (one_of(known) if known else "it is a single value")
            self.faults.append((token.at, f"{said} has no field {token.text}", hint))
        return known.get(token.text)

    def known(self, token: _Token, kind: str, names: Sequence[str]) -> None:
        if token.text not in names:
            hint = did_you_mean(token.text, names) or one_of(names)
            self.faults.append((token.at, f"there is no {kind} {token.text}", hint))


def _tokens(source: str) -> list[_Token]:
    return [
        _Token(match.lastgroup or "", match[0], match.start())
        for match in _TOKEN.finditer(source)
        if match.lastgroup != "skip"
    ]


def checked(value: Scalar, lines: Sequence[str], names: Sequence[str]) -> Expression:
    """The expression of a `where`, or the first refusal. `names` are the variables it may use."""
    source = value.text.strip()
    if len(source) > MAX_LENGTH:
        raise value.place.error(
            f"where has {len(source)} characters, {MAX_LENGTH} are allowed", "split the rule"
        )
    shift = value.text.find(source)
    try:
        program(source)
    except ValueError as error:
        found = _REPORT.search(str(error))
        row, column, said = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, str(error))
        before = source.split("\n")[: row - 1]
        offset = sum(len(text) + 1 for text in before) + column - 1
        raise _at(value, lines, offset + shift).error(
            f"where: {_said(said)}", "see docs/reference/rules.md"
        ) from error
    faults = _Scan(_tokens(source), dict.fromkeys(names, SAMPLE)).run()
    if faults:
        offset, message, hint = faults[0]
        raise _at(value, lines, offset + shift).error(f"where: {message}", hint)
    _try(source, value, names)
    return Expression(source, value.place)


def _try(source: str, value: Scalar, names: Sequence[str]) -> None:
    """Run on a sample. Only what no other event could make right is refused."""
    try:
        run(source, dict.fromkeys(names, SAMPLE))
    except ExpressionError as error:
        cause = error.__cause__
        if cause is None or isinstance(cause, (TypeError, RuntimeError)):
            hint = "compare: event.confidence >= 0.6" if cause is None else None
            raise value.place.error(f"where: {error}", hint) from error


def _said(report: str) -> str:
    said = re.sub(r" expecting \{.*", "", report.removeprefix("Syntax error: "))
    return said.replace("mismatched input '<EOF>'", "the expression ends too early")


def _at(value: Scalar, lines: Sequence[str], offset: int) -> _yaml.Place:
    """Where an offset of the expression stands in the file; the value's start where YAML folded lines."""
    place = value.place
    if value.style == "|":
        row = value.text.count("\n", 0, offset)
        column = offset - (value.text.rfind("\n", 0, offset) + 1)
        line = lines[place.line + row] if place.line + row < len(lines) else ""
        indent = len(lines[place.line]) - len(lines[place.line].lstrip())
        return _yaml.Place(place.file, place.line + row + 1, min(indent + column, len(line)) + 1)
    if not value.one_line or "\\" in value.text:
        return place
    quote = 1 if value.style in {"'", '"'} else 0
    return _yaml.Place(place.file, place.line, place.column + quote + offset)
