"""The politeness trace in figures: what a site owner would want to know of our requests. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tocsin.model import Exchange, Traced
from tocsin.network import lane_of


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """Requests over a span of time; None where there is too little to say."""

    requests: int
    first: datetime | None
    last: datetime | None
    at_once: int  # the most at the same moment, in one registrable domain
    closest: timedelta | None  # between the starts of two requests in one registrable domain
    conditional: int
    not_modified: int
    refused: int  # answers of 400 and above
    unanswered: int

    @property
    def per_day(self) -> float | None:
        """Requests a day; None when the trace spans less than an hour."""
        if self.first is None or self.last is None or self.last - self.first < timedelta(hours=1):
            return None
        return self.requests / ((self.last - self.first) / timedelta(days=1))


def summarise(lines: Iterable[Traced]) -> TraceSummary:
    """Figures of a trace."""
    made = sorted((one for line in lines for one in line.requests), key=lambda one: one.started)
    lanes: defaultdict[str, list[Exchange]] = defaultdict(list)
    for one in made:
        lanes[lane_of(one.url)].append(one)
    gaps = [after.started - before.started for lane in lanes.values() for before, after in pairwise(lane)]
    return TraceSummary(
        requests=len(made),
        first=made[0].started if made else None,
        last=made[-1].started if made else None,
        at_once=max((_most_at_once(lane) for lane in lanes.values()), default=0),
        closest=min(gaps, default=None),
        conditional=sum(one.conditional for one in made),
        not_modified=sum(one.status == 304 for one in made),
        refused=sum(one.status is not None and one.status >= 400 for one in made),
        unanswered=sum(one.status is None for one in made),
    )


def _most_at_once(made: Sequence[Exchange]) -> int:
    """An end at the moment of a start comes first."""
    moments = [(one.started, 1) for one in made]
    moments += [(one.started + timedelta(milliseconds=one.duration_ms), -1) for one in made]
    inside = most = 0
    for _, change in sorted(moments):
        inside += change
        most = max(most, inside)
    return most
