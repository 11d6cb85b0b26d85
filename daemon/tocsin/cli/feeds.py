"""`tocsin feeds`: which sources are polled, how they are, and one pass over them by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tocsin.cli._common import (
    console,
    errors,
    group,
    guarded,
    now,
    opened_store,
    print_json,
    print_table,
    settings,
)
from tocsin.cli._feeds import (
    feed_json,
    look_json,
    look_row,
    parse_header,
    progress,
    state_in_words,
    summary,
    verdict,
)
from tocsin.cli.feeds_trace import trace
from tocsin.errors import FetchError, InputError, UsageError

if TYPE_CHECKING:
    from tocsin.model import Feed, FeedSpec
    from tocsin.polling import HttpFetcher, Look, ParserPool, PassReport
    from tocsin.settings import Settings

app = group("The sources that are polled: add, import, find, check and poll them.")

T = TypeVar("T")
Results = list[dict[str, Any]] | None
Json = Annotated[bool, typer.Option("--json", help="Print one JSON array.")]

_PAGE = 1000


@app.command()
@guarded
def add(
    url: Annotated[str, typer.Argument(help="Address of the feed; `feeds discover` finds it for a site.")],
    title: Annotated[str | None, typer.Option(help="Name to show; by default the feed's own.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    owner: Annotated[str | None, typer.Option(help="Company, wire or state behind it.")] = None,
    country: Annotated[str | None, typer.Option(help="Of the publisher, ISO 3166-1 alpha-3.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47 tag, such as en.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA zone of the publisher.")] = None,
    folder: Annotated[str | None, typer.Option(help="Folder, a/b for nested ones.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="A topic; may be given again.")] = None,
    interval: Annotated[int | None, typer.Option(min=1, help="Seconds between polls.")] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(help='"Name: value", ${NAME} from the environment; may be given again.'),
    ] = None,
    proxy: Annotated[str | None, typer.Option(help="Proxy for this feed, http://host:port.")] = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="It gives teasers: fetch the pages of its articles.")
    ] = False,
) -> None:
    """Add one feed, or give a known one new facts.

    Example: `tocsin feeds add https://news.example/rss --publisher "Example News" --country FRA`
    """
    from tocsin.model import FeedSpec
    from tocsin.polling import feed_address

    if country is not None and not (len(country) == 3 and country.isalpha()):
        raise UsageError(f"--country {country}: not a country", hint="three letters, ISO 3166-1 alpha-3: FRA")
    spec = FeedSpec(
        url=feed_address(url),
        title=title,
        publisher=publisher,
        owner=owner,
        country=country.upper() if country else None,
        language=language,
        timezone=timezone,
        folder=folder,
        topics=tuple(topic or ()),
        interval=interval,
        headers=tuple(parse_header(text) for text in header or ()),
        proxy=proxy,
        full_text=full_text,
    )
    _store_specs([spec])


@app.command(name="import")
@guarded
def import_(
    file: Annotated[Path, typer.Argument(help="OPML, a catalog (YAML), or addresses, one a line.")],
) -> None:
    """Add all feeds of a file.

    Example: `tocsin feeds import subscriptions.opml`
    """
    from tocsin.polling import read_feed_list

    specs = read_feed_list(file)
    if not specs:
        raise InputError(f"{file} names no feed", hint="OPML, a YAML catalog, or one address a line")
    _store_specs(specs)


def _store_specs(specs: list[FeedSpec]) -> None:
    with opened_store() as store:
        added, known = store.add_feeds(specs, now())
    console.print(f"{added} added, {known} known already", highlight=False)


@app.command(name="list")
@guarded
def list_(
    text: Annotated[str | None, typer.Argument(help="Part of a title or an address.")] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only feeds that could not be read.")] = False,
    json: Json = False,
) -> None:
    """Show the feeds and how they are: what could not be reached, why, and when it is tried next."""
    moment = now()
    with opened_store() as store:
        feeds = [
            feed
            for feed in _pages(lambda offset: store.feeds(text=text, limit=_PAGE, offset=offset))
            if not failing or feed.failures or feed.muted_reason
        ]
    if json:
        print_json(feed_json(feed) for feed in feeds)
        return
    if not feeds:
        console.print("No feeds. Add some with `tocsin feeds import FILE` or `tocsin init`.")
        return
    rows = [
        (feed.spec.title or feed.spec.url, feed.health.value, feed.articles, state_in_words(feed, moment))
        for feed in feeds
    ]
    print_table(f"{len(feeds)} feeds", ("feed", "health", "articles", "state"), rows)


def _pages(page: Callable[[int], list[Feed]]) -> Iterator[Feed]:
    offset = 0
    while feeds := page(offset):
        yield from feeds
        offset += len(feeds)


@app.command()
@guarded
def remove(url: Annotated[str, typer.Argument(help="Address of the feed.")]) -> None:
    """Stop polling a feed; its articles stay."""
    with opened_store() as store:
        if not store.remove_feed(url):
            raise InputError(f"there is no feed {url}", hint="`tocsin feeds list` shows the addresses")
    console.print(f"removed {url}; its articles stay", highlight=False)


@app.command()
@guarded
def export(
    file: Annotated[Path | None, typer.Argument(help="File to write; by default standard output.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Addresses only, one a line.")] = False,
) -> None:
    """Write all feeds as OPML, folders included; `feeds import` reads it back."""
    from tocsin.polling import write_opml

    with opened_store() as store:
        specs = [feed.spec for feed in _pages(lambda offset: store.feeds(limit=_PAGE, offset=offset))]
    text = "".join(f"{spec.url}\n" for spec in specs) if plain else write_opml(specs)
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
    console.print(f"{len(specs)} feeds written to {file}", highlight=False)


@app.command()
@guarded
def discover(
    url: Annotated[str, typer.Argument(help="Address of a site or a page.")],
    add: Annotated[bool, typer.Option("--add", help="Add what is found.")] = False,
    json: Json = False,
) -> None:
    """Find the feeds of a site: its link tags, then the usual paths.

    Example: `tocsin feeds discover https://news.example --add`
    """
    from tocsin.model import FeedSpec
    from tocsin.polling import discover as find
    from tocsin.polling import feed_address

    address = feed_address(url if "//" in url else f"https://{url}")
    config = settings()
    moment = now()
    looks = asyncio.run(_with_network(config, lambda fetcher, parser: find(address, fetcher, parser, moment)))
    if json:
        print_json(look_json(look) for look in looks)
    else:
        print_table("", ("address", "title", "kind", "entries", "newest"), map(look_row, looks))
    if not looks:
        raise InputError(
            f"no feed was found at {address}", hint="look for an RSS link on the site and add that"
        )
    if add:
        _store_specs([FeedSpec(look.url, title=look.title) for look in looks])


@app.command()
@guarded
def check(
    urls: Annotated[
        list[str] | None, typer.Argument(help="Addresses; by default all feeds there are.")
    ] = None,
    json: Json = False,
) -> None:
    """Ask feeds now and say what is wrong with them; nothing is stored. Exit 1 when one cannot be read."""
    from tocsin.polling import feed_address

    if urls:
        addresses = [feed_address(url) for url in urls]
    else:
        with opened_store() as store:
            addresses = [
                feed.spec.url for feed in _pages(lambda offset: store.feeds(limit=_PAGE, offset=offset))
            ]
    moment = now()
    results = asyncio.run(_check_all(settings(), addresses, moment))
    if json:
        print_json(
            {"url": url, "ok": True, **look_json(found)}
            if not isinstance(found, FetchError)
            else {"url": url, "ok": False, "failure": str(found.failure), "detail": str(found)}
            for url, found in results
        )
    else:
        rows = [(url, *verdict(found, moment)) for url, found in results]
        print_table(f"{len(rows)} feeds", ("address", "verdict", "what"), rows)
    if any(isinstance(found, FetchError) for _, found in results):
        raise typer.Exit(1)


async def _check_all(
    config: Settings, urls: list[str], moment: datetime
) -> list[tuple[str, Look | FetchError]]:
    from tocsin.polling import look_at

    async def one(url: str, fetcher: HttpFetcher, parser: ParserPool) -> tuple[str, Look | FetchError]:
        try:
            return url, await look_at(url, fetcher, parser, moment)
        except FetchError as error:
            return url, error

    async def work(fetcher: HttpFetcher, parser: ParserPool) -> list[tuple[str, Look | FetchError]]:
        return await asyncio.gather(*(one(url, fetcher, parser) for url in urls))

    with errors.status(f"asking {len(urls)} feeds"):
        return await _with_network(config, work)


async def _with_network(config: Settings, work: Callable[[HttpFetcher, ParserPool], Awaitable[T]]) -> T:
    from tocsin.polling import HttpFetcher, ParserPool

    async with HttpFetcher.of(config) as fetcher, ParserPool(config.polling.parse_timeout) as parser:
        return await work(fetcher, parser)


@app.command()
@guarded
def poll(
    everything: Annotated[bool, typer.Option("--all", help="Also feeds that are not due.")] = False,
    stages: Annotated[str, typer.Option(help="`poll` stops after the articles are stored.")] = "all",
    json: Json = False,
) -> None:
    """Make one pass over the feeds now and say what came of it.

    Failures of feeds are recorded and shown, and do not make the command fail.
    """
    if stages not in ("all", "poll"):
        raise UsageError(f"--stages {stages}: unknown", hint="`poll`, or leave it out for all stages")
    config = settings()
    results: list[dict[str, Any]] = []
    make_pass = _poll_only if stages == "poll" else _all_stages
    report = asyncio.run(make_pass(config, everything, results if json else None))
    if json:
        print_json(results)
        return
    console.print(summary(report), highlight=False)


async def _poll_only(config: Settings, everything: bool, results: Results) -> PassReport:
    from tocsin.polling import HttpFetcher, ParserPool, Poller, poll_once

    with opened_store(config) as store:
        async with (
            HttpFetcher.of(config, clock=_Clock(), store=store) as fetcher,
            ParserPool(config.polling.parse_timeout) as parser,
        ):
            poller = Poller(store, fetcher, parser, _Clock(), config.polling)
            with progress(results) as tell:
                return await poll_once(
                    store, poller, _Clock(), config.polling, everything=everything, progress=tell
                )


async def _all_stages(config: Settings, everything: bool, results: Results) -> PassReport:
    from tocsin.polling import poll_once
    from tocsin.service import Runtime, configure_logging

    configure_logging(config.service.model_copy(update={"log_level": "warning"}))
    runtime = Runtime(config)
    try:
        with progress(results) as tell:
            report = await poll_once(
                runtime.store,
                runtime.poller,
                runtime.clock,
                config.polling,
                everything=everything,
                progress=tell,
            )
        if config.pages.enabled:
            with errors.status("fetching pages of feeds marked full_text"):
                await runtime.page_stage.drain()
        with errors.status(f"reading {report.waiting} articles"):
            await runtime.drain()
        return report
    finally:
        await runtime.close()


class _Clock:
    """The wall clock, without the service around it."""

    def now(self) -> datetime:
        return now()


app.command()(trace)
