"""Articles through every stage on one machine, and how long each stage takes a row.

Documents are made up from a few sentence patterns with varying parties and days: they load the store and the
linker as news does, without being news.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.model import ArticleDraft
from tocsin.service import Runtime, configure_logging
from tocsin.settings import ServiceSettings, load_settings

_PAIRS = [
    ("North Korea", "Japan"),
    ("Russia", "Ukraine"),
    ("Israel", "Iran"),
    ("China", "Taiwan"),
    ("India", "Pakistan"),
]
_LINES = [
    "{a} fired a ballistic missile on {day}, the defence ministry said.",
    "{b} accused {a} on {day} of shelling a border town.",
    "{a} denied on {day} that it had shelled the town.",
    "The foreign ministers of {a} and {b} held talks in Geneva on {day}.",
    "{b} imposed sanctions on {a} on {day}.",
    "Officials said that trade between the two had fallen for a third month.",
    "The weather in the capital was mild for the season.",
]


def drafts(count: int) -> list[ArticleDraft]:
    """Documents of ten sentences over 200 days."""
    rng = random.Random(7)
    start = datetime(2025, 1, 1, 12, tzinfo=UTC)
    made = []
    for n in range(count):
        when = start + timedelta(days=200 * n / count)
        a, b = rng.choice(_PAIRS)
        text = " ".join(rng.choice(_LINES).format(a=a, b=b, day=when.strftime("%A")) for _ in range(10))
        made.append(
            ArticleDraft(
                key=f"k{n}", url=f"https://p{n % 40}.example/{n}", title=f"Report {n}", text=f"Report {n}\n\n{text}",
                content_hash=f"1{n}", published=when, date_refused=None, seen_at=when, known_at=when,
                backfilled=True, publisher=f"Paper {n % 40}", owner=f"Owner {n % 25}",
            )
        )  # fmt: skip
    return made


async def flow(count: int, folder: str) -> None:
    """One run, with figures."""
    settings = load_settings(database_url=f"sqlite:///{Path(folder) / 'bench.sqlite'}")
    configure_logging(ServiceSettings(log_level="error"))
    runtime = Runtime(settings)
    try:
        runtime.load_rules()
        await runtime.pool.warm()
        started = time.perf_counter()
        for some in (drafts(count)[i : i + 500] for i in range(0, count, 500)):
            runtime.store.add_articles(some, publisher=None)
        added = time.perf_counter()
        done = await runtime.drain(notify=False)
        ended = time.perf_counter()
        rows = runtime.store.stats()["rows"]
    finally:
        await runtime.close()
    sys.stdout.write(
        f"{count} articles of 10 sentences: stored {count / (added - started):.0f} articles/s, "
        f"extracted, linked and matched {count / (ended - added):.1f} articles/s "
        f"({rows['mention']} mentions, {rows['event']} events, {rows['alert']} alerts, {done.matched} matched)\n"
    )


def main() -> None:
    """Two sizes, so that growth shows."""
    for count in (250, 1_000):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(flow(count, folder))
