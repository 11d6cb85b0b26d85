"""`tocsin rules`: check, test, list, explain and backtest rule files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tocsin.cli._common import (
    console,
    errors,
    group,
    guarded,
    opened_store,
    print_json,
    print_table,
    settings,
)
from tocsin.cli._ids import find, pages, short
from tocsin.errors import InputError, RuleError, UsageError
from tocsin.model import Event, EventQuery

if TYPE_CHECKING:
    from tocsin.ports import TimelineStore
    from tocsin.rules import CaseResult, Explanation, Firing, Ontology, Rule, RuleSet

app = group("Rule files: what rings, and why.")

_Paths = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, help="Rule files or folders; the shipped rules and yours by default."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON array.")]


def _folders(paths: Sequence[Path] | None) -> list[Path]:
    """What was named, or the folders of the settings."""
    if paths:
        return list(paths)
    from tocsin.shipped import shipped

    config = settings().rules
    own = [config.folder] if config.folder else []
    return [*([shipped("rules")] if config.shipped else []), *own]


def _ontology() -> Ontology:
    from tocsin.extraction.ontology import load_ontology

    return load_ontology()


def _load(paths: Sequence[Path] | None) -> RuleSet:
    from tocsin.rules import load_rules

    return load_rules(_folders(paths), _ontology())


def _say(refusals: Sequence[RuleError]) -> None:
    for error in refusals:
        place = f"{error.file}:{error.line}:{error.column}"
        errors.print(f"{place}: {error.message}", markup=False, highlight=False, soft_wrap=True)
        if error.hint:
            errors.print(f"  {error.hint}", markup=False, highlight=False, soft_wrap=True)


def _rule(name: str, loaded: RuleSet) -> Rule:
    if rule := loaded.rule(name):
        return rule
    for record in loaded.refused:
        if record.name == name:
            raise InputError(f"rule {name} is refused: {record.error}", hint="tocsin rules check")
    raise InputError(f"there is no rule {name}", hint="`tocsin rules list` shows them")


@app.command()
@guarded
def check(paths: _Paths = None, as_json: _Json = False) -> None:
    """Check rule files; every mistake is told with file:line:column. Exit 1 when there is one.

    Examples: `tocsin rules check`, `tocsin rules check my-rules/ --json`
    """
    loaded = _load(paths)
    if as_json:
        print_json(
            {"file": e.file, "line": e.line, "column": e.column, "message": e.message, "hint": e.hint}
            for e in loaded.errors
        )
    else:
        _say(loaded.errors)
        console.print(f"{len(loaded.rules)} rules, {len(loaded.errors)} mistakes", highlight=False)
    if loaded.errors:
        raise typer.Exit(1)


@app.command("test")
@guarded
def run_cases(paths: _Paths = None, as_json: _Json = False) -> None:
    """Run the tests that stand beside rule files (`*.test.yaml`). Exit 1 when one fails.

    Examples: `tocsin rules test`, `tocsin rules test my-rules/korea.yaml`
    """
    from tocsin.rules import case_files, run_tests

    chosen = _folders(paths)
    files = case_files(chosen)
    if not files:
        raise InputError("there are no rule tests", hint="write <name>.test.yaml beside the rule file")
    tests_only = {path for path in chosen if path in files}
    loaded = _load([path.parent if path in tests_only else path for path in chosen])
    results = run_tests(files, loaded, _ontology())
    failed = [result for result in results if not result.passed]
    if as_json:
        print_json(_case_json(result) for result in results)
    else:
        _say(loaded.errors)
        for result in failed:
            said = f"FAILED {result.file}:{result.line}: {result.test}\n  {result.message}"
            console.print(said, markup=False, highlight=False, soft_wrap=True)
        console.print(f"{len(results) - len(failed)} passed, {len(failed)} failed", highlight=False)
    if failed or loaded.errors:
        raise typer.Exit(1)


def _case_json(result: CaseResult) -> dict[str, Any]:
    return {
        "file": result.file,
        "line": result.line,
        "test": result.test,
        "rule": result.rule,
        "passed": result.passed,
        "message": result.message,
    }


@app.command("list")
@guarded
def list_(paths: _Paths = None, as_json: _Json = False) -> None:
    """List rules with what makes them ring; refused ones with their error.

    Examples: `tocsin rules list`, `tocsin rules list --json`
    """
    loaded = _load(paths)
    rows = [*map(_rule_json, loaded.rules), *(_refused_json(record) for record in loaded.refused)]
    if as_json:
        print_json(rows)
        return
    columns = ("rule", "severity", "when", "title", "file")
    shown = [
        (
            row["rule"],
            row["severity"],
            row["when"] or "REFUSED",
            row["title"],
            _near(row["file"], row["line"]),
        )
        for row in rows
    ]
    print_table("Rules", columns, shown)
    _say(loaded.errors)


def _near(file: str, line: int) -> str:
    """Name and line; the folder would fill a terminal's width."""
    return f"{Path(file).name}:{line}"


def _rule_json(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "title": rule.title,
        "severity": rule.severity.value,
        "when": rule.when.kind,
        "types": list(rule.families),
        "labels": rule.labels,
        "description": rule.description,
        "file": rule.file,
        "line": rule.line,
        "active": True,
        "error": None,
    }


def _refused_json(record: Any) -> dict[str, Any]:
    return {
        "rule": record.name,
        "title": record.title,
        "severity": record.severity.value,
        "when": None,
        "types": [],
        "labels": {},
        "description": "",
        "file": record.file,
        "line": record.line,
        "active": False,
        "error": record.error,
    }


