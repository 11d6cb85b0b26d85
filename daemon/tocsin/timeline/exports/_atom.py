"""Atom (RFC 4287) with GeoRSS Simple points."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tocsin.timeline.exports._entries import Entry
from tocsin.timeline.exports._list import Listing
from tocsin.timeline.exports._text import ATOM, GEORSS, child, document, timestamp


def write_atom(listing: Listing) -> str:
    """A feed; entries keep their id for ever, and `updated` moves with each revision."""
    feed = ET.Element("feed")
    address = listing.self_url or f"{listing.base_url}/events.atom"
    child(feed, "id", address)
    child(feed, "title", listing.title)
    updated = max((entry.updated for entry in listing.entries), default=listing.now)
    child(feed, "updated", timestamp(updated))
    child(feed, "link", rel="self", type="application/atom+xml", href=address)
    child(feed, "link", rel="alternate", type="text/html", href=f"{listing.base_url}/")
    child(child(feed, "author"), "name", "Tocsin")
    child(feed, "generator", "Tocsin")
    for entry in listing.entries:
        _add(feed, entry)
    return document(feed, {"": ATOM, "georss": GEORSS})


def _add(feed: ET.Element, entry: Entry) -> None:
    element = child(feed, "entry")
    child(element, "id", entry.urn)
    child(element, "title", entry.title, type="text")
    child(element, "published", timestamp(entry.published))
    child(element, "updated", timestamp(entry.updated))
    child(element, "link", rel="alternate", type="text/html", href=entry.link)
    for term in entry.categories:
        child(element, "category", term=term)
    child(element, "summary", entry.summary, type="text")
    if entry.point is not None:
        child(element, "georss:point", f"{entry.point.lat} {entry.point.lon}")
