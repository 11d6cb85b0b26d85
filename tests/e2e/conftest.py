"""The program as a process: started in an empty folder with a clean environment, always stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")


class Program:
    """`tocsin` with arguments, in a folder; `log` is what it wrote to stderr and stdout."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
        env |= {"HOME": str(folder), "COLUMNS": "200"} | {f"TOCSIN_{k}": v for k, v in settings.items()}
        self.log_path = folder / f"log-{time.monotonic_ns()}.txt"
        self._log = self.log_path.open("wb")
        self.process = subprocess.Popen(
            [str(TOCSIN), *arguments], cwd=folder, env=env, stdout=self._log, stderr=subprocess.STDOUT
        )

    @property
    def log(self) -> str:
        """All it said so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, condition, timeout: float = 90.0, what: str = "") -> None:
        """Poll until the condition holds; fails with the log."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if condition():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"waited for {what or condition}; exit {self.process.poll()}; log:\n{self.log[-4000:]}")

    def signal(self, number: int) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def wait(self, timeout: float = 120.0) -> int:
        """The exit code."""
        code = self.process.wait(timeout)
        self._log.close()
        return code

    def stop(self) -> None:
        """Whatever state it is in, end it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
        self._log.close()


@pytest.fixture
def start(tmp_path):
    """`start("run", WEB__PORT="0")` gives a Program in an empty folder."""
    running: list[Program] = []

    def starter(*arguments: str, folder: Path = tmp_path, **settings: str) -> Program:
        program = Program(folder, *arguments, **settings)
        running.append(program)
        return program

    yield starter
    for program in running:
        program.stop()


@pytest.fixture
def tocsin(tmp_path):
    """`tocsin("feeds", "list")` runs to its end and gives the CompletedProcess."""

    def call(*arguments: str, stdin: str = "", timeout: float = 120, **settings: str):
        env = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
        env |= {"HOME": str(tmp_path), "COLUMNS": "200"} | {f"TOCSIN_{k}": v for k, v in settings.items()}
        return subprocess.run(
            [str(TOCSIN), *arguments],
            cwd=tmp_path,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return call
