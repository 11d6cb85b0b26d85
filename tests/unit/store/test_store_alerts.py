"""Rules, alerts and silences in the store."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from helpers_store import HOUR, NOON, a_subscriber, alert_draft, first, new_delivery, put_events
from tocsin.errors import StoreError
from tocsin.model import Alert, AlertKind, DeliveryState, RuleRecord, Severity, Silence

ONE, TWO = first(1).id, first(2).id


@pytest.fixture
def store(store):
    """With two events and a subscriber."""
    put_events(store, first(1), first(2))
    store.save_subscriber(a_subscriber())
    return store


def _rule(name, **changed):
    fields = {
        "file": f"{name}.yaml", "line": 3, "title": name.title(), "severity": Severity.WARNING,
        "source": "rule: x", "source_hash": "1ab", "labels": {"desk": "korea"}, "loaded_at": NOON,
    }  # fmt: skip
    return RuleRecord(name=name, **{**fields, **changed})


def test_rules_come_back_by_name(store):
    """With the error of those that were refused."""
    rules = [_rule("b"), _rule("a", error="a.yaml:3:1: no such key", active=False)]
    store.save_rules(rules)
    assert store.rules() == rules[::-1]


def test_rules_gone_from_the_files_stay_inactive(store):
    """A reload replaces the set; alerts of old rules still find their rule."""
    store.save_rules([_rule("a"), _rule("b")])
    store.save_rules([_rule("b", title="New"), _rule("c")])
    assert [(r.name, r.title, r.active) for r in store.rules()] == [
        ("a", "A", False),
        ("b", "New", True),
        ("c", "C", True),
    ]
    store.save_rules([])
    assert not any(r.active for r in store.rules())


def test_an_alert_comes_back_whole(store):
    """With its events in the rule's order."""
    draft = alert_draft("f", TWO, ONE)
    store.write_alerts([], [draft], [], NOON)
    (found,) = store.alerts()
    assert found == Alert(found.id, draft, NOON)
    assert store.alert(found.id) == found
    assert store.alert(UUID(int=1)) is None


def test_one_firing_is_one_alert(store):
    """Written again, also within one call, it is the alert that is there already."""
    draft, message = alert_draft("f", ONE), new_delivery(a_subscriber(), "f")
    first_time = store.write_alerts([(ONE, 1)], [draft, draft], [message, message], NOON)
    again = store.write_alerts([(ONE, 1)], [replace(draft, title="Another")], [message], NOON + HOUR)
    assert first_time == again
    assert len(first_time) == 1
    (found,) = store.alerts()
    assert (found.draft.title, found.fired_at) == (draft.title, NOON)
    assert len(store.deliveries()) == 1


def test_the_same_fingerprint_of_another_rule_is_another_alert(store):
    """Fingerprints identify inside a rule."""
    store.write_alerts([], [alert_draft("f", ONE), alert_draft("f", ONE, rule="other")], [], NOON)
    assert len(store.alerts()) == 2
    assert store.known_fingerprints("other", ["f", "g"]) == {"f"}
    assert store.known_fingerprints("none", ["f"]) == set()
    assert store.known_fingerprints("other", []) == set()


def test_matched_events_wait_no_more_even_without_an_alert(store):
    """Most events ring nobody; a lower revision than the one looked at changes nothing."""
    assert store.write_alerts([(ONE, 1), (TWO, 0)], [], [], NOON) == []
    assert store.waiting_for_rules(10) == [TWO]


def test_deliveries_that_wait_are_returned(store):
    """Silenced ones are kept for the log."""
    other = a_subscriber(2)
    store.save_subscriber(other)
    silenced = new_delivery(other, state=DeliveryState.SILENCED, next_attempt_at=None)
    (waiting,) = store.write_alerts(
        [], [alert_draft("f1", ONE)], [new_delivery(a_subscriber()), silenced], NOON
    )
    assert store.delivery(waiting).subscriber_name == "desk-1"
    (kept,) = store.deliveries(state=DeliveryState.SILENCED)
    assert (kept.subscriber_name, kept.next_attempt_at, kept.reason) == ("desk-2", None, silenced.reason)


