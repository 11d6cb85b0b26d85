"""A real store that lives as long as the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.testing._time import FakeClock, SequentialIds

if TYPE_CHECKING:
    from tocsin.ports import Clock, Ids
    from tocsin.store import SqlStore


def memory_store(*, clock: Clock | None = None, ids: Ids | None = None) -> SqlStore:
    """The real store on an in-memory SQLite database, with a fake clock and counted ids; close it after use."""
    from tocsin.store import open_store  # noqa: PLC0415 - a second to import, and most fakes do without

    return open_store("sqlite://", clock=clock or FakeClock(), ids=ids or SequentialIds())
