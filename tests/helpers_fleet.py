"""A fleet of servers that misbehave, each on a port of its own, and a clock that runs faster than ours."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

START = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


class FastClock:
    """Time that runs `pace` times as fast as ours and can jump; a `Clock`, and what a gate waits by."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._started = monotonic()
        self._jumped = 0.0

    def time(self) -> float:
        """Seconds since the start."""
        return (monotonic() - self._started) * self._pace + self._jumped

    def now(self) -> datetime:
        """The moment."""
        return START + timedelta(seconds=self.time())

    async def sleep(self, seconds: float) -> None:
        """Wait so long by this clock."""
        await asyncio.sleep(seconds / self._pace)

    def jump(self, seconds: float) -> None:
        """Nothing happens for so long."""
        self._jumped += max(0.0, seconds)


@dataclass(slots=True)
class Asked:
    """One request as a server saw it."""

    at: float
    path: str
    headers: dict[str, str]


Behaviour = Callable[["Rogue", Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Rogue:
    """A server with one way to behave; it keeps its own books."""

    behave: Behaviour
    clock: FastClock
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    told_off: list[tuple[float, float]] = field(default_factory=list)  # (moment, rest asked for)
    inside: int = 0
    peak: int = 0
    friend: str = ""  # where it redirects to

    def url(self, path: str) -> str:
        """An address here."""
        return f"http://127.0.0.1:{self.port}{path}"

    def times(self, path: str) -> int:
        """How often a path was asked so far."""
        return sum(one.path == path for one in self.asked)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and behave."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            asked = Asked(self.clock.time(), head[0].split()[1], headers)
            self.asked.append(asked)
            self.inside += 1
            self.peak = max(self.peak, self.inside)
            try:
                await self.behave(self, asked, writer)
            finally:
                self.inside -= 1
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def fleet(clock: FastClock, **behaviours: Behaviour) -> AsyncIterator[dict[str, Rogue]]:
    """Servers by name, on free ports of the loopback address."""
    rogues = {name: Rogue(behave, clock) for name, behave in behaviours.items()}
    listening, tasks = [], set()

    def handler(rogue: Rogue) -> Callable[..., Awaitable[None]]:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            tasks.add(task)
            with suppress(asyncio.CancelledError):
                await rogue.handle(reader, writer)
            tasks.discard(task)

        return handle

    try:
        for rogue in rogues.values():
            server = await asyncio.start_server(handler(rogue), "127.0.0.1", 0)
            listening.append(server)
            rogue.port = server.sockets[0].getsockname()[1]
        yield rogues
    finally:
        for server in listening:
            server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def document(rogue: Rogue, path: str, entries: int) -> bytes:
    """A feed with so many entries, the newest a minute old."""
    items = []
    for number in range(entries):
        published = format_datetime(START - timedelta(hours=2, minutes=-number), usegmt=True)
        items.append(
            f"<item><guid>{path}-{number}</guid><title>Report {number} of {path}</title>"
            f"<link>{rogue.url(path)}/{number}</link><pubDate>{published}</pubDate></item>"
        )
    return f'<rss version="2.0"><channel><title>{path}</title>{"".join(items)}</channel></rss>'.encode()


def send(
    writer: asyncio.StreamWriter, status: str, body: bytes = b"", *headers: str, length: int | None = None
) -> None:
    """Write an answer; the connection ends with it."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close", *headers]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


async def good(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """One entry more with every request, after a moment."""
    await asyncio.sleep(0.05)
    send(
        writer,
        "200 OK",
        document(rogue, asked.path, 3 + rogue.times(asked.path)),
        f'ETag: "{rogue.times(asked.path)}"',
    )


async def drip(_rogue: Rogue, _asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.05)


async def flap(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Good, 502, hung up, good, ..."""
    turn = rogue.times(asked.path) % 3
    if turn == 1:
        await good(rogue, asked, writer)
    elif turn == 2:
        send(writer, "502 Bad Gateway")


async def lie(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """304 to whoever asks with a condition, whatever is new."""
    if "if-none-match" in asked.headers:
        send(writer, "304 Not Modified", b"", 'ETag: "same"')
    else:
        send(writer, "200 OK", document(rogue, asked.path, 3 + rogue.times(asked.path)), 'ETag: "same"')


async def circle(_rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """/a to /a/1 to /a/2 to /a."""
    path, _, step = asked.path.rpartition("/")
    target = {"": f"{asked.path}/1", "1": f"{path}/2", "2": path}["" if not path else step]
    send(writer, "302 Found", b"", f"Location: {target}")


async def miscount(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A Content-Length that is more than comes."""
    body = document(rogue, asked.path, 3)
    send(writer, "200 OK", body, length=len(body) + 500)


async def reset(_rogue: Rogue, _asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A connection that is reset in the middle of the body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>")
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


async def storm(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Every third request is too many: Retry-After in seconds, then as a date, then not at all."""
    if len(rogue.asked) % 3:
        await good(rogue, asked, writer)
        return
    now = rogue.clock.time()
    turn = len(rogue.told_off) % 3
    rogue.told_off.append((now, (200.0, 240.0, 0.0)[turn]))
    date = format_datetime(START + timedelta(seconds=now + 240), usegmt=True)
    named = (["Retry-After: 200"], [f"Retry-After: {date}"], [])[turn]
    send(writer, "429 Too Many Requests", b"", *named)


async def challenge(rogue: Rogue, _asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A page for browsers instead of a feed."""
    rogue.told_off.append((rogue.clock.time(), 0.0))
    send(
        writer,
        "403 Forbidden",
        b"<title>Just a moment...</title>",
        "cf-mitigated: challenge",
        "Server: cloudflare",
    )


async def gone(_rogue: Rogue, _asked: Asked, writer: asyncio.StreamWriter) -> None:
    """410, always."""
    send(writer, "410 Gone")


async def leave(rogue: Rogue, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Redirects for good to a friend twice, then knows nothing any more."""
    if rogue.times(asked.path) <= 2:
        send(writer, "301 Moved Permanently", b"", f"Location: {rogue.friend}{asked.path}")
    else:
        send(writer, "404 Not Found")
