"""A small bar chart of events by day, week, month or year, as numbers for a server-rendered SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tocsin.model import Event, Severity
from tocsin.web._words import range_words

WIDTH: Final = 720
HEIGHT: Final = 56
_LEAST: Final = 31
_MOST: Final = 62  # bars that can still be told apart on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of days. Lengths are in units of the chart's view box."""

    start: date
    end: date
    count: int
    x: float
    width: float
    height: float
    critical: float  # height of the part that is critical
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right, oldest first."""

    bars: tuple[Bar, ...]
    start: date
    end: date
    total: int
    peak: int


def chart(
    events: Sequence[Event], today: date, since: date | None = None, until: date | None = None
) -> Chart | None:
    """Events by when they happened; None when fewer than two days have any.

    Without limits of its own the chart shows one to two months up to the newest day, or up to a fortnight
    ahead where events are planned.
    """
    days = sorted(event.when.start for event in events if event.when is not None)
    if not days:
        return None
    last = until or min(days[-1], max(today + timedelta(days=14), days[0]))
    first = since or max(min(days[0], _before(last, _LEAST - 1)), _before(last, _MOST - 1))
    if len({day for day in days if first <= day <= last}) < 2:
        return None
    stretches = list(_stretches(first, last))
    counts = _counts(events, stretches)
    peak = max(total for total, _ in counts)
    slot = WIDTH / len(stretches)
    bars = tuple(
        Bar(
            start=start,
            end=end,
            count=total,
            x=round(index * slot + slot * 0.1, 2),
            width=round(slot * 0.8, 2),
            height=round(HEIGHT * total / peak, 2),
            critical=round(HEIGHT * critical / peak, 2),
            label=range_words(start, end),
        )
        for index, ((start, end), (total, critical)) in enumerate(zip(stretches, counts, strict=True))
    )
    return Chart(bars, first, last, sum(bar.count for bar in bars), peak)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=min(days, (day - date.min).days))


def _counts(events: Sequence[Event], stretches: Sequence[tuple[date, date]]) -> list[tuple[int, int]]:
    total: Counter[date] = Counter()
    critical: Counter[date] = Counter()
    for event in events:
        if event.when is not None:
            total[event.when.start] += 1
            critical[event.when.start] += event.severity is Severity.CRITICAL
    return [
        (
            sum(number for day, number in total.items() if start <= day <= end),
            sum(number for day, number in critical.items() if start <= day <= end),
        )
        for start, end in stretches
    ]


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Equal stretches from `first` to `last`: single days, or as many days as keeps the bars few."""
    size = -(-((last - first).days + 1) // _MOST)
    start = first
    while True:
        end = min(start + timedelta(days=min(size - 1, (last - start).days)), last)
        yield start, end
        if end >= last:
            return
        start = end + timedelta(days=1)
