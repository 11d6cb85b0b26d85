"""What a rule says about one event, given what else is known: alerts to ring, each with its reason.

Pure: history comes through the `RuleHistory` port, the time as an argument. Evaluating an event again
gives alerts with the same fingerprints, so nothing rings twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tocsin.model import AlertDraft, AlertKind, Event
from tocsin.ports import RuleHistory
from tocsin.rules._burst import Burst, bursts, takes_part
from tocsin.rules._history import Axis
from tocsin.rules._pattern import Check, Pattern
from tocsin.rules._rule import OnAny, OnCount, OnSequence, Rule
from tocsin.rules._sequence import Chain, chains
from tocsin.rules._values import shorten

FINGERPRINT_VERSION = "1"
EVENTS_SHOWN = 100


def evaluate(rule: Rule, event: Event, history: RuleHistory, now: datetime) -> list[AlertDraft]:
    """Alerts that this event makes the rule ring; `event` stands for whatever history has under its id.

    Fingerprints: any, rule and event; count and distinct, rule, group and the moment the burst began;
    sequence, rule and the event that completes it. Raises `tocsin.errors.RuleError` at the place of
    `where` when the expression fails on an event, or when a sequence has too many combinations.
    """
    when = rule.when
    if isinstance(when, OnAny):
        return [_single(rule, event)] if takes_part(rule, event) else []
    axis = Axis(rule, event, history, now, when.clock)
    if isinstance(when, OnCount):
        return [_burst(rule, when, event, burst) for burst in bursts(rule, when, event, axis)]
    return [_sequence(rule, when, chain) for chain in chains(rule, when, event, axis)]


def fingerprint(rule: Rule, *parts: str) -> str:
    """Version digit and SHA-256 over the rule's name and what makes one firing."""
    joined = "\x1f".join((rule.name, rule.when.kind, *parts))
    return FINGERPRINT_VERSION + hashlib.sha256(joined.encode()).hexdigest()


def _single(rule: Rule, event: Event) -> AlertDraft:
    pattern = next(pattern for pattern in rule.patterns if pattern.matches(event))
    return _draft(
        rule,
        (event,),
        fingerprint(rule, str(event.id)),
        title=f"{rule.title}: {event.title}",
        reason=f"{_named(event)} matched {_because(pattern, event)}.",
        group={},
        matched={pattern.name: _matched(pattern, event)},
    )


def _burst(rule: Rule, when: OnCount, event: Event, burst: Burst) -> AlertDraft:
    group = dict(zip(when.by, burst.group, strict=True))
    where = f" for {', '.join(f'{key} {value}' for key, value in group.items())}" if group else ""
    counted = f"{len(burst.events)} events"
    if when.distinct is not None:
        counted = f"{len(burst.values)} values of {when.distinct} ({', '.join(burst.values)}) in {counted}"
    limit = f"at least {when.at_least} in {shorten(when.within)} {_clock(when)}"
    pattern = next(pattern for pattern in rule.patterns if pattern.matches(event))
    return _draft(
        rule,
        burst.events[-EVENTS_SHOWN:],
        fingerprint(rule, *burst.group, burst.began.isoformat()),
        title=f"{rule.title}: {counted}{where}",
        reason=f"{counted}{where} up to {burst.at:%Y-%m-%d %H:%M} UTC; the rule asks for {limit}.",
        group=group,
        matched={pattern.name: _matched(pattern, event)},
        more={
            "events": len(burst.events),
            "at_least": when.at_least,
            "within": shorten(when.within),
            "clock": when.clock,
            "burst_began": burst.began.isoformat(),
            **({"distinct": when.distinct, "values": list(burst.values)} if when.distinct else {}),
        },
    )


def _sequence(rule: Rule, when: OnSequence, chain: Chain) -> AlertDraft:
    roles = dict(zip(when.order, chain.events, strict=True))
    last = chain.events[-1]
    steps = ", then ".join(f"{name}: {_named(event)}" for name, event in roles.items())
    joined = "; ".join(f"{name} is {' and '.join(values)}" for name, values in chain.shared.items())
    shared = f" {joined}." if joined else ""
    return _draft(
        rule,
        chain.events,
        fingerprint(rule, str(last.id)),
        title=f"{rule.title}: {last.title}",
        reason=f"{steps}, within {shorten(when.within)} {_clock(when)}.{shared}",
        group={name: ", ".join(values) for name, values in chain.shared.items()},
        matched={name: _matched(rule.pattern(name), event) for name, event in roles.items()},
        roles={name: str(event.id) for name, event in roles.items()},
        more={
            "within": shorten(when.within),
            "clock": when.clock,
            "shared": {name: list(values) for name, values in chain.shared.items()},
            "others": [str(event.id) for event in chain.others],
        },
    )


def _draft(
    rule: Rule,
    events: tuple[Event, ...],
    mark: str,
    *,
    title: str,
    reason: str,
    group: dict[str, str],
    matched: dict[str, Any],
    roles: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
) -> AlertDraft:
    where = {"where": rule.where.source} if rule.where else {}
    return AlertDraft(
        rule=rule.name,
        fingerprint=mark,
        group=group,
        kind=AlertKind.FIRST,
        title=title,
        severity=rule.severity,
        labels=dict(rule.labels),
        reason=reason,
        event_ids=tuple(event.id for event in events),
        roles=roles or {},
        known_at=max(event.last_known for event in events),
        explanation={"when": rule.when.kind, "matched": matched, **where, **(more or {})},
    )


def _matched(pattern: Pattern, event: Event) -> dict[str, Any]:
    """Field -> what it was and what was wanted, for the conditions that the rule file names."""
    return {
        check.field: {"found": check.found, "wanted": check.wanted}
        for check in pattern.checks(event)
        if not check.by_default and check.field != "not"
    }


def _because(pattern: Pattern, event: Event) -> str:
    checks = [check for check in pattern.checks(event) if not check.by_default]
    return "; ".join(_fact(check) for check in checks)


def _fact(check: Check) -> str:
    if check.field == "not":
        return "none of what is excluded"
    return f"{check.field} {_words(check.wanted)}"


def _words(value: Any) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _named(event: Event) -> str:
    who = _words(sorted({p.country or p.name or "" for p in event.source} - {""}))
    day = f" on {event.day:%Y-%m-%d}" if event.day else ""
    return f"{event.type}{f' by {who}' if who else ''}{day}".replace(" or ", " and ")


def _clock(when: OnCount | OnSequence) -> str:
    return "of happening" if when.clock == "happened" else "of becoming known"


def unmet(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Those that failed."""
    return tuple(check for check in checks if not check.met)
