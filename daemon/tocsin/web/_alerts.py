"""What rang: alerts, deliveries with their attempts, rules with the files that were refused."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.model import Alert, Delivery, DeliveryState, RuleRecord
from tocsin.timeline.exports import event_to_json
from tocsin.web._entries import alert_entry, delivery_entry, rule_entry
from tocsin.web._filters import ALERTS, DELIVERIES, RULES, Asked, Reader
from tocsin.web._forms import alert_form, delivery_form
from tocsin.web._paging import pager
from tocsin.web._site import Site, missing, row_id
from tocsin.web._twins import TWIN_LIMIT, Rows, add_json, add_twins

PAGE: Final = 50


def alerts_router(site: Site) -> APIRouter:
    """Routes of `/alerts`, `/alerts/{id}`, `/deliveries`, `/rules` and their twins."""
    router = APIRouter(tags=["alerts"])
    _add_alerts(router, site)
    _add_alert(router, site)
    _add_deliveries(router, site)
    _add_rules(router, site)
    return router


def _add_alerts(router: APIRouter, site: Site) -> None:
    def read(request: Request, default_limit: int) -> tuple[Asked[None], list[Alert]]:
        pairs = request.query_params.multi_items()
        reader = Reader(pairs, ALERTS, site.clock.now(), default_limit)
        asked = reader.asked(None)
        alerts = site.store.alerts(
            rule=reader.text("rule"),
            since=reader.moment("since", end_of_day=False),
            unacknowledged=reader.one_of("unacknowledged", ("0", "1")) == "1",
            limit=asked.limit,
            offset=asked.offset,
        )
        return asked, alerts

    @router.get("/alerts", include_in_schema=False, response_class=HTMLResponse)
    def alerts_page(request: Request) -> HTMLResponse:
        asked, alerts = read(request, PAGE)
        context = {
            "asked": asked,
            "alerts": alerts,
            "rules": [rule.name for rule in site.store.rules()],
            "pager": pager(asked, "/alerts", len(alerts), PAGE),
        }
        return site.render(request, "alerts.html", context=context)

    def load(request: Request) -> Rows:
        asked, alerts = read(request, TWIN_LIMIT)
        return Rows([alert_entry(alert, site.base_url(request)) for alert in alerts], asked)

    add_twins(router, site, "alerts", title="Tocsin alerts", parameters=ALERTS, load=load)


def _add_alert(router: APIRouter, site: Site) -> None:
    def found(row: str) -> Alert:
        alert_id = row_id("alert", row)
        alert = site.store.alert(alert_id)
        if alert is None:
            raise missing("alert", alert_id)
        return alert

    def alert_json(request: Request, row: str) -> dict[str, Any]:
        alert, base = found(row), site.base_url(request)
        events = [event for event_id in alert.draft.event_ids if (event := site.store.event(event_id))]
        return {
            **alert_form(alert, base),
            "event_details": [event_to_json(event, base_url=base) for event in events],
            "deliveries": [delivery_form(one, base) for one in _deliveries_of(site, alert.id)],
        }

    add_json(router, "/alerts/{row}.json", "alert", alert_json)

    @router.get("/alerts/{row}", include_in_schema=False, response_class=HTMLResponse)
    def alert_page(request: Request, row: str) -> HTMLResponse:
        alert = found(row)
        roles = {event_id: role for role, event_id in alert.draft.roles.items()}
        events = [
            (roles.get(str(event_id)), event_id, site.store.event(event_id))
            for event_id in alert.draft.event_ids
        ]
        context = {
            "alert": alert,
            "events": events,
            "deliveries": _deliveries_of(site, alert.id),
            "followed": site.store.alert(alert.draft.follows) if alert.draft.follows else None,
            "follow_ups": _follow_ups(site, alert),
        }
        return site.render(request, "alert.html", context=context)


def _deliveries_of(site: Site, alert_id: UUID) -> list[Delivery]:
    return site.store.deliveries(alert_id=alert_id, limit=500)


def _follow_ups(site: Site, alert: Alert) -> list[Alert]:
    related = site.store.alerts_of_events(alert.draft.event_ids)
    return [one for one in related if one.draft.follows == alert.id]


def _add_deliveries(router: APIRouter, site: Site) -> None:
    def read(request: Request, default_limit: int) -> tuple[Asked[None], list[Delivery]]:
        pairs = request.query_params.multi_items()
        reader = Reader(pairs, DELIVERIES, site.clock.now(), default_limit)
        asked, states = reader.asked(None), reader.choices("state", DeliveryState)
        state = states[-1] if states else None
        return asked, site.store.deliveries(state=state, limit=asked.limit, offset=asked.offset)

    @router.get("/deliveries", include_in_schema=False, response_class=HTMLResponse)
    def deliveries_page(request: Request) -> HTMLResponse:
        asked, deliveries = read(request, PAGE)
        context = {
            "asked": asked,
            "deliveries": deliveries,
            "states": list(DeliveryState),
            "pager": pager(asked, "/deliveries", len(deliveries), PAGE),
        }
        return site.render(request, "deliveries.html", context=context)

    def load(request: Request) -> Rows:
        asked, deliveries = read(request, TWIN_LIMIT)
        return Rows([delivery_entry(one, site.base_url(request)) for one in deliveries], asked)

    add_twins(router, site, "deliveries", title="Tocsin deliveries", parameters=DELIVERIES, load=load)


def _add_rules(router: APIRouter, site: Site) -> None:
    def read(request: Request) -> tuple[Asked[None], list[RuleRecord]]:
        reader = Reader(request.query_params.multi_items(), RULES, site.clock.now(), TWIN_LIMIT)
        return reader.asked(None), site.store.rules()

    @router.get("/rules", include_in_schema=False, response_class=HTMLResponse)
    def rules_page(request: Request) -> HTMLResponse:
        _, rules = read(request)
        context = {
            "refused": [rule for rule in rules if rule.error],
            "active": [rule for rule in rules if rule.active and not rule.error],
            "gone": [rule for rule in rules if not rule.active and not rule.error],
        }
        return site.render(request, "rules.html", context=context)

    def load(request: Request) -> Rows:
        asked, rules = read(request)
        return Rows([rule_entry(rule, site.base_url(request)) for rule in rules], asked, len(rules))

    add_twins(router, site, "rules", title="Tocsin rules", parameters=RULES, load=load)
