"""Feeds, leases and polls in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from helpers_store import HOUR, NOON, add_feed, draft, poll, spec
from tocsin.errors import StoreError
from tocsin.model import Feed, FeedHealth, FeedSpec, FetchFailure, FetchOutcome

LEASE = timedelta(minutes=5)


def _urls(feeds):
    return [feed.spec.url for feed in feeds]


def test_a_new_feed_is_stored_whole_and_due_at_once(store):
    """Every fact of the catalog comes back, and the feed may be asked from the moment it was added."""
    wanted = FeedSpec(
        url="https://a.example/rss", title="A", publisher="P", owner="O", country="FRA", language="fr",
        timezone="Europe/Paris", folder="World/Europe", topics=("politics", "war"), catalog="europe",
        interval=600, full_text=True,
    )  # fmt: skip
    assert store.add_feeds([wanted], NOON) == (1, 0)
    found = store.feed("https://a.example/rss")
    assert found == Feed(id=found.id, spec=wanted, added_at=NOON, next_due_at=NOON)
    assert found.health is FeedHealth.NEW
    assert store.feed(found.id) == found
    assert store.feed(str(found.id)) == found


def test_adding_twice_keeps_one_feed_and_new_facts_win(store):
    """A known address gets the new facts; what the new spec leaves open stays."""
    store.add_feeds([spec("a", language="en", topics=("x",), interval=60)], NOON)
    again = spec("a", title="New name", publisher=None, topics=(), catalog="asia", full_text=True)
    assert store.add_feeds([again, spec("b")], NOON + HOUR) == (1, 1)
    found = store.feed("https://a.example/rss")
    assert found.spec == replace(
        again, publisher="A Press", language="en", topics=("x",), interval=60, full_text=True
    )
    assert found.added_at == NOON
    assert len(store.feeds()) == 2


def test_the_same_address_twice_in_one_call_is_one_feed(store):
    """A list that names a feed twice adds it once."""
    assert store.add_feeds([spec("a"), spec("a", title="Twice")], NOON) == (1, 0)
    assert _urls(store.feeds()) == ["https://a.example/rss"]


def test_full_text_of_the_operator_survives_a_spec_that_does_not_say(store):
    """Only a catalog can turn full text off again."""
    store.add_feeds([spec("a", full_text=True)], NOON)
    store.add_feeds([spec("a")], NOON)
    assert store.feed("https://a.example/rss").spec.full_text
    store.add_feeds([spec("a", catalog="asia")], NOON)
    assert not store.feed("https://a.example/rss").spec.full_text


def test_a_removed_feed_is_neither_listed_nor_polled_but_known_by_id(store):
    """Removal stops polling; the articles' pages can still name the feed."""
    feed_id = add_feed(store, "a")
    assert store.remove_feed("https://a.example/rss")
    assert not store.remove_feed("https://a.example/rss")
    assert not store.remove_feed("https://never.example/rss")
    assert store.feeds() == []
    assert store.feed("https://a.example/rss") is None
    assert store.feed(feed_id).health is FeedHealth.MUTED
    assert store.claim_due(NOON + HOUR, 10, LEASE, everything=True) == []


def test_its_own_catalog_does_not_bring_a_removed_feed_back(store):
    """Catalogs are read at every start; a removal outlives that, but not the operator's own word."""
    store.add_feeds([spec("a", catalog="asia")], NOON)
    store.remove_feed("https://a.example/rss")
    assert store.add_feeds([spec("a", catalog="asia")], NOON) == (0, 1)
    assert store.feeds() == []
    assert store.add_feeds([spec("a", catalog=None)], NOON) == (1, 0)
    assert store.feed("https://a.example/rss").enabled


def test_adding_a_muted_feed_by_hand_asks_it_again(store):
    """A feed that said it is gone is asked again when the operator adds it again."""
    feed_id = add_feed(store, "a")
    store.record_poll(poll(store, feed_id, muted_reason="410 gone", next_due_at=None))
    assert store.feed(feed_id).health is FeedHealth.MUTED
    assert store.claim_due(NOON + 9 * HOUR, 10, LEASE, everything=True) == []
    store.add_feeds([spec("a")], NOON + HOUR)
    assert [feed.id for feed in store.claim_due(NOON + HOUR, 10, LEASE)] == [feed_id]


