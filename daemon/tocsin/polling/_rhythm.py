"""When a feed posts, learned from its dates, and when it is asked so that a poll brings what it should. Pure.

A gamma-Poisson model: the rate is a base (fading to 1/e within thirty days) times factors of the hour of
the day, the day of the week and the five minutes of the hour, each against the time it was watched and drawn
to 1 while little is known, times the surge of the last hours. Times are UTC. Why this model: docs/decisions/0013-posting-rhythm.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from tocsin.model import Rhythm

_HOURS = 3600.0
_MEMORY = 24 * 30.0  # hours until a posting counts 1/e
_LOOK_BACK = 24 * 56.0  # hours of a first document that count
_SURGE = 12.0  # hours until a surge has faded to 1/e
_DOUBT = 2.0  # entries as expected that each factor is given in advance
_SURGE_DOUBT = 0.7  # the same for the surge
_LULL = 0.25  # a day without entries may be a holiday, and the next one is none
_UNSEEN = 2.0  # hours in which half an entry is given in advance
_EVEN = 24 * 14.0  # hours after which every hour and weekday was watched as long as any other, nearly
_STEP = 1 / 12  # hours
_PATIENCE = 0.1
_EPSILON = 1e-9
_WEEK = 24 * 7.0


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Rates in entries an hour, ready to be asked for a moment in hours since 1970."""

    base: float
    by_hour: tuple[float, ...]
    by_day: tuple[float, ...]
    by_minute: tuple[float, ...]
    surge: float
    since: float  # the poll it was made at

    def usual(self, at: float) -> float:
        """Without the surge and the minutes."""
        return self.base * self.by_hour[int((at + _EPSILON) % 24)] * self.by_day[_day(at)]

    def rate(self, at: float) -> float:
        """With them."""
        return self.usual(at) * self.by_minute[int((at + _EPSILON) * 12 % 12)] * self.surge_at(at)

    def surge_at(self, at: float) -> float:
        """What is left of the surge of the last hours, as a factor."""
        return 1 + (self.surge - 1) * math.exp((self.since - at) / _SURGE)


def learn(rhythm: Rhythm | None, posted: Sequence[datetime], now: datetime) -> Rhythm | None:
    """Take in what a poll at `now` brought; None while not a single date was seen.

    The first document counts as far back as it reaches, eight weeks at most. Later ones count what is new in
    them: dates that lie before the last poll's newest by more than a week are an archive, not a rhythm.
    """
    moment = _hours(now)
    known = sorted(_hours(at) for at in posted if _hours(at) <= moment)
    if rhythm is None:
        recent = [at for at in known if at >= moment - _LOOK_BACK]
        return _first(recent or known[-1:], moment, now) if known else None
    oldest = _hours(rhythm.updated) - 24 * 7
    return _later(rhythm, [at for at in known if at >= oldest], now)


def next_wait(
    rhythm: Rhythm, now: datetime, per_poll: float, shortest: timedelta, longest: timedelta
) -> timedelta:
    """How long until enough entries are to be expected, between the two bounds.

    Enough is `per_poll` after an hour, and grows with the tenth root of the wait: most entries are those of
    busy feeds. Silence since `rhythm` was learned is evidence, too.
    """
    start = _hours(now)
    forecast = _forecast(_faded(rhythm, now), start)
    end = start + longest.total_seconds() / _HOURS
    at, expected = start, 0.0
    while at < end:
        hour = min(end, math.floor(at + _EPSILON) + 1.0)
        brings = forecast.usual(at) * forecast.surge_at((at + hour) / 2) * (hour - at)
        if expected + 2 * brings >= per_poll * (hour - start) ** _PATIENCE:  # a look at its minutes
            found, expected = _within(forecast, (at, hour), expected, per_poll)
            if found is not None:
                at = found
                break
        else:
            expected += brings
        at = hour
    return min(max(timedelta(hours=at - start), shortest), longest)


