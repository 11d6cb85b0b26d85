"""Politeness: at most so many requests in one lane at once, and so many seconds between their starts.

A lane is a registrable domain, as `tocsin.network.lane_of` says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from tocsin.model import TurnRule

Ready = Callable[[], Awaitable[None]]

_TIDY_ABOVE = 4096  # lanes kept before idle ones are forgotten
_NOTICEABLE = 0.001  # seconds of waiting that are worth a word


@dataclass(frozen=True, slots=True)
class Turn:
    """How long a request waited for its turn, and the rule that held it back the longest."""

    waited: float  # seconds
    rule: TurnRule


@dataclass(slots=True)
class _Lane:
    places: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    rest: float = 0.0  # the longest spacing asked for here lately
    users: int = 0


class HostGate:
    """Hands out places, lane by lane and in all.

    Args:
        per_host: requests in one lane at once.
        spacing: seconds between the starts of two requests in one lane.
        concurrency: requests at once in all; one that waits for its lane takes no place here.
        time, sleep: the monotonic clock and how to wait on it.
    """

    def __init__(
        self,
        per_host: int,
        spacing: float,
        concurrency: int,
        *,
        time: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._per_host = per_host
        self._spacing = spacing
        self._all = asyncio.Semaphore(concurrency)
        self._time = time
        self._sleep = sleep
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def place(self, host: str, spacing: float = 0.0, ready: Ready | None = None) -> AsyncIterator[Turn]:
        """Wait for the lane's turn and hold the place; `spacing` counts when it is more than the usual.

        `ready` is awaited last: the asker may have no room for an answer yet.
        """
        lane = self._lanes.get(host) or self._lanes.setdefault(host, _Lane(asyncio.Semaphore(self._per_host)))
        lane.users += 1
        asked = self._time()
        try:
            async with lane.places:
                placed = self._time() - asked
                turn = await self._start(lane, placed, spacing, ready)
                try:
                    yield turn
                finally:
                    self._all.release()
        finally:
            lane.users -= 1
            self._tidy()

    async def _start(self, lane: _Lane, placed: float, spacing: float, ready: Ready | None) -> Turn:
        """Leaves with a place among all taken; the lane's lock keeps starts apart while they queue."""
        queued = self._time()
        async with lane.turn:
            usual = max(spacing, self._spacing)
            while (wait := lane.last_start + usual - self._time()) > 0:
                await self._sleep(wait)
            spaced = self._time() - queued
            await self._admitted(ready)
            crowded = self._time() - queued - spaced
            lane.last_start = self._time()
        lane.rest = max(usual, lane.rest if lane.users > 1 else 0.0)
        rule = TurnRule.CRAWL_DELAY if spacing > self._spacing else TurnRule.SPACING
        waits = ((placed, TurnRule.PLACES), (spaced, rule), (crowded, TurnRule.CONCURRENCY))
        longest, held = max(waits, key=lambda one: one[0])
        return Turn(placed + spaced + crowded, held if longest >= _NOTICEABLE else TurnRule.NONE)

    async def _admitted(self, ready: Ready | None) -> None:
        await self._all.acquire()
        if ready is None:
            return
        try:
            await ready()
        except BaseException:
            self._all.release()
            raise

    def _tidy(self) -> None:
        if len(self._lanes) <= _TIDY_ABOVE:
            return
        now = self._time()
        idle = [host for host, lane in self._lanes.items() if not lane.users]
        for host in idle:
            lane = self._lanes[host]
            if lane.last_start + max(lane.rest, self._spacing) <= now:
                del self._lanes[host]
