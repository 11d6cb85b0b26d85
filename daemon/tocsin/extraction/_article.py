"""What is carried from sentence to sentence of one article."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tocsin.extraction.places import Spot
from tocsin.model import Actor, Proposition, When


@dataclass(slots=True)
class Known:
    """An actor met earlier in the article."""

    name: str | None
    country: str | None
    sector: str | None
    head: str  # lemma of its head word, for "the ministry"
    person: bool
    plural: bool = False


@dataclass(slots=True)
class Article:
    """What is carried from sentence to sentence."""

    day: date | None
    countries: set[str] = field(default_factory=set)
    publisher: str | None = None
    named: list[str] = field(default_factory=list)  # countries told so far, each once, in order
    home: str | None = None  # alpha-3 code of the country the lead or the dateline is about
    subjects: list[Known] = field(default_factory=list)  # newest last, bounded
    acts: dict[str, Known] = field(default_factory=dict)  # "launch" -> who launched
    fresh: set[int] = field(default_factory=set)  # offsets of triggers told in simple past or present
    implied: set[int] = field(default_factory=set)  # offsets of event nouns that no verb tells
    claim: Proposition | None = None  # the last claim that was spelt out
    said: Proposition | None = None  # the last event that somebody said happened
    spots: dict[str, Spot] = field(default_factory=dict)  # places as they were first told
    told: When | None = None  # the day that the lead gives
    sites: dict[int, Actor] = field(default_factory=dict)  # trigger of a launch -> the state it was made from
    makes: dict[int, Actor] = field(
        default_factory=dict
    )  # trigger of a launch -> the state that makes the weapon
    heads: dict[str, Known] = field(default_factory=dict)  # "ministry" -> the last one named in full

    def note(self, known: Known) -> None:
        """Remember an actor as a possible antecedent."""
        self.subjects.append(known)
        del self.subjects[:-12]
        self.heads[known.head] = known
