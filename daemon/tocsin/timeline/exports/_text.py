"""Words and XML pieces that several formats share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from tocsin.model import Party, Place, When

# Everything XML 1.0 (section 2.2, Char) does not allow: most control characters, surrogates, U+FFFE, U+FFFF.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The XML namespaces that ElementTree is told to write without or with a short prefix.
ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
KML: Final = "http://www.opengis.net/kml/2.2"


def xml_text(text: str) -> str:
    """The text with characters that XML 1.0 forbids replaced by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def child(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Append an element; its text and attributes are cleaned for XML and escaped on output."""
    element = ET.SubElement(parent, tag, {name: xml_text(value) for name, value in attributes.items()})
    if text is not None:
        element.text = xml_text(text)
    return element


def document(root: ET.Element, namespaces: Mapping[str, str]) -> str:
    """The document as text with declaration; `namespaces` maps prefix ("" for the default) to address."""
    for prefix, address in namespaces.items():
        root.set(f"xmlns:{prefix}" if prefix else "xmlns", address)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with seconds, as Atom and KML want it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def party_words(parties: Iterable[Party]) -> str:
    """Names for people: "North Korea, Russia"; the country code or sector where no name is known."""
    return ", ".join(party.name or party.country or party.sector or "unknown" for party in parties)


def place_words(place: Place | None) -> str:
    """The resolved name, or the words of the article; empty when there is no place."""
    return "" if place is None else place.name or place.text


def when_words(when: When | None) -> str:
    """Days as ISO 8601 with precision and words: `2022-11-08 (day, "on Tuesday")`."""
    if when is None:
        return "date not known"
    days = when.start.isoformat() if when.start == when.end else f"{when.start}/{when.end}"
    words = f', "{when.text}"' if when.text else ""
    return f"{days} ({when.precision.value}{words})"


def count_words(number: int, one: str, many: str | None = None) -> str:
    """`1 owner`, `3 owners`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
