"""How a database is addressed, opened and shared by threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers_store import NOON, add_feed, draft, poll, spec
from tocsin.errors import ConfigurationError, StoreBusyError
from tocsin.ports import Store
from tocsin.store import SqlStore, open_store
from tocsin.store._engine import Database


def _pragma(store: SqlStore, name: str):
    with store._db.read() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def _protocol_methods() -> set[str]:
    return {name for base in Store.__mro__ for name in vars(base) if not name.startswith("_")}


def test_the_store_has_every_method_of_the_port():
    """Mypy checks the signatures; this checks that nothing is missing at run time."""
    assert {name for name in _protocol_methods() if not callable(getattr(SqlStore, name, None))} == set()


def test_parts_of_the_store_do_not_hide_each_other():
    """The store is put together from classes; two methods of one name would silently lose one."""
    parts = [part for part in SqlStore.__mro__[1:-1] if part.__name__ != "Part"]
    names = [name for part in parts for name in vars(part) if not name.startswith("__")]
    assert sorted(names) == sorted(set(names))


def test_a_relative_address_is_relative_to_the_working_folder(tmp_path, monkeypatch):
    """Folders that are missing are made."""
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///data/deep/t.sqlite").close()
    assert (tmp_path / "data" / "deep" / "t.sqlite").is_file()


def test_a_file_is_opened_for_safety(tmp_path):
    """WAL, synchronous FULL, references kept, half a minute of patience."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    assert _pragma(store, "journal_mode") == "wal"
    assert _pragma(store, "synchronous") == 2
    assert _pragma(store, "foreign_keys") == 1
    assert _pragma(store, "busy_timeout") == 30_000
    store.close()


def test_the_address_sets_patience_and_synchronous(tmp_path):
    """`?timeout=` in seconds, `?synchronous=`."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}?timeout=1.5&synchronous=NORMAL")
    assert _pragma(store, "synchronous") == 1
    assert _pragma(store, "busy_timeout") == 1_500
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite+pysqlite://"])
def test_a_database_in_memory_is_one_for_all_threads(url):
    """What one thread writes another reads."""
    store = open_store(url)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.add_feeds([spec(f"f{n}")], NOON), range(40)))
        counts = list(pool.map(lambda _: len(store.feeds()), range(8)))
    assert counts == [40] * 8
    store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not an address", "cannot be read"),
        ("mysql://host/db", "names 'mysql'"),
        ("postgresql://u:secret@host/db", r"postgresql://u:\*\*\*@host/db"),
        ("sqlite:///file:x?mode=ro&uri=true", "uri= in the database address"),
        ("sqlite:///x?timeout=soon", "timeout=soon"),
        ("sqlite:///x?timeout=-1", "timeout=-1"),
        ("sqlite:///x?timeout=nan", "timeout=nan"),
        ("sqlite:///x?synchronous=off", "synchronous=off"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url, words):
    """In words that name the part, and without the password."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_the_size_of_a_database_counts_its_log(tmp_path):
    """A file with a write-ahead log beside it; pages in memory."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    files = (Path(f"{tmp_path}/t.sqlite{suffix}") for suffix in ("", "-wal"))
    assert store.stats()["bytes"] == sum(file.stat().st_size for file in files)
    store.close()
    memory = open_store("sqlite://")
    assert memory.stats()["bytes"] > 100_000
    memory.close()


def test_a_thread_that_waits_too_long_for_its_turn_is_told(tmp_path):
    """The lock inside the process has the same patience as the one between processes."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}?timeout=0.1")
    with ThreadPoolExecutor(1) as pool, store._db.write():
        waiting = pool.submit(store.set_value, "a", "b")
        with pytest.raises(StoreBusyError, match=r"stayed locked for 0\.1 s; nothing was written"):
            waiting.result()
    store.set_value("a", "b")
    store.close()


def test_readers_do_not_wait_for_a_writer(tmp_path):
    """WAL: while a write is open others read what was committed before it."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}?timeout=0.1")
    add_feed(store, "a")
    with store._db.write() as connection:
        connection.exec_driver_sql("DELETE FROM feed")
        with ThreadPoolExecutor(1) as pool:
            assert len(pool.submit(store.feeds).result()) == 1
    assert store.feeds() == []
    store.close()


def test_one_read_sees_one_state(tmp_path):
    """A list and what belongs to it are read in one transaction."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    feed_id = add_feed(store)
    with store._db.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM article").scalar_one()
        writer = threading.Thread(target=lambda: store.record_poll(poll(store, feed_id, draft("a"))))
        writer.start()
        writer.join()
        assert connection.exec_driver_sql("SELECT count(*) FROM article").scalar_one() == before == 0
    assert len(store.waiting_for_extraction(1)) == 1
    store.close()
