"""The daemon in this process: real store, real feeds over HTTP, a reader that needs no language model."""

from __future__ import annotations

import asyncio
import urllib.request
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from helpers_store import draft
from tocsin.errors import (
    ConfigurationError,
    ExtractionError,
    ExtractorStartError,
    StoreBusyError,
    StoreFullError,
)
from tocsin.extraction import Extraction
from tocsin.model import (
    Actor,
    AlertKind,
    Basis,
    DeliveryState,
    EventQuery,
    FeedSpec,
    Fetch,
    FetchOutcome,
    Mention,
    MentionStatus,
    PollWrite,
    Precision,
    Span,
    Subscriber,
    SubscriberKind,
    When,
)
from tocsin.service import Daemon, Runtime, SystemIds, listen
from tocsin.settings import (
    AlertingSettings,
    FeedsSettings,
    NetworkSettings,
    PollingSettings,
    RulesSettings,
    ServiceSettings,
    Settings,
    WebSettings,
)
from tocsin.store import open_store
from tocsin.testing import FakeClock, RecordedFeeds, Recording, WebhookReceiver

RULE = "rule: launch\ntitle: A launch\nseverity: critical\nmatch:\n  type: weapons.launch\n"


class Reader:
    """Finds the word `missile` and calls it a launch on the day of publication; may fail first."""

    def __init__(self, failures=0):
        self.failures = failures
        self.closed = False

    async def warm(self):
        """Nothing to load."""

    async def close(self):
        self.closed = True

    async def extract(self, document):
        if self.failures:
            self.failures -= 1
            raise ExtractionError("the worker died")
        at = document.text.find("missile")
        if at < 0 or document.published is None:
            return Extraction(())
        day = document.published.date()
        return Extraction(
            (
                Mention(
                    type="weapons.launch.missile",
                    status=MentionStatus.HAPPENED,
                    trigger=Span("missile", at, at + 7),
                    sentence=(0, len(document.text)),
                    source=(Actor("missile", at, at + 7, "North Korea", "PRK", "MIL"),),
                    when=When(day, day, Precision.DAY, None, Basis.PUBLISHED),
                    confidence=0.8,
                ),
            )
        )


class Unready(Reader):
    """Cannot start until it is told that what was missing is there."""

    ready = False

    async def warm(self):
        if not self.ready:
            raise ExtractorStartError("no English language model is installed", hint="install one")

    async def extract(self, document):
        await self.warm()
        return await super().extract(document)


class Moody:
    """A store that refuses some calls first, as a full disk or a lock does."""

    def __init__(self, store, **refusals):
        self._store = store
        self.refusals = refusals

    def __getattr__(self, name):
        real = getattr(self._store, name)

        def call(*args, **kwargs):
            if self.refusals.get(name):
                raise self.refusals[name].pop()
            return real(*args, **kwargs)

        return call if callable(real) else real


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "launch.yaml").write_text(RULE)
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'tocsin.sqlite'}",
        polling=PollingSettings(interval=1, longest=1, spacing=0, timeout=3, parse_timeout=10),
        network=NetworkSettings(allow_private_addresses=True),
        rules=RulesSettings(shipped=False, folder=tmp_path / "rules", reload_every=0.05),
        feeds=FeedsSettings(shipped=False),
        web=WebSettings(port=0),
        alerting=AlertingSettings(max_age_days=0, retry_base=0.1),
        service=ServiceSettings(dispatch_every=0.05, sweep_every=0.2, grace=5, log_level="error"),
    )


@asynccontextmanager
async def running(runtime, **options):
    ready = asyncio.get_running_loop().create_future()
    daemon = Daemon(runtime, on_ready=ready.set_result, **options)
    task = asyncio.create_task(daemon.run())
    await asyncio.wait([ready, task], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield daemon
    finally:
        daemon.stop()
        await task


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.05)


def fill(runtime, feeds, receiver):
    runtime.store.add_feeds(feeds.feed_specs(), runtime.clock.now())
    runtime.store.save_subscriber(
        Subscriber(
            id=SystemIds().new(),
            name="desk",
            kind=SubscriberKind.WEBHOOK,
            address=receiver.url,
            secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            created_at=runtime.clock.now(),
        )
    )


