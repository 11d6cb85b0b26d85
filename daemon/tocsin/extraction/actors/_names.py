"""Names that are known: found in a text by longest match, with country, sector and canonical name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A known name in a text: `start` and `end` count code points of the text it was found in.

    `kind` is country, demonym, seat, region, organisation or person.
    """

    start: int
    end: int
    kind: str
    name: str
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    kind: str
    name: str
    country: str | None
    sector: str | None
    since: date | None = None
    until: date | None = None


class Names:
    """All tables together, indexed by the first word of each name."""

    def __init__(self, entries: list[_Entry], countries: dict[str, str]) -> None:
        self.countries = countries  # alpha-3 -> name
        self._index: dict[str, list[tuple[str, list[_Entry]]]] = {}
        by_text: dict[str, list[_Entry]] = {}
        for entry in entries:
            by_text.setdefault(entry.text, []).append(entry)
        for text, same in by_text.items():
            first = _WORD.match(text)
            if first is not None:
                self._index.setdefault(first[0], []).append((text, same))
        for found in self._index.values():
            found.sort(key=lambda item: -len(item[0]))
        self.codes = {name: code for code, name in countries.items()}

    def find(self, text: str, day: date | None = None) -> list[Name]:
        """The known names of a text in order, longest first where they overlap. Case counts."""
        found: list[Name] = []
        at = 0
        for word in _WORD.finditer(text):
            start = word.start()
            if start < at:
                continue
            name = self._at(text, start, word[0], day)
            if name is not None:
                found.append(name)
                at = name.end
        return found

    def texts(self) -> list[str]:
        """Every name as it is written."""
        return [text for found in self._index.values() for text, _ in found]

    def country_of(self, name: str) -> str | None:
        """Alpha-3 code of a country by name, other name, demonym or seat; None when unknown."""
        for known in self.find(name):
            if known.end - known.start == len(name):
                return known.country
        return None

    def _at(self, text: str, start: int, word: str, day: date | None) -> Name | None:
        for name, same in self._index.get(word, ()):
            end = start + len(name)
            if text.startswith(name, start) and not text[end : end + 1].isalnum():
                entry = _current(same, day)
                sector = entry.sector if _in_office(entry, day) else None
                return Name(start, end, entry.kind, entry.name, entry.country, sector)
        return None


def _current(same: list[_Entry], day: date | None) -> _Entry:
    """Of several holders or terms, the one of that day, else the last one."""
    for entry in same:
        if day is not None and entry.since is not None and _in_office(entry, day):
            return entry
    return same[-1]


def _in_office(entry: _Entry, day: date | None) -> bool:
    if day is None or entry.since is None:
        return True
    return entry.since <= day and (entry.until is None or day <= entry.until)


@cache
def load_names() -> Names:
    """Read the tables that ship with the package."""
    entries: list[_Entry] = []
    countries: dict[str, str] = {}
    entries += _regions()
    for code, name, aliases, demonyms, seats in _rows("countries.tsv", 5):
        countries[code] = name
        entries += [_Entry(text, "country", name, code, "GOV") for text in _texts(name, aliases)]
        entries += [_Entry(text, "demonym", name, code, None) for text in _texts("", demonyms)]
        entries += [_Entry(text, "seat", name, code, "GOV") for text in _texts("", seats)]
    for name, aliases, country, sector in _rows("organisations.tsv", 4):
        entries += [
            _Entry(text, "organisation", name, country or None, sector or None)
            for text in _texts(name, aliases)
        ]
    for name, aliases, country, sector, _office, since, until in _rows("people.tsv", 7):
        entries += [
            _Entry(text, "person", name, country or None, sector, _day(since), _day(until))
            for text in _texts(name, aliases)
        ]
    return Names(entries, countries)


def _regions() -> list[_Entry]:
    """Parts of countries; a name that parts of two countries share says nothing by itself."""
    owners: dict[str, list[str]] = {}
    for code, texts in _rows("regions.tsv", 2):
        for text in _texts("", texts):
            owners.setdefault(text, []).append(code)
    return [_Entry(text, "region", text, codes[0], None) for text, codes in owners.items() if len(codes) == 1]


def _rows(file: str, columns: int) -> Iterator[list[str]]:
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            cells = line.split("\t")
            yield [*cells, *[""] * columns][:columns]


def _texts(name: str, more: str) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in [name, *more.split(";")] if text.strip()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None
