"""The reference of the store says what the store is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

from helpers_store import launch
from tocsin import errors
from tocsin.cli.db import app
from tocsin.store import open_store
from tocsin.store._spans import span_rows
from tocsin.store._tables import metadata

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*)\|$", REFERENCE, re.MULTILINE))


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_is_documented_with_what_makes_its_rows_unique(table):
    """Name for name."""
    unique = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    documented = re.findall(r"`(\w+)`", ROWS[table.name].split("|")[-1])
    for constraint in unique:
        assert {column.name for column in constraint.columns} <= set(documented)
    assert {name for name in documented if name not in table.c} == set()


def test_every_error_of_the_store_is_documented():
    """With when it comes."""
    kinds = [
        name for name, kind in vars(errors).items() if name.startswith("Store") and isinstance(kind, type)
    ]
    assert [name for name in kinds if f"| `{name}` |" not in REFERENCE] == []


def test_every_command_is_documented():
    """As an operator types it."""
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert [name for name in names if f"`tocsin db {name}" not in REFERENCE] == []


def test_every_role_of_a_span_is_documented():
    """Those of a mention that has them all."""
    text = "North Korea fired a ballistic missile towards the sea on Wednesday, the South Korean military said; launch"
    roles = {row["role"] for row in span_rows(None, launch(text))}
    assert {role for role in roles if f"`{role}`" not in REFERENCE} == set()


def test_the_form_of_the_figures_is_documented():
    """`tocsin db stats --json`, key by key."""
    store = open_store("sqlite://")
    found = store.stats()
    store.close()
    assert {name for name in (*found, *found["waiting"]) if f'"{name}": ' not in REFERENCE} == set()
