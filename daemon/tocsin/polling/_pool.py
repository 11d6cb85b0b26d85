"""Parsing off the event loop: a few `ParserProcess`es behind an async face."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from tocsin.polling._formats import ParsedFeed, Way
from tocsin.polling._worker import MEMORY, ParserProcess


class ParserPool:
    """A `Parser` in worker processes, started as they are needed.

    Args:
        timeout: seconds one body may take.
        workers: processes; by default one a core, four at the most.
        memory: bytes of address space of each.
    """

    def __init__(self, timeout: float, workers: int | None = None, memory: int = MEMORY) -> None:
        count = workers or min(4, os.cpu_count() or 1)
        self._processes = [ParserProcess(timeout, memory) for _ in range(count)]
        self._idle: asyncio.LifoQueue[ParserProcess] = asyncio.LifoQueue()
        for process in self._processes:
            self._idle.put_nowait(process)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="parser")

    async def parse(self, body: bytes, content_type: str, url: str, way: Way = Way.REFERENCE) -> ParsedFeed:
        """Raises `FetchError`. Waits while all processes are busy."""
        process = await self._idle.get()
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, process.parse, body, content_type, url, way
        )
        work.add_done_callback(lambda done: self._free(process, done))  # also when the caller was cancelled
        return await asyncio.shield(work)

    def _free(self, process: ParserProcess, done: asyncio.Future[ParsedFeed]) -> None:
        self._idle.put_nowait(process)
        if not done.cancelled():
            done.exception()  # looked at, so that a job nobody waits for any more is not reported as lost

    async def close(self) -> None:
        """Kill the processes; jobs under way fail as PARSER."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        for process in self._processes:
            process.close()
        self._threads.shutdown(cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
