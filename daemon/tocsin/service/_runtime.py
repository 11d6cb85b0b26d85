"""The parts of Tocsin put together from settings: the one place that knows every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog

from tocsin.alerting import Notifier, senders
from tocsin.errors import ExtractionError, ExtractorStartError
from tocsin.extraction import ExtractionPool
from tocsin.extraction.ontology import Ontology, load_ontology
from tocsin.model import PageWrite
from tocsin.polling import (
    HttpFetcher,
    HttpRobots,
    Hubs,
    PageFetcher,
    PageReaderProcess,
    PageStage,
    ParserPool,
    Poller,
    PollResult,
    load_catalogs,
)
from tocsin.ports import Bus, Clock, Ids, Store
from tocsin.rules import Fingerprint, Matcher, RuleSet, changed, keep_running, load_rules
from tocsin.service._bus import InProcessBus
from tocsin.service._clock import SystemClock, SystemIds
from tocsin.service._metrics import Metrics
from tocsin.service._stages import EXTRACT, LINK, MATCH, NOTIFY, ExtractStage, LinkStage, MatchStage, Pool
from tocsin.settings import Settings
from tocsin.shipped import shipped
from tocsin.store import open_store
from tocsin.timeline import Linker

log = structlog.get_logger("tocsin.service")

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Drained:
    """What a run until nothing waits has worked on."""

    extracted: int
    linked: int
    matched: int
    delivered: int


class Runtime:
    """Everything the daemon and the one-pass commands share.

    Args:
        settings: as loaded.
        store: an open store; opened (and migrated) from the settings when None.
        clock: the time; the wall clock when None.
        ids: new row ids; UUIDv7 when None.
        bus: carries ids; in-process when None.
        pool: what articles are read in; worker processes when None.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        bus: Bus | None = None,
        pool: Pool | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.ids = ids or SystemIds()
        self.store: Store = store or open_store(settings.database_url, clock=self.clock, ids=self.ids)
        self.bus = bus or InProcessBus()
        self.metrics = Metrics()
        self.rules: RuleSet | None = None
        self._rule_files: Fingerprint = ()
        self.ontology: Ontology = load_ontology(settings.extraction.ontology)
        reading = settings.extraction
        self.pool: Pool = pool or ExtractionPool(reading.workers, reading.timeout, reading.ontology)
        self.fetcher = HttpFetcher.of(settings, clock=self.clock, store=self.store)
        self.parser = ParserPool(settings.polling.parse_timeout)
        self.poller = Poller(self.store, self.fetcher, self.parser, self.clock, settings.polling)
        self.hubs = Hubs(self.store, self.parser, self.clock, settings, self._pushed)
        self.page_reader = PageReaderProcess(settings.pages.parse_timeout)
        self.pages = PageFetcher(
            self.store,
            self.fetcher,
            HttpRobots(self.fetcher, self.clock),
            self.page_reader,
            clock=self.clock,
            settings=settings.pages,
        )
        self.page_stage = PageStage(
            self.store, self.pages, self.clock, settings.pages.concurrency, self._page_done
        )
        self.notifier = Notifier(
            self.store, senders(settings), self.clock, settings.alerting, settings.web.public_url
        )
        self.extract = ExtractStage(self.store, self.pool, self.announce)
        self.link = LinkStage(Linker(self.store, self.ids, self._phrase), self.announce)
        self.match = MatchStage(self.store, self.clock, self.announce, self.metrics, _max_age(settings))

    async def _pushed(self, result: PollResult) -> None:
        self.metrics.polls.labels("pushed").inc()
        await self.announce(EXTRACT, result.waiting)
        await self.announce(MATCH, result.events)

    async def _page_done(self, write: PageWrite, waits: bool) -> None:
        self.metrics.pages.labels(write.state.value).inc()
        if waits:
            await self.announce(EXTRACT, [write.article_id])

    def _phrase(self, event_type: str) -> str:
        """The verb phrase of a type for titles; a type of a removed user ontology keeps its name."""
        kind = self.ontology.get(event_type)
        return event_type if kind is None else kind.title

    async def announce(self, topic: str, rows: Sequence[UUID]) -> None:
        """Put ids on the bus."""
        await self.bus.publish(topic, [str(row) for row in rows])

    def rule_folders(self) -> list[Path]:
        """Where rule files are read from."""
        own = self.settings.rules.folder
        return [*([shipped("rules")] if self.settings.rules.shipped else []), *([own] if own else [])]

    def load_rules(self) -> RuleSet:
        """Read the rule files; a refused file is shown with its place, and what it held before goes on."""
        self._rule_files = changed(self.rule_folders(), self._rule_files) or self._rule_files
        loaded = load_rules(self.rule_folders(), self.ontology)
        self.rules = loaded if self.rules is None else keep_running(self.rules, loaded)
        self.store.save_rules(self.rules.records(self.clock.now()))
        self.match.rules = Matcher(self.rules.rules)
        for error in loaded.errors:
            log.error(
                "rule file refused", place=f"{error.file}:{error.line}:{error.column}", why=error.message
            )
        log.info("rules loaded", rules=len(self.rules.rules), refused=len(loaded.errors))
        return self.rules

    def reload_changed_rules(self) -> bool:
        """Read the rule files again when one was added, removed or edited; True when it did."""
        if changed(self.rule_folders(), self._rule_files) is None:
            return False
        self.load_rules()
        return True

    def import_feeds(self) -> tuple[int, int]:
        """Add the feeds of the catalogs; returns (added, known already)."""
        own = self.settings.feeds.folder
        folders = [*([shipped("feeds")] if self.settings.feeds.shipped else []), *([own] if own else [])]
        specs = [spec for folder in folders for spec in load_catalogs(folder)]
        return self.store.add_feeds(specs, self.clock.now()) if specs else (0, 0)

    async def drain(self, *, notify: bool = True) -> Drained:
        """Run every stage until nothing waits; for commands that do one pass.

        Raises `ExtractorStartError` when articles wait and nothing can read them; they go on waiting.
        """
        if self.match.rules is None:
            await asyncio.to_thread(self.load_rules)
        extracted = linked = matched = delivered = 0
        while True:
            articles = await asyncio.to_thread(self.store.waiting_for_extraction, _BATCH)
            if articles:
                await self.pool.warm()
                await asyncio.gather(*(self._extract(row) for row in articles))
                extracted += len(articles)
            links = await asyncio.to_thread(self.store.waiting_for_linking, _BATCH)
            for row in links:
                await self.link(row)
            linked += len(links)
            events = await asyncio.to_thread(self.store.waiting_for_rules, _BATCH)
            for row in events:
                await self.match(row)
            matched += len(events)
            sent = await self.notifier.run_due(_BATCH) if notify else 0
            delivered += sent
            if not (articles or links or events or sent):
                return Drained(extracted, linked, matched, delivered)

    async def _extract(self, row: UUID) -> None:
        """A failed article stays waiting and comes up again, until its stage sets it aside."""
        try:
            await self.extract(row)
        except ExtractorStartError:
            raise
        except ExtractionError as error:
            log.debug("article waits for another try", article=str(row), error=str(error))

    async def sweep(self) -> dict[str, int]:
        """Announce every row that waits for its stage: what makes a crash or a lost message harmless."""
        waiting = {
            EXTRACT: self.store.waiting_for_extraction,
            LINK: self.store.waiting_for_linking,
            MATCH: self.store.waiting_for_rules,
        }
        found = {}
        for topic, ask in waiting.items():
            rows = await asyncio.to_thread(ask, 1_000)
            await self.announce(topic, rows)
            found[topic] = len(rows)
        await self.announce(NOTIFY, [])
        return found

    async def close(self) -> None:
        """Stop workers and give back connections."""
        await self.pool.close()
        await self.parser.close()
        await self.page_reader.close()
        await self.hubs.close()
        await self.fetcher.close()
        await self.notifier.close()
        self.store.close()


def _max_age(settings: Settings) -> timedelta | None:
    days = settings.alerting.max_age_days
    return timedelta(days=days) if days else None
