"""`tocsin demo`: the whole flow on recorded feeds, with a real webhook receiver and a real SMTP server.

Nothing in it is a shortcut: the daemon is the one `tocsin run` starts, the feeds come over HTTP, and what
is shown at the end is read back from the database. Only its clock is that of the recording, so that "a week
ago" and a rule's `within: 7d` mean what they meant then; and one feed is followed to its messages before the next
is read, so that each run comes to the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, errors, guarded, print_json, settings

if TYPE_CHECKING:
    from tocsin.cli._demo_report import DemoReport


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@guarded
def demo(
    exit_: Annotated[
        bool, typer.Option("--exit", help="End by itself; exit 0 only if all was seen.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was seen as one JSON array.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Keep the database here and go on with it next time; else a new one.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the daemon's log.")] = False,
) -> None:
    """Run everything on recorded feeds of autumn 2022: poll, extract, link, match, alert.

    A local server replays the feeds of invented outlets, a local webhook receiver and a local SMTP server
    take the alerts. The page stays up until Ctrl-C.

    Examples: `tocsin demo`, `tocsin demo --exit --json`, `tocsin demo --data ./demo-data`
    """
    from tocsin.service import configure_logging

    config = settings()
    configure_logging(config.service.model_copy(update={"log_level": "info" if verbose else "error"}))
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with _folder(data) as folder:
        report = asyncio.run(_demo(folder, stay=not exit_, as_json=json))
    if exit_ and report.missing:
        for line in report.missing:
            errors.print(f"[red]not seen:[/red] {line}", highlight=False)
        raise typer.Exit(1)


async def _demo(folder: Path, *, stay: bool, as_json: bool) -> DemoReport:
    from tocsin.cli._demo_report import read_report, show_report
    from tocsin.cli._demo_world import DemoWorld
    from tocsin.service import TOPICS, Daemon, Runtime, SteppedBus

    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(DemoWorld(folder))
        errors.print(
            f"feeds on {world.feeds.base_url}, webhook on {world.webhook.url}, "
            f"SMTP on {world.mail.host}:{world.mail.port}",
            style="dim",
            highlight=False,
        )
        runtime = Runtime(world.settings(), clock=world.clock, ids=world.ids, bus=SteppedBus(TOPICS))
        world.prepare(runtime)
        ready: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        daemon = Daemon(runtime, on_ready=ready.set_result)
        running = asyncio.create_task(daemon.run())
        try:
            with errors.status("starting the daemon, loading the language model") as status:
                waits: list[asyncio.Future[Any]] = [ready, running]
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    await running
                await world.play(runtime, running, lambda text: _progress(status, text))
            report = await asyncio.to_thread(read_report, runtime.store, world, ready.result())
            if as_json:
                print_json([report.as_json()])
            else:
                show_report(report)
            if stay and not running.done():
                console.print(
                    f"\nThe page is at [bold]{report.page}[/bold]. Ctrl-C ends the demo.", highlight=False
                )
                await running
        finally:
            daemon.stop()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        return report


_last = ""


def _progress(status: object, text: str) -> None:
    """A moving line on a terminal, plain lines elsewhere."""
    global _last  # noqa: PLW0603 - one line on one terminal
    if errors.is_terminal:
        status.update(text)  # type: ignore[attr-defined]
    elif text != _last:
        errors.print(text, highlight=False)
    _last = text
