"""Score the places of mentions on our own gold sentences.

    python -m tools.score_places [--split dev|held] [--errors]

`tests/gold/places.jsonl`: a line is {"id","text","trigger","places","countries","none","split"}. `trigger` is the
word of the event that is looked at, `places` the names that are right for it, `countries` the ISO 3166-1 alpha-3
codes that go with them (null for seas), `none` whether no place is right too. Precision is over the places given,
recall over the lines that have one, accuracy over all lines; a line whose mention was not found counts as "no place".
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tocsin.extraction import Document, load_extractor
from tocsin.model import Mention, Place

GOLD = Path(__file__).parents[1] / "gold" / "places.jsonl"
PUBLISHED = datetime(2024, 5, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One gold line; see the module."""

    id: str
    text: str
    trigger: str
    places: tuple[str, ...]
    countries: tuple[str | None, ...]
    none: bool
    split: str


@dataclass(slots=True)
class Score:
    """Counts over lines."""

    lines: int = 0
    right: int = 0
    given: int = 0
    given_right: int = 0
    placed: int = 0  # lines that have a place
    found: int = 0  # lines whose trigger gave a mention

    @property
    def precision(self) -> float:
        """Right places among those given."""
        return self.given_right / max(self.given, 1)

    @property
    def recall(self) -> float:
        """Right places among the lines that have one."""
        return self.given_right / max(self.placed, 1)

    @property
    def accuracy(self) -> float:
        """Lines answered rightly, with a place or without."""
        return self.right / max(self.lines, 1)


def read(split: str | None = None) -> list[Line]:
    """The gold lines, of one split only where it is named."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    lines = [
        Line(**{**row, "places": tuple(row["places"]), "countries": tuple(row["countries"])}) for row in rows
    ]
    return [line for line in lines if split in (None, line.split)]


def score(split: str | None = None, *, errors: bool = False) -> Score:
    """Extract all lines of a split and count; `errors` prints the lines that are wrong."""
    lines = read(split)
    total = Score()
    results = load_extractor().extract_many(Document(line.text, PUBLISHED) for line in lines)
    for line, result in zip(lines, results, strict=True):
        others = {other.trigger for other in lines if other.text == line.text and other is not line}
        mention = _mention(line, result.mentions, others)
        place = None if mention is None else mention.place
        right = _is_right(line, place)
        total.lines += 1
        total.right += right
        total.found += mention is not None
        total.placed += bool(line.places) and not line.none
        total.given += place is not None
        total.given_right += place is not None and right
        if errors and not right:
            others = [(m.type, m.trigger.text, m.place and m.place.name) for m in result.mentions]
            _say(
                line.id,
                line.trigger,
                line.places,
                line.countries,
                "GOT",
                place and (place.name, place.country),
            )
            _say("    ", line.text, others)
    return total


def _mention(line: Line, mentions: tuple[Mention, ...], others: set[str]) -> Mention | None:
    """The mention of the trigger; else another telling of the event ("held talks", "a blast killed")."""
    same = [m for m in mentions if m.trigger.text == line.trigger] or [
        m for m in mentions if m.trigger.text not in others and not m.type.startswith("statement")
    ]
    return next((m for m in same if m.place is not None), same[0] if same else None)


def _is_right(line: Line, place: Place | None) -> bool:
    if place is None:
        return line.none or not line.places
    names = {_fold(name) for name in line.places}
    return bool({_fold(place.name or ""), _fold(place.text)} & names) and place.country in line.countries


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isalnum())


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=["dev", "held"])
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    total = score(options.split, errors=options.errors)
    _say(
        f"lines {total.lines}  mention found {total.found}  precision {total.precision:.3f}"
        f"  recall {total.recall:.3f}  accuracy {total.accuracy:.3f}"
    )


if __name__ == "__main__":
    main()
