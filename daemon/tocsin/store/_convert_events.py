"""Rows of the timeline to the words of the model, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select

from tocsin.model import (
    ClaimKey,
    Event,
    EventReason,
    EventRevision,
    EventStatus,
    LinkedMention,
    Party,
    Phase,
    Place,
    Severity,
    Thing,
    mention_from_json,
    when_from_json,
    when_to_json,
)
from tocsin.store._tables_feeds import article, article_revision
from tocsin.store._tables_timeline import mention

MENTIONS: Select[Any] = (
    select(
        mention,
        article_revision.c.content_hash,
        article_revision.c.text_hash,
        article_revision.c.title,
        article_revision.c.published,
        article_revision.c.known_at,
        article.c.publisher,
        article.c.owner,
        article.c.url,
        article.c.same_as,
    )
    .join(article, article.c.id == mention.c.article_id)
    .join(
        article_revision,
        and_(
            article_revision.c.article_id == mention.c.article_id,
            article_revision.c.number == mention.c.revision,
        ),
    )
)


def word_key(name: str | None) -> str | None:
    """A name for looking up whole words: case-folded, single spaces, one on either side."""
    if name is None or not name.strip():
        return None
    return f" {' '.join(name.casefold().split())} "


def to_linked_mention(row: Row[Any]) -> LinkedMention:
    """A row of `MENTIONS`."""
    return LinkedMention(
        id=row.id,
        article_id=row.article_id,
        revision=row.revision,
        content_hash=row.content_hash,
        ordinal=row.ordinal,
        mention=mention_from_json(row.body),
        published=row.published,
        known_at=row.known_at,
        publisher=row.publisher,
        owner=row.owner,
        event_id=row.event_id,
        link_reason=row.link_reason,
        article_title=row.title,
        article_url=row.url,
        active=row.active,
        text_hash=row.text_hash,
        same_as=row.same_as,
    )


def key_to_json(key: ClaimKey) -> str:
    """A claim's key as text: equal keys give equal text."""
    return json.dumps([key.type, list(key.source), list(key.target)], ensure_ascii=True)


def key_from_json(text: str) -> ClaimKey:
    """The inverse of `key_to_json`."""
    kind, source, target = json.loads(text)
    return ClaimKey(kind, tuple(source), tuple(target))


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def event_to_json(event: Event) -> dict[str, Any]:
    """The event whole, as rows of `event` and `event_revision` keep it."""
    return {
        "id": str(event.id),
        "type": event.type,
        "title": event.title,
        "status": event.status.value,
        "phase": event.phase.value,
        "severity": event.severity.value,
        "when": None if event.when is None else when_to_json(event.when),
        "place": None if event.place is None else asdict(event.place),
        "source": [asdict(party) for party in event.source],
        "target": [asdict(party) for party in event.target],
        "objects": [asdict(thing) for thing in event.objects],
        "confidence": event.confidence,
        "mentions": event.mentions,
        "articles": event.articles,
        "publishers": list(event.publishers),
        "owners": list(event.owners),
        "first_known": _moment(event.first_known),
        "last_known": _moment(event.last_known),
        "revision": event.revision,
        "plover": event.plover,
        "cameo": event.cameo,
        "claim": None if event.claim is None else asdict(event.claim),
        "first_published": _moment(event.first_published),
    }


def event_from_json(data: dict[str, Any], event_id: Any) -> Event:
    """The inverse of `event_to_json`."""
    claim, published = data["claim"], data["first_published"]
    return Event(
        id=event_id,
        type=data["type"],
        title=data["title"],
        status=EventStatus(data["status"]),
        phase=Phase(data["phase"]),
        severity=Severity(data["severity"]),
        when=None if data["when"] is None else when_from_json(data["when"]),
        place=None if data["place"] is None else Place(**data["place"]),
        source=tuple(Party(**party) for party in data["source"]),
        target=tuple(Party(**party) for party in data["target"]),
        objects=tuple(Thing(**thing) for thing in data["objects"]),
        confidence=data["confidence"],
        mentions=data["mentions"],
        articles=data["articles"],
        publishers=tuple(data["publishers"]),
        owners=tuple(data["owners"]),
        first_known=datetime.fromisoformat(data["first_known"]),
        last_known=datetime.fromisoformat(data["last_known"]),
        revision=data["revision"],
        plover=data["plover"],
        cameo=data["cameo"],
        claim=None
        if claim is None
        else ClaimKey(claim["type"], tuple(claim["source"]), tuple(claim["target"])),
        first_published=None if published is None else datetime.fromisoformat(published),
    )


def fact_values(event: Event) -> dict[str, Any]:
    """The columns lists filter on, and the event whole."""
    return {
        "type": event.type,
        "status": event.status.value,
        "when_start": None if event.when is None else event.when.start,
        "when_end": None if event.when is None else event.when.end,
        "place_key": None if event.place is None else word_key(event.place.name or event.place.text),
        "place_country": None if event.place is None else event.place.country,
        "owner_count": len(event.owners),
        "first_known": event.first_known,
        "body": event_to_json(event),
    }


def revision_values(revision: EventRevision) -> dict[str, Any]:
    """A revision as a row."""
    return fact_values(revision.state) | {
        "event_id": revision.event_id,
        "number": revision.number,
        "known_at": revision.known_at,
        "reason": revision.reason.value,
        "detail": revision.detail,
        "changes": revision.changes,
        "article_id": revision.article_id,
    }


def to_event_revision(row: Row[Any]) -> EventRevision:
    """A row of `event_revision`."""
    return EventRevision(
        event_id=row.event_id,
        number=row.number,
        known_at=row.known_at,
        reason=EventReason(row.reason),
        detail=row.detail,
        changes=row.changes,
        state=event_from_json(row.body, row.event_id),
        article_id=row.article_id,
    )
