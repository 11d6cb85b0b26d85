"""The timeline in the formats other programs read: pure functions over events, no clock, no store.

`export` writes events. The page also writes its other lists (claims, alerts, feeds ...) by turning their
rows into `Entry` and calling `write_entries`.
"""

from tocsin.timeline.exports._entries import Entry, Point, event_entry, event_to_json
from tocsin.timeline.exports._formats import ExportFormat, export, write_entries

__all__ = [
    "Entry",
    "ExportFormat",
    "Point",
    "event_entry",
    "event_to_json",
    "export",
    "write_entries",
]
