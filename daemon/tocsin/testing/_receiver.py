"""A real HTTP server on the loopback interface that takes webhooks, well or badly as told."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

_Answer = Callable[["_Handler"], object]


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One request as it came; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class WebhookReceiver:
    """A context manager: `with WebhookReceiver() as receiver: ... receiver.url`.

    Verbs set how it answers from now on, or with `times=n` for that many requests before it goes on
    with what was told before. `requests` holds all that came, whatever the answer. Its own thread
    serves, so it works beside asyncio and without it.
    """

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        self._arrived = threading.Condition()
        self._standing: _Answer = _plain(200, b"", {})
        self._passing: deque[_Answer] = deque()
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The free port it found."""
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def last(self) -> ReceivedRequest:
        """The newest request."""
        return self.requests[-1]

    def answer(
        self,
        status: int = 200,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        times: int | None = None,
    ) -> None:
        """Answer with this status."""
        self._tell(_plain(status, body, headers or {}), times)

    def recover(self) -> None:
        """Answer 200 from now on."""
        self._passing.clear()
        self.answer(200)

    def redirect(self, to: str, status: int = 302, *, times: int | None = None) -> None:
        """Point elsewhere."""
        self.answer(status, headers={"Location": to}, times=times)

    def rate_limit(self, retry_after: str | int, *, times: int | None = None) -> None:
        """Answer 429 with a Retry-After of seconds or an HTTP date."""
        self.answer(429, headers={"Retry-After": str(retry_after)}, times=times)

    def hang(self, *, times: int | None = None) -> None:
        """Take the request and say nothing until the receiver closes."""
        self._tell(lambda _handler: self._pause(3600), times)

    def drip(self, seconds: float = 0.05, *, times: int | None = None) -> None:
        """Send 200 and then one byte of a long body every so many seconds."""
        self._tell(lambda handler: self._drip(handler, seconds), times)

    def flood(self, size: int, *, times: int | None = None) -> None:
        """Answer 200 with a body of so many bytes."""
        self._tell(lambda handler: self._flood(handler, size), times)

    def hang_up(self, *, times: int | None = None) -> None:
        """Close the connection without a word."""
        self._tell(lambda _handler: None, times)

    def babble(self, raw: bytes = b"\x00\x01 not HTTP at all\r\n\r\n", *, times: int | None = None) -> None:
        """Answer with bytes that are not HTTP."""
        self._tell(lambda handler: handler.send_raw(raw), times)

    def wait_for(self, count: int, timeout: float = 10.0) -> list[ReceivedRequest]:
        """Block until so many requests came; `TimeoutError` after `timeout` seconds."""
        deadline = monotonic() + timeout
        with self._arrived:
            while len(self.requests) < count:
                if not self._arrived.wait(max(0.0, deadline - monotonic())):
                    raise TimeoutError(f"{len(self.requests)} of {count} requests came in {timeout} s")
            return list(self.requests)

    def close(self) -> None:
        """Stop serving; requests that hang are let go."""
        self._closing.set()
        self._server.shutdown()
        self._server.drop()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self, request: ReceivedRequest) -> _Answer:
        """Keep a request and say how to answer it."""
        with self._arrived:
            self.requests.append(request)
            answer = self._passing.popleft() if self._passing else self._standing
            self._arrived.notify_all()
        return answer

    def _tell(self, answer: _Answer, times: int | None) -> None:
        if times is None:
            self._standing = answer
        else:
            self._passing.extend([answer] * times)

    def _pause(self, seconds: float) -> bool:
        return not self._closing.wait(seconds)

    def _drip(self, handler: _Handler, seconds: float) -> None:
        handler.start(200, {"Content-Length": "1000000"})
        while handler.send_raw(b".") and self._pause(seconds):
            pass

    def _flood(self, handler: _Handler, size: int) -> None:
        handler.start(200, {"Content-Length": str(size)})
        chunk = b"x" * 65536
        while size > 0 and handler.send_raw(chunk[:size]) and not self._closing.is_set():
            size -= len(chunk)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close waits for them, so that no socket is left open
    request_queue_size = 128

    def __init__(self, receiver: WebhookReceiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, then serve it in a thread."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, then close it."""
        self._open.discard(request)
        super().shutdown_request(request)

    def drop(self) -> None:
        """End connections whose client says nothing and does not go away, or closing would wait for them."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Say nothing on stderr."""

    def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and headers."""
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('', ''))[0]}".rstrip()]
        lines += [f"{name}: {value}" for name, value in {**headers, "Connection": "close"}.items()]
        self.send_raw(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def send_raw(self, data: bytes) -> bool:
        """Send bytes; False when the other side went away."""
        try:
            self.wfile.write(data)
        except OSError:
            return False
        return True

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urlsplit(self.path)
        target = f"{path.path}?{path.query}" if path.query else path.path
        self.close_connection = True
        self.server.receiver.take(ReceivedRequest(self.command, target, headers, body))(self)


def _plain(status: int, body: bytes, headers: Mapping[str, str]) -> _Answer:
    def answer(handler: _Handler) -> None:
        handler.start(status, {"Content-Length": str(len(body)), **headers})
        handler.send_raw(body)

    return answer
