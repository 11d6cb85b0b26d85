"""`PageStore`: which pages are wanted, and the full texts they gave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, literal_column, select, update

from tocsin.errors import StoreError
from tocsin.model import (
    ArticlePage,
    PageFacts,
    PageState,
    PageText,
    PageWrite,
    RevisionReason,
    WantedPage,
)
from tocsin.store._part import Part, chunks, insert_new, upsert
from tocsin.store._same import unite
from tocsin.store._tables_feeds import article, article_page, article_revision, carrier, feed
from tocsin.store._texts import body_of, full_revision

_FACTS = ("url", "canonical", "title", "author", "language", "published", "modified", "free")


class Pages(Part):
    """Pages of articles."""

    def claim_pages(self, now: datetime, limit: int, lease: timedelta) -> list[WantedPage]:
        """Pages that are wanted and due, longest due first; not given out again before now + lease."""
        with self._db.write() as connection:
            rows = connection.execute(wanted_pages(now, limit)).all()
            for portion in chunks([row.id for row in rows]):
                held = update(article).where(article.c.id.in_(portion))
                connection.execute(held.values(page_due_at=now + lease))
            return _wanted(connection, rows)

    def wanted_page(self, article_id: UUID) -> WantedPage | None:
        """What fetching the page of this article needs; None without such an article or without address."""
        found = select(article).where(article.c.id == article_id, article.c.url.is_not(None))
        with self._db.read() as connection:
            return next(iter(_wanted(connection, connection.execute(found).all())), None)

    def put_off_pages(self, article_ids: Sequence[UUID], until: datetime) -> None:
        """Give claimed pages back; they are due at `until`. No try is counted."""
        with self._db.write() as connection:
            for portion in chunks(article_ids):
                connection.execute(
                    update(article)
                    .where(article.c.id.in_(portion), article.c.page == PageState.WANTED.value)
                    .values(page_due_at=until)
                )

    def record_page(self, write: PageWrite) -> bool:
        """One transaction: what a try came to, and a revision with the full text where there is more to read.

        The teaser stays as the revision it is, and the article keeps the time its feed gave it; the page's
        own time fills in where the feed gave none. Where the page names the canonical address of another article,
        the two are one from here on. True when the article waits for extraction.

        Raises:
            StoreError: there is no such article.
        """
        with self._db.write() as connection:
            row = connection.execute(select(article).where(article.c.id == write.article_id)).first()
            if row is None:
                raise StoreError(f"there is no article {write.article_id}; nothing was written")
            values: dict[str, Any] = {
                "page": write.state.value,
                "page_note": write.note,
                "page_tries": write.tries,
                "page_due_at": write.due_at,
            }
            if write.page is not None:
                upsert(connection, article_page, [_page_values(write, write.page)])
                values |= _revise(connection, row, write, write.page)
            connection.execute(update(article).where(article.c.id == row.id).values(**values))
            if write.page is not None and write.page.facts.canonical is not None:
                unite(connection, write.page.facts.canonical)
            return bool(row.extracted_revision < values.get("revision", row.revision))

    def page(self, article_id: UUID) -> ArticlePage | None:
        """None when the page of this article was never wanted."""
        with self._db.read() as connection:
            row = connection.execute(select(article).where(article.c.id == article_id)).first()
            if row is None or row.page is None:
                return None
            kept = select(article_page).where(article_page.c.article_id == article_id)
            read = connection.execute(kept).first()
        return ArticlePage(
            state=PageState(row.page),
            note=row.page_note,
            tries=row.page_tries,
            due_at=row.page_due_at,
            fetched_at=None if read is None else read.fetched_at,
            page=None if read is None else _to_page(read),
        )


def wanted_pages(now: datetime, limit: int) -> Select[Any]:
    """The statement behind `claim_pages`; its condition is that of a partial index."""
    # Written out, since a database sees that a partial index fits only where it sees the value.
    is_wanted = article.c.page == literal_column(f"'{PageState.WANTED.value}'")
    found = select(article).where(is_wanted, article.c.page_due_at <= now)
    found = found.where(article.c.url.is_not(None)).order_by(article.c.page_due_at, article.c.id)
    return found.limit(max(limit, 0)).with_for_update(skip_locked=True)


def _wanted(connection: Connection, rows: Sequence[Row[Any]]) -> list[WantedPage]:
    ids = [row.id for row in rows]
    teasers, proxies = _teasers(connection, ids), _proxies(connection, ids)
    return [
        WantedPage(
            article_id=row.id,
            url=row.url,
            title=teasers[row.id].title,
            teaser=body_of(teasers[row.id]),
            tries=row.page_tries,
            published=row.published,
            first_seen=row.first_seen,
            proxy=proxies.get(row.id),
        )
        for row in rows
    ]


def newest_teaser(connection: Connection, article_id: UUID) -> Row[Any]:
    """The newest text that a feed gave."""
    return _teasers(connection, [article_id])[article_id]


def _teasers(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    c, found = article_revision.c, {}
    for portion in chunks(ids):
        told = (c.article_id.in_(portion), c.reason != RevisionReason.FULL_TEXT.value)
        newest = select(c.article_id, func.max(c.number).label("number")).where(*told).group_by(c.article_id)
        last = newest.subquery()
        rows = select(article_revision).join(
            last, (last.c.article_id == c.article_id) & (last.c.number == c.number)
        )
        found.update({row.article_id: row for row in connection.execute(rows)})
    return found


def _proxies(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for portion in chunks(ids):
        rows = (
            select(carrier.c.article_id, feed.c.proxy)
            .join(feed, feed.c.id == carrier.c.feed_id)
            .where(carrier.c.article_id.in_(portion), feed.c.full_text, feed.c.proxy.is_not(None))
        )
        found.update({row.article_id: row.proxy for row in connection.execute(rows)})
    return found


def _revise(connection: Connection, row: Row[Any], write: PageWrite, page: PageText) -> dict[str, Any]:
    """Add the revision with the full text, unless that is what the article says already."""
    teaser = newest_teaser(connection, row.id)
    facts = page.facts
    values: dict[str, Any] = {
        "published": row.published or facts.published,
        "author": row.author or facts.author,
        "language": row.language or facts.language,
    }
    fuller = full_revision(teaser, page.text)
    if fuller is None or fuller["content_hash"] == row.content_hash:
        return values
    number = row.revision + 1
    times = {"published": facts.published or row.published, "seen_at": write.at, "known_at": write.at}
    insert_new(connection, article_revision, [fuller | times | {"article_id": row.id, "number": number}])
    return values | {
        "content_hash": fuller["content_hash"],
        "revision": number,
        "known_at": write.at,
        "skipped": None,
    }


def _page_values(write: PageWrite, page: PageText) -> dict[str, Any]:
    facts = {name: getattr(page.facts, name) for name in _FACTS}
    return facts | {"article_id": write.article_id, "fetched_at": write.at, "text": page.text}


def _to_page(row: Row[Any]) -> PageText:
    return PageText(PageFacts(**{name: getattr(row, name) for name in _FACTS}), row.text)
