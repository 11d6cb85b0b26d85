"""Ids as people type them: whole, or so much of either end that one row is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from tocsin.errors import InputError, UsageError

_PAGE = 500


class _HasId(Protocol):
    @property
    def id(self) -> UUID:
        """The row's id."""
        ...


Row = TypeVar("Row", bound=_HasId)


def new_id() -> UUID:
    """A UUIDv7 of the standard library's type."""
    from uuid6 import uuid7

    return UUID(int=uuid7().int)


def short(id_: UUID) -> str:
    """The end of an id: ids made in the same second begin alike (UUIDv7), their ends are random."""
    return str(id_)[-8:]


def pages(ask: Callable[[int, int], Sequence[Row]]) -> Iterator[Row]:
    """Every row of a list that is asked with limit and offset."""
    offset = 0
    while rows := ask(_PAGE, offset):
        yield from rows
        offset += len(rows)


def find(typed: str, rows: Iterator[Row], what: str, listing: str) -> Row:
    """The one row meant; raises `UsageError` for none or several, naming the command that lists them."""
    wanted = typed.strip().lower()
    if len(wanted.replace("-", "")) < 4:
        raise UsageError(f"{typed!r} is too short for an id", hint="four characters at least")
    found = [row for row in rows if str(row.id).startswith(wanted) or str(row.id).endswith(wanted)]
    if not found:
        raise InputError(f"there is no {what} {typed}", hint=f"`{listing}` shows them")
    if len(found) > 1:
        several = ", ".join(str(row.id) for row in found[:5])
        raise UsageError(f"{typed} could be {len(found)} {what}s: {several}", hint="type more of the id")
    return found[0]
