"""Polls that are ready at the same time are decided and written together.

A commit waits for the disk and a statement costs much more than the few rows of one poll, so one thread
takes whatever has gathered while it wrote what came before. A poll that comes alone is written at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tocsin.errors import FetchError, StoreBusyError
from tocsin.model import Feed, KnownEntries, PollWrite, SeenDocument, SeenEntry
from tocsin.polling._decide import NOTHING_KNOWN, Known, decide_poll
from tocsin.polling._formats import ParsedFeed
from tocsin.ports import FeedStore, FetchResponse
from tocsin.settings import PollingSettings

_MOST_POLLS = 64  # in one transaction
_MOST_ENTRIES = 2_000
_GATHER = 0.1  # seconds to wait for others that are under way


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A feed with what was asked and read, ready to be decided."""

    feed: Feed
    answer: FetchResponse | FetchError
    parsed: ParsedFeed | FetchError | None
    now: datetime

    @property
    def document(self) -> SeenDocument | None:
        """Entries that have to be looked up."""
        if not isinstance(self.parsed, ParsedFeed) or not self.parsed.entries:
            return None
        seen = (
            SeenEntry(entry.key, entry.content_hash, entry.url, entry.tags) for entry in self.parsed.entries
        )
        return SeenDocument(self.feed.id, tuple(seen))

    @property
    def size(self) -> int:
        """Entries."""
        return len(self.parsed.entries) if isinstance(self.parsed, ParsedFeed) else 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What was written, and the articles that wait for extraction."""

    write: PollWrite
    waiting: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    poll: Answered
    done: asyncio.Future[Settled] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Ledger:
    """Takes polls from the event loop and settles them in a thread, one batch at a time."""

    def __init__(self, store: FeedStore, settings: PollingSettings) -> None:
        self._store = store
        self._settings = settings
        self._under_way = 0
        self._waiting: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """While a poll is under way that will be settled, others wait for it a moment."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def settle(self, poll: Answered) -> Settled:
        """Decide and write. Raises `StoreError`: nothing of this poll was written.

        A caller that is cancelled does not take its poll back.
        """
        waiting = _Waiting(poll)
        self._waiting.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await waiting.done

    async def _write(self) -> None:
        batch: list[_Waiting] = []
        try:
            while self._waiting:
                if len(self._waiting) < min(self._under_way, _MOST_POLLS):
                    await asyncio.sleep(_GATHER)
                batch = self._take()
                settled = await asyncio.to_thread(self.settle_all, [one.poll for one in batch])
                for one, result in zip(batch, settled, strict=True):
                    _tell(one.done, result)
        finally:  # cancelled: whoever still waits is cancelled, too
            for one in (*batch, *self._waiting):
                one.done.cancel()
            self._waiting.clear()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        entries = 0
        while self._waiting and len(batch) < _MOST_POLLS and entries < _MOST_ENTRIES:
            batch.append(self._waiting.popleft())
            entries += batch[-1].poll.size
        return batch

    def settle_all(self, polls: Sequence[Answered]) -> list[Settled | Exception]:
        """Blocks. One result for each poll; a poll that fails does not take others with it."""
        results: dict[Answered, Settled | Exception] = {}
        left = list(polls)
        while left:
            apart, left = _one_a_feed(left)
            try:
                known = self._look_up(apart)
            except Exception as error:  # noqa: BLE001 - it is handed to each of them
                results |= dict.fromkeys(apart, error)
                continue
            ready, shared = _apart(apart, known)
            left = shared + left
            results |= self._record({poll: known[poll] for poll in ready})
        return [results[poll] for poll in polls]

    def _look_up(self, polls: Sequence[Answered]) -> dict[Answered, Known]:
        documents = {poll: document for poll in polls if (document := poll.document)}
        found = self._store.known_entries(list(documents.values())) if documents else []
        known = dict(zip(documents, map(_known, found), strict=True))
        return {poll: known.get(poll, NOTHING_KNOWN) for poll in polls}

    def _record(self, polls: dict[Answered, Known]) -> dict[Answered, Settled | Exception]:
        results: dict[Answered, Settled | Exception] = {}
        writes: dict[Answered, PollWrite] = {}
        for poll, known in polls.items():
            try:
                writes[poll] = decide_poll(
                    poll.feed, poll.answer, poll.parsed, known, now=poll.now, settings=self._settings
                )
            except Exception as error:  # noqa: BLE001 - it is handed to whoever asked for this poll
                results[poll] = error
        return results | self._store_all(writes)

    def _store_all(self, writes: dict[Answered, PollWrite]) -> dict[Answered, Settled | Exception]:
        """All at once; where that fails, each by itself, so that only the guilty are not written."""
        if not writes:
            return {}
        try:
            waiting = self._store.record_polls(list(writes.values()))
        except Exception as error:  # noqa: BLE001 - handed on
            if len(writes) == 1 or isinstance(error, StoreBusyError):
                return dict.fromkeys(writes, error)
            return {
                poll: one for each in writes.items() for poll, one in self._store_all(dict([each])).items()
            }
        return {
            poll: Settled(write, tuple(rows))
            for (poll, write), rows in zip(writes.items(), waiting, strict=True)
        }


def _known(found: KnownEntries) -> Known:
    return Known(found.by_key, found.by_url, found.same)


def _one_a_feed(polls: Sequence[Answered]) -> tuple[list[Answered], list[Answered]]:
    """The first of each feed, and the rest for later."""
    first: dict[UUID, Answered] = {}
    for poll in polls:
        first.setdefault(poll.feed.id, poll)
    apart = list(first.values())
    return apart, [poll for poll in polls if first[poll.feed.id] is not poll]


def _apart(polls: Sequence[Answered], known: dict[Answered, Known]) -> tuple[list[Answered], list[Answered]]:
    """Polls without a new article in common, and the rest: these must see what the first ones wrote."""
    taken: set[str] = set()
    apart: list[Answered] = []
    later: list[Answered] = []
    for poll in polls:
        new = _new_addresses(poll, known[poll])
        if taken.isdisjoint(new):
            taken |= new
            apart.append(poll)
        else:
            later.append(poll)
    return apart, later


def _new_addresses(poll: Answered, known: Known) -> set[str]:
    if not isinstance(poll.parsed, ParsedFeed):
        return set()
    return {
        entry.url
        for entry in poll.parsed.entries
        if entry.url
        and entry.key not in known.same
        and entry.key not in known.by_key
        and entry.url not in known.by_url
    }


def _tell(done: asyncio.Future[Settled], result: Settled | Exception) -> None:
    if done.done():  # its caller was cancelled
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
