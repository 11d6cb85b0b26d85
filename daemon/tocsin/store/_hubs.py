"""`HubStore`: subscriptions at WebSub hubs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from tocsin.model import HubState, HubSubscription
from tocsin.store._part import Part, upsert
from tocsin.store._tables_feeds import feed, hub_subscription

_TABLE = hub_subscription  # a method has its name


class Hubs(Part):
    """One row a feed."""

    def hub_subscription(self, feed_id: UUID) -> HubSubscription | None:
        """The one of a feed."""
        with self._db.read() as connection:
            row = connection.execute(select(_TABLE).where(_TABLE.c.feed_id == feed_id)).first()
        return None if row is None else _to_subscription(row)

    def hub_subscriptions(self) -> list[tuple[HubSubscription, bool]]:
        """All, each with whether its feed is still polled."""
        polled = feed.c.enabled & feed.c.removed_at.is_(None) & feed.c.muted_reason.is_(None)
        found = select(_TABLE, polled.label("polled")).join(feed, feed.c.id == _TABLE.c.feed_id)
        with self._db.read() as connection:
            rows = connection.execute(found.order_by(_TABLE.c.feed_id))
            return [(_to_subscription(row), bool(row.polled)) for row in rows]

    def save_hub_subscription(self, subscription: HubSubscription) -> None:
        """Insert or replace; the feed's `pushed_until` becomes the lease of an active one, else None."""
        active = subscription.state is HubState.ACTIVE
        row = {name: getattr(subscription, name) for name in _COLUMNS} | {"state": subscription.state.value}
        with self._db.write() as connection:
            upsert(connection, _TABLE, [row])
            self._push(connection, subscription.feed_id, subscription.lease_until if active else None)

    def end_hub_subscription(self, feed_id: UUID) -> bool:
        """Forget it; the feed is polled by its rhythm. False when there was none."""
        with self._db.write() as connection:
            gone = connection.execute(delete(_TABLE).where(_TABLE.c.feed_id == feed_id))
            self._push(connection, feed_id, None)
            return bool(gone.rowcount)

    @staticmethod
    def _push(connection: Any, feed_id: UUID, until: Any) -> None:
        connection.execute(update(feed).where(feed.c.id == feed_id).values(pushed_until=until))


_COLUMNS = ("feed_id", "hub", "topic", "secret", "asked_at", "lease_until", "last_push_at", "note")


def _to_subscription(row: Row[Any]) -> HubSubscription:
    return HubSubscription(**{name: getattr(row, name) for name in _COLUMNS}, state=HubState(row.state))
