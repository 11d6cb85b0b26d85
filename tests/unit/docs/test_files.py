"""What must hold for every file of the tree: no traces of a machine, links that lead somewhere, one set of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[3]
SKIPPED = {".git", ".venv", "node_modules", "__pycache__", "dist", "build", "htmlcov", "static"}
PROSE = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
DEVELOPER = ["demo", "run", "test", "check", "fmt", "docs", "bench"]

_REGISTRIES = r"[p]ypi\.org|[p]ythonhosted\.org|registry\.[n]pmjs|devpi|artifactory|index-url|extra-index"
_MACHINE = r"(?<![\w.])/(?:work|root|home/\w+|Users)/"


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the tree."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(p.startswith(".") and p not in {".ci", ".gitignore", ".dockerignore"} for p in parts)
        if hidden or SKIPPED.intersection(parts) or not path.is_file() or path == Path(__file__):
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Paths of the machine it was written on and addresses of package indexes belong nowhere."""
    found = [
        f"{identify(path)}: {match[0]}"
        for path, text in texts()
        for match in re.finditer(f"{_REGISTRIES}|{_MACHINE}", text)
    ]
    assert found == []


def test_no_file_holds_a_secret() -> None:
    """No keys, tokens or signing secrets, but for short ones that tests make up."""
    pattern = r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{30}|xox[bap]-\w{10}"
    assert [identify(path) for path, text in texts() if re.search(pattern, text)] == []


def test_locked_packages_are_installed_as_locked() -> None:
    """Every command takes the lock file as complete: no resolving, and nothing without its hash."""
    commands = [
        line.strip()
        for _, text in texts()
        for line in text.splitlines()
        if re.search(r"install\b.*-r\W+requirements/", line)
    ]
    assert len(commands) >= 5
    assert [line for line in commands if not {"--no-deps", "--require-hashes"} <= set(line.split())] == []


def headings(text: str) -> set[str]:
    """Anchors as GitHub makes them."""
    lines = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def links(text: str) -> Iterator[str]:
    """Targets of links and pictures that lead into the tree."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if not re.match(r"[a-z]+:", target):
            yield unquote(target)


@pytest.mark.parametrize("path", PROSE, ids=identify)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link inside the tree names a file that is there, and a heading that is in it."""
    text = path.read_text(encoding="utf-8")
    for target in links(text):
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{identify(path)}: {target}"
        if anchor and file.suffix == ".md":
            assert anchor in headings(file.read_text(encoding="utf-8")), f"{identify(path)}: {target}"


def targets() -> set[str]:
    """What the Makefile can make."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", PROSE, ids=identify)
def test_make_targets_in_prose_exist(path: Path) -> None:
    """A page that says `make x` names a target."""
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "Makefile"])
def test_developer_commands_have_one_set_of_names(name: str) -> None:
    """README, CONTRIBUTING and Makefile know the same commands."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pattern = r"^{}:" if name == "Makefile" else r"`make {}`"
    assert [word for word in DEVELOPER if not re.search(pattern.format(word), text, re.MULTILINE)] == []


def test_ci_calls_what_the_readme_names() -> None:
    """CI proves what people are told to type: the demo, the tests, the checks."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = set(re.findall(r"^\s*(?:[A-Z_]+=\S+ )*make ([a-z]+)", script, re.MULTILINE))
    assert {"demo", "test", "check"} <= called <= targets()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_lock_files_name_no_index() -> None:
    """Every line is a package, a hash or a comment."""
    for path in (ROOT / "requirements").glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert re.match(r"[\w.\-\[\]]+==|    --hash=sha256:|#|$", line), f"{identify(path)}: {line}"


def test_the_licence_is_apache_2() -> None:
    """The whole text, which pyproject.toml names."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text) > 11_000
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
