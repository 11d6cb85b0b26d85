"""Rows of rules, alerts, subscribers and deliveries to the words of the model, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from tocsin.model import (
    Alert,
    AlertDraft,
    AlertKind,
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    RuleRecord,
    Severity,
    Silence,
    Subscriber,
    SubscriberKind,
)


def rule_values(rule: RuleRecord) -> dict[str, Any]:
    """A rule as a row."""
    return {
        "name": rule.name,
        "file": rule.file,
        "line": rule.line,
        "title": rule.title,
        "severity": rule.severity.value,
        "source": rule.source,
        "source_hash": rule.source_hash,
        "labels": dict(rule.labels),
        "active": rule.active,
        "error": rule.error,
        "loaded_at": rule.loaded_at,
    }


def to_rule(row: Row[Any]) -> RuleRecord:
    """A row of `rule`."""
    return RuleRecord(
        name=row.name,
        file=row.file,
        line=row.line,
        title=row.title,
        severity=Severity(row.severity),
        source=row.source,
        source_hash=row.source_hash,
        labels=row.labels,
        active=row.active,
        error=row.error,
        loaded_at=row.loaded_at,
    )


def alert_values(draft: AlertDraft, alert_id: UUID, now: datetime) -> dict[str, Any]:
    """A new alert as a row; its events are rows of `alert_event`."""
    return {
        "id": alert_id,
        "rule": draft.rule,
        "fingerprint": draft.fingerprint,
        "kind": draft.kind.value,
        "title": draft.title,
        "severity": draft.severity.value,
        "reason": draft.reason,
        "group": dict(draft.group),
        "labels": dict(draft.labels),
        "roles": dict(draft.roles),
        "explanation": dict(draft.explanation),
        "known_at": draft.known_at,
        "follows": draft.follows,
        "fired_at": now,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }


def to_alert(row: Row[Any], event_ids: Sequence[UUID]) -> Alert:
    """A row of `alert` with its events."""
    draft = AlertDraft(
        rule=row.rule,
        fingerprint=row.fingerprint,
        group=row.group,
        kind=AlertKind(row.kind),
        title=row.title,
        severity=Severity(row.severity),
        labels=row.labels,
        reason=row.reason,
        event_ids=tuple(event_ids),
        roles=row.roles,
        known_at=row.known_at,
        explanation=row.explanation,
        follows=row.follows,
    )
    return Alert(
        id=row.id,
        draft=draft,
        fired_at=row.fired_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
    )


def silence_values(silence: Silence) -> dict[str, Any]:
    """A silence as a row."""
    return {
        "id": silence.id,
        "matchers": dict(silence.matchers),
        "starts": silence.starts,
        "ends": silence.ends,
        "comment": silence.comment,
        "author": silence.author,
    }


def to_silence(row: Row[Any]) -> Silence:
    """A row of `silence`."""
    return Silence(
        id=row.id,
        matchers=row.matchers,
        starts=row.starts,
        ends=row.ends,
        comment=row.comment,
        author=row.author,
    )


def subscriber_values(subscriber: Subscriber, now: datetime) -> dict[str, Any]:
    """A subscriber as a row."""
    return {
        "id": subscriber.id,
        "name": subscriber.name,
        "kind": subscriber.kind.value,
        "address": subscriber.address,
        "secret": subscriber.secret,
        "old_secret": subscriber.old_secret,
        "old_secret_until": subscriber.old_secret_until,
        "min_severity": subscriber.min_severity.value,
        "rules": list(subscriber.rules),
        "labels": dict(subscriber.labels),
        "enabled": subscriber.enabled,
        "created_at": subscriber.created_at or now,
        "removed_at": None,
    }


def to_subscriber(row: Row[Any]) -> Subscriber:
    """A row of `subscriber`."""
    return Subscriber(
        id=row.id,
        name=row.name,
        kind=SubscriberKind(row.kind),
        address=row.address,
        secret=row.secret,
        old_secret=row.old_secret,
        old_secret_until=row.old_secret_until,
        min_severity=Severity(row.min_severity),
        rules=tuple(row.rules),
        labels=row.labels,
        enabled=row.enabled,
        created_at=row.created_at,
    )


def attempt_values(attempt: Attempt) -> dict[str, Any]:
    """An attempt as a row."""
    return {
        "delivery_id": attempt.delivery_id,
        "number": attempt.number,
        "at": attempt.at,
        "outcome": attempt.outcome.value,
        "detail": attempt.detail,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
    }


def to_attempt(row: Row[Any]) -> Attempt:
    """A row of `attempt`."""
    return Attempt(
        delivery_id=row.delivery_id,
        number=row.number,
        at=row.at,
        outcome=AttemptOutcome(row.outcome),
        detail=row.detail,
        status=row.status,
        duration_ms=row.duration_ms,
    )


def to_delivery(row: Row[Any], log: Sequence[Attempt]) -> Delivery:
    """A row of `delivery` joined with the names of its subscriber and alert."""
    return Delivery(
        id=row.id,
        alert_id=row.alert_id,
        subscriber_id=row.subscriber_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        reason=row.reason,
        subscriber_name=row.subscriber_name,
        alert_title=row.alert_title,
        log=tuple(log),
    )
