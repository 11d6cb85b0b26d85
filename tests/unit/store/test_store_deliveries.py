"""Subscribers and messages on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from helpers_store import HOUR, NOON, a_subscriber, alert_draft, new_delivery, whole_world
from tocsin.errors import StoreError
from tocsin.model import Attempt, AttemptOutcome, DeliveryState, Severity, SubscriberKind

LEASE = timedelta(minutes=1)


def _attempt(delivery_id, number=1, outcome=AttemptOutcome.TRANSIENT, **changed):
    fields = {"at": NOON + number * HOUR, "detail": "500 Server Error", "status": 500, "duration_ms": 12}
    return Attempt(delivery_id=delivery_id, number=number, outcome=outcome, **{**fields, **changed})


@pytest.fixture
def delivery_id(store):
    """A message that waits since noon."""
    return whole_world(store)["delivery"]


def test_a_subscriber_comes_back_whole(store):
    """By name, by id, and by the id as text."""
    given = a_subscriber(
        old_secret="whsec_b2xk", old_secret_until=NOON + HOUR, min_severity=Severity.WARNING, enabled=False
    )
    store.save_subscriber(given)
    for wanted in (given.name, given.id, str(given.id)):
        assert store.subscriber(wanted) == given
    assert store.subscriber("nobody") is None
    assert store.subscriber(UUID(int=1)) is None


def test_a_subscriber_without_a_date_is_new_now(store, clock):
    """And keeps that date when it is saved again without one."""
    store.save_subscriber(a_subscriber(created_at=None))
    created = clock.now()
    clock.advance(60)
    store.save_subscriber(a_subscriber(created_at=None, kind=SubscriberKind.EMAIL, address="a@b.example"))
    found = store.subscriber("desk-1")
    assert (found.created_at, found.kind, found.address) == (created, SubscriberKind.EMAIL, "a@b.example")


def test_subscribers_are_listed_by_name(store):
    """All, or those that are switched on."""
    store.save_subscriber(a_subscriber(2))
    store.save_subscriber(a_subscriber(1, enabled=False))
    assert [s.name for s in store.subscribers()] == ["desk-1", "desk-2"]
    assert [s.name for s in store.subscribers(enabled_only=True)] == ["desk-2"]


def test_a_name_is_given_once(store):
    """A second subscriber with it is refused, in words; a rename to it too."""
    store.save_subscriber(a_subscriber(1))
    store.save_subscriber(a_subscriber(2))
    with pytest.raises(StoreError, match="a subscriber named 'desk-1' already"):
        store.save_subscriber(a_subscriber(2, name="desk-1"))
    assert store.subscriber("desk-2") is not None
    store.save_subscriber(a_subscriber(2, name="night desk"))
    assert [s.name for s in store.subscribers()] == ["desk-1", "night desk"]


def test_a_removed_subscriber_is_forgotten_but_for_the_log(store, delivery_id):
    """No address, no secret; the messages keep the name, those that waited are given up."""
    assert store.remove_subscriber("desk-1")
    assert not store.remove_subscriber("desk-1")
    assert store.subscribers() == []
    assert store.subscriber("desk-1") is None
    gone = store.subscriber(a_subscriber().id)
    assert (gone.address, gone.secret, gone.enabled) == ("", None, False)
    kept = store.delivery(delivery_id)
    assert (kept.subscriber_name, kept.state, kept.reason) == (
        "desk-1",
        DeliveryState.FAILED,
        "the subscriber was removed",
    )
    assert store.claim_deliveries(NOON + HOUR, 10, LEASE) == []


def test_the_name_of_a_removed_subscriber_is_free(store, delivery_id):
    """Another one may take it."""
    store.remove_subscriber("desk-1")
    store.save_subscriber(a_subscriber(5, name="desk-1"))
    assert store.subscriber("desk-1").id == a_subscriber(5).id


def test_a_message_is_taken_once_until_its_lease_ends(store, delivery_id):
    """Two senders never hold one message."""
    assert store.claim_deliveries(NOON - HOUR, 10, LEASE) == []
    (taken,) = store.claim_deliveries(NOON, 10, LEASE)
    assert (taken.id, taken.subscriber_name, taken.attempts) == (delivery_id, "desk-1", 0)
    assert store.claim_deliveries(NOON, 10, LEASE) == []
    assert len(store.claim_deliveries(NOON + LEASE, 10, LEASE)) == 1
    assert store.release_leases() == 1
    assert len(store.claim_deliveries(NOON, 10, LEASE)) == 1


def test_messages_longest_due_are_taken_first(store, delivery_id):
    """As many as asked for."""
    early = a_subscriber(2)
    store.save_subscriber(early)
    message = new_delivery(early, next_attempt_at=NOON - HOUR)
    (other,) = store.write_alerts([], [], [message], NOON)
    assert [d.id for d in store.claim_deliveries(NOON, 1, LEASE)] == [other]
    assert [d.id for d in store.claim_deliveries(NOON, 5, LEASE)] == [delivery_id]


def test_a_failed_attempt_is_logged_and_tried_again(store, delivery_id):
    """The lease ends; the next attempt waits for its time."""
    store.claim_deliveries(NOON, 1, LEASE)
    attempt = _attempt(delivery_id)
    store.record_attempt(attempt, DeliveryState.PENDING, NOON + 2 * HOUR, "500, tried again at 14:00")
    found = store.delivery(delivery_id)
    assert (found.state, found.attempts, found.log) == (DeliveryState.PENDING, 1, (attempt,))
    assert (found.next_attempt_at, found.reason) == (NOON + 2 * HOUR, "500, tried again at 14:00")
    assert found.delivered_at is None
    assert store.claim_deliveries(NOON + HOUR, 1, LEASE) == []
    (taken,) = store.claim_deliveries(NOON + 2 * HOUR, 1, LEASE)
    assert taken.log == (attempt,)


def test_a_delivered_message_says_when(store, delivery_id):
    """And is never taken again."""
    attempt = _attempt(delivery_id, outcome=AttemptOutcome.ACCEPTED, status=204, detail="")
    store.record_attempt(attempt, DeliveryState.DELIVERED, None, "accepted")
    found = store.delivery(delivery_id)
    assert (found.state, found.delivered_at) == (DeliveryState.DELIVERED, attempt.at)
    assert store.claim_deliveries(NOON + 99 * HOUR, 9, LEASE) == []


def test_an_attempt_recorded_twice_counts_once(store, delivery_id):
    """A repeated record does not turn back what came after it."""
    one, two = _attempt(delivery_id, 1), _attempt(delivery_id, 2, AttemptOutcome.ACCEPTED)
    store.record_attempt(one, DeliveryState.PENDING, NOON + 2 * HOUR, "again")
    store.record_attempt(two, DeliveryState.DELIVERED, None, "accepted")
    store.record_attempt(one, DeliveryState.PENDING, NOON + 2 * HOUR, "again")
    found = store.delivery(delivery_id)
    assert (found.state, found.attempts, found.log) == (DeliveryState.DELIVERED, 2, (one, two))


def test_an_attempt_of_an_unknown_message_is_refused(store):
    """The error names it."""
    with pytest.raises(StoreError, match="no delivery"):
        store.record_attempt(_attempt(UUID(int=1)), DeliveryState.DELIVERED, None, "")
    assert store.delivery(UUID(int=1)) is None


def test_a_message_can_be_sent_again_by_hand(store, delivery_id):
    """It is due at once; its log goes on."""
    store.record_attempt(_attempt(delivery_id), DeliveryState.FAILED, None, "gave up")
    assert store.redeliver(delivery_id, NOON + 5 * HOUR)
    (taken,) = store.claim_deliveries(NOON + 5 * HOUR, 1, LEASE)
    assert (taken.state, taken.attempts, len(taken.log)) == (DeliveryState.PENDING, 1, 1)
    assert not store.redeliver(UUID(int=1), NOON)


def test_deliveries_are_listed_newest_first_with_their_attempts(store, delivery_id):
    """By state and by alert."""
    other = a_subscriber(2)
    store.save_subscriber(other)
    (alert,) = store.alerts()
    second = alert_draft("f2", *alert.draft.event_ids)
    (newer,) = store.write_alerts([], [second], [new_delivery(other, "f2")], NOON + HOUR)
    attempt = _attempt(delivery_id)
    store.record_attempt(attempt, DeliveryState.FAILED, None, "gave up")
    assert [(d.id, d.log) for d in store.deliveries()] == [(newer, ()), (delivery_id, (attempt,))]
    assert [d.id for d in store.deliveries(state=DeliveryState.FAILED)] == [delivery_id]
    assert [d.id for d in store.deliveries(alert_id=alert.id)] == [delivery_id]
    assert [d.id for d in store.deliveries(limit=1, offset=1)] == [delivery_id]
    assert store.deliveries(alert_id=UUID(int=1)) == []
    assert replace(store.deliveries()[1], log=()) == replace(store.delivery(delivery_id), log=())
