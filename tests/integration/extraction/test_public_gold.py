"""The public development sets beside the checkout: figures must not fall."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.extraction import Document, load_extractor

SHARED = Path(__file__).parents[3].parent / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no development data beside the checkout"),
]
_MERGED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def test_root_f1_on_the_plover_gold() -> None:
    """PLOVER roots of single sentences: micro F1 well above the field's coders (.415)."""
    gold = [
        json.loads(line)
        for line in (SHARED / "data/events/plv_train.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    published = datetime(2018, 1, 10, 12, tzinfo=UTC)
    found = load_extractor().extract_many(Document(row["text"], published) for row in gold)
    counts: dict[str, int] = defaultdict(int)
    for row, extraction in zip(gold, found, strict=True):
        roots = {_MERGED.get(m.plover, m.plover) for m in extraction.mentions if m.plover}
        counts["hit"] += row["root"] in roots
        counts["predicted"] += len(roots)
    precision, recall = counts["hit"] / counts["predicted"], counts["hit"] / len(gold)
    assert 2 * precision * recall / (precision + recall) >= 0.68


def test_a_short_text_is_read_in_a_few_seconds() -> None:
    """Cold start of the command, with everything loaded, stays short."""
    code = "from tocsin.cli.extract import extract; import typer; app = typer.Typer(); app.command()(extract); app()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--format", "jsonl"],
        input="North Korea fired a missile.",
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert json.loads(done.stdout)["type"] == "weapons.launch.missile"
