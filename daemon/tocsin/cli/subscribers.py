"""`tocsin subscribers`: who gets alerts, and by which way."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, group, guarded, now, opened_store, print_json, print_table, settings
from tocsin.cli._ids import new_id
from tocsin.cli.alerts import parse_duration, parse_pairs
from tocsin.errors import ChannelError, InputError
from tocsin.model import (
    Alert,
    AlertDraft,
    AlertKind,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    Severity,
    Subscriber,
    SubscriberKind,
)

if TYPE_CHECKING:
    from tocsin.ports import SendResult
    from tocsin.settings import Settings
    from tocsin.store import SqlStore

app = group("Who gets alerts: webhooks, email addresses, chat and push services.")

Name = Annotated[str, typer.Argument(help="The subscriber's name.")]


@app.command()
@guarded
def add(
    name: Annotated[str, typer.Argument(help="A name of your choice: letters, digits, dots, dashes.")],
    address: Annotated[str, typer.Argument(help="https://..., name@example.org, or an Apprise URL.")],
    kind: Annotated[
        SubscriberKind | None, typer.Option(help="When the address alone does not say it.")
    ] = None,
    min_severity: Annotated[
        Severity, typer.Option(help="Alerts of this severity and above.")
    ] = Severity.INFO,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be given again.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="Only alerts with this NAME=VALUE; may be given again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Add a subscriber. A webhook's signing secret is printed once, here.

    Examples: `tocsin subscribers add desk https://desk.example.org/hook --min-severity warning`,
    `tocsin subscribers add anna anna@example.org --label desk=korea`
    """
    from tocsin.alerting import new_subscriber

    made = new_subscriber(
        new_id(),
        name,
        address,
        now(),
        kind=kind,
        min_severity=min_severity,
        rules=rule or (),
        labels=parse_pairs(label or [], "label"),
    )
    with opened_store() as store:
        if store.subscriber(name) is not None:
            raise InputError(
                f"there is a subscriber {name} already", hint=f"`tocsin subscribers remove {name}` first"
            )
        store.save_subscriber(made)
    if as_json:
        print_json([{**subscriber_json(made), "secret": made.secret}])
        return
    _say(f"added {name} ({made.kind.value})")
    if made.secret:
        _say(f"signing secret, shown this once: {made.secret}")
    _say(f"try it with: tocsin subscribers test {name}")


@app.command("list")
@guarded
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """List subscribers. Secrets are never shown, nor tokens in chat addresses."""
    with opened_store() as store:
        found = store.subscribers()
    if as_json:
        print_json(subscriber_json(one) for one in found)
        return
    print_table(
        "Subscribers", ("name", "kind", "address", "severity", "rules", "labels", "state"), map(_row, found)
    )


@app.command("test")
@guarded
def try_out(
    name: Name,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Send a signed test message now and say what came back; exit 1 when it was not taken.

    Example: `tocsin subscribers test desk`
    """
    config = settings()
    with opened_store(config) as store:
        subscriber = _existing(store, name)
    moment = now()
    result = asyncio.run(_send(subscriber, config, moment))
    if as_json:
        answer = {
            "subscriber": name,
            "outcome": result.outcome.value,
            "status": result.status,
            "detail": result.detail,
        }
        print_json([answer])
    elif result.outcome is AttemptOutcome.ACCEPTED:
        _say(f"{name}: accepted ({result.detail})")
    if result.outcome is not AttemptOutcome.ACCEPTED:
        if as_json:
            raise typer.Exit(1)
        raise ChannelError(f"{name}: {result.detail}")


@app.command()
@guarded
def remove(name: Name) -> None:
    """Remove a subscriber; what was sent to it stays in the log.

    Example: `tocsin subscribers remove desk`
    """
    with opened_store() as store:
        _existing(store, name)
        store.remove_subscriber(name)
    _say(f"removed {name}")


@app.command("rotate-secret")
@guarded
def rotate_secret(
    name: Name,
    keep: Annotated[str, typer.Option(help="How long the old secret still signs too: 24h, 7d.")] = "24h",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Give a webhook a new signing secret; for a while messages carry both signatures.

    Example: `tocsin subscribers rotate-secret desk --keep 7d`
    """
    from tocsin.alerting import new_secret, rotate

    with opened_store() as store:
        changed = rotate(_existing(store, name), new_secret(), now(), parse_duration(keep, "--keep"))
        store.save_subscriber(changed)
    until = changed.old_secret_until
    if as_json:
        print_json(
            [{"name": name, "secret": changed.secret, "old_secret_until": until and until.isoformat()}]
        )
        return
    _say(f"signing secret, shown this once: {changed.secret}")
    if until:
        _say(f"the old secret signs too until {until:%Y-%m-%d %H:%M} UTC")


def subscriber_json(one: Subscriber) -> dict[str, Any]:
    """A subscriber as `--json` prints it: without secrets."""
    from tocsin.alerting import shown_address

    until = one.old_secret_until
    return {
        "id": str(one.id),
        "name": one.name,
        "kind": one.kind.value,
        "address": shown_address(one),
        "min_severity": one.min_severity.value,
        "rules": list(one.rules),
        "labels": one.labels,
        "enabled": one.enabled,
        "created_at": one.created_at and one.created_at.isoformat(),
        "old_secret_until": until and until.isoformat(),
    }


async def _send(subscriber: Subscriber, config: Settings, moment: datetime) -> SendResult:
    from tocsin.alerting import senders

    channels = senders(config)
    try:
        return await channels[subscriber.kind].send(_message(subscriber, config, moment), moment)
    finally:
        for channel in channels.values():
            close = getattr(channel, "close", None)
            if close is not None:
                await close()


def _message(subscriber: Subscriber, config: Settings, moment: datetime) -> Any:
    from tocsin.ports import Outgoing

    alert = Alert(new_id(), _draft(moment), moment)
    delivery = Delivery(
        new_id(),
        alert.id,
        subscriber.id,
        DeliveryState.PENDING,
        0,
        None,
        moment,
        subscriber_name=subscriber.name,
    )
    return Outgoing(delivery, alert, subscriber, (), (), 1, config.web.public_url)


def _draft(moment: datetime) -> AlertDraft:
    return AlertDraft(
        rule="tocsin-test",
        fingerprint="test",
        group={},
        kind=AlertKind.FIRST,
        title="Test message from Tocsin",
        severity=Severity.INFO,
        labels={"test": "true"},
        reason="Somebody ran `tocsin subscribers test`. Nothing happened in the world.",
        event_ids=(),
        roles={},
        known_at=moment,
    )


def _existing(store: SqlStore, name: str) -> Subscriber:
    found = store.subscriber(name)
    if found is None:
        known = ", ".join(one.name for one in store.subscribers()) or "none yet"
        raise InputError(f"there is no subscriber {name}", hint=f"known: {known}")
    return found


def _row(one: Subscriber) -> tuple[object, ...]:
    from tocsin.alerting import shown_address

    labels = " ".join(f"{k}={v}" for k, v in one.labels.items())
    state = "on" if one.enabled else "removed"
    return (
        one.name,
        one.kind.value,
        shown_address(one),
        one.min_severity.value,
        " ".join(one.rules) or "all",
        labels,
        state,
    )


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
