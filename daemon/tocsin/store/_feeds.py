"""`FeedStore`: feeds, leases, and what each poll came to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, update

from tocsin.model import Feed, FeedSpec, Fetch, KnownArticle, KnownEntries, PollWrite, SeenDocument
from tocsin.store._bulk import any_of
from tocsin.store._claiming import claimable
from tocsin.store._convert_feeds import (
    merged_values,
    spec_values,
    to_feed,
    to_fetch,
)
from tocsin.store._known import known_by_key, known_by_url, known_entries
from tocsin.store._part import Part, as_uuid, chunks, insert_new, page
from tocsin.store._record import record_polls
from tocsin.store._tables_feeds import feed, fetch
from tocsin.store._types import storable


class Feeds(Part):
    """Feeds and their polls."""

    def add_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> tuple[int, int]:
        """Insert or update by address; return (added, already known).

        A feed that was removed comes back (and counts as added), except when the catalog it came from
        names it again: catalogs are read at every start, and a removal must outlive that.
        """
        wanted = {storable(spec.url): spec for spec in specs}
        with self._db.write() as connection:
            known = {row.url: row for row in _rows_by_url(connection, list(wanted))}
            fresh = [self._new_row(spec, now) for url, spec in wanted.items() if url not in known]
            insert_new(connection, feed, fresh)
            revived = 0
            for url, row in known.items():
                revived += _renew(connection, row, wanted[url], now)
        return len(fresh) + revived, len(known) - revived

    def _new_row(self, spec: FeedSpec, now: datetime) -> dict[str, Any]:
        state = {"enabled": True, "failures": 0, "articles": 0, "added_at": now, "next_due_at": now}
        return spec_values(spec) | state | {"id": self._ids.new()}

    def remove_feed(self, url: str) -> bool:
        """Stop polling; articles stay. False when there is no such feed."""
        with self._db.write() as connection:
            gone = connection.execute(
                update(feed)
                .where(feed.c.url == url, feed.c.removed_at.is_(None))
                .values(enabled=False, removed_at=self._clock.now(), claimed_until=None)
            )
            return bool(gone.rowcount)

    def feed(self, id_or_url: UUID | str) -> Feed | None:
        """One feed; a removed one is found by its id only."""
        wanted = as_uuid(id_or_url) if isinstance(id_or_url, str) else id_or_url
        found = select(feed)
        if wanted is not None:
            found = found.where(feed.c.id == wanted)
        else:
            found = found.where(feed.c.url == id_or_url, feed.c.removed_at.is_(None))
        with self._db.read() as connection:
            row = connection.execute(found).first()
        return None if row is None else to_feed(row)

    def feeds(self, *, text: str | None = None, limit: int = 1000, offset: int = 0) -> list[Feed]:
        """Feeds by title and address; `text` is looked for in title, address and publisher."""
        limit, offset = page(limit, offset)
        found = select(feed).where(feed.c.removed_at.is_(None))
        if text:
            columns = (feed.c.title, feed.c.url, feed.c.publisher)
            found = found.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
        found = found.order_by(feed.c.title.nulls_last(), feed.c.url).limit(limit).offset(offset)
        with self._db.read() as connection:
            return [to_feed(row) for row in connection.execute(found)]

    def count_quiet_feeds(self) -> int:
        """How many feeds that are polled have gone quiet; removed and muted ones do not count."""
        polled = feed.c.removed_at.is_(None) & feed.c.enabled & feed.c.muted_reason.is_(None)
        found = select(func.count()).select_from(feed).where(polled, feed.c.quiet_since.is_not(None))
        with self._db.read() as connection:
            return connection.execute(found).scalar_one()

    def claim_due(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        *,
        everything: bool = False,
        skip: Collection[UUID] = (),
    ) -> list[Feed]:
        """Take feeds that are due and lease them until now + lease; `everything` also takes those not due.

        A host of which another call still holds a feed is left out, so that politeness holds across
        processes; of one host only a few are taken, so that others get their turn.
        Muted feeds are never taken, nor those in `skip`.
        """
        with self._db.write() as connection:
            ids = claimable(connection, now, max(limit, 0), everything=everything, skip=skip)
            if not ids:
                return []
            connection.execute(update(feed).where(any_of(feed.c.id, ids)).values(claimed_until=now + lease))
            rows = {row.id: row for row in connection.execute(select(feed).where(any_of(feed.c.id, ids)))}
        return [to_feed(rows[feed_id]) for feed_id in ids]

    def release_feeds(self, ids: Sequence[UUID]) -> None:
        """Give leases back unused."""
        with self._db.write() as connection:
            connection.execute(update(feed).where(any_of(feed.c.id, ids)).values(claimed_until=None))

    def known_articles(
        self, feed_id: UUID, keys: Sequence[str], urls: Sequence[str]
    ) -> tuple[dict[str, KnownArticle], dict[str, KnownArticle]]:
        """Articles this feed carried by key, and articles of any feed by canonical address.

        `content_hash` by key is what this feed last gave under it, so that two feeds which cut one
        article differently do not make revisions in turn.
        """
        with self._db.read() as connection:
            return known_by_key(connection, feed_id, keys), known_by_url(connection, urls)

    def known_entries(self, documents: Sequence[SeenDocument]) -> list[KnownEntries]:
        """For each document what is news in it, and what is known of that. One feed has one document here."""
        with self._db.read() as connection:
            return known_entries(connection, documents)

    def record_poll(self, write: PollWrite) -> list[UUID]:
        """One transaction: the fetch, the feed's state, its articles. Returns ids that wait for extraction.

        Raises:
            StoreError: there is no such feed.
        """
        return self.record_polls([write])[0]

    def record_polls(self, writes: Sequence[PollWrite]) -> list[list[UUID]]:
        """The same for polls of different feeds: one transaction for all, or nothing of any."""
        with self._db.write() as connection:
            return record_polls(connection, writes, self._ids)

    def fetches(self, feed_id: UUID, limit: int = 50) -> list[Fetch]:
        """The newest polls of a feed."""
        found = (
            select(fetch).where(fetch.c.feed_id == feed_id).order_by(fetch.c.at.desc()).limit(max(limit, 0))
        )
        with self._db.read() as connection:
            return [to_fetch(row) for row in connection.execute(found)]


def _rows_by_url(connection: Connection, urls: list[str]) -> list[Any]:
    return [
        row
        for portion in chunks(urls)
        for row in connection.execute(select(feed).where(feed.c.url.in_(portion)))
    ]


def _renew(connection: Connection, row: Any, spec: FeedSpec, now: datetime) -> bool:
    """New facts for a known feed; True when a removed one came back."""
    values = merged_values(spec, row)
    returns = row.removed_at is not None and (spec.catalog is None or spec.catalog != row.catalog)
    if returns:
        values |= {"removed_at": None, "enabled": True}
    if returns or (spec.catalog is None and row.muted_reason is not None):
        values |= {"muted_reason": None, "next_due_at": now, "failures": 0}
    if any(getattr(row, name) != value for name, value in values.items()):
        connection.execute(update(feed).where(feed.c.id == row.id).values(**values))
    return returns
