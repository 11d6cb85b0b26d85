"""The process that parses: one job after another from a pipe, within a memory limit, gone when its parent is."""

from __future__ import annotations

import os
import resource
import signal
from importlib import import_module
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from time import monotonic
from typing import Any

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling._formats import ParsedFeed, Way

START_TIMEOUT = 60.0  # seconds for a fresh process to import what it needs
MEMORY = 1_500_000_000  # bytes of address space

_READY = "ready"


class ParserProcess:
    """One worker process, used by one thread at a time.

    A body that takes it longer than `timeout` seconds, or more than `memory` bytes, costs the process
    its life; the next job starts another.
    """

    reader = "tocsin.polling._reading:read_document"  # what the process calls with the parts of a job

    def __init__(self, timeout: float, memory: int = MEMORY) -> None:
        self._timeout = timeout
        self._memory = memory
        self._connection: Connection | None = None
        self._pid: int | None = None
        self._closing = Lock()

    @property
    def pid(self) -> int | None:
        """Of the running process, None before the first job and after `close`."""
        return self._pid

    def parse(self, body: bytes, content_type: str, url: str, way: Way = Way.REFERENCE) -> ParsedFeed:
        """Blocks. Raises `FetchError` (PARSER when out of time or memory, else what the body is)."""
        feed: ParsedFeed = self._run((body, content_type, url, way))
        return feed

    def _run(self, job: tuple[object, ...]) -> Any:
        connection = self._connection or self._start()
        started = monotonic()
        try:
            connection.send(job)
            if not connection.poll(self._timeout):
                self.close()
                raise _failed(f"the parser took longer than {self._timeout:g} s and was stopped")
            answer = connection.recv()
        except (EOFError, OSError):
            self.close()
            raise _failed(f"the parser died after {monotonic() - started:.1f} s") from None
        if isinstance(answer, FetchError):
            raise answer
        if isinstance(answer, str):  # out of memory: the process has left its heap in an unknown state
            self.close()
            raise _failed(answer)
        return answer

    def close(self) -> None:
        """Kill the process; a job it had is lost."""
        with self._closing:
            if self._connection is None:
                return
            self._process.kill()  # first: it wakes the thread that waits for an answer
            self._process.join()
            self._process.close()
            self._connection.close()
            self._connection = self._pid = None

    def _start(self) -> Connection:
        context = get_context("spawn")  # fork would copy threads, locks and the store's connections
        ours, theirs = context.Pipe()
        arguments = (theirs, self._memory, self.reader)
        self._process = context.Process(target=serve, args=arguments, daemon=True, name="parser")
        self._process.start()
        theirs.close()
        self._connection, self._pid = ours, self._process.pid
        try:
            if ours.poll(START_TIMEOUT) and ours.recv() == _READY:
                return ours
        except (EOFError, OSError):
            pass
        self.close()
        raise _failed("the parser process could not be started")


def _failed(message: str) -> FetchError:
    return FetchError(message, FetchFailure.PARSER)


def serve(connection: Connection, memory: int, reader: str) -> None:
    """Body of the process. Ctrl-C is for the parent, who says when to stop by closing the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = reader.partition(":")
    read = getattr(import_module(module), name)  # here, because the parent needs none of it
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Thread(target=_leave_with_parent, daemon=True).start()
    connection.send(_READY)
    while True:
        try:
            job: tuple[Any, ...] = connection.recv()
        except (EOFError, OSError):
            return
        answer: Any
        try:
            answer = read(*job)
        except FetchError as error:
            answer = error
        except (MemoryError, SystemError):  # C code that got no memory forgets to say so: SystemError
            answer = f"the parser needed more than {memory // 1_000_000} MB and was stopped"
        except Exception as error:  # noqa: BLE001 - whatever a body does to a parser is the body's fault
            answer = _failed(f"the parser failed on the body: {type(error).__name__}: {str(error)[:200]}")
        connection.send(answer)


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
