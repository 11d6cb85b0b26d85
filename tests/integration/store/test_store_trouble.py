"""Locked, full, damaged, unwritable: each says so clearly, loses nothing, and is over when its cause is gone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread, Timer

import pytest

from helpers_store import BODY, HOUR, NOON, add_feed, draft, poll, spec, whole_world
from tocsin.errors import StoreBusyError, StoreCorruptError, StoreError, StoreFullError
from tocsin.model import EventQuery
from tocsin.store import open_store
from tocsin.store._engine import Database, _Preparation
from tocsin.store._errors import sqlite_error, translated

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE" if sys.argv[2] == "write" else "BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_process(path: Path, how: str = "write"):
    """Another program has begun to write."""
    command = [sys.executable, "-c", HOLD, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline().strip() == "held"
        yield
        holder.stdin.close()


def test_a_database_locked_by_another_process_says_so(store, tmp_path):
    """Readers go on; a writer waits for the timeout, loses nothing, and works again afterwards."""
    feed_id = add_feed(store)
    write = poll(store, feed_id, draft("a"))
    with held_by_another_process(tmp_path / "tocsin.sqlite"):
        began = time.monotonic()
        with pytest.raises(
            StoreBusyError, match=r"tocsin\.sqlite stayed locked for 0\.3 s; nothing"
        ) as caught:
            store.record_poll(write)
        assert 0.25 < time.monotonic() - began < 5
        assert "another program holds it" in caught.value.hint
        assert store.fetches(feed_id) == []
    assert len(store.record_poll(write)) == 1


def test_a_lock_that_ends_in_time_is_only_a_wait(tmp_path):
    """The default patience is half a minute."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}?timeout=20")
    with held_by_another_process(tmp_path / "t.sqlite"):
        writer = Thread(target=store.set_value, args=("a", "b"))
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
    writer.join(20)
    assert store.value("a") == "b"
    store.close()


def test_a_new_database_that_another_program_locks_is_busy(tmp_path):
    """Also before it has its tables or its log."""
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.commit()
    url = f"sqlite:///{path}?timeout=0.2"
    with held_by_another_process(path, "exclusive"), pytest.raises(StoreBusyError):
        open_store(url)
    open_store(url).close()


def test_a_file_without_a_log_that_somebody_reads_is_waited_for(tmp_path):
    """Changing to write-ahead logging needs the file for a moment; SQLite itself would not wait."""
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as reader:
        reader.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM alembic_version").fetchall()
        with pytest.raises(StoreBusyError):
            open_store(f"sqlite:///{path}?timeout=0.1")
        Timer(0.2, reader.execute, ["COMMIT"]).start()
        open_store(f"sqlite:///{path}?timeout=20").close()


def test_a_file_that_cannot_get_a_log_says_why(tmp_path):
    """Waiting would not help."""
    sqlite3.connect(tmp_path / "t.sqlite").close()
    database = Database(f"sqlite:///{tmp_path / 't.sqlite'}")
    unwritable = sqlite3.connect(f"file:{tmp_path / 't.sqlite'}?mode=ro", uri=True)
    with pytest.raises(StoreError, match="cannot be written"), translated(database.place, 1):
        _Preparation(database, "full")(unwritable, None)
    unwritable.close()
    database.close()


def _limit_pages(store, pages: int | None) -> None:
    """As if the disk had room for so many more pages than the database has; None: for very many."""
    with store._db.read() as connection:
        there = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit = 1_000_000_000 if pages is None else there + pages
        connection.exec_driver_sql(f"PRAGMA max_page_count = {limit}")


def test_a_full_disk_undoes_the_write_and_is_over_with_it(store):
    """The poll that did not fit is not there in part; with space the same write goes through."""
    world = whole_world(store)
    feed_id = add_feed(store, "big")
    before = store.stats()["rows"]
    write = poll(store, feed_id, *[draft(f"big{n}", body=BODY * 50) for n in range(50)])
    _limit_pages(store, 3)
    for _ in range(2):
        with pytest.raises(
            StoreFullError, match=r"no space left for the database .*tocsin\.sqlite"
        ) as caught:
            store.record_poll(write)
        assert "free some space" in caught.value.hint
    assert store.stats()["rows"] == before
    assert store.events(EventQuery()) == [world["event"]]
    _limit_pages(store, None)
    assert len(store.record_poll(write)) == 50
    store.check(thorough=True)


