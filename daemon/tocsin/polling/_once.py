"""One pass over the feeds that are due, host by host, as `tocsin feeds poll` makes it."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from tocsin.model import Feed, FetchFailure, FetchOutcome
from tocsin.polling._decide import lease_for
from tocsin.polling._poller import Poller, PollResult
from tocsin.ports import Clock, FeedStore
from tocsin.settings import PollingSettings

Progress = Callable[[PollResult, int, int], None]

_BATCH = 2_000  # feeds claimed at once when only due ones are asked
_ALL = 1_000_000


@dataclass(slots=True)
class PassReport:
    """What one pass came to."""

    feeds: int = 0
    new: int = 0
    edited: int = 0
    outcomes: Counter[FetchOutcome] = field(default_factory=Counter)
    failures: Counter[FetchFailure] = field(default_factory=Counter)
    waiting: list[UUID] = field(default_factory=list)

    def add(self, result: PollResult) -> None:
        """Count one poll."""
        self.feeds += 1
        self.new += result.fetch.new
        self.edited += result.fetch.changed
        self.outcomes[result.fetch.outcome] += 1
        if result.fetch.failure is not None:
            self.failures[result.fetch.failure] += 1
        self.waiting.extend(result.waiting)


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

    `progress(result, done, total)` is called after each. Raises `StoreError`; feeds that were claimed and
    not asked are given back.
    """
    report = PassReport()
    started = clock.now()
    while True:
        limit = _ALL if everything else _BATCH
        feeds = await asyncio.to_thread(
            store.claim_due, started, limit, _lease(settings, everything), everything=everything
        )
        total = report.feeds + len(feeds)
        await _poll_batch(store, poller, feeds, settings.per_host, _counting(report, total, progress))
        if everything or not feeds:
            return report


def _lease(settings: PollingSettings, everything: bool) -> timedelta:
    """A whole pass is claimed at once and may take long; batches are short."""
    return timedelta(hours=1) if everything else max(lease_for(settings), timedelta(minutes=15))


def _counting(report: PassReport, total: int, progress: Progress | None) -> Callable[[PollResult], None]:
    def count(result: PollResult) -> None:
        report.add(result)
        if progress is not None:
            progress(result, report.feeds, total)

    return count


async def _poll_batch(
    store: FeedStore, poller: Poller, feeds: list[Feed], per_host: int, count: Callable[[PollResult], None]
) -> None:
    """A few runners a host, so that memory is bounded and a host with many feeds holds up nobody else."""
    queues: defaultdict[str, deque[Feed]] = defaultdict(deque)
    for feed in feeds:
        queues[urlsplit(feed.spec.url).netloc].append(feed)
    waiting = {feed.id for feed in feeds}

    async def run(queue: deque[Feed]) -> None:
        while queue:
            feed = queue.popleft()
            count(await poller.poll(feed))
            waiting.discard(feed.id)

    runners = [
        asyncio.create_task(run(queue)) for queue in queues.values() for _ in range(min(per_host, len(queue)))
    ]
    try:
        await asyncio.gather(*runners)
    finally:
        for runner in runners:
            runner.cancel()
        await asyncio.gather(*runners, return_exceptions=True)
        if waiting:
            await asyncio.to_thread(store.release_feeds, list(waiting))
