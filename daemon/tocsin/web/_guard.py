"""The ASGI layer around every answer: security headers, HEAD as GET without a body, one metric."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


class HttpMetrics:
    """Requests by route (its template, never the path), method and status; seconds by route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "tocsin_http_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "tocsin_http_seconds",
            "Seconds until the answer was whole, streams left out.",
            ["route"],
            registry=registry,
        )


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        method = scope["method"]
        inner: dict[str, Any] = {**scope, "method": "GET" if method == "HEAD" else method, "asked": method}
        status = 500

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(inner, receive, guarded)
        finally:
            route = str(getattr(inner.get("route"), "path", "other"))
            known = method if method in ("GET", "HEAD") else "other"
            self._metrics.requests.labels(known, route, str(status)).inc()
            if route != "/live":
                self._metrics.seconds.labels(route).observe(perf_counter() - started)
