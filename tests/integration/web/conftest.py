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


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return fill(store)


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(store, Settings(), clock=FakeClock(NOW))


@pytest.fixture
def client(app: FastAPI) -> PageClient:
    return PageClient(app)
