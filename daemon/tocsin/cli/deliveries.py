"""`tocsin deliveries`: every message on its way, with what became of each attempt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, group, guarded, now, opened_store, print_json, print_table
from tocsin.cli._ids import find, pages, short
from tocsin.model import Attempt, Delivery, DeliveryState

if TYPE_CHECKING:
    from tocsin.store import SqlStore

app = group("Messages on their way, and what became of each attempt.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id, or a part of either end that is unique.")]


@app.command("list")
@guarded
def list_(
    state: Annotated[DeliveryState | None, typer.Option(help="Only messages in this state.")] = None,
    alert: Annotated[
        str | None, typer.Option(help="Only messages of this alert (id or a part of it).")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array, attempts included.")] = False,
) -> None:
    """List messages, newest first.

    Example: `tocsin deliveries list --state failed`
    """
    with opened_store() as store:
        alert_id = None
        if alert is not None:
            every = pages(lambda most, offset: store.alerts(limit=most, offset=offset))
            alert_id = find(alert, every, "alert", "tocsin alerts list").id
        found = store.deliveries(state=state, alert_id=alert_id, limit=limit)
    if as_json:
        print_json(delivery_json(one) for one in found)
        return
    columns = ("made", "to", "alert", "state", "attempts", "next", "why", "id")
    print_table("Deliveries", columns, map(_row, found))


@app.command()
@guarded
def show(typed: Id, as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """Show one message with all its attempts.

    Example: `tocsin deliveries show 5f3a91c2`
    """
    with opened_store() as store:
        one = _find(store, typed)
    if as_json:
        print_json([delivery_json(one)])
        return
    _say(
        f"{one.alert_title}\nto {one.subscriber_name}: {one.state.value}"
        + (f", {one.reason}" if one.reason else "")
    )
    if one.next_attempt_at and one.state is DeliveryState.PENDING:
        _say(f"next attempt {_moment(one.next_attempt_at)} UTC")
    rows = [
        (a.number, _moment(a.at), a.outcome.value, a.status, f"{a.duration_ms} ms", a.detail) for a in one.log
    ]
    print_table(f"Attempts of {one.id}", ("no.", "at", "outcome", "status", "took", "detail"), rows)


@app.command()
@guarded
def redeliver(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, or unique parts of either end.")],
) -> None:
    """Send messages again, whatever their state; the running daemon does it within seconds.

    Example: `tocsin deliveries redeliver 5f3a91c2`
    """
    with opened_store() as store:
        for one in [_find(store, typed) for typed in ids]:
            store.redeliver(one.id, now())
            _say(f"due again: {one.alert_title} to {one.subscriber_name} ({short(one.id)})")


def delivery_json(one: Delivery) -> dict[str, Any]:
    """A message as `--json` prints it."""
    return {
        "id": str(one.id),
        "alert": str(one.alert_id),
        "alert_title": one.alert_title,
        "subscriber": one.subscriber_name,
        "state": one.state.value,
        "reason": one.reason,
        "attempts": one.attempts,
        "created_at": one.created_at.isoformat(),
        "next_attempt_at": one.next_attempt_at and one.next_attempt_at.isoformat(),
        "delivered_at": one.delivered_at and one.delivered_at.isoformat(),
        "log": [_attempt_json(attempt) for attempt in one.log],
    }


def _attempt_json(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": attempt.at.isoformat(),
        "outcome": attempt.outcome.value,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "detail": attempt.detail,
    }


def _find(store: SqlStore, typed: str) -> Delivery:
    every = pages(lambda limit, offset: store.deliveries(limit=limit, offset=offset))
    return find(typed, every, "delivery", "tocsin deliveries list")


def _row(one: Delivery) -> tuple[object, ...]:
    due = _moment(one.next_attempt_at) if one.next_attempt_at and one.state is DeliveryState.PENDING else ""
    made = _moment(one.created_at)
    return (
        made,
        one.subscriber_name,
        one.alert_title,
        one.state.value,
        one.attempts,
        due,
        one.reason,
        short(one.id),
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
