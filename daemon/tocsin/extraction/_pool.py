"""Worker processes that read articles, off the event loop.

A worker that dies or runs over its time or memory costs its own article an `ExtractionError` and is replaced; one
that died between two articles costs nothing. Workers end by themselves when their parent is gone, however it went.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from tocsin.errors import ExtractionError, ExtractorStartError, TocsinError
from tocsin.extraction._document import Document, Extraction

_START_LIMIT = 120.0  # seconds for a worker to load its model
_EXIT_LIMIT = 2.0
_MEGABYTE = 1_000_000
_LEAST = 800  # megabytes: below this the model would not load
_PING = None  # in place of a document
_PING_LIMIT = 5.0  # seconds
_HARD = 2  # times the memory limit: where the system refuses the worker more


class _Silence(Enum):
    """Why a worker gave no answer."""

    DIED = "died"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker says of one article, and whether it has grown too large and ends after it."""

    content: Extraction | ExtractionError
    last: bool = False


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def kill(self) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join(_EXIT_LIMIT)
        with suppress(OSError):
            self.pipe.close()


class ExtractionPool:
    """`workers` processes, each with its own model; `timeout` seconds for one article.

    A worker whose resident memory passes `memory` megabytes is replaced after the article in hand; at twice that
    the article fails. Use `await pool.extract(doc)` from any number of tasks, `await pool.close()` at the end. `warm()` starts
    the workers ahead of the first article.
    """

    def __init__(
        self,
        workers: int = 1,
        timeout: float = 60.0,
        user_ontology: Path | None = None,
        *,
        memory: float = 600.0,
    ) -> None:
        self._size = max(1, workers)
        self._timeout = timeout
        self._ontology = user_ontology
        self._memory = memory
        self._context = multiprocessing.get_context("spawn")
        self._idle: asyncio.LifoQueue[_Worker | None] | None = None
        self._busy: set[_Worker] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def warm(self) -> None:
        """Start every worker and wait until its model is loaded; raise `ExtractorStartError` when one cannot."""
        queue = self._queue()
        taken = [await queue.get() for _ in range(self._size)]
        try:
            for at, worker in enumerate(taken):
                taken[at] = await asyncio.to_thread(self._living, worker)
        finally:
            for worker in taken:
                queue.put_nowait(worker)

    async def extract(self, doc: Document) -> Extraction:
        """The extraction of one document; `ExtractionError` when its worker died or ran out of time.

        Raises `ExtractorStartError` when there is no worker and none can be started.
        """
        if self._closed:
            raise ExtractionError("the extraction pool is closed", hint="make a new pool")
        queue = self._queue()
        worker = await queue.get()
        kept: _Worker | None = None
        try:
            worker = await asyncio.to_thread(self._living, worker)
            answer, kept = await self._ask(worker, doc)
        finally:
            if worker is not None and (kept is None or self._closed):
                worker.kill()  # it died, ran over its time, or its task was cancelled midway
                kept = None
            queue.put_nowait(kept)
        if isinstance(answer, ExtractionError):
            raise answer
        return answer

    async def close(self) -> None:
        """End the workers; articles in flight get an `ExtractionError`."""
        self._closed = True
        for worker in list(self._busy):
            worker.process.kill()
        if self._idle is None:
            return
        stopped: list[_Worker] = []
        while not self._idle.empty():
            idle = self._idle.get_nowait()
            if idle is not None:
                stopped.append(idle)
        for worker in stopped:
            with suppress(OSError):
                worker.pipe.close()
        for worker in stopped:
            await asyncio.to_thread(worker.process.join, _EXIT_LIMIT)
            worker.kill()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that live, for health pages and tests."""
        idle = [] if self._idle is None else list(self._idle._queue)  # type: ignore[attr-defined]  # noqa: SLF001
        workers = [worker for worker in [*idle, *self._busy] if worker is not None]
        return [worker.process.pid for worker in workers if worker.process.pid is not None]

    def _queue(self) -> asyncio.LifoQueue[_Worker | None]:
        if self._idle is None:
            self._idle = asyncio.LifoQueue()
            for _ in range(self._size):
                self._idle.put_nowait(None)
        return self._idle

    def _living(self, worker: _Worker | None) -> _Worker:
        """The worker itself while it lives, else a new one."""
        if worker is not None and _answers(worker):
            return worker
        if worker is not None:
            worker.kill()
        return self._start()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._ontology, self._memory), name="tocsin-extract", daemon=True
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        answer = _receive(worker, _START_LIMIT)
        if isinstance(answer, ExtractionError):
            worker.kill()
            raise ExtractorStartError(answer.message, hint=answer.hint)
        if isinstance(answer, _Silence):
            worker.kill()
            code = worker.process.exitcode
            late = f"was not ready after {_START_LIMIT:g} s"
            why = late if answer is _Silence.LATE else f"ended while it loaded (exit code {code})"
            raise ExtractorStartError(
                f"an extraction worker {why}",
                hint="run `tocsin doctor`; a worker needs the language model and 600 MB of memory",
            )
        return worker

    async def _ask(
        self, worker: _Worker, doc: Document
    ) -> tuple[Extraction | ExtractionError, _Worker | None]:
        self._busy.add(worker)
        try:
            answer = await asyncio.to_thread(_exchange, worker, doc, self._timeout)
        finally:
            self._busy.discard(worker)
        if isinstance(answer, _Answer):
            if answer.last:
                await asyncio.to_thread(worker.kill)
            return answer.content, None if answer.last else worker
        await asyncio.to_thread(worker.kill)
        if answer is _Silence.DIED:
            code = worker.process.exitcode
            return ExtractionError(
                f"the extraction worker died on this article (exit code {code})",
                hint="the article is left out; others go on in a new worker",
            ), None
        return ExtractionError(
            f"the article took longer than {self._timeout:g} s to read",
            hint="raise TOCSIN_EXTRACTION__TIMEOUT when articles are this long",
        ), None


def _answers(worker: _Worker) -> bool:
    """Whether it says so itself: a killed process whose threads still end looks alive for a moment."""
    try:
        worker.pipe.send(_PING)
    except OSError:
        return False
    return _receive(worker, _PING_LIMIT) is True


def _exchange(worker: _Worker, doc: Document, timeout: float) -> object:
    try:
        worker.pipe.send(doc)
    except OSError:
        return _Silence.DIED
    return _receive(worker, timeout)


def _receive(worker: _Worker, timeout: float) -> object:
    """The worker's next message, or why there is none."""
    ready = wait([worker.pipe, worker.process.sentinel], timeout)
    if not ready:
        return _Silence.LATE
    if worker.pipe in ready:
        with suppress(EOFError, OSError):
            return worker.pipe.recv()
    return _Silence.DIED


