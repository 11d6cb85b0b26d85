"""Politeness, on a clock of its own."""

from __future__ import annotations

import asyncio

import pytest

from tocsin.model import TurnRule
from tocsin.polling import _gate
from tocsin.polling._gate import HostGate


class Time:
    """Time that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = 0.0

    def now(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += seconds
        await asyncio.sleep(0)


async def test_spacing_between_starts():
    """Two requests to one host start at least `spacing` apart; other hosts do not wait."""
    time = Time()
    gate = HostGate(5, 2.0, 10, time=time.now, sleep=time.sleep)
    starts: list[float] = []

    async def ask(host: str) -> None:
        async with gate.place(host):
            starts.append(time.moment)

    for host in ("a", "a", "a"):
        await ask(host)
    assert starts == [0.0, 2.0, 4.0]
    await ask("b")
    assert starts[-1] == 4.0


@pytest.mark.parametrize(("per_host", "concurrency", "most"), [(2, 10, 2), (5, 3, 3)])
async def test_limits(per_host, concurrency, most):
    """No more at once than the host allows, nor than allowed in all."""
    gate = HostGate(per_host, 0, concurrency)
    inside = peak = 0

    async def ask() -> None:
        nonlocal inside, peak
        async with gate.place("a"):
            inside += 1
            peak = max(peak, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(20)))
    assert peak == most


async def test_waiting_for_a_host_takes_no_common_place():
    """A host with many feeds does not hold up the others."""
    gate = HostGate(1, 0, 2)
    order: list[str] = []

    async def ask(host: str, seconds: float) -> None:
        async with gate.place(host):
            order.append(host)
            await asyncio.sleep(seconds)

    slow = [asyncio.create_task(ask("slow", 0.05)) for _ in range(3)]
    await asyncio.sleep(0)
    await ask("quick", 0)
    assert order == ["slow", "quick"]
    await asyncio.gather(*slow)


async def test_a_cancelled_request_gives_its_place_back():
    """Whoever leaves, by error or cancellation, frees the place."""
    gate = HostGate(1, 0, 1)
    with pytest.raises(ValueError, match="x"):
        async with gate.place("a"):
            raise ValueError("x")
    holder = asyncio.create_task(_hold(gate))
    await asyncio.sleep(0)
    waiter = asyncio.create_task(_hold(gate))
    await asyncio.sleep(0)
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    async with asyncio.timeout(1), gate.place("a"):
        pass


async def _hold(gate: HostGate) -> None:
    async with gate.place("a"):
        await asyncio.sleep(60)


async def test_idle_hosts_are_forgotten(monkeypatch):
    """Hosts asked long ago take no memory; those within their spacing are remembered."""
    monkeypatch.setattr(_gate, "_TIDY_ABOVE", 3)
    time = Time()
    gate = HostGate(1, 10.0, 5, time=time.now, sleep=time.sleep)
    for host in ("a", "b", "c", "d"):
        async with gate.place(host):
            pass
    assert len(gate._lanes) == 4
    time.moment = 100.0
    async with gate.place("e"):
        pass
    assert set(gate._lanes) == {"e"}


async def test_a_turn_tells_what_held_it_back():
    """How long a request waited, and by which rule the most."""
    time = Time()
    gate = HostGate(2, 2.0, 5, time=time.now, sleep=time.sleep)
    async with gate.place("a") as first:
        pass
    async with gate.place("a") as second:
        pass
    async with gate.place("a", 10.0) as third:
        pass
    async with gate.place("b") as other:
        pass
    assert [(turn.waited, turn.rule) for turn in (first, second, third, other)] == [
        (0.0, TurnRule.NONE),
        (2.0, TurnRule.SPACING),
        (10.0, TurnRule.CRAWL_DELAY),
        (0.0, TurnRule.NONE),
    ]


async def test_a_shorter_spacing_than_usual_is_not_granted():
    """A request may ask for more distance, never for less."""
    time = Time()
    gate = HostGate(2, 2.0, 5, time=time.now, sleep=time.sleep)
    async with gate.place("a"):
        pass
    async with gate.place("a", 0.5):
        assert time.moment == 2.0
