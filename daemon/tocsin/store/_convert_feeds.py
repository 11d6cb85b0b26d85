"""Rows of feeds and articles to the words of the model, and back."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from tocsin.model import (
    Article,
    ArticleDraft,
    ArticleRevision,
    Asked,
    Certificate,
    Exchange,
    Feed,
    FeedSpec,
    Fetch,
    FetchFailure,
    FetchOutcome,
    Retagging,
    RevisionReason,
    Rhythm,
    TurnRule,
    geo_from_json,
    geo_to_json,
    media_from_json,
    media_to_json,
)
from tocsin.network import lane_of

_SPEC = (
    "title",
    "publisher",
    "owner",
    "country",
    "language",
    "timezone",
    "folder",
    "catalog",
    "interval",
    "proxy",
)


def host_of(url: str) -> str:
    """What politeness counts by."""
    return lane_of(url)


def spec_values(spec: FeedSpec) -> dict[str, Any]:
    """The columns a catalog, an OPML file or the operator fills."""
    values = {name: getattr(spec, name) for name in _SPEC}
    return values | {
        "url": spec.url,
        "host": host_of(spec.url),
        "topics": list(spec.topics),
        "full_text": spec.full_text,
        "headers": [list(pair) for pair in spec.headers],
    }


def merged_values(spec: FeedSpec, known: Row[Any]) -> dict[str, Any]:
    """New facts over known ones; what the new spec leaves open stays."""
    values = spec_values(spec)
    for name in _SPEC:
        if values[name] is None:
            values[name] = getattr(known, name)
    values["topics"] = values["topics"] or known.topics
    values["headers"] = values["headers"] or known.headers
    values["full_text"] = spec.full_text if spec.catalog is not None else spec.full_text or known.full_text
    return values


def to_feed(row: Row[Any]) -> Feed:
    """A row of `feed`."""
    return Feed(
        id=row.id,
        spec=FeedSpec(
            url=row.url,
            topics=tuple(row.topics),
            full_text=row.full_text,
            headers=tuple((name, value) for name, value in row.headers),
            **{name: getattr(row, name) for name in _SPEC},
        ),
        added_at=row.added_at,
        enabled=row.enabled,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        next_due_at=row.next_due_at,
        last_polled_at=row.last_polled_at,
        last_ok_at=row.last_ok_at,
        last_outcome=None if row.last_outcome is None else FetchOutcome(row.last_outcome),
        last_failure=None if row.last_failure is None else FetchFailure(row.last_failure),
        last_detail=row.last_detail,
        failures=row.failures,
        articles=row.articles,
        muted_reason=row.muted_reason,
        asked=_to_asked(row.asked),
        rhythm=_to_rhythm(row.rhythm),
        certificate=_to_certificate(row.certificate),
        moved_to=row.moved_to,
        moved_at=row.moved_at,
        whole_at=row.whole_at,
        lied_at=row.lied_at,
        quiet_since=row.quiet_since,
        pushed_until=row.pushed_until,
    )


def _to_asked(kept: dict[str, Any] | None) -> Asked:
    if not kept:
        return Asked()
    return Asked(kept["interval"], tuple(kept["skip_hours"]), tuple(kept["skip_days"]), kept["fresh"])


def _to_rhythm(kept: dict[str, Any] | None) -> Rhythm | None:
    if not kept:
        return None
    return Rhythm(
        by_hour=tuple(kept["by_hour"]),
        by_day=tuple(kept["by_day"]),
        span=kept["span"],
        updated=datetime.fromisoformat(kept["updated"]),
        latest=_moment(kept["latest"]),
        gap=kept["gap"],
        by_minute=tuple(kept["by_minute"]),
        recent=kept["recent"],
        foreseen=kept["foreseen"],
    )


def _to_certificate(kept: dict[str, Any] | None) -> Certificate:
    if not kept:
        return Certificate()
    return Certificate(kept["agreed"], _moment(kept["checked_at"]), kept["doubt"])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _kept(words: Asked | Rhythm | Certificate) -> dict[str, Any]:
    """As JSON; these hold plain values and tuples of them, so nothing needs `asdict` with its copies."""
    values = ((one.name, getattr(words, one.name)) for one in fields(words))
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values}


def state_values(feed: Feed) -> dict[str, Any]:
    """The columns a poll changes; `enabled` and the catalog's facts belong to the operator."""
    return {
        "etag": feed.etag,
        "last_modified": feed.last_modified,
        "body_hash": feed.body_hash,
        "next_due_at": feed.next_due_at,
        "last_polled_at": feed.last_polled_at,
        "last_ok_at": feed.last_ok_at,
        "last_outcome": None if feed.last_outcome is None else feed.last_outcome.value,
        "last_failure": None if feed.last_failure is None else feed.last_failure.value,
        "last_detail": feed.last_detail,
        "failures": feed.failures,
        "muted_reason": feed.muted_reason,
        "claimed_until": None,
        "asked": None if feed.asked == Asked() else _kept(feed.asked),
        "rhythm": None if feed.rhythm is None else _kept(feed.rhythm),
        "certificate": None if feed.certificate == Certificate() else _kept(feed.certificate),
        "moved_to": feed.moved_to,
        "moved_at": feed.moved_at,
        "whole_at": feed.whole_at,
        "lied_at": feed.lied_at,
        "quiet_since": feed.quiet_since,
        "pushed_until": feed.pushed_until,
    }


