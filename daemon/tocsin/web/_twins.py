"""The twins of a list: the same query string, another format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from tocsin.timeline.exports import Entry, ExportFormat, write_entries
from tocsin.web._errors import MissingError
from tocsin.web._filters import Asked, Parameter
from tocsin.web._site import Site

EVERY_LIST: Final = tuple(name for name in ExportFormat if name is not ExportFormat.GDELT)
TWIN_LIMIT: Final = 100

_PROBLEM: Final = {"application/problem+json": {"schema": {"type": "object"}}}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "A parameter is unknown or has a wrong value.", "content": _PROBLEM},
    404: {"description": "There is no such row or format.", "content": _PROBLEM},
    503: {"description": "The database is not available.", "content": _PROBLEM},
}


@dataclass(frozen=True, slots=True)
class Rows:
    """What a list came to: its entries, the whole number where it is known, and what was asked."""

    entries: Sequence[Entry]
    asked: Asked[Any]
    total: int | None = None


Loader = Callable[[Request], Rows]
Writer = Callable[[Request, ExportFormat], tuple[str, Rows]]


def add_twins(
    router: APIRouter, site: Site, name: str, *, title: str, parameters: Sequence[Parameter], load: Loader
) -> None:
    """Register `/name.{format}` for the formats every list has."""

    def write(request: Request, chosen: ExportFormat) -> tuple[str, Rows]:
        rows = load(request)
        base, self_url = site.base_url(request), _self_url(site, request)
        body = write_entries(
            rows.entries, chosen, now=site.clock.now(), base_url=base, title=title, self_url=self_url
        )
        return body, rows

    add_writer(router, site, name, parameters=parameters, write=write, formats=EVERY_LIST)


def add_writer(
    router: APIRouter,
    site: Site,
    name: str,
    *,
    parameters: Sequence[Parameter],
    write: Writer,
    formats: Sequence[ExportFormat],
) -> None:
    """Register `/name.{format}` with a writer of its own."""
    known = [chosen.value for chosen in formats]

    def twin(request: Request, format: str) -> Response:  # noqa: A002 - the path's word
        if format not in known:
            hint = f"use one of {', '.join(f'/{name}.{one}' for one in known)}"
            raise MissingError(f"{name} have no format {format[:20]!r}", hint=hint)
        chosen = ExportFormat(format)
        body, rows = write(request, chosen)
        headers = _paging(site, request, rows, f"/{name}.{format}")
        if chosen in (ExportFormat.CSV, ExportFormat.ICS, ExportFormat.KML, ExportFormat.GDELT):
            headers["Content-Disposition"] = f'attachment; filename="tocsin-{name}.{format}"'
        return validated(request, body, chosen.media_type, headers)

    content: dict[str, Any] = {chosen.media_type.partition(";")[0]: {} for chosen in formats}
    router.add_api_route(
        f"/{name}.{{format}}",
        twin,
        methods=["GET"],
        name=f"{name} in a format",
        description=f"`format` is one of {', '.join(known)}.",
        operation_id=f"list_{name}",
        response_class=Response,
        responses={200: {"description": "The list.", "content": content}, **PROBLEMS},
        openapi_extra={"parameters": [_described(parameter) for parameter in parameters]},
    )


def add_json(router: APIRouter, path: str, name: str, load: Callable[[Request, str], dict[str, Any]]) -> None:
    """Register the JSON twin of a page about one row."""

    def one(request: Request, row: str) -> Response:
        return JSONResponse(load(request, row), headers={"Cache-Control": "no-cache"})

    router.add_api_route(
        path,
        one,
        methods=["GET"],
        name=name,
        operation_id=f"one_{name}",
        response_class=JSONResponse,
        responses={200: {"description": f"The {name}."}, **PROBLEMS},
    )


def validated(request: Request, body: str, media_type: str, headers: dict[str, str]) -> Response:
    """The body with an entity tag, or 304 when the client has it (RFC 9110, section 13.1.2)."""
    content = body.encode("utf-8", "replace")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**headers, "ETag": tag, "Cache-Control": "no-cache"}
    asked = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _self_url(site: Site, request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{site.base_url(request)}{request.url.path}{query}"


def _paging(site: Site, request: Request, rows: Rows, path: str) -> dict[str, str]:
    """Link (RFC 8288) to the neighbouring pages, and how many rows there are in all."""
    asked, base = rows.asked, site.base_url(request)
    links = []
    if asked.page > 1:
        links.append(f'<{base}{asked.turned(path, asked.page - 1, TWIN_LIMIT)}>; rel="prev"')
    if len(rows.entries) == asked.limit and rows.total != asked.offset + asked.limit:
        links.append(f'<{base}{asked.turned(path, asked.page + 1, TWIN_LIMIT)}>; rel="next"')
    headers = {"Link": ", ".join(links)} if links else {}
    return headers if rows.total is None else {**headers, "X-Total-Count": str(rows.total)}


def _described(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.repeated:
        schema = {"type": "array", "items": schema}
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": schema,
        "example": [parameter.example] if parameter.repeated else parameter.example,
    }
