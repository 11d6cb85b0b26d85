"""count and distinct: enough matching events, or enough different values, inside a sliding window.

A moment t is *hot* for a group when its window (t - within, t] holds enough. Hot moments no further apart
than `within` are one *burst*, which rings once; it has cooled down when `within` passes without a hot
moment. A burst that goes on rings again once in each period of `repeat` (counted from 1970-01-01 UTC),
unless it began within half a period before that period.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from tocsin.model import Event
from tocsin.rules._cel import variables_of
from tocsin.rules._fields import FIELDS
from tocsin.rules._history import Axis
from tocsin.rules._rule import OnCount, Rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst that this event belongs to."""

    group: Group
    began: datetime  # its first hot moment, or the first in the running period of `repeat`
    at: datetime  # the hot moment that this event is part of
    events: tuple[Event, ...]  # of the window that ends there
    values: tuple[str, ...] = ()  # the distinct values


def bursts(rule: Rule, when: OnCount, event: Event, axis: Axis) -> Iterator[Burst]:
    """Bursts with a window that holds the event, one a group and beginning, groups in alphabetical order."""
    here = axis.at(event)
    if here is None or not takes_part(rule, event):
        return
    near = [item for item in axis.around(here - when.within, here + when.within) if takes_part(rule, item)]
    for group in groups(when, event):
        line = _Line.of(near, group, when, axis)
        hot = [t for t in line.hot() if here <= t < here + when.within]
        if hot:
            yield from _identified(rule, when, axis, group, hot)


@dataclass(frozen=True, slots=True)
class _Line:
    """Matching events of one group along the axis."""

    when: OnCount
    times: list[datetime]
    events: list[Event]

    @classmethod
    def of(cls, events: Iterable[Event], group: Group, when: OnCount, axis: Axis) -> _Line:
        members = [item for item in events if group in groups(when, item)]
        return cls(when, [axis.position(item)[0] for item in members], members)

    def window(self, end: datetime) -> list[Event]:
        """Events in (end - within, end]."""
        return self.events[bisect_right(self.times, end - self.when.within) : bisect_right(self.times, end)]

    def hot(self) -> list[datetime]:
        """Moments at which the window holds enough, ascending."""
        return [
            t for t in dict.fromkeys(self.times) if measure(self.when, self.window(t)) >= self.when.at_least
        ]


def takes_part(rule: Rule, event: Event) -> bool:
    """Whether one of the patterns matches and `where` holds."""
    if not any(pattern.matches(event) for pattern in rule.patterns):
        return False
    return rule.where is None or rule.where.holds({"event": variables_of(event)})


def groups(when: OnCount, event: Event) -> list[Group]:
    """The groups an event counts in: one, or one for each combination of values where a field has several."""
    return sorted(product(*(FIELDS[field].found(event) for field in when.by)))


def measure(when: OnCount, events: Sequence[Event]) -> int:
    """How many events, or how many distinct values."""
    return len(events) if when.distinct is None else len(distinct_values(when.distinct, events))


def distinct_values(field: str, events: Iterable[Event]) -> tuple[str, ...]:
    """Values of a field over events, sorted."""
    return tuple(sorted({value for event in events for value in FIELDS[field].found(event)}))


def _identified(
    rule: Rule, when: OnCount, axis: Axis, group: Group, hot: Sequence[datetime]
) -> Iterator[Burst]:
    """Say which burst each hot moment belongs to, looking as far back as that takes and no further."""
    period = hot[0] - (hot[0] - _EPOCH) % when.repeat
    first = period - when.repeat / 2 - when.within  # no hot moment before this can matter
    past = axis.around(first - when.within, hot[-1])
    line = _Line.of((item for item in past if takes_part(rule, item)), group, when, axis)
    moments = [t for t in line.hot() if t > first]
    seen: set[datetime] = set()
    for end in hot:
        began = _beginning(when, [t for t in moments if t <= end], end)
        if began not in seen:
            seen.add(began)
            window = tuple(line.window(end))
            values = () if when.distinct is None else distinct_values(when.distinct, window)
            yield Burst(group, began, end, window, values)


def _beginning(when: OnCount, hot: Sequence[datetime], end: datetime) -> datetime:
    """The first moment of the burst that runs at `end`, cut at the period of `repeat`."""
    period = end - (end - _EPOCH) % when.repeat
    first = in_period = end
    for t in reversed(hot):
        if first - t > when.within:
            break
        first = t
        in_period = t if t >= period else in_period
    return first if first > period - when.repeat / 2 else in_period
