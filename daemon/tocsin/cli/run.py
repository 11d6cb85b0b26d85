"""`tocsin init`, `tocsin run`, `tocsin version`."""

from __future__ import annotations

import asyncio
import platform
from pathlib import Path
from typing import Annotated

import typer

from tocsin import __version__
from tocsin.cli._common import console, guarded, print_json, settings
from tocsin.errors import ConfigurationError, UsageError

_TOML = """\
# Settings of Tocsin. Every one, with its default, is in docs/reference/settings.md.
# Environment variables win: TOCSIN_POLLING__CONTACT overrides polling.contact.

database_url = "sqlite:///tocsin.sqlite"

[polling]
# An address or page at which the sites you poll can reach you.
contact = ""

[rules]
folder = "rules"

[email]
# host = "smtp.example.org"
# sender = "tocsin@example.org"
"""

_RULE = """\
# A rule of your own. Check it with `tocsin rules check`, and a running daemon reads it within seconds.
rule: my-first-rule
title: North Korea launches a missile
severity: critical
match:
  type: weapons.launch
  source.country: PRK
"""


@guarded
def init(
    folder: Annotated[Path, typer.Argument(help="Where to put the settings and your rules.")] = Path(),
) -> None:
    """Write a settings file and a folder for your own rules; never overwrites.

    Example: `tocsin init desk && cd desk && tocsin run`
    """
    target = folder / "tocsin.toml"
    rule = folder / "rules" / "my-first-rule.yaml"
    if target.exists():
        raise ConfigurationError(f"{target} is there already", hint="edit it, or choose another folder")
    try:
        rule.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_TOML, encoding="utf-8")
        if not rule.exists():
            rule.write_text(_RULE, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}", hint="choose another folder"
        ) from error
    console.print(
        f"wrote {target} and {rule}\nnext: edit them, then [bold]tocsin run[/bold]", highlight=False
    )


@guarded
def run(
    role: Annotated[
        str | None,
        typer.Option(help="Comma-separated: poll, extract, match, notify, web. Default: all in one process."),
    ] = None,
) -> None:
    """Run the daemon: poll feeds, read events, ring subscribers, serve the page. Stops cleanly on SIGTERM.

    Rule files that change are read again within seconds; SIGHUP reads feed catalogs too.

    Examples: `tocsin run`, `tocsin run --role poll,extract`
    """
    from tocsin.service import ROLES, Daemon, Runtime, configure_logging

    roles = frozenset(part.strip() for part in role.split(",")) if role else frozenset(ROLES)
    if unknown := sorted(roles - set(ROLES)):
        raise UsageError(f"unknown role: {', '.join(unknown)}", hint=f"roles are {', '.join(ROLES)}")
    config = settings()
    configure_logging(config.service)

    def ready(address: str | None) -> None:
        if address is not None:
            console.print(f"the page is at [bold]{address}[/bold] (Ctrl-C stops)", highlight=False)

    async def serve() -> None:
        runtime = Runtime(config)
        try:
            await Daemon(runtime, roles, ready).run()
        except BaseException:
            await runtime.close()
            raise

    asyncio.run(serve())


@guarded
def version(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """Print the version of Tocsin, of Python and of the database schema."""
    from tocsin.store import schema_revision

    facts = {"tocsin": __version__, "python": platform.python_version(), "schema": schema_revision()}
    if json:
        print_json([facts])
    else:
        console.print(
            f"tocsin {__version__} (Python {facts['python']}, schema {facts['schema']})", highlight=False
        )
