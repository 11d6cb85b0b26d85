"""Subscriptions at WebSub hubs in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from helpers_store import HOUR, NOON, add_feed, poll, spec
from tocsin.model import Asked, HubState, HubSubscription, PollWrite, Rhythm


def _subscription(feed, **changed):
    return replace(HubSubscription(feed.id, "https://hub.example/", feed.spec.url, "s" * 64), **changed)


def test_a_subscription_is_kept_whole(store):
    """Every field comes back, and a second write replaces the first."""
    feed = store.feed(add_feed(store))
    wanted = _subscription(feed)
    store.save_hub_subscription(wanted)
    assert store.hub_subscription(feed.id) == wanted
    active = replace(
        wanted, state=HubState.ACTIVE, asked_at=NOON, lease_until=NOON + HOUR, last_push_at=NOON, note="n"
    )
    store.save_hub_subscription(active)
    assert store.hub_subscriptions() == [(active, True)]


def test_the_lease_is_the_feeds(store):
    """An active subscription says until when the feed is pushed; any other that it is not."""
    feed = store.feed(add_feed(store))
    store.save_hub_subscription(_subscription(feed, state=HubState.ACTIVE, lease_until=NOON + HOUR))
    assert store.feed(feed.id).pushed_until == NOON + HOUR
    store.save_hub_subscription(_subscription(feed, state=HubState.REFUSED, lease_until=NOON + HOUR))
    assert store.feed(feed.id).pushed_until is None


def test_an_ended_subscription_is_forgotten(store):
    """And the feed is polled again."""
    feed = store.feed(add_feed(store))
    store.save_hub_subscription(_subscription(feed, state=HubState.ACTIVE, lease_until=NOON + HOUR))
    assert store.end_hub_subscription(feed.id)
    assert not store.end_hub_subscription(feed.id)
    assert store.hub_subscription(feed.id) is None
    assert store.feed(feed.id).pushed_until is None


def test_a_removed_feed_is_not_polled(store):
    """So that its hub can be told."""
    feed = store.feed(add_feed(store))
    store.save_hub_subscription(_subscription(feed))
    store.remove_feed(feed.spec.url)
    assert [polled for _, polled in store.hub_subscriptions()] == [False]


def test_a_restart_asks_nobody_early(store):
    """When a feed is due, what it asks for and its rhythm outlive a restart that reads all catalogs again."""
    feed = store.feed(add_feed(store))
    rhythm = Rhythm((1.5,) * 24, (2.0,) * 7, 24.0, NOON, NOON, 2.5, (3.0,) * 12, 0.5, 0.25)
    asked = Asked(3600, (1, 2), (6,), 900)
    known = replace(feed, next_due_at=NOON + 2 * HOUR, rhythm=rhythm, asked=asked)
    write = poll(store, feed.id)
    store.record_poll(PollWrite(write.fetch, known))
    store.release_leases()
    store.add_feeds([replace(spec("a"), url=feed.spec.url)], NOON + HOUR)
    assert store.claim_due(NOON + HOUR, 10, timedelta(minutes=5)) == []
    (due,) = store.claim_due(NOON + 2 * HOUR, 10, timedelta(minutes=5))
    assert (due.rhythm, due.asked) == (rhythm, asked)
