"""`tocsin alerts`: what fired, who has seen it, what is to stay quiet."""

from __future__ import annotations

import getpass
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from tocsin.cli._common import console, group, guarded, now, opened_store, print_json, print_table
from tocsin.cli._ids import find, new_id, pages, short
from tocsin.errors import UsageError
from tocsin.model import Alert, Severity, Silence

app = group("Alerts that fired, and silences.")
silence = group("Keep matching alerts from being sent for a while; they are still stored.")
app.add_typer(silence, name="silence")

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(text: str, option: str) -> timedelta:
    """`90m`, `2h`, `1d12h`; raises `UsageError` for anything else, and for nothing at all."""
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip():
        raise UsageError(f"{option} {text}: not a duration", hint="write it as 90m, 2h, 3d or 1d12h")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= 10 * 365 * 86400:
        raise UsageError(f"{option} {text}: must be more than nothing and at most ten years")
    return timedelta(seconds=seconds)


def parse_pairs(pairs: list[str], what: str) -> dict[str, str]:
    """`name=value` words as a mapping; raises `UsageError` for others and for a name given twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise UsageError(f"{what} {pair!r} is not name=value", hint="for example desk=korea")
        if name.strip() in found:
            raise UsageError(f"{what} {name.strip()} is given twice")
        found[name.strip()] = value.strip()
    return found


def parse_since(text: str | None) -> datetime | None:
    """A day or a moment, UTC where it names no zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--since {text}: not a date", hint="write it as 2022-11-08 or 2022-11-08T12:00Z"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@app.command("list")
@guarded
def list_(
    rule: Annotated[str | None, typer.Option(help="Only alerts of this rule.")] = None,
    since: Annotated[str | None, typer.Option(help="Fired on or after, 2022-11-08.")] = None,
    unacknowledged: Annotated[
        bool, typer.Option("--unacknowledged", help="Only those nobody has seen.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """List alerts, newest first.

    Example: `tocsin alerts list --unacknowledged --since 2022-11-01`
    """
    after = parse_since(since)
    with opened_store() as store:
        found = store.alerts(rule=rule, since=after, unacknowledged=unacknowledged, limit=limit)
    if as_json:
        print_json(alert_json(one) for one in found)
        return
    print_table("Alerts", ("fired", "severity", "kind", "title", "rule", "seen by", "id"), map(_row, found))


@app.command()
@guarded
def ack(
    ids: Annotated[list[str], typer.Argument(help="Ids, or a part of either end that is unique.")],
    by: Annotated[
        str | None, typer.Option(help="Who has seen it; the user of this machine by default.")
    ] = None,
) -> None:
    """Acknowledge alerts: mark them as seen.

    Example: `tocsin alerts ack 5f3a91c2 --by anna`
    """
    with opened_store() as store:
        chosen = [
            find(
                typed,
                pages(lambda limit, offset: store.alerts(limit=limit, offset=offset)),
                "alert",
                "tocsin alerts list",
            )
            for typed in ids
        ]
        for one in chosen:
            store.acknowledge(one.id, by or user(), now())
            console.print(f"acknowledged {short(one.id)}: {one.draft.title}", markup=False, highlight=False)


@silence.command()
@guarded
def add(
    matchers: Annotated[
        list[str], typer.Argument(help="rule=NAME, severity=LEVEL or LABEL=VALUE; all must hold.")
    ],
    duration: Annotated[str, typer.Option("--for", help="How long: 90m, 2h, 3d.")] = "2h",
    comment: Annotated[str, typer.Option(help="Why, for colleagues.")] = "",
    by: Annotated[str | None, typer.Option(help="Who; the user of this machine by default.")] = None,
) -> None:
    """Silence alerts that match.

    Example: `tocsin alerts silence add rule=korea-missile-launch --for 4h --comment "exercise week"`
    """
    wanted = parse_pairs(matchers, "matcher")
    if "severity" in wanted and wanted["severity"] not in set(Severity):
        raise UsageError(f"severity={wanted['severity']} is unknown", hint=f"one of {', '.join(Severity)}")
    moment = now()
    ends = moment + parse_duration(duration, "--for")
    with opened_store() as store:
        made = Silence(new_id(), wanted, moment, ends, comment, by or user())
        store.add_silence(made)
    console.print(
        f"silenced until {ends:%Y-%m-%d %H:%M} UTC, id {short(made.id)}", markup=False, highlight=False
    )


@silence.command("list")
@guarded
def list_silences(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """List silences that are not over."""
    with opened_store() as store:
        found = store.silences(now())
    if as_json:
        print_json(_silence_json(one) for one in found)
        return
    rows = [
        (
            " ".join(f"{k}={v}" for k, v in one.matchers.items()),
            _moment(one.ends),
            one.author,
            one.comment,
            short(one.id),
        )
        for one in found
    ]
    print_table("Silences", ("matches", "until", "by", "comment", "id"), rows)


@silence.command()
@guarded
def remove(
    typed: Annotated[str, typer.Argument(metavar="ID", help="Id, or a part of either end that is unique.")],
) -> None:
    """End a silence now.

    Example: `tocsin alerts silence remove 5f3a91c2`
    """
    with opened_store() as store:
        one = find(typed, iter(store.silences(now())), "silence", "tocsin alerts silence list")
        store.remove_silence(one.id)
    console.print(f"removed {short(one.id)}", markup=False, highlight=False)


def alert_json(alert: Alert) -> dict[str, Any]:
    """An alert as `--json` prints it."""
    draft = alert.draft
    return {
        "id": str(alert.id),
        "kind": draft.kind.value,
        "rule": draft.rule,
        "title": draft.title,
        "severity": draft.severity.value,
        "labels": draft.labels,
        "group": draft.group,
        "reason": draft.reason,
        "events": [str(id_) for id_ in draft.event_ids],
        "roles": draft.roles,
        "known_at": draft.known_at.isoformat(),
        "fired_at": alert.fired_at.isoformat(),
        "follows": None if draft.follows is None else str(draft.follows),
        "acknowledged_at": alert.acknowledged_at and alert.acknowledged_at.isoformat(),
        "acknowledged_by": alert.acknowledged_by,
    }


def _silence_json(one: Silence) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "matchers": one.matchers,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
        "comment": one.comment,
        "author": one.author,
    }


def _row(alert: Alert) -> tuple[object, ...]:
    draft = alert.draft
    seen = alert.acknowledged_by
    return (
        _moment(alert.fired_at),
        draft.severity.value,
        draft.kind.value,
        draft.title,
        draft.rule,
        seen,
        short(alert.id),
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def user() -> str:
    """The name of who runs the command, `unknown` where the machine has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