def fetch_values(fetch: Fetch) -> dict[str, Any]:
    """A poll as a row."""
    return {
        "feed_id": fetch.feed_id,
        "at": fetch.at,
        "outcome": fetch.outcome.value,
        "reason": fetch.reason,
        "http_status": fetch.http_status,
        "failure": None if fetch.failure is None else fetch.failure.value,
        "duration_ms": fetch.duration_ms,
        "bytes": fetch.bytes,
        "entries": fetch.entries,
        "new": fetch.new,
        "changed": fetch.changed,
        "refused": fetch.refused,
        "next_due_at": fetch.next_due_at,
        "requests": [_request_values(made) for made in fetch.requests] or None,
    }


def _request_values(made: Exchange) -> list[Any]:
    """A request of a poll as a short list; most polls are one request, and there are many polls."""
    return [
        made.started.isoformat(),
        made.url,
        made.status,
        made.waited_ms,
        made.rule.value,
        made.conditional,
        made.duration_ms,
    ]


def to_requests(kept: list[list[Any]] | None) -> tuple[Exchange, ...]:
    """What `fetch_values` made of the requests of a poll."""
    return tuple(
        Exchange(url, datetime.fromisoformat(started), status, waited, TurnRule(rule), conditional, lasted)
        for started, url, status, waited, rule, conditional, lasted in kept or ()
    )


def to_fetch(row: Row[Any]) -> Fetch:
    """A row of `fetch`."""
    return Fetch(
        feed_id=row.feed_id,
        at=row.at,
        outcome=FetchOutcome(row.outcome),
        reason=row.reason,
        http_status=row.http_status,
        failure=None if row.failure is None else FetchFailure(row.failure),
        duration_ms=row.duration_ms,
        bytes=row.bytes,
        entries=row.entries,
        new=row.new,
        changed=row.changed,
        refused=row.refused,
        next_due_at=row.next_due_at,
        requests=to_requests(row.requests),
    )


def tag_values(draft: ArticleDraft | Retagging) -> dict[str, Any]:
    """Media and place of an entry as JSON."""
    return {
        "media": [media_to_json(one) for one in draft.media] or None,
        "geo": None if draft.geo is None else geo_to_json(draft.geo),
    }


def to_article(row: Row[Any], feed_ids: tuple[UUID, ...]) -> Article:
    """A row of `article` joined with its newest revision."""
    return Article(
        id=row.id,
        url=row.url,
        title=row.title,
        text=row.text,
        content_hash=row.content_hash,
        revision=row.revision,
        published=row.published,
        first_seen=row.first_seen,
        known_at=row.known_at,
        publisher=row.publisher,
        owner=row.owner,
        country=row.country,
        timezone=row.timezone,
        language=row.language,
        author=row.author,
        backfilled=row.backfilled,
        feed_ids=feed_ids,
        date_refused=row.date_refused,
        skipped=row.skipped,
        same_as=row.same_as,
        media=tuple(media_from_json(one) for one in row.media or ()),
        geo=geo_from_json(row.geo) if row.geo else None,
    )


def to_revision(row: Row[Any]) -> ArticleRevision:
    """A row of `article_revision`."""
    return ArticleRevision(
        article_id=row.article_id,
        number=row.number,
        title=row.title,
        text=row.text,
        content_hash=row.content_hash,
        published=row.published,
        seen_at=row.seen_at,
        known_at=row.known_at,
        reason=RevisionReason(row.reason),
    )
