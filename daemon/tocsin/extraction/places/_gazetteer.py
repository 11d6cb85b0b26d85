"""Looking up places by name, disambiguated by the countries a text speaks of."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.extraction.actors import load_names
from tocsin.extraction.places._words import NEVER, SELDOM

_LARGE = 300_000  # inhabitants: beyond this a city is meant even when nothing else speaks for its country
_SMALL = 15_000  # below this a name alone is no evidence of a place
_KNOWN = 250_000  # other spellings stand for cities of this size without further evidence
_LEAD = 0.3  # powers of ten in inhabitants by which one city of a name must exceed the next
_NAMED = 1.2  # what it weighs, in the same measure, that the text speaks of a country
_SPELT = 0.3  # what it costs to be written otherwise than the gazetteer does
_REACH = 6.5  # degrees from the middle of a region to a city said to be in it
_WIDE = {"RUS": 15.0, "CAN": 15.0, "AUS": 15.0, "CHN": 12.0, "BRA": 12.0}
_APART = 1.0  # degrees; nearer ones are one place
_STRIPPED = str.maketrans(
    {"-": " ", "'": None, "’": None, "‘": None, "`": None, "ʼ": None, "ʻ": None, ".": None}
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with coordinates in WGS 84 degrees; `people` is its population, 0 for regions and seas.

    Countries have no coordinates: their middle is no place where anything happened.
    """

    name: str
    country: str | None
    lat: float | None
    lon: float | None
    people: int = 0


def fold(name: str) -> str:
    """The form under which names are compared: small letters, no accents, apostrophes or hyphens."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(name.lower().translate(_STRIPPED).split())


class Gazetteer:
    """Places by name. `cities` maps folded names to positions in `rows`, lines of the table of cities."""

    def __init__(
        self,
        rows: list[str],
        cities: dict[str, list[int]],
        fixed: dict[str, list[Spot]],
        bounds: dict[str, Spot],
    ) -> None:
        self._rows = rows
        self._cities = cities
        self._fixed = fixed
        self._bounds = bounds
        capitals = (_spot(row) for row in rows if row.endswith("c"))
        self._capitals = {spot.country: spot for spot in sorted(capitals, key=lambda spot: spot.people)}

    def named(self, name: str) -> list[Spot]:
        """All places of that name: regions, seas and countries first, then cities, the largest first."""
        key = fold(name)
        if not key or key in NEVER or name[:1].islower():
            return []
        cities = (_spot(self._rows[at]) for at in self._cities.get(key, ()))
        return [*self._fixed.get(key, ()), *sorted(cities, key=lambda spot: -spot.people)]

    def bounds(self, name: str) -> list[Spot]:
        """The countries and regions that a name after a comma may mean: "Paris, Texas"; "Atlanta, Georgia"."""
        found = [spot for spot in self.named(name) if spot.people == 0 and spot.country is not None]
        state = self._bounds.get(fold(name))
        return found if state is None else [state, *found]

    def capital(self, country: str) -> Spot | None:
        """The capital of a country (alpha-3)."""
        return self._capitals.get(country)

    def find(self, name: str, near: Collection[str] = ()) -> Spot | None:
        """The place of that name: in one of the countries `near`, else the largest when that is plain."""
        key = fold(name)
        if key in SELDOM:
            return None
        found = [spot for spot in self.named(name) if spot.people == 0 or _stands(spot, key)]
        if not found:
            return None
        for spot in found:
            if spot.country in near:
                return spot
        best = found[0]
        if best.people == 0 or best.people >= _LARGE or (len(found) == 1 and best.people >= _LARGE // 6):
            return best
        return None

    def choose(self, name: str, near: Collection[str] = (), within: Iterable[Spot] = ()) -> Spot | None:
        """The place that a name means where the text says that something happened there.

        `near` are the countries the text speaks of, those of the same sentence twice. `within` are the readings of
        what qualifies the name: "Ohio", "Lebanon"; only a place inside one of them will do. None when two places
        are about as likely.
        """
        key = fold(name)
        found = self.named(name)
        bounds = list(within)
        if bounds:
            inside = [spot for spot in found if any(_inside(spot, bound) for bound in bounds)]
            return min(inside, key=lambda spot: _rank_within(spot, bounds)) if inside else None
        if key in SELDOM:
            found = [spot for spot in found if spot.country in near]
        fixed = [spot for spot in found if spot.people == 0]
        if not fixed:
            return _likeliest(found, key, near)
        named = [spot for spot in fixed if spot.country in near]
        return named[0] if named else (fixed[0] if len({spot.country for spot in fixed}) == 1 else None)


def _likeliest(found: list[Spot], key: str, near: Collection[str]) -> Spot | None:
    """The city that is plainly meant; one without a word for its country must be of some size."""
    ranked = sorted(((_weight(spot, key, near), spot) for spot in found), key=lambda item: -item[0])
    if not ranked:
        return None
    weight, best = ranked[0]
    rivals = [item for item in ranked[1:] if _gap(item[1], best) > _APART]
    plain = fold(best.name) == key or not rivals
    if best.country not in near and best.people < (_SMALL if plain else _KNOWN):
        return None
    if rivals and weight - rivals[0][0] < _LEAD:
        return None
    return best


def _weight(spot: Spot, key: str, near: Collection[str]) -> float:
    said = sum(_NAMED for country in near if country == spot.country)
    return math.log10(max(spot.people, 1)) + said - (0.0 if fold(spot.name) == key else _SPELT)


def _stands(spot: Spot, key: str) -> bool:
    return spot.people >= (_SMALL if fold(spot.name) == key else _KNOWN)


def _inside(spot: Spot, bound: Spot) -> bool:
    if spot.name == bound.name and spot.people == 0:
        return False
    if bound.country is None or spot.country != bound.country:
        return False
    return bound.lat is None or _gap(spot, bound) <= _WIDE.get(bound.country, _REACH)


def _rank_within(spot: Spot, bounds: list[Spot]) -> tuple[float, int]:
    """Nearest to the middle of a region; in a country the largest."""
    near = [_gap(spot, bound) for bound in bounds if bound.lat is not None and _inside(spot, bound)]
    return (min(near) if near else 0.0, -spot.people)


def _gap(one: Spot, other: Spot) -> float:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0.0
    return math.hypot(one.lat - other.lat, (one.lon - other.lon) * math.cos(math.radians(one.lat)))


def _spot(row: str) -> Spot:
    name, _, country, lat, lon, people, _ = row.split("\t")
    return Spot(name, country or None, float(lat), float(lon), int(people))


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and line[0] != "#"]


@cache
def load_gazetteer() -> Gazetteer:
    """Cities of 5,000 inhabitants and more from GeoNames, with our regions, seas and sites."""
    rows = _lines("cities.tsv")
    cities: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        name, more, _ = row.split("\t", 2)
        cities.setdefault(fold(name), []).append(at)
        if more:
            for key in more.split(";"):
                cities.setdefault(key, []).append(at)
    fixed: dict[str, list[Spot]] = {}
    bounds: dict[str, Spot] = {}
    for line in _lines("regions.tsv"):
        name, aliases, country, lat, lon = line.split("\t")
        spot = Spot(name, country or None, float(lat), float(lon))
        for text in [name, *aliases.split(";")]:
            if text.startswith("~"):
                bounds[fold(text[1:])] = spot
            elif text:
                fixed.setdefault(fold(text), []).append(spot)
    for code, name in load_names().countries.items():
        fixed.setdefault(fold(name), []).insert(0, Spot(name, code, None, None))
    return Gazetteer(rows, cities, fixed, bounds)
