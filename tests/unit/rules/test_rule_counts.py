"""count and distinct: windows, groups and bursts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.model import Event, EventStatus
from tocsin.rules import MemoryHistory, Rule, backtest, evaluate

Make = Callable[..., Event]
MakeRule = Callable[[str], Rule]
START = datetime(2022, 11, 2, tzinfo=UTC)
COUNT = "match: {type: weapons}\nwhen: {count: 3, within: 6h}"
RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


def at(event: Make, minutes: Iterable[int], **values: str) -> list[Event]:
    moments = [START + timedelta(minutes=offset) for offset in minutes]
    return [
        event(number=n, known=moment.replace(tzinfo=None).isoformat(), **values)
        for n, moment in enumerate(moments, start=1)
    ]


def rings(rule: Rule, events: Iterable[Event]) -> list[tuple[int, ...]]:
    """The numbers of the events of each alert, as the events become known one by one."""
    found = backtest([rule], [(event.first_known, event) for event in events])
    assert found.errors == ()
    return [tuple(i.int for i in firing.alert.event_ids) for firing in found.firings]


def test_rings_at_the_count(rule: MakeRule, event: Make) -> None:
    """Three within six hours ring once, at the third; the fourth is the same burst."""
    assert rings(rule(COUNT), at(event, [0, 60, 120, 180])) == [(1, 2, 3)]


@pytest.mark.parametrize(("third", "expected"), [(359, 1), (360, 0), (361, 0)])
def test_window_is_open_at_its_beginning(rule: MakeRule, event: Make, third: int, expected: int) -> None:
    """(t - within, t]: an event exactly `within` before the last is outside."""
    assert len(rings(rule(COUNT), at(event, [0, 60, third]))) == expected


def test_burst_rings_again_after_cooling_down(rule: MakeRule, event: Make) -> None:
    """More than `within` without a hot moment ends a burst; the next one rings."""
    hot_again = [0, 60, 120, 481, 482, 483]
    assert rings(rule(COUNT), at(event, hot_again)) == [(1, 2, 3), (4, 5, 6)]


def test_dip_inside_a_burst_does_not_ring_again(rule: MakeRule, event: Make) -> None:
    """Falling below the number for less than `within` is still the same burst."""
    assert rings(rule(COUNT), at(event, [0, 100, 200, 450, 470])) == [(1, 2, 3)]


def test_long_burst_rings_again_each_period(rule: MakeRule, event: Make) -> None:
    """A burst that goes on is told again, about once in each `repeat`."""
    one = rule("match: {type: weapons}\nwhen: {count: 2, within: 6h, repeat: 2d}")
    found = backtest([one], [(e.first_known, e) for e in at(event, range(0, 8 * 24 * 60, 180))])
    moments = [firing.at for firing in found.firings]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert 4 <= len(moments) <= 6
    assert all(timedelta(days=1) <= gap <= timedelta(days=3) for gap in gaps)


def test_groups_are_counted_apart(rule: MakeRule, event: Make) -> None:
    """`by` counts each value apart; an event with two values counts for both, one with none for neither."""
    one = rule("match: {type: weapons}\nwhen: {count: 2, within: 6h, by: source.country}")
    events = [
        event(number=1, source="PRK", known="2022-11-02T01:00"),
        event(number=2, source="IRN", known="2022-11-02T02:00"),
        event(number=3, known="2022-11-02T02:30"),
        event(number=4, source="PRK IRN", known="2022-11-02T03:00"),
    ]
    found = backtest([one], [(e.first_known, e) for e in events])
    assert [(f.alert.group, [i.int for i in f.alert.event_ids]) for f in found.firings] == [
        ({"source.country": "IRN"}, [2, 4]),
        ({"source.country": "PRK"}, [1, 4]),
    ]


def test_two_group_fields(rule: MakeRule, event: Make) -> None:
    """Several fields of `by` make one group for each combination."""
    one = rule("match: {type: weapons}\nwhen: {count: 2, within: 6h, by: [source.country, target.country]}")
    events = [
        event(number=1, source="PRK", target="KOR", known="2022-11-02T01:00"),
        event(number=2, source="PRK", target="JPN", known="2022-11-02T02:00"),
        event(number=3, source="PRK", target="KOR JPN", known="2022-11-02T03:00"),
    ]
    assert rings(one, events) == [(2, 3), (1, 3)]


def test_only_matching_events_count(rule: MakeRule, event: Make) -> None:
    """Other types, retracted events and those `where` leaves out are not counted."""
    one = rule(COUNT + "\nwhere: event.confidence > 0.5")
    events = [
        *at(event, [0, 1]),
        event(number=8, known="2022-11-02T00:02", confidence=0.3),
        event(number=9, known="2022-11-02T00:03", status=EventStatus.RETRACTED),
        event("arms.transfer", number=10, known="2022-11-02T00:04"),
    ]
    assert rings(one, events) == []


def test_event_that_no_longer_matches_does_not_ring(rule: MakeRule, event: Make) -> None:
    """An event that was taken back makes nothing ring, whatever history still says of it."""
    events = at(event, [0, 1, 2])
    taken_back = event(number=3, known="2022-11-02T00:02", status=EventStatus.RETRACTED)
    assert evaluate(rule(COUNT), taken_back, MemoryHistory(events), START + timedelta(days=1)) == []


def test_late_knowledge_completes_a_window_behind_it(rule: MakeRule, event: Make) -> None:
    """An event that comes in late with an early knowledge time makes the windows after it ring."""
    one, (a, b, c) = rule(COUNT), at(event, [0, 60, 120])
    history = MemoryHistory([b, c])
    (alert,) = evaluate(one, a, history, START + timedelta(days=1))
    assert [i.int for i in alert.event_ids] == [1, 2, 3]


def test_nothing_is_counted_from_after_now(rule: MakeRule, event: Make) -> None:
    """`now` ends the look ahead."""
    one, (a, b, c) = rule(COUNT), at(event, [0, 60, 120])
    assert evaluate(one, a, MemoryHistory([b, c]), START + timedelta(minutes=119)) == []


def test_happening_days(rule: MakeRule, event: Make) -> None:
    """With clock: happened days are counted, whenever they became known; undated and coarse dates are not."""
    one = rule("match: {type: weapons}\nwhen: {count: 3, within: 2d, clock: happened}")
    events = [
        event(number=1, day="2022-11-01", known="2022-11-05T01:00"),
        event(number=2, day="2022-11-03", known="2022-11-05T02:00"),
        event(number=3, known="2022-11-05T03:00"),
        event(number=4, day="2022-11-02/2022-11-04", known="2022-11-05T04:00"),
        event(number=5, day="2022-11-03", known="2022-11-05T05:00"),
        event(number=6, day="2022-11-02", known="2022-11-20T06:00"),
    ]
    assert rings(one, events) == [(6, 2, 5)]


def test_distinct_values(rule: MakeRule, event: Make) -> None:
    """Different values are counted, not events, and the alert names them."""
    one = rule(
        "match: {type: weapons}\nwhen: {distinct: source.country, at_least: 3, within: 1d, by: target.country}"
    )
    events = [
        event(number=n, source=code, target="PRK", known=f"2022-11-02T0{n}:00")
        for n, code in enumerate(["JPN", "JPN", "USA", "KOR"], start=1)
    ]
    found = backtest([one], [(e.first_known, e) for e in events])
    (alert,) = [firing.alert for firing in found.firings]
    assert alert.title == (
        "A title: 3 values of source.country (JPN, KOR, USA) in 4 events for target.country PRK"
    )
    assert alert.explanation["values"] == ["JPN", "KOR", "USA"]
    assert alert.group == {"target.country": "PRK"}


def test_alert_says_what_was_counted(rule: MakeRule, event: Make) -> None:
    """Reason and explanation carry number, window, clock and the beginning of the burst."""
    found = backtest([rule(COUNT)], [(e.first_known, e) for e in at(event, [0, 60, 120])])
    alert = found.firings[0].alert
    assert alert.reason == (
        "3 events up to 2022-11-02 02:00 UTC; the rule asks for at least 3 in 6h of becoming known."
    )
    assert alert.explanation["burst_began"] == "2022-11-02T02:00:00+00:00"
    assert alert.known_at == START + timedelta(minutes=120)


def test_many_events_are_cut(rule: MakeRule, event: Make) -> None:
    """An alert carries its newest hundred events and says how many there were."""
    one, events = rule("match: {type: weapons}\nwhen: {count: 150, within: 6h}"), at(event, range(150))
    found = backtest([one], [(e.first_known, e) for e in events])
    alert = found.firings[0].alert
    assert len(alert.event_ids) == 100
    assert alert.explanation["events"] == 150


MINUTES = st.lists(st.integers(min_value=0, max_value=3000), min_size=1, max_size=14)


@RELAXED
@given(minutes=MINUTES)
def test_rings_exactly_when_some_window_is_full(rule: MakeRule, event: Make, minutes: list[int]) -> None:
    """There is an alert if and only if some (t - within, t] holds enough events."""
    full = any(sum(t - 360 < m <= t for m in minutes) >= 3 for t in minutes)
    assert bool(rings(rule(COUNT), at(event, minutes))) is full


@RELAXED
@given(minutes=MINUTES, data=st.data())
def test_history_order_does_not_matter(
    rule: MakeRule, event: Make, minutes: list[int], data: st.DataObject
) -> None:
    """The same events put in any order, evaluated with all known, give the same fingerprints twice."""
    one, events = rule(COUNT), at(event, minutes)
    shuffled = data.draw(st.permutations(events))
    now = START + timedelta(days=30)

    def prints(stored: list[Event], order: list[Event]) -> set[str]:
        history = MemoryHistory(stored)
        return {alert.fingerprint for item in order for alert in evaluate(one, item, history, now)}

    assert prints(events, events) == prints(shuffled, shuffled) == prints(shuffled, events * 2)


@RELAXED
@given(minutes=MINUTES, data=st.data())
def test_something_rings_in_any_order_of_arrival(
    rule: MakeRule, event: Make, minutes: list[int], data: st.DataObject
) -> None:
    """Whether a group rings at all does not depend on the order in which events were stored."""
    one, events = rule(COUNT), at(event, minutes)
    history, rang = MemoryHistory(), False
    for item in data.draw(st.permutations(events)):
        history.put(item)
        rang = bool(evaluate(one, item, history, START + timedelta(days=30))) or rang
    assert rang is bool(rings(one, events))


@RELAXED
@given(minutes=MINUTES)
def test_bursts_are_further_apart_than_the_window(rule: MakeRule, event: Make, minutes: list[int]) -> None:
    """Within one period of `repeat` two alerts of a group are more than `within` apart."""
    found = backtest([rule(COUNT)], [(e.first_known, e) for e in at(event, minutes)])
    began = [datetime.fromisoformat(f.alert.explanation["burst_began"]) for f in found.firings]
    assert all(b - a > timedelta(hours=6) for a, b in pairwise(began))
