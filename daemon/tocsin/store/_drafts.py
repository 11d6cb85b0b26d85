"""Writing articles: one entry is an article, a revision of one, or nothing new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from tocsin.errors import StoreError
from tocsin.model import ArticleDraft, PageState, RevisionReason
from tocsin.ports import Ids
from tocsin.store._bulk import CARRIED, any_of, seen
from tocsin.store._convert_feeds import tag_values
from tocsin.store._part import Rows, insert_new
from tocsin.store._same import unite_new
from tocsin.store._tables_feeds import article, article_page, article_revision, carrier
from tocsin.store._texts import full_revision, text_hash
from tocsin.store._types import storable


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
    full_text: bool = False  # the feed gives teasers: pages are wanted


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the drafts of one origin."""

    waiting: list[UUID]  # articles touched that wait for extraction
    carried: int  # entries new to this feed


# A page is not fetched again sooner after an edit of its teaser.
_PAGE_REST = timedelta(hours=1)


@dataclass(slots=True)
class _Known:
    """An article as the database or this very call has it."""

    id: UUID
    revision: int
    content_hash: str
    page: str | None = None


@dataclass(slots=True)
class _Writes:
    """Everything a call adds up to, written by a handful of statements."""

    articles: Rows = field(default_factory=list)
    revisions: Rows = field(default_factory=list)
    carriers: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)
    carried: Rows = field(default_factory=list)
    changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    wanted: dict[UUID, datetime] = field(default_factory=dict)  # pages, and when they are due


