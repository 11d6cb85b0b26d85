"""Polling: feeds a second over loopback, memory with 50,000 feeds, and how long the event loop stands still.

The passes are made by `../shared/tools/bench_polling.py` (500 feeds of 30 entries on 50 ports, spacing 0)
and left out where that is absent.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tocsin.model import FeedSpec
from tocsin.polling import HttpFetcher, ParserPool, Poller, poll_once
from tocsin.ports import FetchRequest, FetchResponse
from tocsin.settings import Settings
from tocsin.store import SqlStore, open_store

ROOT = Path(__file__).parents[2]
TOOL = ROOT.parent / "shared" / "tools" / "bench_polling.py"
PORT = 18_700
PASSES = (
    "first",
    "304",
    "bump",
    "bump",
    "bump",
    "bump",
    "bump",
    "bump",
    "edit",
    "304",
    "304",
)  # from the fourth "bump" on feeds are certified
MANY = 50_000
LIMIT = 60.0  # seconds the hostile bodies may take in all
BOMB = 1_000_000_000  # bytes that some kilobytes of gzip become
SERVER = """
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import sys
class Handler(SimpleHTTPRequestHandler):
    def end_headers(self):
        if "bomb" in self.path:
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()
server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=sys.argv[1]))
print("port", server.server_port, flush=True)
server.serve_forever()
"""


class Clock:
    """The wall clock."""

    def now(self) -> datetime:
        """UTC."""
        return datetime.now(UTC)


def main() -> None:
    """Print all figures."""
    if sys.argv[-1] == "--memory":
        asyncio.run(memory())
        return
    if "--pass" in sys.argv:
        asyncio.run(one_pass(*sys.argv[-2:]))
        return
    say(f"load before: {os.getloadavg()[0]:.1f}")
    passes()
    passes_inside()
    subprocess.run([sys.executable, __file__, "--memory"], check=True)
    asyncio.run(stalls())
    say(f"load after: {os.getloadavg()[0]:.1f}")


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def passes() -> None:
    """Run the command of the operator, one process for each pass."""
    if not TOOL.exists():
        say(f"{TOOL.name} is not there; no passes")
        return
    tocsin = Path(sys.executable).with_name("tocsin")
    command = f"{tocsin} feeds import {{urls}} >/dev/null && {tocsin} feeds poll --all --stages poll"
    settings = {"TOCSIN_NETWORK__ALLOW_PRIVATE_ADDRESSES": "true", "TOCSIN_POLLING__SPACING": "0"}
    script = 'TOCSIN_DATABASE_URL="sqlite:///{db}" && export TOCSIN_DATABASE_URL && ' + command
    run = [sys.executable, str(TOOL), "run", "--feeds", "500", "--ports", "50", "--port", str(PORT)]
    subprocess.run(
        [*run, "--cmd", f"sh -c '{script}'", "--passes", *PASSES], env=os.environ | settings, check=True
    )


def passes_inside() -> None:
    """The same passes timed from the first claim to the last commit, each in a process of its own."""
    if not TOOL.exists():
        return
    serve = [sys.executable, str(TOOL), "serve", "--feeds", "500", "--ports", "50", "--port", str(PORT)]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(serve, stdout=subprocess.PIPE) as server:
        try:
            if server.stdout:
                server.stdout.readline()
            for name in PASSES:
                if name in ("bump", "edit"):
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/__{name}").close()
                subprocess.run([sys.executable, __file__, "--pass", folder, name], check=True)
        finally:
            server.terminate()


async def one_pass(folder: str, name: str) -> None:
    """Poll the feeds of the tool's server once."""
    settings = Settings.model_validate(
        {"network": {"allow_private_addresses": True}, "polling": {"spacing": 0}}
    )
    with opened(folder) as store:
        specs = [FeedSpec(f"http://127.0.0.1:{PORT + n % 50}/feed{n}.xml") for n in range(500)]
        store.add_feeds(specs, Clock().now())
        async with (
            HttpFetcher.of(settings, clock=Clock(), store=store) as fetcher,
            ParserPool(settings.polling.parse_timeout) as parser,
        ):
            poller = Poller(store, fetcher, parser, Clock(), settings.polling)
            started, busy = time.perf_counter(), time.process_time()
            report = await poll_once(store, poller, Clock(), settings.polling, everything=True)
            spent, busy = time.perf_counter() - started, time.process_time() - busy
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in report.outcomes.items())
    say(
        f"inside: {name:5s} {report.feeds / spent:6.0f} feeds/s, {busy / report.feeds * 1000:.2f} ms of the main "
        f"process each; {told}; {report.new} new, {report.edited} edited; load {os.getloadavg()[0]:.1f}"
    )


