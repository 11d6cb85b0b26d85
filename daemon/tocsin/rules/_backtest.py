"""Rules over the past: what would have rung, in the order in which things became known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.errors import RuleError
from tocsin.model import AlertDraft, Event
from tocsin.rules._history import MemoryHistory
from tocsin.rules._matcher import Matcher
from tocsin.rules._rule import Rule


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert and the moment it would have rung."""

    at: datetime
    alert: AlertDraft


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a backtest came to; `looked_at` counts event states inside the period."""

    firings: tuple[Firing, ...]
    errors: tuple[RuleError, ...]
    looked_at: int


def backtest(
    rules: Sequence[Rule],
    states: Iterable[tuple[datetime, Event]],
    since: datetime | None = None,
    until: datetime | None = None,
) -> Backtest:
    """Replay event states (known at, event as it then stood) and say what rings in (since, until].

    States before `since` are history: they are looked at, so that what rang before does not ring again.
    """
    history, matcher = MemoryHistory(), Matcher(rules)
    rung: set[tuple[str, str]] = set()
    firings: list[Firing] = []
    errors: list[RuleError] = []
    looked_at = 0
    for at, event in sorted(states, key=lambda state: (state[0], state[1].id, state[1].revision)):
        if until is not None and at > until:
            break
        inside = since is None or at > since
        looked_at += inside
        history.put(event)
        matched = matcher.match(event, history, at)
        errors.extend(matched.errors)
        for alert in matched.alerts:
            if (alert.rule, alert.fingerprint) not in rung:
                rung.add((alert.rule, alert.fingerprint))
                firings.extend([Firing(at, alert)] if inside else [])
    return Backtest(tuple(firings), tuple(errors), looked_at)
