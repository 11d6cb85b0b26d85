"""`tocsin db`: what operators do to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import group, guarded, now, opened_store, print_json, print_table, settings
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.store import SqlStore

app = group("Upgrade, count, copy and prune the database. Its address is the setting `TOCSIN_DATABASE_URL`.")


@app.command()
@guarded
def upgrade() -> None:
    """Bring the database to the schema of this program.

    Every command and the daemon do this by themselves; it is here for those who want to choose the moment.
    All steps are one transaction: when one fails, the database stays as it was. A database that does not
    exist yet is made.

    Example: `tocsin db backup before.sqlite && tocsin db upgrade`
    """
    with _as_it_is() as store:
        before, after = store.upgrade()
    if before == after:
        typer.echo(f"schema {after}: nothing to do")
    else:
        typer.echo(f"schema {before or 'none'} -> {after}")


@app.command()
@guarded
def stats(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array of one object.")] = False,
) -> None:
    """Rows by table, rows that wait for a stage, size and schema.

    Example: `tocsin db stats --json`
    """
    with opened_store() as store:
        found = store.stats()
    if as_json:
        print_json([found])
        return
    typer.echo(f"schema {found['schema']}, {found['bytes'] / 1e6:,.1f} MB")
    print_table("rows", ["table", "rows"], found["rows"].items())
    print_table("waiting", ["stage", "rows"], found["waiting"].items())


@app.command()
@guarded
def backup(
    path: Annotated[str, typer.Argument(help="Where the copy goes; an older copy is replaced.")],
) -> None:
    """Write a consistent, checked copy of the database while the daemon runs.

    The copy is one file that works as a database: to restore, stop the daemon and put the copy in place of
    the database file (and remove the files ending in -wal and -shm beside it).

    Example: `tocsin db backup /var/backups/tocsin.sqlite`
    """
    with _as_it_is() as store:
        size = store.backup(path)
    typer.echo(f"{path}: {size / 1e6:,.1f} MB")


@app.command()
@guarded
def prune(
    before: Annotated[
        str | None, typer.Option(help="A day or moment, such as 2025-01-31 or 2025-01-31T12:00:00Z (UTC).")
    ] = None,
    older_than: Annotated[int | None, typer.Option(metavar="DAYS", min=1, help="Days before now.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only count what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array, one object a table.")] = False,
) -> None:
    """Delete old logs, and texts of old articles that back no event.

    Gone are polls, attempts of messages that came to an end, silences that are over, and the texts and
    mentions of articles no event needs. Events, their evidence, alerts and deliveries stay. The file does
    not shrink; its free pages are used again.

    Example: `tocsin db prune --older-than 90 --dry-run`
    """
    moment = _moment(before, older_than)
    with opened_store() as store:
        counts = store.prune(moment, dry_run=dry_run)
    if as_json:
        print_json(_rows(counts))
        return
    word = "would go" if dry_run else "gone"
    typer.echo(f"{word}, older than {moment:%Y-%m-%d %H:%M} UTC:")
    print_table("rows", ["table", "rows"], counts.items())


@contextmanager
def _as_it_is() -> Iterator[SqlStore]:
    """The database of the settings with the schema it has."""
    from tocsin.store import open_store

    store = open_store(settings().database_url, migrate=False)
    try:
        yield store
    finally:
        store.close()


def _rows(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"table": table, "rows": rows} for table, rows in counts.items()]


def _moment(before: str | None, older_than: int | None) -> datetime:
    """The moment the two options name together; exactly one must be given."""
    if (before is None) == (older_than is None):
        raise UsageError(
            "say how much: either --before or --older-than", hint="--older-than 90 keeps 90 days"
        )
    if older_than is not None:
        try:
            return now() - timedelta(days=older_than)
        except OverflowError as error:
            raise UsageError(f"--older-than {older_than} is before the year 1") from error
    try:
        moment = datetime.fromisoformat(str(before))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--before {before} is not a date", hint="write it like 2025-01-31 or 2025-01-31T12:00:00Z"
        ) from error
