"""The documentation says what the program can do: everything there is, and nothing that is not."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "docs" / "reference"
PROSE = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
_GENERATED = {"settings.md", "cli.md", "metrics.md"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_generated_pages_are_fresh() -> None:
    """`make docs` would change nothing."""
    from tools.write_reference import pages

    stale = [identify(path) for path, text in pages().items() if not path.exists() or read(path) != text]
    assert stale == [], "run `make docs`"


def test_every_setting_is_documented() -> None:
    """By its variable and by its key, with words that say what it does."""
    from tools.write_reference import settings_rows

    page = read(REFERENCE / "settings.md")
    for _, variable, key, _, description in settings_rows():
        assert f"`{variable}`" in page
        assert f"`{key}`" in page
        assert len(description.split()) >= 2, f"{key} needs a description"


def test_every_command_and_flag_is_documented() -> None:
    """In the reference, and each command, argument and flag with words of its own."""
    from tools.write_reference import commands, options

    page = read(REFERENCE / "cli.md")
    for name, command in commands():
        assert f"`{name}`\n" in page
        assert command.help, f"{name} needs a docstring"
        for parameter in options(command):
            assert all(f"`{flag}`" in page for flag in parameter.opts)
            assert parameter.help, f"{name} {parameter.opts[0]} needs a help text"


DESIGNED = """
init run demo doctor version feeds.add feeds.list feeds.remove feeds.export feeds.discover feeds.check
feeds.import feeds.poll extract times ingest timeline claims rules.check rules.test rules.backtest
rules.explain rules.schema rules.list alerts.list alerts.ack alerts.silence subscribers.add subscribers.list
subscribers.test subscribers.remove subscribers.rotate-secret deliveries.list deliveries.show
deliveries.redeliver replay record db.upgrade db.stats db.backup db.prune
"""


@pytest.mark.parametrize("name", DESIGNED.split())
def test_every_promised_command_exists(name: str) -> None:
    """Tools rely on these names."""
    from tools.write_reference import commands

    assert "tocsin " + name.replace(".", " ") in dict(commands())


def shell_lines(text: str) -> Iterator[str]:
    """Lines and inline code in which `tocsin` is called."""
    code = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    code += re.findall(r"```(?:sh|console|bash)\n(.*?)```", text, re.DOTALL)
    code += re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for block in code:
        for line in block.splitlines():
            bare = line.split("#")[0]
            for part in re.split(r"&&|\||;", bare):
                found = re.match(r"\s*(?:\$ )?(?:\S*/)?tocsin (.+)", part)
                if found:
                    yield found[1]


@pytest.mark.parametrize("path", PROSE, ids=identify)
def test_commands_in_prose_exist(path: Path) -> None:
    """A page that tells people to call something tells them to call something that is there."""
    from tools.write_reference import commands

    known = {name.removeprefix("tocsin "): command for name, command in commands()}
    for line in shell_lines(read(path)):
        words = shlex.split(line.replace("'", ""))
        lengths = [n for n in range(1, len(words) + 1) if " ".join(words[:n]) in known]
        name = " ".join(words[: max(lengths, default=1)])
        if name.startswith(("-", "{", "<")) or name in {"COMMAND", "[OPTIONS]"}:
            continue
        assert name in known, f"{identify(path)}: tocsin {line}"
        flags = {"--help", "-h"} | {
            flag for p in known[name].params for flag in (*p.opts, *p.secondary_opts) if flag.startswith("-")
        }
        used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= flags, f"{identify(path)}: tocsin {line}"


@pytest.mark.parametrize("path", PROSE, ids=identify)
def test_settings_in_prose_exist(path: Path) -> None:
    """Every TOCSIN_ variable a page names is one."""
    from tools.write_reference import settings_rows

    known = {variable for _, variable, *_ in settings_rows()} | {"TOCSIN_CONFIG", "TOCSIN_SECTION__NAME"}
    named = {name for name in re.findall(r"\bTOCSIN_[A-Z0-9_]+", read(path)) if not name.endswith("_")}
    assert named <= known


@pytest.mark.parametrize("path", PROSE, ids=identify)
def test_metrics_in_prose_exist(path: Path) -> None:
    """Every metric a page names is scraped."""
    from tools.write_reference import metrics_rows

    known = {name for name, *_ in metrics_rows()}
    prefixes = {name.rsplit("_", 1)[0].split("_")[1] for name in known}
    named = {
        name
        for name in re.findall(r"\btocsin_[a-z_]+", read(path))
        if name.split("_")[1] in prefixes and not name.endswith("_")
    }
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in named} <= known


def rule_words() -> set[str]:
    """Keys of a rule file, fields of a pattern and kinds of `when`, as the rule engine knows them."""
    from tocsin.extraction.ontology import load_ontology
    from tocsin.rules import FIELDS, json_schema

    def keys(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node.get("properties", {})
            for inner in node.values():
                yield from keys(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from keys(inner)

    return {*FIELDS, *keys(json_schema(load_ontology()))}


def test_every_rule_key_is_documented() -> None:
    """What a rule file may say is in the reference of rules."""
    page = read(REFERENCE / "rules.md")
    missing = sorted(
        word for word in rule_words() if not re.search(rf"[`\s{{]{re.escape(word)}[`:\s,]", page)
    )
    assert missing == []


def test_every_endpoint_is_documented() -> None:
    """Pages, twins, the live stream and what operators ask, by path."""
    from tocsin.settings import Settings
    from tocsin.store import open_store
    from tocsin.testing import FakeClock
    from tocsin.web import create_app

    page = read(REFERENCE / "http.md")
    store = open_store("sqlite://")
    try:
        app = create_app(store, Settings(), clock=FakeClock())
        paths = {getattr(route, "path", "") for route in flat(app.routes)} | set(app.openapi()["paths"])
        names = {re.sub(r"\{\w+(:\w+)?\}", "ID", path) for path in paths} - {""}
    finally:
        store.close()
    assert {"/healthz", "/readyz", "/metrics", "/live", "/api/openapi.json"} <= names
    missing = sorted(name for name in names if f"`{name}`" not in page and not is_twin(name, page))
    assert missing == []


def flat(routes: list[Any]) -> Iterator[Any]:
    """Routes, those of routers inside included."""
    for route in routes:
        yield route
        yield from flat(getattr(route, "routes", None) or [])


def is_twin(name: str, page: str) -> bool:
    """`/events.csv` is covered where `/events` and `.csv` are."""
    stem, dot, extension = name.rpartition(".")
    if name in {"/static", "/static/ID"}:
        return True
    shown = f"`{stem}`" in page or f"### {stem}" in page
    return bool(dot) and shown and (extension == "ID" or f"`.{extension}`" in page)


def test_every_event_type_is_documented() -> None:
    """Each type has its line in the ontology's reference, and the reference names no other."""
    from tocsin.extraction.ontology import load_ontology
    from tocsin.rules import json_schema

    schema = json_schema(load_ontology())
    [kinds] = {tuple(node["enum"]) for node in enums(schema) if "weapons.launch" in node["enum"]}
    page = read(REFERENCE / "ontology.md")
    assert len(kinds) >= 25
    assert [kind for kind in kinds if f"`{kind}`" not in page] == []


