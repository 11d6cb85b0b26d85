"""Verbs, nouns and adjectives that say how a clause below them is meant, read from frames.tsv."""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token


class Kind(Enum):
    """What a word above an event says of it; the effect of each is told in frames.tsv."""

    SAY = "say"
    FACT = "fact"
    DENY = "deny"
    ALLEGE = "allege"
    PLAN = "plan"
    WISH = "wish"
    DOUBT = "doubt"
    MANAGE = "manage"
    FAIL = "fail"
    REFUSE = "refuse"
    DELAY = "delay"


class Frames:
    """The table: `verb("call off", "obj")` is REFUSE. The first line that names a word and position decides."""

    def __init__(self, lines: list[str]) -> None:
        self._tables: dict[str, dict[tuple[str, str], Kind]] = {"verb": {}, "noun": {}, "adj": {}}
        self._two: set[str] = set()  # verbs that stand in the table with a particle
        for line in lines:
            kind, positions, words = line.split("\t")
            part, _, name = kind.rpartition(" ")
            table = self._tables[part or "verb"]
            for word in words.split(";"):
                self._two |= {word.split()[0]} if " " in word else set()
                for position in positions.split():
                    table.setdefault((word, position), Kind(name))

    def verb(self, verb: Token, position: str) -> Kind | None:
        """The kind of a verb, with its particle where it has one, for what stands in `position` below it."""
        lemma = verb.lemma_.lower()
        table = self._tables["verb"]
        if lemma in self._two:
            for child in verb.children:
                found = table.get((f"{lemma} {child.lower_}", position)) if child.i > verb.i else None
                if found is not None:
                    return found
        return table.get((lemma, position))

    def noun(self, lemma: str, position: str) -> Kind | None:
        """The kind of a noun ("plan", "for")."""
        return self._tables["noun"].get((lemma, position))

    def adjective(self, lemma: str, position: str) -> Kind | None:
        """The kind of an adjective ("ready", "inf")."""
        return self._tables["adj"].get((lemma, position))

    def verbs(self, kind: Kind) -> frozenset[str]:
        """All single verbs of a kind."""
        return frozenset(
            word for (word, _), found in self._tables["verb"].items() if found is kind and " " not in word
        )


@cache
def load_frames() -> Frames:
    """Read frames.tsv."""
    lines = files(__package__).joinpath("frames.tsv").read_text(encoding="utf-8").splitlines()
    return Frames([line for line in lines if line.strip() and not line.startswith("#")])
