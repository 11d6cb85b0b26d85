"""`AlertStore`: rules as loaded, alerts as fired, silences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, func, select, tuple_, update

from tocsin.errors import StoreError
from tocsin.model import Alert, AlertDraft, DeliveryState, NewDelivery, RuleRecord, Silence
from tocsin.store._convert_alerts import (
    alert_values,
    rule_values,
    silence_values,
    to_alert,
    to_rule,
    to_silence,
)
from tocsin.store._part import Part, Rows, chunks, insert_new, page, upsert
from tocsin.store._tables_alerts import alert, alert_event, delivery, rule, silence
from tocsin.store._tables_alerts import silence as silence_table
from tocsin.store._tables_timeline import event

_Firing = tuple[str, str]  # rule, fingerprint


class Alerts(Part):
    """Rules as loaded, alerts, silences."""

    def save_rules(self, rules: Sequence[RuleRecord]) -> None:
        """Replace the set of loaded rules; rules gone from the files stay, inactive."""
        with self._db.write() as connection:
            connection.execute(update(rule).values(active=False))
            upsert(connection, rule, [rule_values(record) for record in rules])

    def rules(self) -> list[RuleRecord]:
        """By name."""
        with self._db.read() as connection:
            return [to_rule(row) for row in connection.execute(select(rule).order_by(rule.c.name))]

    def alerts_of_events(self, event_ids: Sequence[UUID]) -> list[Alert]:
        """Alerts that carry one of these events, oldest first."""
        found: dict[UUID, Alert] = {}
        for portion in chunks(list(event_ids)):
            carrying = select(alert_event.c.alert_id).where(alert_event.c.event_id.in_(portion))
            found.update(
                (known.id, known)
                for known in self._read_alerts(select(alert).where(alert.c.id.in_(carrying)))
            )
        return sorted(found.values(), key=lambda known: (known.fired_at, known.id))

    def known_fingerprints(self, rule: str, fingerprints: Sequence[str]) -> set[str]:
        """Which of these firings are stored already."""
        known: set[str] = set()
        with self._db.read() as connection:
            for portion in chunks(list(fingerprints)):
                found = select(alert.c.fingerprint).where(
                    alert.c.rule == rule, alert.c.fingerprint.in_(portion)
                )
                known.update(connection.scalars(found))
        return known

    def write_alerts(
        self,
        matched: Sequence[tuple[UUID, int]],
        alerts: Sequence[AlertDraft],
        deliveries: Sequence[NewDelivery],
        now: datetime,
    ) -> list[UUID]:
        """One transaction; returns ids of deliveries that wait.

        Alerts are unique by rule and fingerprint, deliveries by alert and subscriber; `matched` are the
        (event, revision) pairs that rules have now looked at. The same write again changes nothing.

        Raises:
            StoreError: an event, subscriber or alert that is named is not there.
        """
        with self._db.write() as connection:
            ids = self._insert_alerts(connection, alerts, deliveries, now)
            waiting = self._insert_deliveries(connection, ids, deliveries, now)
            if matched:
                rows = [{"b_id": event_id, "b_revision": number} for event_id, number in matched]
                connection.execute(_MATCHED, rows)
        return waiting

    def _insert_alerts(
        self,
        connection: Connection,
        alerts: Sequence[AlertDraft],
        deliveries: Sequence[NewDelivery],
        now: datetime,
    ) -> dict[_Firing, UUID]:
        wanted = [(draft.rule, draft.fingerprint) for draft in alerts]
        wanted += [(new.rule, new.alert_fingerprint) for new in deliveries]
        known = _alert_ids(connection, wanted)
        rows: Rows = []
        events: Rows = []
        for draft in alerts:
            firing = (draft.rule, draft.fingerprint)
            if firing in known:
                continue
            known[firing] = alert_id = self._ids.new()
            rows.append(alert_values(draft, alert_id, now))
            events += [
                {"alert_id": alert_id, "ordinal": ordinal, "event_id": event_id}
                for ordinal, event_id in enumerate(draft.event_ids)
            ]
        insert_new(connection, alert, rows)
        insert_new(connection, alert_event, events)
        return known

    def _insert_deliveries(
        self,
        connection: Connection,
        ids: dict[_Firing, UUID],
        deliveries: Sequence[NewDelivery],
        now: datetime,
    ) -> list[UUID]:
        rows: Rows = []
        for new in deliveries:
            alert_id = ids.get((new.rule, new.alert_fingerprint))
            if alert_id is None:
                raise StoreError(
                    f"a delivery names an alert of rule {new.rule} that is not there; nothing was written"
                )
            due = new.next_attempt_at
            if due is None and new.state is DeliveryState.PENDING:
                due = now
            rows.append(
                {
                    "id": self._ids.new(),
                    "alert_id": alert_id,
                    "subscriber_id": new.subscriber_id,
                    "state": new.state.value,
                    "attempts": 0,
                    "next_attempt_at": due,
                    "created_at": now,
                    "reason": new.reason,
                }
            )
        insert_new(connection, delivery, rows)
        return _pending(connection, [(row["alert_id"], row["subscriber_id"]) for row in rows])

    def alert(self, alert_id: UUID) -> Alert | None:
        """One alert."""
        found = self._read_alerts(select(alert).where(alert.c.id == alert_id))
        return found[0] if found else None

    def alerts(
        self,
        *,
        rule: str | None = None,
        since: datetime | None = None,
        unacknowledged: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Alert]:
        """Newest first; `since` is compared with the time of firing."""
        found = select(alert)
        if rule is not None:
            found = found.where(alert.c.rule == rule)
        if since is not None:
            found = found.where(alert.c.fired_at >= since)
        if unacknowledged:
            found = found.where(alert.c.acknowledged_at.is_(None))
        limit, offset = page(limit, offset)
        return self._read_alerts(
            found.order_by(alert.c.fired_at.desc(), alert.c.id.desc()).limit(limit).offset(offset)
        )

    def _read_alerts(self, found: Select[Any]) -> list[Alert]:
        with self._db.read() as connection:
            rows = connection.execute(found).all()
            events = _events_of(connection, [row.id for row in rows])
        return [to_alert(row, events[row.id]) for row in rows]

    def acknowledge(self, alert_id: UUID, by: str, now: datetime) -> bool:
        """False when there is no such alert; the first acknowledgement stands."""
        stamp = {
            "acknowledged_at": func.coalesce(alert.c.acknowledged_at, now),
            "acknowledged_by": func.coalesce(alert.c.acknowledged_by, by),
        }
        with self._db.write() as connection:
            return bool(
                connection.execute(update(alert).where(alert.c.id == alert_id).values(**stamp)).rowcount
            )

    def silences(self, now: datetime) -> list[Silence]:
        """Those not over yet."""
        found = select(silence).where(silence.c.ends > now).order_by(silence.c.starts, silence.c.id)
        with self._db.read() as connection:
            return [to_silence(row) for row in connection.execute(found)]

    def add_silence(self, silence: Silence) -> None:
        """Store it, or replace the one with this id."""
        with self._db.write() as connection:
            upsert(connection, silence_table, [silence_values(silence)])

    def remove_silence(self, silence_id: UUID) -> bool:
        """False when there is no such silence."""
        with self._db.write() as connection:
            return bool(connection.execute(delete(silence).where(silence.c.id == silence_id)).rowcount)


def _alert_ids(connection: Connection, firings: Sequence[_Firing]) -> dict[_Firing, UUID]:
    known: dict[_Firing, UUID] = {}
    for portion in chunks(list(dict.fromkeys(firings))):
        found = select(alert.c.id, alert.c.rule, alert.c.fingerprint).where(
            tuple_(alert.c.rule, alert.c.fingerprint).in_(portion)
        )
        known.update(((row.rule, row.fingerprint), row.id) for row in connection.execute(found))
    return known


def _pending(connection: Connection, wanted: Sequence[tuple[UUID, UUID]]) -> list[UUID]:
    ids: list[UUID] = []
    for portion in chunks(list(dict.fromkeys(wanted))):
        found = select(delivery.c.id).where(
            tuple_(delivery.c.alert_id, delivery.c.subscriber_id).in_(portion),
            delivery.c.state == DeliveryState.PENDING.value,
        )
        ids += connection.scalars(found.order_by(delivery.c.id))
    return ids


def _events_of(connection: Connection, ids: Sequence[UUID]) -> defaultdict[UUID, list[UUID]]:
    events: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for portion in chunks(ids):
        found = select(alert_event).where(alert_event.c.alert_id.in_(portion))
        for row in connection.execute(found.order_by(alert_event.c.alert_id, alert_event.c.ordinal)):
            events[row.alert_id].append(row.event_id)
    return events


_MATCHED = (
    update(event)
    .where(event.c.id == bindparam("b_id"), event.c.matched_revision < bindparam("b_revision"))
    .values(matched_revision=bindparam("b_revision"))
)
