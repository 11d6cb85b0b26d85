"""What the demo puts around the daemon: recorded feeds, a webhook receiver, an SMTP server."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from standardwebhooks.webhooks import Webhook

from tocsin.errors import TocsinError
from tocsin.model import DeliveryState, Feed, Subscriber, SubscriberKind
from tocsin.service import Runtime, SystemIds
from tocsin.settings import (
    AlertingSettings,
    EmailSettings,
    FeedsSettings,
    NetworkSettings,
    PollingSettings,
    ServiceSettings,
    Settings,
    WebSettings,
    load_settings,
)
from tocsin.testing import MailSink, ReceivedRequest, RecordedFeeds, Recording, WebhookReceiver

_WEBHOOK, _EMAIL = "demo-webhook", "demo-email"
_PATIENCE = 180.0  # seconds for one step before the demo says what it still waits for


def _labelled(progress: Callable[[str], None], label: str, text: str) -> None:
    progress(f"{label}: {text}")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class RecordedClock:
    """The time of the recording: it runs on as real time does, and jumps ahead with each step."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._since = time.monotonic()

    def now(self) -> datetime:
        """A moment of the recorded autumn, UTC-aware."""
        return self._start + timedelta(seconds=time.monotonic() - self._since)

    def jump(self, moment: datetime) -> None:
        """Go on from this moment; never back."""
        self._start, self._since = max(moment, self.now()), time.monotonic()


class DemoWorld:
    """An async context manager: servers on the loopback interface, on the ports of the last run where free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recording = Recording.load("autumn-2022")
        self._state = folder / "demo.json"
        self._stack = AsyncExitStack()
        self.secret = ""
        self.feeds: RecordedFeeds
        self.webhook: WebhookReceiver
        self.mail: MailSink

    async def __aenter__(self) -> Self:
        known = self._remembered()
        port = int(known.get("feeds", 0))
        self.feeds = await self._stack.enter_async_context(
            RecordedFeeds(self.recording, port=port if port and _free(port) else 0)
        )
        self.feeds.step = min(int(known.get("step", 1)), len(self.recording.steps))
        self.clock = RecordedClock(self._moment())
        self.webhook = self._stack.enter_context(WebhookReceiver())
        self.mail = self._stack.enter_context(MailSink())
        self._remember()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    def _moment(self) -> datetime:
        return self.recording.steps[self.feeds.step - 1].at

    def _remembered(self) -> dict[str, Any]:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _remember(self) -> None:
        port = int(self.feeds.base_url.rsplit(":", 1)[1])
        self._state.write_text(json.dumps({"feeds": port, "step": self.feeds.step}), encoding="utf-8")

    def settings(self) -> Settings:
        """The embedded defaults of the demo: quick rounds, loopback allowed, old news sent all the same."""
        base = load_settings()
        port = base.web.port if _free(base.web.port) else 0
        return base.model_copy(
            update={
                "database_url": f"sqlite:///{self.folder.resolve() / 'tocsin.sqlite'}",
                "feeds": FeedsSettings(shipped=False),
                "polling": PollingSettings(interval=1, longest=1, spacing=0.02, timeout=5, parse_timeout=10),
                "network": NetworkSettings(allow_private_addresses=True),
                "web": WebSettings(host="127.0.0.1", port=port),
                "email": EmailSettings(
                    host=self.mail.host, port=self.mail.port, security="none", sender="tocsin@desk.example"
                ),
                "alerting": AlertingSettings(max_age_days=0, retry_base=1),
                "service": ServiceSettings(dispatch_every=0.25, sweep_every=2, grace=10),
            }
        )

    def prepare(self, runtime: Runtime) -> None:
        """Put the feeds and the two subscribers into the database."""
        from tocsin.alerting import new_secret

        now = runtime.clock.now()
        runtime.store.add_feeds(self.feeds.feed_specs(), now)
        known = {s.name: s for s in runtime.store.subscribers()}
        ids = SystemIds()
        webhook = known.get(_WEBHOOK)
        self.secret = (webhook.secret if webhook is not None else None) or new_secret()
        runtime.store.save_subscriber(
            Subscriber(
                id=webhook.id if webhook is not None else ids.new(),
                name=_WEBHOOK,
                kind=SubscriberKind.WEBHOOK,
                address=self.webhook.url,
                secret=self.secret,
                created_at=now,
            )
        )
        if _EMAIL not in known:
            runtime.store.save_subscriber(
                Subscriber(
                    id=ids.new(),
                    name=_EMAIL,
                    kind=SubscriberKind.EMAIL,
                    address="night-desk@desk.example",
                    created_at=now,
                )
            )

    async def play(
        self, runtime: Runtime, running: asyncio.Task[None], progress: Callable[[str], None]
    ) -> None:
        """Go through the steps of the recording; each one lasts until everything it brought is delivered."""
        while not running.done():
            step = self.recording.steps[self.feeds.step - 1]
            label = f"step {self.feeds.step} of {len(self.recording.steps)}, {step.name}"
            await self._settle(runtime, running, partial(_labelled, progress, label))
            if not self.feeds.advance():
                return
            self.clock.jump(self._moment())
            self._remember()

    async def _settle(
        self, runtime: Runtime, running: asyncio.Task[None], progress: Callable[[str], None]
    ) -> None:
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        quiet = 0
        while quiet < 3 and not running.done():
            waiting, text = await asyncio.to_thread(self._look, runtime)
            progress(text)
            quiet = quiet + 1 if not waiting else 0
            if asyncio.get_running_loop().time() > deadline:
                raise TocsinError(
                    f"the demo waited {_PATIENCE:.0f} s and is not done: {text}",
                    hint="run it again with --verbose",
                )
            await asyncio.sleep(0.3)

    def _look(self, runtime: Runtime) -> tuple[bool, str]:
        store = runtime.store
        rows = store.stats()["rows"]
        pending = len(store.deliveries(state=DeliveryState.PENDING))
        unasked = sum(1 for feed in store.feeds() if self._unasked(feed))
        waiting = (
            len(store.waiting_for_extraction(50))
            + len(store.waiting_for_linking(50))
            + len(store.waiting_for_rules(50))
        )
        text = (
            f"{rows['fetch']} polls, {rows['article']} articles, {rows['mention']} mentions, "
            f"{rows['event']} events, {rows['alert']} alerts, {rows['delivery'] - pending} delivered"
        )
        return bool(waiting or pending or unasked), text

    def _unasked(self, feed: Feed) -> bool:
        """Whether a feed is still to be polled at this step; one that waits after a failure is not."""
        if feed.last_polled_at is not None and feed.last_polled_at >= self._moment():
            return False
        return feed.next_due_at is None or feed.next_due_at <= self.clock.now() + timedelta(seconds=10)

    def verified_webhooks(self) -> int:
        """How many requests came with a signature that holds (Standard Webhooks).

        Their timestamps are of the recorded autumn, so that check alone is left to receivers that live today.
        """
        return sum(1 for request in self.webhook.requests if self._signed(request))

    def _signed(self, request: ReceivedRequest) -> bool:
        name, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "0")
        moment = datetime.fromtimestamp(int(stamp), UTC)
        expected = Webhook(self.secret).sign(name, moment, request.body.decode())
        return any(
            hmac.compare_digest(one, expected) for one in request.headers.get("webhook-signature", "").split()
        )
