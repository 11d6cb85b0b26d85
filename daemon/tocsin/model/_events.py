"""Events (one happening each), their append-only revisions, and the claims parties make about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tocsin.model._mentions import Mention, Place, Thing, When
from tocsin.model._severity import Severity

FEED_QUIET = "feed.quiet"  # a feed that answers and posts nothing any more
INTERNAL_TYPES = (FEED_QUIET,)  # of events about Tocsin's own sources; lists show them when asked for by type


class EventStatus(StrEnum):
    """What is known of an event's truth, derived from its mentions and claims."""

    REPORTED = "reported"  # told as fact by at least one publisher
    CLAIMED = "claimed"  # only ever told as what a party asserts
    DENIED = "denied"  # a party to it denies it and nobody else reports it as fact
    DISPUTED = "disputed"  # asserted by one party and denied by another
    CONFIRMED = "confirmed"  # told as fact by two owners or more, or confirmed by a party to it
    RETRACTED = "retracted"  # those who told it took it back


class Phase(StrEnum):
    """Where the event stands in time, as told."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    HAPPENED = "happened"


class EventReason(StrEnum):
    """Why an event got a revision."""

    FIRST_REPORT = "first_report"
    CORROBORATED = "corroborated"  # another owner tells it
    REPEATED = "repeated"  # another article of an owner already counted, or a copy of a wire text
    CORRECTED = "corrected"  # date, place, actors or count changed by a later text
    STATUS_CHANGED = "status_changed"  # denied, disputed, confirmed
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"  # an edited article no longer tells it
    RECOUNTED = "recounted"  # articles that tell it turned out to be one
    OBSERVED = "observed"  # by Tocsin itself; no article tells it
    ENDED = "ended"  # what Tocsin observed is over


class Stance(StrEnum):
    """What a party does with a claim."""

    ASSERT = "assert"
    DENY = "deny"
    CONFIRM = "confirm"
    RETRACT = "retract"


class ClaimStatus(StrEnum):
    """The state of a claim, derived from its stances."""

    ASSERTED = "asserted"
    DENIED = "denied"  # denied, and the assertion itself was not seen
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Party:
    """An actor of an event, without the span: the event has many articles."""

    name: str | None
    country: str | None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One happening in the world, as folded from its mentions at `revision`."""

    id: UUID
    type: str
    title: str
    status: EventStatus
    phase: Phase
    severity: Severity
    when: When | None
    place: Place | None
    source: tuple[Party, ...]
    target: tuple[Party, ...]
    objects: tuple[Thing, ...]
    confidence: float
    mentions: int
    articles: int
    publishers: tuple[str, ...]
    owners: tuple[str, ...]  # who stands behind the articles; their number is the corroboration
    first_known: datetime  # knowledge time of the first article
    last_known: datetime  # knowledge time of the newest revision
    revision: int  # from 1
    plover: str | None = None
    cameo: str | None = None
    claim: ClaimKey | None = None  # for statements: what it asserts or denies
    first_published: datetime | None = None  # earliest publication among its articles

    @property
    def day(self) -> date | None:
        """The first day of the event, or None when nothing dates it."""
        return None if self.when is None else self.when.start


@dataclass(frozen=True, slots=True)
class EventRevision:
    """One change of an event: what changed, when it became known, why."""

    event_id: UUID
    number: int
    known_at: datetime
    reason: EventReason
    detail: str  # one sentence for people
    changes: dict[str, Any]  # field -> [before, after], JSON values
    state: Event  # the event whole, so that as_of needs no replay
    article_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """What makes two propositions the same claim: what is said to have been done, by whom, to whom."""

    type: str
    source: tuple[str, ...]  # countries (alpha-3) or names, sorted
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimStance:
    """One party's stance on a claim, at a time, with the event and article that tell it."""

    claim_id: UUID
    stance: Stance
    party: Party
    event_id: UUID  # the statement event
    article_id: UUID
    on: date | None  # day of the statement
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposition that parties assert, deny, confirm or retract."""

    id: UUID
    key: ClaimKey
    text: str  # for people: "North Korea supplied arms to Russia"
    status: ClaimStatus
    first_known: datetime
    last_known: datetime
    about_event_id: UUID | None = None  # the event on the timeline that the claim speaks of
    stances: tuple[ClaimStance, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedMention:
    """A mention as stored, with the article it stands in and the event it was linked to."""

    id: UUID
    article_id: UUID
    revision: int
    content_hash: str
    ordinal: int
    mention: Mention
    published: datetime | None
    known_at: datetime
    publisher: str | None
    owner: str | None
    event_id: UUID | None = None
    link_reason: str | None = None  # why it was linked or left off the timeline
    article_title: str = ""
    article_url: str | None = None
    active: bool = True  # False once a newer revision of the article replaced it
    text_hash: str | None = None  # of the body alone: equal for copies of one wire text
    same_as: UUID | None = None  # the article that stands for this one; None when it stands for itself


@dataclass(frozen=True, slots=True)
class LinkWrite:
    """Everything linking one article writes, in one transaction."""

    article_id: UUID
    links: tuple[tuple[UUID, UUID | None, str], ...]  # mention id, event id or None, reason
    revisions: tuple[EventRevision, ...]  # new events have a revision with number 1
    claims: tuple[Claim, ...] = ()  # new or changed, stances included; stances are only ever added