async def memory() -> None:
    """Most memory of one process while it polls 50,000 feeds that have nothing new."""
    with tempfile.TemporaryDirectory() as folder, opened(folder) as store:
        started = time.perf_counter()
        specs = [FeedSpec(f"https://h{n % 20_000}.example/{n}", title=f"Feed {n}") for n in range(MANY)]
        store.add_feeds(specs, Clock().now())
        del specs
        added = time.perf_counter() - started
        settings = Settings()
        async with ParserPool(20.0) as parser:
            poller = Poller(store, Unchanged(), parser, Clock(), settings.polling)
            started = time.perf_counter()
            report = await poll_once(store, poller, Clock(), settings.polling, everything=True)
        spent = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{MANY} feeds: added in {added:.1f} s; {report.feeds} polls without network {spent:.1f} s, {peak:.0f} MB"
    )


class Unchanged:
    """A `Fetcher` that has nothing new."""

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """304."""
        return FetchResponse(request.url, 304, {"etag": '"same"'}, b"", 3)


async def stalls() -> None:
    """The longest time the event loop did not turn while hostile bodies were fetched, parsed and stored."""
    with tempfile.TemporaryDirectory() as folder, opened(folder) as store:
        names = write_hostile(Path(folder) / "bodies")
        with served(Path(folder) / "bodies") as address:
            store.add_feeds([FeedSpec(f"{address}/{name}") for name in names], Clock().now())
            settings = Settings.model_validate(
                {
                    "network": {"allow_private_addresses": True},
                    "polling": {"spacing": 0, "max_body": 20_000_000, "parse_timeout": 10},
                }
            )
            async with HttpFetcher.of(settings) as fetcher, ParserPool(10.0) as parser:
                poller = Poller(store, fetcher, parser, Clock(), settings.polling)
                ticker = Ticker()
                watching = asyncio.create_task(ticker.run())
                async with asyncio.timeout(LIMIT):
                    await poll_once(store, poller, Clock(), settings.polling)
                watching.cancel()
        for feed in store.feeds():
            polled = store.fetches(feed.id)[0]
            say(f"  {feed.spec.url.rpartition('/')[2]}: {polled.reason[:100]}")
    say(f"longest stall of the event loop: {ticker.longest * 1000:.0f} ms in {ticker.turns} turns")


class Ticker:
    """Wants to run every 5 ms, and keeps how much later than that it did."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.turns = 0

    async def run(self, every: float = 0.005) -> None:
        """Until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(every)
            self.longest = max(self.longest, time.perf_counter() - before - every)
            self.turns += 1


def write_hostile(folder: Path) -> list[str]:
    """Bodies that take a parser long or make it large, as files; returns their names."""
    folder.mkdir()
    item = "<item><guid>{0}</guid><title>{0}</title><description>{0} said</description></item>"
    bodies = {
        "entries.xml": rss("".join(item.format(n) for n in range(100_000))),
        "attributes.xml": rss("<item " + " ".join(f'a{n}="x"' for n in range(16_000)) + "></item>"),
        "vocabularies.xml": rss(
            "<item>" + "".join(f'<p{n}:x xmlns:p{n}="urn:{n}"/>' for n in range(16_000)) + "</item>"
        ),
        "deep.xml": rss("<x>" * 50_000),
        "entities.xml": '<!DOCTYPE r [<!ENTITY a "' + "x" * 10_000 + '">]>' + rss("<title>" + "&a;" * 9_000),
        "junk.xml": "<rss><channel><item><title>" + "&" * 9_000_000,
        "long.xml": rss("<item><guid>1</guid><description>" + "word " * 1_500_000 + "</description></item>"),
    }
    for name, body in bodies.items():
        (folder / name).write_text(body, encoding="utf-8")
    zeros = gzip.compress(bytes(BOMB // 1000))
    (folder / "bomb.xml").write_bytes(zeros * 1000)  # members in a row
    (folder / "bomb-within.xml").write_bytes(gzip.compress(rss("<title>x</title>" * 1_100_000).encode()))
    return [*bodies, "bomb.xml", "bomb-within.xml"]


def rss(inner: str) -> str:
    """A document around it."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{inner}</channel></rss>'


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP, from a process of its own."""
    command = [sys.executable, "-u", "-c", SERVER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            found = re.search(r"port (\d+)", line)
            if found is None:
                raise OSError(f"the server did not start: {line!r}")
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            server.terminate()


@contextmanager
def opened(folder: str) -> Iterator[SqlStore]:
    """A store in a file."""
    store = open_store(f"sqlite:///{folder}/bench.sqlite")
    try:
        yield store
    finally:
        store.close()


if __name__ == "__main__":
    main()
