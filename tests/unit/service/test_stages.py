"""What the match stage decides beside the rules: follow-ups, and old news that wakes nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from story import NOW, new_id, phrases, told
from tocsin.model import (
    Alert,
    AlertDraft,
    AlertKind,
    DeliveryState,
    EventStatus,
    MentionStatus,
    NewDelivery,
    Severity,
)
from tocsin.service._stages import decide_alerts, hold_back_old
from tocsin.timeline import fold, revise


def draft(event, fingerprint="f", **more):
    return AlertDraft(
        rule="launch",
        fingerprint=fingerprint,
        group={},
        kind=AlertKind.FIRST,
        title=event.title,
        severity=Severity.CRITICAL,
        labels={},
        reason="a launch",
        event_ids=(event.id,),
        roles={},
        known_at=NOW,
        **more,
    )


def story(*mentions):
    """An event folded mention by mention, with its revisions."""
    event_id, states, revisions = new_id(), [], []
    for n in range(1, len(mentions) + 1):
        before = states[-1] if states else None
        after = fold(
            event_id,
            mentions[:n],
            revision=n,
            known_at=NOW + timedelta(hours=n),
            phrases=phrases,
            prior=before,
        )
        states.append(after)
        revisions.append(revise(before, after, new_id()))
    return states, revisions


LAUNCH = ("weapons.launch.missile", "PRK")


def test_a_first_alert_remembers_at_which_revision_it_fired():
    """So that only what changed afterwards is followed up."""
    [event], revisions = story(told(*LAUNCH))
    [first] = decide_alerts(event, revisions, [], [draft(event)])
    assert first.explanation["revisions"] == {str(event.id): 1}


def test_a_denial_after_the_alert_is_followed_up_and_one_before_is_not():
    """Everybody who was woken hears that it is disputed; nobody hears old changes."""
    states, revisions = story(told(*LAUNCH), told(*LAUNCH, publisher="B", status=MentionStatus.DENIED))
    assert states[-1].status is EventStatus.DISPUTED
    [fired] = decide_alerts(states[0], revisions[:1], [], [draft(states[0])])
    early = Alert(new_id(), fired, NOW)
    kinds = {d.kind for d in decide_alerts(states[-1], revisions, [early], [])}
    assert AlertKind.DENIED in kinds
    late = Alert(new_id(), replace(fired, explanation={"revisions": {str(states[0].id): 2}}), NOW)
    assert decide_alerts(states[-1], revisions, [late], []) == []


@pytest.mark.parametrize(
    ("age", "max_age", "state"),
    [
        (timedelta(days=1), timedelta(days=14), DeliveryState.PENDING),
        (timedelta(days=15), timedelta(days=14), DeliveryState.SILENCED),
        (timedelta(days=4000), None, DeliveryState.PENDING),
    ],
)
def test_nobody_is_woken_by_old_news(age, max_age, state):
    """The alert is kept, the message says why it was not sent."""
    [event], _ = story(told(*LAUNCH))
    fired = draft(event)
    delivery = NewDelivery("f", "launch", new_id(), DeliveryState.PENDING, NOW, "wanted")
    [held] = hold_back_old([delivery], [fired], {event.id: event}, max_age, NOW + age)
    assert held.state is state
    assert ("alerting.max_age" in held.reason) is (state is DeliveryState.SILENCED)


def test_one_fresh_event_among_old_ones_is_news():
    """A denial today of an accusation of last month is sent."""
    [old], _ = story(told(*LAUNCH, hours=-24 * 40))
    [new], _ = story(told(*LAUNCH))
    fired = replace(draft(new), event_ids=(old.id, new.id))
    delivery = NewDelivery("f", "launch", new_id(), DeliveryState.PENDING, NOW, "wanted")
    kept = hold_back_old([delivery], [fired], {old.id: old, new.id: new}, timedelta(days=14), NOW)
    assert kept == [delivery]
