"""Rows of the lists as entries, so that every list has the same twins as the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tocsin.model import Alert, Article, Claim, Delivery, DeliveryState, Feed, RuleRecord, Severity
from tocsin.timeline.exports import Entry
from tocsin.web._forms import (
    alert_form,
    article_form,
    claim_form,
    delivery_form,
    feed_form,
    rule_form,
)
from tocsin.web._words import health_words, party_words, shown_url

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # Atom wants a time; rules refused at once have none


def claim_entry(claim: Claim, base_url: str) -> Entry:
    """A claim, dated by its first stance whose day is known."""
    data = claim_form(claim, base_url)
    days = [stance.on for stance in claim.stances if stance.on is not None]
    told = "; ".join(f"{party_words(s.party)} {s.stance.value} {s.on or ''}".strip() for s in claim.stances)
    return Entry(
        id=claim.id,
        kind="claim",
        title=claim.text,
        summary=f"{claim.status.value}. {told}",
        link=data["url"],
        published=claim.first_known,
        updated=claim.last_known,
        data=data,
        row=flat(data, stances=told),
        start=min(days, default=None),
        end=max(days, default=None),
        categories=(claim.key.type, claim.status.value),
    )


def alert_entry(alert: Alert, base_url: str) -> Entry:
    """An alert, dated by the day it fired."""
    data = alert_form(alert, base_url)
    day = alert.fired_at.astimezone(UTC).date()
    return Entry(
        id=alert.id,
        kind="alert",
        title=alert.draft.title,
        summary=alert.draft.reason,
        link=data["url"],
        published=alert.fired_at,
        updated=alert.acknowledged_at or alert.fired_at,
        data=data,
        row=flat(data),
        start=day,
        end=day,
        categories=(alert.draft.rule, alert.draft.kind.value),
        severity=alert.draft.severity,
    )


def delivery_entry(delivery: Delivery, base_url: str) -> Entry:
    """A message, dated by the day it was decided."""
    data = delivery_form(delivery, base_url)
    day = delivery.created_at.astimezone(UTC).date()
    last = delivery.log[-1].at if delivery.log else delivery.created_at
    tried = "; ".join(f"{a.number}. {a.outcome.value}: {a.detail}" for a in delivery.log)
    return Entry(
        id=delivery.id,
        kind="delivery",
        title=f"{delivery.alert_title} to {delivery.subscriber_name}",
        summary=f"{delivery.state.value}: {delivery.reason}",
        link=data["alert_url"],
        published=delivery.created_at,
        updated=max(last, delivery.delivered_at or last),
        data=data,
        row=flat(data, attempts=tried),
        start=day,
        end=day,
        categories=(delivery.state.value,),
        severity=Severity.WARNING if delivery.state is DeliveryState.FAILED else Severity.INFO,
    )


def feed_entry(feed: Feed, base_url: str, now: datetime) -> Entry:
    """A feed; it has no day."""
    words = health_words(feed, now)
    data = feed_form(feed, base_url, words)
    return Entry(
        id=feed.id,
        kind="feed",
        title=feed.spec.title or shown_url(feed.spec.url),
        summary=words,
        link=data["url"],
        published=feed.added_at,
        updated=feed.last_polled_at or feed.added_at,
        data=data,
        row=flat(data),
        categories=(feed.health.value,),
        severity=Severity.WARNING if feed.failures else Severity.INFO,
    )


def article_entry(article: Article, base_url: str) -> Entry:
    """An article, dated by its publication where that is known."""
    data = article_form(article, base_url)
    day = None if article.published is None else article.published.astimezone(UTC).date()
    return Entry(
        id=article.id,
        kind="article",
        title=article.title,
        summary=f"{article.publisher or 'unknown publisher'}, revision {article.revision}",
        link=data["url"],
        published=article.published or article.first_seen,
        updated=article.known_at,
        data=data,
        row=flat(data),
        start=day,
        end=day,
    )


def rule_entry(rule: RuleRecord, base_url: str) -> Entry:
    """A rule; it has no day."""
    data = rule_form(rule)
    loaded = rule.loaded_at or _EPOCH
    return Entry(
        id=rule.name,
        kind="rule",
        title=rule.title,
        summary=rule.error or f"{rule.name}, {rule.file}:{rule.line}",
        link=f"{base_url}/rules#{rule.name}",
        published=loaded,
        updated=loaded,
        data=data,
        row=flat(data),
        categories=(rule.severity.value,),
        severity=rule.severity,
    )


def flat(data: Mapping[str, Any], **replaced: str) -> dict[str, Any]:
    """The JSON form for a table: lists become text with semicolons, objects `key=value` pairs."""
    return {name: replaced.get(name, _cell(value)) for name, value in data.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={_cell(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(str(_cell(item)) for item in value)
    return value
