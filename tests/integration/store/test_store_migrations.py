"""A database made by any released version opens in this one; what cannot be opened says why."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Uuid

from helpers_store import NOON, add_feed, draft, poll, spec
from tocsin.errors import StoreError, StoreTooNewError
from tocsin.model import ArticleQuery, ClaimQuery, EventQuery
from tocsin.store import open_store, schema_revision
from tocsin.store._engine import Database
from tocsin.store._migrate import HEAD, SHIPPED, Migrations, _render_plain, current_revision, is_ours
from tocsin.store._tables import metadata, table_names
from tocsin.store._types import FreeText

DATABASES = sorted((Path(__file__).parent / "databases").glob("*.sql"))

STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    {body}
"""


@pytest.fixture
def url(tmp_path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 't.sqlite'}?timeout=5"


def _schema(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: " ".join(sql.replace(";", " ").split()) for name, sql in rows if name != "sqlite_stat1"}


@pytest.mark.parametrize("dump", DATABASES, ids=lambda dump: dump.stem)
def test_a_database_of_every_released_schema_opens_with_all_its_rows(dump, tmp_path, url):
    """And then has the schema a new one has."""
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    store = open_store(url)
    store.check(thorough=True)
    rows = store.stats()["rows"]
    assert [
        name for name in ("feed", "article", "span", "event", "claim", "alert", "delivery") if not rows[name]
    ] == []
    (event,) = store.events(EventQuery(text="missile", source="PRK"))
    assert event.title == "North Korea fires a missile towards the sea"
    assert store.events(EventQuery(as_of=NOON)) == [event]
    (claim,) = store.claims(ClaimQuery(party="RUS"))
    assert (claim.about_event_id, claim.stances[0].party.country) == (event.id, "USA")
    (backing,) = store.event_mentions([event.id])
    assert backing.mention.source[0].country == "PRK"
    (delivery,) = store.deliveries()
    assert delivery.subscriber_name == "desk-1"
    assert store.value("sweep") == "2022-11-09T12:00:00+00:00"
    assert len(store.record_poll(poll(store, add_feed(store), draft("new")))) == 1
    assert len(store.articles(ArticleQuery(text="launch"))) == 2
    store.close()
    fresh = tmp_path / "fresh.sqlite"
    open_store(f"sqlite:///{fresh}").close()
    assert _schema(path) == _schema(fresh)


def test_there_is_a_database_of_this_schema():
    """Made by tests/tools/dump_database.py; a later version will be tested with it."""
    assert DATABASES[-1].stem == schema_revision()


def test_migrations_lead_to_the_tables_of_the_code(url):
    """Alembic finds no difference between a migrated database and the SQLModel metadata."""
    database = Database(url)
    SHIPPED.upgrade(database)
    with database.read() as connection:
        options = {"include_object": is_ours, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_newest_script_is_the_schema_the_code_names():
    """So that opening needs no look into the folder of scripts."""
    assert SHIPPED.known()[-1] == HEAD == schema_revision()


def test_every_table_is_counted_and_parents_come_first():
    """The order in which rows can be written."""
    names = table_names()
    assert names.index("article") < names.index("mention") < names.index("span")
    assert len(names) == 25


def test_a_new_script_names_plain_types_only():
    """Our own types may change later, what a migration did may not."""
    assert _render_plain("type", FreeText(), None) == "sa.Text()"
    assert _render_plain("type", Uuid(), None) is False


def test_opening_again_changes_nothing(url):
    """The second time there is nothing to do."""
    assert open_store(url).upgrade() == (HEAD, HEAD)


def test_two_processes_may_make_one_database_at_once(tmp_path):
    """One migrates, the others wait and find it done."""
    script = (
        "import sys; from tocsin.store import open_store; s = open_store(sys.argv[1]); "
        "print(s.stats()['schema']); s.close()"
    )
    command = [sys.executable, "-W", "error", "-c", script, f"sqlite:///{tmp_path / 'n' / 't.sqlite'}"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == [HEAD] * 4


def test_threads_may_open_one_new_database_at_once(tmp_path):
    """Each gets a store that works."""

    def use(number: int) -> None:
        store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
        store.add_feeds([spec(f"f{number}")], NOON)
        store.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(use, range(12)))
    store = open_store(f"sqlite:///{tmp_path / 't.sqlite'}")
    assert len(store.feeds()) == 12
    store.close()


def _next(tmp_path, body: str) -> Migrations:
    """The shipped migrations with one more, as the next version has them."""
    folder = tmp_path / "migrations"
    shutil.copytree(SHIPPED.folder, folder)
    (folder / "versions" / "next.py").write_text(STEP.format(revision="next", before=HEAD, body=body))
    return Migrations(folder, "next")


def test_a_migration_of_the_next_version_keeps_the_rows(tmp_path, url):
    """Step by step, from what stands."""
    store = open_store(url)
    store.add_feeds([spec()], NOON)
    migrations = _next(tmp_path, 'op.add_column("feed", sa.Column("weight", sa.Integer()))')
    assert migrations.known() == [*SHIPPED.known(), "next"]
    assert migrations.upgrade(store._db) == (HEAD, "next")
    assert current_revision(store._db) == "next"
    assert len(store.feeds()) == 1
    store.close()


def test_a_migration_that_fails_leaves_the_former_schema(tmp_path, url):
    """All its steps are undone together, and the program it came from still works."""
    store = open_store(url)
    store.add_feeds([spec()], NOON)
    before = _schema(tmp_path / "t.sqlite")
    body = 'op.add_column("feed", sa.Column("weight", sa.Integer())); op.drop_table("carrier"); 1 / 0'
    with pytest.raises(ZeroDivisionError):
        _next(tmp_path, body).upgrade(store._db)
    assert _schema(tmp_path / "t.sqlite") == before
    assert current_revision(store._db) == HEAD
    assert len(store.record_poll(poll(store, add_feed(store), draft("a")))) == 1
    store.close()


def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path, url):
    """Both schemas are named, and what to do; migrating or not."""
    store = open_store(url)
    store.set_value("a", "b")
    _next(tmp_path, "pass").upgrade(store._db)
    with pytest.raises(StoreTooNewError):
        store.check()
    store.close()
    for migrate in (True, False):
        with pytest.raises(
            StoreTooNewError, match=f"has schema next, but Tocsin .* knows up to schema {HEAD}"
        ) as caught:
            open_store(url, migrate=migrate)
        assert "run the newer Tocsin" in caught.value.hint
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as connection:
        assert connection.execute("SELECT value FROM state WHERE key = 'a'").fetchone() == ("b",)


def test_a_database_of_another_program_is_refused_untouched(tmp_path, url):
    """Tocsin puts its tables into no one else's file."""
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()
    for migrate in (True, False):
        with pytest.raises(StoreError, match="is a database of another program"):
            open_store(url, migrate=migrate)
    assert list(_schema(tmp_path / "t.sqlite")) == ["bookmarks"]


def test_a_database_whose_first_migration_was_killed_is_made_again(tmp_path, url):
    """An empty version table and nothing else is an empty database."""
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.commit()
    store = open_store(url)
    store.check(thorough=True)
    store.close()


def test_the_first_schema_cannot_be_taken_back(url):
    """There is no version before it."""
    from alembic import command

    store = open_store(url)
    with pytest.raises(NotImplementedError, match="restore a backup"), store._db.write() as connection:
        command.downgrade(SHIPPED.config(connection), "base")
    store.check()
    store.close()
