"""GeoJSON (RFC 7946): WGS 84, longitude first; entries without coordinates have a null geometry."""

from __future__ import annotations

import json
from typing import Any

from tocsin.timeline.exports._entries import Entry
from tocsin.timeline.exports._list import Listing


def write_geojson(listing: Listing) -> str:
    """A FeatureCollection; the properties are those of the JSON form."""
    collection = {"type": "FeatureCollection", "features": [_feature(entry) for entry in listing.entries]}
    return json.dumps(collection, ensure_ascii=False, indent=2) + "\n"


def _feature(entry: Entry) -> dict[str, Any]:
    point = entry.point
    return {
        "type": "Feature",
        "id": str(entry.id),
        "geometry": None if point is None else {"type": "Point", "coordinates": [point.lon, point.lat]},
        "properties": {**entry.data, "summary": entry.summary},
    }
