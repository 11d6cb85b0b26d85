"""How well a status is told on tests/gold/status.jsonl: happened, not happened, uncertain.

Own sentences, each with a trigger word and the status it should get (a `MentionStatus`). Half of every kind of
construction is for development, half is held out: of that half only the figures are looked at. Two ways to measure:
of the mentions the extractor gives at those words, and of every word, whatever its type, over the bare parse.

Run by hand: `python tests/tools/score_status.py [--misses]`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tocsin.extraction import Document, load_extractor
from tocsin.extraction._parse import parsed
from tocsin.extraction._status import status_at
from tocsin.model import MentionStatus

GOLD = Path(__file__).resolve().parents[1] / "gold" / "status.jsonl"
HALVES = ("development", "held out")
PUBLISHED = datetime(2022, 11, 9, 10, tzinfo=UTC)
CLASS = {
    "happened": "happened",
    "ongoing": "happened",
    "historical": "happened",
    "denied": "not happened",
    "negated": "not happened",
    "planned": "uncertain",
    "alleged": "uncertain",
    "hypothetical": "uncertain",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A trigger word in a sentence and the status it should get; `start` in code points."""

    text: str
    trigger: str
    start: int
    status: str
    kind: str
    half: str


@dataclass(frozen=True, slots=True)
class Told:
    """A case and the status it got; None where the extractor gives no mention at the trigger."""

    case: Case
    status: str | None

    @property
    def right(self) -> bool:
        """Whether the class is the gold one."""
        return self.status is not None and CLASS[self.status] == CLASS[self.case.status]


def read_gold() -> list[Case]:
    """All cases of both halves."""
    return [Case(**json.loads(line)) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def by_mentions(cases: Iterable[Case]) -> Iterator[Told]:
    """The status of the mention whose trigger covers the gold word."""
    cases = list(cases)
    texts = list(dict.fromkeys(case.text for case in cases))
    documents = [Document(text, published=PUBLISHED) for text in texts]
    found = dict(zip(texts, load_extractor().extract_many(documents), strict=True))
    for case in cases:
        end = case.start + len(case.trigger)
        at = [m for m in found[case.text].mentions if m.trigger.start < end and m.trigger.end > case.start]
        yield Told(case, at[0].status.value if at else None)


def by_words(cases: Iterable[Case]) -> Iterator[Told]:
    """The status of the gold word over the bare parse, whether or not it is of a known type."""
    cases = list(cases)
    with parsed([case.text for case in cases]) as docs:
        for case, doc in zip(cases, docs, strict=True):
            span = doc.char_span(case.start, case.start + len(case.trigger), alignment_mode="expand")
            status: MentionStatus = status_at(span.root)
            yield Told(case, status.value)


def scores(told: Iterable[Told]) -> dict[str, float]:
    """F1 of each class over the words that got a status, their mean (`macro`), and the share that got one."""
    told = list(told)
    pairs = Counter((CLASS[t.case.status], CLASS[t.status]) for t in told if t.status is not None)
    out: dict[str, float] = {}
    for name in dict.fromkeys(CLASS.values()):
        right = pairs[name, name]
        gold = sum(count for (one, _), count in pairs.items() if one == name)
        said = sum(count for (_, two), count in pairs.items() if two == name)
        out[name] = 2 * right / (gold + said) if gold + said else 0.0
    out["macro"] = sum(out.values()) / len(out)
    out["covered"] = sum(pairs.values()) / len(told)
    return out


def main() -> None:
    """Print the figures of both halves; with `--misses`, the misses of the development half."""
    cases = read_gold()
    for name, measure in (("mentions", by_mentions), ("words", by_words)):
        told = list(measure(cases))
        for half in HALVES:
            figures = scores(t for t in told if t.case.half == half)
            line = " ".join(f"{key} {value:.3f}" for key, value in figures.items())
            sys.stdout.write(f"{name:9} {half:12} {line}\n")
        for t in told if "--misses" in sys.argv else ():
            if t.case.half == "development" and t.status is not None and not t.right:
                line = f"{t.case.kind:20} {t.case.status:12} {t.status:12} {t.case.trigger:14} {t.case.text}"
                sys.stdout.write(f"  {line}\n")


if __name__ == "__main__":
    main()