def test_feeds_are_found_by_title_address_and_publisher(store):
    """Text is looked for anywhere, without case; % and _ are letters like others."""
    store.add_feeds([spec("sea", title="100% Ocean"), spec("land", publisher="Earth_Press")], NOON)
    assert _urls(store.feeds(text="ocean")) == ["https://sea.example/rss"]
    assert _urls(store.feeds(text="LAND.example")) == ["https://land.example/rss"]
    assert _urls(store.feeds(text="earth_p")) == ["https://land.example/rss"]
    assert _urls(store.feeds(text="0% o")) == ["https://sea.example/rss"]
    assert store.feeds(text="e%h") == []


def test_feeds_come_by_title_in_pages(store):
    """Limit and offset cut one order; a feed without title comes last."""
    store.add_feeds([spec("a", title="Z"), spec("b", title=None), spec("c", title="M")], NOON)
    assert _urls(store.feeds()) == [f"https://{name}.example/rss" for name in "cab"]
    assert _urls(store.feeds(limit=1, offset=1)) == ["https://a.example/rss"]
    assert store.feeds(limit=-1) == []


def test_a_claimed_feed_is_not_given_twice_until_the_lease_ends(store):
    """Two callers never hold one feed; a lease that ran out frees it."""
    feed_id = add_feed(store)
    assert [feed.id for feed in store.claim_due(NOON, 10, LEASE)] == [feed_id]
    assert store.claim_due(NOON + LEASE - timedelta(seconds=1), 10, LEASE) == []
    assert [feed.id for feed in store.claim_due(NOON + LEASE, 10, LEASE)] == [feed_id]


def test_released_feeds_can_be_taken_at_once(store):
    """A lease given back unused is free."""
    add_feed(store)
    taken = store.claim_due(NOON, 10, LEASE)
    store.release_feeds([feed.id for feed in taken])
    assert store.claim_due(NOON, 10, LEASE) == taken
    store.release_feeds([])


def test_a_host_that_is_being_asked_gets_no_second_caller(store):
    """Feeds of one host are taken together or later, so politeness holds across processes."""
    store.add_feeds([spec("a", url="https://one.example/1"), spec("b", url="https://one.example/2")], NOON)
    store.add_feeds([spec("c", url="https://two.example/1")], NOON)
    assert len(store.claim_due(NOON, 1, LEASE)) == 1
    assert _urls(store.claim_due(NOON, 10, LEASE)) == ["https://two.example/1"]


def test_lanes_are_registrable_domains_or_addresses_with_their_port(store):
    """All below one domain wait for each other; an address counts with its port, what cannot be read for itself."""
    urls = [
        "http://u:p@a.h.example:1/a",
        "http://B.H.example:2/b",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:2/",
    ]
    store.add_feeds([FeedSpec(url) for url in (*urls, "http://[bad/a")], NOON)
    assert len(store.claim_due(NOON, 1, LEASE)) == 1
    assert len(store.claim_due(NOON, 10, LEASE)) == 3


def test_only_due_feeds_are_given_longest_due_first(store):
    """What is due later waits, unless everything is asked for."""
    first, second = add_feed(store, "a"), add_feed(store, "b")
    store.record_poll(poll(store, first, next_due_at=NOON + HOUR))
    store.record_poll(poll(store, second, next_due_at=NOON - HOUR))
    assert [feed.id for feed in store.claim_due(NOON, 10, LEASE)] == [second]
    later = store.claim_due(NOON + 2 * HOUR, 10, LEASE)
    assert [feed.id for feed in later] == [second, first]


def test_everything_takes_feeds_that_are_not_due(store):
    """`feeds poll --all` asks them all, but not those another caller holds."""
    first, second = add_feed(store, "a"), add_feed(store, "b")
    store.record_poll(poll(store, first, next_due_at=NOON + HOUR))
    assert [feed.id for feed in store.claim_due(NOON, 10, LEASE)] == [second]
    assert [feed.id for feed in store.claim_due(NOON, 10, LEASE, everything=True)] == [first]


def test_a_feed_without_a_next_time_is_due(store):
    """None never means never: only a muted feed stays silent."""
    feed_id = add_feed(store)
    store.record_poll(poll(store, feed_id, next_due_at=None))
    assert [feed.id for feed in store.claim_due(NOON, 10, LEASE)] == [feed_id]


def test_leases_of_a_killed_daemon_can_be_freed(store):
    """The only daemon of a database takes back what the one before it held."""
    add_feed(store, "a")
    add_feed(store, "b")
    store.claim_due(NOON, 1, LEASE)
    assert store.release_leases() == 1
    assert len(store.claim_due(NOON, 10, LEASE)) == 2


