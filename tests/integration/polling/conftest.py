"""Local HTTP servers that behave as told, and the parts of the polling stage over them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from tocsin.polling import HttpFetcher
from tocsin.settings import NetworkSettings, PollingSettings

Answer = bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each path with bytes as they go over the wire, or lets a coroutine do it."""

    def __init__(self) -> None:
        self.paths: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[bytes, bytes]]] = []
        self.inside = self.peak = 0
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(
        self, path: str, body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None
    ) -> str:
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
        self.paths[path] = "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
        return self.url(path)

    def moves(self, path: str, to: str, status: str = "302 Found") -> str:
        return self.says(path, b"", status, f"Location: {to}")

    def zips(self, path: str, body: bytes, *headers: str) -> str:
        return self.says(path, gzip.compress(body), "200 OK", "Content-Encoding: gzip", *headers)

    def does(
        self, path: str, what: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    ) -> str:
        self.paths[path] = what
        return self.url(path)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                headers = {}
                while (header := await reader.readline()).strip():
                    name, _, value = header.partition(b":")
                    headers[name.strip().lower()] = value.strip()
                self.requests.append((path, headers))
                self.inside += 1
                self.peak = max(self.peak, self.inside)
                try:
                    await self._answer(path, reader, writer)
                finally:
                    self.inside -= 1
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = self.paths.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        if isinstance(answer, bytes):
            await asyncio.sleep(0)
            writer.write(answer)
            await writer.drain()
        else:
            await answer(reader, writer)


@asynccontextmanager
async def running():
    """A server on a free port of the loopback address."""
    server = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader, writer):
        task = asyncio.current_task()
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        with suppress(asyncio.CancelledError):
            await server.handle(reader, writer)

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def server():
    async with running() as one:
        yield one


@pytest.fixture
async def second_server():
    async with running() as one:
        yield one


@pytest.fixture
async def fetcher():
    polling = PollingSettings(spacing=0, timeout=1.0, max_body=100_000)
    async with HttpFetcher(polling, NetworkSettings(allow_private_addresses=True), "Tocsin/test") as one:
        yield one
