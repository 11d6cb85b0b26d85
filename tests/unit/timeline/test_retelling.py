"""An article's next revision: what it tells in the same words stays the same event."""

from __future__ import annotations

from dataclasses import replace

from story import new_id, phrases, told
from tocsin.timeline import LinkReason
from tocsin.timeline._linking import choose


def before(*args, **changed):
    """A mention of an earlier revision, with its event."""
    return told(*args, **{"event_id": new_id(), "active": False, **changed})


def test_what_was_told_before_needs_no_candidate():
    """It is the same event though nothing else would say so."""
    earlier = before("conflict.attack", "", "UKR")
    (choice,) = choose([told("conflict.attack", "", "UKR")], {}, new_id, phrases, [earlier])
    assert (choice.event_id, choice.reason) == (earlier.event_id, LinkReason.SAME_ARTICLE)
    assert choice.mention.event_id == earlier.event_id


def test_another_day_party_or_kind_is_not_what_was_told_before():
    """Then the candidates decide as ever, here: a new event."""
    earlier = before("conflict.attack", "RUS", "UKR")
    for other in (
        told("conflict.attack", "RUS", "UKR", when="2022-11-05"),
        told("conflict.attack", "RUS", "POL"),
        told("conflict.shelling", "RUS", "UKR"),
    ):
        (choice,) = choose([other], {}, new_id, phrases, [earlier])
        assert choice.event_id not in (None, earlier.event_id)


def test_what_was_off_the_timeline_before_says_nothing():
    """It had no event to stay with."""
    earlier = replace(before("conflict.attack", "RUS", "UKR"), event_id=None)
    (choice,) = choose([told("conflict.attack", "RUS", "UKR")], {}, new_id, phrases, [earlier])
    assert choice.reason is LinkReason.NEW_EVENT
