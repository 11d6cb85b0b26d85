"""What every writer gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.timeline.exports._entries import Entry


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries with what a document says about itself."""

    entries: tuple[Entry, ...]
    now: datetime
    base_url: str  # of the page, no trailing slash
    title: str
    self_url: str | None = None
    columns: tuple[str, ...] = ()  # of a table without rows
