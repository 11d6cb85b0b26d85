"""`TimelineStore`, the part about claims: the ledger, now and as it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, or_, select

from tocsin.model import Claim, ClaimKey, ClaimQuery, ClaimStance, ClaimStatus, Party, Stance
from tocsin.store._convert_events import key_from_json, key_to_json
from tocsin.store._event_query import below, named
from tocsin.store._part import Part, chunks, page
from tocsin.store._tables_timeline import claim, claim_party, claim_stance

_NEWEST_FIRST = (claim.c.last_known.desc(), claim.c.id.desc())


class Claims(Part):
    """The claim ledger."""

    def claims(self, query: ClaimQuery) -> list[Claim]:
        """The claim ledger, stances included; with `as_of` only what was known by then."""
        limit, offset = page(query.limit, query.offset)
        if query.as_of is None:
            return self._read_claims(claim_list(query).limit(limit).offset(offset))
        # a claim's order and status then differ from those of its row
        found = self._read_claims(claim_list(query), query.as_of)
        found = [known for known in found if query.status in (None, known.status.value)]
        found.sort(key=lambda known: (known.last_known, known.id), reverse=True)
        return found[offset : offset + limit]

    def claim(self, claim_id: UUID) -> Claim | None:
        """One claim with its stances."""
        found = self._read_claims(select(claim).where(claim.c.id == claim_id))
        return found[0] if found else None

    def claims_by_key(self, keys: Sequence[ClaimKey]) -> list[Claim]:
        """Claims with one of these keys."""
        wanted = list({key_to_json(key) for key in keys})
        found = [
            known
            for portion in chunks(wanted)
            for known in self._read_claims(
                select(claim).where(claim.c.key.in_(portion)).order_by(*_NEWEST_FIRST)
            )
        ]
        return sorted(found, key=lambda known: (known.last_known, known.id), reverse=True)

    def claims_of(self, event_id: UUID) -> list[Claim]:
        """Claims about this event, or in which this event is a statement."""
        stated = select(claim_stance.c.claim_id).where(claim_stance.c.event_id == event_id)
        about = or_(claim.c.about_event_id == event_id, claim.c.id.in_(stated))
        return self._read_claims(select(claim).where(about).order_by(*_NEWEST_FIRST))

    def recent_claims(self, since: datetime, countries: Sequence[str]) -> list[Claim]:
        """Claims with a stance known after `since` that name one of these countries."""
        naming = exists().where(
            claim_party.c.claim_id == claim.c.id, claim_party.c.party.in_(list(countries))
        )
        recent = select(claim_stance.c.claim_id).where(claim_stance.c.known_at > since)
        found = select(claim).where(claim.c.id.in_(recent), naming)
        return self._read_claims(found.order_by(*_NEWEST_FIRST))

    def _read_claims(self, found: Select[Any], as_of: datetime | None = None) -> list[Claim]:
        with self._db.read() as connection:
            rows = connection.execute(found).all()
            stances = _stances(connection, [row.id for row in rows], as_of)
        return [_to_claim(row, stances[row.id], as_of) for row in rows]


def claim_list(query: ClaimQuery) -> Select[Any]:
    """The claims a query wants, but for what depends on the time it is asked for."""
    stance, conditions = claim_stance.c, _conditions(query)
    of_claim: list[ColumnElement[bool]] = []
    if query.since is not None:
        of_claim.append(stance.day >= query.since)
    if query.until is not None:
        of_claim.append(stance.day <= query.until)
    if query.as_of is not None:
        of_claim.append(stance.known_at <= query.as_of)
    if of_claim:
        conditions.append(exists().where(stance.claim_id == claim.c.id, *of_claim))
    return select(claim).where(*conditions).order_by(*_NEWEST_FIRST)


def _conditions(query: ClaimQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.type:
        conditions.append(below(claim.c.type, [query.type]))
    if query.party:
        naming = select(claim_party.c.claim_id).where(
            named(claim_party.c.party, claim_party.c.key, query.party)
        )
        stance = claim_stance.c
        stating = select(stance.claim_id).where(named(stance.party_country, stance.party_key, query.party))
        if query.as_of is not None:
            stating = stating.where(stance.known_at <= query.as_of)
        conditions.append(or_(claim.c.id.in_(naming), claim.c.id.in_(stating)))
    if query.status and query.as_of is None:
        conditions.append(claim.c.status == query.status)
    return conditions


def _stances(
    connection: Connection, ids: Sequence[UUID], as_of: datetime | None
) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {claim_id: [] for claim_id in ids}
    c = claim_stance.c
    for portion in chunks(ids):
        wanted = select(claim_stance).where(c.claim_id.in_(portion)).order_by(c.known_at, c.id)
        if as_of is not None:
            wanted = wanted.where(c.known_at <= as_of)
        for row in connection.execute(wanted):
            found[row.claim_id].append(row)
    return found


def _to_claim(row: Row[Any], stances: Sequence[Row[Any]], as_of: datetime | None) -> Claim:
    status, last_known = row.status, row.last_known
    if as_of is not None:
        status, last_known = stances[-1].status_after, stances[-1].known_at
    return Claim(
        id=row.id,
        key=key_from_json(row.key),
        text=row.text,
        status=ClaimStatus(status),
        first_known=row.first_known,
        last_known=last_known,
        about_event_id=row.about_event_id,
        stances=tuple(_to_stance(stance) for stance in stances),
    )


def _to_stance(row: Row[Any]) -> ClaimStance:
    return ClaimStance(
        claim_id=row.claim_id,
        stance=Stance(row.stance),
        party=Party(row.party_name, row.party_country, row.party_sector),
        event_id=row.event_id,
        article_id=row.article_id,
        on=row.on,
        known_at=row.known_at,
    )
