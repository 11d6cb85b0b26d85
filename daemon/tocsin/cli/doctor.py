"""`tocsin doctor`: is everything there that the daemon needs?"""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli._common import console, guarded, print_json, settings
from tocsin.errors import TocsinError

if TYPE_CHECKING:
    from tocsin.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, what was found, what to do."""

    check: str
    ok: bool
    found: str
    remedy: str = ""


def _python(config: Settings) -> Finding:
    del config
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", sys.version_info >= (3, 11), found, "Tocsin needs 3.11 or newer")


def _database(config: Settings) -> Finding:
    from tocsin.store import open_store

    store = open_store(config.database_url)
    try:
        store.check()
        rows = store.stats()["rows"]
    finally:
        store.close()
    return Finding(
        "database", ok=True, found=f"{rows['feed']} feeds, {rows['article']} articles, {rows['event']} events"
    )


def _disk(config: Settings) -> Finding:
    del config
    free = shutil.disk_usage(".").free // 1_000_000
    return Finding("disk", free > 500, f"{free} MB free", "free some space; the database needs room to grow")


def _model(config: Settings) -> Finding:
    from tocsin.extraction import Document, load_extractor

    extractor = load_extractor(config.extraction.ontology)
    found = extractor.extract(Document(text="North Korea fired a ballistic missile on Tuesday."))
    return Finding(
        "language model",
        bool(found.mentions),
        f"{len(found.mentions)} event in the test sentence",
        "reinstall the locked dependencies",
    )


def _rules(config: Settings) -> Finding:
    from tocsin.extraction.ontology import load_ontology
    from tocsin.rules import load_rules
    from tocsin.shipped import shipped

    own = [config.rules.folder] if config.rules.folder else []
    loaded = load_rules(
        [*([shipped("rules")] if config.rules.shipped else []), *own],
        load_ontology(config.extraction.ontology),
    )
    found = f"{len(loaded.rules)} loaded, {len(loaded.errors)} refused"
    remedy = str(loaded.errors[0]) if loaded.errors else ""
    return Finding("rules", not loaded.errors, found, remedy)


def _port(config: Settings) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        taken = config.web.port != 0 and probe.connect_ex((config.web.host, config.web.port)) == 0
    where = f"{config.web.host}:{config.web.port}"
    return Finding("page", ok=True, found=f"{where} {'answers (is Tocsin running?)' if taken else 'is free'}")


def _email(config: Settings) -> Finding:
    host = config.email.host
    found = f"{host}:{config.email.port}" if host else "no SMTP server set: email subscribers get nothing"
    return Finding(
        "email", ok=True, found=found, remedy="" if host else "set TOCSIN_EMAIL__HOST to send email"
    )


CHECKS: tuple[Callable[[Settings], Finding], ...] = (_python, _disk, _database, _model, _rules, _port, _email)


@guarded
def doctor(json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False) -> None:
    """Check Python, disk, database, language model, rules, port and email; exit 1 when something is wrong.

    Example: `tocsin doctor --json`
    """
    config = settings()
    findings = []
    for check in CHECKS:
        try:
            findings.append(check(config))
        except TocsinError as error:
            findings.append(
                Finding(check.__name__.strip("_"), ok=False, found=error.message, remedy=error.hint or "")
            )
    if json:
        print_json(asdict(f) for f in findings)
    else:
        for f in findings:
            mark = "[green]ok  [/green]" if f.ok else "[red]fail[/red]"
            console.print(f"{mark} {f.check}: {f.found}", highlight=False)
            if f.remedy and not f.ok:
                console.print(f"     remedy: {f.remedy}", highlight=False)
    if not all(f.ok for f in findings):
        raise typer.Exit(1)
