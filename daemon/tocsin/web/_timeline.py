"""The timeline: events, one event, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.model import (
    Alert,
    Claim,
    ClaimQuery,
    Event,
    EventQuery,
    EventRevision,
    EventStatus,
    LinkedMention,
)
from tocsin.timeline.exports import ExportFormat, event_entry, event_to_json, export
from tocsin.web._chart import chart
from tocsin.web._entries import claim_entry
from tocsin.web._errors import MissingError
from tocsin.web._filters import CLAIMS, EVENTS, Asked, read_claims, read_events
from tocsin.web._forms import alert_form, claim_form, event_revision_form, mention_form
from tocsin.web._paging import pager
from tocsin.web._site import Site, missing, row_id
from tocsin.web._tellings import tellings
from tocsin.web._twins import TWIN_LIMIT, Rows, add_json, add_twins, add_writer
from tocsin.web._words import heading_words

PAGE: Final = 50
CHARTED: Final = 500  # events the chart looks at, newest first
CLAIMS_OF_TYPE: Final = 1000  # looked through for how an event's claims stood at a moment
SHOWN: Final = 12  # articles shown with their evidence at once


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with everything known about it at a moment."""

    event: Event
    as_of: datetime | None
    linked: tuple[LinkedMention, ...]
    claims: tuple[Claim, ...]
    revisions: tuple[EventRevision, ...]
    alerts: tuple[Alert, ...]


def timeline_router(site: Site) -> APIRouter:
    """Routes of `/`, `/events`, `/events/{id}`, `/claims`, `/claims/{id}` and their twins."""
    router = APIRouter(tags=["timeline"])

    def events_page(request: Request) -> HTMLResponse:
        asked = read_events(request.query_params.multi_items(), site.clock.now(), PAGE)
        return site.render(request, "events.html", context=_list_context(site, asked))

    router.add_api_route("/", events_page, include_in_schema=False, response_class=HTMLResponse)
    router.add_api_route("/events", events_page, include_in_schema=False, response_class=HTMLResponse)

    def write_events(request: Request, chosen: ExportFormat) -> tuple[str, Rows]:
        asked = read_events(request.query_params.multi_items(), site.clock.now(), TWIN_LIMIT)
        events, base = site.store.events(asked.query), site.base_url(request)
        self_url = f"{base}{asked.address(f'/events.{chosen.value}')}"
        body = export(events, chosen, now=site.clock.now(), base_url=base, self_url=self_url)
        return body, Rows([event_entry(e) for e in events], asked, site.store.count_events(asked.query))

    add_writer(router, site, "events", parameters=EVENTS, write=write_events, formats=tuple(ExportFormat))

    def event_json(request: Request, row: str) -> dict[str, Any]:
        return _event_form(_event_view(site, request, row), site.base_url(request))

    add_json(router, "/events/{row}.json", "event", event_json)

    @router.get("/events/{row}", include_in_schema=False, response_class=HTMLResponse)
    def event_page(request: Request, row: str) -> HTMLResponse:
        view = _event_view(site, request, row)
        told = tellings(site.store, view.linked)
        context = {"view": view, "event": view.event, "tellings": told, "shown": SHOWN}
        return site.render(request, "event.html", context=context)

    _add_claims(router, site)
    return router


def _add_claims(router: APIRouter, site: Site) -> None:
    @router.get("/claims", include_in_schema=False, response_class=HTMLResponse)
    def claims_page(request: Request) -> HTMLResponse:
        asked = read_claims(request.query_params.multi_items(), site.clock.now(), PAGE)
        claims = site.store.claims(asked.query)
        context = {"asked": asked, "claims": claims, "pager": pager(asked, "/claims", len(claims), PAGE)}
        return site.render(request, "claims.html", context=context)

    def load(request: Request) -> Rows:
        asked: Asked[ClaimQuery] = read_claims(
            request.query_params.multi_items(), site.clock.now(), TWIN_LIMIT
        )
        base = site.base_url(request)
        return Rows([claim_entry(claim, base) for claim in site.store.claims(asked.query)], asked)

    add_twins(router, site, "claims", title="Tocsin claims", parameters=CLAIMS, load=load)

    def one(row: str) -> Claim:
        claim_id = row_id("claim", row)
        claim = site.store.claim(claim_id)
        if claim is None:
            raise missing("claim", claim_id)
        return claim

    add_json(
        router,
        "/claims/{row}.json",
        "claim",
        lambda request, row: claim_form(one(row), site.base_url(request)),
    )

    @router.get("/claims/{row}", include_in_schema=False, response_class=HTMLResponse)
    def claim_page(request: Request, row: str) -> HTMLResponse:
        return site.render(request, "claim.html", context={"claim": one(row)})