def test_a_message_without_a_time_is_due_now(store):
    """Pending means it will be sent."""
    message = new_delivery(a_subscriber(), next_attempt_at=None)
    store.write_alerts([], [alert_draft("f1", ONE)], [message], NOON)
    assert store.deliveries()[0].next_attempt_at == NOON


def test_a_message_may_belong_to_an_alert_stored_before(store):
    """A subscriber that comes later gets it too."""
    store.write_alerts([], [alert_draft("f1", ONE)], [], NOON)
    (waiting,) = store.write_alerts([], [], [new_delivery(a_subscriber())], NOON)
    assert store.delivery(waiting).alert_title == alert_draft().title


@pytest.mark.parametrize(
    ("drafts", "deliveries", "error"),
    [
        (
            [alert_draft("f1", ONE)],
            [new_delivery(a_subscriber(), "unknown")],
            "an alert of rule korea-launch",
        ),
        ([alert_draft("f1", ONE)], [new_delivery(a_subscriber(7))], "refused a row"),
        ([alert_draft("f1", UUID(int=3))], [], "refused a row"),
    ],
)
def test_what_names_nothing_is_refused_as_a_whole(store, drafts, deliveries, error):
    """No alert without its messages, and the event still waits for its rules."""
    with pytest.raises(StoreError, match=error):
        store.write_alerts([(ONE, 1)], drafts, deliveries, NOON)
    assert store.alerts() == []
    assert ONE in store.waiting_for_rules(10)


def test_alerts_of_events_come_oldest_first(store):
    """Follow-ups after the first alert; an alert on two of the events comes once."""
    store.write_alerts([], [alert_draft("f1", ONE, TWO)], [], NOON)
    (one,) = store.alerts()
    follow = alert_draft("f2", ONE, kind=AlertKind.DENIED, follows=one.id)
    store.write_alerts([], [follow], [], NOON + HOUR)
    found = store.alerts_of_events([ONE, TWO])
    assert [a.draft.fingerprint for a in found] == ["f1", "f2"]
    assert found[1].draft == follow
    assert store.alerts_of_events([TWO]) == [one]
    assert store.alerts_of_events([]) == []


def test_alerts_are_listed_newest_first(store):
    """By rule, since a time, and those nobody has seen."""
    for hour, rule in enumerate(("a", "b", "a")):
        store.write_alerts([], [alert_draft(str(hour), ONE, rule=rule)], [], NOON + hour * HOUR)

    def fingerprints(**filters):
        return [a.draft.fingerprint for a in store.alerts(**filters)]

    assert fingerprints() == ["2", "1", "0"]
    assert fingerprints(rule="a") == ["2", "0"]
    assert fingerprints(since=NOON + HOUR) == ["2", "1"]
    assert fingerprints(limit=1, offset=1) == ["1"]
    store.acknowledge(store.alerts()[0].id, "anna", NOON)
    assert fingerprints(unacknowledged=True) == ["1", "0"]


def test_the_first_to_acknowledge_stands(store):
    """A second click does not take it over."""
    store.write_alerts([], [alert_draft("f", ONE)], [], NOON)
    (found,) = store.alerts()
    assert store.acknowledge(found.id, "anna", NOON + HOUR)
    assert store.acknowledge(found.id, "ben", NOON + 2 * HOUR)
    seen = store.alert(found.id)
    assert (seen.acknowledged_by, seen.acknowledged_at) == ("anna", NOON + HOUR)
    assert not store.acknowledge(UUID(int=1), "anna", NOON)


def test_silences_are_given_until_they_are_over(store):
    """Also those that start later; a removed one is gone."""
    now = Silence(UUID(int=1), {"rule": "a"}, NOON, NOON + HOUR, "maintenance", "anna")
    later = replace(now, id=UUID(int=2), starts=NOON + HOUR, ends=NOON + 2 * HOUR)
    store.add_silence(later)
    store.add_silence(now)
    assert store.silences(NOON) == [now, later]
    assert store.silences(NOON + HOUR) == [later]
    store.add_silence(replace(later, comment="longer", ends=NOON + 3 * HOUR))
    assert [s.comment for s in store.silences(NOON + HOUR)] == ["longer"]
    assert store.remove_silence(later.id)
    assert not store.remove_silence(later.id)
    assert store.silences(NOON + HOUR) == []
