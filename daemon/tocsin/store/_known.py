"""What is stored of the entries of a document, so that a poll can be decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from tocsin.model import KnownArticle, KnownEntries, SeenDocument
from tocsin.store._bulk import NEWS, any_of, seen
from tocsin.store._tables_feeds import article, carrier
from tocsin.store._types import storable

_WANTED = (article.c.id, article.c.url, article.c.content_hash, article.c.revision, article.c.published)


def known_entries(connection: Connection, documents: Sequence[SeenDocument]) -> list[KnownEntries]:
    """Three statements for any number of documents; entries that are the same as ever cost no row."""
    told = {
        document.feed_id: [
            (storable(entry.key), entry.content_hash, entry.tags) for entry in document.entries
        ]
        for document in documents
    }
    news: dict[UUID, dict[str, Any]] = {feed_id: {} for feed_id in told}
    for row in connection.execute(NEWS, seen(told)):
        news[row.feed_id][row.key] = row
    by_id = _articles_by_id(connection, (row.article_id for rows in news.values() for row in rows.values()))
    unknown = {
        entry.url
        for document in documents
        for entry in document.entries
        if entry.url and _is_unknown(news[document.feed_id].get(storable(entry.key)))
    }
    by_url = known_by_url(connection, unknown)
    return [_of_document(document, news[document.feed_id], by_id, by_url) for document in documents]


def _is_unknown(row: Any) -> bool:
    return row is not None and row.article_id is None


def _of_document(
    document: SeenDocument, news: dict[str, Any], by_id: dict[UUID, Any], by_url: dict[str, KnownArticle]
) -> KnownEntries:
    same: set[str] = set()
    by_key: dict[str, KnownArticle] = {}
    for entry in document.entries:
        row = news.get(storable(entry.key))
        if row is None:
            same.add(entry.key)
        elif row.article_id is not None:
            found = by_id[row.article_id]
            by_key[entry.key] = KnownArticle(
                found.id, entry.key, row.content_hash, found.revision, found.published, row.tags
            )
    urls = {entry.url for entry in document.entries if entry.url in by_url and entry.key not in same}
    return KnownEntries(by_key, {url: by_url[url] for url in urls if url}, frozenset(same))


def _articles_by_id(connection: Connection, ids: Iterable[UUID | None]) -> dict[UUID, Any]:
    wanted = {found for found in ids if found is not None}
    if not wanted:
        return {}
    return {row.id: row for row in connection.execute(select(*_WANTED).where(any_of(article.c.id, wanted)))}


def known_by_key(connection: Connection, feed_id: UUID, keys: Sequence[str]) -> dict[str, KnownArticle]:
    """Articles one feed carries."""
    found = (
        select(carrier.c.key, carrier.c.content_hash, article.c.id, article.c.revision, article.c.published)
        .join(article, article.c.id == carrier.c.article_id)
        .where(carrier.c.feed_id == feed_id, any_of(carrier.c.key, keys))
    )
    return {
        row.key: KnownArticle(row.id, row.key, row.content_hash, row.revision, row.published)
        for row in connection.execute(found)
    }


def known_by_url(connection: Connection, urls: Iterable[str]) -> dict[str, KnownArticle]:
    """Articles of any feed."""
    wanted = {storable(url): url for url in urls}
    if not wanted:
        return {}
    rows = connection.execute(select(*_WANTED).where(any_of(article.c.url, wanted)))
    return {
        wanted[row.url]: KnownArticle(row.id, row.url, row.content_hash, row.revision, row.published)
        for row in rows
    }