@app.command()
@guarded
def schema() -> None:
    """Print the JSON Schema of rule files, for editors.

    Example: `tocsin rules schema > tocsin-rule.schema.json`
    """
    import json

    from tocsin.rules import json_schema

    typer.echo(json.dumps(json_schema(_ontology()), indent=2))


@app.command()
@guarded
def explain(
    rule: Annotated[str, typer.Argument(help="Name of the rule.")],
    event_id: Annotated[str, typer.Argument(help="Id of the event, or a part of either end that is unique.")],
    as_json: _Json = False,
) -> None:
    """Say why a rule rings for an event, or why it does not, field by field.

    Example: `tocsin rules explain korea-missile-launch 5f3a91c2`
    """
    from tocsin.rules import explain as explained
    from tocsin.service import StoreHistory

    chosen = _rule(rule, _load(None))
    with opened_store() as store:
        event = _event(event_id, store)
        horizon = event.last_known + chosen.lookback  # what became known later may complete it
        found = explained(chosen, event, StoreHistory(store), horizon)
    if as_json:
        print_json([found.to_json()])
    else:
        _show(found, event)
    if found.error:
        raise typer.Exit(1)


def _event(typed: str, store: TimelineStore) -> Event:
    try:
        if event := store.event(UUID(typed)):
            return event
    except ValueError:
        pass
    rows = pages(lambda limit, offset: store.events(EventQuery(limit=limit, offset=offset)))
    return find(typed, rows, "event", "tocsin timeline")


def _show(found: Explanation, event: Event) -> None:
    console.print(event.title, markup=False, highlight=False)
    for name, checks in found.checks.items():
        rows = [
            ("yes" if check.met else "NO", check.field, _cell(check.wanted), _cell(check.found))
            for check in checks
        ]
        print_table(f"Pattern {name}", ("met", "field", "wanted", "found"), rows)
    if found.where is not None:
        console.print(f"where holds: {'yes' if found.where else 'NO'}", highlight=False)
    verdict = "rings" if found.fires else "does not ring"
    said = f"{found.rule} {verdict}. {found.sentence}"
    console.print(said, markup=False, highlight=False, soft_wrap=True)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_cell(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@app.command()
@guarded
def backtest(
    target: Annotated[str, typer.Argument(help="Name of a rule, or a rule file or folder.")],
    since: Annotated[
        str | None, typer.Option(help="Known after this day or moment, 2022-11-01; the beginning by default.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Known until this day (included) or moment; now by default.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Replay the stored timeline through rules: what would have rung, in the order it became known.

    Examples: `tocsin rules backtest airstrike-surge --since 2022-10-01 --until 2022-11-30`,
    `tocsin rules backtest my-rules/new.yaml --json`
    """
    from tocsin.rules import backtest as replayed

    rules = _targets(target)
    after, end = _moment(since, "--since"), _moment(until, "--until", end_of_day=True)
    if after and end and after >= end:
        raise UsageError(f"--since {since} is not before --until {until}")
    with opened_store() as store:
        found = replayed(rules, _states(store, rules, end), after, end)
    if as_json:
        print_json(_firing_json(firing) for firing in found.firings)
    else:
        columns = ("known", "severity", "rule", "title", "events")
        print_table("Would have rung", columns, map(_firing_row, found.firings))
        console.print(f"{len(found.firings)} alerts, {found.looked_at} states of events", highlight=False)
    _say(found.errors)
    if found.errors:
        raise typer.Exit(1)


def _targets(target: str) -> Sequence[Rule]:
    path = Path(target)
    if not path.exists():
        return (_rule(target, _load(None)),)
    loaded = _load([path])
    _say(loaded.errors)
    if loaded.errors:
        raise InputError(f"{target} has mistakes", hint="nothing was replayed; repair them first")
    return loaded.rules


def _moment(text: str | None, option: str, *, end_of_day: bool = False) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a date", hint="2022-11-08 or 2022-11-08T12:00Z") from error
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    is_day = len(text) == len("2022-11-08") and found.time() == time()
    return found + timedelta(days=1, microseconds=-1) if is_day and end_of_day else found


def _states(
    store: TimelineStore, rules: Sequence[Rule], until: datetime | None
) -> Iterator[tuple[datetime, Event]]:
    """Every state that events of the rules' types went through."""
    types = tuple(sorted({family for rule in rules for family in rule.families}))

    def ask(limit: int, offset: int) -> list[Event]:
        return store.events(
            EventQuery(types=types, known_until=until, oldest_first=True, limit=limit, offset=offset)
        )

    for event in pages(ask):
        for revision in store.event_revisions(event.id):
            yield revision.known_at, revision.state


def _firing_row(firing: Firing) -> tuple[object, ...]:
    alert = firing.alert
    events = ", ".join(short(event_id) for event_id in alert.event_ids)
    return (f"{firing.at:%Y-%m-%d %H:%M}", alert.severity.value, alert.rule, alert.title, events)


def _firing_json(firing: Firing) -> dict[str, Any]:
    alert = firing.alert
    return {
        "at": firing.at.isoformat(),
        "rule": alert.rule,
        "severity": alert.severity.value,
        "title": alert.title,
        "reason": alert.reason,
        "group": alert.group,
        "events": [str(event_id) for event_id in alert.event_ids],
        "roles": alert.roles,
        "fingerprint": alert.fingerprint,
    }