def _list_context(site: Site, asked: Asked[EventQuery]) -> dict[str, Any]:
    query, today = asked.query, site.clock.now().astimezone(UTC).date()
    total = site.store.count_events(query)
    # One read serves chart and page where the page lies within what the chart looks at.
    near = query.offset + query.limit <= CHARTED
    newest = site.store.events(replace(query, limit=CHARTED, offset=0, oldest_first=False))
    if near and not query.oldest_first:
        events = newest[query.offset : query.offset + query.limit]
    else:
        events = site.store.events(query)
    return {
        "asked": asked,
        "total": total,
        "days": [(label, list(group)) for label, group in groupby(events, _heading)],
        "chart": chart(newest, today, query.since, query.until),
        "rang": _rang(site, events),
        "types": sorted({event.type for event in newest} | {event.type.split(".")[0] for event in newest}),
        "statuses": list(EventStatus),
        "pager": pager(asked, "/events", len(events), PAGE, total),
        "formats": [one.value for one in ExportFormat],
        "feeds": _feed_counts(site) if not total else None,
    }


def _heading(event: Event) -> tuple[str, str]:
    return heading_words(event.when), "" if event.when is None else event.when.start.isoformat()


def _rang(site: Site, events: Sequence[Event]) -> set[UUID]:
    """Ids of the events that made an alert."""
    alerts = site.store.alerts_of_events([event.id for event in events]) if events else []
    return {event_id for alert in alerts for event_id in alert.draft.event_ids}


def _feed_counts(site: Site) -> dict[str, int]:
    """How the feeds are, for a timeline that is still empty."""
    health = [feed.health.value for feed in site.store.feeds()]
    return {word: health.count(word) for word in dict.fromkeys(sorted(health))}


def _event_view(site: Site, request: Request, row: str) -> EventView:
    as_of = read_events(
        [(k, v) for k, v in request.query_params.multi_items() if k == "as_of"], site.clock.now()
    ).query.as_of
    event_id = row_id("event", row)
    event = site.store.event(event_id, as_of=as_of)
    if event is None:
        raise _no_event(site, event_id, as_of)
    linked = site.store.event_mentions([event_id], active_only=as_of is None)
    return EventView(
        event=event,
        as_of=as_of,
        linked=tuple(one for one in linked if as_of is None or one.known_at <= as_of),
        claims=tuple(_claims(site, event_id, as_of)),
        revisions=tuple(
            one for one in site.store.event_revisions(event_id) if as_of is None or one.known_at <= as_of
        ),
        alerts=tuple(
            one for one in site.store.alerts_of_events([event_id]) if as_of is None or one.fired_at <= as_of
        ),
    )


def _claims(site: Site, event_id: UUID, as_of: datetime | None) -> list[Claim]:
    """Claims of an event, with the stances and the status they had then."""
    now = site.store.claims_of(event_id)
    if as_of is None:
        return now
    wanted = {claim.id for claim in now}
    then: dict[UUID, Claim] = {}
    for kind in {claim.key.type for claim in now}:
        asked = ClaimQuery(type=kind, as_of=as_of, limit=CLAIMS_OF_TYPE)
        then.update({claim.id: claim for claim in site.store.claims(asked) if claim.id in wanted})
    return [then[claim.id] for claim in now if claim.id in then]


def _no_event(site: Site, event_id: UUID, as_of: datetime | None) -> MissingError:
    if as_of is not None and site.store.event(event_id) is not None:
        return MissingError(
            f"event {str(event_id)!r} was not known at {as_of.isoformat()}",
            hint=f"ask for a later as_of, or /events/{event_id} for what is known now",
        )
    return missing("event", event_id)


def _event_form(view: EventView, base_url: str) -> dict[str, Any]:
    return {
        **event_to_json(view.event, base_url=base_url),
        "evidence": [mention_form(one) for one in view.linked],
        "claims": [claim_form(claim, base_url) for claim in view.claims],
        "revisions": [event_revision_form(revision) for revision in view.revisions],
        "alerts": [alert_form(alert, base_url) for alert in view.alerts],
    }
