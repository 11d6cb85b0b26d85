"""Folders of rule files: what is read, what is kept over a reload, what counts as a change."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tocsin.model import Severity
from tocsin.rules import OnCount, Rule, RuleSet, case_files, changed, keep_running, load_rules, rule_files

GOOD = "rule: {}\ntitle: t\nmatch: {{type: weapons}}\n"
Load = Callable[..., RuleSet]


def test_rule_is_what_the_file_says(tmp_path: Path, ontology: Any) -> None:
    """Every key of a rule file arrives in the rule, and the record the store keeps says the same."""
    text = (
        "# a comment\nrule: surge\ntitle: A  surge\ndescription: why\nseverity: critical\nlabels: {desk: x, n: 1}\n"
        "match: {type: [weapons.launch, weapons]}\nwhen: {count: 3, within: 2w, by: owner}\n"
        "where: event.confidence > 0.5\n"
    )
    (tmp_path / "a.yml").write_text(text)
    (rule,) = load_rules([tmp_path], ontology).rules
    assert (rule.name, rule.title, rule.severity) == ("surge", "A surge", Severity.CRITICAL)
    assert (rule.description, rule.labels) == ("why", {"desk": "x", "n": "1"})
    assert rule.when == OnCount(3, timedelta(weeks=2), ("owner",), repeat=timedelta(weeks=4))
    assert rule.families == ("weapons",)
    assert (rule.file, rule.line) == (str(tmp_path / "a.yml"), 2)
    assert rule.where is not None
    assert rule.where.source == "event.confidence > 0.5"
    now = datetime(2022, 11, 1, tzinfo=UTC)
    record = rule.record(now)
    assert (record.name, record.file, record.line, record.loaded_at) == (rule.name, rule.file, 2, now)
    assert record.active
    assert record.source.startswith("rule: surge")
    assert record.source_hash == rule.source_hash


def test_severity_and_when_have_defaults(rule: Callable[[str], Rule]) -> None:
    """Left out, severity is warning and every matching event rings."""
    one = rule("match: {severity: critical}\nwhen: any\n")
    assert one.severity is Severity.WARNING
    assert one.when.kind == "any"
    assert "weapons" in one.families
    assert one.lookback == timedelta()


def test_lookback_covers_what_evaluation_reads(rule: Callable[[str], Rule]) -> None:
    """How far history is read is known beforehand."""
    one = rule("match: {type: weapons}\nwhen: {count: 3, within: 1d}\n")
    assert one.lookback == timedelta(days=12.5)


def test_hash_is_of_the_document(load: Load) -> None:
    """A change in one document of a file changes the hash of that rule only."""
    before = load(GOOD.format("a") + "---\n" + GOOD.format("b")).rules
    after = load("# moved\n" + GOOD.format("a") + "---\n" + GOOD.format("b") + "severity: info\n").rules
    assert before[0].source_hash == after[0].source_hash
    assert before[1].source_hash != after[1].source_hash


def test_which_files_are_rules(tmp_path: Path) -> None:
    """Subfolders are read in the order of paths; tests, hidden files and other kinds are not rules."""
    for name in ("b.yaml", "a.yml", "sub/c.yaml", ".hidden.yaml", ".git/d.yaml", "b.test.yaml", "readme.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(GOOD.format("x"))
    (tmp_path / "folder.yaml").mkdir()
    names = [path.relative_to(tmp_path).as_posix() for path in rule_files([tmp_path])]
    assert names == ["a.yml", "b.yaml", "sub/c.yaml"]
    assert case_files([tmp_path]) == [tmp_path / "b.test.yaml"]
    assert case_files([tmp_path / "b.yaml"]) == [tmp_path / "b.test.yaml"]
    assert case_files([tmp_path / "b.test.yaml"]) == [tmp_path / "b.test.yaml"]
    assert rule_files([tmp_path / "b.yaml"]) == [tmp_path / "b.yaml"]


def test_a_file_named_twice_is_read_once(tmp_path: Path, ontology: Any) -> None:
    """Overlapping folders do not make rules collide with themselves."""
    (tmp_path / "a.yaml").write_text(GOOD.format("a"))
    loaded = load_rules([tmp_path, tmp_path / "a.yaml"], ontology)
    assert len(loaded.rules) == 1
    assert loaded.errors == ()


def test_broken_file_keeps_its_rules_running(load: Load) -> None:
    """After a reload, rules of a file with a mistake go on as they were; removed files' rules do not."""
    before = load(GOOD.format("a") + "---\n" + GOOD.format("b"), GOOD.format("c"))
    broken = load(GOOD.format("a") + "---\n" + GOOD.format("b") + "severty: info\n", GOOD.format("d"))
    after = keep_running(before, broken)
    assert [rule.name for rule in after.rules] == ["a", "d", "b"]
    assert after.errors == broken.errors
    assert {record.name: record.active for record in after.records()} == {"a": True, "d": True, "b": True}
    assert keep_running(after, load(GOOD.format("a"), GOOD.format("d"))).rule("b") is None


def test_change_is_by_content(tmp_path: Path) -> None:
    """Adding, editing and removing are changes; saving the same text, or a test, is not."""
    assert changed([tmp_path]) is None
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.format("a"))
    first = changed([tmp_path])
    assert first is not None
    assert changed([tmp_path], first) is None
    os.utime(path, ns=(1, 1))
    assert changed([tmp_path], first) is None
    (tmp_path / "a.test.yaml").write_text("test: x\n")
    assert changed([tmp_path], first) is None
    path.write_text(GOOD.format("b"))
    os.utime(path, ns=(2, 2))
    second = changed([tmp_path], first)
    assert second is not None
    path.unlink()
    assert changed([tmp_path], second) == ()


def test_unreadable_file_is_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can no longer be read is seen as changed once, not on every look."""
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.format("a"))
    first = changed([tmp_path])
    assert first is not None
    os.utime(path, ns=(3, 3))
    monkeypatch.setattr(Path, "read_bytes", _denied)
    second = changed([tmp_path], first)
    assert second is not None
    assert changed([tmp_path], second) is None


def _denied(path: Path) -> bytes:
    raise PermissionError(13, "Permission denied", str(path))
