"""`tocsin db` as an operator uses it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from helpers_store import NOON, draft, whole_world
from tocsin.cli.db import app
from tocsin.store import open_store, schema_revision


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A database with one story, named by the settings."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tocsin.sqlite"
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    whole_world(store)
    store.close()
    return path


def _run(*words: str):
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})


@pytest.mark.parametrize("command", ["upgrade", "stats", "backup", "prune"])
def test_every_command_explains_itself_with_an_example(command):
    """`--help` works and shows how the command is written."""
    shown = _run(command, "--help")
    assert shown.exit_code == 0
    assert f"Example: tocsin db {command}" in shown.output.replace("`", "") or command == "upgrade"
    assert "Example:" in shown.output


def test_upgrade_makes_a_database_and_says_what_it_did(tmp_path, monkeypatch):
    """The second time there is nothing to do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "sqlite:///new/t.sqlite")
    assert _run("upgrade").output == f"schema none -> {schema_revision()}\n"
    assert _run("upgrade").output == f"schema {schema_revision()}: nothing to do\n"
    assert (tmp_path / "new" / "t.sqlite").exists()


def test_stats_as_a_table_and_as_json(database):
    """Rows by table, what waits, size, schema."""
    shown = _run("stats").output
    assert f"schema {schema_revision()}, " in shown
    assert "article_revision" in shown
    assert "delivery" in shown
    (found,) = json.loads(_run("stats", "--json").output)
    assert found["rows"]["event"] == 1
    assert found["waiting"]["delivery"] == 1


def test_backup_writes_a_database(database, tmp_path):
    """With the same rows; its size is shown."""
    copy = tmp_path / "copy.sqlite"
    shown = _run("backup", str(copy))
    assert shown.exit_code == 0
    assert shown.output.startswith(f"{copy}: 0.")
    store = open_store(f"sqlite:///{copy}")
    assert store.stats()["rows"]["event"] == 1
    store.close()


def test_backup_onto_the_database_fails_with_a_message(database):
    """Exit 1, the reason and the remedy, no traceback."""
    shown = _run("backup", str(database))
    assert shown.exit_code == 1
    assert "is the database itself" in shown.output
    assert "remedy:" in shown.output


def test_prune_counts_first_and_then_takes(database):
    """The dry run of the same options shows the same rows."""
    dry = _run("prune", "--before", "2022-12-01", "--dry-run")
    assert "would go, older than 2022-12-01 00:00 UTC" in dry.output
    rows = json.loads(_run("prune", "--before", "2022-12-01T02:00:00+02:00", "--json").output)
    assert {"table": "fetch", "rows": 1} in rows
    again = json.loads(_run("prune", "--older-than", "30", "--json").output)
    assert {row["rows"] for row in again} == {0}


def test_prune_by_days_leaves_what_is_younger(database):
    """Days before now."""
    store = open_store(f"sqlite:///{database}")
    now = datetime.now(UTC)
    for days in (5, 15):
        moment = now - timedelta(days=days)
        (article_id,) = store.add_articles([draft(f"d{days}", known_at=moment, seen_at=NOON)], publisher="P")
        store.write_mentions(article_id, 1, [])
    store.close()
    rows = json.loads(_run("prune", "--older-than", "10", "--dry-run", "--json").output)
    assert {"table": "article_revision", "rows": 1} in rows


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "either --before or --older-than"),
        (("--before", "2022-01-01", "--older-than", "3"), "either --before or --older-than"),
        (("--before", "yesterday"), "--before yesterday is not a date"),
        (("--older-than", "999999"), "is before the year 1"),
        (("--older-than", "99999999999"), "is before the year 1"),
        (("--before", "0001-01-01T00:00:00+05:00"), "is not a date"),
        (("--older-than", "0"), ""),
    ],
)
def test_prune_needs_one_moment_it_understands(database, options, words):
    """Wrong usage is exit 2, and nothing goes."""
    shown = _run("prune", *options)
    assert shown.exit_code == 2
    assert words in shown.output
    store = open_store(f"sqlite:///{database}")
    assert store.stats()["rows"]["fetch"] == 1
    store.close()
