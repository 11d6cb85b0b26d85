"""The subscriber of WebSub: asks hubs, answers what they verify, takes in what they send."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import aiohttp
import httpx

from tocsin.errors import FetchError
from tocsin.model import Feed, Hub, HubState, HubSubscription
from tocsin.network import guarded_client, host_name
from tocsin.polling._failures import describe_failure
from tocsin.polling._formats import Parser
from tocsin.polling._poller import PollResult, result_of
from tocsin.polling._push import decide_push
from tocsin.polling._websub import (
    Step,
    Verified,
    asked,
    next_step,
    request_form,
    signature_fits,
    token_of,
    verify,
)
from tocsin.ports import Clock, Store
from tocsin.settings import Settings

_MAX_REDIRECTS = 3
_KEEPING = frozenset((307, 308))  # redirects that keep the method


class Hubs:
    """One process's subscriber; state is in the store, so any number may run.

    Without `websub.callback` it is off: nothing is asked for, and the callback knows no subscription.

    Args:
        store: subscriptions, feeds, articles.
        parser: reads what is sent.
        clock: the time.
        settings: callback, lease, the outgoing guard.
        taken: told of each document a hub sent, once it is written.
    """

    def __init__(
        self,
        store: Store,
        parser: Parser,
        clock: Clock,
        settings: Settings,
        taken: Callable[[PollResult], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._parser = parser
        self._clock = clock
        self._settings = settings
        self._taken = taken
        self._heard: dict[UUID, Hub] = {}
        self._client: httpx.AsyncClient | None = None

    @property
    def enabled(self) -> bool:
        """Whether hubs can reach us."""
        return self._settings.websub.callback is not None

    async def heard(self, feed: Feed, hub: Hub) -> None:
        """A document of `feed` named `hub`: subscribe there, unless that is done. Raises `StoreError`."""
        hub = replace(hub, url=self._secured(hub.url))
        if not self.enabled or self._heard.get(feed.id) == hub:
            return
        known = await asyncio.to_thread(self._store.hub_subscription, feed.id)
        if known is None or (known.hub, known.topic) != (hub.url, hub.topic):
            wanted = HubSubscription(feed.id, hub.url, hub.topic, secrets.token_hex(32))
            await asyncio.to_thread(self._store.save_hub_subscription, wanted)
        self._heard[feed.id] = hub

    def _secured(self, url: str) -> str:
        """The https form, for the secret travels with the request; not where the operator opened the way."""
        network = self._settings.network
        host = (urlsplit(url).hostname or "").lower()
        if network.allow_private_addresses or host in {name.lower() for name in network.allow_hosts}:
            return url
        return f"https://{url[7:]}" if url.lower().startswith("http://") else url

    async def tick(self) -> int:
        """Do what is due for each subscription; returns how many hubs were asked. Raises `StoreError`."""
        made = 0
        for subscription, polled in await asyncio.to_thread(self._store.hub_subscriptions):
            step = next_step(subscription, self._clock.now(), polled=polled and self.enabled)
            if step is Step.FORGET:
                await asyncio.to_thread(self._store.end_hub_subscription, subscription.feed_id)
                self._heard.pop(subscription.feed_id, None)
            elif step is not Step.NONE:
                await self._ask(subscription, step.value)
                made += 1
        return made

    async def _ask(self, subscription: HubSubscription, mode: str) -> None:
        """The state is written first: a hub may verify before it has answered."""
        before = asked(subscription, mode, None, self._clock.now())
        await asyncio.to_thread(self._store.save_hub_subscription, before)
        problem = await self._post(before, mode)
        if problem is not None:
            after = asked(subscription, mode, problem, self._clock.now())
            await asyncio.to_thread(self._store.save_hub_subscription, after)

    async def _post(self, subscription: HubSubscription, mode: str) -> str | None:
        """What went wrong, None when the hub took the request."""
        websub = self._settings.websub
        form = request_form(mode, websub.callback or "", subscription, websub.lease)
        url = subscription.hub
        try:
            async with asyncio.timeout(self._settings.polling.timeout):
                for _ in range(_MAX_REDIRECTS + 1):
                    answer = await self._guarded().post(url, data=form)
                    if answer.status_code not in _KEEPING or "location" not in answer.headers:
                        break
                    url = self._secured(urljoin(url, answer.headers["location"]))
        except (
            FetchError,
            httpx.HTTPError,
            httpx.InvalidURL,
            aiohttp.ClientError,
            OSError,
            ValueError,
        ) as error:
            return describe_failure(error, host_name(url)).message
        return None if answer.is_success else f"the hub answered {answer.status_code}: {answer.text[:200]}"

    def _guarded(self) -> httpx.AsyncClient:
        if self._client is None:
            polling = self._settings.polling
            self._client = guarded_client(
                self._settings.network, user_agent=self._settings.user_agent, timeout=polling.timeout
            )
        return self._client

    async def verify(self, feed_id: UUID, token: str, query: Mapping[str, str]) -> Verified:
        """Answer a hub that asks whether a subscription is meant. Raises `StoreError`."""
        known = await self._subscription(feed_id, token)
        verdict = verify(known, query, self._clock.now(), self._settings.websub.lease)
        if verdict.ended:
            await asyncio.to_thread(self._store.end_hub_subscription, feed_id)
            self._heard.pop(feed_id, None)
        elif verdict.subscription is not None:
            await asyncio.to_thread(self._store.save_hub_subscription, verdict.subscription)
        return verdict

    async def knows(self, feed_id: UUID, token: str) -> bool:
        """Whether there is such a callback. Raises `StoreError`."""
        return await self._subscription(feed_id, token) is not None

    async def receive(
        self, feed_id: UUID, token: str, signature: str, body: bytes, content_type: str
    ) -> PollResult | None:
        """Take in what a hub sent; None when it was ignored: unknown, unsigned, or signed by somebody else.

        Raises `StoreError`: nothing was written, and the hub should send it again.
        """
        known = await self._subscription(feed_id, token)
        feed = await asyncio.to_thread(self._store.feed, feed_id)
        if known is None or feed is None or not feed.enabled or feed.muted_reason:
            return None
        if known.state is not HubState.ACTIVE or not signature_fits(signature, known.secret, body):
            return None
        try:
            parsed = await self._parser.parse(body, content_type, known.topic)
        except FetchError as error:
            note = f"what the hub sent cannot be read: {error.message}"
            await asyncio.to_thread(self._store.save_hub_subscription, replace(known, note=note[:300]))
            return None
        keys = [entry.key for entry in parsed.entries]
        urls = [entry.url for entry in parsed.entries if entry.url]
        found = await asyncio.to_thread(self._store.known_articles, feed_id, keys, urls)
        now = self._clock.now()
        write = decide_push(feed, parsed, found, known.lease_until, size=len(body), now=now)
        waiting = await asyncio.to_thread(self._store.record_poll, write)
        await asyncio.to_thread(
            self._store.save_hub_subscription, replace(known, last_push_at=now, note=None)
        )
        result = result_of(write, waiting)
        if self._taken is not None:
            await self._taken(result)
        return result

    async def _subscription(self, feed_id: UUID, token: str) -> HubSubscription | None:
        if not self.enabled:
            return None
        known = await asyncio.to_thread(self._store.hub_subscription, feed_id)
        if known is None or not secrets.compare_digest(
            token_of(known.secret, feed_id).encode(), token.encode()
        ):
            return None
        return known

    async def close(self) -> None:
        """Close connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
