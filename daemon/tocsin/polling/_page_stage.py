"""The stage for full texts: claim wanted pages, ask robots.txt, fetch, read, decide, write.

Lanes are registrable domains, as everywhere in polling. One lane fetches one page at a time, so that pages never
take both places a domain has from its feeds; lanes run beside each other up to `pages.concurrency`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from tocsin.errors import CoolingDownError, FetchError, StoreError
from tocsin.model import PageWrite, RequestKind, WantedPage
from tocsin.network import lane_of
from tocsin.polling._page_read import ParsedPage
from tocsin.polling._page_reader import PageReader
from tocsin.polling._pages import decide_before, decide_page, decide_robots, is_worth_reading
from tocsin.ports import Clock, Fetcher, FetchRequest, FetchResponse, PageStore, RobotsPolicy, RobotsVerdict
from tocsin.settings import PagesSettings

log = structlog.get_logger("tocsin.pages")

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

_HELD = 200  # pages in memory
_OF_A_LANE = 20  # of these from one lane; the rest waits in the store
_LEASE = timedelta(hours=1)
_PUT_OFF = timedelta(minutes=1)

Done = Callable[[PageWrite, bool], Awaitable[None]]


class PageFetcher:
    """Gets the page of one article, and writes what came of it."""

    def __init__(
        self,
        store: PageStore,
        fetcher: Fetcher,
        robots: RobotsPolicy,
        reader: PageReader,
        *,
        clock: Clock,
        settings: PagesSettings,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._robots = robots
        self._reader = reader
        self._clock = clock
        self._settings = settings

    async def get(self, wanted: WantedPage) -> tuple[PageWrite, bool]:
        """One try: what was written, and whether the article waits for extraction now.

        Whatever a site does is a written outcome. `StoreError` passes: the page is due again with its lease.
        """
        write = await self._try(wanted)
        waits = await asyncio.to_thread(self._store.record_page, write)
        log.info("page", url=wanted.url, state=write.state.value, reason=write.reason.value, note=write.note)
        return write, waits

    async def look(self, wanted: WantedPage) -> PageWrite:
        """The same without writing anything."""
        return await self._try(wanted)

    async def _try(self, wanted: WantedPage) -> PageWrite:
        settled = decide_before(wanted, self._clock.now(), self._settings)
        if settled is not None:
            return settled
        try:
            verdict = await self._robots.allowed(wanted.url)
        except CoolingDownError as error:
            return decide_page(wanted, error, None, self._clock.now(), self._settings)
        settled = decide_robots(wanted, verdict, self._clock.now(), self._settings)
        if settled is not None:
            return settled
        answer = await self._fetch(wanted, verdict)
        read = await self._read(wanted, answer)
        return decide_page(wanted, answer, read, self._clock.now(), self._settings)

    async def _fetch(self, wanted: WantedPage, verdict: RobotsVerdict) -> FetchResponse | FetchError:
        request = FetchRequest(
            wanted.url,
            proxy=wanted.proxy,
            accept=ACCEPT,
            max_body=self._settings.max_body,
            spacing=verdict.delay,
            kind=RequestKind.PAGE,
        )
        try:
            return await self._fetcher.fetch(request)
        except FetchError as error:
            return error

    async def _read(
        self, wanted: WantedPage, answer: FetchResponse | FetchError
    ) -> ParsedPage | FetchError | None:
        if isinstance(answer, FetchError) or not is_worth_reading(wanted, answer):
            return None
        try:
            return await self._reader.read(answer.body, answer.headers.get("content-type", ""), answer.url)
        except FetchError as error:
            return error


class PageStage:
    """The pages of a running daemon, lane by lane.

    Args:
        store: where wanted pages are.
        pages: gets one.
        clock: says what is due.
        concurrency: lanes at work at once.
        done: called with what was written of a page, and whether its article waits for extraction now.
    """

    def __init__(
        self, store: PageStore, pages: PageFetcher, clock: Clock, concurrency: int, done: Done
    ) -> None:
        self._store = store
        self._pages = pages
        self._clock = clock
        self._done = done
        self._places = asyncio.Semaphore(concurrency)
        self._queues: dict[str, deque[WantedPage]] = {}
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._stopped = False

    @property
    def waiting(self) -> int:
        """Pages held in memory, those in work left out."""
        return sum(len(queue) for queue in self._queues.values())

    async def fill(self) -> int:
        """Claim due pages and set their lanes to work; returns how many were taken."""
        room = _HELD - self.waiting
        if room <= 0 or self._stopped:
            return 0
        now = self._clock.now()
        claimed = await asyncio.to_thread(self._store.claim_pages, now, room, _LEASE)
        too_many = [page.article_id for page in claimed if not self._take(page)]
        if too_many:
            await asyncio.to_thread(self._store.put_off_pages, too_many, now + _PUT_OFF)
        return len(claimed) - len(too_many)

    def _take(self, page: WantedPage) -> bool:
        lane = lane_of(page.url)
        queue = self._queues.setdefault(lane, deque())
        if len(queue) >= _OF_A_LANE or self._stopped:
            return False
        queue.append(page)
        if lane not in self._lanes:
            self._lanes[lane] = asyncio.create_task(self._work(lane, queue), name=f"pages {lane}")
        return True

    async def _work(self, lane: str, queue: deque[WantedPage]) -> None:
        try:
            while queue and not self._stopped:
                async with self._places:
                    if queue and not self._stopped:
                        await self._one(queue.popleft())
        finally:
            del self._lanes[lane]
            if not queue:
                del self._queues[lane]

    async def _one(self, page: WantedPage) -> None:
        try:
            write, waits = await self._pages.get(page)
        except StoreError as error:
            log.error("page not recorded, will be fetched again", url=page.url, error=str(error))  # noqa: TRY400
            return
        except Exception:
            log.exception("page crashed, will be tried again", url=page.url)
            return
        await self._done(write, waits)

    async def drain(self) -> None:
        """Claim and work until nothing is due; for commands that do one pass."""
        while await self.fill() or self._lanes:
            await asyncio.gather(*self._lanes.values())

    async def stop(self, grace: float) -> None:
        """Finish pages in work within `grace` seconds, and give back those that only wait."""
        self._stopped = True
        if self._lanes:
            _, late = await asyncio.wait(list(self._lanes.values()), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        left = [page.article_id for queue in self._queues.values() for page in queue]
        self._queues.clear()
        if left:
            await asyncio.to_thread(self._store.put_off_pages, left, self._clock.now())
