"""Rules and tests shown in the documentation are real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.extraction.ontology import load_ontology
from tocsin.rules import FIELDS, load_rules, run_tests
from tocsin.rules._cel_check import SAMPLE

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [DOCS / "reference" / "rules.md", DOCS / "guide" / "first-rule.md", DOCS.parent / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_work(page: Path, tmp_path: Path) -> None:
    """Every YAML block that is a rule loads, and every block of tests passes."""
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    rules = [block for block in blocks if block.startswith("rule:")]
    cases = [block for block in blocks if block.startswith("test:")]
    assert rules
    for number, block in enumerate(rules):
        (tmp_path / f"r{number}.yaml").write_text(block, encoding="utf-8")
    loaded = load_rules([tmp_path], load_ontology())
    assert loaded.errors == ()
    (tmp_path / "docs.test.yaml").write_text("---\n".join(cases) or "# none\n", encoding="utf-8")
    results = run_tests([tmp_path / "docs.test.yaml"], loaded, load_ontology())
    assert [result.message for result in results if not result.passed and cases] == []


def test_the_guide_shows_the_real_message(tmp_path: Path) -> None:
    """The refusal in the guide is what the program says."""
    text = PAGES[1].read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(rule: korea-talks.*?)```", text, re.DOTALL)
    assert block is not None
    path = tmp_path / "korea.yaml"
    path.write_text(block[1].replace("type: diplomacy", "type: diplomcy"), encoding="utf-8")
    (error,) = load_rules([path], load_ontology()).errors
    assert f"rules/korea.yaml:{error.line}:{error.column}: {error.message}\n      {error.hint}" in text


def test_every_field_is_in_the_reference() -> None:
    """Fields of patterns and of expressions are documented."""
    text = PAGES[0].read_text(encoding="utf-8")
    assert [name for name in (*FIELDS, *SAMPLE) if f"`{name}`" not in text] == []
