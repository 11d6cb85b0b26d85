"""Pictures, films and sounds an entry names, and the place its publisher tags it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite
from typing import Any


class MediaRole(StrEnum):
    """In which way an entry names a file."""

    CONTENT = "content"  # media:content, or the picture of an item
    THUMBNAIL = "thumbnail"  # media:thumbnail
    ENCLOSURE = "enclosure"  # <enclosure>, rel=enclosure, an attachment


@dataclass(frozen=True, slots=True)
class Media:
    """One file that belongs to an entry; names are those of Media RSS 1.5.1.

    Only addresses are kept: nothing is ever fetched from them. Width and height are in pixels, the length in bytes.
    """

    url: str  # http or https
    role: MediaRole = MediaRole.CONTENT
    type: str | None = None  # media type, e.g. image/jpeg
    medium: str | None = None  # image, audio, video, document or executable
    width: int | None = None
    height: int | None = None
    length: int | None = None
    description: str | None = None  # its caption
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class GeoTag:
    """Where the publisher says an entry is about (GeoRSS-Simple, GML, W3C Basic Geo), in degrees of WGS 84.

    Of a line, a polygon or a box it is the middle of the extent. It is the publisher's word about the article and
    not the place of any event.

    Raises:
        ValueError: no place on earth.
    """

    lat: float
    lon: float
    shape: str = "point"  # point, line, polygon or box
    name: str | None = None  # georss:featureName

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and isfinite(self.lon) and abs(self.lat) <= 90 and abs(self.lon) <= 180):
            raise ValueError(f"no place on earth: latitude {self.lat}, longitude {self.lon}")


def media_to_json(media: Media) -> dict[str, Any]:
    """What is known of it, under the names of the fields."""
    values = ((one.name, getattr(media, one.name)) for one in fields(media))
    return {
        name: value.value if isinstance(value, MediaRole) else value
        for name, value in values
        if value is not None
    }


def media_from_json(kept: Mapping[str, Any]) -> Media:
    """The reverse of `media_to_json`."""
    return Media(**{**kept, "role": MediaRole(kept["role"])})


def geo_to_json(geo: GeoTag) -> dict[str, Any]:
    """`lat`, `lon`, `shape`, and `name` where there is one."""
    kept = {"lat": geo.lat, "lon": geo.lon, "shape": geo.shape}
    return kept if geo.name is None else {**kept, "name": geo.name}


def geo_from_json(kept: Mapping[str, Any]) -> GeoTag:
    """The reverse of `geo_to_json`."""
    return GeoTag(**kept)
