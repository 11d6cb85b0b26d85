"""Replaying the past, and explaining single decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.model import Event, EventStatus
from tocsin.rules import MemoryHistory, Rule, backtest, explain

Make = Callable[..., Event]
MakeRule = Callable[[str], Rule]
NOW = datetime(2022, 12, 1, tzinfo=UTC)


def test_states_ring_when_they_become_known(rule: MakeRule, event: Make) -> None:
    """A rule that asks for two owners rings at the revision that brings the second, once."""
    one, first = rule("match: {type: weapons, min_owners: 2}"), event(known="2022-11-02T00:00")
    second = replace(first, owners=("A", "B"), revision=2, last_known=first.first_known + timedelta(hours=5))
    third = replace(second, owners=("A", "B", "C"), revision=3)
    found = backtest(
        [one],
        [
            (third.last_known + timedelta(hours=1), third),
            (first.first_known, first),
            (second.last_known, second),
        ],
    )
    assert [firing.at for firing in found.firings] == [second.last_known]
    assert found.looked_at == 3


def test_period_is_open_and_closed(rule: MakeRule, event: Make) -> None:
    """(since, until]; what rang before the period does not ring in it."""
    one = rule("match: {type: weapons}")
    events = [event(number=n, known=f"2022-11-0{n}T00:00") for n in range(1, 6)]
    retold = (datetime(2022, 11, 3, 1, tzinfo=UTC), replace(events[0], revision=2))
    states = [*((item.first_known, item) for item in events), retold]
    found = backtest([one], states, datetime(2022, 11, 2, tzinfo=UTC), datetime(2022, 11, 4, tzinfo=UTC))
    assert [firing.alert.event_ids[0].int for firing in found.firings] == [3, 4]
    assert found.looked_at == 3


def test_backtest_sees_only_what_was_known(rule: MakeRule, event: Make) -> None:
    """Later revisions of other events do not leak into the past."""
    one = rule("match: {type: weapons, min_owners: 2}\nwhen: {count: 2, within: 1d}")
    a = event(number=1, known="2022-11-02T00:00")
    a_later = replace(a, owners=("A", "B"), revision=2)
    b = event(number=2, known="2022-11-02T01:00", owners=("A", "B"))
    states = [(a.first_known, a), (b.first_known, b), (datetime(2022, 11, 2, 9, tzinfo=UTC), a_later)]
    found = backtest([one], states)
    assert [firing.at.hour for firing in found.firings] == [9]


def test_errors_are_collected(rule: MakeRule, event: Make) -> None:
    """A rule that fails is reported once and the replay goes on."""
    one = rule("match: {type: weapons}\nwhere: event.source[0].country == 'PRK'")
    events = [event(number=1), event(number=2), event(number=3, source="PRK")]
    found = backtest([one], [(item.first_known, item) for item in events])
    assert len(found.errors) == 1
    assert len(found.firings) == 1


EXPLAINED = [
    ("match: {type: weapons}", {}, True, "weapons.launch.missile matched type weapons."),
    (
        "match: {type: weapons, source.country: PRK}",
        {"status": EventStatus.RETRACTED},
        False,
        (
            "The event does not match: source.country is not known, wanted PRK, status is retracted, wanted by default "
            "reported or claimed or disputed or confirmed."
        ),
    ),
    (
        "match:\n  a: {type: arms}\n  b: {type: cyber}\n",
        {},
        False,
        (
            "The event does not match: as a, type is weapons.launch.missile, wanted arms; as b, type is "
            "weapons.launch.missile, wanted cyber."
        ),
    ),
    (
        "match: {type: weapons, not: {source.country: PRK, min_owners: 1}}",
        {"source": "PRK"},
        False,
        "The event does not match: it is excluded by not: source.country PRK, min_owners 1.",
    ),
    (
        "match: {type: weapons, max_age: 1d}",
        {"day": "2022-10-09"},
        False,
        "The event does not match: max_age is 31d, wanted 1d.",
    ),
    (
        "match: {type: weapons}\nwhere: event.confidence > 0.9",
        {},
        False,
        "The event matches, but where does not hold: event.confidence > 0.9",
    ),
    (
        "match: {type: weapons}\nwhen: {count: 3, within: 1d}",
        {},
        False,
        "The event matches, but 1d has only 1 of the 3 events needed.",
    ),
    (
        "match: {type: weapons}\nwhen: {distinct: owner, at_least: 2, within: 90m}",
        {},
        False,
        "The event matches, but 90m has only 1 of the 2 values of owner needed.",
    ),
    (
        "match: {type: weapons}\nwhen: {count: 3, within: 1d, by: [owner, source.country]}",
        {},
        False,
        "The event matches, but has no value for owner and source.country to be counted under.",
    ),
    (
        "match: {type: weapons}\nwhen: {count: 3, within: 1d, clock: happened}",
        {},
        False,
        "The event matches, but its day is not known and the rule counts on happening days.",
    ),
    (
        "match: {a: {type: weapons}, b: {type: arms}}\nwhen: {sequence: [a, b], within: 2w}",
        {},
        False,
        "The event matches a, but no events within 2w complete the sequence with it.",
    ),
    (
        "match: {type: weapons}\nwhere: event.source[0].country == 'PRK'",
        {},
        False,
        "The rule failed on this event: ",
    ),
]


@pytest.mark.parametrize(("body", "values", "fires", "sentence"), EXPLAINED)
def test_explanations(
    rule: MakeRule, event: Make, *, body: str, values: dict[str, object], fires: bool, sentence: str
) -> None:
    """Each reason for ringing or not has its sentence, and the data goes into JSON."""
    shown = explain(rule(body), event(**values), MemoryHistory(), NOW)
    assert shown.fires is fires
    assert shown.sentence.startswith(sentence)
    data = json.loads(json.dumps(shown.to_json()))
    assert data["fires"] is fires
    assert len(data["alerts"]) == int(fires)


def test_explanation_of_a_sequence(rule: MakeRule, event: Make) -> None:
    """For a sequence the checks of each pattern are shown and `where` is left to the whole."""
    one = rule(
        "match: {a: {type: weapons}, b: {type: arms}}\nwhen: {sequence: [a, b], within: 2w}\n"
        "where: a.confidence > 0.5\n"
    )
    first, second = event(known="2022-11-02T00:00"), event("arms.transfer", 2, known="2022-11-03T00:00")
    shown = explain(one, second, MemoryHistory([first]), NOW)
    assert shown.fires
    assert shown.where is None
    assert [check.met for check in shown.checks["a"]] == [False, True, True]
    assert shown.to_json()["alerts"][0]["roles"] == {"a": str(first.id), "b": str(second.id)}
