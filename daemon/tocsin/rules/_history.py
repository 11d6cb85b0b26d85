"""A timeline in memory behind the `RuleHistory` port, and the axis of time that a rule looks along."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from tocsin.model import Event
from tocsin.ports import RuleHistory
from tocsin.rules._rule import HAPPENED, Rule
from tocsin.rules._vocabulary import below


class MemoryHistory:
    """A `RuleHistory` over events in memory, for tests and backtests; `put` adds an event or a newer revision."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events: dict[UUID, Event] = {}
        self._order: list[tuple[datetime, UUID]] = []
        for event in events:
            self.put(event)

    def put(self, event: Event) -> None:
        """Add it, or replace what was known of it."""
        before = self._events.get(event.id)
        if before is not None:
            self._order.remove((before.first_known, before.id))
        self._events[event.id] = event
        insort(self._order, (event.first_known, event.id))

    def between(self, types: Sequence[str], after: datetime, until: datetime) -> list[Event]:
        """Events of these types and below first known in (after, until], oldest first."""
        start = bisect_left(self._order, (after + timedelta(microseconds=1), UUID(int=0)))
        found = []
        for known, event_id in self._order[start:]:
            if known > until:
                break
            if _is_of(event := self._events[event_id], types):
                found.append(event)
        return found

    def happened_between(self, types: Sequence[str], after: date, until: date) -> list[Event]:
        """Events of these types and below whose first day is in (after, until], oldest knowledge first."""
        return [
            event
            for _, event_id in self._order
            if _is_of(event := self._events[event_id], types) and event.day and after < event.day <= until
        ]


def _is_of(event: Event, types: Sequence[str]) -> bool:
    return any(below(event.type, family) for family in types)


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two time axes, over the history as it stands when `event` is looked at."""

    rule: Rule
    event: Event
    history: RuleHistory
    now: datetime
    clock: str

    def at(self, event: Event) -> datetime | None:
        """Where an event stands; on the happening axis None unless its day is known."""
        if self.clock != HAPPENED:
            return event.first_known
        when = event.when
        return _midnight(when.start) if when is not None and when.start == when.end else None

    def around(self, after: datetime, until: datetime) -> list[Event]:
        """Events the rule is about within (after, until], the event itself as given, oldest first."""
        types = self.rule.families
        if self.clock == HAPPENED:
            found = self.history.happened_between(types, after.date(), until.date())
        else:
            limit = max(self.now, self.event.first_known)
            found = self.history.between(types, after, min(until, limit))
        others = [event for event in found if event.id != self.event.id and self.at(event) is not None]
        here = self.at(self.event)
        mine = [self.event] if here is not None and after < here <= until else []
        return sorted((*others, *mine), key=self.position)

    def position(self, event: Event) -> tuple[datetime, datetime, UUID]:
        """Sort key along the axis; knowledge time and id decide ties."""
        return (self.at(event) or event.first_known, event.first_known, event.id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
