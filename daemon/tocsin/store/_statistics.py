"""Keeping the query planner informed as a database grows (https://sqlite.org/lang_analyze.html).

Without figures SQLite guesses which index serves a list best, and guesses wrong once tables are long.
PostgreSQL does this by itself.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from tocsin.store._engine import Database
from tocsin.store._part import upsert
from tocsin.store._tables_alerts import state
from tocsin.store._tables_timeline import event_revision

_KEY = "store.analysed"  # how many event revisions there were the last time
_FEW = 1_000
_ROWS = 20_000  # looked at in each index: a sample, so that it takes a moment only


def refresh_statistics(database: Database) -> bool:
    """Count again when the timeline has doubled since the last time; True when that was done."""
    with database.read() as connection:
        if not _is_due(connection):
            return False
    with database.write() as connection:
        newest = _revisions(connection)
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {_ROWS}")
        connection.exec_driver_sql("ANALYZE")
        upsert(connection, state, [{"key": _KEY, "value": str(newest)}])
    return True


def _revisions(connection: Connection) -> int:
    return int(connection.scalar(select(func.max(event_revision.c.id))) or 0)


def _is_due(connection: Connection) -> bool:
    before = int(connection.scalar(select(state.c.value).where(state.c.key == _KEY)) or 0)
    return _revisions(connection) >= max(_FEW, 2 * before)
