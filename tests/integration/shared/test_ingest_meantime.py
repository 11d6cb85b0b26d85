"""Real news that nobody here wrote, through every stage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "times" / "meantime" / "docs.json"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DOCS.exists(), reason="the public development data is not beside this checkout"),
]


def test_120_articles_go_through_every_stage(tmp_path):
    """All are stored, most give mentions, every span is its text, and asking again changes nothing."""
    docs = json.loads(DOCS.read_text(encoding="utf-8"))
    lines = [
        {"id": key, "title": d["title"], "text": d["text"], "published": d["dct"], "publisher": "Wikinews"}
        for key, d in docs.items()
    ]
    source = tmp_path / "docs.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")} | {"HOME": str(tmp_path)}

    def ingest():
        tocsin = Path(sys.executable).with_name("tocsin")
        done = subprocess.run(
            [str(tocsin), "ingest", str(source), "--json"],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)[0]

    first = ingest()
    assert first["articles"] == len(docs)
    assert first["left_out"] == 0
    assert first["mentions"] > len(docs)
    assert first["events"] > 0
    again = ingest()
    assert (again["known"], again["mentions"], again["events"], again["alerts"]) == (len(docs), 0, 0, 0)