def _serve(pipe: Connection, user_ontology: Path | None, memory: float) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, daemon=True).start()
    _bound(memory * _HARD)
    from tocsin.extraction._pipeline import load_extractor  # noqa: PLC0415  the model loads here, not on import

    try:
        extractor = load_extractor(user_ontology)
        extractor.warm()
    except Exception as error:  # noqa: BLE001  whatever it was, the parent must hear it
        pipe.send(_in_words("cannot load the extractor", error, "run `tocsin doctor`"))
        return
    pipe.send(True)
    while True:
        try:
            doc = pipe.recv()
        except (EOFError, OSError):
            return
        if doc is _PING:
            pipe.send(True)
            continue
        content: Extraction | ExtractionError
        try:
            content = extractor.extract(doc)
        except Exception as error:  # noqa: BLE001  one article must not end the worker
            content = _in_words(
                "reading the article failed", error, "please report it with the article's text"
            )
        answer = _Answer(content, last=_resident() > memory)
        try:
            pipe.send(answer)
        except OSError:
            return
        if answer.last:
            return


def _in_words(what: str, error: Exception, hint: str) -> ExtractionError:
    if isinstance(error, ExtractionError):
        return error
    if isinstance(error, TocsinError):
        return ExtractionError(f"{what}: {error.message}", hint=error.hint)
    if isinstance(error, MemoryError):
        return ExtractionError(f"{what}: it needs more memory than a worker may have", hint="split the text")
    return ExtractionError(f"{what}: {type(error).__name__}: {error}", hint=hint)


def _bound(megabytes: float) -> None:
    """Let the system refuse memory beyond a bound, so that one text cannot take the machine's."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on every system

        most = int(max(megabytes, _LEAST) * _MEGABYTE)
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _resident() -> float:
    """Resident memory of this process in megabytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
