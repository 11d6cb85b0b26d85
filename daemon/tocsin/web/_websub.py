"""The callback of WebSub: hubs verify subscriptions here and send what is new."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from tocsin.errors import StoreError
from tocsin.polling import Hubs

_BUSY = "not taken in, send it again"


def websub_router(hubs: Hubs, max_body: int) -> APIRouter:
    """Routes of `/websub/FEED/TOKEN`; bodies of more than `max_body` bytes are refused."""
    router = APIRouter(include_in_schema=False)

    @router.get("/websub/{feed_id}/{token}")
    async def verify(feed_id: UUID, token: str, request: Request) -> PlainTextResponse:
        try:
            verdict = await hubs.verify(feed_id, token, dict(request.query_params))
        except StoreError:
            return PlainTextResponse("try again", 503, {"Retry-After": "60"})
        return PlainTextResponse(verdict.body, verdict.status)

    @router.post("/websub/{feed_id}/{token}")
    async def receive(feed_id: UUID, token: str, request: Request) -> PlainTextResponse:
        """Answers 202 to whatever it is: who sends with a wrong signature learns nothing (section 8.2)."""
        try:
            if not await hubs.knows(feed_id, token):
                return PlainTextResponse("there is no such subscription", 410)
            body = await _body(request, max_body)
            if body is None:
                return PlainTextResponse(f"more than {max_body} bytes", 413)
            headers = request.headers
            await hubs.receive(
                feed_id, token, headers.get("x-hub-signature", ""), body, headers.get("content-type", "")
            )
        except StoreError:
            return PlainTextResponse(_BUSY, 503, {"Retry-After": "60"})
        return PlainTextResponse("", 202)

    return router


async def _body(request: Request, most: int) -> bytes | None:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)
