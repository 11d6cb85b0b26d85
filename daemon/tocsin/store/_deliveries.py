"""`DeliveryStore`: subscribers, and messages on their way with every attempt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, or_, select, update

from tocsin.errors import StoreError
from tocsin.model import Attempt, Delivery, DeliveryState, Subscriber
from tocsin.store._convert_alerts import (
    attempt_values,
    subscriber_values,
    to_attempt,
    to_delivery,
    to_subscriber,
)
from tocsin.store._part import Part, as_uuid, chunks, insert_new, page, upsert
from tocsin.store._tables_alerts import alert, attempt, delivery, subscriber
from tocsin.store._tables_alerts import attempt as attempt_table
from tocsin.store._tables_alerts import subscriber as subscriber_table

_PENDING = DeliveryState.PENDING.value
_DELIVERIES: Select[Any] = (
    select(
        delivery,
        subscriber.c.name.label("subscriber_name"),
        alert.c.title.label("alert_title"),
    )
    .join(subscriber, subscriber.c.id == delivery.c.subscriber_id)
    .join(alert, alert.c.id == delivery.c.alert_id)
)


class Deliveries(Part):
    """Subscribers and messages on their way."""

    def subscribers(self, *, enabled_only: bool = False) -> list[Subscriber]:
        """By name."""
        found = select(subscriber).where(subscriber.c.removed_at.is_(None))
        if enabled_only:
            found = found.where(subscriber.c.enabled)
        with self._db.read() as connection:
            return [to_subscriber(row) for row in connection.execute(found.order_by(subscriber.c.name))]

    def subscriber(self, name_or_id: str | UUID) -> Subscriber | None:
        """One subscriber; a removed one is found by its id only."""
        wanted = as_uuid(name_or_id) if isinstance(name_or_id, str) else name_or_id
        named = (subscriber.c.name == str(name_or_id)) & subscriber.c.removed_at.is_(None)
        condition = named if wanted is None else or_(named, subscriber.c.id == wanted)
        with self._db.read() as connection:
            row = connection.execute(select(subscriber).where(condition)).first()
        return None if row is None else to_subscriber(row)

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Insert, or replace the one with this id. A second name raises `StoreError`."""
        table = subscriber_table
        with self._db.write() as connection:
            taken = select(table.c.id).where(
                table.c.name == subscriber.name, table.c.removed_at.is_(None), table.c.id != subscriber.id
            )
            if connection.execute(taken).first() is not None:
                raise StoreError(
                    f"there is a subscriber named {subscriber.name!r} already",
                    hint="choose another name, or remove that one first",
                )
            values = subscriber_values(subscriber, self._clock.now())
            kept = () if subscriber.created_at else ("created_at",)
            upsert(connection, table, [values], keep=kept)

    def remove_subscriber(self, name: str) -> bool:
        """Disable and forget the address; its deliveries stay in the log, those that wait are given up."""
        now = self._clock.now()
        with self._db.write() as connection:
            wanted = select(subscriber.c.id).where(
                subscriber.c.name == name, subscriber.c.removed_at.is_(None)
            )
            found = connection.scalar(wanted)
            if found is None:
                return False
            forgotten = {"address": "", "secret": None, "old_secret": None, "old_secret_until": None}
            gone = update(subscriber).where(subscriber.c.id == found)
            connection.execute(gone.values(enabled=False, removed_at=now, **forgotten))
            connection.execute(
                update(delivery)
                .where(delivery.c.subscriber_id == found, delivery.c.state == _PENDING)
                .values(
                    state=DeliveryState.FAILED.value,
                    next_attempt_at=None,
                    claimed_until=None,
                    reason="the subscriber was removed",
                )
            )
        return True

    def claim_deliveries(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """Take pending messages that are due and lease them."""
        with self._db.write() as connection:
            rows = connection.execute(due_deliveries(now, limit)).all()
            ids = [row.id for row in rows]
            for portion in chunks(ids):
                connection.execute(
                    update(delivery).where(delivery.c.id.in_(portion)).values(claimed_until=now + lease)
                )
            logs = _logs(connection, ids)
        return [to_delivery(row, logs[row.id]) for row in rows]

    def delivery(self, delivery_id: UUID) -> Delivery | None:
        """One message with its attempts."""
        found = self._read_deliveries(_DELIVERIES.where(delivery.c.id == delivery_id))
        return found[0] if found else None

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        alert_id: UUID | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Delivery]:
        """Newest first, attempts included."""
        found = _DELIVERIES
        if state is not None:
            found = found.where(delivery.c.state == state.value)
        if alert_id is not None:
            found = found.where(delivery.c.alert_id == alert_id)
        limit, offset = page(limit, offset)
        order = (delivery.c.created_at.desc(), delivery.c.id.desc())
        return self._read_deliveries(found.order_by(*order).limit(limit).offset(offset))

    def _read_deliveries(self, found: Select[Any]) -> list[Delivery]:
        with self._db.read() as connection:
            rows = connection.execute(found).all()
            logs = _logs(connection, [row.id for row in rows])
        return [to_delivery(row, logs[row.id]) for row in rows]

    def record_attempt(
        self, attempt: Attempt, state: DeliveryState, next_attempt_at: datetime | None, reason: str
    ) -> None:
        """One transaction: the attempt and what it means for the message; ends the lease.

        An attempt that is logged already changes nothing.

        Raises:
            StoreError: there is no such message.
        """
        with self._db.write() as connection:
            row = connection.execute(select(delivery).where(delivery.c.id == attempt.delivery_id)).first()
            if row is None:
                raise StoreError(f"there is no delivery {attempt.delivery_id}; nothing was written")
            if _is_logged(connection, attempt):
                return
            insert_new(connection, attempt_table, [attempt_values(attempt)])
            values: dict[str, Any] = {
                "state": state.value,
                "attempts": max(row.attempts, attempt.number),
                "next_attempt_at": next_attempt_at,
                "claimed_until": None,
                "reason": reason,
            }
            if state is DeliveryState.DELIVERED:
                values["delivered_at"] = attempt.at
            connection.execute(update(delivery).where(delivery.c.id == row.id).values(**values))

    def redeliver(self, delivery_id: UUID, now: datetime) -> bool:
        """Make it pending and due; False when there is no such message."""
        again = update(delivery).where(delivery.c.id == delivery_id)
        values = {
            "state": _PENDING,
            "next_attempt_at": now,
            "claimed_until": None,
            "reason": "sent again by hand",
        }
        with self._db.write() as connection:
            return bool(connection.execute(again.values(**values)).rowcount)


def due_deliveries(now: datetime, limit: int) -> Select[Any]:
    """Messages that may be sent now, longest due first."""
    free = or_(delivery.c.claimed_until.is_(None), delivery.c.claimed_until <= now)
    found = _DELIVERIES.where(delivery.c.state == _PENDING, delivery.c.next_attempt_at <= now, free)
    order = (delivery.c.next_attempt_at, delivery.c.id)
    return found.order_by(*order).limit(max(limit, 0)).with_for_update(skip_locked=True, of=delivery)


def _is_logged(connection: Connection, wanted: Attempt) -> bool:
    logged = select(attempt.c.number).where(
        attempt.c.delivery_id == wanted.delivery_id, attempt.c.number == wanted.number
    )
    return connection.execute(logged).first() is not None


def _logs(connection: Connection, ids: Sequence[UUID]) -> defaultdict[UUID, list[Attempt]]:
    logs: defaultdict[UUID, list[Attempt]] = defaultdict(list)
    for portion in chunks(ids):
        found = select(attempt).where(attempt.c.delivery_id.in_(portion))
        for row in connection.execute(found.order_by(attempt.c.delivery_id, attempt.c.number)):
            logs[row.delivery_id].append(to_attempt(row))
    return logs
