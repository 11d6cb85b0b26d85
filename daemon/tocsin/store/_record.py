"""Recording polls: many in one transaction, because a commit costs more than what most polls write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select, update

from tocsin.errors import StoreError
from tocsin.model import FeedSpec, PollWrite
from tocsin.ports import Ids
from tocsin.store._bulk import any_of
from tocsin.store._convert_feeds import fetch_values, state_values, tag_values
from tocsin.store._drafts import DraftWriter, Origin, Written
from tocsin.store._links import append_revisions, unstored
from tocsin.store._moves import settle_move
from tocsin.store._part import Rows, insert_new
from tocsin.store._tables_feeds import article, carrier, feed, fetch
from tocsin.store._types import storable

_PASSED_ON = ("publisher", "owner", "country", "timezone")  # from a feed to its articles


def record_polls(connection: Connection, writes: Sequence[PollWrite], ids: Ids) -> list[list[UUID]]:
    """Write polls of different feeds; for each the articles that wait for extraction.

    Raises:
        StoreError: a feed is not there.
    """
    rows = _rows(connection, writes)
    learned = [_learned(rows[write.feed.id], write.feed.spec) for write in writes]
    insert_new(connection, fetch, [fetch_values(write.fetch) for write in writes])
    told = [
        (_origin(rows[write.feed.id], facts), write.articles)
        for write, facts in zip(writes, learned, strict=True)
    ]
    written = DraftWriter(connection, ids).write(told) if any(write.articles for write in writes) else None
    _retag(connection, writes)
    _renew(connection, writes, learned, written or [Written([], 0)] * len(writes))
    noticed = [revision for write in writes for revision in write.events]
    if noticed:
        append_revisions(connection, unstored(connection, noticed))
    for write in writes:
        _move(connection, rows[write.feed.id], write, ids)
    return [one.waiting for one in written] if written else [[] for _ in writes]


def _retag(connection: Connection, writes: Sequence[PollWrite]) -> None:
    told = [
        {
            "b_feed": write.feed.id,
            "b_key": storable(one.key),
            "b_id": one.article_id,
            "b_tags": one.tags,
            "b_media": values["media"],
            "b_geo": values["geo"],
        }
        for write in writes
        for one in write.retagged
        for values in (tag_values(one),)
    ]
    if told:
        connection.execute(_RETAG_ARTICLE, told)
        connection.execute(_RETAG_CARRIER, told)


def _rows(connection: Connection, writes: Sequence[PollWrite]) -> dict[UUID, Row[Any]]:
    wanted = [write.feed.id for write in writes]
    rows = {row.id: row for row in connection.execute(select(feed).where(any_of(feed.c.id, wanted)))}
    for feed_id in wanted:
        if feed_id not in rows:
            raise StoreError(f"there is no feed {feed_id}; nothing was written")
    return rows


def _learned(row: Row[Any], spec: FeedSpec) -> dict[str, Any]:
    """What a poll found out about the feed itself: a name, a language."""
    values = {name: getattr(spec, name) for name in ("title", "language") if getattr(spec, name) is not None}
    for name in _PASSED_ON:  # what the operator said stands
        if getattr(row, name) is None and getattr(spec, name) is not None:
            values[name] = getattr(spec, name)
    return values


def _origin(row: Row[Any], learned: dict[str, Any]) -> Origin:
    facts = {name: learned.get(name, getattr(row, name)) for name in _PASSED_ON}
    return Origin(feed_id=row.id, **facts, full_text=row.full_text)


def _renew(
    connection: Connection,
    writes: Sequence[PollWrite],
    learned: Iterable[dict[str, Any]],
    written: Iterable[Written],
) -> None:
    """The state of all feeds, one statement for those that learned the same kinds of things."""
    alike: dict[tuple[str, ...], Rows] = {}
    for write, facts, one in zip(writes, learned, written, strict=True):
        keys = {"b_feed": write.feed.id, "b_carried": one.carried}
        alike.setdefault(tuple(facts), []).append(state_values(write.feed) | facts | keys)
    for values in alike.values():
        names = [name for name in values[0] if not name.startswith("b_")]
        statement = (
            update(feed)
            .where(feed.c.id == bindparam("b_feed"))
            .values(
                {name: bindparam(name) for name in names}
                | {"articles": feed.c.articles + bindparam("b_carried")}
            )
        )
        connection.execute(statement, values)


def _move(connection: Connection, row: Row[Any], write: PollWrite, ids: Ids) -> None:
    changed = settle_move(connection, row, write.feed.spec.url, write.fetch.at, ids)
    if changed:
        connection.execute(update(feed).where(feed.c.id == row.id).values(**changed))


_RETAG_ARTICLE = (
    update(article)
    .where(article.c.id == bindparam("b_id"))
    .values(
        media=bindparam("b_media", type_=article.c.media.type),
        geo=bindparam("b_geo", type_=article.c.geo.type),
    )
)
_RETAG_CARRIER = (
    update(carrier)
    .where(carrier.c.feed_id == bindparam("b_feed"), carrier.c.key == bindparam("b_key"))
    .values(tags=bindparam("b_tags"))
)
