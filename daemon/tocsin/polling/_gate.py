"""Politeness: at most so many requests to one host at once, and so many seconds between their starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

_TIDY_ABOVE = 4096  # hosts kept before idle ones are forgotten


@dataclass(slots=True)
class _Lane:
    places: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    users: int = 0


class HostGate:
    """Hands out places, host by host and in all.

    Args:
        per_host: requests to one host at once.
        spacing: seconds between the starts of two requests to one host.
        concurrency: requests at once in all; one that waits for its host takes no place here.
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
    async def place(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold the place."""
        lane = self._lanes.get(host) or self._lanes.setdefault(host, _Lane(asyncio.Semaphore(self._per_host)))
        lane.users += 1
        try:
            async with lane.places:
                await self._start(lane)
                try:
                    yield
                finally:
                    self._all.release()
        finally:
            lane.users -= 1
            self._tidy()

    async def _start(self, lane: _Lane) -> None:
        """Leaves with a place among all taken; the lane's lock keeps starts apart while they queue."""
        async with lane.turn:
            wait = lane.last_start + self._spacing - self._time()
            if wait > 0:
                await self._sleep(wait)
            await self._all.acquire()
            lane.last_start = self._time()

    def _tidy(self) -> None:
        if len(self._lanes) <= _TIDY_ABOVE:
            return
        over = self._time() - self._spacing
        for host in [
            host for host, lane in self._lanes.items() if not lane.users and lane.last_start <= over
        ]:
            del self._lanes[host]
