"""What those who got an alert are told afterwards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import JAPAN, KOREA, NOON, a_when, an_alert, an_event
from tocsin.alerting import follow_ups
from tocsin.model import AlertKind, EventStatus, Party, Place, Precision, Thing
from tocsin.testing import numbered_id

LATER = NOON + timedelta(hours=3)
FIRST = an_alert()


def after(**changes):
    """The event one revision on."""
    return an_event(revision=2, last_known=LATER, **changes)


def told(before=None, prior=(FIRST,), **changes):
    """The follow-ups of one change."""
    return follow_ups(before or an_event(), after(**changes), prior, LATER)


def things(*counts, name="missile"):
    """Objects with these numbers."""
    return tuple(Thing("weapon", "missiles", 0, 8, name, count) for count in counts)


@pytest.mark.parametrize(
    ("status", "kind", "why"),
    [
        (EventStatus.DENIED, AlertKind.DENIED, "a party to it denies it (was reported)"),
        (EventStatus.DISPUTED, AlertKind.DENIED, "one party asserts it and another denies it (was reported)"),
        (EventStatus.CONFIRMED, AlertKind.CONFIRMED, "it is confirmed (was reported)"),
        (EventStatus.RETRACTED, AlertKind.RETRACTED, "those who told it took it back (was reported)"),
    ],
)
def test_a_change_of_truth_is_told(status, kind, why):
    """With what it was before."""
    (draft,) = told(status=status)
    assert draft.kind is kind
    assert draft.reason == f"North Korea launches a missile: {why}."
    assert draft.title == f"{kind.value.capitalize()}: North Korea launches a missile"


def test_a_follow_up_carries_what_routes_and_threads_it():
    """Rule, severity, labels, events and group are those of the first alert; `follows` names it."""
    (draft,) = told(status=EventStatus.DENIED)
    first = FIRST.draft
    assert draft.follows == FIRST.id
    assert draft.known_at == LATER
    assert (draft.rule, draft.severity, draft.labels) == (first.rule, first.severity, first.labels)
    assert (draft.event_ids, draft.group, draft.roles) == (first.event_ids, first.group, first.roles)
    assert draft.explanation == {"event": str(an_event().id), "revision": 2, "status": "denied"}


@pytest.mark.parametrize("status", [EventStatus.CLAIMED, EventStatus.REPORTED])
def test_a_status_that_says_nothing_new_about_truth_is_not_told(status):
    """Nor is the same status again."""
    assert told(status=status) == []


def test_the_same_status_again_is_not_told():
    """Denied stays denied."""
    denied = an_event(status=EventStatus.DENIED)
    assert told(before=denied, status=EventStatus.DENIED) == []


def test_a_second_owner_is_told_once_as_corroboration():
    """Also when it makes the event confirmed; a third one is not told."""
    owners = ("Harbour Group", "Lantern Media")
    (draft,) = told(owners=owners, status=EventStatus.CONFIRMED)
    assert draft.kind is AlertKind.CORROBORATED
    assert draft.reason.endswith("now told by 2 owners (Harbour Group, Lantern Media).")
    assert told(before=an_event(owners=owners), owners=(*owners, "Third")) == []


def test_a_denial_outweighs_the_owner_that_brought_it():
    """The second owner tells the denial: that is the news."""
    (draft,) = told(owners=("A", "B"), status=EventStatus.DISPUTED)
    assert draft.kind is AlertKind.DENIED


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({}, {"when": a_when(date(2022, 11, 9))}, "date is now 9 November 2022 (was 8 November 2022)"),
        ({}, {"when": None}, "date is now not known (was 8 November 2022)"),
        (
            {},
            {"place": Place("Wonsan", 0, 6, "Wonsan", "PRK")},
            "place is now Wonsan (PRK) (was Pyongyang (PRK))",
        ),
        ({}, {"place": None}, "place is now not known (was Pyongyang (PRK))"),
        ({}, {"source": (JAPAN,)}, "source is now Japan (was North Korea)"),
        ({"target": (JAPAN,)}, {"target": ()}, "target is now nobody named (was Japan)"),
        (
            {"objects": things(2)},
            {"objects": things(3)},
            "number of missile is now 3 (was 2)",
        ),
    ],
)
def test_a_fact_that_was_replaced_is_a_correction(before, now, words):
    """Both values are told."""
    (draft,) = told(before=an_event(**before), **{**before, **now})
    assert draft.kind is AlertKind.CORRECTED
    assert draft.reason == f"North Korea launches a missile: {words}."


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"when": None}, {"when": a_when()}),
        ({"when": a_when(date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH)}, {"when": a_when()}),
        ({}, {"when": a_when(date(2022, 11, 7), date(2022, 11, 13), Precision.WEEK)}),
        ({}, {"when": a_when(text="Tuesday")}),
        ({"place": None}, {"place": Place("Wonsan", 0, 6, "Wonsan", "PRK")}),
        ({}, {"place": Place("capital", 5, 12, "Pyongyang", "PRK")}),
        ({}, {"source": (KOREA, JAPAN)}),
        ({}, {"source": (Party("Kim Jong Un", "PRK"),)}),
        ({"source": (Party(None, None),)}, {"source": (KOREA,)}),
        ({"objects": things(None)}, {"objects": things(3)}),
        ({"objects": things(2, 3)}, {"objects": things(4)}),
        ({}, {"articles": 9, "confidence": 0.99, "title": "other words"}),
    ],
)
def test_a_fact_that_was_added_or_made_finer_is_no_correction(before, now):
    """Nobody is woken for more of the same."""
    assert told(before=an_event(**before), **{**before, **now}) == []


def test_truth_and_facts_are_told_apart():
    """A denial that also moves the date makes two messages."""
    kinds = [d.kind for d in told(status=EventStatus.DENIED, when=a_when(date(2022, 11, 5)))]
    assert kinds == [AlertKind.DENIED, AlertKind.CORRECTED]


def test_every_first_alert_is_followed_and_no_follow_up_is():
    """Two rules fired on the event; one was followed before."""
    other = an_alert(2, rule="any-launch", fingerprint="1other")
    earlier = an_alert(3, kind=AlertKind.CORROBORATED, follows=FIRST.id, fingerprint="1corroborated")
    assert [d.follows for d in told(prior=(FIRST, other, earlier), status=EventStatus.DENIED)] == [
        FIRST.id,
        other.id,
    ]


def test_alerts_on_other_events_are_left_alone():
    """Whatever is handed in."""
    assert told(prior=(an_alert(event_ids=(numbered_id(9),)),), status=EventStatus.DENIED) == []


def test_a_new_event_has_nothing_to_follow():
    """Nobody was told before."""
    assert follow_ups(None, after(status=EventStatus.DENIED), (FIRST,), LATER) == []


def test_the_same_news_has_the_same_fingerprint_whenever_it_comes():
    """Denied, confirmed, denied again: the second denial is the first one's fingerprint."""
    (one,) = told(status=EventStatus.DENIED)
    (again,) = follow_ups(
        an_event(status=EventStatus.CONFIRMED),
        replace(after(status=EventStatus.DENIED), revision=9),
        (FIRST,),
        LATER,
    )
    assert one.fingerprint == again.fingerprint
    assert one.fingerprint.startswith("1")
    assert one.fingerprint != FIRST.draft.fingerprint


