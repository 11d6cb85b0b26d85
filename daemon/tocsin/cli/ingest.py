"""`tocsin ingest`: documents from files through every stage into the store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, errors, guarded, print_json, settings
from tocsin.errors import InputError

if TYPE_CHECKING:
    from tocsin.model import ArticleDraft
    from tocsin.service import Runtime

_BATCH = 500


@guarded
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Feed files, article JSONL, or folders of them.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """Read feed files or article JSONL and run them through every stage into the store.

    A JSONL line is {"id","title","text","published","url","publisher"}. Knowledge time is the time of
    publication, marked as back-filled, so that rules can be backtested on it. Alerts fire, messages about
    old texts are not sent (alerting.max_age_days).

    Examples: `tocsin ingest archive.jsonl`, `tocsin ingest feeds-of-2022/`
    """
    from tocsin.polling import read_documents
    from tocsin.service import Runtime, configure_logging

    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise InputError(f"no such file or folder: {', '.join(missing)}", hint="check the path")
    config = settings()
    quiet = config.service.model_copy(update={"log_level": "warning"})
    configure_logging(quiet)

    async def work() -> tuple[dict[str, Any], list[str]]:
        runtime = Runtime(config)
        try:
            return await _ingest(runtime, read_documents(paths, runtime.clock.now()))
        finally:
            await runtime.close()

    facts, problems = asyncio.run(work())
    for problem in problems:
        errors.print(f"[yellow]left out:[/yellow] {problem}", highlight=False, soft_wrap=True)
    if json:
        print_json([{**facts, "problems": problems}])
    else:
        console.print(
            "read {articles} articles ({known} known already), {mentions} mentions, {events} events, "
            "{alerts} alerts; {left_out} left out".format(**facts),
            highlight=False,
        )
    if problems:
        raise typer.Exit(1)


async def _ingest(
    runtime: Runtime, documents: Iterator[ArticleDraft | str]
) -> tuple[dict[str, Any], list[str]]:
    before = runtime.store.stats()["rows"]
    problems: list[str] = []
    read = 0
    with console.status("reading documents") as status:
        while batch := list(islice(documents, _BATCH)):
            drafts = [d for d in batch if not isinstance(d, str)]
            problems += [d for d in batch if isinstance(d, str)]
            await asyncio.to_thread(_add, runtime, drafts)
            read += len(drafts)
            status.update(f"read {read} articles")
        status.update(f"read {read} articles, extracting events")
        await runtime.drain()
    after = runtime.store.stats()["rows"]
    grown = {name: after[name] - before.get(name, 0) for name in ("article", "mention", "event", "alert")}
    return {
        "articles": read,
        "known": read - grown["article"],
        "mentions": grown["mention"],
        "events": grown["event"],
        "alerts": grown["alert"],
        "left_out": len(problems),
    }, problems


def _add(runtime: Runtime, drafts: Sequence[ArticleDraft]) -> None:
    by_publisher: dict[str | None, list[ArticleDraft]] = {}
    for draft in drafts:
        by_publisher.setdefault(draft.publisher, []).append(draft)
    for publisher, some in by_publisher.items():
        runtime.store.add_articles(some, publisher=publisher)
