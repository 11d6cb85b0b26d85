"""Writes the database of this version as SQL text, for the test that later versions still open it.

Run once for each new schema, before its release, and commit what it writes:

    python tests/tools/dump_database.py > tests/integration/store/databases/0001.sql
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection, connect

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers_store import whole_world
from tocsin.store import open_store
from tocsin.testing import FakeClock, SequentialIds

_INDEX = "article_search"


def statements(connection: Connection) -> Iterator[str]:
    """All of a database; the tables in which FTS5 keeps its index are left to FTS5."""
    for sql in connection.iterdump():
        if sql.startswith(("CREATE TRIGGER", "INSERT INTO sqlite_master", "PRAGMA", "BEGIN", "COMMIT")):
            continue
        if _INDEX not in sql:
            yield sql
    late = "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' OR type = 'trigger' ORDER BY name"
    for (sql,) in connection.execute(late).fetchall():
        yield f"{sql.strip().removesuffix(';')};"
    yield f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('rebuild');"  # noqa: S608 - our own table name


def main() -> None:
    """One story from the feed to the attempt at delivery, with ids and times that never change."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tocsin.sqlite"
        store = open_store(f"sqlite:///{path}", clock=FakeClock(), ids=SequentialIds())
        whole_world(store)
        store.set_value("sweep", "2022-11-09T12:00:00+00:00")
        store.close()
        connection = connect(path)
        sys.stdout.write("\n".join(statements(connection)) + "\n")
        connection.close()


if __name__ == "__main__":
    main()
