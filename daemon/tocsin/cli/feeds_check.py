"""`tocsin feeds check`: how feeds are now, judged by what they usually do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli._common import console, errors, guarded, now, opened_store, print_json, print_table, settings
from tocsin.cli._feeds import all_feeds, counted, look_json, nothing_to_show, verdict
from tocsin.errors import FetchError

if TYPE_CHECKING:
    from tocsin.model import Feed
    from tocsin.polling import Double, Look, SilenceVerdict
    from tocsin.settings import Settings


@dataclass(frozen=True, slots=True)
class _Checked:
    """One address: what was answered, and what is known of it."""

    url: str
    found: Look | FetchError
    feed: Feed | None  # None for an address that is not in the store
    silence: SilenceVerdict | None  # None for what cannot be read
    doubles: tuple[Double, ...]

    @property
    def quiet(self) -> bool:
        """Whether it answers and posts far less than usual."""
        from tocsin.polling import Silence

        return self.silence is not None and self.silence.silence is Silence.QUIET


@guarded
def check(
    urls: Annotated[
        list[str] | None, typer.Argument(help="Addresses; by default all feeds there are.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 for quiet feeds and duplicates, too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """Ask feeds now and judge health, age against the usual gap, duplicates and parser; nothing is stored.

    Exit 1 when a feed cannot be read.

    Examples: `tocsin feeds check`, `tocsin feeds check https://news.example/rss --json`
    """
    moment = now()
    results = _results(settings(), urls, moment)
    if json:
        print_json(_json(result) for result in results)
    elif not results:
        console.print(nothing_to_show(chosen=False), soft_wrap=True)
    else:
        columns = ("address", "verdict", "health", "parser", "what")
        print_table(counted(len(results), "feed"), columns, [_row(result, moment) for result in results])
        console.print(_summary(results), highlight=False)
    bad = any(isinstance(result.found, FetchError) for result in results)
    if bad or (strict and any(result.quiet or result.doubles for result in results)):
        raise typer.Exit(1)


def _results(config: Settings, urls: Sequence[str] | None, moment: datetime) -> list[_Checked]:
    from tocsin.polling import doubles, feed_address, judge_silence, silence_of

    with opened_store(config) as store:
        if urls:
            known = {address: store.feed(address) for address in map(feed_address, urls)}
        else:
            known = {feed.spec.url: feed for feed in all_feeds(store)}
    found = asyncio.run(_ask(config, known, moment))
    same = doubles({url: look for url, look in found.items() if not isinstance(look, FetchError)})

    def judged(look: Look, feed: Feed | None) -> SilenceVerdict:
        """By the learned rhythm; entries that are newer than it, and feeds without one, by the document."""
        rhythm = feed.rhythm if feed else None
        latest = rhythm.latest if rhythm else None
        if latest is None or (look.newest is not None and look.newest > latest):
            return silence_of(look.dates, moment)
        return judge_silence(rhythm, moment)

    return [
        _Checked(
            url,
            look,
            known[url],
            None if isinstance(look, FetchError) else judged(look, known[url]),
            same.get(url, ()),
        )
        for url, look in found.items()
    ]


async def _ask(
    config: Settings, known: dict[str, Feed | None], moment: datetime
) -> dict[str, Look | FetchError]:
    from tocsin.polling import HttpFetcher, ParserPool, look_at

    async with HttpFetcher.of(config) as fetcher, ParserPool(config.polling.parse_timeout) as parser:

        async def one(url: str, feed: Feed | None) -> Look | FetchError:
            try:
                return await look_at(url, fetcher, parser, moment, feed.spec if feed else None)
            except FetchError as error:
                return error

        with errors.status(f"asking {counted(len(known), 'feed')}"):
            looks = await asyncio.gather(*(one(url, feed) for url, feed in known.items()))
    return dict(zip(known, looks, strict=True))


def parser_in_words(feed: Feed | None) -> str:
    """Which parser reads the feed, and why."""
    from tocsin.polling import Way, way_of

    if feed is None:
        return "not polled yet"
    if feed.certificate.doubt:
        return f"feedparser: {feed.certificate.doubt}"
    if feed.certificate.checked_at is None:
        return "feedparser: not compared yet"
    if way_of(feed.certificate, feed.certificate.checked_at) is Way.FAST:
        return "fast"
    return f"feedparser: {feed.certificate.agreed} of 3 agreements"


def _word(result: _Checked, moment: datetime) -> tuple[str, str]:
    word, told = verdict(result.found, moment)
    if isinstance(result.found, FetchError):
        return word, told
    more = [result.silence.why] if result.silence and result.quiet else []
    more += [f"the same as {double.url} ({double.why})" for double in result.doubles]
    return (
        "quiet" if result.quiet else "duplicate" if result.doubles else word,
        "; ".join([told, *more]),
    )


def _row(result: _Checked, moment: datetime) -> tuple[object, ...]:
    word, told = _word(result, moment)
    health = result.feed.health.value if result.feed else "not added"
    return result.url, word, health, parser_in_words(result.feed), told


def _summary(results: Sequence[_Checked]) -> str:
    bad = sum(isinstance(result.found, FetchError) for result in results)
    quiet = sum(result.quiet for result in results)
    same = sum(bool(result.doubles) for result in results)
    return f"{len(results) - bad} can be read, {bad} cannot; {quiet} quiet, {same} with a duplicate"


def _json(result: _Checked) -> dict[str, Any]:
    feed, found = result.feed, result.found
    usual = feed.rhythm.gap if feed and feed.rhythm else None
    stored = {
        "health": feed.health.value if feed else None,
        "quiet_since": feed.quiet_since.isoformat() if feed and feed.quiet_since else None,
        "usual_gap_hours": None if usual is None else round(usual, 3),
        "parser": parser_in_words(feed),
        "duplicates": [{"url": double.url, "why": double.why} for double in result.doubles],
    }
    if isinstance(found, FetchError):
        return {"url": result.url, "ok": False, "failure": str(found.failure), "detail": str(found), **stored}
    silence = result.silence
    judged = {"silence": silence.silence.value, "silence_why": silence.why} if silence else {}
    return {"url": result.url, "ok": True, **look_json(found), **judged, **stored}
