"""What the demo puts around the daemon: recorded feeds, a webhook receiver, an SMTP server."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from standardwebhooks.webhooks import Webhook

from tocsin.errors import TocsinError
from tocsin.model import DeliveryState, Feed, Subscriber, SubscriberKind
from tocsin.ports import Store
from tocsin.service import Runtime
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
from tocsin.testing import (
    MailSink,
    ReceivedRequest,
    RecordedFeeds,
    Recording,
    SequentialIds,
    WebhookReceiver,
)

_WEBHOOK, _EMAIL = "demo-webhook", "demo-email"
_PATIENCE = 180.0  # seconds for one step before the demo says what it still waits for
_LATER = timedelta(hours=1)
_PAUSE = 0.02  # seconds between two looks at what waits
_RUN = 1 << 40  # ids of one run, so that a database that is gone on with gets others


def _labelled(progress: Callable[[str], None], label: str, text: str) -> None:
    progress(f"{label}: {text}")


def _sum_up(store: Store) -> str:
    rows = store.stats()["rows"]
    pending = len(store.deliveries(state=DeliveryState.PENDING))
    return (
        f"{rows['fetch']} polls, {rows['article']} articles, {rows['mention']} mentions, "
        f"{rows['event']} events, {rows['alert']} alerts, {rows['delivery'] - pending} delivered"
    )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class RecordedClock:
    """The time of the recording: it stands still but for jumps until it is let go, then runs as real time does.

    What a run writes is thus the same on a slow machine.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._since: float | None = None

    def now(self) -> datetime:
        """A moment of the recorded autumn, UTC-aware."""
        gone = 0.0 if self._since is None else time.monotonic() - self._since
        return self._start + timedelta(seconds=gone)

    def jump(self, moment: datetime) -> None:
        """Go on from this moment; never back."""
        self._start = max(moment, self.now())
        self._since = None if self._since is None else time.monotonic()

    def go(self) -> None:
        """Run from here on."""
        self._since = time.monotonic()