def test_a_poll_writes_log_state_and_articles_and_ends_the_lease(store):
    """One call leaves everything a poll found out."""
    feed_id = add_feed(store)
    store.claim_due(NOON, 1, LEASE)
    write = poll(store, feed_id, draft("a"), draft("b"), etag='"v1"', last_modified="x", body_hash="h")
    waiting = store.record_poll(write)
    found = store.feed(feed_id)
    assert found == replace(write.feed, articles=2)
    assert store.fetches(feed_id) == [write.fetch]
    assert waiting == store.waiting_for_extraction(10)
    assert [store.article(article_id).title for article_id in waiting] == [
        "Launch reported (a)",
        "Launch reported (b)",
    ]
    assert len(store.claim_due(NOON + HOUR, 1, LEASE)) == 1


def test_a_failed_poll_keeps_its_reason(store):
    """A failure is logged with class and words, and shown as the feed's health."""
    feed_id = add_feed(store)
    write = poll(store, feed_id, last_failure=FetchFailure.DNS, last_detail="no such host", failures=3)
    failed = replace(write.fetch, outcome=FetchOutcome.FAILED, failure=FetchFailure.DNS, http_status=None)
    state = replace(write.feed, last_outcome=FetchOutcome.FAILED)
    store.record_poll(replace(write, fetch=failed, feed=state))
    assert store.fetches(feed_id) == [failed]
    assert store.feed(feed_id) == state
    assert store.feed(feed_id).health is FeedHealth.FAILING


def test_the_same_poll_twice_is_the_same_rows(store):
    """At-least-once work gives exactly-once rows."""
    feed_id = add_feed(store)
    write = poll(store, feed_id, draft("a"), draft("b"))
    first = store.record_poll(write)
    before = store.stats()["rows"], store.feed(feed_id)
    assert store.record_poll(write) == first
    assert (store.stats()["rows"], store.feed(feed_id)) == before


def test_a_poll_of_an_unknown_feed_writes_nothing(store):
    """There is nothing to hang the articles on, and the error says so."""
    feed_id = add_feed(store)
    write = poll(store, feed_id, draft("a"))
    with pytest.raises(StoreError, match="no feed 00000000-0000-0000-0000-000000000001"):
        store.record_poll(replace(write, feed=replace(write.feed, id=UUID(int=1))))
    assert store.stats()["rows"]["article"] == 0


def test_a_poll_undoes_itself_when_one_article_cannot_be_written(store):
    """The fetch is not logged when its articles are not there."""
    feed_id = add_feed(store)
    with pytest.raises(StoreError, match="no article"):
        store.record_poll(poll(store, feed_id, draft("a"), draft("b", article_id=UUID(int=5))))
    assert store.fetches(feed_id) == []
    assert store.stats()["rows"]["article"] == 0
    assert store.feed(feed_id).last_polled_at is None


def test_polls_are_listed_newest_first(store):
    """The feed's page shows what happened last."""
    feed_id = add_feed(store)
    for hour in range(3):
        store.record_poll(poll(store, feed_id, at=NOON + hour * HOUR))
    assert [fetch.at for fetch in store.fetches(feed_id, limit=2)] == [NOON + 2 * HOUR, NOON + HOUR]


def test_a_poll_fills_what_nobody_said_about_the_feed(store):
    """The feed's own title and language are taken; publisher and country only where they were open."""
    feed_id = add_feed(store, "a", publisher=None)
    write = poll(store, feed_id, draft("x"))
    told = replace(write.feed.spec, title="Its own name", language="en", publisher="Itself", country="USA")
    store.record_poll(replace(write, feed=replace(write.feed, spec=told)))
    found = store.feed(feed_id).spec
    assert (found.title, found.language, found.publisher, found.country) == (
        "Its own name",
        "en",
        "Itself",
        "KOR",
    )
    assert store.article(store.waiting_for_extraction(1)[0]).publisher == "Itself"


def test_a_feed_removed_during_its_poll_stays_removed(store):
    """What the poll writes does not switch it on again."""
    feed_id = add_feed(store, "a")
    write = poll(store, feed_id, draft("x"))
    store.remove_feed("https://a.example/rss")
    store.record_poll(write)
    assert not store.feed(feed_id).enabled
    assert len(store.waiting_for_extraction(10)) == 1
