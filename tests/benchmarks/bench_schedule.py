"""How late entries are seen, and what that costs in requests: ours against fixed intervals and Miniflux's formula.

    python tests/benchmarks/bench_schedule.py

Replays synthetic feeds and, where they lie beside the checkout, the dates of the real documents of
../shared/data/feeds. Ours is what the daemon runs (`learn`, `next_wait`, the same jitter) with the daemon's
floor of 3 minutes and Miniflux's ceiling of 24 hours; its parameter is found so that it makes at most the
requests of the other. The model's constants were chosen on seeds 1 and 2 and on the real dates.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import feedparser
from schedule_simulator import (
    DAY,
    HOUR,
    MINUTE,
    Chooser,
    EntryFrequency,
    Fixed,
    Outcome,
    Source,
    at_requests,
    compare,
    synthetic,
)

from tocsin.model import Rhythm
from tocsin.polling._dates import judge_dates
from tocsin.polling._rhythm import learn, next_wait
from tocsin.polling._schedule import earlier
from tocsin.settings import PollingSettings

FEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_FETCHED = datetime(2026, 11, 1, tzinfo=UTC)
_LEAST = 10  # dates a real document must have to be replayed


class Learned:
    """What the daemon does. `hours=False` forgets hours, days and minutes: a rate alone."""

    def __init__(
        self, per_poll: float, number: int, shortest: float, longest: float, *, hours: bool = True
    ) -> None:
        self._per_poll = per_poll
        self._id = UUID(int=number * 618)
        self._bounds = timedelta(seconds=shortest), timedelta(seconds=longest)
        self._rhythm: Rhythm | None = None
        self._hours = hours

    def next(self, now: float, new: Sequence[float]) -> float:
        """Learn from what is new, then plan."""
        moment = MONDAY + timedelta(seconds=now)
        if new:
            posted = [MONDAY + timedelta(seconds=at) for at in new]
            self._rhythm = learn(self._rhythm, posted, moment)
        if self._rhythm is None:
            return now + 900
        rhythm = self._rhythm if self._hours else _flat(self._rhythm)
        wait = next_wait(rhythm, moment, self._per_poll, *self._bounds)
        return now + earlier(wait, self._bounds[0], self._id).total_seconds()


def _flat(rhythm: Rhythm) -> Rhythm:
    count = sum(rhythm.by_hour)
    return replace(
        rhythm,
        by_hour=(count / 24,) * 24,
        by_day=(count / 7,) * 7,
        by_minute=(count / 12,) * 12,
        recent=0.0,
        foreseen=0.0,
    )


def real() -> list[Source]:
    """Documents with dates enough: the older half is for learning, the newer half is judged, 90 days at most.

    Each is met at four moments between the last entry learned and the next: who adds a feed does not add it in
    the second in which it posts, and a document of ten dates met once is a matter of luck.
    """
    sources = []
    for path in sorted(FEEDS.rglob("*")):
        moments = _dates(path) if path.is_file() else []
        moments = [at for at in moments if at >= moments[-1] - 180 * DAY]
        if len(moments) < _LEAST or moments[-1] - moments[0] < DAY / 4:
            continue
        last, following = moments[len(moments) // 2 - 1 : len(moments) // 2 + 1]
        for quarter in range(4):
            met = last + (quarter + 0.5) / 4 * (following - last)
            sources.append(Source("real", tuple(moments), met, met, moments[-1] + HOUR))
    return sources


def _dates(path: Path) -> list[float]:
    """Distinct dates in seconds since `MONDAY`; none of documents that only name days."""
    if path.suffix in (".opml", ".md", ".py", ".tsv", ".json"):
        return []
    result = feedparser.parse(io.BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False)
    found = set()
    for entry in result.entries:
        raws = [value for key in ("published", "updated") if (value := dict.get(entry, key))]
        instant, _ = judge_dates(raws, _FETCHED)
        if instant is not None:
            found.add((instant - MONDAY).total_seconds())
    whole_hours = sum(1 for at in found if at % HOUR == 0)
    return [] if whole_hours > len(found) / 2 else sorted(found)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def row(name: str, outcome: Outcome, beside: Outcome | None = None) -> None:
    """One line of the table; the ratio is of medians."""
    ratio = f"{outcome.median / beside.median:5.2f}" if beside else "     "
    say(
        f"  {name:34} {outcome.requests:8.1f} {outcome.median / MINUTE:9.1f} "
        f"{outcome.quantile(0.9) / MINUTE:9.1f} {outcome.usual_feed / MINUTE:9.1f}  {ratio}"
    )


def measure(name: str, sources: Sequence[Source], scaled: Iterable[float]) -> float:
    """Print one table; returns the worst ratio to the best other at the same requests."""
    say(f"{name}: {len(sources)} feeds, {sum(len(one.posts) for one in sources)} entries")
    say(f"  {'':34} requests    median       p90 usual feed  ratio")
    say(f"  {'':34} feed/day   minutes   minutes   minutes")
    others = {
        "fixed 15 minutes": compare(sources, _fixed(15 * MINUTE)),
        "fixed 60 minutes": compare(sources, _fixed(60 * MINUTE)),
        "Miniflux (5 min to 24 h, factor 1)": compare(sources, lambda _: EntryFrequency()),
    }
    worst = 0.0
    for other, outcome in others.items():
        row(other, outcome)
        ours = _ours_at(sources, outcome.requests)
        row("  ours at its requests", ours, outcome)
        worst = max(worst, ours.median / outcome.median)
    for requests in scaled:
        say(f"  everyone at {requests:g} requests, bounds of the others moved with them")
        fixed = at_requests(sources, _fixed, requests, low=MINUTE, high=DAY, steps=10)[1]
        frequency = at_requests(sources, _frequency, requests, low=0.05, high=50, steps=10)[1]
        row("  fixed", fixed)
        row("  Miniflux, scaled", frequency)
        row(
            "  a rate alone, no hours",
            _ours_at(sources, requests, hours=False),
            min((fixed, frequency), key=_median),
        )
        ours = _ours_at(sources, requests)
        row("  ours", ours, min((fixed, frequency), key=_median))
        worst = max(worst, ours.median / min(fixed.median, frequency.median))
    default = PollingSettings()
    row(
        "ours with the settings' defaults",
        compare(sources, lambda n: Learned(default.per_poll, n, default.shortest, default.longest)),
    )
    return worst


def _median(outcome: Outcome) -> float:
    return outcome.median


def _fixed(every: float) -> Callable[[int], Chooser]:
    return lambda number: Fixed(every, (number * 0.618 % 1) * every)


def _frequency(scale: float) -> Callable[[int], Chooser]:
    return lambda _: EntryFrequency(scale)


def _ours_at(sources: Sequence[Source], requests: float, *, hours: bool = True) -> Outcome:
    """At most so many requests, within the daemon's own floor and Miniflux's ceiling."""
    shortest = float(PollingSettings().shortest)

    def make(per_poll: float) -> Callable[[int], Chooser]:
        return lambda number: Learned(per_poll, number, shortest, DAY, hours=hours)

    found = at_requests(sources, make, requests, low=0.02, high=20, steps=10)[1]
    return found if not math.isnan(found.median) else compare(sources, make(20))


def made(*seeds: int) -> list[Source]:
    """Three weeks to learn from, two to be judged by."""
    return [source for seed in seeds for source in synthetic(days=35, learn=21, seed=seed)]


def table(name: str) -> str:
    """One of `TABLES`, as text."""
    with redirect_stdout(io.StringIO()) as told:
        worst = measure(name, TABLES[name](), (24.0,))
        say(f"  worst ratio of medians: {worst:.2f} (bound 0.70)\n")
    return told.getvalue()


TABLES: dict[str, Callable[[], list[Source]]] = {
    "synthetic, seeds 1 and 2": lambda: made(1, 2),
    "synthetic, seeds 11 and 12, on which nothing was chosen": lambda: made(11, 12),
    "real dates": real,
}


def main() -> None:
    """All tables, on two processes."""
    names = [name for name in TABLES if TABLES[name] is not real or FEEDS.exists()]
    with ProcessPoolExecutor(2) as workers:
        for text in workers.map(table, names):
            say(text)
    if not FEEDS.exists():
        say("the real feeds are not beside this checkout: synthetic only")


if __name__ == "__main__":
    main()
