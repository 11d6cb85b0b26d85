"""The application: pages, twins, live stream and what operators ask, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from prometheus_client import CollectorRegistry
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tocsin import __version__
from tocsin.polling import Hubs
from tocsin.ports import Clock, Store
from tocsin.settings import Settings
from tocsin.web._alerts import alerts_router
from tocsin.web._errors import install_errors
from tocsin.web._feeds import feeds_router
from tocsin.web._guard import Guard, HttpMetrics
from tocsin.web._live import Streams, live_router
from tocsin.web._ops import ops_router
from tocsin.web._site import STATIC, Site, templates
from tocsin.web._timeline import timeline_router
from tocsin.web._websub import websub_router

_ABOUT = (
    "Events, claims and alerts as data. Every list takes one query string and has its twins by extension."
)


def create_app(
    store: Store,
    settings: Settings,
    *,
    clock: Clock,
    health: Callable[[], Mapping[str, Any]] | None = None,
    registry: CollectorRegistry | None = None,
    hubs: Hubs | None = None,
) -> FastAPI:
    """The ASGI application. It only reads the store, in threads, and changes nothing.

    `health()` is shown by `/healthz` and `/readyz` (its key `ready` decides the latter). `registry` is what
    `/metrics` prints; the page adds its own metrics to it. `hubs` answers the callback of WebSub, which is
    the one thing that writes; there is no such address without it. Call `close_streams(app)` before the server
    waits for its connections; `Server` does.
    """
    site, streams = Site(store, settings, clock, templates()), Streams(store)
    chosen = registry or CollectorRegistry()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        streams.close()

    app = FastAPI(
        title="Tocsin",
        description=_ABOUT,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.streams = streams
    app.add_middleware(Guard, metrics=HttpMetrics(chosen))

    def render(request: Request, template: str, status: int, context: dict[str, Any]) -> HTMLResponse:
        return site.render(request, template, status, context)

    install_errors(app, render)
    for router in (
        timeline_router(site),
        alerts_router(site),
        feeds_router(site),
        live_router(site, streams),
    ):
        app.include_router(router)
    app.include_router(ops_router(site, chosen, health))
    if hubs is not None and hubs.enabled:
        app.include_router(websub_router(hubs, settings.polling.max_body))
    app.mount("/static", Assets(directory=STATIC), name="static")
    return app


def close_streams(app: FastAPI) -> None:
    """End all live streams, so that the server can stop; to be called in its event loop."""
    streams: Streams = app.state.streams
    streams.close()


class Assets(StaticFiles):
    """Static files; their address changes with their content, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for a year when the address carries its version."""
        response = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
