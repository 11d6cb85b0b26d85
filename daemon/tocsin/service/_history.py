"""The timeline in the store, as rules look back at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tocsin.model import Event, EventQuery
from tocsin.ports import TimelineStore

_PAGE = 5_000


class StoreHistory:
    """`tocsin.ports.RuleHistory` over the events of the store."""

    def __init__(self, store: TimelineStore) -> None:
        self._store = store

    def between(self, types: Sequence[str], after: datetime, until: datetime) -> list[Event]:
        """Events first known in (after, until], oldest first."""
        query = EventQuery(
            types=tuple(types), known_since=after, known_until=until, limit=_PAGE, oldest_first=True
        )
        return sorted(self._store.events(query), key=lambda e: (e.first_known, str(e.id)))

    def happened_between(self, types: Sequence[str], after: date, until: date) -> list[Event]:
        """Events that happened in (after, until], oldest first."""
        query = EventQuery(types=tuple(types), since=after, until=until, limit=_PAGE, oldest_first=True)
        found = [e for e in self._store.events(query) if e.day is not None and after < e.day <= until]
        return sorted(found, key=lambda e: (e.day or until, str(e.id)))
