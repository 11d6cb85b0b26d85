"""The in-process bus: at least once, bounded, and gone without loss."""

from __future__ import annotations

import asyncio

from tocsin.ports import Bus
from tocsin.service import InProcessBus, SteppedBus


async def take(bus, topic, count):
    taken = []
    async for message in bus.messages(topic):
        taken.append(message.id)
        await bus.done(message)
        if len(taken) == count:
            return taken
    return taken


def test_it_is_a_bus():
    """The adapter fits the port."""
    assert isinstance(InProcessBus(), Bus)
    assert isinstance(SteppedBus(("a",)), Bus)


async def test_ids_come_in_order_and_only_to_their_topic():
    """First in, first out."""
    bus = InProcessBus()
    await bus.publish("a", ["1", "2"])
    await bus.publish("b", ["3"])
    assert await take(bus, "a", 2) == ["1", "2"]
    assert bus.waiting("b") == 1


async def test_an_id_that_waits_or_is_in_work_is_not_announced_twice():
    """The sweep may announce everything as often as it likes."""
    bus = InProcessBus()
    await bus.publish("a", ["1", "1"])
    await bus.publish("a", ["1"])
    stream = bus.messages("a")
    message = await anext(stream)
    await bus.publish("a", ["1"])
    assert bus.waiting("a") == 1
    await bus.done(message)
    await bus.publish("a", ["1"])
    assert (await anext(stream)).id == "1"
    await stream.aclose()


async def test_a_full_topic_drops_what_the_sweep_will_bring_again():
    """Backpressure: the rows still wait in the store."""
    bus = InProcessBus(capacity=3)
    await bus.publish("a", map(str, range(10)))
    assert bus.waiting("a") == 3


async def test_several_readers_share_a_topic():
    """Each id goes to one of them."""
    bus = InProcessBus()
    await bus.publish("a", ["1", "2", "3", "4"])
    taken = await asyncio.gather(take(bus, "a", 2), take(bus, "a", 2))
    assert sorted(row for some in taken for row in some) == ["1", "2", "3", "4"]


async def test_closing_ends_every_reader_and_takes_nothing_more():
    """A clean stop does not hang on an empty queue."""
    bus = InProcessBus()
    readers = [asyncio.create_task(take(bus, "a", 5)) for _ in range(3)]
    await asyncio.sleep(0)
    await bus.close()
    assert await asyncio.gather(*readers) == [[], [], []]
    await bus.publish("a", ["1"])
    assert bus.waiting("a") == 0
    assert await take(bus, "a", 1) == []


async def test_stepped_ids_are_followed_to_the_last_stage_before_the_next_one_is_taken():
    """One at a time over all stages, in the order in which they were announced."""
    bus = SteppedBus(("read", "link", "send"))
    steps, later = [], {"read": "link", "link": "send"}

    async def work(topic):
        async for message in bus.messages(topic):
            steps.append(f"{topic} {message.id}")
            await asyncio.sleep(0)
            if topic in later:
                await bus.publish(later[topic], [message.id])
            await bus.done(message)
            if len(steps) == 6:
                await bus.close()

    await bus.publish("read", ["1", "2", "1"])
    await asyncio.wait_for(asyncio.gather(*(work(topic) for topic in ("read", "read", "link", "send"))), 5)
    assert steps == ["read 1", "link 1", "send 1", "read 2", "link 2", "send 2"]


async def test_a_stepped_bus_that_is_closed_ends_its_readers():
    """Those that wait, and what still waits is left to the next start."""
    bus = SteppedBus(("a",))
    reader = asyncio.create_task(take(bus, "a", 1))
    await asyncio.sleep(0)
    await bus.close()
    await bus.publish("a", ["1"])
    assert await asyncio.wait_for(reader, 5) == []
