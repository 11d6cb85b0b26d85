"""`tocsin feeds trace`: every request made to a host, as it can be shown to its owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, guarded, now, opened_store, print_json, print_table, settings
from tocsin.cli._feeds import counted
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.model import Cooldown, Exchange, Traced
    from tocsin.settings import PollingSettings


@guarded
def trace(
    host: Annotated[str, typer.Argument(help="A host, with all names below it, or an address there.")],
    since: Annotated[str | None, typer.Option(help="First moment, 2022-11-01 or with a time; UTC.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many polls and pages.")] = 1000,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """Show every request made to a host: when, for what, how long it waited for its turn, what was answered.

    Example: `tocsin feeds trace news.example --since 2022-11-01`
    """
    from tocsin.network import host_name, lane_of

    config = settings()
    name = host_name(host if "//" in host else f"//{host}")
    if not name or any(map(str.isspace, name)):
        raise UsageError(f"{host!r} is no host", hint="write it like news.example, or as an address there")
    with opened_store(config) as store:
        lines = store.trace(name, _moment(since), limit)
        resting = [one for one in store.cooldowns(now()) if one.scope in (name, lane_of(f"http://{name}/"))]
    if json:
        print_json(map(_line_json, lines))
        return
    for sentence in _introduction(name, lines, resting, config.polling):
        console.print(sentence, highlight=False, soft_wrap=True)
    if lines:
        columns = ("UTC", "for", "address", "conditional", "waited", "answer", "what came of it")
        print_table("", columns, (row for line in lines for row in _rows(line)))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: no date or time", hint="write it like 2022-11-01T12:00") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _introduction(
    name: str, lines: list[Traced], resting: list[Cooldown], polling: PollingSettings
) -> Iterator[str]:
    from tocsin.polling import summarise

    found = summarise(lines)
    yield (
        f"Rules: at most {polling.per_host} requests at once in one registrable domain, "
        f"{polling.spacing:g} s between two starts; 429, 503 and challenges rest the {polling.cooldown_scope}."
    )
    if not found.requests:
        yield f"No request to {name} is recorded."
    else:
        rate = "" if found.per_day is None else f", {found.per_day:.0f} a day"
        closest = (
            "" if found.closest is None else f", never closer than {found.closest.total_seconds():.2f} s"
        )
        yield (
            f"{counted(found.requests, 'request')} to {name} from {found.first:%Y-%m-%d %H:%M} to "
            f"{found.last:%Y-%m-%d %H:%M}{rate}; at most {found.at_once} at once{closest}; "
            f"{found.conditional} conditional, {found.not_modified} answered 304, {found.refused} with an error, "
            f"{found.unanswered} not at all."
        )
    for one in resting:
        over = "left alone" if one.until > now() else "was left alone"
        yield f"{one.scope} {over} from {_clock(one.since)} to {_clock(one.until)}: {one.reason}."


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _rows(line: Traced) -> Iterator[tuple[object, ...]]:
    """One row a request, what came of it all on the last; a poll that was put off has a row, too."""
    if not line.requests:
        yield _clock(line.at), line.kind.value, _shown(line.url), "", "", "not asked", line.told
    for place, made in enumerate(line.requests, start=1):
        told = line.told if place == len(line.requests) else "redirected"
        answer = "none" if made.status is None else made.status
        waited = f"{made.waited_ms} ms, {made.rule.value}" if made.waited_ms else ""
        condition = "yes" if made.conditional else "no"
        yield _clock(made.started), made.kind.value, _shown(made.url), condition, waited, answer, told


def _shown(url: str) -> str:
    from tocsin.polling import without_credentials

    return without_credentials(url)[0]


def _line_json(line: Traced) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(),
        "kind": line.kind.value,
        "url": _shown(line.url),
        "requests": [_request_json(made) for made in line.requests],
        "told": line.told,
        "next_due_at": line.next_due_at.isoformat() if line.next_due_at else None,
    }


def _request_json(made: Exchange) -> dict[str, Any]:
    return {
        "started": made.started.isoformat(),
        "url": _shown(made.url),
        "status": made.status,
        "conditional": made.conditional,
        "waited_ms": made.waited_ms,
        "rule": made.rule.value,
        "duration_ms": made.duration_ms,
    }
