"""One finished run of the demo for tests to look at."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Seen:
    """Exit code, the JSON report, and the database it left."""

    code: int
    report: dict[str, Any]
    database: Path
    stderr: str

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute(query, values).fetchall()
        finally:
            db.close()


def run_demo(folder: Path) -> Seen:
    """`tocsin demo --exit --json --data` in an empty folder with a clean environment."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
    env |= {"HOME": str(folder), "TOCSIN_WEB__PORT": "0"}
    tocsin = Path(sys.executable).with_name("tocsin")
    done = subprocess.run(
        [str(tocsin), "demo", "--exit", "--json", "--data", str(folder / "data")],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if not done.stdout.strip():
        raise AssertionError(f"the demo said nothing, exit {done.returncode}:\n{done.stderr[-4000:]}")
    return Seen(done.returncode, json.loads(done.stdout)[0], folder / "data" / "tocsin.sqlite", done.stderr)