class DemoWorld:
    """An async context manager: servers on the loopback interface, on the ports of the last run where free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recording = Recording.load("autumn-2022")
        self._state = folder / "demo.json"
        self._stack = AsyncExitStack()
        self.secret = ""
        self._asking: deque[tuple[str, asyncio.Future[None]]] = deque()
        self._open = False
        self.feeds: RecordedFeeds
        self.webhook: WebhookReceiver
        self.mail: MailSink

    async def __aenter__(self) -> Self:
        known = self._remembered()
        port = int(known.get("feeds", 0))
        self.feeds = await self._stack.enter_async_context(
            RecordedFeeds(self.recording, port=port if port and _free(port) else 0, turn=self._take_turn)
        )
        self.feeds.step = min(int(known.get("step", 1)), len(self.recording.steps))
        self._since = self._moment()
        self.clock = RecordedClock(self._since)
        self._runs = int(known.get("runs", 0)) + 1
        self.ids = SequentialIds(self._runs * _RUN)
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
        self._state.write_text(
            json.dumps({"feeds": port, "step": self.feeds.step, "runs": self._runs}), encoding="utf-8"
        )

    def settings(self) -> Settings:
        """The embedded defaults of the demo: one request at a time, loopback allowed, old news sent all the same."""
        base = load_settings()
        port = base.web.port if _free(base.web.port) else 0
        return base.model_copy(
            update={
                "database_url": f"sqlite:///{self.folder.resolve() / 'tocsin.sqlite'}",
                "feeds": FeedsSettings(shipped=False),
                "polling": PollingSettings(
                    interval=600, longest=600, per_host=1, spacing=0, timeout=_PATIENCE, parse_timeout=10
                ),
                "network": NetworkSettings(allow_private_addresses=True),
                "web": WebSettings(host="127.0.0.1", port=port),
                "email": EmailSettings(
                    host=self.mail.host, port=self.mail.port, security="none", sender="tocsin@desk.example"
                ),
                "alerting": AlertingSettings(max_age_days=0, retry_base=1, concurrency=1),
                "service": ServiceSettings(dispatch_every=0.1, sweep_every=60, grace=10),
            }
        )

    def prepare(self, runtime: Runtime) -> None:
        """Put the feeds and the two subscribers into the database."""
        from tocsin.alerting import new_secret

        now = runtime.clock.now()
        runtime.store.add_feeds(self.feeds.feed_specs(), now)
        known = {s.name: s for s in runtime.store.subscribers()}
        webhook = known.get(_WEBHOOK)
        self.secret = (webhook.secret if webhook is not None else None) or new_secret()
        runtime.store.save_subscriber(
            Subscriber(
                id=webhook.id if webhook is not None else self.ids.new(),
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
                    id=self.ids.new(),
                    name=_EMAIL,
                    kind=SubscriberKind.EMAIL,
                    address="night-desk@desk.example",
                    created_at=now,
                )
            )

    async def play(
        self, runtime: Runtime, running: asyncio.Task[None], progress: Callable[[str], None]
    ) -> None:
        """Go through the steps of the recording; each one lasts until everything it brought is delivered.

        One feed is answered at a time, and the next one when all that came of it is delivered: so each run makes
        the same messages.
        """
        try:
            while not running.done():
                step = self.recording.steps[self.feeds.step - 1]
                label = f"step {self.feeds.step} of {len(self.recording.steps)}, {step.name}"
                await self._settle(runtime, running, partial(_labelled, progress, label))
                if not self.feeds.advance():
                    break
                self._begin_round(self._moment())
                self._remember()
            self._begin_round(self._moment() + _LATER)
            await self._settle(
                runtime, running, partial(_labelled, progress, "once more, when little is new")
            )
        finally:
            self.clock.go()
            self._open = True
            for _, turn in self._asking:
                turn.set_result(None)

    def _begin_round(self, moment: datetime) -> None:
        self._since = moment
        self.clock.jump(moment)

    async def _take_turn(self, path: str) -> None:
        if not self._open:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._asking.append((path, turn))
            await turn

    async def _settle(
        self, runtime: Runtime, running: asyncio.Task[None], progress: Callable[[str], None]
    ) -> None:
        """Give the feeds their turns until each was asked and nothing waits."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        asked: str | None = None
        while not running.done():
            waiting, unasked = await asyncio.to_thread(self._look, runtime.store, asked)
            if not waiting:
                progress(await asyncio.to_thread(_sum_up, runtime.store))
                if not unasked:
                    return
                asked = self._next_turn()
            if asyncio.get_running_loop().time() > deadline:
                raise TocsinError(
                    f"the demo waited {_PATIENCE:.0f} s and is not done: {_sum_up(runtime.store)}",
                    hint="run it again with --verbose",
                )
            await asyncio.sleep(_PAUSE)

    def _next_turn(self) -> str | None:
        """Let the feed that asked first have its answer, a second after the one before; its path."""
        if not self._asking:
            return None
        path, turn = self._asking.popleft()
        self.clock.jump(self.clock.now() + timedelta(seconds=1))
        turn.set_result(None)
        return path

    def _look(self, store: Store, asked: str | None) -> tuple[bool, bool]:
        """Whether something of what was asked last is still on its way, and whether a feed is still to be asked."""
        feeds = store.feeds()
        unasked = any(self._unasked(feed) for feed in feeds)
        if asked is not None:
            polled = next(f.last_polled_at for f in feeds if f.spec.url == f"{self.feeds.base_url}{asked}")
            if polled is None or polled < self.clock.now():
                return True, unasked
        if store.waiting_for_extraction(1) or store.waiting_for_linking(1) or store.waiting_for_rules(1):
            return True, unasked
        return self._sending(store), unasked

    def _sending(self, store: Store) -> bool:
        """Whether messages are on their way; those that wait to be tried again have the clock go there."""
        due = [one.next_attempt_at for one in store.deliveries(state=DeliveryState.PENDING)]
        later = [moment for moment in due if moment is not None and moment > self.clock.now()]
        if due and len(later) == len(due):
            self.clock.jump(min(later))
        return bool(due)

    def _unasked(self, feed: Feed) -> bool:
        """Whether a feed is still to be polled at this step; one that waits after a failure is not."""
        if feed.last_polled_at is not None and feed.last_polled_at >= self._since:
            return False
        return feed.next_due_at is None or feed.next_due_at <= self.clock.now()

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
