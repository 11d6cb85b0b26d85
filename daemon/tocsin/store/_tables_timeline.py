"""Tables of the timeline: mentions with their spans, events with their revisions, claims with their stances."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from tocsin.store._tables_base import Row, table_of
from tocsin.store._types import Code, FreeText, Json, RowId, UtcDateTime

_UNMATCHED = sql("matched_revision < revision")
_OPEN = sql("until_revision IS NULL")


class MentionRow(Row, table=True):
    """One dated event as one revision of an article tells it; `body` is the mention's JSON form."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("article_id", "revision", "ordinal"),
        Index("ix_mention_event_id", "event_id", "active"),
    )

    id: UUID = Field(primary_key=True)
    article_id: UUID = Field(foreign_key="article.id")
    revision: int
    ordinal: int
    type: str = Field(sa_type=Code)
    status: str
    when_start: date | None = None
    when_end: date | None = None
    confidence: float
    event_id: UUID | None = Field(default=None, foreign_key="event.id")
    link_reason: str | None = Field(default=None, sa_type=FreeText)
    active: bool = True
    body: dict[str, Any] = Field(sa_type=Json)


class SpanRow(Row, table=True):
    """A stretch of an article's text and what it says about a mention. Code points, end exclusive."""

    __tablename__ = "span"
    __table_args__ = (UniqueConstraint("mention_id", "role", "ordinal"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    mention_id: UUID = Field(foreign_key="mention.id")
    role: str
    ordinal: int
    start: int
    end: int
    text: str = Field(sa_type=FreeText)
    name: str | None = Field(default=None, sa_type=FreeText)
    country: str | None = None
    sector: str | None = None


class EventFacts(Row):
    """What lists filter on, the same for an event today and for each of its revisions."""

    type: str = Field(sa_type=Code)
    status: str
    when_start: date | None = None
    when_end: date | None = None
    place_key: str | None = Field(default=None, sa_type=FreeText)
    place_country: str | None = None
    owner_count: int
    first_known: datetime = Field(sa_type=UtcDateTime)
    body: dict[str, Any] = Field(sa_type=Json)


class EventRow(EventFacts, table=True):
    """An event as it stands at its newest revision.

    `shelf` and `shelf_day` are how linking finds events near a day without reading all of them: short
    ones by their first day, long ones by their last, undated ones by the day they were last told.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_day", "when_start", "first_known", "id"),
        Index("ix_event_type_day", "type", "when_start"),
        Index("ix_event_first_known", "first_known"),
        Index("ix_event_shelf", "shelf", "shelf_day"),
        Index("ix_event_unmatched", "last_known", "id", sqlite_where=_UNMATCHED, postgresql_where=_UNMATCHED),
    )

    id: UUID = Field(primary_key=True)
    last_known: datetime = Field(sa_type=UtcDateTime)
    shelf: str
    shelf_day: date
    revision: int
    matched_revision: int = 0


class EventPartyRow(Row, table=True):
    """A party of an event, from one revision up to (not including) another; None: still.

    `key` is the name, case-folded, with a space on either side, so that whole words can be looked for.
    """

    __tablename__ = "event_party"
    __table_args__ = (
        UniqueConstraint("event_id", "since_revision", "role", "ordinal"),
        Index("ix_event_party_country", "country", "event_id"),
        Index("ix_event_party_key", "key", "event_id"),
        Index("ix_event_party_open", "event_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    event_id: UUID = Field(foreign_key="event.id")
    role: str
    ordinal: int
    name: str | None = Field(default=None, sa_type=FreeText)
    key: str | None = Field(default=None, sa_type=FreeText)
    country: str | None = None
    sector: str | None = None
    since_revision: int
    until_revision: int | None = None


class EventRevisionRow(EventFacts, table=True):
    """One change of an event; `body` is the event whole, so that as_of needs no replay."""

    __tablename__ = "event_revision"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index("ix_event_revision_day", "when_start", "first_known", "event_id"),
        Index("ix_event_revision_known_at", "known_at"),
        Index("ix_event_revision_type_day", "type", "when_start"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    event_id: UUID = Field(foreign_key="event.id")
    number: int
    known_at: datetime = Field(sa_type=UtcDateTime)
    reason: str
    detail: str = Field(sa_type=FreeText)
    changes: dict[str, Any] = Field(sa_type=Json)
    article_id: UUID | None = Field(default=None, foreign_key="article.id")


class ClaimRow(Row, table=True):
    """A proposition that parties take a stance on; `key` is the canonical JSON of its ClaimKey."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_last_known", "last_known", "id"),
        Index("ix_claim_type", "type", "last_known"),
    )

    id: UUID = Field(primary_key=True)
    key: str = Field(sa_type=FreeText, index=True)
    type: str = Field(sa_type=Code)
    text: str = Field(sa_type=FreeText)
    status: str
    first_known: datetime = Field(sa_type=UtcDateTime)
    last_known: datetime = Field(sa_type=UtcDateTime)
    about_event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)


class ClaimPartyRow(Row, table=True):
    """Whom a claim names, as its key has it: a country or a name."""

    __tablename__ = "claim_party"
    __table_args__ = (
        Index("ix_claim_party_party", "party", "claim_id"),
        Index("ix_claim_party_key", "key", "claim_id"),
    )

    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    role: str = Field(primary_key=True)
    party: str = Field(primary_key=True, sa_type=FreeText)
    key: str = Field(sa_type=FreeText)


class ClaimStanceRow(Row, table=True):
    """One party's stance; `status_after` is the claim's status once this stance was known.

    `party` is the country or the name, whichever identifies; `day` is `on` or the day it became known.
    """

    __tablename__ = "claim_stance"
    __table_args__ = (
        UniqueConstraint("claim_id", "stance", "party", "event_id", "article_id"),
        Index("ix_claim_stance_known_at", "known_at"),
        Index("ix_claim_stance_event_id", "event_id"),
        Index("ix_claim_stance_party_country", "party_country", "claim_id"),
        Index("ix_claim_stance_party_key", "party_key", "claim_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    claim_id: UUID = Field(foreign_key="claim.id")
    stance: str
    party: str = Field(sa_type=FreeText)
    party_name: str | None = Field(default=None, sa_type=FreeText)
    party_key: str | None = Field(default=None, sa_type=FreeText)
    party_country: str | None = None
    party_sector: str | None = None
    event_id: UUID = Field(foreign_key="event.id")
    article_id: UUID = Field(foreign_key="article.id")
    on: date | None = None
    day: date
    known_at: datetime = Field(sa_type=UtcDateTime)
    status_after: str


mention = table_of(MentionRow)
span = table_of(SpanRow)
event = table_of(EventRow)
event_party = table_of(EventPartyRow)
event_revision = table_of(EventRevisionRow)
claim = table_of(ClaimRow)
claim_party = table_of(ClaimPartyRow)
claim_stance = table_of(ClaimStanceRow)
