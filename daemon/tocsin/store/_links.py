"""`write_links`: what linking one article decided, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from tocsin.errors import StoreConflictError, StoreError
from tocsin.model import Claim, ClaimStance, Event, EventRevision, LinkWrite, Party
from tocsin.store._convert_events import fact_values, key_to_json, revision_values, word_key
from tocsin.store._part import Part, Rows, chunks, insert_new, upsert
from tocsin.store._shelves import shelf_values
from tocsin.store._tables_feeds import article
from tocsin.store._tables_timeline import (
    claim,
    claim_party,
    claim_stance,
    event,
    event_party,
    event_revision,
    mention,
)


class Links(Part):
    """The one write of the linking stage."""

    def write_links(self, write: LinkWrite) -> list[UUID]:
        """One transaction; returns events that wait for rules. The same write again changes nothing.

        Raises:
            StoreConflictError: an event has got other revisions since it was read; read again, decide again.
            StoreError: an article, mention or event of the write is not there.
        """
        with self._db.write() as connection:
            append_revisions(connection, _new_revisions(connection, write.revisions))
            _write_claims(connection, write.claims)
            _write_mention_links(connection, write)
            return _unmatched(connection, write.revisions)


def append_revisions(connection: Connection, fresh: Sequence[EventRevision]) -> None:
    """Write revisions that are not stored yet, each event's in order, and the events as they then stand."""
    _write_events(connection, fresh)
    _write_parties(connection, fresh)
    insert_new(connection, event_revision, [revision_values(revision) for revision in fresh])


def unstored(connection: Connection, revisions: Sequence[EventRevision]) -> list[EventRevision]:
    """Those with a number that their event has not reached."""
    stored = _stored_numbers(connection, [revision.event_id for revision in revisions])
    return [revision for revision in revisions if revision.number > stored.get(revision.event_id, 0)]


def _new_revisions(connection: Connection, revisions: Sequence[EventRevision]) -> list[EventRevision]:
    """Those not stored yet, in order; anything but the next number, or the same row again, is a conflict."""
    stored = _stored_numbers(connection, [revision.event_id for revision in revisions])
    fresh = []
    for revision in sorted(revisions, key=lambda r: (r.event_id, r.number)):
        newest = stored.get(revision.event_id, 0)
        if revision.number == newest + 1:
            stored[revision.event_id] = revision.number
            fresh.append(revision)
        elif revision.number > newest or not _is_stored(connection, revision):
            raise StoreConflictError(
                f"event {revision.event_id} is at revision {newest}, revision {revision.number} does not "
                "follow; nothing was written",
                hint="read the event again and decide again",
            )
    return fresh


