"""Readers of single values, each refusing what it does not take at the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from tocsin.errors import RuleError
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._yaml import Items, Scalar, Table, Value

_DURATION = re.compile(r"(\d{1,6})([mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
LONGEST = timedelta(days=366)


@dataclass(slots=True)
class Problems:
    """Everything wrong with one document, so that a user sees all of it at once."""

    found: list[RuleError] = field(default_factory=list)

    def caught(self) -> Self:
        """For `with`: keep a refusal and go on behind it."""
        return self

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, RuleError):
            self.found.append(error)
        return isinstance(error, RuleError)


def kind_of(value: Value) -> str:
    """What a value is, in the words of an error message."""
    if isinstance(value, Table):
        return "a mapping"
    if isinstance(value, Items):
        return "a list"
    return "nothing" if value.kind == "null" else f"{value.text!r}"


def text(value: Value, what: str) -> str:
    """Words, numbers included, exactly as written."""
    if not isinstance(value, Scalar) or value.kind == "null":
        raise value.place.error(f"{what} must be text, not {kind_of(value)}", "give a word or a quoted text")
    if not value.text.strip():
        raise value.place.error(f"{what} is empty", "give a text or leave the key out")
    return value.text


def line(value: Value, what: str) -> str:
    """Text of one line, folded, without spaces around it."""
    return " ".join(text(value, what).split())


def texts(value: Value, what: str) -> tuple[tuple[str, Value], ...]:
    """One text or a list of texts (any of them), each with its place."""
    items = value.items if isinstance(value, Items) else (value,)
    if not items:
        raise value.place.error(f"{what} is an empty list", "name at least one value")
    return tuple((text(item, what), item) for item in items)


def integer(value: Value, what: str, low: int, high: int) -> int:
    """A whole number within limits, both inclusive."""
    if isinstance(value, Scalar) and re.fullmatch(r"[0-9]{1,9}", value.text):
        number = int(value.text)
        if low <= number <= high:
            return number
    raise value.place.error(
        f"{what} must be a whole number from {low} to {high}, not {kind_of(value)}", f"for example {low + 1}"
    )


def fraction(value: Value, what: str) -> float:
    """A number from 0 to 1."""
    if isinstance(value, Scalar) and re.fullmatch(r"[01]|[01]?\.[0-9]{1,9}", value.text):
        number = float(value.text)
        if number <= 1:
            return number
    raise value.place.error(f"{what} must be a number from 0 to 1, not {kind_of(value)}", "for example 0.6")


def boolean(value: Value, what: str) -> bool:
    """Either true or false."""
    if isinstance(value, Scalar) and value.kind == "bool":
        return value.text.casefold() == "true"
    raise value.place.error(f"{what} must be true or false, not {kind_of(value)}")


def duration(value: Value, what: str) -> timedelta:
    """30m, 6h, 7d or 2w, a year at the most."""
    found = _DURATION.fullmatch(value.text) if isinstance(value, Scalar) else None
    if found is None:
        raise value.place.error(
            f"{what} must be a duration, not {kind_of(value)}", "a number and m, h, d or w: 30m, 6h, 7d, 2w"
        )
    length = int(found[1]) * _UNITS[found[2]]
    if not timedelta() < length <= LONGEST:
        raise value.place.error(f"{what} must be longer than nothing and 366d at the most, not {found[0]}")
    return length


def table(value: Value, what: str, hint: str) -> Table:
    """A mapping."""
    if not isinstance(value, Table):
        raise value.place.error(f"{what} must be a mapping, not {kind_of(value)}", hint)
    return value


def member(word: str, at: Value, what: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """A word of a closed list."""
    if word not in known:
        hint = did_you_mean(word, known) or one_of(known)
        raise at.place.error(f"{word} is not {what}", hint)
    return word


def shorten(length: timedelta) -> str:
    """A duration as a rule file writes it."""
    minutes = int(length.total_seconds()) // 60
    for unit, size in (("w", 10080), ("d", 1440), ("h", 60)):
        if minutes % size == 0 and not (unit == "w" and minutes < 2 * size):
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
