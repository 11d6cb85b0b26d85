"""Who gets an alert."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import NOON, a_delivery, a_draft, a_silence, a_subscriber
from tocsin.alerting import RouteReason, recipients, route, routings, silenced_by
from tocsin.model import AlertKind, DeliveryState, Severity
from tocsin.testing import numbered_id

FIRST = numbered_id(401)


def decided(draft=None, subscriber=None, silences=(), **options):
    """The one decision."""
    (one,) = routings([draft or a_draft()], [subscriber or a_subscriber()], silences, NOON, **options)
    return one


def test_who_wants_everything_gets_a_message_due_now():
    """Pending, at once, with the reason."""
    (made,) = route([a_draft()], [a_subscriber()], [], NOON)
    assert made.state is DeliveryState.PENDING
    assert made.next_attempt_at == NOON
    assert (made.rule, made.alert_fingerprint) == ("korea-missile-launch", "1first")
    assert made.reason == "wants info and above"


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"enabled": False}, RouteReason.DISABLED, "the subscriber is disabled"),
        ({"rules": ("a", "b")}, RouteReason.RULE_NOT_WANTED, "wants a, b, not korea-missile-launch"),
        (
            {"labels": {"desk": "asia"}},
            RouteReason.LABEL_MISMATCH,
            "wants desk=asia, the alert has desk=korea",
        ),
        ({"labels": {"team": "x"}}, RouteReason.LABEL_MISMATCH, "wants team=x, the alert has no label team"),
    ],
)
def test_who_does_not_want_it_gets_nothing_and_the_log_says_why(changes, reason, detail):
    """No message is made; the decision names the difference."""
    one = decided(subscriber=a_subscriber(**changes))
    assert (one.reason, one.detail, one.state) == (reason, detail, None)
    assert route([a_draft()], [a_subscriber(**changes)], [], NOON) == []


def test_a_severity_that_is_too_low_is_named():
    """Both levels are in the words."""
    one = decided(a_draft(severity=Severity.WARNING), a_subscriber(min_severity=Severity.CRITICAL))
    assert one.reason is RouteReason.SEVERITY_TOO_LOW
    assert one.detail == "wants critical and above, this is warning"


def test_rules_and_labels_that_fit_are_wanted():
    """All of them must hold, and do."""
    one = decided(subscriber=a_subscriber(rules=("korea-missile-launch",), labels={"desk": "korea"}))
    assert one.reason is RouteReason.WANTED


@pytest.mark.parametrize(
    "matchers", [{"rule": "korea-missile-launch"}, {"severity": "critical"}, {"desk": "korea"}, {}]
)
def test_a_silence_keeps_the_message_but_does_not_send_it(matchers):
    """Rule, severity or label; no matcher at all silences everything."""
    (made,) = route([a_draft()], [a_subscriber()], [a_silence(comment="exercise", **matchers)], NOON)
    assert made.state is DeliveryState.SILENCED
    assert made.next_attempt_at is None
    assert made.reason == "silenced until 2022-11-09 14:00 UTC: exercise"


def test_a_silence_for_something_else_does_not_hold():
    """All matchers must be equal."""
    assert (
        decided(silences=[a_silence(rule="korea-missile-launch", desk="asia")]).reason is RouteReason.WANTED
    )


def test_a_silence_holds_from_its_start_until_just_before_its_end():
    """Half open."""
    silence = a_silence(hours=0)
    assert silenced_by(a_draft(), [silence], NOON) is None
    assert silenced_by(a_draft(), [silence], NOON - timedelta(seconds=1)) is silence
    assert silenced_by(a_draft(), [silence], NOON - timedelta(hours=2)) is None


def test_of_several_silences_the_longest_is_named():
    """One learns when it will be loud again."""
    assert (
        decided(silences=[a_silence(1, hours=1), a_silence(2, hours=5)]).detail
        == "silenced until 2022-11-09 17:00 UTC"
    )


def test_a_label_cannot_pretend_to_be_the_rule():
    """The real rule and severity win over labels of these names."""
    draft = a_draft(labels={"rule": "other"})
    assert silenced_by(draft, [a_silence(rule="other")], NOON) is None


def follow_up():
    """A denial of the first alert."""
    return a_draft(kind=AlertKind.DENIED, fingerprint="1denied", follows=FIRST)


def test_a_follow_up_goes_to_everybody_who_got_the_first_and_nobody_else():
    """What they subscribe to now does not matter."""
    got, new = a_subscriber(1, min_severity=Severity.CRITICAL, rules=("other",)), a_subscriber(2)
    made = routings([follow_up()], [got, new], [], NOON, got_first={FIRST: frozenset({got.id})})
    assert [one.reason for one in made] == [RouteReason.GOT_THE_FIRST, RouteReason.DID_NOT_GET_THE_FIRST]
    assert [one.state for one in made] == [DeliveryState.PENDING, None]


def test_a_follow_up_does_not_reach_who_was_disabled_since():
    """Disabled is disabled."""
    gone = a_subscriber(enabled=False)
    assert decided(follow_up(), gone, got_first={FIRST: frozenset({gone.id})}).reason is RouteReason.DISABLED


def test_a_follow_up_of_an_alert_nothing_is_known_of_is_routed_like_a_first_one():
    """Rather told than not told."""
    assert decided(follow_up(), got_first={}).reason is RouteReason.WANTED
    assert decided(follow_up(), a_subscriber(enabled=False)).reason is RouteReason.DISABLED


def test_recipients_are_those_reached_or_still_being_tried():
    """Silenced and failed messages reached nobody."""
    made = [
        a_delivery(n, state=state, subscriber_id=numbered_id(n))
        for n, state in enumerate(DeliveryState, start=1)
    ]
    reached = {
        one.subscriber_id for one in made if one.state in {DeliveryState.PENDING, DeliveryState.DELIVERED}
    }
    assert recipients(made) == reached
    assert len(reached) == 2


words = st.sampled_from(["a", "b", "c"])
drafts = st.builds(
    lambda rule, severity, labels: a_draft(rule=rule, severity=severity, labels=labels),
    words,
    st.sampled_from(Severity),
    st.dictionaries(words, words, max_size=2),
)
people = st.builds(
    lambda rules, severity, labels, enabled: a_subscriber(
        rules=tuple(rules), min_severity=severity, labels=labels, enabled=enabled
    ),
    st.lists(words, max_size=2),
    st.sampled_from(Severity),
    st.dictionaries(words, words, max_size=1),
    st.booleans(),
)


@given(st.lists(drafts, max_size=4), st.lists(people, max_size=4))
def test_every_pair_is_decided_once_and_messages_are_what_was_wanted(alerts, subscribers):
    """No alert goes missing and none is doubled."""
    decisions = routings(alerts, subscribers, [], NOON)
    assert len(decisions) == len(alerts) * len(subscribers)
    assert len(route(alerts, subscribers, [], NOON)) == sum(d.reason is RouteReason.WANTED for d in decisions)
    assert all(d.detail for d in decisions)


@given(drafts, people)
def test_a_subscriber_who_wants_less_never_gets_more(draft, subscriber):
    """Raising the severity or adding a label can only take messages away."""
    narrow = replace(subscriber, min_severity=Severity.CRITICAL, labels={**subscriber.labels, "d": "d"})
    assert len(route([draft], [narrow], [], NOON)) <= len(route([draft], [subscriber], [], NOON))


@given(drafts, people)
def test_a_silence_of_everything_changes_the_state_and_nothing_else(draft, subscriber):
    """The same messages are made; none is sent."""
    loud = route([draft], [subscriber], [], NOON)
    quiet = route([draft], [subscriber], [a_silence()], NOON)
    assert [d.subscriber_id for d in loud] == [d.subscriber_id for d in quiet]
    assert all(d.state is DeliveryState.SILENCED for d in quiet)
