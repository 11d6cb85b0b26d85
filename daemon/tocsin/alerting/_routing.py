"""Who gets an alert, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tocsin.model import AlertDraft, Delivery, DeliveryState, NewDelivery, Silence, Subscriber


class RouteReason(StrEnum):
    """Why a subscriber gets an alert or does not."""

    WANTED = "wanted"
    GOT_THE_FIRST = "got_the_first"  # follow-ups go to everybody who got the first alert
    SILENCED = "silenced"
    DISABLED = "disabled"
    SEVERITY_TOO_LOW = "severity_too_low"
    RULE_NOT_WANTED = "rule_not_wanted"
    LABEL_MISMATCH = "label_mismatch"
    DID_NOT_GET_THE_FIRST = "did_not_get_the_first"


@dataclass(frozen=True, slots=True)
class Routing:
    """One alert and one subscriber: what was decided, in words for the log. `state` is None for no message."""

    alert: AlertDraft
    subscriber: Subscriber
    reason: RouteReason
    detail: str
    state: DeliveryState | None


def route(
    alerts: Sequence[AlertDraft],
    subscribers: Sequence[Subscriber],
    silences: Sequence[Silence],
    now: datetime,
    *,
    got_first: Mapping[UUID, frozenset[UUID]] | None = None,
) -> list[NewDelivery]:
    """The messages to write: pending ones and silenced ones.

    `got_first` maps the id of a first alert to the subscribers who got it (`recipients`); a follow-up of
    an alert named there goes to exactly these, whatever they subscribe to now. Follow-ups of alerts not
    named there are routed like first alerts.
    """
    decided = routings(alerts, subscribers, silences, now, got_first=got_first)
    return [_delivery(one, now) for one in decided if one.state is not None]


def routings(
    alerts: Sequence[AlertDraft],
    subscribers: Sequence[Subscriber],
    silences: Sequence[Silence],
    now: datetime,
    *,
    got_first: Mapping[UUID, frozenset[UUID]] | None = None,
) -> list[Routing]:
    """Every pair of alert and subscriber with its decision, refusals included."""
    return [
        _decide(alert, subscriber, silences, now, _recipients_of_first(alert, got_first or {}))
        for alert in alerts
        for subscriber in subscribers
    ]


def recipients(deliveries: Iterable[Delivery]) -> frozenset[UUID]:
    """Subscribers who got an alert, or for whom it is still on its way."""
    reached = (DeliveryState.DELIVERED, DeliveryState.PENDING)
    return frozenset(one.subscriber_id for one in deliveries if one.state in reached)


def silenced_by(alert: AlertDraft, silences: Sequence[Silence], now: datetime) -> Silence | None:
    """The silence that holds for this alert now, the one that ends last."""
    facts = {**alert.labels, "rule": alert.rule, "severity": alert.severity.value}
    holding = [one for one in silences if one.starts <= now < one.ends and _matches(one.matchers, facts)]
    return max(holding, key=lambda one: one.ends, default=None)


def _matches(wanted: Mapping[str, str], facts: Mapping[str, str]) -> bool:
    return all(facts.get(name) == value for name, value in wanted.items())


def _recipients_of_first(
    alert: AlertDraft, got_first: Mapping[UUID, frozenset[UUID]]
) -> frozenset[UUID] | None:
    return None if alert.follows is None else got_first.get(alert.follows)


def _decide(
    alert: AlertDraft,
    subscriber: Subscriber,
    silences: Sequence[Silence],
    now: datetime,
    first: frozenset[UUID] | None,
) -> Routing:
    reason, detail = _wanted(alert, subscriber) if first is None else _followed(subscriber, first)
    if reason not in {RouteReason.WANTED, RouteReason.GOT_THE_FIRST}:
        return Routing(alert, subscriber, reason, detail, None)
    silence = silenced_by(alert, silences, now)
    if silence is None:
        return Routing(alert, subscriber, reason, detail, DeliveryState.PENDING)
    comment = f": {silence.comment}" if silence.comment else ""
    detail = f"silenced until {silence.ends:%Y-%m-%d %H:%M} UTC{comment}"
    return Routing(alert, subscriber, RouteReason.SILENCED, detail, DeliveryState.SILENCED)


def _followed(subscriber: Subscriber, first: frozenset[UUID]) -> tuple[RouteReason, str]:
    if not subscriber.enabled:
        return RouteReason.DISABLED, "the subscriber is disabled"
    if subscriber.id in first:
        return RouteReason.GOT_THE_FIRST, "got the first alert"
    return RouteReason.DID_NOT_GET_THE_FIRST, "did not get the first alert"


def _wanted(alert: AlertDraft, subscriber: Subscriber) -> tuple[RouteReason, str]:
    if not subscriber.enabled:
        return RouteReason.DISABLED, "the subscriber is disabled"
    if subscriber.rules and alert.rule not in subscriber.rules:
        return RouteReason.RULE_NOT_WANTED, f"wants {', '.join(subscriber.rules)}, not {alert.rule}"
    least = subscriber.min_severity
    if alert.severity.rank < least.rank:
        return RouteReason.SEVERITY_TOO_LOW, f"wants {least.value} and above, this is {alert.severity.value}"
    for name, value in subscriber.labels.items():
        if alert.labels.get(name) != value:
            has = f"{name}={alert.labels[name]}" if name in alert.labels else f"no label {name}"
            return RouteReason.LABEL_MISMATCH, f"wants {name}={value}, the alert has {has}"
    return RouteReason.WANTED, f"wants {least.value} and above"


def _delivery(routing: Routing, now: datetime) -> NewDelivery:
    pending = routing.state is DeliveryState.PENDING
    return NewDelivery(
        alert_fingerprint=routing.alert.fingerprint,
        rule=routing.alert.rule,
        subscriber_id=routing.subscriber.id,
        state=DeliveryState.PENDING if pending else DeliveryState.SILENCED,
        next_attempt_at=now if pending else None,
        reason=routing.detail,
    )
