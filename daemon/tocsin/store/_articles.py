"""`ArticleStore`: articles, their revisions, and what extraction read in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, or_, select, update

from tocsin.errors import StoreError
from tocsin.model import (
    Article,
    ArticleDraft,
    ArticleQuery,
    ArticleRevision,
    LinkedMention,
    Mention,
    mention_to_json,
)
from tocsin.store._convert_events import MENTIONS, to_linked_mention
from tocsin.store._convert_feeds import to_article, to_revision
from tocsin.store._drafts import DraftWriter, Origin
from tocsin.store._part import Part, chunks, insert_new, page
from tocsin.store._search import revisions_matching
from tocsin.store._spans import span_rows
from tocsin.store._tables_feeds import article, article_revision, carrier, feed
from tocsin.store._tables_timeline import mention, span

_NEWEST = and_(article_revision.c.article_id == article.c.id, article_revision.c.number == article.c.revision)
_OTHER = article.alias("other")


class Articles(Part):
    """Articles, their revisions and mentions."""

    def add_articles(
        self, drafts: Sequence[ArticleDraft], *, publisher: str | None, timezone: str | None = None
    ) -> list[UUID]:
        """Articles that came by `ingest`, without a feed; the same url or key gives a revision or nothing.

        Keys identify within one publisher. One transaction; returns ids that wait for extraction.
        """
        if not drafts:
            return []
        with self._db.write() as connection:
            origin = Origin(feed_id=None, publisher=publisher, timezone=timezone)
            return DraftWriter(connection, self._ids).write([(origin, drafts)])[0].waiting

    def article(self, article_id: UUID) -> Article | None:
        """One article at its newest revision."""
        found = self._read_articles(_articles().where(article.c.id == article_id))
        return found[0] if found else None

    def articles(self, query: ArticleQuery) -> list[Article]:
        """Newest first."""
        return self._read_articles(article_list(query))

    def _read_articles(self, found: Select[Any]) -> list[Article]:
        with self._db.read() as connection:
            rows = connection.execute(found).all()
            feeds = _carriers(connection, [row.id for row in rows])
        return [to_article(row, feeds.get(row.id, ())) for row in rows]

    def article_revisions(self, article_id: UUID) -> list[ArticleRevision]:
        """All texts it has had, oldest first."""
        c = article_revision.c
        found = select(article_revision).where(c.article_id == article_id).order_by(c.number)
        with self._db.read() as connection:
            return [to_revision(row) for row in connection.execute(found)]

    def waiting_for_extraction(self, limit: int) -> list[UUID]:
        """Articles whose newest revision was not extracted, oldest first."""
        with self._db.read() as connection:
            return list(connection.scalars(unread_articles(limit)))

    def waiting_for_linking(self, limit: int) -> list[UUID]:
        """Articles with mentions (or withdrawn ones) not yet linked, oldest knowledge first."""
        with self._db.read() as connection:
            return list(connection.scalars(unlinked_articles(limit)))

    def write_mentions(
        self, article_id: UUID, revision: int, mentions: Sequence[Mention], *, skipped: str | None = None
    ) -> None:
        """Mentions of one revision, once; mentions of earlier revisions become inactive.

        A revision that was extracted before, or that a newer extracted one replaced, is left alone.

        Raises:
            StoreError: the article has no such revision.
        """
        with self._db.write() as connection:
            row = connection.execute(select(article).where(article.c.id == article_id)).first()
            if row is None or not 1 <= revision <= row.revision:
                raise StoreError(
                    f"there is no revision {revision} of article {article_id}; nothing was written"
                )
            if revision <= row.extracted_revision:
                return
            had_some = _replace_mentions(connection, article_id)
            self._insert_mentions(connection, article_id, revision, mentions)
            values: dict[str, Any] = {"extracted_revision": revision, "skipped": skipped}
            if not mentions and not had_some and row.linked_revision == row.extracted_revision:
                values["linked_revision"] = revision  # nothing to link, nothing to take back
            connection.execute(update(article).where(article.c.id == article_id).values(**values))

    def _insert_mentions(
        self, connection: Connection, article_id: UUID, revision: int, mentions: Sequence[Mention]
    ) -> None:
        rows, spans = [], []
        for ordinal, found in enumerate(mentions):
            mention_id = self._ids.new()
            rows.append(_mention_row(mention_id, article_id, revision, ordinal, found))
            spans += span_rows(mention_id, found)
        insert_new(connection, mention, rows)
        insert_new(connection, span, spans)

    def article_mentions(self, article_id: UUID, *, active_only: bool = True) -> list[LinkedMention]:
        """Mentions of the newest revision in text order; with active_only=False of all revisions."""
        found = MENTIONS.where(mention.c.article_id == article_id)
        if active_only:
            found = found.where(mention.c.active)
        found = found.order_by(mention.c.revision, mention.c.ordinal)
        with self._db.read() as connection:
            return [to_linked_mention(row) for row in connection.execute(found)]


def _articles() -> Select[Any]:
    return select(article, article_revision.c.title, article_revision.c.text).join(article_revision, _NEWEST)


def article_list(query: ArticleQuery) -> Select[Any]:
    """The statement behind `articles`."""
    found = _articles().where(article.c.same_as.is_(None))
    if query.feed:
        found = found.where(from_feed(query.feed))
    if query.text:
        told = article_revision.c.id.in_(revisions_matching(query.text))
        found = found.where(or_(told, article.c.id.in_(_standing_for(_text_matches(query.text)))))
    limit, offset = page(query.limit, query.offset)
    return found.order_by(article.c.known_at.desc(), article.c.id.desc()).limit(limit).offset(offset)


def _standing_for(condition: ColumnElement[bool]) -> Select[Any]:
    """Articles that stand for those others, in `_OTHER`, of which this is true."""
    return select(_OTHER.c.same_as).where(_OTHER.c.same_as.is_not(None), condition)


def _text_matches(text: str) -> ColumnElement[bool]:
    c = article_revision.alias().c
    newest = select(c.id).where(c.article_id == _OTHER.c.id, c.number == _OTHER.c.revision)
    return newest.where(c.id.in_(revisions_matching(text))).exists()


def from_feed(named: str) -> ColumnElement[bool]:
    """Articles of a feed by its address, title or publisher, or of a publisher that came by `ingest`."""
    return or_(_is_from(article, named), article.c.id.in_(_standing_for(_is_from(_OTHER, named))))


def _is_from(some: FromClause, named: str) -> ColumnElement[bool]:
    name = named.lower()
    feeds = select(feed.c.id).where(
        or_(
            feed.c.url == named,
            func.lower(feed.c.title) == name,
            func.lower(feed.c.publisher) == name,
            feed.c.title == named,
            feed.c.publisher == named,
        )
    )
    carried = select(carrier.c.article_id).where(carrier.c.feed_id.in_(feeds))
    return or_(some.c.id.in_(carried), some.c.publisher == named, func.lower(some.c.publisher) == name)


def unread_articles(limit: int) -> Select[Any]:
    """The statement behind `waiting_for_extraction`; its condition is that of a partial index."""
    waiting = select(article.c.id).where(article.c.extracted_revision < article.c.revision)
    return waiting.order_by(article.c.known_at, article.c.id).limit(max(limit, 0))


def unlinked_articles(limit: int) -> Select[Any]:
    """The statement behind `waiting_for_linking`; its condition is that of a partial index."""
    waiting = select(article.c.id).where(article.c.linked_revision < article.c.extracted_revision)
    return waiting.order_by(article.c.known_at, article.c.id).limit(max(limit, 0))


def _carriers(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Feeds by article; an article that stands for others has theirs, too."""
    feeds: defaultdict[UUID, set[UUID]] = defaultdict(set)
    c = carrier.c
    for portion in chunks(ids):
        own = select(c.article_id, c.feed_id).where(c.article_id.in_(portion))
        others = select(_OTHER.c.same_as, c.feed_id).join(carrier, c.article_id == _OTHER.c.id)
        for article_id, feed_id in connection.execute(own.union(others.where(_OTHER.c.same_as.in_(portion)))):
            feeds[article_id].add(feed_id)
    return {article_id: tuple(sorted(found)) for article_id, found in feeds.items()}


def _replace_mentions(connection: Connection, article_id: UUID) -> bool:
    """Mentions of earlier revisions become inactive; True when there were any to take back."""
    replaced = update(mention).where(mention.c.article_id == article_id, mention.c.active)
    return bool(connection.execute(replaced.values(active=False)).rowcount)


def _mention_row(
    mention_id: UUID, article_id: UUID, revision: int, ordinal: int, found: Mention
) -> dict[str, Any]:
    return {
        "id": mention_id,
        "article_id": article_id,
        "revision": revision,
        "ordinal": ordinal,
        "type": found.type,
        "status": found.status.value,
        "when_start": None if found.when is None else found.when.start,
        "when_end": None if found.when is None else found.when.end,
        "confidence": found.confidence,
        "event_id": None,
        "link_reason": None,
        "active": True,
        "body": mention_to_json(found),
    }
