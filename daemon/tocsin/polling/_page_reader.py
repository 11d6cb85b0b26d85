"""Reading pages off the event loop, in one process of its own: pages are as hostile as feeds and need more memory."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from tocsin.polling._page_read import ParsedPage
from tocsin.polling._worker import MEMORY, ParserProcess


class PageReader(Protocol):
    """Reads the body of a page."""

    async def read(self, body: bytes, content_type: str, url: str) -> ParsedPage:
        """Raises `FetchError` (PARSER when out of time or memory, EMPTY)."""
        ...


class _PageProcess(ParserProcess):
    reader = "tocsin.polling._page_read:read_page"

    def read(self, body: bytes, content_type: str, url: str) -> ParsedPage:
        page: ParsedPage = self._run((body, content_type, url))
        return page


class PageReaderProcess:
    """A `PageReader` in a worker process, started with the first page.

    Args:
        timeout: seconds one page may take.
        memory: bytes of address space.
    """

    def __init__(self, timeout: float, memory: int = MEMORY) -> None:
        self._process = _PageProcess(timeout, memory)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages")

    @property
    def pid(self) -> int | None:
        """Of the running process, None before the first page."""
        return self._process.pid

    async def read(self, body: bytes, content_type: str, url: str) -> ParsedPage:
        """One page after another; waits for its turn."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._process.read, body, content_type, url)

    async def close(self) -> None:
        """Kill the process; a page it had is read again at the next start."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._process.close()
        self._thread.shutdown(cancel_futures=True)
