"""WebSub with a real hub on loopback: discovery, verification, signed content, renewal, silence, leaving."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest
from aiohttp import ClientSession, web

from tocsin.model import ArticleQuery, FeedSpec, FetchOutcome, HubState
from tocsin.polling import HttpFetcher, Hubs, ParserPool, Poller
from tocsin.settings import NetworkSettings, PollingSettings, Settings, WebSubSettings
from tocsin.store import open_store
from tocsin.testing import FakeClock
from tocsin.web import Server, create_app

ITEM = "<item><guid>{0}</guid><title>News {0}</title><link>https://news.example/{0}</link><pubDate>{1}</pubDate></item>"
DATE = "Wed, 09 Nov 2022 11:00:00 GMT"


def document(hub: str, topic: str, *keys: str, date: str = DATE) -> str:
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{topic}"/>'
    items = "".join(ITEM.format(key, date) for key in keys)
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>'
        f"{links}{items}</channel></rss>"
    )


@dataclass
class Hub:
    """A publisher and its hub: one server that serves the feed, takes subscriptions and verifies them at once."""

    url: str = ""
    keys: list[str] = field(default_factory=lambda: ["a"])
    forms: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)  # to its verifications
    lease: int = 86_400
    refuses: bool = False

    @property
    def hub(self) -> str:
        return f"{self.url}/hub"

    @property
    def topic(self) -> str:
        return f"{self.url}/feed"

    async def serve_feed(self, _: web.Request) -> web.Response:
        return web.Response(
            text=document(self.hub, self.topic, *self.keys), content_type="application/rss+xml"
        )

    async def subscribe(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        self.forms.append(form)
        if self.refuses:
            return web.Response(status=403, text="not here")
        asyncio.get_running_loop().create_task(self.verify(form))
        return web.Response(status=202)

    async def verify(self, form: dict[str, str], **changed: str) -> tuple[int, str]:
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "c0ffee",
            "hub.lease_seconds": str(self.lease),
        } | {name.replace("_", "."): value for name, value in changed.items()}
        async with ClientSession() as session, session.get(form["hub.callback"], params=query) as answer:
            self.answers.append((answer.status, await answer.text()))
        return self.answers[-1]

    async def push(self, body: str, method: str = "sha256", secret: str | None = None) -> int:
        key = secret or self.forms[0]["hub.secret"]
        digest = hmac.new(key.encode(), body.encode(), getattr(hashlib, method)).hexdigest()
        headers = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"{method}={digest}"}
        return await self.post(body, headers)

    async def post(self, body: str, headers: dict[str, str]) -> int:
        async with (
            ClientSession() as session,
            session.post(self.forms[0]["hub.callback"], data=body.encode(), headers=headers) as answer,
        ):
            return answer.status


@dataclass
class World:
    hub: Hub
    hubs: Hubs
    store: object
    poller: Poller
    clock: FakeClock
    announced: list = field(default_factory=list)

    @property
    def feed(self):
        return self.store.feeds()[0]

    @property
    def subscription(self):
        return self.store.hub_subscription(self.feed.id)

    @property
    def titles(self) -> set[str]:
        return {article.title for article in self.store.articles(ArticleQuery(limit=100))}

    async def poll(self):
        result = await self.poller.poll(self.feed)
        if result.hub is not None:
            await self.hubs.heard(result.feed, result.hub)
        return result

    async def subscribed(self) -> None:
        await self.poll()
        assert await self.hubs.tick() == 1
        await self.until(HubState.ACTIVE)

    async def until(self, state: HubState | None) -> None:
        async with asyncio.timeout(10):
            while (self.subscription and self.subscription.state) != state:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def hub_server():
    hub = Hub()
    app = web.Application()
    app.add_routes([web.get("/feed", hub.serve_feed), web.post("/hub", hub.subscribe)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield hub
    finally:
        await runner.cleanup()


@asynccontextmanager
async def tocsin_page(app, settings):
    server = Server(app, settings)
    task = asyncio.create_task(server.serve())
    while server.url is None:
        await asyncio.sleep(0.01)
    try:
        yield server.url
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def world():
    settings = Settings(
        network=NetworkSettings(allow_private_addresses=True),
        polling=PollingSettings(spacing=0, timeout=5, max_body=20_000),
    )
    settings.web.port = 0
    settings.websub = WebSubSettings(callback="http://127.0.0.1:1")
    clock, store, parser = FakeClock(), open_store("sqlite://"), ParserPool(10)
    announced = []

    async def taken(result):
        announced.append(result)

    hubs = Hubs(store, parser, clock, settings, taken)
    fetcher = HttpFetcher.of(settings, clock=clock, store=store)
    poller = Poller(store, fetcher, parser, clock, settings.polling)
    app = create_app(store, settings, clock=clock, hubs=hubs)
    async with hub_server() as hub, tocsin_page(app, settings) as url:
        settings.websub.callback = url
        store.add_feeds([FeedSpec(hub.topic)], clock.now())
        yield World(hub, hubs, store, poller, clock, announced)
    await hubs.close()
    await fetcher.close()
    await parser.close()
    store.close()


async def test_a_feed_with_a_hub_is_subscribed_and_pushed(world):
    """The hub is found in the document, asked with a secret, verified, and what it sends becomes articles."""
    await world.subscribed()
    form = world.hub.forms[0]
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", world.hub.topic)
    assert len(form["hub.secret"]) == 64
    assert world.hub.answers == [(200, "c0ffee")]
    assert world.subscription.lease_until == world.clock.now() + timedelta(days=1)
    assert world.feed.pushed_until == world.subscription.lease_until
    world.clock.advance(1)
    assert await world.hub.push(document(world.hub.hub, world.hub.topic, "b")) == 202
    assert world.titles == {"News a", "News b"}
    assert world.subscription.last_push_at == world.clock.now()
    assert [len(result.waiting) for result in world.announced] == [1]
    pushed = world.store.fetches(world.feed.id)[0]
    assert pushed.reason == "sent by its hub: 1 entries, 1 new, 0 edited"
    assert pushed.outcome is FetchOutcome.CHANGED


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_signature_counts(world, method):
    """All four that the recommendation names."""
    await world.subscribed()
    await world.hub.push(document(world.hub.hub, world.hub.topic, method), method)
    assert f"News {method}" in world.titles


async def test_what_is_not_signed_with_the_secret_is_ignored(world):
    """A wrong signature, none, and one by a weaker method are answered alike and taken by nobody."""
    await world.subscribed()
    body = document(world.hub.hub, world.hub.topic, "forged")
    assert await world.hub.push(body, secret="guessed") == 202
    assert await world.hub.push(body, "md5") == 202
    assert await world.hub.post(body, {"Content-Type": "application/rss+xml"}) == 202
    assert world.titles == {"News a"}


async def test_a_body_that_is_too_large_or_no_feed_is_not_taken(world):
    """413 for more than polling.max_body; what cannot be read leaves a note."""
    await world.subscribed()
    assert await world.hub.push("x" * 30_000) == 413
    assert await world.hub.push("<html><body>Hello</body></html>") == 202
    assert world.titles == {"News a"}
    assert "cannot be read" in world.subscription.note


async def test_only_what_was_asked_for_is_verified(world):
    """Another topic, an unsubscription nobody wants, and a guessed address are refused."""
    await world.subscribed()
    form = world.hub.forms[0]
    assert (await world.hub.verify(form, hub_topic="https://evil.example/"))[0] == 404
    assert (await world.hub.verify(form, hub_mode="unsubscribe"))[0] == 404
    guessed = form["hub.callback"][:-4] + "0000"
    assert (await world.hub.verify(form | {"hub.callback": guessed}))[0] == 404
    assert world.subscription.state is HubState.ACTIVE
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(guessed, content=b"x")).status_code == 410


async def test_a_lease_is_renewed_before_it_ends(world):
    """After three quarters of the lease the hub is asked again, with the same secret and callback."""
    await world.subscribed()
    assert await world.hubs.tick() == 0
    world.clock.advance(timedelta(hours=19))
    assert await world.hubs.tick() == 1
    async with asyncio.timeout(10):
        while world.subscription.lease_until != world.clock.now() + timedelta(days=1):
            await asyncio.sleep(0.01)
    assert world.hub.forms[0] == world.hub.forms[1]
    assert world.feed.pushed_until == world.subscription.lease_until


async def test_a_silent_hub_is_noticed_and_its_next_push_heals(world):
    """While pushed, the feed is asked rarely; news the hub kept back brings polling back until it sends again."""
    await world.subscribed()
    result = await world.poll()
    assert "hub" in result.fetch.reason
    assert result.fetch.next_due_at >= world.clock.now() + timedelta(hours=6)
    world.hub.keys.append("kept-back")
    world.clock.advance(timedelta(hours=6))
    result = await world.poll()
    assert "its hub did not send these" in result.fetch.reason
    assert world.feed.pushed_until is None
    await world.hub.push(document(world.hub.hub, world.hub.topic, "c"))
    assert world.feed.pushed_until == world.subscription.lease_until


async def test_a_hub_that_refuses_is_asked_again_a_day_later(world):
    """The feed is polled as before, and the answer is kept."""
    world.hub.refuses = True
    await world.poll()
    await world.hubs.tick()
    assert (world.subscription.state, world.feed.pushed_until) == (HubState.REFUSED, None)
    assert "403" in world.subscription.note
    assert await world.hubs.tick() == 0
    world.clock.advance(timedelta(days=1))
    world.hub.refuses = False
    assert await world.hubs.tick() == 1
    await world.until(HubState.ACTIVE)


async def test_a_removed_feed_is_unsubscribed(world):
    """The hub is told, verifies, and the subscription is forgotten; its callback is gone."""
    await world.subscribed()
    feed_id = world.feed.id
    world.store.remove_feed(world.hub.topic)
    assert await world.hubs.tick() == 1
    async with asyncio.timeout(10):
        while world.store.hub_subscription(feed_id) is not None:
            await asyncio.sleep(0.01)
    assert world.hub.forms[-1]["hub.mode"] == "unsubscribe"
    assert await world.hub.post("x", {}) == 410


async def test_without_a_callback_nothing_is_asked(world):
    """WebSub is off unless the operator says where hubs reach us."""
    world.hubs._settings.websub.callback = None
    await world.poll()
    assert await world.hubs.tick() == 0
    assert (world.hub.forms, world.subscription) == ([], None)
