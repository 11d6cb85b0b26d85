"""Where everything that matters is a row: SQLModel tables, migrations, full-text search.

`SqlStore` implements `tocsin.ports.Store`; stages take the narrow port they need and never import this.
"""

from tocsin.store._migrate import schema_revision
from tocsin.store._part import TimeOrderedIds, WallClock
from tocsin.store._store import SqlStore, open_store

__all__ = ["SqlStore", "TimeOrderedIds", "WallClock", "open_store", "schema_revision"]