def _stored_numbers(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    numbers: dict[UUID, int] = {}
    for portion in chunks(list(dict.fromkeys(event_ids))):
        found = select(event.c.id, event.c.revision).where(event.c.id.in_(portion))
        numbers.update((row.id, row.revision) for row in connection.execute(found))
    return numbers


def _is_stored(connection: Connection, revision: EventRevision) -> bool:
    c = event_revision.c
    found = select(event_revision).where(c.event_id == revision.event_id, c.number == revision.number)
    row = connection.execute(found).one()
    wanted = revision_values(revision)
    same = all(getattr(row, name) == wanted[name] for name in ("known_at", "reason", "detail", "article_id"))
    return same and row.body == json.loads(json.dumps(wanted["body"]))


def _write_events(connection: Connection, fresh: Sequence[EventRevision]) -> None:
    newest = {revision.event_id: revision for revision in fresh}
    rows = [
        fact_values(revision.state)
        | shelf_values(revision.state.when, revision.known_at)
        | {
            "id": event_id,
            "last_known": revision.known_at,
            "revision": revision.number,
            "matched_revision": 0,
        }
        for event_id, revision in newest.items()
    ]
    upsert(connection, event, rows, keep=("matched_revision",))


def _party_keys(state: Event) -> list[tuple[str, int, Party]]:
    sides = (("source", state.source), ("target", state.target))
    return [(role, ordinal, party) for role, parties in sides for ordinal, party in enumerate(parties)]


def _write_parties(connection: Connection, fresh: Sequence[EventRevision]) -> None:
    """Close the rows of parties a revision no longer has, add those that are new in it."""
    standing = _open_parties(connection, [revision.event_id for revision in fresh])
    new: dict[tuple[UUID, str, int], dict[str, Any]] = {}
    rows: Rows = []
    closed: Rows = []
    for revision in fresh:
        wanted = {(role, ordinal): party for role, ordinal, party in _party_keys(revision.state)}
        before = standing.setdefault(revision.event_id, {})
        for place, party in list(before.items()):
            if wanted.get(place) != party:
                del before[place]
                row = new.pop((revision.event_id, *place), None)
                if row is None:
                    closed.append(_closing(revision, *place))
                else:
                    row["until_revision"] = revision.number
        for place, party in wanted.items():
            if place not in before:
                before[place] = party
                row = _party_row(revision, *place, party)
                new[revision.event_id, *place] = row
                rows.append(row)
    if closed:
        connection.execute(_CLOSE_PARTY, closed)
    insert_new(connection, event_party, rows)


def _open_parties(
    connection: Connection, event_ids: Sequence[UUID]
) -> dict[UUID, dict[tuple[str, int], Party]]:
    standing: dict[UUID, dict[tuple[str, int], Party]] = {}
    c = event_party.c
    for portion in chunks(list(dict.fromkeys(event_ids))):
        for row in connection.execute(
            select(event_party).where(c.event_id.in_(portion), c.until_revision.is_(None))
        ):
            party = Party(row.name, row.country, row.sector)
            standing.setdefault(row.event_id, {})[row.role, row.ordinal] = party
    return standing


def _closing(revision: EventRevision, role: str, ordinal: int) -> dict[str, Any]:
    return {
        "b_event": revision.event_id,
        "b_role": role,
        "b_ordinal": ordinal,
        "b_until": revision.number,
    }


def _party_row(revision: EventRevision, role: str, ordinal: int, party: Party) -> dict[str, Any]:
    return {
        "event_id": revision.event_id,
        "role": role,
        "ordinal": ordinal,
        "name": party.name,
        "key": word_key(party.name),
        "country": party.country,
        "sector": party.sector,
        "since_revision": revision.number,
        "until_revision": None,
    }


def _write_claims(connection: Connection, claims: Sequence[Claim]) -> None:
    upsert(connection, claim, [_claim_row(found) for found in claims])
    insert_new(connection, claim_party, [row for found in claims for row in _named_rows(found)])
    stances = [_stance_row(stance, found) for found in claims for stance in found.stances]
    insert_new(connection, claim_stance, stances)


def _claim_row(found: Claim) -> dict[str, Any]:
    return {
        "id": found.id,
        "key": key_to_json(found.key),
        "type": found.key.type,
        "text": found.text,
        "status": found.status.value,
        "first_known": found.first_known,
        "last_known": found.last_known,
        "about_event_id": found.about_event_id,
    }


def _named_rows(found: Claim) -> Rows:
    sides = (("source", found.key.source), ("target", found.key.target))
    return [
        {"claim_id": found.id, "role": role, "party": party, "key": word_key(party) or ""}
        for role, parties in sides
        for party in parties
    ]


def _stance_row(stance: ClaimStance, found: Claim) -> dict[str, Any]:
    party = stance.party
    return {
        "claim_id": found.id,
        "stance": stance.stance.value,
        "party": party.country or word_key(party.name) or "",
        "party_name": party.name,
        "party_key": word_key(party.name),
        "party_country": party.country,
        "party_sector": party.sector,
        "event_id": stance.event_id,
        "article_id": stance.article_id,
        "on": stance.on,
        "day": stance.on or stance.known_at.date(),
        "known_at": stance.known_at,
        "status_after": found.status.value,
    }


def _write_mention_links(connection: Connection, write: LinkWrite) -> None:
    links = [
        {"b_id": mention_id, "b_event": event_id, "b_reason": reason}
        for mention_id, event_id, reason in write.links
    ]
    if links and connection.execute(_LINK, links).rowcount != len(links):
        raise StoreError(f"a mention of article {write.article_id} is not there; nothing was written")
    row = connection.execute(select(article).where(article.c.id == write.article_id)).first()
    if row is None:
        raise StoreError(f"there is no article {write.article_id}; nothing was written")
    linked = _linked_revision(connection, write, row.extracted_revision)
    if linked > row.linked_revision:
        connection.execute(update(article).where(article.c.id == row.id).values(linked_revision=linked))


def _linked_revision(connection: Connection, write: LinkWrite, extracted: int) -> int:
    """How far linking has come: to the newest extracted revision unless one came in between."""
    c = mention.c
    undecided = select(c.id).where(c.article_id == write.article_id, c.active, c.link_reason.is_(None))
    if connection.execute(undecided.limit(1)).first() is None:
        return extracted
    ids = [mention_id for mention_id, _, _ in write.links]
    reached = [
        connection.scalar(
            select(func.max(c.revision)).where(c.id.in_(portion), c.article_id == write.article_id)
        )
        for portion in chunks(ids)
    ]
    return max((number for number in reached if number is not None), default=0)


def _unmatched(connection: Connection, revisions: Sequence[EventRevision]) -> list[UUID]:
    ids = list(dict.fromkeys(revision.event_id for revision in revisions))
    waiting: set[UUID] = set()
    for portion in chunks(ids):
        found = select(event.c.id).where(event.c.id.in_(portion), event.c.matched_revision < event.c.revision)
        waiting.update(connection.scalars(found))
    return [event_id for event_id in ids if event_id in waiting]


_LINK = (
    update(mention)
    .where(mention.c.id == bindparam("b_id"))
    .values(event_id=bindparam("b_event"), link_reason=bindparam("b_reason"))
)
_CLOSE_PARTY = (
    update(event_party)
    .where(
        event_party.c.event_id == bindparam("b_event"),
        event_party.c.role == bindparam("b_role"),
        event_party.c.ordinal == bindparam("b_ordinal"),
        event_party.c.until_revision.is_(None),
    )
    .values(until_revision=bindparam("b_until"))
)
