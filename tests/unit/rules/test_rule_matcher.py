"""Many rules against one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tocsin.model import AlertDraft, Event
from tocsin.ports import RuleHistory
from tocsin.rules import Matcher, MemoryHistory, Rule, RuleSet, evaluate

Make = Callable[..., Event]
NOW = datetime(2022, 12, 1, tzinfo=UTC)


def test_a_thousand_rules_cost_only_those_concerned(load: Callable[..., RuleSet], event: Make) -> None:
    """Of 1,000 rules only those on the event's type are evaluated."""
    kinds = ["arms.transfer", "cyber.attack", "politics.coup", "disaster.flood"]
    texts = [f"rule: r{n}\ntitle: t\nmatch: {{type: {kinds[n % 4]}}}\n" for n in range(996)]
    texts += ["rule: exact\ntitle: t\nmatch: {type: weapons.launch.missile}\n"]
    texts += ["rule: family\ntitle: t\nmatch: {type: weapons}\n"]
    texts += ["rule: anything\ntitle: t\nmatch: {severity: critical}\n"]
    texts += [
        (
            "rule: sequence\ntitle: t\nmatch: {a: {type: arms}, b: {type: weapons.launch}}\n"
            "when: {sequence: [a, b], within: 1d}\n"
        )
    ]
    loaded = load("---\n".join(texts))
    assert len(loaded.rules) == 1000
    asked: list[str] = []

    def counting(rule: Rule, item: Event, history: RuleHistory, now: datetime) -> list[AlertDraft]:
        asked.append(rule.name)
        return evaluate(rule, item, history, now)

    matched = Matcher(loaded.rules, counting).match(event(), MemoryHistory(), NOW)
    assert asked == ["anything", "exact", "family", "sequence"]
    assert [alert.rule for alert in matched.alerts] == ["exact", "family"]
    assert matched.errors == ()


def test_unknown_types_concern_nobody(load: Callable[..., RuleSet]) -> None:
    """An event of a type no rule names costs nothing."""
    matcher = Matcher(load("rule: r\ntitle: t\nmatch: {type: weapons}\n").rules)
    assert matcher.concerned("arms.transfer") == ()
    assert matcher.concerned("weaponsmith") == ()


def test_single_event_rules_read_no_history(load: Callable[..., RuleSet], event: Make) -> None:
    """History is only asked by rules that need it, and only when the event matches."""
    texts = (
        "rule: any\ntitle: t\nmatch: {type: weapons}\n",
        "rule: count\ntitle: t\nmatch: {type: weapons, source.country: IRN}\nwhen: {count: 2, within: 1d}\n",
        (
            "rule: seq\ntitle: t\nmatch: {a: {type: weapons, source.country: IRN}, b: {type: arms}}\n"
            "when: {sequence: [a, b], within: 1d}\n"
        ),
    )
    matched = Matcher(load(*texts).rules).match(event(source="PRK"), NoHistory(), NOW)
    assert [alert.rule for alert in matched.alerts] == ["any"]


class NoHistory:
    """Nobody may look back."""

    def between(self, *_: Any) -> list[Event]:
        raise AssertionError

    happened_between = between


def test_memory_history_is_open_and_closed(event: Make) -> None:
    """(after, until] on both axes, oldest first, by type; a newer revision replaces the older."""
    one = event(number=1, known="2022-11-01T00:00", day="2022-11-01")
    two = event(number=2, known="2022-11-02T00:00", day="2022-11-02")
    other = event("arms.transfer", number=3, known="2022-11-02T00:00", day="2022-11-02")
    undated = event(number=4, known="2022-11-02T00:00")
    history = MemoryHistory([two, other, one, undated])
    assert history.between(["weapons"], one.first_known, two.first_known) == [two, undated]
    assert history.between(["weapons", "arms"], datetime(2022, 1, 1, tzinfo=UTC), one.first_known) == [one]
    assert history.happened_between(["weapons"], date(2022, 11, 1), date(2022, 11, 2)) == [two]
    newer = event(number=2, known="2022-11-02T00:00", title="corrected", revision=2)
    history.put(newer)
    assert history.between(["weapons"], one.first_known, two.first_known) == [newer, undated]