def enums(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema with an enum."""
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield node
        for inner in node.values():
            yield from enums(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from enums(inner)


def test_every_mention_field_is_documented() -> None:
    """What `tocsin extract` prints is a contract; each of its keys is explained."""
    from tocsin.model import mention_to_json

    keys = set(re.findall(r'"(\w+)":', inspect.getsource(mention_to_json)))
    page = read(REFERENCE / "mention.md")
    assert sorted(key for key in keys if not re.search(rf"[`\"]{key}[`\"]", page)) == []


@pytest.mark.parametrize("kind", ["FetchFailure", "FetchOutcome", "FeedHealth"])
def test_every_feed_word_is_documented(kind: str) -> None:
    """The reasons people see in `tocsin feeds list` are explained."""
    from tocsin import model

    page = read(REFERENCE / "feeds.md")
    assert [word for word in getattr(model, kind) if f"`{word}`" not in page] == []


def test_decisions_are_numbered_and_listed() -> None:
    """Each record is in the list of records, and the numbers have no holes."""
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("0*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    listing = read(folder / "README.md")
    assert all(f"]({name})" in listing for name in records)


def test_the_changelog_has_this_version() -> None:
    """A version that is released has its entry."""
    from tocsin import __version__

    assert f"## [{__version__}]" in read(ROOT / "CHANGELOG.md")
