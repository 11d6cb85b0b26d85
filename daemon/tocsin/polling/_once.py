"""One pass over the feeds that are due, as `tocsin feeds poll` makes it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tocsin.model import Feed, FetchFailure, FetchOutcome
from tocsin.polling._decide import lease_for
from tocsin.polling._poller import Poller, PollResult
from tocsin.ports import Clock, FeedStore
from tocsin.settings import PollingSettings

Progress = Callable[[PollResult, int, int], None]

_WINDOW = 512  # feeds claimed and not yet recorded


@dataclass(slots=True)
class PassReport:
    """What one pass came to."""

    feeds: int = 0
    new: int = 0
    edited: int = 0
    outcomes: Counter[FetchOutcome] = field(default_factory=Counter)
    failures: Counter[FetchFailure] = field(default_factory=Counter)
    waiting: int = 0  # articles that wait for extraction

    def add(self, result: PollResult) -> None:
        """Count one poll."""
        self.feeds += 1
        self.new += result.fetch.new
        self.edited += result.fetch.changed
        self.outcomes[result.fetch.outcome] += 1
        if result.fetch.failure is not None:
            self.failures[result.fetch.failure] += 1
        self.waiting += len(result.waiting)


async def poll_once(
    store: FeedStore,
    poller: Poller,
    clock: Clock,
    settings: PollingSettings,
    *,
    everything: bool = False,
    progress: Progress | None = None,
) -> PassReport:
    """Poll every feed that is due now, or with `everything` each one there is; return what came of it.

    `progress(result, done, claimed)` is called after each; more may be claimed later. Raises `StoreError`;
    feeds that were claimed and not asked are given back.
    """
    lease = max(lease_for(settings), timedelta(minutes=15))
    one_pass = _Pass(store, poller, clock.now(), lease, everything=everything, progress=progress)
    try:
        await one_pass.run()
    finally:
        await one_pass.give_back()
    return one_pass.report


class _Pass:
    """Keeps a window of claimed feeds under way; how many are asked at once is the fetcher's business."""

    def __init__(
        self,
        store: FeedStore,
        poller: Poller,
        started: datetime,
        lease: timedelta,
        *,
        everything: bool,
        progress: Progress | None,
    ) -> None:
        self.report = PassReport()
        self._store = store
        self._poller = poller
        self._started = started
        self._lease = lease
        self._everything = everything
        self._progress = progress
        self._asked: set[UUID] = set()
        self._under_way: dict[asyncio.Task[PollResult], Feed] = {}
        self._enough = 0  # come down to so many before more are claimed
        self._moved = asyncio.Event()
        self._failure: BaseException | None = None

    async def run(self) -> None:
        """Until nothing is due that could be claimed."""
        while await self._claim() or self._under_way:
            self._enough = len(self._under_way) // 2
            while len(self._under_way) > self._enough:
                self._moved.clear()
                await self._moved.wait()
                if self._failure is not None:
                    raise self._failure

    async def _claim(self) -> int:
        feeds = await asyncio.to_thread(
            self._store.claim_due,
            self._started,
            _WINDOW - len(self._under_way),
            self._lease,
            everything=self._everything,
            skip=self._asked if self._everything else (),
        )
        for feed in feeds:
            self._asked.add(feed.id)
            task = asyncio.create_task(self._poller.poll(feed))
            self._under_way[task] = feed
            task.add_done_callback(self._done)
        return len(feeds)

    def _done(self, task: asyncio.Task[PollResult]) -> None:
        feed = self._under_way[task]
        if task.cancelled() or (failure := task.exception()) is not None:
            self._failure = self._failure or (asyncio.CancelledError() if task.cancelled() else failure)
        else:
            del self._under_way[task]
            self._asked.add(feed.id)
            self._count(task.result())
        self._moved.set()

    def _count(self, result: PollResult) -> None:
        self.report.add(result)
        if self._progress is not None:
            self._progress(result, self.report.feeds, len(self._asked))

    async def give_back(self) -> None:
        """Stop what is under way and release its feeds."""
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            await asyncio.to_thread(self._store.release_feeds, [feed.id for feed in left.values()])