def test_a_log_that_cannot_grow_is_a_full_disk_too(tmp_path):
    """The operating system refuses the bytes; the process goes on and so does the store."""
    script = f"""
import resource, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from helpers_store import BODY, add_feed, draft, poll
from tocsin.errors import StoreError
from tocsin.store import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
feed_id = add_feed(store)
write = poll(store, feed_id, *[draft(str(n), body=BODY * 50) for n in range(50)])
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
try:
    store.record_poll(write)
except StoreError as error:
    print(type(error).__name__, error, len(store.fetches(feed_id)))
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(len(store.record_poll(write)))
store.check(thorough=True)
"""
    command = [sys.executable, "-W", "error", "-c", script, f"sqlite:///{tmp_path / 't.sqlite'}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    said, written = done.stdout.splitlines()
    assert "nothing was written" in said
    assert said.startswith("Store")
    assert said.endswith(" 0")
    assert written == "50"


def test_a_file_that_is_no_database_is_named(tmp_path):
    """A feed list, say, by a slip in the settings; it is not touched."""
    path = tmp_path / "feeds.opml"
    path.write_text("<opml version='2.0'>" + "x" * 5_000)
    with pytest.raises(StoreCorruptError, match=r"feeds\.opml is damaged or not a database") as caught:
        open_store(f"sqlite:///{path}")
    assert "tocsin db backup" in caught.value.hint
    assert path.read_text().startswith("<opml")
    assert [file.name for file in tmp_path.iterdir()] == ["feeds.opml"]


def test_a_damaged_database_is_named(tmp_path):
    """Pages overwritten in the middle: the thorough check finds it, a read that meets them says it."""
    path = tmp_path / "t.sqlite"
    store = open_store(f"sqlite:///{path}")
    feed_id = add_feed(store)
    store.record_poll(poll(store, feed_id, *[draft(str(n), body=BODY * 20) for n in range(200)]))
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(20, len(content) // 4096 - 5):
        content[page * 4096 : page * 4096 + 3_000] = b"\xde\xad" * 1_500
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError, match=r"t\.sqlite is damaged"):
        _use(f"sqlite:///{path}")


def _use(url: str) -> None:
    store = open_store(url)
    try:
        store.check(thorough=True)
    finally:
        store.close()


def test_a_truncated_database_is_named(tmp_path):
    """Half a file, as a copy that was cut leaves it."""
    path = tmp_path / "t.sqlite"
    store = open_store(f"sqlite:///{path}")
    whole_world(store)
    store.close()
    path.write_bytes(path.read_bytes()[: 20 * 4096])
    with pytest.raises(StoreCorruptError, match="damaged"):
        _use(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"the folder .*file/deep for the database cannot be made") as caught:
        open_store(f"sqlite:///{tmp_path / 'file' / 'deep' / 't.sqlite'}")
    assert "TOCSIN_DATABASE_URL" in caught.value.hint


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    """SQLite cannot open it."""
    with pytest.raises(StoreError, match="cannot be opened: unable to open database file"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_read_only_folder_is_named():
    """Where not even the superuser can write."""
    with pytest.raises(StoreError, match=r"cannot be opened|cannot be made"):
        open_store("sqlite:////proc/tocsin/t.sqlite")


def test_a_database_that_cannot_be_written_is_named(store):
    """As it is on a file system mounted read-only."""
    add_feed(store)
    with store._db.read() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="cannot be written") as caught:
        store.add_feeds([spec("b")], NOON)
    assert "write permission" in caught.value.hint
    with store._db.read() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    assert store.add_feeds([spec("b")], NOON + HOUR) == (1, 0)


class _Failure(sqlite3.OperationalError):
    """What SQLite raises, with a code of choice."""

    def __init__(self, code: int | None) -> None:
        super().__init__("disk I/O error")
        if code is not None:
            self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, StoreError, "reading or writing /tmp/t.sqlite failed"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusyError, "stayed locked for 2 s"),
        (sqlite3.SQLITE_LOCKED, StoreBusyError, "stayed locked for 2 s"),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreError, "cannot be written"),
        (sqlite3.SQLITE_TOOBIG, StoreError, "could not do what was asked"),
        (None, StoreError, "could not do what was asked"),
    ],
)
def test_every_answer_of_the_database_is_an_error_of_ours(code, kind, words):
    """By its primary code; those without a class of their own keep SQLite's words."""
    error = sqlite_error(_Failure(code), "/tmp/t.sqlite", 2.0)
    assert type(error) is kind
    assert words in str(error)


def test_an_io_error_on_a_disk_without_space_is_a_full_disk(monkeypatch, tmp_path):
    """SQLite reports what a full disk does to its log as an I/O error."""
    import shutil

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    assert (
        type(sqlite_error(_Failure(sqlite3.SQLITE_IOERR_WRITE), str(tmp_path / "t"), 1.0)) is StoreFullError
    )
    monkeypatch.setattr(shutil, "disk_usage", _no_such_place)
    assert type(sqlite_error(_Failure(sqlite3.SQLITE_IOERR_WRITE), str(tmp_path / "t"), 1.0)) is StoreError


def _no_such_place(_):
    raise FileNotFoundError


def test_more_threads_than_connections_wait_their_turn(tmp_path):
    """A pool that is used up is busy, not broken."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}?timeout=0.2")
    opened = [store._db.engine.connect() for _ in range(64)]
    with pytest.raises(StoreBusyError):
        store.feeds()
    for connection in opened:
        connection.close()
    assert store.feeds() == []
    store.close()
