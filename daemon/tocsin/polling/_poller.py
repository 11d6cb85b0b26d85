"""The polling stage: read (fetch, parse, ask the store), decide, write."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from tocsin.errors import FetchError
from tocsin.model import Feed, Fetch
from tocsin.polling._decide import NOTHING_KNOWN, Known, decide_poll, is_same_body, status_failure
from tocsin.polling._formats import ParsedFeed, Parser
from tocsin.ports import Clock, FeedStore, Fetcher, FetchRequest, FetchResponse
from tocsin.settings import PollingSettings


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll came to, as written."""

    feed: Feed
    fetch: Fetch
    waiting: tuple[UUID, ...] = ()  # articles that wait for extraction


class Poller:
    """Polls feeds that were claimed from the store, one call each."""

    def __init__(
        self, store: FeedStore, fetcher: Fetcher, parser: Parser, clock: Clock, settings: PollingSettings
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._settings = settings

    async def poll(self, feed: Feed) -> PollResult:
        """Ask the feed once and write what came of it.

        Whatever a server or a feed does is a recorded failure with its class. `StoreError` passes: nothing
        was written, and the feed is due again when its lease ends.
        """
        answer = await self._fetch(feed)
        parsed = await self._parse(feed, answer)
        known = await self._known(feed, parsed)
        write = decide_poll(feed, answer, parsed, known, now=self._clock.now(), settings=self._settings)
        waiting = await asyncio.to_thread(self._store.record_poll, write)
        return PollResult(write.feed, write.fetch, tuple(waiting))

    async def _fetch(self, feed: Feed) -> FetchResponse | FetchError:
        try:
            return await self._fetcher.fetch(FetchRequest(feed.spec.url, feed.etag, feed.last_modified))
        except FetchError as error:
            return error

    async def _parse(self, feed: Feed, answer: FetchResponse | FetchError) -> ParsedFeed | FetchError | None:
        if isinstance(answer, FetchError) or status_failure(answer) or answer.status == 304:
            return None
        if is_same_body(feed, answer):
            return None
        try:
            return await self._parser.parse(answer.body, answer.headers.get("content-type", ""), answer.url)
        except FetchError as error:
            return error

    async def _known(self, feed: Feed, parsed: ParsedFeed | FetchError | None) -> Known:
        if not isinstance(parsed, ParsedFeed) or not parsed.entries:
            return NOTHING_KNOWN
        keys = [entry.key for entry in parsed.entries]
        urls = [entry.url for entry in parsed.entries if entry.url]
        return Known(*await asyncio.to_thread(self._store.known_articles, feed.id, keys, urls))
