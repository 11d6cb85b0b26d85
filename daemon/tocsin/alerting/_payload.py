"""The JSON a webhook gets. These models are the contract: the JSON Schema in the reference is made from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tocsin.model import Event, LinkedMention, Place, Span, When
from tocsin.ports import Outgoing

MOST_EVIDENCE = 50  # pieces for one event; `evidence_total` says how many there are

Kind = Literal["first", "corroborated", "corrected", "denied", "confirmed", "retracted"]
MessageType = Literal[
    "alert.first",
    "alert.corroborated",
    "alert.corrected",
    "alert.denied",
    "alert.confirmed",
    "alert.retracted",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class SpanPart(_Part):
    """A stretch of the article's text; offsets count code points, end exclusive."""

    text: str
    start: int
    end: int


class WhenPart(_Part):
    """The days of the event, both inclusive, how exactly they are known, and the words that say so."""

    start: date
    end: date
    precision: str
    text: str | None
    basis: Literal["expression", "context", "published", "observed"]


class PlacePart(_Part):
    """Where; country is ISO 3166-1 alpha-3, coordinates are WGS 84 degrees."""

    name: str | None
    country: str | None
    lat: float | None
    lon: float | None


class PartyPart(_Part):
    """Who; country is ISO 3166-1 alpha-3."""

    name: str | None
    country: str | None
    sector: str | None


class ThingPart(_Part):
    """A weapon, a quantity, casualties, a named operation."""

    kind: str
    text: str
    name: str | None
    count: int | None


class ClaimPart(_Part):
    """For statements: what is asserted or denied to have been done, by whom, to whom."""

    type: str
    source: list[str]
    target: list[str]


class ArticlePart(_Part):
    """The article a piece of evidence stands in, at the revision it was read at."""

    id: UUID
    revision: int
    content_hash: str
    title: str
    url: str | None
    publisher: str | None
    owner: str | None
    published: datetime | None


class EvidencePart(_Part):
    """One article's own words for an event. `quote` is null where the text is no longer kept."""

    id: UUID
    article: ArticlePart
    quote: SpanPart | None
    trigger: SpanPart
    status: str = Field(description="How the text presents the event: happened, alleged, denied, ...")
    known_at: datetime


class EventPart(_Part):
    """One event of the timeline as it stands when the message is sent."""

    id: UUID
    revision: int
    role: str | None = Field(description="Name of the rule's pattern that this event matched, for sequences.")
    type: str
    plover: str | None
    cameo: str | None
    title: str
    status: Literal["reported", "claimed", "denied", "disputed", "confirmed", "retracted"]
    phase: Literal["planned", "ongoing", "happened"]
    severity: Literal["info", "warning", "critical"]
    when: WhenPart | None
    place: PlacePart | None
    source: list[PartyPart]
    target: list[PartyPart]
    objects: list[ThingPart]
    claim: ClaimPart | None
    confidence: float
    owners: list[str]
    publishers: list[str]
    articles: int
    first_known: datetime
    last_known: datetime
    evidence: list[EvidencePart]
    evidence_total: int


class AlertPart(_Part):
    """The alert."""

    id: UUID
    kind: Kind
    follows: UUID | None = Field(description="Id of the first alert, for follow-ups.")
    rule: str
    title: str
    severity: Literal["info", "warning", "critical"]
    labels: dict[str, str]
    group: dict[str, str]
    reason: str
    fired_at: datetime
    known_at: datetime
    link: str | None


class DataPart(_Part):
    """What happened."""

    version: Literal[1]
    alert: AlertPart
    events: list[EventPart]


class Payload(_Part):
    """The body of a webhook request (Standard Webhooks: type, timestamp, data)."""

    type: MessageType
    timestamp: datetime = Field(description="When the alert fired; the same on every attempt.")
    data: DataPart


def payload_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the body. Objects are open: a later version may add fields."""
    schema = Payload.model_json_schema(mode="serialization")
    for part in (schema, *schema["$defs"].values()):
        del part["additionalProperties"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def payload(message: Outgoing) -> bytes:
    """The body of the request, UTF-8."""
    return payload_model(message).model_dump_json().encode()


def payload_model(message: Outgoing) -> Payload:
    """The body as its model."""
    alert, draft = message.alert, message.alert.draft
    return Payload.model_validate(
        {
            "type": f"alert.{draft.kind.value}",
            "timestamp": alert.fired_at,
            "data": {
                "version": 1,
                "alert": {
                    "id": alert.id,
                    "kind": draft.kind.value,
                    "follows": draft.follows,
                    "rule": draft.rule,
                    "title": draft.title,
                    "severity": draft.severity.value,
                    "labels": draft.labels,
                    "group": draft.group,
                    "reason": draft.reason,
                    "fired_at": alert.fired_at,
                    "known_at": draft.known_at,
                    "link": message.link,
                },
                "events": [_event(event, message) for event in message.events],
            },
        }
    )


def _event(event: Event, message: Outgoing) -> dict[str, Any]:
    backing = [m for m in message.evidence if m.event_id == event.id]
    roles = {id_: name for name, id_ in message.alert.draft.roles.items()}
    return {
        "id": event.id,
        "revision": event.revision,
        "role": roles.get(str(event.id)),
        "type": event.type,
        "plover": event.plover,
        "cameo": event.cameo,
        "title": event.title,
        "status": event.status.value,
        "phase": event.phase.value,
        "severity": event.severity.value,
        "when": _when(event.when),
        "place": _place(event.place),
        "source": list(event.source),
        "target": list(event.target),
        "objects": list(event.objects),
        "claim": event.claim,
        "confidence": round(event.confidence, 3),
        "owners": event.owners,
        "publishers": event.publishers,
        "articles": event.articles,
        "first_known": event.first_known,
        "last_known": event.last_known,
        "evidence": [_evidence(m, message.quotes.get(m.id)) for m in backing[:MOST_EVIDENCE]],
        "evidence_total": len(backing),
    }


def _when(when: When | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {
        "start": when.start,
        "end": when.end,
        "precision": when.precision.value,
        "text": when.text,
        "basis": when.basis.value,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"name": place.name or place.text, "country": place.country, "lat": place.lat, "lon": place.lon}


def _evidence(linked: LinkedMention, sentence: Span | None) -> dict[str, Any]:
    return {
        "id": linked.id,
        "article": {
            "id": linked.article_id,
            "revision": linked.revision,
            "content_hash": linked.content_hash,
            "title": linked.article_title,
            "url": linked.article_url,
            "publisher": linked.publisher,
            "owner": linked.owner,
            "published": linked.published,
        },
        "quote": sentence,
        "trigger": linked.mention.trigger,
        "status": linked.mention.status.value,
        "known_at": linked.known_at,
    }
