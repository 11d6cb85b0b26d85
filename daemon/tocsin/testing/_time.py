"""A clock that stands still until told, and ids that can be foreseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

_EPOCH = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


class FakeClock:
    """A `Clock` that moves only by `advance` and `set`."""

    def __init__(self, start: datetime = _EPOCH) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._now

    def advance(self, by: timedelta | float) -> datetime:
        """Move on by a duration or by seconds; returns the new moment. A clock never goes back."""
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        if step < timedelta(0):
            raise ValueError(f"a clock never goes back, asked for {step}")
        self._now += step
        return self._now

    def set(self, moment: datetime) -> datetime:
        """Jump to a moment, earlier ones included (a machine whose time was corrected)."""
        self._now = _aware(moment)
        return self._now


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no zone; pass UTC")
    return moment.astimezone(UTC)


class SequentialIds:
    """`Ids` in the form of UUIDv7 that count: the last part of the first one ends in ...001."""

    def __init__(self, start: int = 1) -> None:
        self._numbers = count(start)

    def new(self) -> UUID:
        """The next one; always greater than all before."""
        return numbered_id(next(self._numbers))


def numbered_id(number: int) -> UUID:
    """The id that `SequentialIds` gives as its `number`-th, for naming one in a test."""
    version, variant = 7 << 76, 0b10 << 62
    return UUID(int=(int(_EPOCH.timestamp()) * 1000 << 80) | version | variant | number)
