"""From a teaser to its page in the running daemon: one event, one alert, both texts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tocsin.extraction import ExtractionPool
from tocsin.model import ArticleQuery, EventQuery, FeedSpec, PageState
from tocsin.service import Daemon, Runtime
from tocsin.settings import (
    AlertingSettings,
    FeedsSettings,
    NetworkSettings,
    PagesSettings,
    PollingSettings,
    RulesSettings,
    ServiceSettings,
    Settings,
    WebSettings,
)

RULE = "rule: launch\ntitle: A launch\nseverity: critical\nmatch:\n  type: weapons.launch\n"
TEASER = "North Korea fired a ballistic missile on Tuesday, South Korea's military said."
LEAD = (
    "SEOUL - North Korea fired a ballistic missile toward the sea off its east coast on Tuesday, South Korea's "
    "military said, the latest in a series of weapons tests this month."
)
STORY = (
    LEAD,
    "Japan's defence minister condemned the launch and said Tokyo had lodged a protest through its embassy.",
    "South Korean President Yoon Suk-yeol met with Chinese President Xi Jinping in Bali last week.",
)


class Site:
    """A feed of teasers, its pages, and its robots.txt."""

    def __init__(self):
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                kind, body = site.answer(self.path)
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        if path == "/feed":
            return "application/rss+xml", self.feed().encode()
        if path == "/launch":
            text = "".join(f"<p>{one}</p>" for one in STORY)
            page = f"<html><body><nav>Home</nav><article><h1>A launch</h1>{text}</article></body></html>"
            return "text/html", page.encode()
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nDisallow: /secret\n"
        return "", b""

    def feed(self):
        date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
        items = "".join(
            f"<item><title>{title}</title><link>{self.base}{path}</link><guid>{path}</guid>"
            f"<description>{text}</description><pubDate>{date}</pubDate></item>"
            for path, title, text in (
                ("/launch", "A launch", TEASER),
                ("/secret", "A secret", "Nothing to see."),
            )
        )
        return f"<rss version='2.0'><channel><title>Teasers</title><link>{self.base}</link>{items}</channel></rss>"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site():
    one = Site()
    yield one
    one.close()


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "launch.yaml").write_text(RULE)
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'tocsin.sqlite'}",
        polling=PollingSettings(spacing=0, timeout=5),
        network=NetworkSettings(allow_private_addresses=True),
        rules=RulesSettings(shipped=False, folder=tmp_path / "rules"),
        feeds=FeedsSettings(shipped=False),
        web=WebSettings(port=0),
        alerting=AlertingSettings(max_age_days=0),
        service=ServiceSettings(dispatch_every=0.05, sweep_every=0.2, grace=5, log_level="error"),
    )


async def until(condition, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.05)


async def run_until(runtime, condition):
    ready = asyncio.get_running_loop().create_future()
    daemon = Daemon(runtime, on_ready=ready.set_result)
    task = asyncio.create_task(daemon.run())
    await ready
    try:
        await until(condition)
    finally:
        daemon.stop()
        await task


async def test_an_event_of_the_teaser_is_the_same_event_in_the_full_text(settings, site):
    """One alert; what only the page says becomes an event, too; what robots.txt forbids is not asked for."""
    runtime = Runtime(settings, pool=ExtractionPool(1, 60.0))
    runtime.store.add_feeds(
        [FeedSpec(f"{site.base}/feed", publisher="Teasers", full_text=True)], runtime.clock.now()
    )

    def settled():
        articles = runtime.store.articles(ArticleQuery())
        states = {runtime.store.page(one.id).state for one in articles}
        waiting = [*runtime.store.waiting_for_extraction(1), *runtime.store.waiting_for_linking(1)]
        return (
            states == {PageState.DONE, PageState.ROBOTS}
            and not waiting
            and not runtime.store.waiting_for_rules(1)
        )

    seen = {}

    def done():
        if settled():
            seen["articles"] = {one.title: one for one in runtime.store.articles(ArticleQuery())}
            seen["launches"] = runtime.store.events(EventQuery(types=("weapons.launch",)))
            seen["others"] = runtime.store.count_events(EventQuery(types=("statement", "diplomacy")))
            seen["alerts"] = runtime.store.alerts()
            seen["texts"] = runtime.store.article_revisions(seen["articles"]["A launch"].id)
            return True
        return False

    await run_until(runtime, done)
    assert [one.reason.value for one in seen["texts"]] == ["first_seen", "full_text"]
    assert TEASER in seen["texts"][0].text
    assert STORY[2] in seen["articles"]["A launch"].text
    assert len(seen["launches"]) == 1
    assert seen["others"] >= 1
    assert len(seen["alerts"]) == 1
    assert set(site.asked) == {"/feed", "/robots.txt", "/launch"}
    assert site.asked.count("/launch") == 1


async def test_pages_can_be_switched_off(settings, site):
    """Then the teasers are read as those of any feed."""
    off = settings.model_copy(update={"pages": PagesSettings(enabled=False)})
    runtime = Runtime(off, pool=ExtractionPool(1, 60.0))
    runtime.store.add_feeds([FeedSpec(f"{site.base}/feed", full_text=True)], runtime.clock.now())
    await run_until(
        runtime,
        lambda: (
            len(runtime.store.articles(ArticleQuery())) == 2 and not runtime.store.waiting_for_extraction(1)
        ),
    )
    assert set(site.asked) == {"/feed"}
