"""What every route shares: store, settings, clock, templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tocsin import __version__
from tocsin.model import INTERNAL_TYPES
from tocsin.ports import Clock, Store
from tocsin.settings import Settings
from tocsin.web import _words as words
from tocsin.web._errors import MissingError
from tocsin.web._evidence import KINDS

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

NAVIGATION: Final = (
    ("/", "Timeline"),
    ("/claims", "Claims"),
    ("/alerts", "Alerts"),
    ("/deliveries", "Deliveries"),
    ("/rules", "Rules"),
    ("/feeds", "Feeds"),
    ("/articles", "Articles"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """The page's dependencies, handed to every router."""

    store: Store
    settings: Settings
    clock: Clock
    templates: Environment

    def base_url(self, request: Request) -> str:
        """The address of the page as readers reach it, without trailing slash."""
        return (self.settings.web.public_url or str(request.base_url)).rstrip("/")

    def render(
        self, request: Request, template: str, status: int = 200, context: Mapping[str, Any] | None = None
    ) -> HTMLResponse:
        """A page."""
        now = self.clock.now()
        shared = {"now": now, "path": request.url.path, "navigation": NAVIGATION, "version": __version__}
        html = self.templates.get_template(template).render({**shared, **(context or {})})
        return HTMLResponse(html, status, {"Cache-Control": "no-cache"})


def templates() -> Environment:
    """The templates; everything is escaped, and a name nobody set is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        asset=_asset_addresses().__getitem__,
        kinds=KINDS,
        internal_types=INTERNAL_TYPES,
        ago=words.ago_words,
        health=words.health_words,
        clock_time=words.clock_words,
        short_time=words.short_moment_words,
    )
    environment.filters.update(
        day=words.day_words,
        when=words.when_words,
        heading=words.heading_words,
        moment=words.moment_words,
        party=words.party_words,
        place=words.place_words,
        outside_url=words.outside_url,
        shown_url=words.shown_url,
        value=words.value_words,
    )
    return environment


def row_id(kind: str, text: str) -> UUID:
    """The id in a path; raises `MissingError` for text that is no id."""
    try:
        return UUID(text)
    except ValueError:
        raise missing(kind, text) from None


def missing(kind: str, text: object) -> MissingError:
    """The error for a row that is not there."""
    return MissingError(f"there is no {kind} {str(text)[:60]!r}")


def _asset_addresses() -> dict[str, str]:
    """Static files with their content in the address, so that browsers may keep them for ever."""
    return {
        file.name: f"/static/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in sorted(STATIC.iterdir())
    }
