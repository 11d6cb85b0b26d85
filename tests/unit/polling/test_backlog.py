"""Bodies that wait for the parser hold further requests back."""

from __future__ import annotations

import asyncio

import pytest

from tocsin.polling._gate import HostGate
from tocsin.polling._poller import _Backlog


async def test_no_request_starts_while_too_much_waits():
    """What was in line before the bodies came waits all the same, and starts when there is room."""
    backlog, gate, started = _Backlog(100), HostGate(2, 0.0, 2), asyncio.Event()

    async def ask() -> None:
        async with gate.place("one.example", ready=backlog.low):
            started.set()

    with backlog.holding(100):
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.02)
        assert not started.is_set()
    await asyncio.wait_for(asking, 1)
    assert started.is_set()


async def test_spacing_counts_from_the_start_not_from_the_wait():
    """Two requests of a lane that were held back do not start together."""
    now = [0.0]
    room = asyncio.Event()

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        await asyncio.sleep(0)

    gate = HostGate(2, 1.0, 8, time=lambda: now[0], sleep=sleep)
    starts: list[float] = []

    async def ready() -> None:
        await room.wait()

    async def ask() -> None:
        async with gate.place("one.example", ready=ready):
            starts.append(now[0])

    asking = [asyncio.create_task(ask()) for _ in range(2)]
    await asyncio.sleep(0.01)
    now[0] = 10.0
    room.set()
    await asyncio.gather(*asking)
    assert starts[1] - starts[0] >= 1.0


async def test_who_gives_up_waiting_takes_no_place():
    """A cancelled or failing wait gives its place among all back."""
    gate = HostGate(1, 0.0, 1)

    async def refuse() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        async with gate.place("one.example", ready=refuse):
            pass
    async with asyncio.timeout(1), gate.place("one.example"):
        pass
