"""KML 2.2 (OGC 07-147r2): a placemark for each entry, with a TimeSpan that sliders understand."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from tocsin.model import Severity
from tocsin.timeline.exports._entries import Entry
from tocsin.timeline.exports._list import Listing
from tocsin.timeline.exports._text import KML, child, document

_COLOURS: Final = {
    Severity.INFO: "ffb06a3b",
    Severity.WARNING: "ff1f86d9",
    Severity.CRITICAL: "ff3030c8",
}  # aabbggrr


def write_kml(listing: Listing) -> str:
    """A Document; entries without coordinates have no Point and show in the list only."""
    root = ET.Element("kml")
    parent = child(root, "Document")
    child(parent, "name", listing.title)
    for severity, colour in _COLOURS.items():
        icon = child(child(parent, "Style", id=severity.value), "IconStyle")
        child(icon, "color", colour)
    for entry in listing.entries:
        _add(parent, entry)
    return document(root, {"": KML})


def _add(parent: ET.Element, entry: Entry) -> None:
    mark = child(parent, "Placemark", id=f"{entry.kind}-{entry.id}")
    child(mark, "name", entry.title)
    child(mark, "description", f"{entry.summary}\n{entry.link}")
    if entry.start is not None:
        span = child(mark, "TimeSpan")
        child(span, "begin", entry.start.isoformat())
        child(span, "end", (entry.end or entry.start).isoformat())
    child(mark, "styleUrl", f"#{entry.severity.value}")
    extended = child(mark, "ExtendedData")
    for name, value in entry.row.items():
        if value is not None and value != "":
            child(child(extended, "Data", name=name), "value", str(value))
    if entry.point is not None:
        child(child(mark, "Point"), "coordinates", f"{entry.point.lon},{entry.point.lat}")
