"""`/live`: new event revisions and alerts as server-sent events (WHATWG HTML, section 9.2).

Each client has a cursor, sent as the id of every message, and the store is asked once a second in a
thread: what another process wrote is seen as well. A client that comes back with Last-Event-ID goes on
where it was; nothing between is lost, whatever process answers.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from tocsin.errors import StoreBusyError, StoreError
from tocsin.model import Alert, EventRevision
from tocsin.timeline.exports import event_to_json
from tocsin.web._filters import BadParameterError
from tocsin.web._forms import alert_form
from tocsin.web._site import Site

POLL_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
MOST_STREAMS: Final = 200
_BATCH: Final = 100
_CURSOR: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ChangeSource(Protocol):
    """What the stream asks the store for."""

    def changes(self, after: int | None, limit: int = 100) -> list[tuple[int, EventRevision]]:
        """See `TimelineStore.changes`."""
        ...

    def alerts(
        self,
        *,
        rule: str | None = None,
        since: datetime | None = None,
        unacknowledged: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Alert]:
        """See `AlertStore.alerts`."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """The number of the last event revision seen, and when the last alert seen was fired."""

    revision: int
    alerted: datetime

    def __str__(self) -> str:
        return f"{self.revision}-{(self.alerted - _EPOCH) // timedelta(microseconds=1)}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The inverse of str(); None for anything else."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        try:
            return cls(int(match[1]), _EPOCH + timedelta(microseconds=int(match[2])))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Message:
    """One server-sent event, with the cursor after it."""

    kind: str  # event or alert
    data: dict[str, Any]
    cursor: Cursor

    def encoded(self) -> bytes:
        """As it goes over the wire; JSON without line breaks."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.kind}\nid: {self.cursor}\ndata: {data}\n\n".encode("utf-8", "replace")


def newest(source: ChangeSource) -> Cursor:
    """The cursor of somebody who has seen everything."""
    changes, alerts = source.changes(None, 1), source.alerts(limit=1)
    return Cursor(changes[-1][0] if changes else 0, alerts[0].fired_at if alerts else _EPOCH)


def news(source: ChangeSource, cursor: Cursor, base_url: str) -> list[Message]:
    """What was written after the cursor, revisions before alerts, each in the order it was written."""
    found: list[Message] = []
    for number, revision in source.changes(cursor.revision, _BATCH):
        cursor = Cursor(number, cursor.alerted)
        found.append(Message("event", _revision_form(revision, base_url), cursor))
    for alert in sorted(_alerts_after(source, cursor.alerted), key=lambda one: (one.fired_at, one.id)):
        # Alerts fired together share a moment: the cursor moves past it with the last of them only.
        found.append(Message("alert", alert_form(alert, base_url), cursor))
        cursor = Cursor(cursor.revision, alert.fired_at)
    return [*found[:-1], Message(found[-1].kind, found[-1].data, cursor)] if found else []


def _alerts_after(source: ChangeSource, moment: datetime) -> list[Alert]:
    """All alerts fired after the moment; asked page by page because the newest come first."""
    found: dict[UUID, Alert] = {}
    while True:
        page = source.alerts(since=moment, limit=_BATCH, offset=len(found))
        later = [alert for alert in page if alert.fired_at > moment]
        found.update({alert.id: alert for alert in later})
        if len(later) < _BATCH:
            return list(found.values())


def _revision_form(revision: EventRevision, base_url: str) -> dict[str, Any]:
    return {
        "number": revision.number,
        "reason": revision.reason.value,
        "detail": revision.detail,
        "known_at": revision.known_at.isoformat(),
        "event": event_to_json(revision.state, base_url=base_url),
    }


class Streams:
    """The streams that are open; `close` ends them all, so that the server can stop."""

    def __init__(
        self, source: ChangeSource, *, poll: float = POLL_SECONDS, heartbeat: float = HEARTBEAT_SECONDS
    ) -> None:
        self._source = source
        self._poll = poll
        self._heartbeat = heartbeat
        self._closing = asyncio.Event()
        self.open = 0

    def close(self) -> None:
        """End every stream; call it in the event loop, before the server waits for its connections."""
        self._closing.set()

    async def follow(self, cursor: Cursor | None, base_url: str) -> AsyncIterator[bytes]:
        """The stream of one client, from the cursor or from now."""
        loop = asyncio.get_running_loop()
        self.open += 1
        try:
            at = await run_in_threadpool(newest, self._source) if cursor is None else cursor
            yield f"retry: 3000\nid: {at}\ndata:\nevent: ready\n\n".encode()
            spoke = loop.time()
            while not self._closing.is_set():
                for message in await self._news(at, base_url):
                    at, spoke = message.cursor, loop.time()
                    yield message.encoded()
                if loop.time() - spoke >= self._heartbeat:
                    spoke = loop.time()
                    yield b": heartbeat\n\n"
                await self._rest()
        finally:
            self.open -= 1

    async def _news(self, cursor: Cursor, base_url: str) -> list[Message]:
        try:
            return await run_in_threadpool(news, self._source, cursor, base_url)
        except StoreError:  # busy, or being restored: the cursor stays, and the next look finds it all
            return []

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), self._poll)
        except TimeoutError:
            return


def live_router(site: Site, streams: Streams) -> APIRouter:
    """The route of `/live`."""
    router = APIRouter(tags=["live"])

    @router.get(
        "/live",
        summary="Server-sent events: event revisions and alerts as they are written",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}, "description": "A stream without end."}},
        openapi_extra={
            "parameters": [
                {
                    "name": name,
                    "in": place,
                    "required": False,
                    "schema": {"type": "string"},
                    "description": text,
                }
                for name, place, text in (
                    ("Last-Event-ID", "header", "Where the client was; browsers send it by themselves."),
                    ("after", "query", "The same, for clients that cannot set the header."),
                )
            ]
        },
    )
    async def live(request: Request) -> StreamingResponse:
        text = request.headers.get("last-event-id") or request.query_params.get("after")
        cursor = Cursor.read(text) if text else None
        if text and cursor is None:
            hint = "send the id of a message of this stream, or none to begin with now"
            raise BadParameterError(
                f"{text[:40]!r} is not a place in the stream", parameter="after", hint=hint
            )
        if streams.open >= MOST_STREAMS:
            raise StoreBusyError(f"{MOST_STREAMS} streams are open", hint="close some, or poll /events.json")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if request.scope.get("asked") == "HEAD":
            return StreamingResponse(iter(()), headers=headers, media_type="text/event-stream")
        stream = streams.follow(cursor, site.base_url(request))
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    return router
