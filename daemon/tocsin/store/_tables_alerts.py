"""Tables of the last stages: rules, alerts, silences, subscribers, deliveries; and small pieces of state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from tocsin.store._tables_base import Row, table_of
from tocsin.store._types import FreeText, Json, UtcDateTime

_PRESENT = sql("removed_at IS NULL")


class RuleRow(Row, table=True):
    """A rule as loaded from its file; kept, inactive, when the file no longer has it."""

    __tablename__ = "rule"

    name: str = Field(primary_key=True, sa_type=FreeText)
    file: str = Field(sa_type=FreeText)
    line: int
    title: str = Field(sa_type=FreeText)
    severity: str
    source: str = Field(sa_type=FreeText)
    source_hash: str
    labels: dict[str, str] = Field(sa_type=Json)
    active: bool = True
    error: str | None = Field(default=None, sa_type=FreeText)
    loaded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AlertRow(Row, table=True):
    """One firing of a rule for one group."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("rule", "fingerprint"),
        Index("ix_alert_fired_at", "fired_at", "id"),
        Index("ix_alert_rule_fired_at", "rule", "fired_at"),
    )

    id: UUID = Field(primary_key=True)
    rule: str = Field(sa_type=FreeText)
    fingerprint: str = Field(sa_type=FreeText)
    kind: str
    title: str = Field(sa_type=FreeText)
    severity: str
    reason: str = Field(sa_type=FreeText)
    group: dict[str, str] = Field(sa_type=Json)
    labels: dict[str, str] = Field(sa_type=Json)
    roles: dict[str, str] = Field(sa_type=Json)
    explanation: dict[str, Any] = Field(sa_type=Json)
    known_at: datetime = Field(sa_type=UtcDateTime)
    follows: UUID | None = Field(default=None, foreign_key="alert.id")
    fired_at: datetime = Field(sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: str | None = Field(default=None, sa_type=FreeText)


class AlertEventRow(Row, table=True):
    """An event that made an alert fire, in the order the rule gave."""

    __tablename__ = "alert_event"
    __table_args__ = (Index("ix_alert_event_event_id", "event_id"),)

    alert_id: UUID = Field(primary_key=True, foreign_key="alert.id")
    ordinal: int = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")


class SilenceRow(Row, table=True):
    """Alerts that match are kept but not sent."""

    __tablename__ = "silence"

    id: UUID = Field(primary_key=True)
    matchers: dict[str, str] = Field(sa_type=Json)
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime, index=True)
    comment: str = Field(default="", sa_type=FreeText)
    author: str = Field(default="", sa_type=FreeText)


class SubscriberRow(Row, table=True):
    """Who wants alerts; a removed one keeps its name for the log and nothing else."""

    __tablename__ = "subscriber"
    __table_args__ = (
        Index("uq_subscriber_name", "name", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT),
    )

    id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=FreeText)
    kind: str
    address: str = Field(sa_type=FreeText)
    secret: str | None = Field(default=None, sa_type=FreeText)
    old_secret: str | None = Field(default=None, sa_type=FreeText)
    old_secret_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    min_severity: str
    rules: list[str] = Field(sa_type=Json)
    labels: dict[str, str] = Field(sa_type=Json)
    enabled: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeliveryRow(Row, table=True):
    """One message on its way to one subscriber."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("alert_id", "subscriber_id"),
        Index("ix_delivery_due", "state", "next_attempt_at"),
        Index("ix_delivery_created_at", "created_at", "id"),
        Index("ix_delivery_subscriber_id", "subscriber_id", "state"),
    )

    id: UUID = Field(primary_key=True)
    alert_id: UUID = Field(foreign_key="alert.id")
    subscriber_id: UUID = Field(foreign_key="subscriber.id")
    state: str
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=FreeText)


class AttemptRow(Row, table=True):
    """One try at sending."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_at", "at"),)

    delivery_id: UUID = Field(primary_key=True, foreign_key="delivery.id")
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    detail: str = Field(sa_type=FreeText)
    status: int | None = None
    duration_ms: int = 0


class StateRow(Row, table=True):
    """A small piece of state: heartbeats, watermarks."""

    __tablename__ = "state"

    key: str = Field(primary_key=True, sa_type=FreeText)
    value: str = Field(sa_type=FreeText)


rule = table_of(RuleRow)
alert = table_of(AlertRow)
alert_event = table_of(AlertEventRow)
silence = table_of(SilenceRow)
subscriber = table_of(SubscriberRow)
delivery = table_of(DeliveryRow)
attempt = table_of(AttemptRow)
state = table_of(StateRow)
