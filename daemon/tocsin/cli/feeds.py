"""`tocsin feeds`: which sources are polled, how they are, and one pass over them by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from difflib import get_close_matches
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
    all_feeds,
    check_options,
    counted,
    feed_json,
    look_json,
    look_row,
    nothing_to_show,
    parse_header,
    progress,
    state_in_words,
    summary,
)
from tocsin.cli.feeds_check import check
from tocsin.cli.feeds_trace import trace
from tocsin.errors import FetchError, InputError, UsageError

if TYPE_CHECKING:
    from tocsin.model import FeedSpec
    from tocsin.polling import HttpFetcher, ParserPool, PassReport
    from tocsin.settings import Settings

app = group("The sources that are polled: add, import, find, check and poll them.")

T = TypeVar("T")
Results = list[dict[str, Any]] | None
Json = Annotated[bool, typer.Option("--json", help="Print one JSON array.")]


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

    country = country.upper() if country else None
    check_options(country=country, language=language, timezone=timezone, proxy=proxy)
    spec = FeedSpec(
        url=feed_address(url),
        title=title,
        publisher=publisher,
        owner=owner,
        country=country,
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
    """Add all feeds of a file; of a file with a mistake none is added.

    Examples: `tocsin feeds import subscriptions.opml`, `tocsin feeds import addresses.txt`
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
    quiet: Annotated[bool, typer.Option("--quiet", help="Only feeds that post far less than usual.")] = False,
    json: Json = False,
) -> None:
    """Show the feeds and how they are: what could not be reached, why, and when it is tried next.

    Examples: `tocsin feeds list`, `tocsin feeds list --failing`, `tocsin feeds list news.example --json`
    """
    moment = now()
    with opened_store() as store:
        feeds = [
            feed
            for feed in all_feeds(store, text)
            if not (failing or quiet)
            or (failing and (feed.failures or feed.muted_reason))
            or (quiet and feed.quiet_since)
        ]
    if json:
        print_json(feed_json(feed) for feed in feeds)
        return
    if not feeds:
        console.print(nothing_to_show(chosen=bool(text or failing or quiet)), soft_wrap=True)
        return
    rows = [
        (feed.spec.title or feed.spec.url, feed.health.value, feed.articles, state_in_words(feed, moment))
        for feed in feeds
    ]
    print_table(counted(len(feeds), "feed"), ("feed", "health", "articles", "state"), rows)


@app.command()
@guarded
def remove(url: Annotated[str, typer.Argument(help="Address of the feed.")]) -> None:
    """Stop polling a feed; its articles stay.

    Example: `tocsin feeds remove https://news.example/rss`
    """
    with opened_store() as store:
        if not store.remove_feed(url):
            near = get_close_matches(url, [feed.spec.url for feed in all_feeds(store)], n=1, cutoff=0.8)
            meant = f"did you mean {near[0]}? " if near else ""
            raise InputError(
                f"there is no feed {url}", hint=f"{meant}`tocsin feeds list` shows the addresses"
            )
    console.print(f"removed {url}; its articles stay", highlight=False)


@app.command()
@guarded
def export(
    file: Annotated[Path | None, typer.Argument(help="File to write; by default standard output.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Addresses only, one a line.")] = False,
) -> None:
    """Write all feeds as OPML, folders included; `feeds import` reads it back.

    Examples: `tocsin feeds export subscriptions.opml`, `tocsin feeds export --plain`
    """
    from tocsin.polling import has_secret, write_opml

    with opened_store() as store:
        specs = [feed.spec for feed in all_feeds(store)]
    text = "".join(f"{spec.url}\n" for spec in specs) if plain else write_opml(specs)
    bare = 0 if plain else sum(has_secret(spec) for spec in specs)
    if bare:
        errors.print(
            f"headers and proxy of {bare} feeds are left out: they hold secrets in plain words; "
            "name them ${NAME} to keep them",
            highlight=False,
        )
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror}",
            hint="name a file in a folder that is there and may be written to",
        ) from error
    console.print(f"{counted(len(specs), 'feed')} written to {file}", highlight=False, soft_wrap=True)


@app.command()
@guarded
def discover(
    url: Annotated[str, typer.Argument(help="Address of a site or a page.")],
    add: Annotated[bool, typer.Option("--add", help="Add what is found.")] = False,
    json: Json = False,
) -> None:
    """Find the feeds of a site: its links, then the usual paths, then news sitemaps.

    Example: `tocsin feeds discover https://news.example --add`
    """
    from tocsin.model import FeedSpec
    from tocsin.polling import discover as find
    from tocsin.polling import feed_address

    address = feed_address(url if "//" in url else f"https://{url}")
    config = settings()
    moment = now()
    try:
        looks = asyncio.run(
            _with_network(config, lambda fetcher, parser: find(address, fetcher, parser, moment))
        )
    except FetchError as error:
        raise InputError(
            error.message, hint=error.hint or f"check that {address} opens in a browser"
        ) from error
    if json:
        print_json(look_json(look) for look in looks)
    elif looks:
        print_table("", ("address", "title", "kind", "entries", "newest", "found by"), map(look_row, looks))
    if not looks:
        raise InputError(
            f"no feed was found at {address}: neither by its links nor at the usual paths nor in sitemaps",
            hint="look for an RSS link on the site and add that",
        )
    if add:
        _store_specs([FeedSpec(look.url, title=look.title) for look in looks])


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

    Examples: `tocsin feeds poll`, `tocsin feeds poll --all --stages poll --json`
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
        with errors.status(f"reading {counted(report.waiting, 'article')}"):
            await runtime.drain()
        return report
    finally:
        await runtime.close()


class _Clock:
    """The wall clock, without the service around it."""

    def now(self) -> datetime:
        return now()


app.command()(check)
app.command()(trace)
