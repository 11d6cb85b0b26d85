"""Errors as pages for people and as problem documents (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from tocsin.errors import StoreBusyError, StoreError, TocsinError
from tocsin.timeline.exports import ExportFormat
from tocsin.web._filters import BadParameterError

_TITLES: Final = {
    400: "That cannot be asked",
    404: "There is no such page",
    405: "That cannot be done here",
    500: "Something went wrong",
    503: "The database is not available",
}
_HINTS: Final = {
    404: "It may have been pruned, or the address is mistyped. The timeline has everything that is kept.",
    405: "This page is read-only: use GET or HEAD. What changes things is on the command line.",
    500: "The log of the daemon says what; the page itself changed nothing.",
}
_MACHINE: Final = tuple(f".{name}" for name in ExportFormat)

Handler = Callable[[Request, Exception], Awaitable[Response]]
Renderer = Callable[[Request, str, int, dict[str, Any]], HTMLResponse]


class MissingError(TocsinError):
    """There is no row of this kind with this id."""


def wants_json(request: Request) -> bool:
    """True for the twins and the API, and for clients that ask for JSON rather than HTML."""
    path = request.url.path
    if path.startswith("/api/") or path.endswith(_MACHINE) or path in ("/live", "/healthz", "/readyz"):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def problem(
    request: Request, status: int, title: str, detail: str, hint: str | None, **more: str
) -> JSONResponse:
    """A problem document; `remedy` and `parameter` are extension members."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    body.update({"remedy": hint} if hint else {})
    return JSONResponse({**body, **more}, status, media_type="application/problem+json")


def install_errors(app: FastAPI, render: Renderer) -> None:
    """Register the handlers; `render(request, template, status, context)` makes a page."""

    def answer(
        request: Request, status: int, detail: str, hint: str | None, headers: dict[str, str], **more: str
    ) -> Response:
        title, hint = _TITLES.get(status, "That did not work"), hint or _HINTS.get(status)
        response: Response
        if wants_json(request):
            response = problem(request, status, title, detail, hint, **more)
        else:
            context = {"status": status, "title": title, "detail": detail, "hint": hint, **more}
            response = render(request, "error.html", status, context)
        response.headers.update(headers)
        return response

    async def tocsin_error(request: Request, error: Exception) -> Response:
        known = error if isinstance(error, TocsinError) else TocsinError(str(error))
        status, headers = _status(known)
        more = {"parameter": error.parameter} if isinstance(error, BadParameterError) else {}
        return answer(request, status, known.message, known.hint, headers, **more)

    async def http_error(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = f"{request.method} {request.url.path[:200]}"
        headers = {"Allow": "GET, HEAD"} if status == 405 else {}
        return answer(request, status, detail, None, headers)

    async def unexpected(request: Request, error: Exception) -> Response:
        return answer(request, 500, f"{type(error).__name__} at {request.url.path[:200]}", None, {})

    app.add_exception_handler(TocsinError, tocsin_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected)


def _status(error: TocsinError) -> tuple[int, dict[str, str]]:
    if isinstance(error, MissingError):
        return 404, {}
    if isinstance(error, StoreBusyError):
        return 503, {"Retry-After": "5"}
    if isinstance(error, StoreError):
        return 503, {"Retry-After": "60"}
    return (400, {}) if isinstance(error, BadParameterError) else (500, {})
