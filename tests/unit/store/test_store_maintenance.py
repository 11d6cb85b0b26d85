"""Counting, copying, pruning and checking a database."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from helpers_store import (
    HOUR,
    NOON,
    add_feed,
    draft,
    edited,
    extracted,
    first,
    poll,
    revision,
    told,
    whole_world,
)
from tocsin.errors import StoreCorruptError, StoreError, StoreFullError
from tocsin.model import (
    ArticleQuery,
    Attempt,
    AttemptOutcome,
    DeliveryState,
    EventQuery,
    LinkWrite,
    Silence,
)
from tocsin.store import open_store, schema_revision
from tocsin.store._maintenance import _check_pages, _forget, _not_copied
from tocsin.store._statistics import refresh_statistics
from tocsin.store._tables_feeds import article_revision

LATER = NOON + 24 * HOUR


def test_stats_count_rows_and_what_waits(store):
    """By table and by stage, with size and schema."""
    empty = store.stats()
    assert set(empty["rows"].values()) == {0}
    assert set(empty["waiting"].values()) == {0}
    whole_world(store)
    told(store, "unread")
    found = store.stats()
    assert found["schema"] == schema_revision()
    assert found["bytes"] > 4096
    rows = found["rows"]
    assert (rows["feed"], rows["fetch"], rows["article"], rows["article_revision"]) == (1, 1, 2, 2)
    assert (rows["event"], rows["claim"], rows["alert"], rows["delivery"]) == (1, 1, 1, 1)
    assert found["waiting"] == {"extraction": 1, "linking": 0, "rules": 0, "delivery": 1}


def test_a_copy_is_a_database_with_the_same_rows(store, tmp_path):
    """Made while the store is open; one file, nothing beside it."""
    whole_world(store)
    path = tmp_path / "copies" / "copy.sqlite"
    size = store.backup(str(path))
    assert path.stat().st_size == size
    assert [file.name for file in path.parent.iterdir()] == ["copy.sqlite"]
    copy = open_store(f"sqlite:///{path}")
    assert copy.stats()["rows"] == store.stats()["rows"]
    assert copy.events(EventQuery()) == store.events(EventQuery())
    assert len(copy.articles(ArticleQuery(text="missile"))) == 1
    copy.close()


def test_an_older_copy_is_replaced_and_a_foreign_part_file_is_no_hindrance(store, tmp_path):
    """What was left of a copy that was killed goes."""
    path = tmp_path / "copy.sqlite"
    path.write_text("old")
    Path(f"{path}.part").write_text("half")
    store.backup(str(path))
    store.backup(str(path))
    assert sqlite3.connect(path).execute("SELECT count(*) FROM event").fetchone() == (0,)
    assert not Path(f"{path}.part").exists()


def test_a_copy_onto_the_database_itself_is_refused(tmp_path):
    """Also by another name of the same file."""
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    (tmp_path / "link").symlink_to(tmp_path / "a.sqlite")
    for name in ("a.sqlite", "link"):
        with pytest.raises(StoreError, match="is the database itself"):
            store.backup(str(tmp_path / name))
    store.check()
    store.close()


def test_a_copy_of_nothing_is_refused(tmp_path):
    """A mistyped address gives no empty copy over a good one."""
    path = tmp_path / "copy.sqlite"
    path.write_text("a good copy")
    store = open_store(f"sqlite:///{tmp_path / 'mistyped.sqlite'}", migrate=False)
    with pytest.raises(StoreError, match="nothing to copy"):
        store.backup(str(path))
    assert path.read_text() == "a good copy"
    store.close()


def test_a_copy_that_cannot_be_written_says_why(store, tmp_path):
    """A file where a folder should be, a folder where the file should be."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="cannot be written: "):
        store.backup(str(tmp_path / "file" / "copy.sqlite"))
    with pytest.raises(StoreError, match="cannot be written: Is a directory"):
        store.backup(str(tmp_path / "folder"))
    assert not (tmp_path / "folder.part").exists()


def test_a_full_disk_under_a_copy_is_named(tmp_path):
    """The remedy is space, not permission."""
    full = _not_copied("/x", OSError(errno.ENOSPC, "No space left on device"))
    assert isinstance(full, StoreFullError)
    assert "no space left for the copy /x" in str(full)
    _forget(tmp_path / ("n" * 300))


def test_damage_found_by_the_page_check_is_named():
    """With what SQLite found and where a good copy comes from."""
    with pytest.raises(StoreCorruptError, match=r"/x is damaged: page 3.*tocsin db backup"):
        _check_pages("page 3 is never used", "/x")
    _check_pages("ok", "/x")


def _old_things(store):
    """Logs, a finished message, a silence and two articles that no event needs."""
    world = whole_world(store)
    attempt = Attempt(world["delivery"], 1, NOON, AttemptOutcome.ACCEPTED, "")
    store.record_attempt(attempt, DeliveryState.DELIVERED, None, "accepted")
    store.add_silence(Silence(UUID(int=3), {}, NOON - HOUR, NOON))
    unlinked, empty = told(store, "unlinked", "empty", feed="other")
    (mention_id,) = extracted(store, unlinked)
    store.write_links(LinkWrite(unlinked, ((mention_id, None, "vague"),), ()))
    store.write_mentions(empty, 1, [])
    return world, unlinked


