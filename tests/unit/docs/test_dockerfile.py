"""The image: what the Dockerfile and compose.yaml must keep promising, read from the files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools.dockerfile import ignored, parse

ROOT = Path(__file__).resolve().parents[3]
STAGES = parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))
BUILD, FINAL = STAGES[0], STAGES[-1]
IGNORE = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
COMPOSE = YAML(typ="safe", pure=True).load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["tocsin"]


def test_two_stages_on_one_pinned_base() -> None:
    """Both stages stand on the same base, by full version and distribution."""
    assert len(STAGES) == 2
    assert BUILD.alias == "build"
    assert {stage.base for stage in STAGES} == {BUILD.base}
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", BUILD.base)


def test_dependencies_are_hashed() -> None:
    """Whatever pip fetches has its hash in the lock file; our own wheel comes from the build."""
    commands = [part for i in BUILD.all("RUN") for part in i.rest.split("&&")]
    installs = [command for command in commands if " pip install " in command]
    assert len(installs) == 2
    for command in installs:
        assert "--require-hashes" in command or ("--no-deps" in command and "--no-index" in command)
    assert all("--no-deps" in command for command in commands if " pip wheel " in command)


def test_the_linter_is_content() -> None:
    """The linter (hadolint) has nothing to say, not even as a hint."""
    linter = Path(sys.executable).with_name("hadolint")
    if not linter.exists():
        pytest.skip("hadolint is not installed")
    done = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_final_stage_takes_only_the_environment() -> None:
    """No source, no compiler, no package manager caches: one folder is copied."""
    assert [i.text for i in FINAL.all("COPY")] == ["--from=build /opt/tocsin /opt/tocsin"]
    assert not any("pip" in i.rest or "apt" in i.rest for i in FINAL.all("RUN"))


def test_runs_as_a_user_without_rights() -> None:
    """The user is a number, not root, and set before the program starts."""
    user, group = FINAL.last("USER").text.split(":")
    assert int(user) >= 10_000
    assert int(group) >= 10_000
    names = [i.name for i in FINAL.instructions]
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_state_is_below_data_and_only_there() -> None:
    """Database and working folder are in the volume, so the root can be read-only."""
    assert FINAL.last("VOLUME").argv == ["/data"]
    assert FINAL.last("WORKDIR").text == "/data"
    assert FINAL.env()["TOCSIN_DATABASE_URL"] == "sqlite:////data/tocsin.sqlite"
    assert FINAL.env()["PYTHONDONTWRITEBYTECODE"] == "1"
    assert SERVICE["read_only"] is True
    assert SERVICE["tmpfs"] == ["/tmp"]
    assert SERVICE["volumes"] == ["tocsin-data:/data"]


def test_health_is_asked_without_extra_tools() -> None:
    """The check is Python's own HTTP client on /healthz, on the port the program was given."""
    check = FINAL.last("HEALTHCHECK")
    assert check.argv[:2] == ["python", "-c"]
    assert "/healthz" in check.argv[2]
    assert "TOCSIN_WEB__PORT" in check.argv[2]
    assert {"interval", "timeout", "start-period", "retries"} == set(check.flags)
    compile(check.argv[2], "HEALTHCHECK", "exec")


def test_starts_in_exec_form() -> None:
    """The program is process 1 and gets the stop signal itself, with more time than its own grace."""
    from tocsin.settings import Settings

    assert FINAL.last("ENTRYPOINT").argv == ["tocsin"]
    assert FINAL.last("CMD").argv == ["run"]
    assert FINAL.last("STOPSIGNAL").text == "SIGTERM"
    assert int(SERVICE["stop_grace_period"].removesuffix("s")) > Settings().service.grace


def test_compose_gives_nothing_away() -> None:
    """The page is published on loopback only, capabilities are dropped."""
    assert SERVICE["ports"] == ["127.0.0.1:8787:8787"]
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]


def test_variables_of_image_and_compose_are_settings() -> None:
    """Every TOCSIN_ variable named there exists."""
    from tools.write_reference import settings_rows

    known = {variable for _, variable, *_ in settings_rows()}
    named = {*FINAL.env(), *SERVICE["environment"]}
    assert {name for name in named if name.startswith("TOCSIN_")} <= known


@pytest.mark.parametrize(
    ("path", "out"),
    [
        ("daemon/tocsin/errors.py", False),
        ("daemon/tocsin/testing/recordings/autumn-2022/recording.yaml", False),
        ("requirements/run.txt", False),
        ("feeds/a.yaml", False),
        ("daemon/tocsin/__pycache__/errors.cpython-311.pyc", True),
        ("requirements/dev.txt", True),
        (".git/config", True),
        (".venv/bin/python", True),
        ("tests/unit/docs/test_dockerfile.py", True),
        ("tocsin.sqlite", True),
        ("tocsin.toml", True),
    ],
)
def test_the_context_carries_what_is_built_and_no_more(path: str, out: bool) -> None:
    """.dockerignore lets sources through and keeps caches, databases and settings out."""
    assert ignored(path, IGNORE) is out


def test_everything_copied_from_the_context_exists_and_is_let_through() -> None:
    """A COPY of a file that .dockerignore drops would fail only in a real build."""
    for step in BUILD.all("COPY"):
        for source in step.rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert not ignored(source, IGNORE), source


@pytest.mark.parametrize("text", ["RUN x", "FROM a\nADD x y", "FROM a\nONBUILD RUN x"])
def test_the_reader_refuses_what_it_does_not_know(text: str) -> None:
    """An instruction the checks cannot judge is an error, not ignored."""
    with pytest.raises(ValueError, match="line"):
        parse(text)
