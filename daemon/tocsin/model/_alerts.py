"""Rules as loaded, alerts as fired, subscribers, and every message on its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tocsin.model._severity import Severity


class AlertKind(StrEnum):
    """A first firing, or which follow-up it is."""

    FIRST = "first"
    CORROBORATED = "corroborated"
    CORRECTED = "corrected"
    DENIED = "denied"
    CONFIRMED = "confirmed"
    RETRACTED = "retracted"


class SubscriberKind(StrEnum):
    """How a subscriber is reached."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    CHAT = "chat"  # any Apprise address


class DeliveryState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # gave up after the last attempt; can be redelivered by hand
    SILENCED = "silenced"


class AttemptOutcome(StrEnum):
    """What one attempt came to; the class decides the retry."""

    ACCEPTED = "accepted"
    TRANSIENT = "transient"  # 5xx, 429, 4xx SMTP, time-out, no connection: tried again
    PERMANENT = "permanent"  # the address is wrong or refuses for good: not tried again


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule file's rule as the store keeps it, for the page and for `tocsin rules list`."""

    name: str
    file: str
    line: int
    title: str
    severity: Severity
    source: str  # the YAML document as loaded
    source_hash: str
    labels: dict[str, str] = field(default_factory=dict)
    active: bool = True
    error: str | None = None  # file:line:column: why it was refused
    loaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """One firing of a rule as the matcher decided it. Unique by (rule, fingerprint)."""

    rule: str
    fingerprint: str  # the same events seen again give the same fingerprint: no repeated alert
    group: dict[str, str]
    kind: AlertKind
    title: str
    severity: Severity
    labels: dict[str, str]
    reason: str  # one sentence: why the rule fired
    event_ids: tuple[UUID, ...]
    roles: dict[str, str]  # pattern name -> event id as text, for sequences
    known_at: datetime
    explanation: dict[str, Any] = field(default_factory=dict)
    follows: UUID | None = None  # the first alert, for follow-ups


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as stored."""

    id: UUID
    draft: AlertDraft
    fired_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that match are kept but not sent between `starts` and `ends`."""

    id: UUID
    matchers: dict[str, str]  # rule, severity or a label -> value, all must be equal
    starts: datetime
    ends: datetime
    comment: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who wants alerts."""

    id: UUID
    name: str
    kind: SubscriberKind
    address: str  # https URL, email address or Apprise URL
    secret: str | None = None  # webhooks: whsec_..., Standard Webhooks
    old_secret: str | None = None  # still signed with after a rotation until `old_secret_until`
    old_secret_until: datetime | None = None
    min_severity: Severity = Severity.INFO
    rules: tuple[str, ...] = ()  # empty: all
    labels: dict[str, str] = field(default_factory=dict)  # an alert must carry these
    enabled: bool = True
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to be sent; unique by (alert, subscriber)."""

    alert_fingerprint: str
    rule: str
    subscriber_id: UUID
    state: DeliveryState
    next_attempt_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at sending, as logged."""

    delivery_id: UUID
    number: int  # from 1
    at: datetime
    outcome: AttemptOutcome
    detail: str
    status: int | None = None  # HTTP or SMTP status
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one subscriber."""

    id: UUID
    alert_id: UUID
    subscriber_id: UUID
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None = None
    reason: str = ""
    subscriber_name: str = ""
    alert_title: str = ""
    log: tuple[Attempt, ...] = ()