def _within(
    forecast: _Forecast, hour: tuple[float, float], expected: float, per_poll: float
) -> tuple[float | None, float]:
    """The moment in this hour at which enough is expected, or None with what is expected at its end."""
    at, end = hour
    while at < end - _EPSILON:
        upto = min(end, (math.floor(at / _STEP + _EPSILON) + 1) * _STEP)
        brings = forecast.rate(at) * (upto - at)
        enough = per_poll * (upto - forecast.since) ** _PATIENCE
        if expected + brings >= enough:
            return at + (upto - at) * min(1.0, max(0.0, (enough - expected) / brings)), enough
        expected += brings
        at = upto
    return None, expected


def entries_a_day(rhythm: Rhythm, now: datetime) -> float:
    """How many entries a day are usual."""
    faded = _faded(rhythm, now)
    return 24 * _base(sum(faded.by_hour), faded.span)


def expected_between(rhythm: Rhythm, since: datetime, until: datetime) -> float:
    """How many entries the rhythm, as it was learned, lets expect between two moments."""
    start, end = _hours(since), _hours(until)
    forecast = _forecast(rhythm, _hours(rhythm.updated))
    weeks = math.floor(max(0.0, end - start) / _WEEK)
    total = weeks * forecast.base * sum(forecast.by_hour) * sum(forecast.by_day)
    at = start + weeks * _WEEK
    while at < end:
        upto = min(end, math.floor(at + _EPSILON) + 1.0)
        total += forecast.usual(at) * (upto - at)
        at = upto
    return total


def _first(known: list[float], moment: float, now: datetime) -> Rhythm:
    observed = max(1.0, moment - known[0])
    rhythm = Rhythm(
        by_hour=(0.0,) * 24,
        by_day=(0.0,) * 7,
        by_minute=(0.0,) * 12,
        span=_MEMORY * (1 - math.exp(-observed / _MEMORY)),
        updated=now,
        latest=_moment(known[-1]),
        gap=median(_gaps(known)) if len(known) > 1 else None,
    )
    rhythm = _added(rhythm, [(at, math.exp((at - moment) / _MEMORY)) for at in known])
    return replace(
        rhythm,
        recent=sum(math.exp((at - moment) / _SURGE) for at in known),
        foreseen=_foreseen_at_first(rhythm, observed, moment),
    )


def _foreseen_at_first(rhythm: Rhythm, observed: float, moment: float) -> float:
    """Of a short document without its hours: they were learned of the very entries that they would explain."""
    if observed >= _WEEK:
        return _foreseen(rhythm, moment - observed, moment)
    return _base(sum(rhythm.by_hour), rhythm.span) * _SURGE * (1 - math.exp(-observed / _SURGE))


def _later(rhythm: Rhythm, known: list[float], now: datetime) -> Rhythm:
    faded, moment = _faded(rhythm, now), _hours(now)
    recent = faded.recent + sum(math.exp((at - moment) / _SURGE) for at in known)
    added = _added(replace(faded, recent=recent), [(at, 1.0) for at in known])
    latest, gap = rhythm.latest, rhythm.gap
    for at in known:
        if latest is not None and at > _hours(latest):
            gap = _usual_gap(gap, at - _hours(latest))
        latest = max(latest, _moment(at)) if latest else _moment(at)
    return replace(added, latest=latest, gap=gap)


def _usual_gap(gap: float | None, seen: float) -> float:
    """The median of a stream, by steps of a tenth."""
    if gap is None or gap <= 0:
        return seen
    return gap * 1.1 if seen > gap else gap / 1.1


def _added(rhythm: Rhythm, weighted: list[tuple[float, float]]) -> Rhythm:
    hours, days, minutes = list(rhythm.by_hour), list(rhythm.by_day), list(rhythm.by_minute)
    for at, weight in weighted:
        hours[int((at + _EPSILON) % 24)] += weight
        days[_day(at)] += weight
        minutes[int((at + _EPSILON) * 12 % 12)] += weight
    return replace(rhythm, by_hour=tuple(hours), by_day=tuple(days), by_minute=tuple(minutes))


