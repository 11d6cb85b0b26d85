"""Bringing a database to the schema of this program, from any schema an earlier one left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.types import TypeDecorator

from tocsin import __version__
from tocsin.errors import StoreError, StoreTooNewError
from tocsin.store._engine import Database
from tocsin.store._search import is_search_object
from tocsin.store._tables import metadata

HEAD = "0004"
_VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Migrations:
    """A folder of Alembic scripts and the schema they lead to."""

    folder: Path
    head: str

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's configuration without a file; `env.py` runs on `connection`, in its transaction."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        return config

    def known(self) -> list[str]:
        """All schema revisions they can read, oldest first."""
        scripts = ScriptDirectory.from_config(self.config())
        return [script.revision for script in scripts.walk_revisions()][::-1]

    def refuse_newer(self, revision: str | None, place: str) -> None:
        """Raise `StoreTooNewError` for a revision that none of them leads to."""
        if revision in (None, self.head) or revision in self.known():
            return
        raise StoreTooNewError(
            f"the database {place} has schema {revision}, but Tocsin {__version__} knows up to schema {self.head}",
            hint="run the newer Tocsin that wrote it, or restore a backup made with this version",
        )

    def upgrade(self, database: Database) -> tuple[str | None, str]:
        """Bring a database to `head`; returns the revisions before and after.

        All steps are one transaction: when one fails, or the program dies, the former schema stands.

        Raises:
            StoreTooNewError: a newer Tocsin wrote the database.
            StoreError: the file is a database of another program.
        """
        before = current_revision(database)
        self.refuse_newer(before, database.place)
        if before == self.head:
            return before, self.head
        with database.write() as connection:
            # another process may have done it while this one waited for the lock
            if _current(connection, database.place) != self.head:
                command.upgrade(self.config(connection), "head")
        return before, self.head


SHIPPED = Migrations(Path(__file__).parent / "migrations", HEAD)


def schema_revision() -> str:
    """The schema this program writes, as `tocsin version` and backups name it."""
    return HEAD


def current_revision(database: Database) -> str | None:
    """The schema a database has; None for an empty one.

    Raises:
        StoreError: the file is a database of another program.
    """
    with database.read() as connection:
        return _current(connection, database.place)


def _current(connection: Connection, place: str) -> str | None:
    names = inspect(connection).get_table_names()
    if _VERSION_TABLE in names:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        if found:
            return str(found[0])
    if [name for name in names if name != _VERSION_TABLE]:
        raise StoreError(
            f"{place} is a database of another program",
            hint="give the address of a new file in TOCSIN_DATABASE_URL",
        )
    return None


@contextmanager
def configured(context: Any) -> Iterator[None]:
    """Alembic's environment for `env.py`: the connection it was handed, in the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
        include_object=is_ours,
        render_item=_render_plain,
        render_as_batch=True,
    )
    yield


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Full-text indexes are made by hand and not part of the metadata."""
    return not (kind == "table" and name is not None and is_search_object(name))


def _render_plain(kind: str, item: Any, _: object) -> str | bool:
    """A migration names plain types only: ours may change, what it did may not."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False
