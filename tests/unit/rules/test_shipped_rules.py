"""The rule files that ship: they load, and each has tests of both kinds."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tocsin.rules import CaseResult, RuleSet, case_files, load_rules, run_tests
from tocsin.rules._yaml import documents, read_text
from tocsin.shipped import shipped

FOLDER = shipped("rules")


@pytest.fixture(scope="module")
def rules(ontology: Any) -> RuleSet:
    return load_rules([FOLDER], ontology)


@pytest.fixture(scope="module")
def results(rules: RuleSet, ontology: Any) -> list[CaseResult]:
    return run_tests(case_files([FOLDER]), rules, ontology)


def test_all_load(rules: RuleSet) -> None:
    """No shipped rule is refused, and there is something to ship."""
    assert rules.errors == ()
    assert len(rules.rules) >= 12


def test_all_tests_pass(results: list[CaseResult]) -> None:
    """Every test beside the shipped rules passes."""
    assert [result for result in results if not result.passed] == []


def test_each_is_tested_both_ways(rules: RuleSet) -> None:
    """Each shipped rule has a test that expects an alert and one that expects none."""
    seen: dict[str, set[bool]] = defaultdict(set)
    for path in case_files([FOLDER]):
        for document in documents(read_text(path), str(path)):
            fields = {entry.key: entry.value for entry in document.root.entries}
            seen[fields["rule"].text].add(bool(fields["expect"].items))
    assert {rule.name: seen[rule.name] for rule in rules.rules if seen[rule.name] != {True, False}} == {}


def test_tests_stand_beside_their_rules(rules: RuleSet) -> None:
    """Every shipped rule file has its test file."""
    files = {Path(rule.file) for rule in rules.rules}
    assert {path.with_name(f"{path.stem}.test.yaml") for path in files} == set(case_files([FOLDER]))
