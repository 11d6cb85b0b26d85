"""Real databases on a real disk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tocsin.store import SqlStore, open_store


@pytest.fixture
def store(tmp_path) -> Iterator[SqlStore]:
    """An empty store in a file, with little patience."""
    opened = open_store(f"sqlite:///{tmp_path / 'tocsin.sqlite'}?timeout=0.3")
    yield opened
    opened.close()
