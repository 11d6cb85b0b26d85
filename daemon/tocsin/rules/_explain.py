"""Why a rule rings for an event, or why it does not, as sentences and as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tocsin.errors import RuleError
from tocsin.model import AlertDraft, Event
from tocsin.ports import RuleHistory
from tocsin.rules._burst import groups, measure, takes_part
from tocsin.rules._cel import variables_of
from tocsin.rules._evaluate import evaluate, unmet
from tocsin.rules._history import Axis
from tocsin.rules._pattern import Check
from tocsin.rules._rule import OnCount, OnSequence, Rule
from tocsin.rules._values import shorten


@dataclass(frozen=True, slots=True)
class Explanation:
    """`checks` by pattern name; `where` is None where there is none, or it needs a whole sequence."""

    rule: str
    event_id: str
    fires: bool
    sentence: str
    checks: dict[str, tuple[Check, ...]]
    where: bool | None
    alerts: tuple[AlertDraft, ...]
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For `--json` and the page."""
        return {
            "rule": self.rule,
            "event": self.event_id,
            "fires": self.fires,
            "reason": self.sentence,
            "patterns": {name: [asdict(check) for check in checks] for name, checks in self.checks.items()},
            "where": self.where,
            "alerts": [
                {
                    "group": a.group,
                    "reason": a.reason,
                    "events": [str(i) for i in a.event_ids],
                    "roles": a.roles,
                }
                for a in self.alerts
            ],
            "error": self.error,
        }


def explain(rule: Rule, event: Event, history: RuleHistory, now: datetime) -> Explanation:
    """Evaluate and say why; an expression that fails is part of the answer."""
    checks = {pattern.name: pattern.checks(event) for pattern in rule.patterns}
    alerts: list[AlertDraft] = []
    where: bool | None = None
    error: str | None = None
    try:
        where = _where(rule, event)
        alerts = evaluate(rule, event, history, now)
        sentence = alerts[0].reason if alerts else _why_not(rule, event, history, now, checks, where=where)
    except RuleError as failure:
        error = str(failure)
        sentence = f"The rule failed on this event: {error}"
    return Explanation(rule.name, str(event.id), bool(alerts), sentence, checks, where, tuple(alerts), error)


def _where(rule: Rule, event: Event) -> bool | None:
    if rule.where is None or isinstance(rule.when, OnSequence):
        return None
    return rule.where.holds({"event": variables_of(event)})


def _why_not(
    rule: Rule,
    event: Event,
    history: RuleHistory,
    now: datetime,
    checks: dict[str, tuple[Check, ...]],
    *,
    where: bool | None,
) -> str:
    failed = {name: unmet(found) for name, found in checks.items()}
    if all(failed.values()):
        told = "; ".join(_told(name, found, len(checks)) for name, found in failed.items())
        return f"The event does not match: {told}."
    if where is False:
        return f"The event matches, but where does not hold: {rule.where.source if rule.where else ''}"
    if isinstance(rule.when, OnCount):
        return _too_few(rule, rule.when, event, history, now)
    roles = " or ".join(name for name, found in failed.items() if not found)
    within = shorten(rule.when.within)
    return f"The event matches {roles}, but no events within {within} complete the sequence with it."


def _told(name: str, failed: tuple[Check, ...], patterns: int) -> str:
    said = ", ".join(check.sentence() for check in failed)
    return said if patterns == 1 else f"as {name}, {said}"


def _too_few(rule: Rule, when: OnCount, event: Event, history: RuleHistory, now: datetime) -> str:
    axis = Axis(rule, event, history, now, when.clock)
    here = axis.at(event)
    if here is None:
        return "The event matches, but its day is not known and the rule counts on happening days."
    mine = groups(when, event)
    if not mine:
        return f"The event matches, but has no value for {' and '.join(when.by)} to be counted under."
    window = [item for item in axis.around(here - when.within, here) if takes_part(rule, item)]
    most = max(measure(when, [item for item in window if group in groups(when, item)]) for group in mine)
    what = "events" if when.distinct is None else f"values of {when.distinct}"
    return (
        f"The event matches, but {shorten(when.within)} has only {most} of the {when.at_least} {what} needed."
    )
