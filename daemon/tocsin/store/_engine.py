"""The engine: connections, transactions, locks. The one file that knows how a database is opened.

SQLite runs in WAL mode: readers never wait for the writer. A write takes the lock at its start (BEGIN
IMMEDIATE), so that it cannot fail half-way because another process wrote first; within the process
writers queue on a lock of our own, which is fair where SQLite's polling is not.

`synchronous` is FULL: every commit is on the disk before it is reported, so a power cut loses nothing that
was committed, such as the note that an alert was sent. NORMAL would keep the file whole but could lose the
last commits on a power cut (not on kill -9). `?synchronous=normal` in the URL chooses that.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tocsin.errors import ConfigurationError, StoreError
from tocsin.store._errors import busy, translated

DEFAULT_TIMEOUT = 30.0
_SYNCHRONOUS = ("normal", "full", "extra")
_WRITE = "tocsin_write"
_POOL_SIZE = 8
_POOL_OVERFLOW = 56  # one for each thread of a large default executor


class Database:
    """One database and its transactions."""

    def __init__(self, url: str) -> None:
        self.url, self.timeout, synchronous = _understood(url)
        self.memory = self.url.database in (None, "", ":memory:")
        self.place = "in memory" if self.memory else str(Path(str(self.url.database)).absolute())
        self._lock = Lock()
        self._make_folder()
        self.engine = self._engine()
        event.listen(self.engine, "connect", _Preparation(self, synchronous))
        event.listen(self.engine, "begin", _begin)

    def _engine(self) -> Engine:
        arguments: dict[str, Any] = {"timeout": self.timeout, "check_same_thread": False}
        if self.memory:
            return create_engine(self.url, connect_args=arguments, poolclass=StaticPool)
        return create_engine(
            self.url,
            connect_args=arguments,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_OVERFLOW,
            pool_timeout=self.timeout,
        )

    def _make_folder(self) -> None:
        if self.memory:
            return
        folder = Path(self.place).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder {folder} for the database cannot be made: {error.strerror or error}",
                hint="make it, writable by the user that runs Tocsin, or set TOCSIN_DATABASE_URL",
            ) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the database; many run at once."""
        turn = self._alone() if self.memory else nullcontext()  # in memory all threads share one connection
        with turn, translated(self.place, self.timeout), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that is committed at the end, or undone as a whole."""
        with self._alone(), translated(self.place, self.timeout), self.engine.connect() as connection:
            marked = connection.execution_options(**{_WRITE: True})
            with marked.begin():
                yield marked

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread of this process writes meanwhile."""
        if not self._lock.acquire(timeout=self.timeout):
            raise busy(self.place, self.timeout)
        try:
            yield
        finally:
            self._lock.release()

    def size(self) -> int:
        """Bytes the database takes, its log included."""
        if self.memory:
            with self.read() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        files = (Path(self.place + suffix) for suffix in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _understood(url: str) -> tuple[URL, float, str]:
    """The parts of an address: what SQLAlchemy gets, seconds to wait for locks, the synchronous mode."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            f"the database address {url!r} cannot be read", hint="write it like sqlite:///tocsin.sqlite"
        ) from error
    if parsed.get_backend_name() != "sqlite":
        raise ConfigurationError(
            f"the database address {parsed.render_as_string()!r} names {parsed.get_backend_name()!r}, "
            "which this version cannot use",
            hint="write it like sqlite:///tocsin.sqlite",
        )
    if "uri" in parsed.query:
        raise ConfigurationError(
            f"uri= in the database address {url!r} is not understood",
            hint="write it like sqlite:///tocsin.sqlite",
        )
    timeout, synchronous = (
        parsed.query.get("timeout", DEFAULT_TIMEOUT),
        parsed.query.get("synchronous", "full"),
    )
    try:
        seconds = float(str(timeout))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 86_400:
        raise ConfigurationError(f"timeout={timeout} in the database address is not a number of seconds")
    if str(synchronous).lower() not in _SYNCHRONOUS:
        raise ConfigurationError(
            f"synchronous={synchronous} in the database address is unknown",
            hint="one of " + ", ".join(_SYNCHRONOUS),
        )
    bare = parsed.set(drivername="sqlite").difference_update_query(["timeout", "synchronous"])
    return bare, seconds, str(synchronous).lower()


class _Preparation:
    """What every new connection is told before its first use."""

    def __init__(self, database: Database, synchronous: str) -> None:
        self._database = database
        self._synchronous = synchronous

    def __call__(self, connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        if not self._database.memory:
            self._use_wal(connection)

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Once for a file; SQLite does not wait for locks here, so we do."""
        deadline = time.monotonic() + self._database.timeout
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                locked = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not locked or time.monotonic() >= deadline:
                    raise
                time.sleep(0.02)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
