"""Writing articles: one entry is an article, a revision of one, or nothing new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from tocsin.errors import StoreError
from tocsin.model import ArticleDraft, RevisionReason
from tocsin.ports import Ids
from tocsin.store._part import Rows, chunks, insert_new
from tocsin.store._tables_feeds import article, article_revision, carrier
from tocsin.store._types import storable

# A teaser shorter than this many characters says nothing about who copied whom.
_TELLING = 60


@dataclass(frozen=True, slots=True)
class Origin:
    """Where drafts come from and what their articles take over from there.

    `feed_id` is None for `ingest`; keys then identify within `publisher`.
    """

    feed_id: UUID | None
    publisher: str | None = None
    owner: str | None = None
    country: str | None = None
    timezone: str | None = None


@dataclass(slots=True)
class _Known:
    """An article as the database or this very call has it."""

    id: UUID
    revision: int
    content_hash: str


@dataclass(slots=True)
class _Writes:
    """Everything a call adds up to, written by a handful of statements."""

    articles: Rows = field(default_factory=list)
    revisions: Rows = field(default_factory=list)
    carriers: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)
    carried: Rows = field(default_factory=list)
    changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    touched: dict[UUID, None] = field(default_factory=dict)


def text_hash(title: str, text: str) -> str | None:
    """A hash of the body alone: equal for copies of one wire text, whatever headline they got.

    None where the body is too short to tell a copy from a coincidence.
    """
    body = " ".join(text.removeprefix(title).split()).casefold()
    if len(body) < _TELLING:
        return None
    return "1" + hashlib.sha256(storable(body).encode()).hexdigest()


class DraftWriter:
    """Writes the drafts of one poll or one `ingest`, inside the caller's transaction."""

    def __init__(self, connection: Connection, origin: Origin, ids: Ids) -> None:
        self._connection = connection
        self._origin = origin
        self._ids = ids
        self._by_id: dict[UUID, _Known] = {}
        self._by_key: dict[str, _Known] = {}
        self._by_url: dict[str, _Known] = {}
        self._said: dict[str, str] = {}  # key -> hash of what this feed last gave
        self._writes = _Writes()

    def write(self, drafts: Sequence[ArticleDraft]) -> tuple[list[UUID], int]:
        """Articles touched that wait for extraction, and how many are new to this feed.

        Raises:
            StoreError: a draft names an article that is not there.
        """
        self._look_up(drafts)
        for draft in drafts:
            self._take(draft)
        self._flush()
        return self._waiting(), len(self._writes.carriers)

    def _look_up(self, drafts: Sequence[ArticleDraft]) -> None:
        c = article.c
        columns = (c.id, c.revision, c.content_hash)
        for ids in chunks(list({draft.article_id for draft in drafts if draft.article_id})):
            for row in self._connection.execute(select(*columns).where(c.id.in_(ids))):
                self._known(row)
        for urls in chunks(list({storable(draft.url) for draft in drafts if draft.url})):
            for found in self._connection.execute(select(*columns, c.url).where(c.url.in_(urls))):
                self._by_url[found.url] = self._known(found)
        for keys in chunks(list({storable(draft.key) for draft in drafts})):
            self._look_up_keys(keys, columns)

    def _look_up_keys(self, keys: Sequence[str], columns: tuple[Any, ...]) -> None:
        if self._origin.feed_id is None:
            found = select(*columns, article.c.origin_key.label("key")).where(
                article.c.origin == self._origin_name(), article.c.origin_key.in_(keys)
            )
        else:
            found = (
                select(*columns, carrier.c.key, carrier.c.content_hash.label("said"))
                .join(carrier, carrier.c.article_id == article.c.id)
                .where(carrier.c.feed_id == self._origin.feed_id, carrier.c.key.in_(keys))
            )
        for row in self._connection.execute(found):
            self._by_key[row.key] = self._known(row)
            if self._origin.feed_id is not None:
                self._said[row.key] = row.said

    def _known(self, row: Any) -> _Known:
        return self._by_id.setdefault(row.id, _Known(row.id, row.revision, row.content_hash))

    def _origin_name(self) -> str:
        return self._origin.publisher or ""

    def _take(self, draft: ArticleDraft) -> None:
        key = storable(draft.key)
        known = self._find(draft, key)
        if known is None:
            known = self._create(draft, key)
        elif self._is_edit(draft, key, known):
            self._revise(draft, known)
        self._carry(known, key, draft.content_hash)
        self._by_key[key] = known
        if draft.url:
            self._by_url.setdefault(storable(draft.url), known)
        self._writes.touched[known.id] = None

    def _is_edit(self, draft: ArticleDraft, key: str, known: _Known) -> bool:
        """Whether what said it before says something else now; another feed's cut of the text is no edit."""
        if key not in self._by_key and draft.reason is not RevisionReason.EDITED:
            return False
        return draft.content_hash not in (known.content_hash, self._said.get(key))

    def _find(self, draft: ArticleDraft, key: str) -> _Known | None:
        if draft.article_id is not None:
            if draft.article_id not in self._by_id:
                raise StoreError(f"there is no article {draft.article_id} to revise; nothing was written")
            return self._by_id[draft.article_id]
        return self._by_key.get(key) or (self._by_url.get(storable(draft.url)) if draft.url else None)

    def _create(self, draft: ArticleDraft, key: str) -> _Known:
        known = _Known(self._ids.new(), 1, draft.content_hash)
        self._by_id[known.id] = known
        ingested = self._origin.feed_id is None
        self._writes.articles.append(
            {
                "id": known.id,
                "url": draft.url or None,
                "origin": self._origin_name() if ingested else None,
                "origin_key": key if ingested else None,
                "content_hash": draft.content_hash,
                "revision": 1,
                "extracted_revision": 0,
                "linked_revision": 0,
                "published": draft.published,
                "date_refused": draft.date_refused,
                "first_seen": draft.seen_at,
                "known_at": draft.known_at,
                "publisher": draft.publisher or self._origin.publisher,
                "owner": draft.owner or self._origin.owner,
                "country": self._origin.country,
                "timezone": self._origin.timezone,
                "language": draft.language,
                "author": draft.author,
                "backfilled": draft.backfilled,
                "skipped": None,
            }
        )
        self._add_revision(draft, known)
        return known

    def _revise(self, draft: ArticleDraft, known: _Known) -> None:
        known.revision += 1
        known.content_hash = draft.content_hash
        self._writes.changes[known.id] = {
            "b_id": known.id,
            "b_hash": draft.content_hash,
            "b_revision": known.revision,
            "b_published": draft.published,
            "b_refused": draft.date_refused,
            "b_known_at": draft.known_at,
            "b_language": draft.language,
            "b_author": draft.author,
        }
        self._add_revision(draft, known)

    def _add_revision(self, draft: ArticleDraft, known: _Known) -> None:
        self._writes.revisions.append(
            {
                "article_id": known.id,
                "number": known.revision,
                "title": draft.title,
                "text": draft.text,
                "html": draft.html,
                "content_hash": draft.content_hash,
                "text_hash": text_hash(draft.title, draft.text),
                "published": draft.published,
                "seen_at": draft.seen_at,
                "known_at": draft.known_at,
                "reason": draft.reason.value,
                "pruned": False,
            }
        )

    def _carry(self, known: _Known, key: str, content_hash: str) -> None:
        feed_id = self._origin.feed_id
        if feed_id is None:
            return
        before = self._said.get(key)
        self._said[key] = content_hash
        new = self._writes.carriers.get((feed_id, key))
        if new is not None:
            new["content_hash"] = content_hash
        elif before is None:
            self._writes.carriers[feed_id, key] = {
                "feed_id": feed_id,
                "key": key,
                "article_id": known.id,
                "content_hash": content_hash,
            }
        elif before != content_hash:
            self._writes.carried.append({"b_feed": feed_id, "b_key": key, "b_hash": content_hash})

    def _flush(self) -> None:
        writes, run = self._writes, self._connection.execute
        insert_new(self._connection, article, writes.articles)
        if writes.changes:
            run(_CHANGE_ARTICLE, list(writes.changes.values()))
        insert_new(self._connection, article_revision, writes.revisions)
        insert_new(self._connection, carrier, list(writes.carriers.values()))
        if writes.carried:
            run(_CHANGE_CARRIER, writes.carried)

    def _waiting(self) -> list[UUID]:
        found: set[UUID] = set()
        for portion in chunks(list(self._writes.touched)):
            unread = select(article.c.id).where(
                article.c.id.in_(portion), article.c.extracted_revision < article.c.revision
            )
            found.update(self._connection.scalars(unread))
        return [article_id for article_id in self._writes.touched if article_id in found]


_CHANGE_ARTICLE = (
    update(article)
    .where(article.c.id == bindparam("b_id"))
    .values(
        content_hash=bindparam("b_hash"),
        revision=bindparam("b_revision"),
        published=func.coalesce(
            bindparam("b_published", type_=article.c.published.type), article.c.published
        ),
        date_refused=bindparam("b_refused"),
        known_at=bindparam("b_known_at"),
        language=func.coalesce(bindparam("b_language", type_=article.c.language.type), article.c.language),
        author=func.coalesce(bindparam("b_author", type_=article.c.author.type), article.c.author),
        skipped=None,
    )
)
_CHANGE_CARRIER = (
    update(carrier)
    .where(carrier.c.feed_id == bindparam("b_feed"), carrier.c.key == bindparam("b_key"))
    .values(content_hash=bindparam("b_hash"))
)
