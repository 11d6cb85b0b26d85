"""Several threads and processes write one database, and some of them are killed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from helpers_store import HOUR, NOON, add_feed, draft, extracted, first, poll, put_events, revision, spec
from tocsin.errors import StoreConflictError
from tocsin.model import EventQuery, LinkWrite
from tocsin.store import open_store

HEAD = f"""
import sys
from datetime import timedelta
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from helpers_store import *
from tocsin.store import open_store
store = open_store(sys.argv[1])
"""
POLLS = """
name = sys.argv[2]
feed_id = add_feed(store, name)
for number in range(40):
    at = NOON + timedelta(seconds=number)
    store.record_poll(poll(store, feed_id, draft(f"{name}-{number}"), at=at))
"""
# Each line is written after its poll was committed: what was read here must be in the database.
ENDLESS = """
feed_id = add_feed(store, "victim")
number = len(store.fetches(feed_id, limit=1_000_000))
while True:
    at = NOON + timedelta(seconds=number)
    store.record_poll(poll(store, feed_id, *[draft(f"v{number}-{n}") for n in range(5)], at=at))
    print(number, flush=True)
    number += 1
"""
CLAIMS = """
lease = timedelta(hours=1)
for _ in range(30):
    for feed in store.claim_due(NOON, 3, lease):
        print(feed.spec.url, flush=True)
"""


def _start(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", HEAD + script, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def test_threads_and_a_second_process_lose_nothing(tmp_path):
    """Every poll of every writer is there once, with its article."""
    path = tmp_path / "t.sqlite"
    store = open_store(f"sqlite:///{path}")
    other = _start(POLLS, f"sqlite:///{path}", "process")

    def write(name: str) -> None:
        feed_id = add_feed(store, name)
        for number in range(40):
            at = NOON + timedelta(seconds=number)
            store.record_poll(poll(store, feed_id, draft(f"{name}-{number}"), at=at))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, ["a", "b", "c", "d"]))
    other.communicate(timeout=60)
    assert other.returncode == 0
    rows = store.stats()["rows"]
    assert (rows["feed"], rows["fetch"], rows["article"], rows["carrier"]) == (5, 200, 200, 200)
    assert {feed.articles for feed in store.feeds()} == {40}
    assert len(store.waiting_for_extraction(1_000)) == 200
    store.close()
    assert _integrity(path) == "ok"


def test_one_article_told_by_many_threads_at_once_is_one_article(tmp_path):
    """The same address in several feeds polled at the same moment."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    feeds = [add_feed(store, f"f{number}") for number in range(8)]
    writes = [poll(store, feed_id, *[draft(str(n)) for n in range(20)]) for feed_id in feeds]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store.record_poll, writes))
    rows = store.stats()["rows"]
    assert (rows["article"], rows["article_revision"], rows["carrier"]) == (20, 20, 160)
    store.close()


def test_revisions_of_one_event_by_many_threads_follow_each_other(tmp_path):
    """Whoever decided on an old state is told; after deciding again nothing is lost."""
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    event = first(mentions=0)
    article_id = put_events(store, event)

    def count_one(number: int) -> int:
        for attempt in range(1_000):
            now = store.event(event.id)
            state = replace(now, revision=now.revision + 1, mentions=now.mentions + 1)
            try:
                store.write_links(LinkWrite(article_id, (), (revision(state, NOON + number * HOUR),)))
            except StoreConflictError:
                continue
            return attempt
        raise AssertionError

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_one, range(40)))
    found = store.event(event.id)
    assert (found.mentions, found.revision) == (40, 41)
    assert [r.number for r in store.event_revisions(event.id)] == list(range(1, 42))
    store.close()


def test_two_processes_never_hold_one_feed(tmp_path):
    """A due feed is taken once, whoever asks."""
    url = f"sqlite:///{tmp_path / 't.sqlite'}"
    store = open_store(url)
    store.add_feeds([spec(f"f{number}") for number in range(60)], NOON)
    running = [_start(CLAIMS, url) for _ in range(3)]
    taken = [line for process in running for line in process.communicate(timeout=60)[0].split()]
    assert len(taken) == len(set(taken)) == 60
    store.close()


def test_kill_9_loses_nothing_that_was_committed(tmp_path):
    """Killed again and again in the middle of writing; what was reported is there, nothing is there by half."""
    path = tmp_path / "t.sqlite"
    reported = 0
    for round_number in range(3):
        victim = _start(ENDLESS, f"sqlite:///{path}")
        lines = [victim.stdout.readline() for _ in range(10 + 7 * round_number)]
        time.sleep(0.01 * round_number)
        victim.kill()
        rest = victim.stdout.read().splitlines()
        victim.wait(30)
        victim.stdout.close()
        reported = max(int(line) for line in [*lines, *rest] if line.strip()) + 1
        store = open_store(f"sqlite:///{path}")
        store.check(thorough=True)
        rows = store.stats()["rows"]
        # the last poll may be committed and not reported any more
        assert rows["fetch"] in (reported, reported + 1)
        assert rows["article"] == rows["article_revision"] == rows["carrier"] == 5 * rows["fetch"]
        assert len(store.waiting_for_extraction(100_000)) == rows["article"]
        store.close()
        assert _integrity(path) == "ok"
    assert reported > 30


def test_a_copy_made_while_others_write_is_whole(tmp_path):
    """It holds one state of the database: each poll with all its articles or not at all."""
    path, copy = tmp_path / "t.sqlite", tmp_path / "copy.sqlite"
    store = open_store(f"sqlite:///{path}")
    writer = _start(ENDLESS, f"sqlite:///{path}")
    writer.stdout.readline()
    for _ in range(5):
        store.backup(str(copy))
        taken = open_store(f"sqlite:///{copy}")
        rows = taken.stats()["rows"]
        assert rows["article"] == 5 * rows["fetch"] > 0
        taken.close()
        assert _integrity(copy) == "ok"
    writer.kill()
    writer.communicate()
    store.close()


def test_a_daemon_killed_between_stages_leaves_its_work_waiting(tmp_path):
    """Each row waits for the next stage it has not been through."""
    url = f"sqlite:///{tmp_path / 't.sqlite'}"
    store = open_store(url)
    polled, read, linked = store.record_poll(poll(store, add_feed(store), draft("a"), draft("b"), draft("c")))
    extracted(store, read)
    (mention_id,) = extracted(store, linked)
    store.write_links(LinkWrite(linked, ((mention_id, first().id, "x"),), (revision(first()),)))
    del store  # no close: the process is gone
    again = open_store(url)
    assert again.waiting_for_extraction(10) == [polled]
    assert again.waiting_for_linking(10) == [read]
    assert again.waiting_for_rules(10) == [first().id]
    assert len(again.events(EventQuery())) == 1
    again.close()
