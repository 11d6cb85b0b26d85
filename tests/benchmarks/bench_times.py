"""How many phrases of the timenorm sets the normaliser resolves, and how fast it reads.

    python tests/benchmarks/bench_times.py [--errors N]

Reads ../shared/data/times/timenorm beside the checkout; prints a note and ends when it is not there. A phrase
counts as right when one expression covers it and carries the gold value; sets and durations included.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tocsin.extraction.times import Anchor, Timex, find_times

DATA = (
    Path(__file__).resolve().parents[2].parent / "shared" / "data" / "times" / "timenorm" / "datasets" / "en"
)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def cases(path: Path) -> Iterator[tuple[datetime, str, str, str]]:
    """(anchor, phrase, type, value) of each phrase; the first line of a document is its anchor."""
    anchor: datetime | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) < 3:
            anchor = None
        elif anchor is None:
            anchor = datetime.fromisoformat(fields[2][:10]).replace(hour=12, tzinfo=UTC)
        else:
            yield anchor, fields[0], fields[1], fields[2]


def widest(found: list[Timex]) -> Timex | None:
    """The longest expression of a phrase."""
    return max(found, key=lambda timex: timex.end - timex.start, default=None)


def measure(path: Path, errors: int) -> None:
    """Print the share found whole, typed and valued."""
    total = whole = typed = valued = 0
    wrong: list[str] = []
    begun = time.perf_counter()
    for anchor, phrase, kind, value in cases(path):
        best = widest(find_times(phrase, Anchor(anchor)))
        total += 1
        whole += best is not None and best.text == phrase
        typed += best is not None and best.type == kind
        good = best is not None and best.value == value
        valued += good
        if not good:
            got = "nothing" if best is None else f"{best.text} {best.value}"
            wrong.append(f"  {anchor.date()} {phrase!r} {kind} {value}: {got}")
    seconds = time.perf_counter() - begun
    say(
        f"{path.name}: {total} phrases, whole {whole / total:.1%}, type {typed / total:.1%},"
        f" value {valued / total:.1%}, {total / seconds:.0f} phrases/s"
    )
    for line in wrong[:errors]:
        say(line)


def main() -> None:
    """Measure both sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=0)
    arguments = parser.parse_args()
    if not DATA.exists():
        say("the timenorm phrases are not beside this checkout: nothing measured")
        return
    for name in ("train.tsv", "test.tsv"):
        measure(DATA / name, arguments.errors)


if __name__ == "__main__":
    main()