def outcomes_of(runtime: Runtime) -> set[FetchOutcome]:
    return {fetch.outcome for feed in runtime.store.feeds() for fetch in runtime.store.fetches(feed.id)}


async def test_feeds_become_alerts_that_arrive_and_it_stops_cleanly(settings):
    """From poll to webhook, the page up meanwhile, nothing left in flight."""
    reader = Reader()
    runtime = Runtime(settings, pool=reader)
    with WebhookReceiver() as receiver:
        async with RecordedFeeds(Recording.load("autumn-2022")) as feeds:
            fill(runtime, feeds, receiver)
            async with running(runtime) as daemon:
                await until(lambda: runtime.store.deliveries(state=DeliveryState.DELIVERED))
                with await asyncio.to_thread(urllib.request.urlopen, daemon.address + "/healthz") as answer:
                    assert answer.status == 200
                assert runtime.store.count_events(EventQuery(types=("weapons.launch",))) > 0
                await until(lambda: FetchOutcome.FAILED in outcomes_of(runtime))
                assert {a.draft.kind for a in runtime.store.alerts()} >= {AlertKind.FIRST}
    assert receiver.requests
    assert reader.closed


async def test_a_full_disk_and_a_lock_are_waited_out(settings):
    """What the store refuses is done again; nothing is lost."""
    store = Moody(
        open_store(settings.database_url),
        claim_due=[StoreBusyError("locked")],
        record_polls=[StoreFullError("disk full")] * 2,
        waiting_for_extraction=[StoreBusyError("locked")],
        claim_deliveries=[StoreBusyError("locked")],
    )
    runtime = Runtime(settings, pool=Reader(), store=store)
    with WebhookReceiver() as receiver:
        async with RecordedFeeds(Recording.load("autumn-2022")) as feeds:
            fill(runtime, feeds, receiver)
            async with running(runtime):
                await until(lambda: runtime.store.deliveries(state=DeliveryState.DELIVERED))
                await until(lambda: not any(store.refusals.values()))
    assert receiver.requests


async def test_an_article_that_kills_its_reader_is_set_aside_with_the_reason(settings):
    """Three tries, then it is skipped visibly and the others go on."""
    runtime = Runtime(settings, pool=Reader(failures=3))
    async with RecordedFeeds(Recording.load("autumn-2022")) as feeds:
        runtime.store.add_feeds(feeds.feed_specs()[:1], runtime.clock.now())
        [feed] = runtime.store.feeds()
        await runtime.poller.poll(feed)
        one = runtime.store.waiting_for_extraction(1)[0]
        for _ in range(2):
            with pytest.raises(ExtractionError):
                await runtime.extract(one)
        assert await runtime.extract(one) == "failed"
        assert "the worker died" in runtime.store.article(one).skipped
        done = await runtime.drain(notify=False)
        assert done.extracted >= 1
    await runtime.close()


async def test_no_article_is_set_aside_for_an_extractor_that_cannot_start(settings):
    """One error says so, however often it is tried; once it can start, all articles are read."""
    reader = Unready()
    runtime = Runtime(settings, pool=reader)
    (row,) = runtime.store.add_articles([draft()], publisher="Paper")
    for _ in range(4):
        with pytest.raises(ExtractorStartError, match="no English language model"):
            await runtime.drain()
        with pytest.raises(ExtractorStartError):
            await runtime.extract(row)
    assert runtime.store.waiting_for_extraction(9) == [row]
    assert runtime.store.article(row).skipped is None
    reader.ready = True
    assert (await runtime.drain()).extracted == 1
    assert runtime.store.waiting_for_extraction(9) == []
    await runtime.close()


async def test_roles_can_be_parted(settings):
    """A process with the web role alone serves the page and takes no work."""
    runtime = Runtime(settings, pool=Reader())
    async with running(runtime, roles=frozenset({"web"})) as daemon:
        assert daemon.address
        assert daemon.health()["roles"] == ["web"]


