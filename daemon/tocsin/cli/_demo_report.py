"""What the demo saw, read back from the database and from the two receivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tocsin.cli._common import console, print_table
from tocsin.cli._demo_world import DemoWorld
from tocsin.cli.timeline import show_events, when_text
from tocsin.model import Alert, DeliveryState, Event, EventQuery, LinkedMention, SubscriberKind
from tocsin.ports import Store


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Events, alerts with evidence, deliveries; `missing` names what was expected and not seen."""

    events: list[Event]
    alerts: list[Alert]
    evidence: dict[str, list[tuple[str, str]]]  # alert id -> (publisher, quote)
    polls: dict[str, int]
    failing: list[tuple[str, str]]
    webhooks: int
    mails: int
    delivered: dict[str, int]
    digest: str  # SHA-256 of the webhooks' bodies in the order they came; the same on every run
    page: str | None
    missing: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "events": [
                {
                    "id": str(e.id),
                    "type": e.type,
                    "title": e.title,
                    "status": e.status.value,
                    "start": None if e.when is None else e.when.start.isoformat(),
                    "end": None if e.when is None else e.when.end.isoformat(),
                    "source": [p.country or p.name for p in e.source],
                    "target": [p.country or p.name for p in e.target],
                    "owners": len(e.owners),
                    "articles": e.articles,
                }
                for e in self.events
            ],
            "alerts": [
                {
                    "id": str(a.id),
                    "rule": a.draft.rule,
                    "kind": a.draft.kind.value,
                    "title": a.draft.title,
                    "reason": a.draft.reason,
                    "events": [str(i) for i in a.draft.event_ids],
                    "evidence": [{"publisher": p, "quote": q} for p, q in self.evidence.get(str(a.id), [])],
                }
                for a in self.alerts
            ],
            "polls": self.polls,
            "failing_feeds": [{"feed": name, "why": why} for name, why in self.failing],
            "webhooks_received": self.webhooks,
            "mails_received": self.mails,
            "delivered": self.delivered,
            "webhooks_sha256": self.digest,
            "page": self.page,
            "missing": self.missing,
        }


def read_report(store: Store, world: DemoWorld, page: str | None) -> DemoReport:
    """Look at the database and at what arrived."""
    events = store.events(EventQuery(limit=500, oldest_first=True))
    alerts = sorted(store.alerts(limit=500), key=lambda a: (a.fired_at, str(a.id)))
    kinds = {s.id: s.kind for s in store.subscribers()}
    delivered = {kind.value: 0 for kind in (SubscriberKind.WEBHOOK, SubscriberKind.EMAIL)}
    for delivery in store.deliveries(state=DeliveryState.DELIVERED, limit=2_000):
        delivered[kinds[delivery.subscriber_id].value] += 1
    feeds = store.feeds()
    polls: dict[str, int] = {}
    for feed in feeds:
        for fetch in store.fetches(feed.id, limit=1_000):
            polls[fetch.outcome.value] = polls.get(fetch.outcome.value, 0) + 1
    webhooks, mails = world.verified_webhooks(), len(world.mail.messages)
    missing = [
        name
        for name, seen in (
            ("an event on the timeline", events),
            ("an alert", alerts),
            ("a signed webhook at the receiver, recorded as delivered", webhooks and delivered["webhook"]),
            ("a mail at the SMTP server, recorded as delivered", mails and delivered["email"]),
        )
        if not seen
    ]
    return DemoReport(
        events=events,
        alerts=alerts,
        evidence={str(a.id): _evidence(store, a) for a in alerts},
        polls=polls,
        failing=[
            (f.spec.title or f.spec.url, f.last_detail or "") for f in feeds if f.last_failure is not None
        ],
        webhooks=webhooks,
        mails=mails,
        delivered=delivered,
        digest=sha256(b"\n".join(request.body for request in world.webhook.requests)).hexdigest(),
        page=page,
        missing=missing,
    )


def _evidence(store: Store, alert: Alert) -> list[tuple[str, str]]:
    quotes: dict[str, tuple[str, str]] = {}
    mentions = store.event_mentions(list(alert.draft.event_ids))
    for m in sorted(mentions, key=lambda m: -m.mention.confidence):
        if m.article_title not in quotes and len(quotes) < 3:
            quotes[m.article_title] = (m.publisher or "", _quote(store, m))
    return list(quotes.values())


def _quote(store: Store, m: LinkedMention) -> str:
    """The sentence that says so, cut out of the article's text by its offsets."""
    article = store.article(m.article_id)
    start, end = m.mention.sentence
    return m.article_title if article is None else " ".join(article.text[start:end].split())


def show_report(report: DemoReport) -> None:
    """The timeline as a table, then each alert with its evidence, then what arrived."""
    show_events(report.events)
    console.print("\n[bold]Alerts[/bold]")
    for alert in report.alerts:
        draft = alert.draft
        console.print(
            f"\n[bold]{draft.severity.value.upper()}[/bold] {draft.title} "
            f"[dim]({draft.rule}, {draft.kind.value})[/dim]",
            highlight=False,
        )
        console.print(f"  {draft.reason}", highlight=False)
        titles = {str(e.id): f"{when_text(e)}: {e.title}" for e in report.events}
        for event_id in draft.event_ids:
            console.print(f"  event: {titles.get(str(event_id), event_id)}", highlight=False)
        for publisher, quote in report.evidence.get(str(alert.id), []):
            console.print(f"  [dim]“{quote}” — {publisher}[/dim]", highlight=False)
    print()
    print_table("Feeds that could not be read", ("feed", "why"), report.failing)
    polls = ", ".join(f"{count} {name}" for name, count in sorted(report.polls.items()))
    console.print(f"\npolls: {polls}", highlight=False)
    console.print(
        f"delivered: {report.delivered['webhook']} webhooks ({report.webhooks} arrived with a valid signature), "
        f"{report.delivered['email']} mails ({report.mails} arrived)",
        highlight=False,
    )
