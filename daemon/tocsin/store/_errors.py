"""What the database says, as errors that name the place and the remedy.

SQLite result codes: https://sqlite.org/rescode.html (the low byte is the primary code).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tocsin.errors import StoreBusyError, StoreCorruptError, StoreError, StoreFullError

_LITTLE_SPACE = 1 << 20  # bytes; an I/O error with less than this left is a full disk
_BUSY_HINT = "another program holds it; stop that, or wait longer with ?timeout=SECONDS in the database URL"


def busy(place: str, seconds: float) -> StoreBusyError:
    """The database stayed locked."""
    return StoreBusyError(
        f"the database {place} stayed locked for {seconds:g} s; nothing was written", hint=_BUSY_HINT
    )


def _full(place: str, _: str) -> StoreError:
    return StoreFullError(
        f"no space left for the database {place}; nothing was written",
        hint="free some space or move the database; Tocsin goes on by itself once there is space",
    )


def _corrupt(place: str, detail: str) -> StoreError:
    return StoreCorruptError(
        f"{place} is damaged or not a database: {detail}",
        hint="restore a copy made by `tocsin db backup`, or give another address in TOCSIN_DATABASE_URL",
    )


def _read_only(place: str, _: str) -> StoreError:
    return StoreError(
        f"the database {place} cannot be written",
        hint="give the user that runs Tocsin write permission on the file and on its folder",
    )


def _cannot_open(place: str, detail: str) -> StoreError:
    return StoreError(
        f"the database {place} cannot be opened: {detail}",
        hint="the folder must exist and be writable by the user that runs Tocsin",
    )


def _broken_disk(place: str, detail: str) -> StoreError:
    if _space_left(place) < _LITTLE_SPACE:
        return _full(place, detail)
    return StoreError(
        f"reading or writing {place} failed: {detail}; nothing was written",
        hint="check the disk and its mount, then `tocsin doctor`",
    )


def _refused(place: str, detail: str) -> StoreError:
    return StoreError(f"the database {place} refused a row: {detail}; nothing was written")


_BY_CODE: dict[int, Callable[[str, str], StoreError]] = {
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_CORRUPT: _corrupt,
    sqlite3.SQLITE_NOTADB: _corrupt,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_PERM: _read_only,
    sqlite3.SQLITE_CANTOPEN: _cannot_open,
    sqlite3.SQLITE_IOERR: _broken_disk,
    sqlite3.SQLITE_CONSTRAINT: _refused,
}
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _space_left(place: str) -> int:
    try:
        return shutil.disk_usage(Path(place).parent).free
    except OSError:
        return _LITTLE_SPACE


def sqlite_error(error: BaseException | None, place: str, timeout: float) -> StoreError:
    """What one SQLite error means; `place` is the file, `timeout` the seconds a lock is waited for."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _LOCKED:
        return busy(place, timeout)
    make = _BY_CODE.get(code)
    if make is not None:
        return make(place, str(error))
    return StoreError(
        f"the database {place} could not do what was asked: {error}",
        hint="run `tocsin doctor`; if the program and the database are sound this is a bug to report",
    )


@contextmanager
def translated(place: str, timeout: float) -> Iterator[None]:
    """Turn what SQLAlchemy and SQLite raise inside into `StoreError` and its kinds."""
    try:
        yield
    except DBAPIError as error:
        raise sqlite_error(error.orig, place, timeout) from error
    except sqlite3.Error as error:
        raise sqlite_error(error, place, timeout) from error
    except PoolTimeoutError as error:
        raise busy(place, timeout) from error
