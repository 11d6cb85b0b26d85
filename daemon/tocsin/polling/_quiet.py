"""Whether a feed that answers has gone quiet: far more entries were to be expected than came. Pure.

A silence is judged against the feed's own rhythm. The usual gap alone would call every night and weekend a
silence; what was to be expected, hour by hour and weekday by weekday, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.model import Feed, Rhythm
from tocsin.polling._rhythm import expected_between, learn, observed_hours
from tocsin.polling._schedule import in_words

_KNOWN = 4.0  # entries, the older ones counting less, from which on a rhythm is known well enough
_MISSED = 8.0  # entries that were to be expected; by chance none comes in 1 of 3,000 such silences
_GAPS = 10.0  # usual gaps
_SHORTEST = timedelta(days=1)
_WATCHED = 24 * 7.0  # hours after which nights and weekends are known
_STRANGE = timedelta(days=14)  # the shortest silence of a feed that was watched for less


class Silence(StrEnum):
    """What the time since a feed's newest entry means."""

    UNKNOWN = "unknown"  # too few dates were seen to know what is usual
    USUAL = "usual"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class SilenceVerdict:
    """What a silence means, and one sentence that says why."""

    silence: Silence
    why: str


def judge_silence(rhythm: Rhythm | None, now: datetime) -> SilenceVerdict:
    """Quiet is a silence of a day, ten usual gaps and eight entries that were to be expected, at the least.

    Two weeks where the feed was known for less than one before: a document may hold one issue of a weekly.
    """
    if rhythm is None or rhythm.latest is None or rhythm.gap is None or sum(rhythm.by_hour) < _KNOWN:
        return SilenceVerdict(Silence.UNKNOWN, "too few dates were seen to know its usual gap")
    passed = now - rhythm.latest
    usual = timedelta(hours=rhythm.gap)
    told = f"newest entry {in_words(passed)} ago, usual gap {in_words(usual)}"
    shortest = _SHORTEST if observed_hours(rhythm) >= _WATCHED else _STRANGE
    if passed < max(shortest, _GAPS * usual):
        return SilenceVerdict(Silence.USUAL, told)
    missed = expected_between(rhythm, rhythm.latest, now)
    if missed < _MISSED:
        return SilenceVerdict(Silence.USUAL, f"{told}, {missed:.1f} entries were to be expected since")
    return SilenceVerdict(Silence.QUIET, f"{told}, {missed:.0f} entries were to be expected since")


def quiet_since(feed: Feed, now: datetime) -> datetime | None:
    """When the feed was found quiet: `now` for one that goes quiet, None for one that posts as usual."""
    latest = feed.rhythm.latest if feed.rhythm else None
    if latest is not None and now - latest < _SHORTEST:  # almost all polls end here
        return None
    if feed.quiet_since is not None and latest is not None and latest < feed.quiet_since:
        return feed.quiet_since  # without a newer entry more and more is missed
    quiet = judge_silence(feed.rhythm, now).silence is Silence.QUIET
    return (feed.quiet_since or now) if quiet else None


def silence_of(dates: Sequence[datetime], now: datetime) -> SilenceVerdict:
    """The same from the dates of one document alone, for a feed that was never polled."""
    known = [at for at in dates if at <= now]
    return judge_silence(learn(None, known, max(known)) if known else None, now)


def change_in_words(before: Feed, after: Feed, now: datetime) -> str | None:
    """One clause for the log of a poll when a feed goes quiet or posts again, else None."""
    if before.quiet_since is None and after.quiet_since is not None:
        return f"it has gone quiet: {judge_silence(after.rhythm, now).why}"
    if before.quiet_since is not None and after.quiet_since is None:
        return f"it posts again, after it was quiet since {before.quiet_since:%Y-%m-%d}"
    return None
