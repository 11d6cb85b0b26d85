"""Articles that are one: their pages name one canonical address.

Nothing is moved. The article that has the address, or else the one known first, stands for all; each other one
keeps its texts, mentions and carriers and points to it with `same_as`. So spans stay valid, both texts stay
readable, and only what counts articles and voices follows the pointer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update

from tocsin.store._bulk import any_of
from tocsin.store._tables_feeds import article, article_page, carrier

_COLUMNS = (article.c.id, article.c.url, article.c.first_seen, article.c.same_as)


def unite_new(connection: Connection, urls: Iterable[str]) -> None:
    """New articles have come at these addresses: pages read earlier may have named them."""
    wanted = set(urls)
    if wanted:
        for canonical in sorted(connection.scalars(named_addresses(wanted))):
            unite(connection, canonical)


def named_addresses(urls: Iterable[str]) -> Select[Any]:
    """Those of them that the page of some article names."""
    return select(article_page.c.canonical).where(any_of(article_page.c.canonical, urls)).distinct()


def unite(connection: Connection, canonical: str) -> None:
    """Point articles at this address, or whose page names it, to the one that stands for them.

    One feed does not carry an article twice: two entries of a feed whose pages name one address have a page
    template that is wrong, and stay apart. The same call again changes nothing.
    """
    rows = _members(connection, canonical)
    if len(rows) < 2:
        return
    first = min(rows, key=lambda row: (row.url != canonical, row.first_seen, row.id))
    head = first.same_as or first.id
    feeds = _feeds(connection, {head, *(row.id for row in rows)})
    carrying = feeds[head].union(*(feeds[row.id] for row in rows if (row.same_as or row.id) == head))
    for row in sorted(rows, key=lambda row: (row.first_seen, row.id)):
        if (row.same_as or row.id) == head or (row.same_as is None and feeds[row.id] & carrying):
            continue
        carrying |= feeds[row.id]
        _point(connection, row.id, head)


def _members(connection: Connection, canonical: str) -> list[Row[Any]]:
    named = select(article_page.c.article_id).where(article_page.c.canonical == canonical)
    at_it = select(*_COLUMNS).where(article.c.url == canonical)
    found = at_it.union(select(*_COLUMNS).where(article.c.id.in_(named)))
    return list(connection.execute(found))


def _feeds(connection: Connection, articles: set[UUID]) -> defaultdict[UUID, set[UUID]]:
    feeds: defaultdict[UUID, set[UUID]] = defaultdict(set)
    found = select(carrier.c.article_id, carrier.c.feed_id).where(any_of(carrier.c.article_id, articles))
    for row in connection.execute(found):
        feeds[row.article_id].add(row.feed_id)
    return feeds


def _point(connection: Connection, member: UUID, head: UUID) -> None:
    """The member and all that pointed to it; each is linked again, so that its events are counted again."""
    c = article.c
    followers = update(article).where((c.id == member) | (c.same_as == member))
    connection.execute(followers.values(same_as=head, linked_revision=0))
