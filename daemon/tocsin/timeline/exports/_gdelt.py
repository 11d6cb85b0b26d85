"""A tab file with the 61 columns of the GDELT 2.0 event table, so that tools written for it can read ours.

Columns and codes: The GDELT Event Database, Data Format Codebook V2.0; event codes are CAMEO's. Where GDELT
gives a figure we do not have (Goldstein scale, tone) the column is empty. GLOBALEVENTID is our UUID, not a
number. Like GDELT's files it has no header line, and events nothing dates have empty date columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from typing import Final

from tocsin.model import Event, Party, Place
from tocsin.timeline.exports._text import place_words

_QUAD: Final = {**dict.fromkeys(range(1, 6), 1), **dict.fromkeys(range(6, 9), 2)}
_QUAD.update({**dict.fromkeys(range(9, 14), 3), **dict.fromkeys(range(14, 21), 4)})

_NO_GEOGRAPHY: Final = ("0", *[""] * 7)


def write_gdelt(events: Sequence[Event], *, base_url: str) -> str:
    """One line an event, 61 columns, tab between them."""
    return "".join("\t".join(_clean(cell) for cell in _row(event, base_url)) + "\n" for event in events)


def _row(event: Event, base_url: str) -> tuple[str, ...]:
    return (
        str(event.id),
        *_dates(event.day),
        *_actor(event.source),
        *_actor(event.target),
        "1",  # IsRootEvent
        *_codes(event.cameo),
        "",  # GoldsteinScale
        str(event.mentions),
        str(len(event.owners)),
        str(event.articles),
        "",  # AvgTone
        *_NO_GEOGRAPHY,
        *_NO_GEOGRAPHY,
        *_geography(event.place),
        event.first_known.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
        f"{base_url.rstrip('/')}/events/{event.id}",
    )


def _dates(day: date | None) -> tuple[str, str, str, str]:
    if day is None:
        return ("", "", "", "")
    fraction = day.year + ((day.month - 1) * 30 + day.day) / 365  # the codebook's own months of 30 days
    compact = day.isoformat().replace("-", "")
    return (compact, compact[:6], compact[:4], f"{fraction:.4f}")


def _actor(parties: Sequence[Party]) -> tuple[str, ...]:
    if not parties:
        return ("",) * 10
    first = parties[0]
    country, sector = first.country or "", first.sector or ""
    name = (first.name or "").upper()
    return (country + sector, name, country, "", "", "", "", sector, "", "")


def _codes(cameo: str | None) -> tuple[str, str, str, str]:
    if not cameo:
        return ("", "", "", "")
    root = cameo[:2]
    quad = _QUAD.get(int(root)) if root.isdecimal() else None
    return (cameo, cameo[:3], root, "" if quad is None else str(quad))


def _geography(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return _NO_GEOGRAPHY
    kind = "4" if place.lat is not None else "1"  # 1 country, 4 city of the world
    lat = "" if place.lat is None else str(place.lat)
    lon = "" if place.lon is None else str(place.lon)
    return (kind, place_words(place), place.country or "", "", "", lat, lon, "")


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\x00", " ").split())