def test_different_news_has_different_fingerprints():
    """Kind, content, event and alert all count."""
    other_event = numbered_id(999)
    both = an_alert(event_ids=(an_event().id, other_event))
    drafts = [
        *told(status=EventStatus.DENIED),
        *told(status=EventStatus.DISPUTED),
        *told(when=a_when(date(2022, 11, 1))),
        *told(when=a_when(date(2022, 11, 2))),
        *told(prior=(an_alert(2, fingerprint="1other"),), status=EventStatus.DENIED),
        *follow_ups(
            replace(an_event(), id=other_event),
            replace(after(status=EventStatus.DENIED), id=other_event),
            (both,),
            LATER,
        ),
    ]
    assert len({d.fingerprint for d in drafts}) == len(drafts) == 6


events = st.builds(
    lambda status, owners, day, count: an_event(
        status=status,
        owners=tuple(owners),
        when=None if day is None else a_when(date(2022, 11, day)),
        objects=things(count),
    ),
    st.sampled_from(EventStatus),
    st.lists(st.sampled_from("ABC"), unique=True, min_size=1),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 3),
)


@given(events)
def test_nothing_changed_is_nothing_told(event):
    """For every event."""
    assert follow_ups(event, event, (FIRST,), LATER) == []


@given(events, events)
def test_at_most_one_message_about_truth_and_one_about_facts(before, now):
    """And deciding again gives the same fingerprints."""
    drafts = follow_ups(before, now, (FIRST,), LATER)
    assert len(drafts) <= 2
    assert sum(d.kind is AlertKind.CORRECTED for d in drafts) <= 1
    assert [d.fingerprint for d in drafts] == [
        d.fingerprint for d in follow_ups(before, now, (FIRST,), LATER)
    ]
