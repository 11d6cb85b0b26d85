"""The process that parses: one job after another from a pipe, within a memory limit, gone when its parent is."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock, Thread
from time import monotonic
from typing import Any

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling._formats import ParsedFeed, Way

START_TIMEOUT = 60.0  # seconds for a fresh process to import what it needs
MEMORY = 1_500_000_000  # bytes of address space

_READY = "ready"
# As multiprocessing's "spawn", but what the parent runs as its main module is not imported again.
_CODE = (
    "import sys; sys.path[:] = sys.argv[5:]; from tocsin.polling._worker import main; main(*sys.argv[1:5])"
)


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
            self._process.wait()
            os.close(self._lifeline)
            self._connection.close()
            self._connection = self._pid = None

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        watched, self._lifeline = os.pipe()
        arguments = (str(theirs.fileno()), str(watched), str(self._memory), self.reader)
        command = [sys.executable, "-c", _CODE, *arguments, *sys.path]
        # not fork: it would copy threads, locks and the store's connections
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(), watched)
        )
        theirs.close()
        os.close(watched)
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


def main(descriptor: str, lifeline: str, memory: str, reader: str) -> None:
    """Body of the process. Ctrl-C is for the parent, who says when to stop by closing the pipe.

    `descriptor` is the file descriptor of the pipe with the jobs; that of `lifeline` ends with the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_parent, args=(int(lifeline),), daemon=True).start()
    serve(Connection(int(descriptor)), int(memory), reader)


def serve(connection: Connection, memory: int, reader: str) -> None:
    """Answer jobs until the pipe is closed."""
    module, _, name = reader.partition(":")
    read = getattr(import_module(module), name)  # here, because the parent needs none of it
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
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


def _leave_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)
