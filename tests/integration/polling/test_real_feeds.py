"""Feeds nobody here wrote: every file of the public development data, served and polled."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tocsin.model import ArticleQuery, FeedSpec, FetchFailure, FetchOutcome
from tocsin.polling import HttpFetcher, ParserPool, Poller, poll_once
from tocsin.settings import NetworkSettings, PollingSettings
from tocsin.store import open_store

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "feeds"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the public development data is not beside the checkout"),
]

SETTINGS = PollingSettings(spacing=0, per_host=8)
_TYPES = {".json": "application/json", ".atom": "application/atom+xml", ".rss": "application/rss+xml"}


class Clock:
    def now(self):
        return datetime.now(UTC)


def feed_files() -> list[Path]:
    """All feed files: no OPML, no lists, no expectations that lie beside the feeds."""
    files = [file for file in FOLDER.rglob("*") if file.is_file() and file.parent != FOLDER]
    return sorted(file for file in files if not _is_something_else(file, set(files)))


def _is_something_else(file: Path, files: set[Path]) -> bool:
    if "opml" in file.parent.name or file.suffix in (".py", ".md") or "_expected" in file.parts:
        return True
    beside = (file.with_suffix(suffix) for suffix in (".xml", ".rss", ".atom"))
    return file.suffix == ".json" and (
        file.name.endswith(".serde.json") or any(other in files for other in beside)
    )


async def test_all_real_feeds(server, tmp_path):
    """Every file is polled, none crashes, each failure is a recorded reason with its class."""
    files = feed_files()
    urls = {}
    for file in files:
        path = "/" + quote(str(file.relative_to(FOLDER)))
        urls[
            server.says(
                path, file.read_bytes(), "200 OK", f"Content-Type: {_TYPES.get(file.suffix, 'text/xml')}"
            )
        ] = file
    store = open_store(f"sqlite:///{tmp_path / 'real.sqlite'}")
    store.add_feeds([FeedSpec(url) for url in urls], datetime.now(UTC))
    network = NetworkSettings(allow_private_addresses=True)
    async with HttpFetcher(SETTINGS, network, "T/1") as fetcher, ParserPool(SETTINGS.parse_timeout) as pool:
        poller = Poller(store, fetcher, pool, Clock(), SETTINGS)
        report = await poll_once(store, poller, Clock(), SETTINGS, everything=True)
    failures: Counter[FetchFailure] = Counter()
    for url, file in urls.items():
        (fetch,) = store.fetches(store.feed(url).id)
        if fetch.outcome is FetchOutcome.FAILED:
            assert fetch.failure in (FetchFailure.NOT_A_FEED, FetchFailure.MALFORMED, FetchFailure.EMPTY), (
                file
            )
            assert store.feed(url).last_detail, file
            failures[fetch.failure] += 1
        else:
            assert fetch.reason, file
    assert report.feeds == len(files) >= 400
    assert report.failures == failures
    assert sum(failures.values()) <= len(files) // 20
    articles = store.articles(ArticleQuery(limit=100_000))
    assert len(articles) >= 1_500
    assert all(article.text for article in articles)
    assert all(article.published is None or article.published.year >= 1990 for article in articles)
    store.close()
