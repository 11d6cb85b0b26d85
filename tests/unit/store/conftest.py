"""The store on every engine it knows. PostgreSQL joins by one more entry in `ENGINES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tocsin.store import SqlStore, open_store
from tocsin.testing import FakeClock, SequentialIds

ENGINES: dict[str, Callable[[Path], str]] = {
    "sqlite-file": lambda folder: f"sqlite:///{folder / 'tocsin.sqlite'}?timeout=5",
    "sqlite-memory": lambda _: "sqlite://",
}


@pytest.fixture(params=ENGINES)
def engine_url(request, tmp_path) -> str:
    """The address of an empty database."""
    return ENGINES[request.param](tmp_path)


@pytest.fixture
def clock() -> FakeClock:
    """The store's clock."""
    return FakeClock()


@pytest.fixture
def store(engine_url, clock) -> Iterator[SqlStore]:
    """An empty store with foreseeable ids."""
    opened = open_store(engine_url, clock=clock, ids=SequentialIds())
    yield opened
    opened.close()
