"""JSON and CSV (RFC 4180, UTF-8, one header line)."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

from tocsin.timeline.exports._list import Listing

# A cell that starts with one of these is run as a formula by spreadsheets (OWASP: CSV injection).
_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # the last four are full-width


def write_json(listing: Listing) -> str:
    """One array, newest first as given; see docs/reference/http.md for the fields."""
    return json.dumps([entry.data for entry in listing.entries], ensure_ascii=False, indent=2) + "\n"


def write_csv(listing: Listing) -> str:
    """A table with one header line; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    columns = listing.columns or (tuple(listing.entries[0].row) if listing.entries else ())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if columns:
        writer.writerow(columns)
    for entry in listing.entries:
        writer.writerow([_cell(entry.row.get(column)) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value.replace("\x00", "\ufffd")
    return value