def test_pruning_takes_logs_and_texts_no_event_needs(store):
    """A dry run counts the same and takes nothing; a second run finds nothing."""
    world, unlinked = _old_things(store)
    before = store.stats()["rows"]
    none = {"request": 0, "cooldown": 0, "article_page": 0}
    wanted = {"fetch": 2, "attempt": 1, "silence": 1, "span": 11, "mention": 1, "article_revision": 2, **none}
    assert store.prune(LATER, dry_run=True) == wanted
    assert store.stats()["rows"] == before
    assert store.prune(LATER) == wanted
    assert set(store.prune(LATER).values()) == {0}
    after = store.stats()["rows"]
    assert {name: before[name] - after[name] for name in before if before[name] != after[name]} == {
        name: rows for name, rows in wanted.items() if rows and name != "article_revision"
    }
    assert store.article(unlinked).text == ""
    assert store.article(unlinked).title == "Launch reported (unlinked)"
    assert "fired" in store.article(world["article"]).text
    assert store.event(world["event"].id) == world["event"]
    assert store.delivery(world["delivery"]).state is DeliveryState.DELIVERED


def test_pruning_leaves_what_is_new_or_still_waits(store):
    """Nothing known since, nothing unread, nothing unlinked, no message on its way."""
    world = whole_world(store)
    attempt = Attempt(world["delivery"], 1, NOON, AttemptOutcome.TRANSIENT, "")
    store.record_attempt(attempt, DeliveryState.PENDING, LATER, "again")
    told(store, "unread", feed="other")
    (unlinked,) = told(store, "unlinked", feed="third")
    extracted(store, unlinked)
    assert store.prune(NOON) == dict.fromkeys(store.prune(NOON), 0)
    assert store.prune(LATER, dry_run=True) == {
        "fetch": 3, "attempt": 0, "silence": 0, "span": 0, "mention": 0, "article_revision": 0,
        "request": 0, "cooldown": 0, "article_page": 0,
    }  # fmt: skip


def test_a_pruned_article_is_still_known(store):
    """A feed that carries it does not bring it back as new, and its words are found no more."""
    world, unlinked = _old_things(store)
    store.prune(LATER)
    feed_id = store.feed("https://other.example/rss").id
    store.record_poll(poll(store, feed_id, draft("unlinked"), at=LATER))
    assert store.article(unlinked).revision == 1
    assert store.waiting_for_extraction(10) == []
    assert [a.id for a in store.articles(ArticleQuery(text="missile"))] == [world["article"]]
    store.record_poll(poll(store, feed_id, edited(unlinked, key="unlinked"), at=LATER + HOUR))
    assert store.waiting_for_extraction(10) == [unlinked]


def test_the_full_text_index_is_whole_after_edits_and_pruning(store):
    """FTS5's own check compares the index with the texts."""
    _old_things(store)
    feed_id = add_feed(store, "other")
    store.record_poll(poll(store, feed_id, edited(None, key="empty"), at=NOON + HOUR))
    store.prune(LATER)
    with store._db.write() as connection:
        connection.execute(text("INSERT INTO article_search (article_search) VALUES ('integrity-check')"))
        connection.execute(text("DELETE FROM article_revision WHERE text = ''"))
        connection.execute(text("INSERT INTO article_search (article_search) VALUES ('integrity-check')"))
        assert connection.execute(select(article_revision.c.id)).all() != []


def test_small_values_are_kept(store):
    """Written again they are replaced."""
    assert store.value("sweep") is None
    store.set_value("sweep", "1")
    store.set_value("sweep", "2")
    assert store.value("sweep") == "2"


def test_a_sound_database_passes_the_check(store, clock):
    """The check proves that it can be written."""
    store.check()
    store.check(thorough=True)
    assert store.value("store.checked") == clock.now().isoformat()


def test_an_old_schema_fails_the_check_and_can_be_upgraded(tmp_path):
    """The error names the command."""
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}", migrate=False)
    with pytest.raises(StoreError, match="has schema None, this program needs") as caught:
        store.check()
    assert "tocsin db upgrade" in caught.value.hint
    assert store.upgrade() == (None, schema_revision())
    assert store.upgrade() == (schema_revision(), schema_revision())
    store.check()
    store.close()


def test_pruning_goes_by_knowledge_time(store):
    """An article from an archive is as old as its publication."""
    old = replace(draft("old"), known_at=NOON - timedelta(days=400), backfilled=True)
    (article_id,) = store.add_articles([old], publisher="P")
    store.write_mentions(article_id, 1, [])
    assert store.prune(NOON - timedelta(days=365))["article_revision"] == 1


def test_the_planner_gets_new_figures_when_the_timeline_has_doubled(tmp_path):
    """The check, which the daemon asks for regularly, sees to it; an unchanged database is left alone."""
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    (article_id,) = told(store, "a")

    def grow(start: int, end: int) -> bool:
        revisions = tuple(revision(first(number)) for number in range(start, end))
        store.write_links(LinkWrite(article_id, (), revisions))
        store.check()
        return not refresh_statistics(store._db) and store.value("store.analysed") == str(end)

    assert not grow(0, 999)
    assert grow(999, 1_000)
    assert not grow(1_000, 1_999)
    assert grow(1_999, 2_000)
    store.close()
