"""What it costs to choose the feeds that are asked next, counted in steps of SQLite's machine, not seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from helpers_store import HOUR, NOON
from tocsin.model import FeedSpec
from tocsin.store import SqlStore, open_store
from tocsin.store._convert_feeds import spec_values
from tocsin.store._tables_feeds import feed

LEASE = timedelta(minutes=10)
STEP = 100  # instructions


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """In memory, where all share the one connection that is watched."""
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def fill(store: SqlStore, first: int, last: int, *, due: bool, host: str | None = None) -> None:
    """Feeds `first` to `last` - 1, each of a host of its own unless one is named."""
    moment = NOON - timedelta(seconds=1) if due else NOON + HOUR
    rows = []
    for number in range(first, last):
        spec = FeedSpec(f"https://{host or f'h{number}'}.example/{number}")
        state = {"enabled": True, "failures": 0, "articles": 0, "added_at": NOON}
        state["next_due_at"] = moment + timedelta(seconds=number % 50 - 100 * due)
        values = spec_values(spec) | state | {"id": UUID(int=number + 1)}
        rows.append(values | {"host": f"{host or f'h{number}'}.example"})
    with store._db.write() as connection:
        connection.execute(insert(feed), rows)


@contextmanager
def steps(store: SqlStore) -> Iterator[list[int]]:
    """Counts what SQLite does meanwhile, in hundreds of instructions."""
    counted = [0]

    def tick() -> int:
        counted[0] += 1
        return 0

    with store._db.read() as connection:
        watched = connection.connection.driver_connection
    watched.set_progress_handler(tick, STEP)
    try:
        yield counted
    finally:
        watched.set_progress_handler(None, STEP)


def cost_of_a_claim(store: SqlStore, limit: int = 32, *, everything: bool = False) -> int:
    with steps(store) as counted:
        assert len(store.claim_due(NOON, limit, LEASE, everything=everything)) == limit
    return counted[0]


def test_a_claim_costs_the_same_among_a_hundred_and_a_hundred_thousand_feeds(store):
    """Feeds that are not due are never looked at."""
    fill(store, 0, 64, due=True)
    fill(store, 64, 100, due=False)
    few = cost_of_a_claim(store)
    fill(store, 100, 100_000, due=False)
    many = cost_of_a_claim(store)
    assert 0 < many <= 1.5 * few


def test_a_claim_costs_the_same_however_many_are_due(store):
    """It stops where it has enough."""
    fill(store, 0, 100, due=True)
    few = cost_of_a_claim(store)
    fill(store, 100, 20_000, due=True)
    assert cost_of_a_claim(store) <= 2 * few


def test_a_pass_over_everything_takes_from_the_front(store):
    """A claim of some among all feeds does not read all feeds."""
    fill(store, 0, 100, due=False)
    few = cost_of_a_claim(store, everything=True)
    fill(store, 100, 20_000, due=False)
    assert cost_of_a_claim(store, everything=True) <= 2 * few


def test_a_host_with_many_feeds_leaves_room_for_others(store):
    """Of a host that is first in the queue with hundreds of feeds a claim takes a few."""
    fill(store, 0, 400, due=True, host="big")
    fill(store, 400, 420, due=True)
    taken = store.claim_due(NOON, 32, LEASE)
    by_host = [found.spec.url.split("/")[2] for found in taken]
    assert by_host.count("big.example") == 4
    assert len(taken) == 24


def test_those_to_be_skipped_are_not_taken(store):
    """By their id."""
    fill(store, 0, 3, due=True)
    assert [found.id for found in store.claim_due(NOON, 10, LEASE, skip=[UUID(int=2)])] == [
        UUID(int=1),
        UUID(int=3),
    ]
