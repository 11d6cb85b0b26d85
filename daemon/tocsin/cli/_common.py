"""What every command group shares: settings, the store, output, exit codes.

Exit codes are a contract: 0 done, 1 failed, 2 wrong usage (docs/reference/cli.md).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from tocsin.errors import NotAvailableError, TocsinError, UsageError

if TYPE_CHECKING:
    from tocsin.settings import Settings
    from tocsin.store import SqlStore

P = ParamSpec("P")
R = TypeVar("R")

# A pipe has no width: wide enough that a row of the timeline stays one line in a log.
console = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160)
errors = Console(stderr=True)


def group(help_text: str) -> typer.Typer:
    """A command group that shows its help when called bare."""
    return typer.Typer(
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def fail(error: TocsinError) -> NoReturn:
    """Print the error and its remedy to stderr and leave with the code of its kind."""
    errors.print(f"[red]error:[/red] {error.message}", highlight=False, soft_wrap=True)
    if error.hint:
        errors.print(f"[dim]remedy:[/dim] {error.hint}", highlight=False, soft_wrap=True)
    raise typer.Exit(2 if isinstance(error, (UsageError, NotAvailableError)) else 1)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Decorator of every command: errors raised on purpose become messages, not tracebacks."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except TocsinError as error:
            fail(error)
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None

    return run


def settings() -> Settings:
    """The settings as environment and tocsin.toml give them."""
    from tocsin.settings import load_settings

    return load_settings()


@contextmanager
def opened_store(config: Settings | None = None) -> Iterator[SqlStore]:
    """The database of the settings, created or migrated when needed; closed at the end."""
    from tocsin.store import open_store

    store = open_store((config or settings()).database_url)
    try:
        yield store
    finally:
        store.close()


def now() -> datetime:
    """The present moment for commands that stamp what they write."""
    return datetime.now(UTC)


def print_json(rows: Iterable[Any]) -> None:
    """One JSON array, as `--json` promises."""
    typer.echo(json.dumps(list(rows), ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


def later(command: str, remedy: str) -> NoReturn:
    """A command of the design that this version does not have yet: say so and exit 2."""
    raise NotAvailableError(f"`tocsin {command}` is not in this version", hint=remedy)
