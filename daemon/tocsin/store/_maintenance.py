"""`MaintenanceStore`: what operators do to a database."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from tocsin.errors import StoreCorruptError, StoreError, StoreFullError
from tocsin.model import DeliveryState
from tocsin.store._errors import translated
from tocsin.store._migrate import HEAD, SHIPPED, current_revision
from tocsin.store._part import Part, upsert
from tocsin.store._statistics import refresh_statistics
from tocsin.store._tables import metadata
from tocsin.store._tables_alerts import attempt, delivery, silence, state
from tocsin.store._tables_feeds import article, article_page, article_revision, cooldown, feed, fetch, request
from tocsin.store._tables_timeline import event, mention, span

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class Maintenance(Part):
    """Counting, copying, pruning, checking."""

    def stats(self) -> dict[str, Any]:
        """Rows by table, rows that wait by stage, size in bytes, schema revision.

        `{"schema": "0001", "bytes": 4096, "rows": {"feed": 3, ...}, "waiting": {"extraction": 0, ...}}`
        """
        with self._db.read() as connection:
            rows = {
                table.name: _count(connection, table)
                for table in sorted(metadata.tables.values(), key=lambda table: table.name)
            }
            waiting = {
                stage: _count(connection, table, condition)
                for stage, (table, condition) in _waiting().items()
            }
        return {"schema": HEAD, "bytes": self._db.size(), "rows": rows, "waiting": waiting}

    def backup(self, path: str) -> int:
        """Write a consistent copy while the daemon runs; returns bytes.

        The copy is one file, checked before it takes the place of an older one at `path`.

        Raises:
            StoreError: `path` is the database itself or cannot be written.
            StoreFullError: no space for the copy; an older copy at `path` stays.
        """
        target = Path(path)
        if not self._db.memory and target.resolve() == Path(self._db.place).resolve():
            raise StoreError(f"{path} is the database itself", hint="name another file for the copy")
        if current_revision(self._db) is None:
            raise StoreError(
                f"there is nothing to copy: {self._db.place} is empty",
                hint="the address of the database is the setting TOCSIN_DATABASE_URL",
            )
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            self._copy(part)
            part.replace(target)
        except OSError as error:
            raise _not_copied(path, error) from error
        finally:
            _forget(part)
        return target.stat().st_size

    def _copy(self, part: Path) -> None:
        with (
            self._db.read() as connection,
            translated(str(part), self._db.timeout),
            closing(sqlite3.connect(part)) as copy,
        ):
            source: Any = connection.connection.driver_connection
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            _check_pages(copy.execute("PRAGMA quick_check(1)").fetchone()[0], str(part))
        with part.open("rb+") as written:
            os.fsync(written.fileno())

    def prune(self, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
        """Delete logs and article texts older than this that no event needs; rows by table.

        Gone are polls, attempts of messages that came to an end, silences that are over, and the texts and
        mentions of articles that back no event. Articles themselves stay known, so that a feed that still
        carries one does not bring it back as new.
        """
        with self._db.write() as connection:
            counts = {
                table.name: _count(connection, table, condition) for table, condition in _prunable(before)
            }
            if not dry_run:
                for table, condition in _prunable(before):
                    _prune(connection, table, condition)
        return counts

    def release_leases(self) -> int:
        """Free every feed and message that a killed daemon had taken; for the only daemon of a database."""
        freed = 0
        with self._db.write() as connection:
            for table in (feed, delivery):
                held = update(table).where(table.c.claimed_until.is_not(None))
                freed += connection.execute(held.values(claimed_until=None)).rowcount
        return freed

    def check(self, *, thorough: bool = False) -> None:
        """Raise a `StoreError` that names the remedy when the database cannot be used.

        Reads the schema revision and writes one small row; `thorough` also reads every page. The daemon asks
        regularly, so this is also where the query planner gets new figures when the tables have grown.
        """
        revision = current_revision(self._db)
        SHIPPED.refuse_newer(revision, self._db.place)
        if revision != HEAD:
            raise StoreError(
                f"the database {self._db.place} has schema {revision}, this program needs {HEAD}",
                hint="run `tocsin db upgrade`",
            )
        self.set_value("store.checked", self._clock.now().isoformat())
        refresh_statistics(self._db)
        if thorough:
            with self._db.read() as connection:
                _check_pages(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one(), self._db.place)

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the database to this program's schema; returns the revisions before and after."""
        return SHIPPED.upgrade(self._db)

    def value(self, key: str) -> str | None:
        """A small piece of state (heartbeats, watermarks)."""
        with self._db.read() as connection:
            return connection.scalar(select(state.c.value).where(state.c.key == key))

    def set_value(self, key: str, value: str) -> None:
        """Write it."""
        with self._db.write() as connection:
            upsert(connection, state, [{"key": key, "value": value}])


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


def _waiting() -> dict[str, tuple[Table, ColumnElement[bool]]]:
    return {
        "extraction": (article, article.c.extracted_revision < article.c.revision),
        "linking": (article, article.c.linked_revision < article.c.extracted_revision),
        "rules": (event, event.c.matched_revision < event.c.revision),
        "delivery": (delivery, delivery.c.state == DeliveryState.PENDING.value),
    }


def _prunable(before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    """What may go, children before parents."""
    backing = select(mention.c.article_id).where(mention.c.event_id.is_not(None))
    unneeded = select(article.c.id).where(
        article.c.known_at < before,
        article.c.linked_revision == article.c.revision,
        article.c.id.not_in(backing),
    )
    ended = select(delivery.c.id).where(delivery.c.state != DeliveryState.PENDING.value)
    texts = and_(~article_revision.c.pruned, article_revision.c.article_id.in_(unneeded))
    mentions = mention.c.article_id.in_(unneeded)
    return [
        (fetch, fetch.c.at < before),
        (request, request.c.started < before),
        (cooldown, cooldown.c.until < before),
        (attempt, and_(attempt.c.at < before, attempt.c.delivery_id.in_(ended))),
        (silence, silence.c.ends < before),
        (span, span.c.mention_id.in_(select(mention.c.id).where(mentions))),
        (mention, mentions),
        (article_page, article_page.c.article_id.in_(unneeded)),
        (article_revision, texts),
    ]


def _prune(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    if table is article_revision:
        connection.execute(update(table).where(condition).values(text="", html=None, pruned=True))
    else:
        connection.execute(delete(table).where(condition))


def _check_pages(answer: str, place: str) -> None:
    if answer != "ok":
        raise StoreCorruptError(
            f"{place} is damaged: {answer}", hint="restore a copy made by `tocsin db backup`"
        )


def _not_copied(path: str, error: OSError) -> StoreError:
    if error.errno in _NO_SPACE:
        return StoreFullError(
            f"no space left for the copy {path}", hint="free some space or choose another disk"
        )
    return StoreError(
        f"the copy {path} cannot be written: {error.strerror or error}",
        hint="its folder must be writable by the user that runs this command",
    )


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
