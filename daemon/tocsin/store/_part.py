"""What every part of the store stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random
from threading import Lock
from time import time_ns
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from tocsin.ports import Clock, Ids
from tocsin.store._engine import Database

T = TypeVar("T")
Rows = list[dict[str, Any]]

# SQLite takes 32,766 parameters in a statement unless it was built for more.
_MANY = 5_000

# Of a UUIDv7: 12 random bits before the variant, 62 after it.
_RANDOM_BITS, _LOW_BITS, _STEP_BITS = 74, 62, 32
_LOW = (1 << _LOW_BITS) - 1


class WallClock:
    """The system's time."""

    def now(self) -> datetime:
        """UTC-aware."""
        return datetime.now(UTC)


class TimeOrderedIds:
    """UUIDv7, RFC 9562; each greater than the one before, whichever thread asks.

    Within a millisecond the random part counts up by random steps (section 6.2, method 2). The generator is
    seeded by the system once: asking it for each id would give the interpreter's lock away each time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._random = Random()  # noqa: S311 - ids are no secrets
        self._last = 0  # milliseconds and random part, without version and variant

    def new(self) -> UUID:
        """A fresh id."""
        with self._lock:
            fresh = (time_ns() // 1_000_000 << _RANDOM_BITS) | self._random.getrandbits(_RANDOM_BITS - 1)
            if fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
                fresh = self._last + 1 + self._random.getrandbits(_STEP_BITS)
            self._last = fresh
        moment, high, low = fresh >> _RANDOM_BITS, fresh >> _LOW_BITS & 0xFFF, fresh & _LOW
        return UUID(int=moment << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


class Part:
    """One narrow port of the store; `SqlStore` is all of them."""

    def __init__(self, database: Database, clock: Clock | None = None, ids: Ids | None = None) -> None:
        self._db = database
        self._clock: Clock = clock or WallClock()
        self._ids: Ids = ids or TimeOrderedIds()


def chunks(items: Sequence[T], size: int = _MANY) -> Iterator[Sequence[T]]:
    """The items in portions that fit into one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def insert_new(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows; those that a unique key knows already are left as they are."""
    if rows:
        connection.execute(insertion(table, connection.dialect.name).on_conflict_do_nothing(), rows)


def upsert(connection: Connection, table: Table, rows: Rows, *, keep: Sequence[str] = ()) -> None:
    """Insert rows, or replace those with the same primary key except for the columns in `keep`."""
    if not rows:
        return
    statement = insertion(table, connection.dialect.name)
    keys = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)


def insertion(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, which both databases spell alike and SQLAlchemy keeps apart."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def as_uuid(text: str) -> UUID | None:
    """The id a text spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def page(limit: int, offset: int) -> tuple[int, int]:
    """Limit and offset as both databases take them: negative numbers mean nothing special."""
    return max(limit, 0), max(offset, 0)
