"""The page on a real database in memory, filled with a small world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from helpers_web import PageClient, World, fill
from helpers_world import NOW
from tocsin.ports import Store
from tocsin.settings import Settings
from tocsin.store import open_store
from tocsin.testing import FakeClock
from tocsin.web import create_app


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Store, World]]:
    """Shared by the tests of a file that only read."""
    opened = open_store("sqlite://")
    yield opened, fill(opened)
    opened.close()


@pytest.fixture(scope="module")
def world(filled: tuple[Store, World]) -> World:
    return filled[1]


@pytest.fixture(scope="module")
def client(filled: tuple[Store, World]) -> PageClient:
    return PageClient(create_app(filled[0], Settings(), clock=FakeClock(NOW)))


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store of the test's own."""
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def app(store: Store) -> FastAPI:
    """The page on it."""
    return create_app(store, Settings(), clock=FakeClock(NOW))
