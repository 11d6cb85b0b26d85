"""Parsing in worker processes: what a hostile body costs, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.polling import ParserPool, _worker
from tocsin.polling._worker import ParserProcess

URL = "https://news.example/feed"
RSS = b"""<rss version="2.0"><channel><title>T</title><item><guid>1</guid><title>One</title></item></channel></rss>"""
FLOOD = (
    b"<rss><channel><item>"
    + b"".join(b'<p%d:x xmlns:p%d="urn:%d"/>' % (number, number, number) for number in range(60_000))
    + b"</item></channel></rss>"
)


@pytest.fixture
def process():
    one = ParserProcess(timeout=20)
    yield one
    one.close()


def gone(pid: int) -> bool:
    """Whether a process has ended, zombies included."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if gone(pid):
            return True
        time.sleep(0.05)
    return False


def test_parses_and_stays(process):
    """One process parses body after body; what is no feed is told with its class."""
    assert process.pid is None
    assert process.parse(RSS, "text/xml", URL).entries[0].title == "One"
    pid = process.pid
    with pytest.raises(FetchError) as caught:
        process.parse(b"<html></html>", "text/html", URL)
    assert caught.value.failure == FetchFailure.NOT_A_FEED
    assert process.parse(RSS, "", URL).kind == "rss20"
    assert process.pid == pid


def test_out_of_time():
    """A body that takes too long costs the process its life and nobody else anything."""
    process = ParserProcess(timeout=0.5)
    try:
        process.parse(RSS, "", URL)
        pid = process.pid
        started = time.monotonic()
        with pytest.raises(FetchError, match=r"longer than 0\.5 s") as caught:
            process.parse(FLOOD, "", URL)
        assert caught.value.failure == FetchFailure.PARSER
        assert time.monotonic() - started < 5
        assert wait_until_gone(pid)
        assert process.parse(RSS, "", URL).kind == "rss20"
    finally:
        process.close()


def test_out_of_memory():
    """A body that needs too much memory is named, and the process replaced."""
    process = ParserProcess(timeout=60, memory=400_000_000)
    try:
        process.parse(RSS, "", URL)
        pid = process.pid
        items = b'{"items": [' + b"{}," * 6_000_000 + b"{}]}"
        with pytest.raises(FetchError) as caught:
            process.parse(items, "", URL)
        assert caught.value.failure == FetchFailure.PARSER
        assert (
            "memory" in caught.value.message or "MB" in caught.value.message or "died" in caught.value.message
        )
        assert wait_until_gone(pid)
        assert process.parse(RSS, "", URL).kind == "rss20"
    finally:
        process.close()


def test_killed_from_outside(process):
    """A process that is killed is a failure of that body, and the next one gets a new process."""
    process.parse(RSS, "", URL)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(FetchError, match="died"):
        process.parse(RSS, "", URL)
    assert process.parse(RSS, "", URL).kind == "rss20"


def test_interrupt_is_for_the_parent(process):
    """Ctrl-C reaches the whole group of processes; the parser goes on."""
    process.parse(RSS, "", URL)
    pid = process.pid
    os.kill(pid, signal.SIGINT)
    assert process.parse(RSS, "", URL).kind == "rss20"
    assert process.pid == pid


def test_process_that_cannot_start(monkeypatch):
    """A process that does not come up in time is a failure with a name."""
    monkeypatch.setattr(_worker, "START_TIMEOUT", 0.0)
    with pytest.raises(FetchError, match="could not be started"):
        ParserProcess(timeout=1).parse(RSS, "", URL)


def test_closing_twice_is_fine(process):
    """Close ends the process; a second one does nothing."""
    process.parse(RSS, "", URL)
    pid = process.pid
    process.close()
    process.close()
    assert gone(pid)


PARENT = """
import os, signal, sys, time
from tocsin.polling._worker import ParserProcess
if __name__ == "__main__":
    process = ParserProcess(60)
    process.parse(b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>', '', 'https://x.example/')
    print(process.pid, flush=True)
    if sys.argv[1] == "busy":
        flood = b'<rss><channel><item ' + b' '.join(b'a%d="1"' % n for n in range(200_000)) + b'/></channel></rss>'
        process.parse(flood, '', 'https://x.example/')
    time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_workers_leave_with_a_killed_parent(tmp_path, state):
    """Kill -9 of the parent leaves no worker behind, idle or in the middle of a body."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script, state], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        assert not gone(worker)
        parent.kill()
        parent.wait()
    assert wait_until_gone(worker)


async def test_pool_parses_side_by_side():
    """Several bodies at once, more than there are processes; the event loop is free meanwhile."""
    async with ParserPool(20, workers=2) as pool:
        feeds = await asyncio.gather(*(pool.parse(RSS, "", URL) for _ in range(8)))
        assert [feed.kind for feed in feeds] == ["rss20"] * 8
        pids = {process.pid for process in pool._processes}
    assert all(gone(pid) for pid in pids if pid)


async def test_pool_survives_hostile_bodies():
    """While one process is busy with a flood, the other goes on, and the loop does not stall."""
    async with ParserPool(1.0, workers=2) as pool:
        await asyncio.gather(pool.parse(RSS, "", URL), pool.parse(RSS, "", URL))
        hostile = asyncio.create_task(pool.parse(FLOOD, "", URL))
        longest, last = 0.0, time.monotonic()
        while not hostile.done():
            assert (await pool.parse(RSS, "", URL)).kind == "rss20"
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        with pytest.raises(FetchError, match="longer than"):
            await hostile
    assert longest < 1.0


async def test_cancelled_callers_free_their_process():
    """Who stops waiting does not take a process away."""
    async with ParserPool(1.0, workers=1) as pool:
        await pool.parse(RSS, "", URL)
        waiting = asyncio.create_task(pool.parse(FLOOD, "", URL))
        await asyncio.sleep(0.1)
        waiting.cancel()
        assert (await pool.parse(RSS, "", URL)).kind == "rss20"
