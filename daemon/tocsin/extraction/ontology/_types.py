"""Event types and patterns as the engine reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """A set of nouns an argument must have (any of them), or must not have.

    `lemmas` are single lower-case words compared with lemma and form, `phrases` several words in a row.
    `actor`, `person`, `place`, `armed` ask what the argument resolves to.
    """

    lemmas: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()  # actor, country, armed, place, any

    def __bool__(self) -> bool:
        return bool(self.lemmas or self.phrases or self.kinds)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to tell an event: a verb with its arguments, or a noun."""

    id: str  # "conflict.airstrike/verb:3", shown by --explain
    type: str
    words: frozenset[str]  # lemmas: "fire", "carry out" (verb with particle), "air strike"
    noun: bool = False
    mood: str | None = None  # refused | future | negated | passive | active
    needs: Mapping[str, Words] = field(default_factory=dict)  # role -> what it must have
    bars: Mapping[str, Words] = field(default_factory=dict)  # role -> what it must not have
    source: tuple[str, ...] = ("subject",)
    target: tuple[str, ...] = ("object",)
    sided: bool = True  # False: source and target are peers ("met", "signed an agreement")
    actors: str = "none"  # which sides must resolve to an actor: none | source | target | any | both
    claim: str | None = None  # role whose content is the claim: clause | object | of | about ...
    weight: float = 0.0  # added to confidence
    plover: str | None = None  # None: the type's; "": none
    cameo: str | None = None
    residual: bool = False  # of a type that is meant only when no other fits

    @property
    def rank(self) -> int:
        """How specific: patterns that ask for more are tried first."""
        return (
            (-20 if self.residual else 0)
            + 2 * len(self.needs)
            + 3 * ("text" in self.needs)
            + len(self.bars)
            + (self.mood is not None)
            + (self.actors != "none")
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that must give its type; source and target are a country code or words of the party, when said."""

    text: str
    source: str | None = None
    target: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """A node of the tree. `title` completes a subject: "launches a missile"."""

    name: str
    title: str
    plover: str | None = None
    plover_mode: str | None = None
    cameo: str | None = None
    joint_plover: str | None = None  # codes when parties of two countries act together
    joint_cameo: str | None = None
    severity: str = "info"
    description: str = ""
    cases: tuple[Example, ...] = ()
    counterexamples: tuple[str, ...] = ()  # sentences that must not give the type
    patterns: tuple[Pattern, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def examples(self) -> tuple[str, ...]:
        """The sentences of the examples."""
        return tuple(case.text for case in self.cases)

    @property
    def parent(self) -> str | None:
        """The name one level up; None for a family."""
        head, dot, _ = self.name.rpartition(".")
        return head if dot else None


class Ontology:
    """All types by name. Families and inner nodes are types too, with or without patterns."""

    def __init__(self, types: Mapping[str, EventType], lists: Mapping[str, Words] | None = None) -> None:
        self.types: Mapping[str, EventType] = MappingProxyType(dict(types))
        self.lists: Mapping[str, Words] = MappingProxyType(dict(lists or {}))

    def get(self, name: str) -> EventType | None:
        """The type of that name; None when there is none (`suggest` has near ones)."""
        return self.types.get(name)

    @staticmethod
    def is_a(name: str, family: str) -> bool:
        """True for the type itself and everything below it."""
        return name == family or name.startswith(f"{family}.")

    def suggest(self, name: str) -> list[str]:
        """Up to three names that may have been meant, best first."""
        near = get_close_matches(name, self.types, n=3, cutoff=0.6)
        last = name.rpartition(".")[2]
        same = [known for known in self.types if known.rpartition(".")[2] == last]
        tails = {known.rpartition(".")[2]: known for known in self.types}
        close = [tails[tail] for tail in get_close_matches(last, tails, n=3, cutoff=0.75)]
        return list(dict.fromkeys([*near, *same, *close]))[:3]

    def below(self, family: str) -> list[EventType]:
        """The type and all below it, in the order of the files."""
        return [kind for kind in self.types.values() if self.is_a(kind.name, family)]

    def __contains__(self, name: object) -> bool:
        return name in self.types

    def __len__(self) -> int:
        return len(self.types)