class DraftWriter:
    """Writes the drafts of some polls or of one `ingest`, inside the caller's transaction."""

    def __init__(self, connection: Connection, ids: Ids) -> None:
        self._connection = connection
        self._origin = Origin(feed_id=None)  # of the drafts at hand; so are the four below
        self._by_key: dict[str, _Known] = {}
        self._said: dict[str, str] = {}  # key -> hash of what this feed last gave
        self._cuts: set[str] = set()  # keys under which it gave its own cut of what another feed brought
        self._touched: dict[UUID, None] = {}
        self._ids = ids
        self._by_id: dict[UUID, _Known] = {}
        self._by_url: dict[str, _Known] = {}
        self._writes = _Writes()

    def write(self, batches: Sequence[tuple[Origin, Sequence[ArticleDraft]]]) -> list[Written]:
        """What came of each batch, as if they had been written one after the other; each origin once.

        Raises:
            StoreError: a draft names an article that is not there.
        """
        self._look_up([draft for _, drafts in batches for draft in drafts])
        carried = self._carried(batches)
        touched: list[dict[UUID, None]] = []
        new: list[int] = []
        for origin, drafts in batches:
            before = len(self._writes.carriers)
            self._begin(origin, drafts, carried)
            for draft in drafts:
                self._take(draft)
            touched.append(self._touched)
            new.append(len(self._writes.carriers) - before)
        self._flush()
        waiting = self._waiting({row for rows in touched for row in rows})
        return [
            Written([row for row in rows if row in waiting], count)
            for rows, count in zip(touched, new, strict=True)
        ]

    def _look_up(self, drafts: Sequence[ArticleDraft]) -> None:
        run, columns = self._connection.execute, _COLUMNS
        ids = {draft.article_id for draft in drafts if draft.article_id}
        if ids:
            for row in run(select(*columns).where(any_of(article.c.id, ids))):
                self._known(row)
        urls = {draft.url for draft in drafts if draft.url}
        if urls:
            for found in run(select(*columns, article.c.url).where(any_of(article.c.url, urls))):
                self._by_url[found.url] = self._known(found)

    def _carried(self, batches: Sequence[tuple[Origin, Sequence[ArticleDraft]]]) -> dict[UUID, list[Any]]:
        """Rows of `CARRIED` by feed."""
        keys = {
            origin.feed_id: [storable(draft.key) for draft in drafts]
            for origin, drafts in batches
            if origin.feed_id is not None and drafts
        }
        found: dict[UUID, list[Any]] = {}
        for row in self._connection.execute(CARRIED, seen(keys)) if keys else ():
            found.setdefault(row.feed_id, []).append(row)
        return found

    def _begin(self, origin: Origin, drafts: Sequence[ArticleDraft], carried: dict[UUID, list[Any]]) -> None:
        self._origin, self._touched = origin, {}
        if origin.feed_id is None:
            self._by_key, self._said = self._ingested({draft.key for draft in drafts}), {}
            self._cuts = set()
            return
        rows = carried.get(origin.feed_id, ())
        self._by_key = {row.key: self._known(row) for row in rows}
        self._said = {row.key: row.said for row in rows}
        self._cuts = {row.key for row in rows if not row.speaks}

    def _ingested(self, keys: set[str]) -> dict[str, _Known]:
        key = article.c.origin_key
        found = select(*_COLUMNS, key).where(article.c.origin == self._origin_name(), any_of(key, keys))
        return {row.origin_key: self._known(row) for row in self._connection.execute(found)}

    def _known(self, row: Any) -> _Known:
        return self._by_id.setdefault(row.id, _Known(row.id, row.revision, row.content_hash, row.page))

    def _origin_name(self) -> str:
        return self._origin.publisher or ""

    def _take(self, draft: ArticleDraft) -> None:
        key = storable(draft.key)
        known = self._find(draft, key)
        if known is None:
            known = self._create(draft, key)
        elif self._is_edit(draft, key, known):
            self._revise(draft, known)
        elif self._origin.full_text and draft.url and known.page is None:
            self._want(known, draft.seen_at)
        self._carry(known, key, draft)
        self._by_key[key] = known
        if draft.url:
            self._by_url.setdefault(storable(draft.url), known)
        self._touched[known.id] = None

    def _is_edit(self, draft: ArticleDraft, key: str, known: _Known) -> bool:
        """Whether what said it before says something else now; another feed's cut of the text is no edit.

        Nor is an edit of such a cut: it would put a teaser in the place of the text that another feed gave.
        """
        if key in self._cuts or (key not in self._by_key and draft.reason is not RevisionReason.EDITED):
            return False
        return draft.content_hash not in (known.content_hash, self._said.get(key))

    def _find(self, draft: ArticleDraft, key: str) -> _Known | None:
        if draft.article_id is not None:
            if draft.article_id not in self._by_id:
                raise StoreError(f"there is no article {draft.article_id} to revise; nothing was written")
            return self._by_id[draft.article_id]
        return self._by_key.get(key) or (self._by_url.get(storable(draft.url)) if draft.url else None)

    def _create(self, draft: ArticleDraft, key: str) -> _Known:
        wants = self._origin.full_text and bool(draft.url)
        page = PageState.WANTED.value if wants else None
        known = _Known(self._ids.new(), 1, draft.content_hash, page)
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
                "page": page,
                "page_due_at": draft.seen_at if wants else None,
            }
            | tag_values(draft)
        )
        self._add_revision(draft, known)
        return known

    def _revise(self, draft: ArticleDraft, known: _Known) -> None:
        """Add what the feed says now and, where the page was read, the full text under the new headline."""
        known.revision += 1
        known.content_hash = draft.content_hash
        self._add_revision(draft, known)
        if known.page is not None or self._origin.full_text:
            self._revise_full_text(draft, known)
        self._writes.changes[known.id] = {
            "b_id": known.id,
            "b_hash": known.content_hash,
            "b_revision": known.revision,
            "b_published": draft.published,
            "b_refused": draft.date_refused,
            "b_known_at": draft.known_at,
            "b_language": draft.language,
            "b_author": draft.author,
        } | {f"b_{name}": value for name, value in tag_values(draft).items()}

    def _revise_full_text(self, draft: ArticleDraft, known: _Known) -> None:
        """An edit of the teaser must not take back what only the page says; the page is asked again."""
        c = article_page.c
        found = select(c.text, c.fetched_at, c.published).where(c.article_id == known.id)
        read = self._connection.execute(found).first()
        if self._origin.full_text:
            rested = draft.seen_at if read is None else read.fetched_at + _PAGE_REST
            self._want(known, max(draft.seen_at, rested))
        if read is None:
            return
        fuller = full_revision(draft, read.text)
        if fuller is not None:
            known.revision += 1
            known.content_hash = fuller["content_hash"]
            stated = {"published": read.published or draft.published}
            self._writes.revisions.append(self._revision_row(draft, known) | fuller | stated)

    def _want(self, known: _Known, due: datetime) -> None:
        known.page = PageState.WANTED.value
        self._writes.wanted[known.id] = due

    def _add_revision(self, draft: ArticleDraft, known: _Known) -> None:
        self._writes.revisions.append(self._revision_row(draft, known))

    def _revision_row(self, draft: ArticleDraft, known: _Known) -> dict[str, Any]:
        return {
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

    def _carry(self, known: _Known, key: str, draft: ArticleDraft) -> None:
        feed_id = self._origin.feed_id
        if feed_id is None:
            return
        before, content_hash = self._said.get(key), draft.content_hash
        self._said[key] = content_hash
        new = self._writes.carriers.get((feed_id, key))
        if new is not None:
            new |= {"content_hash": content_hash, "tags": draft.tags}
        elif before is None:
            self._writes.carriers[feed_id, key] = {
                "feed_id": feed_id,
                "key": key,
                "article_id": known.id,
                "content_hash": content_hash,
                "tags": draft.tags,
            }
        elif before != content_hash:
            told = {"b_hash": content_hash, "b_tags": draft.tags}
            self._writes.carried.append({"b_feed": feed_id, "b_key": key} | told)

    def _flush(self) -> None:
        writes, run = self._writes, self._connection.execute
        insert_new(self._connection, article, writes.articles)
        if writes.changes:
            run(_CHANGE_ARTICLE, list(writes.changes.values()))
        if writes.wanted:
            run(_WANT_PAGE, [{"b_id": row, "b_due": due} for row, due in writes.wanted.items()])
        insert_new(self._connection, article_revision, writes.revisions)
        insert_new(self._connection, carrier, list(writes.carriers.values()))
        if writes.carried:
            run(_CHANGE_CARRIER, writes.carried)
        unite_new(self._connection, (row["url"] for row in writes.articles if row["url"]))

    def _waiting(self, rows: set[UUID]) -> set[UUID]:
        unread = select(article.c.id).where(
            any_of(article.c.id, rows), article.c.extracted_revision < article.c.revision
        )
        return set(self._connection.scalars(unread)) if rows else set()


_COLUMNS = (article.c.id, article.c.revision, article.c.content_hash, article.c.page)
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
        media=bindparam("b_media", type_=article.c.media.type),
        geo=bindparam("b_geo", type_=article.c.geo.type),
        skipped=None,
    )
)
_CHANGE_CARRIER = (
    update(carrier)
    .where(carrier.c.feed_id == bindparam("b_feed"), carrier.c.key == bindparam("b_key"))
    .values(content_hash=bindparam("b_hash"), tags=bindparam("b_tags"))
)
_WANT_PAGE = (
    update(article)
    .where(article.c.id == bindparam("b_id"))
    .values(page=PageState.WANTED.value, page_note=None, page_tries=0, page_due_at=bindparam("b_due"))
)
