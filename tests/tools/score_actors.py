"""How many actor phrases of tests/gold/actors.jsonl get their country and sector.

A phrase is read as the subject of "... condemned the decision." on its day. `country` and `sector` list what is right;
an empty `country` means that it has none. Odd ids are held out.

Run by hand: `python tests/tools/score_actors.py [--misses]`; `--misses` lists those of the development half.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tocsin.extraction import Document, load_extractor
from tocsin.model import Actor

GOLD = Path(__file__).resolve().parents[1] / "gold" / "actors.jsonl"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with the countries (alpha-3) and sectors that are right for it, and what it was read as."""

    id: str
    text: str
    country: tuple[str, ...]
    sector: tuple[str, ...]
    found: Actor | None

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half nobody develops on."""
        return int(self.id[-1]) % 2 == 1

    @property
    def country_right(self) -> bool:
        """Whether it has the country, or none where it should have none."""
        country = self.found.country if self.found else None
        return self.found is not None and (country in self.country or not (country or self.country))

    @property
    def sector_right(self) -> bool:
        """Whether the sector is one of the right ones."""
        return self.found is not None and self.found.sector in self.sector


def read() -> list[Phrase]:
    """Every phrase, as the extractor reads it."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    documents = []
    for row in rows:
        text = row["text"][:1].upper() + row["text"][1:] + " condemned the decision."
        documents.append(Document(text, datetime.fromisoformat(row["published"])))
    out = []
    for row, one in zip(rows, load_extractor().extract_many(documents), strict=True):
        sources = [actor for mention in one.mentions for actor in mention.source]
        found = sources[0] if sources else None
        out.append(Phrase(row["id"], row["text"], tuple(row["country"]), tuple(row["sector"]), found))
    return out


def line(name: str, phrases: Iterable[Phrase]) -> str:
    """The figures of one half."""
    phrases = list(phrases)
    country = sum(phrase.country_right for phrase in phrases) / len(phrases)
    sector = sum(phrase.sector_right for phrase in phrases) / len(phrases)
    found = sum(phrase.found is not None for phrase in phrases) / len(phrases)
    return f"{name} actors: {len(phrases)} found {found:.3f} country {country:.3f} sector {sector:.3f}"


def main() -> None:
    """Print the figures of both halves; with `--misses`, the misses of the development half."""
    phrases = read()
    sys.stdout.write(line("development", (p for p in phrases if not p.held_out)) + "\n")
    sys.stdout.write(line("held out", (p for p in phrases if p.held_out)) + "\n")
    for phrase in phrases if "--misses" in sys.argv else ():
        if not phrase.held_out and not (phrase.country_right and phrase.sector_right):
            got = phrase.found and (phrase.found.text, phrase.found.country, phrase.found.sector)
            sys.stdout.write(f"  {phrase.id} {phrase.text!r} {phrase.country} {phrase.sector} found {got}\n")


if __name__ == "__main__":
    main()
