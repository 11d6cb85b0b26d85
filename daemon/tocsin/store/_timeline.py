"""`TimelineStore`, the part about events: reading the timeline, now and as it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from tocsin.model import INTERNAL_TYPES, Event, EventQuery, EventRevision, LinkedMention, MentionCandidate
from tocsin.store._convert_events import MENTIONS, event_from_json, to_event_revision, to_linked_mention
from tocsin.store._event_query import (
    event_candidates,
    event_count,
    event_list,
    is_common,
    one_event,
    party_probe,
)
from tocsin.store._part import Part, chunks
from tocsin.store._tables_timeline import event, event_revision, mention

_MOST_CANDIDATES = 200


class Timeline(Part):
    """Events, what backs them, and how they changed."""

    def candidates(self, wanted: MentionCandidate) -> list[Event]:
        """Events a mention might be about, newest first, 200 at the most."""
        return self._read_events(event_candidates(wanted, _MOST_CANDIDATES))

    def event(self, event_id: UUID, *, as_of: datetime | None = None) -> Event | None:
        """One event, now or as it stood."""
        found = self._read_events(one_event(event_id, as_of))
        return found[0] if found else None

    def events(self, query: EventQuery) -> list[Event]:
        """The timeline; events without a date come last in either order."""
        with self._db.read() as connection:
            probe = party_probe(query)
            walked = probe is not None and is_common(connection.execute(probe).one())
            found = connection.execute(event_list(query, walked=walked)).all()
        return [event_from_json(row.body, row.id) for row in found]

    def _read_events(self, found: Select[Any]) -> list[Event]:
        with self._db.read() as connection:
            return [event_from_json(row.body, row.id) for row in connection.execute(found)]

    def count_events(self, query: EventQuery) -> int:
        """How many `events` would give without limit and offset."""
        with self._db.read() as connection:
            return int(connection.scalar(event_count(query)) or 0)

    def event_mentions(self, event_ids: Sequence[UUID], *, active_only: bool = True) -> list[LinkedMention]:
        """What backs these events, oldest knowledge first."""
        rows: list[Row[Any]] = []
        with self._db.read() as connection:
            for portion in chunks(event_ids):
                found = MENTIONS.where(mention.c.event_id.in_(portion))
                if active_only:
                    found = found.where(mention.c.active)
                rows += connection.execute(found).all()
        mentions = [to_linked_mention(row) for row in rows]
        return sorted(mentions, key=lambda m: (m.known_at, m.article_id, m.revision, m.ordinal))

    def event_revisions(self, event_id: UUID) -> list[EventRevision]:
        """All changes, oldest first."""
        c = event_revision.c
        found = select(event_revision).where(c.event_id == event_id).order_by(c.number)
        with self._db.read() as connection:
            return [to_event_revision(row) for row in connection.execute(found)]

    def changes(self, after: int | None, limit: int = 100) -> list[tuple[int, EventRevision]]:
        """Event revisions in the order they were written, each with its row number, for the live stream.

        `after` is the last number seen; None gives only the newest revision there is. Events about Tocsin's own
        feeds are left out, as they are of lists.
        """
        c = event_revision.c
        world = select(event_revision).where(c.type.not_in(INTERNAL_TYPES))
        if after is None:
            found = world.order_by(c.id.desc()).limit(1)
        else:
            found = world.where(c.id > after).order_by(c.id).limit(max(limit, 0))
        with self._db.read() as connection:
            return [(row.id, to_event_revision(row)) for row in connection.execute(found)]

    def waiting_for_rules(self, limit: int) -> list[UUID]:
        """Events whose newest revision no rule has looked at, oldest knowledge first."""
        with self._db.read() as connection:
            return list(connection.scalars(unmatched_events(limit)))


def unmatched_events(limit: int) -> Select[Any]:
    """The statement behind `waiting_for_rules`; its condition is that of a partial index."""
    waiting = select(event.c.id).where(event.c.matched_revision < event.c.revision)
    return waiting.order_by(event.c.last_known, event.c.id).limit(max(limit, 0))
