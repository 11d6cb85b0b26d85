"""How single words stand: the effect of each kind of frame, over the bare parse."""

from __future__ import annotations

import pytest

from tocsin.extraction._bearing import Kind, load_frames
from tocsin.extraction._parse import parsed
from tocsin.extraction._standing import standing
from tocsin.extraction._turns import turn
from tocsin.model import MentionStatus

S = MentionStatus


def _status(text: str) -> str:
    """The status of the word in square brackets."""
    start, end = text.index("["), text.index("]") - 1
    with parsed([text.replace("[", "").replace("]", "")]) as docs:
        span = next(docs).char_span(start, end)
        assert span is not None
        return standing(span.root).value


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The guards managed to [free] the hostages.", "happened"),
        ("The guards did not manage to [free] the hostages.", "negated"),
        ("The guards may have managed to [free] the hostages.", "hypothetical"),
        ("The envoys failed to [agree].", "negated"),
        ("The envoys did not fail to [agree].", "happened"),
        ("The envoys could fail to [agree].", "hypothetical"),
        ("The army prevented an [attack].", "negated"),
        ("The army could not prevent the [attack].", "happened"),
        ("The pilots were able to [land].", "happened"),
        ("The pilots are able to [land].", "planned"),
        ("It took the divers an hour to [reach] the wreck.", "happened"),
        ("She was the first minister to [visit] the camp.", "happened"),
    ],
)
def test_implicative_verbs(text: str, status: str) -> None:
    """Whether the frame itself took place decides whether what stands below it did."""
    assert _status(text) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The firm denied having [sold] rifles to the junta.", "denied"),
        ("The firm did not deny [selling] rifles to the junta.", "happened"),
        ("The firm denied that it planned to [sell] rifles.", "denied"),
        ("The firm is accused of refusing to [pay].", "alleged"),
        ("The firm said it would not [sell] rifles.", "negated"),
        ("The firm could not say whether hackers had [entered] its network.", "hypothetical"),
        ("Unconfirmed reports said a general had been [killed].", "alleged"),
        ("The report said a general had been [killed].", "happened"),
        ("The minister called reports of a [withdrawal] false.", "denied"),
        ("The army dropped its plan to [storm] the hall.", "negated"),
        ("The ministry has no plans to [recall] its envoy.", "negated"),
    ],
)
def test_frames_within_frames(text: str, status: str) -> None:
    """The status goes down from frame to frame."""
    assert _status(text) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("If the rebels had [won], the king would have fled.", "negated"),
        ("Had the rebels [attacked], the town would have fallen.", "negated"),
        ("Without help the crew would have [drowned].", "negated"),
        ("Had the bank not [failed], the firm would have survived.", "happened"),
        ("The gunmen were caught before they could [fire].", "negated"),
        ("The delegation was supposed to [land] at noon but never came.", "negated"),
        ("The army will not leave until the rebels [surrender].", "hypothetical"),
        ("Should the rebels [attack], the town would fall.", "hypothetical"),
        ("Will the senate [approve] the treaty?", "hypothetical"),
        ('"[Release] the crew," the captain said.', "hypothetical"),
    ],
)
def test_conditions_questions_commands(text: str, status: str) -> None:
    """What depends on a condition is open; where the condition was not met it did not happen."""
    assert _status(text) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("No [strike] took place.", "negated"),
        ("There was no [strike].", "negated"),
        ("The [strike] was called off.", "negated"),
        ("The [strike] was put off until June.", "planned"),
        ("The [strike] ended on Monday.", "happened"),
        ("The foiled [attack] made headlines.", "negated"),
        ("The so-called [attack] was staged.", "alleged"),
        ("The envoys flew to Oslo for [talks].", "planned"),
        ("The envoys held [talks] to discuss the border.", "happened"),
        ("The council condemned the [attack].", "happened"),
        ("The council will condemn the [attack].", "happened"),
        ("A second [attack] is likely.", "hypothetical"),
        ("The threat of an [attack] keeps ships in port.", "hypothetical"),
        ("The embassy was damaged in an [attack].", "happened"),
        ("The embassy could be damaged in an [attack].", "hypothetical"),
        ("Fears of an [invasion] grew.", "hypothetical"),
        ("The talks ended without an [agreement].", "negated"),
    ],
)
def test_event_nouns(text: str, status: str) -> None:
    """Nouns take their status from their adjectives, the verb beside them and the words above."""
    assert _status(text) == status


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("above", list(S))
def test_a_frame_turns_every_status_into_one(kind: Kind, above: MentionStatus) -> None:
    """Every kind of frame has an effect on every status, but a fact, which takes none."""
    if kind is Kind.FACT:
        with pytest.raises(KeyError):
            turn(kind, S.HAPPENED, above)
        return
    assert isinstance(turn(kind, S.HAPPENED, above), MentionStatus)


def test_the_table_is_read_with_particles() -> None:
    """“Call off” refuses where "call" asks."""
    with parsed(["They called off the strike.", "They called a strike."]) as docs:
        off, plain = (next(token for token in doc if token.text == "called") for doc in docs)
        assert load_frames().verb(off, "obj") is Kind.REFUSE
        assert load_frames().verb(plain, "obj") is not Kind.REFUSE
