"""The whole schema; importing this registers every table on `metadata`."""

from __future__ import annotations

from tocsin.store import _tables_alerts, _tables_feeds, _tables_timeline
from tocsin.store._tables_base import Row

__all__ = ["metadata", "table_names"]

metadata = Row.metadata
_MODULES = (_tables_feeds, _tables_timeline, _tables_alerts)


def table_names() -> list[str]:
    """Names of all tables, parents before children."""
    return [table.name for table in metadata.sorted_tables]
