"""The polling stage: read (fetch, parse, ask the store), decide, write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tocsin.errors import FetchError
from tocsin.model import Feed, Fetch, Hub, PollWrite
from tocsin.polling._certify import way_of
from tocsin.polling._conditions import asks_whole
from tocsin.polling._decide import is_same_body
from tocsin.polling._formats import ParsedFeed, Parser, Way
from tocsin.polling._hash import body_hash
from tocsin.polling._ledger import Answered, Ledger
from tocsin.polling._trouble import status_failure
from tocsin.ports import Clock, FeedStore, Fetcher, FetchRequest, FetchResponse
from tocsin.settings import PollingSettings

_LARGE = 500_000  # bytes, about a millisecond of hashing
_MOST_HELD = 8_000_000  # bytes of bodies that wait for the parser, above which no more are fetched


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll came to, as written."""

    feed: Feed
    fetch: Fetch
    waiting: tuple[UUID, ...] = ()  # articles that wait for extraction
    hub: Hub | None = None  # that the feed names (WebSub)
    events: tuple[UUID, ...] = ()  # about the feed itself, for the rules


def result_of(write: PollWrite, waiting: Sequence[UUID]) -> PollResult:
    """What was written, for whoever announces it."""
    events = dict.fromkeys(revision.event_id for revision in write.events)
    return PollResult(write.feed, write.fetch, tuple(waiting), write.hub, tuple(events))


class _Backlog:
    """Bodies that were fetched and wait for the parser; requests under way may still go above the limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._low = asyncio.Event()
        self._low.set()

    async def low(self) -> None:
        """Return when there is room."""
        await self._low.wait()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """`size` bytes wait meanwhile."""
        self._change(size)
        try:
            yield
        finally:
            self._change(-size)

    def _change(self, size: int) -> None:
        self._held += size
        if self._held < self._most:
            self._low.set()
        else:
            self._low.clear()


class Poller:
    """Polls feeds that were claimed from the store, one call each."""

    def __init__(
        self, store: FeedStore, fetcher: Fetcher, parser: Parser, clock: Clock, settings: PollingSettings
    ) -> None:
        self._ledger = Ledger(store, settings)
        self._backlog = _Backlog(_MOST_HELD)
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._settings = settings

    async def poll(self, feed: Feed) -> PollResult:
        """Ask the feed once and write what came of it.

        Whatever a server or a feed does is a recorded failure with its class. `StoreError` passes: nothing
        was written, and the feed is due again when its lease ends.
        """
        with self._ledger.expecting():
            answer = await self._fetch(feed)
            with self._backlog.holding(0 if isinstance(answer, FetchError) else len(answer.body)):
                parsed = await self._parse(feed, answer)
            settled = await self._ledger.settle(Answered(feed, answer, parsed, self._clock.now()))
        return result_of(settled.write, settled.waiting)

    async def _fetch(self, feed: Feed) -> FetchResponse | FetchError:
        try:
            answer = await self._fetcher.fetch(self._request(feed))
        except FetchError as error:
            return error
        return await _hashed(answer) if answer.status == 200 else answer

    def _request(self, feed: Feed) -> FetchRequest:
        whole = asks_whole(feed, self._clock.now(), timedelta(seconds=self._settings.whole_every))
        return FetchRequest(
            feed.spec.url,
            etag=None if whole else feed.etag,
            last_modified=None if whole else feed.last_modified,
            headers=dict(feed.spec.headers),
            proxy=feed.spec.proxy,
            ready=self._backlog.low,
        )

    async def _parse(self, feed: Feed, answer: FetchResponse | FetchError) -> ParsedFeed | FetchError | None:
        if isinstance(answer, FetchError) or status_failure(answer) or answer.status == 304:
            return None
        if is_same_body(feed, answer):
            return None
        try:
            # a first pass over many feeds is the heaviest there is, so the first document is not read twice
            way = Way.REFERENCE if feed.last_ok_at is None else way_of(feed.certificate, self._clock.now())
            content_type = answer.headers.get("content-type", "")
            return await self._parser.parse(answer.body, content_type, answer.url, way)
        except FetchError as error:
            return error


async def _hashed(answer: FetchResponse) -> FetchResponse:
    """A large body is hashed in a thread; for a small one that would cost more than it saves."""
    large = len(answer.body) >= _LARGE
    found = await asyncio.to_thread(body_hash, answer.body) if large else body_hash(answer.body)
    return replace(answer, body_hash=found)
