"""Score the days of mentions on articles whose event instances carry a gold day.

    python -m tools.score_event_dates FOLDER [--errors N]

FOLDER holds docs.json ({id: {"dct","text"}}, a sentence a line) and events.jsonl ({"time","mentions": [[document, line,
words], ...]}), as MEANTIME gives them. A mention of ours is looked at when its trigger is among the words of a gold
mention of the same line. Right is a `when` of one day that is the gold day; coarser ones that contain it are counted
apart, as are those that have none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path

from tocsin.extraction import Document, load_extractor
from tocsin.model import Mention

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Gold = dict[tuple[str, int], list[tuple[str, date]]]


def read(folder: Path) -> tuple[dict[str, dict[str, str]], Gold]:
    """The articles, and by article and line the words and days of its events."""
    docs = json.loads((folder / "docs.json").read_text(encoding="utf-8"))
    gold: Gold = {}
    for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if _DAY.fullmatch(event["time"] or ""):
            for document, at, words in event["mentions"]:
                gold.setdefault((document, at), []).append((words, date.fromisoformat(event["time"])))
    return docs, gold


def score(folder: Path, errors: int = 0) -> Counter[str]:
    """Counts of right, coarse, wrong and none."""
    docs, gold = read(folder)
    names = sorted(name for name in docs if _DAY.fullmatch(docs[name]["dct"] or ""))
    documents = (
        Document(docs[name]["text"], datetime.combine(date.fromisoformat(docs[name]["dct"]), time(18), UTC))
        for name in names
    )
    counts: Counter[str] = Counter()
    for name, result in zip(names, load_extractor().extract_many(documents), strict=True):
        text = docs[name]["text"]
        for mention in result.mentions:
            for words, day in gold.get((name, text.count("\n", 0, mention.trigger.start)), ()):
                if mention.trigger.text in words.split():
                    verdict = _verdict(mention, day)
                    counts[verdict] += 1
                    if errors > 0 and verdict in ("wrong", "none"):
                        errors -= 1
                        start, end = mention.sentence
                        _say(
                            verdict,
                            docs[name]["dct"],
                            day,
                            mention.type,
                            mention.status,
                            mention.trigger.text,
                        )
                        _say("   ", mention.when, text[start:end][:300])
                    break
    return counts


def _verdict(mention: Mention, day: date) -> str:
    when = mention.when
    if when is None:
        return "none"
    if when.start == when.end:
        return "right" if when.start == day else "wrong"
    return "coarse" if when.start <= day <= when.end else "wrong"


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    counts = score(options.folder, options.errors)
    total = sum(counts.values())
    dated = total - counts["none"]
    _say(dict(counts))
    _say(
        f"mentions {total}  dated {dated / max(total, 1):.3f}  right of dated {counts['right'] / max(dated, 1):.3f}"
        f"  right of all {counts['right'] / max(total, 1):.3f}"
    )


if __name__ == "__main__":
    main()
