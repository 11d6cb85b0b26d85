"""The command line; one file a command group. `app` is the whole tree, `main` the `tocsin` script."""

from __future__ import annotations

from tocsin.cli import alerts, articles, db, deliveries, feeds, rules, subscribers
from tocsin.cli._common import group
from tocsin.cli.demo import demo
from tocsin.cli.doctor import doctor
from tocsin.cli.extract import extract
from tocsin.cli.ingest import ingest
from tocsin.cli.run import init, run, version
from tocsin.cli.timeline import claims, timeline
from tocsin.cli.times import times
from tocsin.cli.traffic import record, replay

__all__ = ["app", "main"]

app = group(
    "Tocsin reads dated events out of news feeds, keeps them on a timeline with their evidence, and "
    "rings subscribers when a rule matches.\n\nStart with `tocsin demo`, then `tocsin init` and `tocsin run`."
)

for command in (init, run, demo, doctor, version, extract, times, ingest, timeline, claims, replay, record):
    app.command()(command)
for name, commands in (
    ("feeds", feeds.app),
    ("articles", articles.app),
    ("rules", rules.app),
    ("alerts", alerts.app),
    ("subscribers", subscribers.app),
    ("deliveries", deliveries.app),
    ("db", db.app),
):
    app.add_typer(commands, name=name)


def main() -> None:
    """Entry point of the `tocsin` script."""
    app()
