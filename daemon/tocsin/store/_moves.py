"""Feeds that move to another address, or turn out to be one that is known already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from tocsin.ports import Ids
from tocsin.store._convert_feeds import host_of
from tocsin.store._part import insert_new
from tocsin.store._tables_feeds import carrier, feed
from tocsin.store._types import storable

_FACTS = ("title", "publisher", "owner", "country", "language", "timezone", "folder", "interval")
_COPIED = ("title", "publisher", "owner", "country", "language", "timezone", "folder", "topics", "catalog")


def settle_move(connection: Connection, row: Row[Any], url: str, now: datetime, ids: Ids) -> dict[str, Any]:
    """The columns that change when the feed of `row` goes on at `url`; none when that is where it is.

    The old address is kept as a removed feed, so that a catalog which still names it does not bring it
    back. Where a known feed has the new address, this one is merged into it: what it carried is carried by
    the other, which takes over the facts it lacks. A feed that the operator removed stays removed, and this
    one keeps its old address.
    """
    address = storable(url)
    if address == row.url or row.removed_at is not None:
        return {}
    other = connection.execute(select(feed).where(feed.c.url == address)).first()
    if other is None:
        connection.execute(update(feed).where(feed.c.id == row.id).values(url=address, host=host_of(url)))
        insert_new(connection, feed, [_left_behind(row, address, now, ids)])
        return {"url": address, "host": host_of(url)}
    if other.removed_at is not None:
        return {}
    return _merge(connection, row, other, now)


def _left_behind(row: Row[Any], address: str, now: datetime, ids: Ids) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COPIED} | {
        "id": ids.new(),
        "url": row.url,
        "host": row.host,
        "headers": [],
        "full_text": row.full_text,
        "enabled": False,
        "failures": 0,
        "articles": 0,
        "added_at": row.added_at,
        "removed_at": now,
        "moved_to": address,
        "moved_at": now,
        "muted_reason": f"moved to {address}",
    }


def _merge(connection: Connection, row: Row[Any], other: Row[Any], now: datetime) -> dict[str, Any]:
    carried_there = select(carrier.c.key).where(carrier.c.feed_id == other.id)
    moved = connection.execute(
        update(carrier)
        .where(carrier.c.feed_id == row.id, carrier.c.key.not_in(carried_there))
        .values(feed_id=other.id)
    ).rowcount
    facts = {name: getattr(row, name) for name in _FACTS if getattr(other, name) is None}
    known = {name: value for name, value in facts.items() if value is not None}
    total = func.coalesce(feed.c.articles, 0) + moved
    connection.execute(update(feed).where(feed.c.id == other.id).values(**known, articles=total))
    return {
        "enabled": False,
        "removed_at": now,
        "moved_to": other.url,
        "moved_at": now,
        "muted_reason": f"merged into {other.url}",
    }
