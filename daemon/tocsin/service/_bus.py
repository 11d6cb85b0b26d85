"""Buses inside one process: one queue a topic, ids waiting once at the most."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence

from tocsin.ports import BusMessage

_CLOSED = None


class InProcessBus:
    """`tocsin.ports.Bus` on asyncio queues.

    A full queue drops what is published: the rows still wait in the store, and the next sweep announces them
    again. That is the backpressure.

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


class SteppedBus:
    """`tocsin.ports.Bus` that hands out one id at a time over all stages, the last stage first.

    An article is thus followed to its messages before the next one is read, so that the same feeds, asked in
    the same order, give the same revisions, alerts and messages. For replays; it uses one processor only.

    Args:
        topics: the stages, in the order of the flow. Each needs a reader.
    """

    def __init__(self, topics: Sequence[str]) -> None:
        self._waiting: dict[str, deque[str]] = {topic: deque() for topic in reversed(topics)}
        self._turn = asyncio.Condition()
        self._busy = self._closed = False

    async def publish(self, topic: str, ids: Iterable[str]) -> None:
        """Announce rows; an id that already waits is not announced twice."""
        async with self._turn:
            waiting = self._waiting[topic]
            waiting.extend(row for row in dict.fromkeys(ids) if row not in waiting)
            self._turn.notify_all()

    async def messages(self, topic: str) -> AsyncIterator[BusMessage]:
        """Ids for one stage, each when all before it are done, until the bus is closed."""
        while True:
            async with self._turn:
                await self._turn.wait_for(lambda: self._closed or self._is_next(topic))
                if self._closed:
                    return
                self._busy = True
                row = self._waiting[topic].popleft()
            yield BusMessage(topic, row)

    def _is_next(self, topic: str) -> bool:
        return not self._busy and topic == next((name for name, rows in self._waiting.items() if rows), None)

    async def done(self, message: BusMessage) -> None:  # noqa: ARG002 - there is only one
        """The next one may be taken."""
        async with self._turn:
            self._busy = False
            self._turn.notify_all()

    async def close(self) -> None:
        """End every reader once it is done with what it has."""
        async with self._turn:
            self._closed = True
            self._turn.notify_all()
