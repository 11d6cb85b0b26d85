"""Polls that are ready together are written together, as if they had come one after the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from tocsin.errors import StoreBusyError, StoreError
from tocsin.model import FeedSpec, FetchOutcome
from tocsin.polling import ParsedEntry, ParsedFeed
from tocsin.polling._ledger import Answered, Ledger, Settled
from tocsin.ports import FetchResponse
from tocsin.settings import PollingSettings
from tocsin.store import open_store

SETTINGS = PollingSettings()


@pytest.fixture
def store(clock):
    opened = open_store("sqlite://", clock=clock)
    yield opened
    opened.close()


class Counting:
    """The store, its calls counted, some of them refused."""

    def __init__(self, store, refuse=()):
        self.store, self.refuse, self.batches = store, dict(refuse), []

    def known_entries(self, documents):
        return self.store.known_entries(documents)

    def record_polls(self, writes):
        self.batches.append([write.feed.spec.url for write in writes])
        for write in writes:
            if write.feed.spec.url in self.refuse:
                raise self.refuse[write.feed.spec.url]
        return self.store.record_polls(writes)


def add(store, now, count):
    store.add_feeds([FeedSpec(f"https://h{number}.example/feed") for number in range(count)], now)
    return sorted(store.feeds(), key=lambda feed: feed.spec.url)


def answered(feed, now, *entries, status=200):
    answer = FetchResponse(feed.spec.url, status, {}, repr(entries).encode(), 5)
    return Answered(feed, answer, ParsedFeed("rss20", entries=entries) if status == 200 else None, now)


def entry(key, url=None, text="text"):
    return ParsedEntry(key, url, "Title", f"Title\n\n{text}", f"1{text}")


def outcome(store, feed):
    return store.fetches(feed.id)[0].outcome


def test_a_batch_is_one_transaction(store, clock):
    """Each feed gets its poll, its state and its articles."""
    feeds = add(store, clock.now(), 5)
    counting = Counting(store)
    polls = [answered(feed, clock.now(), entry("1"), entry("2")) for feed in feeds[:4]]
    polls.append(answered(feeds[4], clock.now(), status=304))
    settled = Ledger(counting, SETTINGS).settle_all(polls)
    assert len(counting.batches) == 1
    assert [len(one.waiting) for one in settled] == [2, 2, 2, 2, 0]
    assert [store.feed(feed.id).articles for feed in feeds] == [2, 2, 2, 2, 0]
    assert [outcome(store, feed) for feed in feeds[3:]] == [FetchOutcome.CHANGED, FetchOutcome.NOT_MODIFIED]


def test_one_article_in_two_feeds_of_a_batch_is_new_in_the_first_only(store, clock):
    """The second feed is decided when it can see what the first one wrote."""
    feeds = add(store, clock.now(), 3)
    shared = entry("a", "https://news.example/a")
    polls = [answered(feed, clock.now(), shared) for feed in feeds[:2]]
    polls.append(answered(feeds[2], clock.now(), entry("b", "https://news.example/b")))
    counting = Counting(store)
    settled = Ledger(counting, SETTINGS).settle_all(polls)
    assert [one.write.fetch.new for one in settled] == [1, 0, 1]
    assert [len(batch) for batch in counting.batches] == [2, 1]
    article = store.article(settled[0].waiting[0])
    assert set(article.feed_ids) == {feeds[0].id, feeds[1].id}
    assert article.revision == 1


def test_two_documents_of_one_feed_are_written_in_order(store, clock):
    """The later one is an edit of the earlier one."""
    [feed] = add(store, clock.now(), 1)
    first = answered(feed, clock.now(), entry("1", text="old"))
    second = replace(answered(feed, clock.now(), entry("1", text="new")), now=clock.now().replace(second=7))
    settled = Ledger(store, SETTINGS).settle_all([first, second])
    assert [(one.write.fetch.new, one.write.fetch.changed) for one in settled] == [(1, 0), (0, 1)]
    assert [revision.text[-3:] for revision in store.article_revisions(settled[0].waiting[0])] == [
        "old",
        "new",
    ]


def test_entries_that_say_the_same_write_nothing(store, clock):
    """One edited entry among many is one draft."""
    [feed] = add(store, clock.now(), 1)
    before = [entry(str(number)) for number in range(50)]
    Ledger(store, SETTINGS).settle_all([answered(feed, clock.now(), *before)])
    after = [*before[:-1], entry("49", text="edited")]
    again = replace(answered(feed, clock.now(), *after), now=clock.now().replace(second=9))
    [settled] = Ledger(store, SETTINGS).settle_all([again])
    assert [draft.key for draft in settled.write.articles] == ["49"]
    assert settled.write.fetch.changed == 1


def test_a_poll_that_cannot_be_written_does_not_take_others_with_it(store, clock):
    """A feed that is gone fails by itself; the rest of its batch is written."""
    feeds = add(store, clock.now(), 3)
    gone = replace(feeds[1], id=UUID(int=7))
    polls = [answered(feed, clock.now(), entry("1")) for feed in (feeds[0], gone, feeds[2])]
    settled = Ledger(store, SETTINGS).settle_all(polls)
    assert [type(one) for one in settled] == [Settled, StoreError, Settled]
    assert "nothing was written" in str(settled[1])
    assert [store.feed(feed.id).articles for feed in feeds] == [1, 0, 1]


def test_a_locked_database_is_not_tried_once_for_each_poll(store, clock):
    """Each try would wait for the whole timeout."""
    feeds = add(store, clock.now(), 3)
    counting = Counting(store, {feeds[0].spec.url: StoreBusyError("locked")})
    polls = [answered(feed, clock.now(), entry("1")) for feed in feeds]
    assert all(isinstance(one, StoreBusyError) for one in Ledger(counting, SETTINGS).settle_all(polls))
    assert len(counting.batches) == 1


async def test_polls_that_end_together_share_a_transaction(store, clock):
    """Those under way are waited for a moment; each caller gets its own result."""
    feeds = add(store, clock.now(), 20)
    counting = Counting(store)
    ledger = Ledger(counting, SETTINGS)

    async def poll(feed):
        with ledger.expecting():
            await asyncio.sleep(0.001 * feeds.index(feed))
            return await ledger.settle(answered(feed, clock.now(), entry("1")))

    settled = await asyncio.gather(*map(poll, feeds))
    assert [one.write.feed.id for one in settled] == [feed.id for feed in feeds]
    assert len(counting.batches) < 5


async def test_a_caller_that_is_cancelled_leaves_the_others_alone(store, clock):
    """Its poll is written nevertheless: it was made."""
    feeds = add(store, clock.now(), 2)
    ledger = Ledger(store, SETTINGS)
    tasks = [asyncio.create_task(ledger.settle(answered(feed, clock.now(), entry("1")))) for feed in feeds]
    await asyncio.sleep(0)
    tasks[0].cancel()
    assert (await tasks[1]).write.feed.id == feeds[1].id
    assert outcome(store, feeds[0]) is FetchOutcome.CHANGED
