"""The running daemon: a handful of scheduled jobs, readers of the bus, the page, and signals."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tocsin import __version__
from tocsin.errors import ConfigurationError, StoreError, TocsinError
from tocsin.model import Feed, Hub
from tocsin.polling import lease_for
from tocsin.service._consumer import Consumer, Handler
from tocsin.service._runtime import Runtime
from tocsin.service._stages import EXTRACT, LINK, MATCH, NOTIFY
from tocsin.web import Server, create_app

log = structlog.get_logger("tocsin.service")

_HUBS_EVERY = 15.0  # seconds
_QUIET_EVERY = 60.0  # seconds
_CLEAN_LOOK = 600.0  # seconds between two looks whether a clean-up is due
_CLEAN_EVERY = timedelta(days=1)

_HANDS = 4  # polls under way for each request at once; most wait for the turn of their host
ROLES = ("poll", "extract", "match", "notify", "web")


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is a clear error before anything else starts.

    Raises:
        ConfigurationError: the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()  # two may be bound to one address until one of them listens
    except OSError as error:
        bound.close()
        raise ConfigurationError(
            f"the page cannot listen on {host}:{port}: {error.strerror}",
            hint="set TOCSIN_WEB__PORT to a free port (0 takes any), or stop what listens there",
        ) from error
    return bound


class Daemon:
    """One process of Tocsin, with all roles or some.

    Args:
        runtime: the parts.
        roles: which of `ROLES` this process has.
        on_ready: called once with the address of the page (None without the web role).
    """

    def __init__(
        self,
        runtime: Runtime,
        roles: frozenset[str] = frozenset(ROLES),
        on_ready: Callable[[str | None], None] | None = None,
    ) -> None:
        self.runtime = runtime
        self.roles = roles
        self._on_ready = on_ready
        self._stop = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._jobs: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._notifying = asyncio.Lock()
        self._server: Server | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._beat = time.monotonic()
        self._last_sweep: datetime | None = None
        self.address: str | None = None

    def stop(self) -> None:
        """Ask for a clean stop; `run` returns when it is done."""
        self._stop.set()

    async def run(self) -> None:
        """Until `stop` or SIGTERM or SIGINT. SIGHUP reloads rules and feed catalogs."""
        loop = asyncio.get_running_loop()
        with self._signals(loop):
            try:
                await self._start()
            except TocsinError:
                await self._shut_down()
                raise
            await self._stop.wait()
        await self._shut_down()

    @contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        handlers: dict[int, Callable[[], object]] = {
            signal.SIGTERM: self.stop,
            signal.SIGINT: self.stop,
            signal.SIGHUP: lambda: self._tasks.append(loop.create_task(self.reload())),
        }
        for number, handler in handlers.items():
            with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: the caller stops us
                loop.add_signal_handler(number, handler)
        yield
        # Kept until the process ends: a second SIGTERM must not kill work that is being finished.

    async def _start(self) -> None:
        if self.roles == frozenset(ROLES):
            # The only daemon of this database: what a killed one had taken is free again.
            await asyncio.to_thread(self.runtime.store.release_leases)
        await self.reload()
        if "web" in self.roles:
            self._start_web()
        if "extract" in self.roles:
            await self.runtime.pool.warm()
            for _ in range(self.runtime.settings.extraction.workers + 1):
                self._consume(EXTRACT, self.runtime.extract)
        if "match" in self.roles:
            self._consume(LINK, self.runtime.link)
            self._consume(MATCH, self.runtime.match)
        if "notify" in self.roles:
            self._tasks.append(asyncio.create_task(self._notify_on_announcement()))
        self._schedule()
        await self._sweep()
        log.info("started", version=__version__, roles=sorted(self.roles), page=self.address)
        if self._on_ready is not None:
            self._on_ready(self.address)

    def _consume(self, topic: str, handler: Handler) -> None:
        consumer = Consumer(self.runtime.bus, topic, handler, self.runtime.metrics)
        self._tasks.append(asyncio.create_task(consumer.run(), name=f"stage {topic}"))

    def _schedule(self) -> None:
        """The handful of jobs. Due feeds and messages are rows; no feed has a job of its own."""
        every = self.runtime.settings.service
        jobs: list[tuple[str, Callable[[], Coroutine[Any, Any, None]], float]] = [
            ("heartbeat", self._heartbeat, 1.0)
        ]
        if "poll" in self.roles:
            jobs.append(("dispatch", self._dispatch, every.dispatch_every))
        if "poll" in self.roles and self.runtime.settings.pages.enabled:
            jobs.append(("pages", self._fill_pages, every.dispatch_every))
        if "poll" in self.roles:
            jobs.append(("websub", self._tend_hubs, _HUBS_EVERY))
            jobs.append(("quiet", self._count_quiet, _QUIET_EVERY))
        if "notify" in self.roles:
            jobs.append(("notify", self._notify, every.dispatch_every))
        if "match" in self.roles:
            jobs.append(("rules", self._reload_rules, self.runtime.settings.rules.reload_every))
        if self.roles & {"extract", "match", "notify"}:
            jobs.append(("sweep", self._sweep, every.sweep_every))
        if "match" in self.roles and every.keep_days:
            jobs.append(("clean-up", self.clean_up, _CLEAN_LOOK))
        for name, job, seconds in jobs:
            self._scheduler.add_job(
                self._tracked,
                "interval",
                args=[job],
                seconds=seconds,
                id=name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def _tracked(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a job so that a stop waits for it; the scheduler alone would cancel it half-way."""
        task = asyncio.create_task(job())
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is not None:
            log.error("job failed, will be repeated", job=job.__name__, exc_info=task.exception())

    def _start_web(self) -> None:
        web = self.runtime.settings.web
        bound = listen(web.host, web.port)
        host, port = bound.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        app = create_app(
            self.runtime.store,
            self.runtime.settings,
            clock=self.runtime.clock,
            health=self.health,
            registry=self.runtime.metrics.registry,
            hubs=self.runtime.hubs,
        )
        self._server = Server(app, self.runtime.settings)
        self._tasks.append(asyncio.create_task(self._server.serve(sockets=[bound]), name="web"))

    async def reload(self) -> None:
        """Read rules and feed catalogs again; what is refused is logged and the rest keeps running."""
        try:
            await asyncio.to_thread(self.runtime.load_rules)
        except TocsinError as error:
            log.error("rules not reloaded", error=str(error))  # noqa: TRY400
        try:
            added, known = await asyncio.to_thread(self.runtime.import_feeds)
            log.info("feeds loaded", added=added, known=known)
        except TocsinError as error:
            log.error("feed catalogs not loaded", error=str(error))  # noqa: TRY400

    async def _reload_rules(self) -> None:
        """Rule files are watched, so that a merged change works without a restart."""
        try:
            await asyncio.to_thread(self.runtime.reload_changed_rules)
        except TocsinError as error:
            log.error("rules not reloaded", error=str(error))  # noqa: TRY400

    async def _dispatch(self) -> None:
        """Take due feeds, as many as there are free hands, and poll them."""
        polling = self.runtime.settings.polling
        free = _HANDS * polling.concurrency - len(self._polls)
        if free <= 0 or self._stop.is_set():
            return
        lease = lease_for(polling)
        try:
            feeds = await asyncio.to_thread(
                self.runtime.store.claim_due, self.runtime.clock.now(), free, lease
            )
        except StoreError as error:
            log.error("no feeds taken", error=str(error))  # noqa: TRY400
            return
        for feed in feeds:
            task = asyncio.create_task(self._poll(feed))
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)

    async def _poll(self, feed: Feed) -> None:
        try:
            result = await self.runtime.poller.poll(feed)
        except StoreError as error:
            log.error("poll not recorded, will be repeated", feed=feed.spec.url, error=str(error))  # noqa: TRY400
            return
        except Exception:
            log.exception("poll crashed, will be repeated", feed=feed.spec.url)
            return
        self.runtime.metrics.polls.labels(result.fetch.outcome.value).inc()
        if result.feed.muted_reason:
            log.warning("feed muted, not asked any more", feed=feed.spec.url, why=result.feed.muted_reason)
        if result.feed.quiet_since and not feed.quiet_since:
            log.warning("feed gone quiet", feed=feed.spec.url, why=result.fetch.reason)
        await self.runtime.announce(EXTRACT, result.waiting)
        await self.runtime.announce(MATCH, result.events)
        if result.hub is not None:
            await self._heard_of(result.feed, result.hub)

    async def _heard_of(self, feed: Feed, hub: Hub) -> None:
        try:
            await self.runtime.hubs.heard(feed, hub)
        except StoreError as error:
            log.error("hub not noted, will be repeated", feed=feed.spec.url, error=str(error))  # noqa: TRY400

    async def _fill_pages(self) -> None:
        """Set the lanes of wanted pages to work."""
        try:
            await self.runtime.page_stage.fill()
        except StoreError as error:
            log.error("no pages taken, will be repeated", error=str(error))  # noqa: TRY400

    async def _tend_hubs(self) -> None:
        """Subscribe, renew, leave. Nothing is done while no feed has a hub."""
        if self._stop.is_set():
            return
        try:
            await self.runtime.hubs.tick()
        except StoreError as error:
            log.error("hubs not asked, will be repeated", error=str(error))  # noqa: TRY400

    async def _count_quiet(self) -> None:
        """Counted in the store, so that a restart and feeds polled by others are right, too."""
        try:
            quiet = await asyncio.to_thread(self.runtime.store.count_quiet_feeds)
        except StoreError as error:
            log.error("quiet feeds not counted, will be repeated", error=str(error))  # noqa: TRY400
            return
        self.runtime.metrics.quiet.set(quiet)

    async def _notify(self) -> None:
        """Send what is due; one pass at a time."""
        if not self._notifying.locked():
            await self._send_due()

    async def _send_due(self) -> None:
        async with self._notifying:
            if self._stop.is_set():
                return
            try:
                await self.runtime.notifier.run_due(self.runtime.settings.alerting.concurrency * 4)
            except StoreError as error:
                log.error("messages not sent, will be repeated", error=str(error))  # noqa: TRY400

    async def _notify_on_announcement(self) -> None:
        """New deliveries need not wait for the next tick; a pass under way may not have seen them."""
        async for message in self.runtime.bus.messages(NOTIFY):
            await self._send_due()
            await self.runtime.bus.done(message)

    async def _sweep(self) -> None:
        try:
            found = await self.runtime.sweep()
            await asyncio.to_thread(
                self.runtime.store.set_value, "sweep", self.runtime.clock.now().isoformat()
            )
        except StoreError as error:
            log.error("sweep failed, will be repeated", error=str(error))  # noqa: TRY400
            return
        self._last_sweep = self.runtime.clock.now()
        self.runtime.metrics.last_sweep.set(self._last_sweep.timestamp())
        for topic, rows in found.items():
            self.runtime.metrics.waiting.labels(topic).set(rows)

    async def clean_up(self) -> None:
        """Delete what is older than `service.keep_days` and no event needs, a day after the last time.

        When that was is a row, so that restarts neither repeat nor put it off.
        """
        try:
            gone = await asyncio.to_thread(self._prune)
        except StoreError as error:
            log.error("no clean-up, will be repeated", error=str(error))  # noqa: TRY400
            return
        if gone:
            log.info("cleaned up", **gone)

    def _prune(self) -> dict[str, int]:
        store, now = self.runtime.store, self.runtime.clock.now()
        last = store.value("cleaned")
        if last is not None and now - datetime.fromisoformat(last) < _CLEAN_EVERY:
            return {}
        gone = store.prune(now - timedelta(days=self.runtime.settings.service.keep_days))
        store.set_value("cleaned", now.isoformat())
        return {table: rows for table, rows in gone.items() if rows}

    async def _heartbeat(self) -> None:
        now = time.monotonic()
        self.runtime.metrics.lag.set(max(0.0, now - self._beat - 1.0))
        self._beat = now

    def health(self) -> Mapping[str, Any]:
        """What /healthz and /readyz say."""
        return {
            "version": __version__,
            "roles": sorted(self.roles),
            "polling": len(self._polls),
            "last_sweep": None if self._last_sweep is None else self._last_sweep.isoformat(),
            "stopping": self._stop.is_set(),
        }

    async def _shut_down(self) -> None:
        """In order: no new work, finish what is in flight, close the page, stop workers."""
        log.info("stopping", polls=len(self._polls))
        if self._scheduler.running:
            self._scheduler.pause()
        grace = self.runtime.settings.service.grace
        if self._server is not None:
            self._server.should_exit = True
        pages = asyncio.create_task(self.runtime.page_stage.stop(0.8 * grace))
        await self.runtime.bus.close()
        work = [t for t in (pages, *self._polls, *self._jobs, *self._tasks) if not t.done()]
        if work:
            _, late = await asyncio.wait(work, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            if late:
                log.warning("left for the next start", tasks=len(late))
        await asyncio.sleep(0)  # the scheduler hears that its jobs are done
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await self.runtime.close()
        log.info("stopped")