async def test_without_the_web_role_there_is_no_page(settings):
    """Pollers need no port."""
    runtime = Runtime(settings, pool=Reader())
    async with running(runtime, roles=frozenset({"poll"})) as daemon:
        assert daemon.address is None


async def test_broken_rules_and_catalogs_do_not_stop_it(settings, tmp_path):
    """What is refused is said; the daemon runs."""
    (tmp_path / "rules" / "bad.yaml").write_text("rule: bad\nmatch: [")
    (tmp_path / "catalogs").mkdir()
    (tmp_path / "catalogs" / "bad.yaml").write_text("feeds: [")
    broken = settings.model_copy(update={"feeds": FeedsSettings(shipped=False, folder=tmp_path / "catalogs")})
    runtime = Runtime(broken, pool=Reader())
    async with running(runtime) as daemon:
        assert daemon.address
        assert any(rule.error for rule in runtime.store.rules())


async def test_an_edited_rule_file_is_read_without_a_restart(settings, tmp_path):
    """A second rule appears, then its file breaks: the rule goes on and the record says why."""
    runtime = Runtime(settings, pool=Reader())
    added = tmp_path / "rules" / "second.yaml"
    async with running(runtime):
        added.write_text(RULE.replace("rule: launch", "rule: second"))
        await until(lambda: {rule.name for rule in runtime.rules.rules} == {"launch", "second"})
        added.write_text("rule: second\nmatch: [")
        await until(lambda: runtime.rules.errors)
        assert {rule.name for rule in runtime.rules.rules} == {"launch", "second"}
        added.unlink()
        await until(lambda: {rule.name for rule in runtime.rules.rules} == {"launch"})


async def test_work_that_does_not_end_is_left_for_the_next_start(settings):
    """After the grace time the daemon goes, and the row still waits."""

    class Stuck(Reader):
        async def extract(self, document):
            await asyncio.sleep(3600)

    hasty = settings.model_copy(
        update={"service": ServiceSettings(sweep_every=0.1, dispatch_every=0.1, grace=0.2)}
    )
    runtime = Runtime(hasty, pool=Stuck())
    async with RecordedFeeds(Recording.load("autumn-2022")) as feeds:
        runtime.store.add_feeds(feeds.feed_specs()[:1], runtime.clock.now())
        async with running(runtime):
            await until(lambda: runtime.store.waiting_for_extraction(1))
            await asyncio.sleep(0.3)
    store = open_store(settings.database_url)
    assert store.waiting_for_extraction(10)
    store.close()


async def test_a_clean_up_a_day_takes_old_logs(settings):
    """Polls older than `service.keep_days` go, once a day and not again after a restart."""
    clock = FakeClock()
    store = open_store(settings.database_url, clock=clock)
    store.add_feeds([FeedSpec("https://paper.example/rss")], clock.now())
    feed = store.feed("https://paper.example/rss")

    def polled():
        fetch = Fetch(feed.id, clock.now(), FetchOutcome.NOT_MODIFIED, "as scheduled", 304)
        store.record_poll(PollWrite(fetch, feed))

    for days in (0, 35.5, 364.5):  # the last one is on day 400
        clock.advance(timedelta(days=days))
        polled()
    yearly = settings.model_copy(update={"service": settings.service.model_copy(update={"keep_days": 365})})
    daemon = Daemon(Runtime(yearly, store=store, clock=clock, pool=Reader()), frozenset({"match"}))
    left = []
    for hours in (0, 23, 2):
        clock.advance(timedelta(hours=hours))
        await daemon.clean_up()
        left.append(len(store.fetches(feed.id)))
    assert left == [2, 2, 1]
    await daemon.runtime.close()


def test_a_taken_port_names_the_setting():
    """The remedy is in the error."""
    held = listen("127.0.0.1", 0)
    with pytest.raises(ConfigurationError, match="TOCSIN_WEB__PORT"):
        listen("127.0.0.1", held.getsockname()[1])
    held.close()
