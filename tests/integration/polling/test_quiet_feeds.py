"""Quiet feeds in a real store, as the daemon counts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.model import FeedSpec, Fetch, FetchOutcome, PollWrite
from tocsin.service import Runtime
from tocsin.service._daemon import Daemon
from tocsin.settings import Settings

NOW = datetime(2022, 11, 9, tzinfo=UTC)


@pytest.fixture
async def runtime(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'db.sqlite'}")
    runtime = Runtime(settings)
    yield runtime
    await runtime.close()


def write(store, url, **state):
    feed = replace(store.feed(url), last_outcome=FetchOutcome.UNCHANGED, **state)
    store.record_poll(PollWrite(Fetch(feed.id, NOW, FetchOutcome.UNCHANGED, "told"), feed))


async def test_counted_for_the_metric(runtime):
    """Feeds that are polled and quiet count; muted, removed and lively ones do not; a restart changes nothing."""
    store, quiet = runtime.store, NOW - timedelta(days=1)
    urls = [f"https://{name}.example/rss" for name in ("quiet", "lively", "muted", "removed")]
    store.add_feeds([FeedSpec(url) for url in urls], NOW)
    write(store, urls[0], quiet_since=quiet)
    write(store, urls[1])
    write(store, urls[2], quiet_since=quiet, muted_reason="gone (410)")
    write(store, urls[3], quiet_since=quiet)
    store.remove_feed(urls[3])
    assert store.count_quiet_feeds() == 1
    assert store.feed(urls[0]).quiet_since == quiet
    await Daemon(runtime)._count_quiet()
    assert runtime.metrics.registry.get_sample_value("tocsin_feeds_quiet") == 1
    write(store, urls[0], quiet_since=None)
    await Daemon(runtime)._count_quiet()
    assert runtime.metrics.registry.get_sample_value("tocsin_feeds_quiet") == 0
