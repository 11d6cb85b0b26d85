"""All rules against one event, touching only those that its type concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.errors import RuleError
from tocsin.model import AlertDraft, Event
from tocsin.ports import RuleHistory
from tocsin.rules._evaluate import evaluate
from tocsin.rules._rule import Rule
from tocsin.rules._vocabulary import lineage

Evaluate = Callable[[Rule, Event, RuleHistory, datetime], list[AlertDraft]]


@dataclass(frozen=True, slots=True)
class Matched:
    """What one event gave: alerts of all rules, and errors not reported before."""

    alerts: tuple[AlertDraft, ...] = ()
    errors: tuple[RuleError, ...] = ()


class Matcher:
    """Rules indexed by event type. Remembers which errors it has reported, each once a rule."""

    def __init__(self, rules: Sequence[Rule], evaluate: Evaluate = evaluate) -> None:
        self._by_family: dict[str, list[Rule]] = {}
        self._evaluate = evaluate
        self._reported: set[tuple[str, str]] = set()
        for rule in rules:
            for family in rule.families:
                self._by_family.setdefault(family, []).append(rule)

    def concerned(self, event_type: str) -> tuple[Rule, ...]:
        """Rules that an event of this type can make ring, by name."""
        found = {rule.name: rule for name in lineage(event_type) for rule in self._by_family.get(name, ())}
        return tuple(found[name] for name in sorted(found))

    def match(self, event: Event, history: RuleHistory, now: datetime) -> Matched:
        """Evaluate; a rule that fails is reported and stops no other."""
        alerts: list[AlertDraft] = []
        errors: list[RuleError] = []
        for rule in self.concerned(event.type):
            try:
                alerts.extend(self._evaluate(rule, event, history, now))
            except RuleError as error:
                mark = (rule.name, error.message)
                if mark not in self._reported:
                    self._reported.add(mark)
                    errors.append(error)
        return Matched(tuple(alerts), tuple(errors))