def _faded(rhythm: Rhythm, now: datetime) -> Rhythm:
    """What is left of it, with the time since as observed: the entries foreseen in it count against a surge."""
    passed = max(0.0, _hours(now) - _hours(rhythm.updated))
    kept = math.exp(-passed / _MEMORY)
    since, until = _hours(rhythm.updated), _hours(now)
    foreseen = rhythm.foreseen * math.exp(-passed / _SURGE) + _foreseen(rhythm, since, until)
    return replace(
        rhythm,
        by_hour=tuple(weight * kept for weight in rhythm.by_hour),
        by_day=tuple(weight * kept for weight in rhythm.by_day),
        by_minute=tuple(weight * kept for weight in rhythm.by_minute),
        span=rhythm.span * kept + _MEMORY * (1 - kept),
        recent=rhythm.recent * math.exp(-passed / _SURGE),
        foreseen=foreseen,
        updated=max(now, rhythm.updated),
    )


def _foreseen(rhythm: Rhythm, since: float, moment: float) -> float:
    """Entries that were to be expected between two moments, those of the last hours counting most."""
    forecast = _forecast(rhythm, moment)
    at = max(since, moment - 4 * _SURGE)
    total = 0.0
    while at < moment:
        upto = min(moment, math.floor(at) + 1.0)
        weight = math.exp((upto - moment) / _SURGE) - math.exp((at - moment) / _SURGE)
        total += forecast.usual(at) * _SURGE * weight
        at = upto
    return total


def _forecast(rhythm: Rhythm, moment: float) -> _Forecast:
    count = sum(rhythm.by_hour)
    base = _base(count, rhythm.span)
    hours, days = _watched(rhythm)
    return _Forecast(
        base=base,
        by_hour=_factors(rhythm.by_hour, [base * watched for watched in hours], _DOUBT + base),
        by_day=_factors(rhythm.by_day, [base * watched for watched in days], _DOUBT + 24 * base),
        by_minute=_factors(rhythm.by_minute, [count / 12] * 12, _DOUBT),
        surge=max(_LULL, (rhythm.recent + _SURGE_DOUBT) / (rhythm.foreseen + _SURGE_DOUBT)),
        since=moment,
    )


def _base(count: float, span: float) -> float:
    """Half an entry is given in advance, so that no feed is thought dead or endless."""
    return (count + 0.5) / (span + _UNSEEN)


def _watched(rhythm: Rhythm) -> tuple[Sequence[float], Sequence[float]]:
    """How long each hour of the day and each day of the week was watched, in hours that fade as the weights do.

    A document of this morning's entries says nothing of the night: it must not be thought a time of silence.
    """
    long, end = observed_hours(rhythm), _hours(rhythm.updated)
    if long >= _EVEN:
        return (rhythm.span / 24,) * 24, (rhythm.span / 7,) * 7
    hours, days = [0.0] * 24, [0.0] * 7
    at = end - long
    while at < end:
        upto = min(end, math.floor(at + _EPSILON) + 1.0)
        weight = (upto - at) * math.exp((at - end) / _MEMORY)
        hours[int((at + _EPSILON) % 24)] += weight
        days[_day(at)] += weight
        at = upto
    return hours, days


def observed_hours(rhythm: Rhythm) -> float:
    """For how long a feed had been watched, its first document included, when the rhythm was last updated."""
    return -_MEMORY * math.log(max(1 - rhythm.span / _MEMORY, _EPSILON))


def _factors(weights: Sequence[float], expected: Sequence[float], doubt: float) -> tuple[float, ...]:
    return tuple((weight + doubt) / (most + doubt) for weight, most in zip(weights, expected, strict=True))


def _gaps(known: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(known)]


def _hours(at: datetime) -> float:
    return at.timestamp() / _HOURS


def _moment(hours: float) -> datetime:
    return datetime.fromtimestamp(hours * _HOURS, UTC)


def _day(at: float) -> int:
    return int(((at + _EPSILON) // 24 + 3) % 7)  # 1970 began on a Thursday
