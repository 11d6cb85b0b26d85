"""`tocsin articles`: what was read, and the pages of articles by hand."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tocsin.cli._common import console, group, guarded, now, opened_store, print_json, settings
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.model import PageWrite, WantedPage
    from tocsin.settings import Settings
    from tocsin.store import SqlStore

app = group("Articles as they are stored, and the pages their full texts come from.")

_NOBODY = UUID(int=0)


@app.callback()
def articles() -> None:
    """Keeps the name of the one command there is."""


@app.command()
@guarded
def page(
    article: Annotated[str, typer.Argument(help="Address of a page, or the id of an article.")],
    save: Annotated[
        bool, typer.Option("--save", help="Keep it as the full text of the article that has this address.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """Fetch the page of an article, politely, and show what Tocsin takes from it.

    Fails when that is nothing: a paywall, a robots.txt that forbids it, a page that is not there.

    Example: `tocsin articles page https://news.example/2022/launch`
    """
    from tocsin.model import PageState

    config = settings()
    with opened_store(config) as store:
        wanted = _wanted(store, article)
        if save and wanted.article_id == _NOBODY:
            raise UsageError(
                f"no article has the address {wanted.url}", hint="leave --save out to look at the page only"
            )
        write = asyncio.run(_fetch(config, store, wanted))
        if save:
            store.record_page(write)
    if json:
        print_json([_as_json(wanted, write)])
    else:
        _show(wanted, write)
    if write.state is not PageState.DONE:
        raise typer.Exit(1)


def _wanted(store: SqlStore, named: str) -> WantedPage:
    """What is asked for; of an article that is known also the text its feed gave."""
    from tocsin.model import WantedPage
    from tocsin.polling import page_address

    try:
        known = store.article(UUID(named))
    except ValueError:
        url = page_address(named)
        by_url = store.known_articles(_NOBODY, [], [url])[1]
        if url not in by_url:
            return WantedPage(_NOBODY, url, "", "", 0, None, now())
        known = store.article(by_url[url].id)
    wanted = None if known is None else store.wanted_page(known.id)
    if wanted is None:
        raise UsageError(
            f"{named}: no such article, or it has no address", hint="give the address of its page"
        )
    return wanted


async def _fetch(config: Settings, store: SqlStore, wanted: WantedPage) -> PageWrite:
    from tocsin.polling import HttpFetcher, HttpRobots, PageFetcher, PageReaderProcess

    clock = _Clock()
    patient = config.pages.model_copy(update={"max_age_days": 36_500, "tries": 1})
    reader = PageReaderProcess(config.pages.parse_timeout)
    try:
        async with HttpFetcher.of(config, clock=clock, store=store) as fetcher:
            robots = HttpRobots(fetcher, clock)
            pages = PageFetcher(store, fetcher, robots, reader, clock=clock, settings=patient)
            return await pages.look(wanted)
    finally:
        await reader.close()


def _as_json(wanted: WantedPage, write: PageWrite) -> dict[str, Any]:
    facts = {} if write.page is None else asdict(write.page.facts)
    return {
        "article": None if wanted.article_id == _NOBODY else str(wanted.article_id),
        "asked": wanted.url,
        "state": write.state.value,
        "reason": write.reason.value,
        "note": write.note,
        **{
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()
        },
        "text": None if write.page is None else write.page.text,
    }


def _show(wanted: WantedPage, write: PageWrite) -> None:
    console.print(f"{wanted.url}", highlight=False, soft_wrap=True, markup=False)
    console.print(f"{write.state.value}: {write.note}", highlight=False, soft_wrap=True, markup=False)
    if write.page is None:
        return
    for name, value in asdict(write.page.facts).items():
        if value is not None and value != wanted.url:
            console.print(f"{name:10} {value}", highlight=False, soft_wrap=True, markup=False)
    if write.page.text:
        console.print(f"\n{write.page.text}", highlight=False, soft_wrap=True, markup=False)


class _Clock:
    """The wall clock, without the service around it."""

    def now(self) -> datetime:
        return now()
