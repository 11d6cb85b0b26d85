"""Feeds, answers and a store in memory for the tests of the polling stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tocsin.errors import FetchError
from tocsin.model import Feed, FeedSpec, Fetch, KnownArticle, KnownEntries, PollWrite, SeenDocument
from tocsin.polling import ParsedEntry, ParsedFeed
from tocsin.polling._formats import Way
from tocsin.ports import FetchResponse

NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)
FEED_ID = UUID(int=1000)  # jitter 0


def make_feed(number: int = 0, **state) -> Feed:
    """A feed without jitter; spec fields are taken by name."""
    fields = {
        name: state.pop(name) for name in ("publisher", "interval", "language", "title") if name in state
    }
    spec = FeedSpec(url=state.pop("url", "https://news.example/feed"), **fields)
    return Feed(id=UUID(int=1000 * (number + 1)), spec=spec, added_at=NOW - timedelta(days=1), **state)


def make_answer(body: bytes = b"body", status: int = 200, **headers) -> FetchResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return FetchResponse("https://news.example/feed", status, names, body, 12)


def make_entry(key: str = "g1", text: str = "Title\n\nBody", **fields) -> ParsedEntry:
    return ParsedEntry(
        key=key,
        url=fields.pop("url", f"https://news.example/{key}"),
        title="Title",
        text=text,
        content_hash=f"1{text}",
        dates=fields.pop("dates", ("2022-11-08T10:00:00Z",)),
        **fields,
    )


def make_parsed(*entries: ParsedEntry, **fields) -> ParsedFeed:
    return ParsedFeed(kind="rss20", title="News", entries=entries, **fields)


@dataclass
class MemoryStore:
    """The part of `FeedStore` that polling uses, on dictionaries."""

    held: dict[UUID, Feed] = field(default_factory=dict)
    writes: list[PollWrite] = field(default_factory=list)
    carried: dict[tuple[UUID, str], KnownArticle] = field(default_factory=dict)
    by_url: dict[str, KnownArticle] = field(default_factory=dict)
    leases: dict[UUID, datetime] = field(default_factory=dict)
    broken: Exception | None = None

    def add(self, *feeds: Feed) -> MemoryStore:
        self.held |= {feed.id: feed for feed in feeds}
        return self

    def claim_due(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        *,
        everything: bool = False,
        skip: Collection[UUID] = (),
    ) -> list[Feed]:
        due = [
            feed
            for feed in self.held.values()
            if (everything or feed.next_due_at is None or feed.next_due_at <= now)
            and self.leases.get(feed.id, now) <= now
            and not feed.muted_reason
            and feed.id not in skip
        ][:limit]
        self.leases |= {feed.id: now + lease for feed in due}
        return due

    def release_feeds(self, ids: Sequence[UUID]) -> None:
        for feed_id in ids:
            self.leases.pop(feed_id, None)

    def known_articles(
        self, feed_id: UUID, keys: Sequence[str], urls: Sequence[str]
    ) -> tuple[dict[str, KnownArticle], dict[str, KnownArticle]]:
        carried = {key: self.carried[feed_id, key] for key in keys if (feed_id, key) in self.carried}
        return carried, {url: self.by_url[url] for url in urls if url in self.by_url}

    def known_entries(self, documents: Sequence[SeenDocument]) -> list[KnownEntries]:
        return [self._known_entries(document) for document in documents]

    def _known_entries(self, document: SeenDocument) -> KnownEntries:
        keys, urls = zip(*((entry.key, entry.url) for entry in document.entries), strict=True)
        by_key, by_url = self.known_articles(document.feed_id, keys, urls)
        told = {entry.key: (entry.content_hash, entry.tags) for entry in document.entries}
        same = {key for key, known in by_key.items() if (known.content_hash, known.tags) == told[key]}
        return KnownEntries(
            {key: known for key, known in by_key.items() if key not in same}, by_url, frozenset(same)
        )

    def record_polls(self, writes: Sequence[PollWrite]) -> list[list[UUID]]:
        assert len({write.feed.id for write in writes}) == len(writes)
        return [self.record_poll(write) for write in writes]

    def record_poll(self, write: PollWrite) -> list[UUID]:
        if self.broken:
            raise self.broken
        self.writes.append(write)
        self.held[write.feed.id] = write.feed
        self.leases.pop(write.feed.id, None)
        return [self._article(write.feed, draft) for draft in write.articles]

    def _article(self, feed: Feed, draft) -> UUID:
        article_id = draft.article_id or UUID(int=len(self.carried) + 1)
        known = KnownArticle(article_id, draft.key, draft.content_hash, 1, draft.published, draft.tags)
        self.carried[feed.id, draft.key] = known
        if draft.url:
            self.by_url.setdefault(draft.url, known)
        return article_id

    @property
    def log(self) -> list[Fetch]:
        return [write.fetch for write in self.writes]


@dataclass
class FakeParser:
    """Gives what it was told, by body; counts what it was asked."""

    answers: dict[bytes, ParsedFeed | FetchError] = field(default_factory=dict)
    asked: list[tuple[bytes, str, str]] = field(default_factory=list)

    async def parse(self, body: bytes, content_type: str, url: str, way: Way = Way.REFERENCE) -> ParsedFeed:
        self.asked.append((body, content_type, url))
        answer = self.answers[body]
        if isinstance(answer, FetchError):
            raise answer
        return answer


@dataclass
class SteadyClock:
    """Stands where it was put."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def parser() -> FakeParser:
    return FakeParser()


@pytest.fixture
def clock() -> SteadyClock:
    return SteadyClock()


@pytest.fixture
def make():
    """The builders of this file under one name."""

    class Make:
        now = NOW
        feed = staticmethod(make_feed)
        answer = staticmethod(make_answer)
        entry = staticmethod(make_entry)
        parsed = staticmethod(make_parsed)
        changed = staticmethod(replace)

    return Make
