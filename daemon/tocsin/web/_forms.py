"""The JSON forms of everything but events (those are in `tocsin.timeline.exports`), for twins and live stream.

Fields are a contract (docs/reference/http.md) and are only ever added. Addresses of subscribers, their
secrets, and user names in feed addresses never leave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tocsin.model import (
    Alert,
    Article,
    ArticlePage,
    ArticleRevision,
    Claim,
    ClaimStance,
    Delivery,
    EventRevision,
    Feed,
    Fetch,
    LinkedMention,
    Party,
    RuleRecord,
    geo_to_json,
    media_to_json,
    mention_to_json,
)
from tocsin.web._words import shown_url


def iso(moment: datetime | None) -> str | None:
    """ISO 8601, or null."""
    return None if moment is None else moment.isoformat()


def party_form(party: Party) -> dict[str, Any]:
    """Who."""
    return {"name": party.name, "country": party.country, "sector": party.sector}


def claim_form(claim: Claim, base_url: str) -> dict[str, Any]:
    """A claim with its stances, oldest first."""
    return {
        "id": str(claim.id),
        "url": f"{base_url}/claims/{claim.id}",
        "text": claim.text,
        "type": claim.key.type,
        "source": list(claim.key.source),
        "target": list(claim.key.target),
        "status": claim.status.value,
        "first_known": iso(claim.first_known),
        "last_known": iso(claim.last_known),
        "about_event": None if claim.about_event_id is None else str(claim.about_event_id),
        "stances": [stance_form(stance) for stance in claim.stances],
    }


def stance_form(stance: ClaimStance) -> dict[str, Any]:
    """Who did what with a claim, when."""
    return {
        "stance": stance.stance.value,
        "party": party_form(stance.party),
        "on": None if stance.on is None else stance.on.isoformat(),
        "known_at": iso(stance.known_at),
        "event": str(stance.event_id),
        "article": str(stance.article_id),
    }


def alert_form(alert: Alert, base_url: str) -> dict[str, Any]:
    """An alert with why it fired."""
    draft = alert.draft
    return {
        "id": str(alert.id),
        "url": f"{base_url}/alerts/{alert.id}",
        "rule": draft.rule,
        "kind": draft.kind.value,
        "title": draft.title,
        "severity": draft.severity.value,
        "labels": dict(draft.labels),
        "group": dict(draft.group),
        "reason": draft.reason,
        "explanation": dict(draft.explanation),
        "events": [str(event_id) for event_id in draft.event_ids],
        "roles": dict(draft.roles),
        "known_at": iso(draft.known_at),
        "fired_at": iso(alert.fired_at),
        "follows": None if draft.follows is None else str(draft.follows),
        "acknowledged_at": iso(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
    }


def delivery_form(delivery: Delivery, base_url: str) -> dict[str, Any]:
    """A message with its attempts, oldest first."""
    return {
        "id": str(delivery.id),
        "alert": str(delivery.alert_id),
        "alert_url": f"{base_url}/alerts/{delivery.alert_id}",
        "alert_title": delivery.alert_title,
        "subscriber": delivery.subscriber_name,
        "state": delivery.state.value,
        "reason": delivery.reason,
        "created_at": iso(delivery.created_at),
        "delivered_at": iso(delivery.delivered_at),
        "next_attempt_at": iso(delivery.next_attempt_at),
        "attempts": [
            {
                "number": attempt.number,
                "at": iso(attempt.at),
                "outcome": attempt.outcome.value,
                "status": attempt.status,
                "detail": attempt.detail,
                "duration_ms": attempt.duration_ms,
            }
            for attempt in delivery.log
        ],
    }


def rule_form(rule: RuleRecord) -> dict[str, Any]:
    """A rule as loaded, or why it was refused."""
    return {
        "name": rule.name,
        "title": rule.title,
        "severity": rule.severity.value,
        "labels": dict(rule.labels),
        "file": rule.file,
        "line": rule.line,
        "active": rule.active,
        "error": rule.error,
        "loaded_at": iso(rule.loaded_at),
        "source": rule.source,
    }


def feed_form(feed: Feed, base_url: str, health: str) -> dict[str, Any]:
    """A feed with its health; `health` is the sentence for people."""
    spec = feed.spec
    return {
        "id": str(feed.id),
        "url": f"{base_url}/feeds/{feed.id}",
        "address": shown_url(spec.url),
        "title": spec.title,
        "publisher": spec.publisher,
        "owner": spec.owner,
        "country": spec.country,
        "language": spec.language,
        "folder": spec.folder,
        "topics": list(spec.topics),
        "enabled": feed.enabled,
        "health": feed.health.value,
        "health_words": health,
        "failures": feed.failures,
        "last_outcome": None if feed.last_outcome is None else feed.last_outcome.value,
        "last_failure": None if feed.last_failure is None else feed.last_failure.value,
        "last_detail": feed.last_detail,
        "last_polled_at": iso(feed.last_polled_at),
        "last_ok_at": iso(feed.last_ok_at),
        "next_due_at": iso(feed.next_due_at),
        "quiet_since": iso(feed.quiet_since),
        "articles": feed.articles,
        "added_at": iso(feed.added_at),
    }


def fetch_form(fetch: Fetch) -> dict[str, Any]:
    """One poll as logged."""
    return {
        "at": iso(fetch.at),
        "outcome": fetch.outcome.value,
        "failure": None if fetch.failure is None else fetch.failure.value,
        "reason": fetch.reason,
        "http_status": fetch.http_status,
        "duration_ms": fetch.duration_ms,
        "bytes": fetch.bytes,
        "entries": fetch.entries,
        "new": fetch.new,
        "changed": fetch.changed,
        "refused": fetch.refused,
        "next_due_at": iso(fetch.next_due_at),
    }


def article_form(article: Article, base_url: str, *, whole: bool = False) -> dict[str, Any]:
    """An article; with `whole` its text, which offsets of mentions point into."""
    form = {
        "id": str(article.id),
        "url": f"{base_url}/articles/{article.id}",
        "address": article.url,
        "title": article.title,
        "publisher": article.publisher,
        "owner": article.owner,
        "country": article.country,
        "language": article.language,
        "author": article.author,
        "published": iso(article.published),
        "date_refused": article.date_refused,
        "first_seen": iso(article.first_seen),
        "known_at": iso(article.known_at),
        "revision": article.revision,
        "content_hash": article.content_hash,
        "backfilled": article.backfilled,
        "skipped": article.skipped,
        "media": [media_to_json(one) for one in article.media],
        "geo": None if article.geo is None else geo_to_json(article.geo),
        "same_as": None if article.same_as is None else str(article.same_as),
    }
    return {**form, "text": article.text} if whole else form


def article_revision_form(revision: ArticleRevision) -> dict[str, Any]:
    """One text an article has had, without the text."""
    return {
        "number": revision.number,
        "title": revision.title,
        "content_hash": revision.content_hash,
        "published": iso(revision.published),
        "seen_at": iso(revision.seen_at),
        "known_at": iso(revision.known_at),
        "reason": revision.reason.value,
    }


def article_page_form(page: ArticlePage | None) -> dict[str, Any] | None:
    """What came of the page of an article; None when its feed gives whole texts."""
    if page is None:
        return None
    facts = None if page.page is None else page.page.facts
    return {
        "state": page.state.value,
        "note": page.note,
        "tries": page.tries,
        "due_at": iso(page.due_at),
        "fetched_at": iso(page.fetched_at),
        "url": facts and facts.url,
        "canonical": facts and facts.canonical,
        "published": iso(facts.published) if facts else None,
        "modified": iso(facts.modified) if facts else None,
        "author": facts and facts.author,
        "free": facts and facts.free,
    }


def mention_form(linked: LinkedMention) -> dict[str, Any]:
    """A mention with where it stands: article, revision, content hash."""
    return {
        "id": str(linked.id),
        "article": str(linked.article_id),
        "revision": linked.revision,
        "content_hash": linked.content_hash,
        "publisher": linked.publisher,
        "owner": linked.owner,
        "published": iso(linked.published),
        "known_at": iso(linked.known_at),
        "event": None if linked.event_id is None else str(linked.event_id),
        "link_reason": linked.link_reason,
        **mention_to_json(linked.mention),
    }


def event_revision_form(revision: EventRevision) -> dict[str, Any]:
    """One change of an event."""
    return {
        "number": revision.number,
        "known_at": iso(revision.known_at),
        "reason": revision.reason.value,
        "detail": revision.detail,
        "changes": dict(revision.changes),
        "article": None if revision.article_id is None else str(revision.article_id),
    }
