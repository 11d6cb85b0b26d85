"""Run the Dockerfile's install and start commands in a clean folder, without a Docker engine.

Every RUN, the HEALTHCHECK and ENTRYPOINT with CMD are taken from the file as they stand; absolute paths that
the file makes (/opt, /src, /dist, /data) are put below a temporary root, and the context is copied as
.dockerignore lets it through. Only what the last stage copies is left when the program starts. When this
runs as root the program is started as the file's USER, so it can write nothing but /data and /tmp.

    python tests/tools/run_dockerfile.py

Left out, and printed: RUN lines that make system users, which need a system of their own. Changed: the port
(a free one), the address (loopback), and no shipped feeds, so that nothing outside is polled.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.dockerfile import Instruction, Stage, ignored, parse

ROOT = Path(__file__).resolve().parents[2]
_OURS = re.compile(r"(?<![\w.:/])/(opt|src|dist|data)\b")
_STARTS_WITHIN = 120.0
_STOPS_WITHIN = 40.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds each part took, and how the program ended."""

    install: float
    healthy: float
    stop: float
    exit_code: int


class Sandbox:
    """The temporary root that stands for the file system of the image."""

    def __init__(self, folder: Path, say: Say) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self.tmp = folder / "tmp"
        self.tmp.mkdir(mode=0o1777)
        self._say = say
        self._workdir = self.root

    def inside(self, text: str) -> str:
        """The text with the image's paths put below the root (but sqlite addresses keep their slashes)."""
        return _OURS.sub(lambda match: str(self.root / match[1]), text)

    def path(self, text: str) -> Path:
        """A path of the image, absolute or below the working directory."""
        return Path(self.inside(text)) if text.startswith("/") else self._workdir / text

    def install(self, stage: Stage) -> None:
        """Run a stage's instructions in order."""
        for step in stage.instructions:
            if step.name == "WORKDIR":
                self._workdir = self.path(step.text)
                self._workdir.mkdir(parents=True, exist_ok=True)
            elif step.name == "COPY":
                self._copy(step)
            elif step.name == "RUN":
                self._run(step)

    def _copy(self, step: Instruction) -> None:
        *sources, target = step.rest.split()
        if "from" in step.flags:
            self._keep_only([self.path(source) for source in sources])
            return
        patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
        for source in sources:
            whole = ROOT / source
            found = [whole] if whole.is_file() else list(whole.rglob("*"))
            for file in found:
                name = file.relative_to(ROOT)
                if not file.is_file() or ignored(str(name), patterns):
                    continue
                place = self.path(target)
                place = place / name.name if target.endswith("/") else self._workdir / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)

    def _keep_only(self, kept: list[Path]) -> None:
        """What a later stage copies is all it has of an earlier one."""
        self._workdir = self.root
        for path in sorted(self.root.rglob("*"), key=lambda p: len(p.parts), reverse=True):
            if any(path.is_relative_to(k) or k.is_relative_to(path) for k in kept):
                continue
            path.unlink() if path.is_symlink() or path.is_file() else path.rmdir()

    def _run(self, step: Instruction) -> None:
        if step.rest.startswith(("groupadd", "useradd")):
            self._say(f"left out: RUN {step.rest}")
            (self.root / "data").mkdir(exist_ok=True)
            return
        self._say(f"RUN {step.rest}")
        began = time.monotonic()
        command = [self.inside(word) for word in step.argv]
        subprocess.run(command, cwd=self._workdir, check=True, env=self._plain_env())
        self._say(f"    {time.monotonic() - began:.1f} s")

    def _plain_env(self) -> dict[str, str]:
        """The caller's environment without its virtual environment and without our settings."""
        venv = os.environ.get("VIRTUAL_ENV", "\0")
        path = [p for p in os.environ["PATH"].split(":") if not p.startswith((venv, str(ROOT / ".venv")))]
        base = self._python_by_its_short_name()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "PYTHON", "VIRTUAL_ENV"))}
        return kept | {"PATH": ":".join([base, *path]), "TMPDIR": str(self.tmp)}

    def _python_by_its_short_name(self) -> str:
        """A folder with `python`, as the base image has it; Debian's own is called python3 only."""
        folder = self.root.parent / "bin"
        folder.mkdir(exist_ok=True)
        real = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
        (folder / "python").write_text(f'#!/bin/sh\nexec {real} "$@"\n', encoding="utf-8")
        (folder / "python").chmod(0o755)
        return str(folder)

    def start_env(self, stage: Stage, port: int) -> dict[str, str]:
        """What the image would give the program, with the port, address and feeds this run needs."""
        env = {key: self.inside(value) for key, value in stage.env().items()}
        env["TOCSIN_DATABASE_URL"] = f"sqlite:///{self.root / 'data' / 'tocsin.sqlite'}"
        return env | {
            "HOME": str(self.root / "data"),
            "TMPDIR": str(self.tmp),
            "TOCSIN_WEB__HOST": "127.0.0.1",
            "TOCSIN_WEB__PORT": str(port),
            "TOCSIN_FEEDS__SHIPPED": "false",
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _user(stage: Stage, sandbox: Sandbox, python: str, say: Say) -> int | None:
    """The file's USER when we may become it, with /data given to it as the image does."""
    if os.geteuid() != 0:
        say("left out: USER, this does not run as root")
        return None
    uid = int(stage.last("USER").text.split(":")[0])
    sandbox.root.parent.chmod(0o711)
    try:
        subprocess.run([python, "-c", ""], user=uid, group=uid, extra_groups=[], check=True)
    except (PermissionError, subprocess.CalledProcessError):
        say("left out: USER, it cannot run this machine's Python")
        return None
    os.chown(sandbox.root / "data", uid, uid)
    return uid


def start(stage: Stage, sandbox: Sandbox, say: Say) -> Result:
    """Start the program, wait until its health check passes, stop it with the file's signal."""
    env = sandbox.start_env(stage, _free_port())
    words = [*stage.last("ENTRYPOINT").argv, *stage.last("CMD").argv]
    check = stage.last("HEALTHCHECK").argv
    program = shutil.which(words[0], path=env["PATH"])
    python = shutil.which(check[0], path=env["PATH"])
    if program is None or python is None:
        raise FileNotFoundError(f"{words[0]} or {check[0]} is not on the image's PATH")
    uid = _user(stage, sandbox, python, say)
    say(f"start: {' '.join(words)}" + (f" as user {uid}" if uid else ""))
    began = time.monotonic()
    with subprocess.Popen(
        [program, *words[1:]],
        cwd=sandbox.root / "data",
        env=env,
        user=uid,
        group=uid,
        extra_groups=[] if uid else None,
    ) as process:
        try:
            _wait_healthy([python, *check[1:]], env, process)
            healthy = time.monotonic() - began
            say(f"healthy after {healthy:.1f} s")
            asked = time.monotonic()
            process.send_signal(getattr(signal, stage.last("STOPSIGNAL").text))
            code = process.wait(_STOPS_WITHIN)
        finally:
            process.kill()
    return Result(0.0, healthy, time.monotonic() - asked, code)


def _wait_healthy(check: list[str], env: dict[str, str], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the program ended with {process.returncode} before it was healthy")
        done = subprocess.run(check, env=env, capture_output=True, check=False)
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"not healthy after {_STARTS_WITHIN:.0f} s: {done.stderr.decode()[-500:]}")
        time.sleep(0.5)


def run(folder: Path, say: Say) -> Result:
    """Install and start in `folder`, which must be empty."""
    stages = parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    sandbox = Sandbox(folder, say)
    began = time.monotonic()
    for stage in stages:
        sandbox.install(stage)
    install = time.monotonic() - began
    result = start(stages[-1], sandbox, say)
    return Result(install, result.healthy, result.stop, result.exit_code)


def main() -> int:
    """Run in a temporary folder and print the figures."""

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="tocsin-image-") as folder:
        result = run(Path(folder), say)
    say(
        f"install {result.install:.0f} s, healthy {result.healthy:.1f} s, stopped {result.stop:.1f} s, "
        f"exit {result.exit_code}"
    )
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
