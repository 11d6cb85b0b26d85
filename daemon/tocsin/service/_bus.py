"""The in-process bus: one bounded queue a topic, ids waiting once at the most.

A full queue drops what is published: the rows still wait in the store, and the next sweep announces them
again. That is the backpressure.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from tocsin.ports import BusMessage

_CLOSED = None


class InProcessBus:
    """`tocsin.ports.Bus` on asyncio queues.

    Args:
        capacity: ids that may wait for one stage.
    """

    def __init__(self, capacity: int = 2_000) -> None:
        self._capacity = capacity
        self._queues: dict[str, asyncio.Queue[str | None]] = {}
        self._held: dict[str, set[str]] = {}
        self._readers: dict[str, int] = {}
        self._closed = False

    async def publish(self, topic: str, ids: Iterable[str]) -> None:
        """Announce rows; an id that already waits or is being worked on is not announced twice."""
        queue, held = self._topic(topic)
        for row in ids:
            if self._closed or len(held) >= self._capacity:
                return
            if row not in held:
                held.add(row)
                queue.put_nowait(row)

    async def messages(self, topic: str) -> AsyncIterator[BusMessage]:
        """Ids for one stage until the bus is closed; several readers share one topic."""
        queue, _ = self._topic(topic)
        self._readers[topic] = self._readers.get(topic, 0) + 1
        while not self._closed:
            row = await queue.get()
            if row is _CLOSED:
                return
            yield BusMessage(topic, row)

    async def done(self, message: BusMessage) -> None:
        """The row may be announced again."""
        self._topic(message.topic)[1].discard(message.id)

    def waiting(self, topic: str) -> int:
        """How many ids wait for or are in this stage."""
        return len(self._topic(topic)[1])

    async def close(self) -> None:
        """End every reader once it is done with what it has."""
        self._closed = True
        for topic, queue in self._queues.items():
            for _ in range(self._readers.get(topic, 0)):
                queue.put_nowait(_CLOSED)

    def _topic(self, topic: str) -> tuple[asyncio.Queue[str | None], set[str]]:
        return self._queues.setdefault(topic, asyncio.Queue()), self._held.setdefault(topic, set())
