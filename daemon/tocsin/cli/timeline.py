"""`tocsin timeline` and `tocsin claims`: the lists of the page, on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from tocsin.cli._common import console, guarded, now, opened_store, print_json, print_table, settings
from tocsin.errors import UsageError
from tocsin.model import Claim, ClaimQuery, Event, EventQuery, EventStatus

_FORMATS = ("table", "json", "csv", "atom", "ics", "geojson", "kml", "gdelt")


def parse_day(text: str | None, option: str) -> date | None:
    """An ISO 8601 day, or a UsageError that names the option."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a day", hint="write it as 2022-11-08") from error


def parse_moment(text: str | None, option: str) -> datetime | None:
    """An ISO 8601 moment (UTC when it has no zone), or a UsageError that names the option."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a moment", hint="write it as 2022-11-08T12:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_status(text: str | None) -> tuple[EventStatus, ...]:
    """Comma-separated statuses, or a UsageError that lists them."""
    try:
        return tuple(EventStatus(part.strip()) for part in text.split(",")) if text else ()
    except ValueError as error:
        raise UsageError(f"--status {text}: unknown", hint=f"one of {', '.join(EventStatus)}") from error


def when_text(event: Event) -> str:
    """`2022-11-02`, `2022-11-02 to 2022-11-04`, or `not dated`."""
    if event.when is None:
        return "not dated"
    start, end = event.when.start.isoformat(), event.when.end.isoformat()
    return start if start == end else f"{start} to {end}"


def show_events(events: list[Event], title: str = "Timeline") -> None:
    """The timeline as a table, oldest first."""
    rows = [
        (when_text(e), e.title, e.type, e.status.value, f"{len(e.owners)}/{e.articles}", str(e.id)[-8:])
        for e in events
    ]
    print_table(title, ("when", "event", "type", "status", "owners/articles", "id"), rows)


@guarded
def timeline(
    kind: Annotated[
        str | None, typer.Option("--type", help="Event type and all below it; commas for several.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Country code or name on either side.")] = None,
    source: Annotated[str | None, typer.Option(help="Who did it.")] = None,
    target: Annotated[str | None, typer.Option(help="To whom.")] = None,
    place: Annotated[str | None, typer.Option(help="Name of the place.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of the place, ISO 3166-1 alpha-3.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, 2022-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, 2022-11-30.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The timeline as it stood at this moment.")] = None,
    status: Annotated[
        str | None, typer.Option(help="reported, claimed, denied, disputed, confirmed, retracted.")
    ] = None,
    min_owners: Annotated[int, typer.Option(help="Independent owners at least.")] = 0,
    text: Annotated[str | None, typer.Option(help="Words in titles and articles.")] = None,
    rule: Annotated[str | None, typer.Option(help="Events that made this rule fire.")] = None,
    feed: Annotated[str | None, typer.Option(help="Address, title or publisher of a feed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 100,
    format_: Annotated[str, typer.Option("--format", help=", ".join(_FORMATS) + ".")] = "table",
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """List events, newest happening first.

    Examples: `tocsin timeline --type weapons --actor PRK --since 2022-11-01`,
    `tocsin timeline --as-of 2022-11-05T00:00:00Z --format csv > then.csv`
    """
    chosen = "json" if json else format_
    if chosen not in _FORMATS:
        raise UsageError(f"--format {chosen}: unknown", hint=f"one of {', '.join(_FORMATS)}")
    query = EventQuery(
        types=tuple(part.strip() for part in kind.split(",")) if kind else (),
        actor=actor,
        source=source,
        target=target,
        place=place,
        country=country,
        since=parse_day(since, "--since"),
        until=parse_day(until, "--until"),
        as_of=parse_moment(as_of, "--as-of"),
        statuses=parse_status(status),
        min_owners=min_owners,
        text=text,
        rule=rule,
        feed=feed,
        limit=limit,
    )
    config = settings()
    with opened_store(config) as store:
        events = store.events(query)
        total = store.count_events(query)
    if chosen == "table":
        show_events(events)
        console.print(f"{len(events)} of {total} events", style="dim", highlight=False)
    else:
        from tocsin.timeline.exports import export

        base = config.web.public_url or f"http://{config.web.host}:{config.web.port}"
        typer.echo(export(events, chosen, now=now(), base_url=base), nl=False)


def _claim_row(claim: Claim) -> tuple[object, ...]:
    stances = "; ".join(
        f"{s.party.name or s.party.country} {s.stance.value}{f' {s.on}' if s.on else ''}"
        for s in claim.stances
    )
    return (claim.text, claim.status.value, stances, str(claim.id)[-8:])


def claim_json(claim: Claim) -> dict[str, object]:
    """A claim as `--json` prints it."""
    return {
        "id": str(claim.id),
        "type": claim.key.type,
        "source": list(claim.key.source),
        "target": list(claim.key.target),
        "text": claim.text,
        "status": claim.status.value,
        "first_known": claim.first_known.isoformat(),
        "last_known": claim.last_known.isoformat(),
        "about_event": None if claim.about_event_id is None else str(claim.about_event_id),
        "stances": [
            {
                "stance": s.stance.value,
                "party": {"name": s.party.name, "country": s.party.country, "sector": s.party.sector},
                "on": None if s.on is None else s.on.isoformat(),
                "known_at": s.known_at.isoformat(),
                "event": str(s.event_id),
                "article": str(s.article_id),
            }
            for s in claim.stances
        ],
    }


@guarded
def claims(
    kind: Annotated[
        str | None, typer.Option("--type", help="Type of what is claimed, and all below it.")
    ] = None,
    party: Annotated[str | None, typer.Option(help="Who takes a stance, or whom the claim names.")] = None,
    status: Annotated[
        str | None, typer.Option(help="asserted, denied, disputed, confirmed, retracted.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="First day of a stance.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day of a stance.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The ledger as it stood at this moment.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List claims: who asserts, denies, confirms or retracts what.

    Example: `tocsin claims --party RUS --status disputed`
    """
    query = ClaimQuery(
        type=kind,
        party=party,
        status=status,
        since=parse_day(since, "--since"),
        until=parse_day(until, "--until"),
        as_of=parse_moment(as_of, "--as-of"),
        limit=limit,
    )
    with opened_store() as store:
        found = store.claims(query)
    if json:
        print_json(claim_json(c) for c in found)
    else:
        print_table("Claims", ("claim", "status", "stances", "id"), (_claim_row(c) for c in found))
