"""Which feeds are asked next. Costs what is taken and what is held, however many feeds there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from tocsin.store._bulk import any_of
from tocsin.store._tables_feeds import feed

_FEW, _MANY = 4, 16


def most_of_a_host(limit: int) -> int:
    """Feeds of one host that one claim of `limit` feeds may take: 4 to 16, so that others get their turn."""
    return max(_FEW, min(_MANY, limit // 32))


def claimable(
    connection: Connection, now: datetime, limit: int, *, everything: bool, skip: Collection[UUID]
) -> list[UUID]:
    """Ids, longest due first, those that were never given a time before all others."""
    if not limit:
        return []
    held = list(connection.scalars(held_hosts(now)))
    taken: list[UUID] = []
    by_host: Counter[str] = Counter()
    most = most_of_a_host(limit)
    for feed_id, host in _candidates(connection, now, held, everything=everything, skip=skip):
        if by_host[host] < most:
            by_host[host] += 1
            taken.append(feed_id)
            if len(taken) == limit:
                break
    return taken


def _candidates(
    connection: Connection, now: datetime, held: list[str], *, everything: bool, skip: Collection[UUID]
) -> Iterator[tuple[UUID, str]]:
    statements = [unscheduled_feeds()]
    statements.append(scheduled_feeds() if everything else due_feeds(now))
    for statement in statements:
        found = statement.where(~any_of(feed.c.host, held)) if held else statement
        found = found.where(~any_of(feed.c.id, skip)) if skip else found
        for row in connection.execute(found.execution_options(yield_per=_PORTION)):
            yield row.id, row.host


_PORTION = 256  # rows read ahead


def held_hosts(now: datetime) -> Select[Any]:
    """Hosts of feeds that are leased; this index has only feeds with a lease in it."""
    return select(feed.c.host).where(feed.c.claimed_until > now).distinct()


def _askable() -> Select[Any]:
    asked = select(feed.c.id, feed.c.host).where(feed.c.enabled, feed.c.muted_reason.is_(None))
    return asked.with_for_update(skip_locked=True)


def unscheduled_feeds() -> Select[Any]:
    """Feeds without a next time, which is as good as due."""
    return _askable().where(feed.c.next_due_at.is_(None)).order_by(feed.c.next_due_at, feed.c.id)


def scheduled_feeds() -> Select[Any]:
    """Feeds by their next time."""
    return _askable().where(feed.c.next_due_at.is_not(None)).order_by(feed.c.next_due_at, feed.c.id)


def due_feeds(now: datetime) -> Select[Any]:
    """Feeds that may be asked now, longest due first."""
    return _askable().where(feed.c.next_due_at <= now).order_by(feed.c.next_due_at, feed.c.id)
