"""sequence: order, joins, claims, windows, and knowledge that comes in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.errors import RuleError
from tocsin.model import ClaimKey, Event
from tocsin.rules import MemoryHistory, OnSequence, Rule, backtest, evaluate
from tocsin.rules._history import Axis
from tocsin.rules._sequence import EXPRESSION_COST, chains, precedes, same_matter

Make = Callable[..., Event]
MakeRule = Callable[[str], Rule]
LATE = datetime(2023, 1, 1, tzinfo=UTC)
DENIED = """
match:
  accusation: {type: statement.accuse}
  denial:     {type: statement.deny}
when:
  sequence: [accusation, denial]
  within: 7d
  by: {party: [accusation.target.country, denial.source.country]}
"""
ARMS = ClaimKey("arms.transfer", ("PRK",), ("RUS",))
STRIKE = ClaimKey("conflict.airstrike", ("PRK",), ("KOR",))


def accusation(event: Make, number: int = 1, **values: object) -> Event:
    given_ = {"source": "USA", "target": "PRK", "day": "2022-11-02", "known": "2022-11-02T12:00"}
    return event("statement.accuse", number, **{**given_, **values})


def denial(event: Make, number: int = 2, **values: object) -> Event:
    given_ = {"source": "PRK", "day": "2022-11-08", "known": "2022-11-08T12:00"}
    return event("statement.deny", number, **{**given_, **values})


def rings(rule: Rule, events: Iterable[Event]) -> list[tuple[int, ...]]:
    found = backtest([rule], [(event.first_known, event) for event in events])
    assert found.errors == ()
    return [tuple(i.int for i in firing.alert.event_ids) for firing in found.firings]


def test_accused_then_denied(rule: MakeRule, event: Make) -> None:
    """The alert names both events in order, their roles and the party they share."""
    one, first, second = rule(DENIED), accusation(event), denial(event)
    (alert,) = evaluate(one, second, MemoryHistory([first]), LATE)
    assert [i.int for i in alert.event_ids] == [1, 2]
    assert alert.roles == {"accusation": str(first.id), "denial": str(second.id)}
    assert alert.group == {"party": "PRK"}
    assert alert.known_at == second.last_known
    assert alert.reason == (
        "accusation: statement.accuse by USA on 2022-11-02, then denial: statement.deny by PRK on 2022-11-08, "
        "within 7d of becoming known. party is PRK."
    )
    assert alert.explanation["shared"] == {"party": ["PRK"]}
    assert alert.explanation["others"] == []


def test_any_event_completes_it(rule: MakeRule, event: Make) -> None:
    """Whichever becomes known last, the alert has the same fingerprint."""
    one, first, second = rule(DENIED), accusation(event), denial(event)
    (by_second,) = evaluate(one, second, MemoryHistory([first]), LATE)
    (by_first,) = evaluate(one, first, MemoryHistory([second]), LATE)
    assert by_first.fingerprint == by_second.fingerprint
    assert by_first.event_ids == by_second.event_ids


def test_each_denial_rings_once(rule: MakeRule, event: Make) -> None:
    """Several accusations and one denial are one alert: the nearest, the others are named."""
    one = rule(DENIED)
    events = [accusation(event, 1, day="2022-11-01"), accusation(event, 3, day="2022-11-03"), denial(event)]
    (alert,) = evaluate(one, events[2], MemoryHistory(events), LATE)
    assert [i.int for i in alert.event_ids] == [3, 2]
    assert alert.explanation["others"] == [str(events[0].id)]
    assert len(rings(one, events)) == 1


def test_nearest_is_taken(rule: MakeRule, event: Make) -> None:
    """Of several that would do, the one told last before the completing event."""
    one = rule(DENIED)
    events = [
        accusation(event, 1, known="2022-11-02T12:00"),
        accusation(event, 3, known="2022-11-05T12:00"),
        denial(event),
    ]
    assert rings(one, events) == [(3, 2)]


def test_the_same_claim_is_preferred_to_the_nearest(rule: MakeRule, event: Make) -> None:
    """A statement known to be about the same claim comes before a nearer one of which nothing is known."""
    one = rule(DENIED)
    events = [
        accusation(event, 1, known="2022-11-02T12:00", claim=ARMS),
        accusation(event, 3, known="2022-11-05T12:00"),
        accusation(event, 4, known="2022-11-06T12:00", claim=ClaimKey("arms.deal", ("PRK",), ())),
        denial(event, claim=ARMS),
    ]
    assert rings(one, events) == [(1, 2)]


@pytest.mark.parametrize(
    ("accused", "denied", "expected"),
    [
        ({}, {}, 1),
        ({"target": "PRK RUS"}, {"source": "RUS"}, 1),
        ({"target": "IRN"}, {}, 0),
        ({"target": ""}, {}, 0),
        ({"day": "2022-11-09"}, {}, 0),
        ({"day": "2022-11-08", "published": "2022-11-08T09:00"}, {"published": "2022-11-08T08:00"}, 0),
        ({"day": "2022-11-08", "published": "2022-11-08T08:00"}, {"published": "2022-11-08T08:00"}, 1),
        ({"day": "2022-11-01/2022-11-30"}, {}, 1),
        ({"day": None}, {"day": None}, 1),
        ({"day": None, "known": "2022-11-08T13:00"}, {}, 0),
        ({"known": "2022-11-08T13:00"}, {}, 1),
        ({"known": "2022-11-01T12:00"}, {}, 0),
        ({"known": "2022-11-01T12:01"}, {}, 1),
        ({"claim": ARMS}, {"claim": ARMS}, 1),
        ({"claim": ARMS}, {"claim": None}, 1),
        ({"claim": ARMS}, {"claim": STRIKE}, 0),
        ({"claim": ARMS}, {"claim": ClaimKey("arms.transfer", ("IRN",), ())}, 0),
        ({"claim": ARMS}, {"claim": ClaimKey("", ("RUS",), ())}, 1),
    ],
)
def test_what_belongs_together(
    rule: MakeRule, event: Make, accused: dict[str, object], denied: dict[str, object], expected: int
) -> None:
    """Order, window, join and claims decide, each by itself."""
    assert len(rings(rule(DENIED), [accusation(event, **accused), denial(event, **denied)])) == expected


def test_claims_any_lifts_the_claim_check(rule: MakeRule, event: Make) -> None:
    """`claims: any` lets statements about different matters follow one another."""
    one = rule(DENIED.rstrip() + "\n  claims: any\n")
    assert rings(one, [accusation(event, claim=ARMS), denial(event, claim=STRIKE)]) == [(1, 2)]


def test_claims_of_other_events_do_not_matter(event: Make) -> None:
    """Only statements are held against one another by their claims."""
    launch = event(claim=STRIKE)
    assert same_matter(launch, denial(event, claim=ARMS))
    assert not same_matter(accusation(event, claim=STRIKE), denial(event, claim=ARMS))


def test_one_event_cannot_be_two_steps(rule: MakeRule, event: Make) -> None:
    """Patterns may overlap, events of a sequence are different ones."""
    one = rule("match: {a: {type: weapons}, b: {type: weapons.launch}}\nwhen: {sequence: [a, b], within: 1d}")
    first, second = event(number=1, known="2022-11-02T01:00"), event(number=2, known="2022-11-02T02:00")
    assert rings(one, [first]) == []
    assert rings(one, [first, second]) == [(1, 2)]


THREE = """
match: {a: {type: weapons}, b: {type: statement.condemn}, c: {type: coercion.sanction}}
when:
  sequence: [a, b, c]
  within: 3d
  by: {bad: [a.source.country, b.target.country, c.target.country], good: [b.source.country, c.source.country],
       start: [a.source.country, b.target.country]}
