"""Which formats there are, and the one function that writes any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from tocsin.errors import UsageError
from tocsin.model import Event
from tocsin.timeline.exports._atom import write_atom
from tocsin.timeline.exports._entries import EVENT_COLUMNS, Entry, event_entry
from tocsin.timeline.exports._gdelt import write_gdelt
from tocsin.timeline.exports._geojson import write_geojson
from tocsin.timeline.exports._ics import write_ics
from tocsin.timeline.exports._kml import write_kml
from tocsin.timeline.exports._list import Listing
from tocsin.timeline.exports._tables import write_csv, write_json


class ExportFormat(StrEnum):
    """The name of a format is also its file extension."""

    JSON = "json"
    CSV = "csv"
    ATOM = "atom"
    ICS = "ics"
    GEOJSON = "geojson"
    KML = "kml"
    GDELT = "gdelt"  # events only

    @property
    def media_type(self) -> str:
        """As registered with IANA."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final[dict[ExportFormat, str]] = {
    ExportFormat.JSON: "application/json",
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.ATOM: "application/atom+xml; charset=utf-8",
    ExportFormat.ICS: "text/calendar; charset=utf-8; component=vevent",
    ExportFormat.GEOJSON: "application/geo+json",
    ExportFormat.KML: "application/vnd.google-earth.kml+xml",
    ExportFormat.GDELT: "text/tab-separated-values; charset=utf-8",
}

_WRITERS: Final[dict[ExportFormat, Callable[[Listing], str]]] = {
    ExportFormat.JSON: write_json,
    ExportFormat.CSV: write_csv,
    ExportFormat.ATOM: write_atom,
    ExportFormat.ICS: write_ics,
    ExportFormat.GEOJSON: write_geojson,
    ExportFormat.KML: write_kml,
}


def export_format(name: ExportFormat | str) -> ExportFormat:
    """The format of this name; raises `UsageError` that lists those there are."""
    try:
        return ExportFormat(name)
    except ValueError:
        known = ", ".join(ExportFormat)
        raise UsageError(f"there is no format {name!r}", hint=f"use one of {known}") from None


def export(
    events: Sequence[Event],
    format: ExportFormat | str,  # noqa: A002 - the word of the command line
    *,
    now: datetime,
    base_url: str,
    title: str = "Tocsin timeline",
    self_url: str | None = None,
) -> str:
    """The events as one document; encode it as UTF-8.

    `base_url` is the address of the page, `self_url` the one this document was asked for at. `now` stamps
    an Atom feed without entries; everything else is dated by what it holds, so that the same events give
    the same bytes.
    Raises `UsageError` for a format there is not.
    """
    chosen = export_format(format)
    if chosen is ExportFormat.GDELT:
        return write_gdelt(events, base_url=base_url)
    entries = [event_entry(event, base_url=base_url) for event in events]
    return write_entries(
        entries, chosen, now=now, base_url=base_url, title=title, self_url=self_url, columns=EVENT_COLUMNS
    )


def write_entries(
    entries: Iterable[Entry],
    format: ExportFormat | str,  # noqa: A002 - the word of the command line
    *,
    now: datetime,
    base_url: str,
    title: str,
    self_url: str | None = None,
    columns: Sequence[str] | None = None,
) -> str:
    """Any list as one document. `columns` names those of a table that may be empty.

    Raises `UsageError` for a format there is not, and for `gdelt`, which only events have.
    """
    chosen = export_format(format)
    if chosen not in _WRITERS:
        raise UsageError(f"only events have the format {chosen.value}", hint="use json or csv")
    listing = Listing(tuple(entries), now, base_url.rstrip("/"), title, self_url, tuple(columns or ()))
    return _WRITERS[chosen](listing)
