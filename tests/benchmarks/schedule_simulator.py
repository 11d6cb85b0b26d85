"""Replays posting times against ways of choosing when to ask, and counts delay and requests.

A `Source` is one feed: the moments it posted at, in seconds. A `Chooser` is asked after each poll for the next
one; it is told the moment and what the poll brought, never what comes later. Delay is from posting to the first
poll after it. Only the time from `Source.judged_from` on is counted; what lies before is for learning.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86_400.0, 604_800.0


@dataclass(frozen=True, slots=True)
class Source:
    """A feed as a simulation knows it. `posts` rise; the feed is asked first at `asked_from`."""

    kind: str
    posts: tuple[float, ...]
    asked_from: float
    judged_from: float
    until: float
    first_window: int = 30  # entries that the first document still holds


class Chooser(Protocol):
    """A way of choosing, with the state it keeps of one feed."""

    def next(self, now: float, new: Sequence[float]) -> float:
        """The poll at `now` brought entries posted at these moments; when is the next?"""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way came to over many feeds. Delays in seconds."""

    per_source: tuple[tuple[float, ...], ...]
    days: tuple[float, ...]  # that each source was judged for
    requests: float  # a feed and day, every feed counting alike

    def quantile(self, share: float) -> float:
        """Of all entries; where feeds were judged for different times, as many as each posts a day."""
        pairs = sorted(
            (delay, 1 / days)
            for delays, days in zip(self.per_source, self.days, strict=True)
            for delay in delays
        )
        wanted, sofar = share * sum(weight for _, weight in pairs), 0.0
        for delay, weight in pairs:
            sofar += weight
            if sofar > wanted:
                return delay
        return math.nan

    @property
    def median(self) -> float:
        """Of all entries."""
        return self.quantile(0.5)

    @property
    def usual_feed(self) -> float:
        """The median over feeds of each one's own median."""
        return quantile([quantile(delays, 0.5) for delays in self.per_source if delays], 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """Nearest rank; not a number for nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else math.nan


def play(source: Source, chooser: Chooser) -> tuple[list[float], int]:
    """Delays of the entries judged, and polls in the judged time."""
    posts, delays, polls = source.posts, [], 0
    now = source.asked_from
    seen = bisect_right(posts, now)
    due = chooser.next(now, posts[max(0, seen - source.first_window) : seen])
    while due <= source.until:
        now = due
        upto = bisect_right(posts, now, seen)
        if now >= source.judged_from:
            polls += 1
            delays += [now - post for post in posts[seen:upto] if post >= source.judged_from]
        due = chooser.next(now, posts[seen:upto])
        seen = upto
    delays += [due - post for post in posts[seen:] if source.judged_from <= post <= source.until]
    return delays, polls


def compare(sources: Sequence[Source], make: Callable[[int], Chooser]) -> Outcome:
    """Play every source with a fresh chooser; `make` is given the number of the source."""
    kept, requests = [], 0.0
    for number, source in enumerate(sources):
        delays, polls = play(source, make(number))
        kept.append(tuple(delays))
        requests += polls * DAY / (source.until - source.judged_from)
    days = tuple((source.until - source.judged_from) / DAY for source in sources)
    return Outcome(tuple(kept), days, requests / len(sources))


def at_requests(
    sources: Sequence[Source],
    make: Callable[[float], Callable[[int], Chooser]],
    wanted: float,
    *,
    low: float,
    high: float,
    steps: int = 12,
) -> tuple[float, Outcome]:
    """Find the parameter, between `low` (more requests) and `high` (fewer), that asks no more than `wanted`."""
    best: tuple[float, Outcome] | None = None
    tried = math.sqrt(low * high)
    for _ in range(steps):
        outcome = compare(sources, make(tried))
        if outcome.requests <= wanted:
            best, high = (tried, outcome), tried
            if outcome.requests >= wanted * 0.995:
                break
        else:
            low = tried
        tried *= outcome.requests / (wanted * 0.9975)  # twice the parameter, about half the requests
        if not low < tried < high:
            tried = math.sqrt(low * high)
    if best is None:
        best = high, compare(sources, make(high))
    return best


class Fixed:
    """Every so many seconds, the first poll anywhere in the interval."""

    def __init__(self, every: float, start: float = 0.0) -> None:
        self._every = every
        self._start = start

    def next(self, now: float, new: Sequence[float]) -> float:
        """Regular as a clock."""
        del new
        due, self._start = now + (self._start or self._every), 0.0
        return due


class EntryFrequency:
    """Miniflux's `entry_frequency`: a week over the weekly entries times a factor, between two bounds.

    Its count is virtual: a week over the mean gap between the entries of the last seven days, none when there
    are fewer than two. Bounds are 5 minutes and 24 hours; `scale` moves both and the interval, to compare at
    another number of requests.
    """

    def __init__(self, scale: float = 1.0, shortest: float = 5 * MINUTE, longest: float = DAY) -> None:
        self._scale = scale
        self._bounds = shortest, longest
        self._posts: deque[float] = deque()

    def next(self, now: float, new: Sequence[float]) -> float:
        """A week over the entries of the last one."""
        self._posts.extend(new)
        while self._posts and self._posts[0] < now - WEEK:
            self._posts.popleft()
        many = len(self._posts)
        gap = (self._posts[-1] - self._posts[0]) / (many - 1) if many > 1 else 0.0
        wanted = WEEK / math.ceil(WEEK / gap) if gap else self._bounds[1]
        shortest, longest = self._bounds
        return now + self._scale * min(max(wanted, shortest), longest)


def synthetic(days: int = 42, learn: int = 28, seed: int = 1, of_each: int = 1) -> list[Source]:
    """Feeds of the kinds that a news desk follows, in several zones; the last `days - learn` days are judged."""
    rng = random.Random(seed)
    sources = []
    for kind, many, posting in _KINDS:
        for _ in range(many * of_each):
            zone = rng.choice((-5, 0, 1, 3, 8, 9)) * HOUR
            size = math.exp(rng.gauss(0, 0.35))
            start = 3 * DAY  # moment 0 is a Monday; history from before the first poll is there
            posts = sorted(post - zone for post in posting(rng, days + 4, size))
            whole = tuple(post for post in posts if post >= 0)
            sources.append(Source(kind, whole, start, start + learn * DAY, start + days * DAY))
    return sources


def _poisson(rng: random.Random, days: int, rate: Callable[[float], float], most: float) -> Iterator[float]:
    """Thinning (Lewis and Shedler 1979); rates are an hour."""
    now = 0.0
    while True:
        now += rng.expovariate(most) * HOUR
        if now >= days * DAY:
            return
        if rng.random() * most < rate(now):
            yield now


def _hour(now: float) -> float:
    return now % DAY / HOUR


def _weekend(now: float) -> bool:
    return now % WEEK >= 5 * DAY


def _wire(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """Round the clock, somewhat more by day: 250 a day."""
    yield from _poisson(
        rng, days, lambda t: size * 10.4 * (1 + 0.5 * math.sin((_hour(t) - 8) * math.pi / 12)), size * 16
    )


def _paper(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """Office hours with a peak before noon, little at weekends: some 50 on a weekday."""

    def rate(now: float) -> float:
        hour = _hour(now)
        day = math.exp(-(((hour - 11) / 3.2) ** 2)) + 0.6 * math.exp(-(((hour - 17) / 2.2) ** 2))
        return size * (0.1 + 6.0 * day) * (0.25 if _weekend(now) else 1.0)

    return _poisson(rng, days, rate, size * 8)


def _broadcaster(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """From six to midnight, every day alike: some 90."""
    return _poisson(rng, days, lambda t: size * (5.0 if _hour(t) >= 6 else 0.3), size * 5)


def _ministry(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """Four releases between nine and six on working days."""
    return _poisson(rng, days, lambda t: size * 0.45 if 9 <= _hour(t) < 18 and not _weekend(t) else 0.0, size)


def _magazine(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """The issue comes out within an hour on one morning of the week; a text between issues now and then."""
    day, hour = rng.randrange(5), rng.uniform(4, 10)
    for week in range(days // 7 + 1):
        out = week * WEEK + day * DAY + hour * HOUR + rng.uniform(0, HOUR)
        for _ in range(max(3, round(12 * size))):
            yield out + rng.uniform(0, HOUR)
    yield from _poisson(rng, days, lambda _: 0.02, 0.02)


def _blog(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """Whenever its author feels like it, awake: three a week."""
    return _poisson(rng, days, lambda t: size * 0.027 if 8 <= _hour(t) < 24 else 0.0, size * 0.027)


def _bursty(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """Little, and on the days that count a flood that ebbs away within hours."""
    yield from _poisson(rng, days, lambda _: size * 0.2, size * 0.2)
    for start in _poisson(rng, days, lambda _: 0.01, 0.01):
        now = start
        while (rate := 12 * size * math.exp(-(now - start) / (5 * HOUR))) > 0.3:
            now += rng.expovariate(rate) * HOUR
            yield now


def _timetable(rng: random.Random, days: int, size: float) -> Iterator[float]:
    """A machine publishes what is ready, every half an hour from six to ten in the evening."""
    for half_hour in range(days * 48):
        now = half_hour * HOUR / 2
        if 6 <= _hour(now) < 22 and rng.random() < 0.7:
            for _ in range(1 + min(5, int(rng.expovariate(1 / size)))):
                yield now + rng.uniform(20, 60)


_KINDS: tuple[tuple[str, int, Callable[[random.Random, int, float], Iterator[float]]], ...] = (
    ("wire", 2, _wire),
    ("paper", 8, _paper),
    ("broadcaster", 4, _broadcaster),
    ("ministry", 5, _ministry),
    ("magazine", 4, _magazine),
    ("blog", 4, _blog),
    ("bursty", 3, _bursty),
    ("timetable", 2, _timetable),
)