"""


def three(event: Make) -> list[Event]:
    return [
        event("weapons.launch", 1, source="PRK", known="2022-11-02T00:00"),
        event("statement.condemn", 2, source="JPN", target="PRK", known="2022-11-03T00:00"),
        event("statement.condemn", 3, source="USA", target="PRK", known="2022-11-03T01:00"),
        event("coercion.sanction", 4, source="JPN USA", target="PRK", known="2022-11-04T00:00"),
        event("coercion.sanction", 5, source="FRA", target="PRK", known="2022-11-04T00:00"),
        event("coercion.sanction", 6, source="JPN", target="PRK", known="2022-11-05T00:00"),
    ]


def test_three_steps_with_two_joins(rule: MakeRule, event: Make) -> None:
    """All joins hold at once, over all steps, inside one window."""
    assert rings(rule(THREE), three(event)) == [(1, 3, 4)]


def test_any_order_of_arrival_rings_the_same(rule: MakeRule, event: Make) -> None:
    """However events become stored, the set of alerts is the same."""
    one, outcomes = rule(THREE), set()
    for order in permutations(three(event)[:4]):
        history = MemoryHistory()
        prints = set()
        for item in order:
            history.put(item)
            prints |= {alert.fingerprint for alert in evaluate(one, item, history, LATE)}
        outcomes.add(frozenset(prints))
    assert len(outcomes) == 1
    assert len(outcomes.pop()) == 1


def test_where_sees_every_step(rule: MakeRule, event: Make) -> None:
    """`where` is asked of whole sequences, so another first step may do."""
    one = rule(DENIED + "where: accusation.confidence > 0.7 && denial.id == event.id\n")
    events = [
        accusation(event, 1, confidence=0.9),
        accusation(event, 3, confidence=0.5, known="2022-11-07T12:00"),
        denial(event),
    ]
    found = backtest([one], [(e.first_known, e) for e in events])
    (alert,) = [firing.alert for firing in found.firings]
    assert [i.int for i in alert.event_ids] == [1, 2]
    assert alert.explanation["others"] == []


def test_happening_clock(rule: MakeRule, event: Make) -> None:
    """With clock: happened the window lies over days, and events without a day take no part."""
    one = rule(DENIED.replace("7d", "7d\n  clock: happened"))
    near = denial(event, day="2022-11-08", known="2022-12-24T12:00")
    far = denial(event, day="2022-11-09")
    undated = denial(event, day=None)
    assert rings(one, [accusation(event), near]) == [(1, 2)]
    assert rings(one, [accusation(event), far]) == []
    assert rings(one, [accusation(event), undated]) == []


def test_too_many_combinations_are_told(rule: MakeRule, event: Make) -> None:
    """A rule too wide to be evaluated says so with its place, and does not hang."""
    one = rule(DENIED + "where: accusation.confidence > 0.9\n")
    assert isinstance(one.when, OnSequence)
    last = denial(event)
    history = MemoryHistory(accusation(event, n) for n in range(10, 40))
    axis = Axis(one, last, history, LATE, "known")
    enough = 30 + 30 * EXPRESSION_COST
    assert list(chains(one, one.when, last, axis, budget=enough)) == []
    with pytest.raises(RuleError, match="too many combinations"):
        list(chains(one, one.when, last, axis, budget=enough - 1))


def test_naming_the_others_never_costs_an_alert(rule: MakeRule, event: Make) -> None:
    """Where too many events would have done, the alert comes without them."""
    one = rule(DENIED + "where: accusation.confidence > 0.1\n")
    assert isinstance(one.when, OnSequence)
    last = denial(event)
    axis = Axis(one, last, MemoryHistory(accusation(event, n) for n in range(10, 40)), LATE, "known")
    (full,) = chains(one, one.when, last, axis)
    assert len(full.others) == 29
    (found,) = chains(one, one.when, last, axis, budget=30 + EXPRESSION_COST)
    assert found.events == full.events
    assert found.others == ()


def test_precedes_by_days_then_by_publication(event: Make) -> None:
    """Days decide when they are apart; otherwise what was told first."""
    early, late = (
        event(day="2022-11-01", known="2022-11-09T00:00"),
        event(day="2022-11-02", known="2022-11-08T00:00"),
    )
    assert precedes(early, late)
    assert not precedes(late, early)
    same = event(day="2022-11-02", known="2022-11-09T00:00")
    assert precedes(late, same)
    assert not precedes(same, late)
    assert precedes(same, same)


OFFSETS = st.lists(
    st.tuples(st.booleans(), st.integers(min_value=0, max_value=20), st.booleans()), min_size=1, max_size=7
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(parts=OFFSETS, data=st.data())
def test_arrival_order_never_changes_the_alerts(
    rule: MakeRule, event: Make, parts: list[tuple[bool, int, bool]], data: st.DataObject
) -> None:
    """Any accusations and denials, stored in any order, give the fingerprints that all of them give."""
    one = rule(DENIED)
    start = datetime(2022, 11, 1, tzinfo=UTC)
    events = []
    for number, (accuses, days, dated) in enumerate(parts, start=1):
        moment = start + timedelta(days=days)
        maker = accusation if accuses else denial
        day = moment.date().isoformat() if dated else None
        events.append(maker(event, number, day=day, known=moment.replace(tzinfo=None).isoformat()))
    history, arrived = MemoryHistory(), set()
    for item in data.draw(st.permutations(events)):
        history.put(item)
        arrived |= {alert.fingerprint for alert in evaluate(one, item, history, LATE)}
    full = MemoryHistory(events)
    assert arrived == {alert.fingerprint for item in events for alert in evaluate(one, item, full, LATE)}
