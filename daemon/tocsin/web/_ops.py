"""What supervisors and Prometheus ask: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from tocsin import __version__
from tocsin.errors import StoreError
from tocsin.web._site import Site

Health = Callable[[], Mapping[str, Any]]


def ops_router(site: Site, registry: CollectorRegistry, health: Health | None) -> APIRouter:
    """Routes of `/healthz`, `/readyz`, `/metrics`.

    `health()` says how the daemon is; its key `ready` (default true) decides `/readyz` with the database.
    """
    router = APIRouter(tags=["operations"])

    def answer(status: int, word: str, **more: Any) -> JSONResponse:
        facts = dict(health()) if health is not None else {}
        body = {"status": word, "version": __version__, **facts, **more}
        return JSONResponse(jsonable_encoder(body), status, {"Cache-Control": "no-store"})

    @router.get("/healthz", summary="200 as long as the process answers")
    def healthz() -> JSONResponse:
        return answer(200, "ok")

    @router.get(
        "/readyz",
        summary="200 when database and daemon are ready",
        responses={503: {"description": "Not ready."}},
    )
    def readyz() -> JSONResponse:
        try:
            site.store.check()
        except StoreError as error:
            return answer(503, "not ready", database=error.message, remedy=error.hint)
        if health is not None and not health().get("ready", True):
            return answer(503, "not ready", database="ok")
        return answer(200, "ok", database="ok")

    @router.get("/metrics", summary="Prometheus metrics", response_class=Response)
    def metrics(request: Request) -> Response:
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    return router
