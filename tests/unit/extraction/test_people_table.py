"""The table of people: every row well formed, and the right holder of an office on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from importlib.resources import files

import pytest

from tocsin.extraction.actors import load_names, load_roles

_SECTORS = frozenset(["GOV", "MIL", "POL", "JUD", "LEG", "OPP", "REB", "CVL", "MED", "BUS", "NGO", "IGO"])
# surnames of families whose terms overlap on purpose: the earlier holder comes first
_FAMILIES = frozenset({"Kaczynski", "Kaczyński", "Kirchner", "Castro", "Aliyev", "Aoun"})
# words of every day, months and first names that must not stand for one person alone
_TOO_COMMON = frozenset(
    [
        "May",
        "Brown",
        "Major",
        "Rice",
        "Hunt",
        "Hague",
        "Straw",
        "Snow",
        "Fox",
        "King",
        "Young",
        "Cook",
        "Baker",
        "Gates",
        "Burns",
        "Bout",
        "Kelly",
        "Price",
    ]
)


def _rows(file: str) -> list[list[str]]:
    text = files("tocsin.extraction.actors").joinpath(file).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _texts(row: list[str]) -> list[str]:
    return [text for text in [row[0], *row[1].split(";")] if text]


def test_every_row_is_well_formed() -> None:
    """Seven cells, a known country and sector, an office, and ordered days."""
    codes = set(load_names().countries) | {""}
    wrong = [
        row
        for row in _rows("people.tsv")
        if len(row) != 7
        or row[2] not in codes
        or row[3] not in _SECTORS
        or not row[4].strip()
        or any(cell != cell.strip() for cell in row)
        or not row[5]
        or (row[6] and date.fromisoformat(row[5]) > date.fromisoformat(row[6]))
    ]
    assert wrong == []


def test_no_row_is_there_twice() -> None:
    """A name and the first day of a term occur once."""
    keys = [(row[0], row[5]) for row in _rows("people.tsv")]
    assert [key for key in set(keys) if keys.count(key) > 1] == []


def test_a_name_means_one_person_on_a_day() -> None:
    """Two people share a text only when their terms do not overlap."""
    terms: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in _rows("people.tsv"):
        for text in _texts(row):
            terms[text].append((row[0], row[5], row[6] or "9999-12-31"))
    clashes = {
        text
        for text, held in terms.items()
        for name, since, until in held
        for other, start, end in held
        if name != other and since <= end and start <= until and text not in _FAMILIES
    }
    assert clashes == set()


def test_no_name_is_that_of_a_country_or_organisation() -> None:
    """People, countries and organisations do not share a text."""
    taken = {
        text.strip()
        for file, cells in (("countries.tsv", (1, 2, 3, 4)), ("organisations.tsv", (0, 1)))
        for row in _rows(file)
        for cell in cells
        if cell < len(row)
        for text in row[cell].split(";")
        if text.strip()
    }
    assert {text for row in _rows("people.tsv") for text in _texts(row)} & taken == set()


def test_everyday_words_name_nobody() -> None:
    """A surname that is also a word, a month or very common stands only with the first name."""
    assert {text for row in _rows("people.tsv") for text in _texts(row)} & _TOO_COMMON == set()


@pytest.mark.parametrize(
    ("text", "day", "name", "country", "sector"),
    [
        ("Bush", date(1991, 2, 1), "George H.W. Bush", "USA", "GOV"),
        ("Bush", date(2003, 4, 1), "George W. Bush", "USA", "GOV"),
        ("Clinton", date(1998, 8, 20), "Bill Clinton", "USA", "GOV"),
        ("Clinton", date(2011, 5, 2), "Hillary Clinton", "USA", "GOV"),
        ("Powell", date(2003, 2, 5), "Colin Powell", "USA", "GOV"),
        ("Powell", date(2022, 6, 15), "Jerome Powell", "USA", "GOV"),
        ("Netanyahu", date(1997, 1, 1), "Benjamin Netanyahu", "ISR", "GOV"),
        ("Netanyahu", date(2022, 3, 1), "Benjamin Netanyahu", "ISR", "OPP"),
        ("Assad", date(1995, 1, 1), "Hafez al-Assad", "SYR", "GOV"),
        ("Assad", date(2013, 8, 21), "Bashar al-Assad", "SYR", "GOV"),
        ("Qaddafi", date(2003, 12, 19), "Muammar Gaddafi", "LBY", "GOV"),
        ("Zelenskyy", date(2022, 2, 25), "Volodymyr Zelensky", "UKR", "GOV"),
        ("Kabila", date(1999, 1, 1), "Laurent Kabila", "COD", "GOV"),
        ("Kabila", date(2010, 1, 1), "Joseph Kabila", "COD", "GOV"),
        ("Kaczynski", date(2008, 8, 12), "Lech Kaczynski", "POL", "GOV"),
        ("Kirchner", date(2005, 1, 1), "Nestor Kirchner", "ARG", "GOV"),
        ("Kirchner", date(2012, 1, 1), "Cristina Fernandez de Kirchner", "ARG", "GOV"),
        ("Sinwar", date(2024, 1, 1), "Yahya Sinwar", "PSE", "REB"),
        ("Stoltenberg", date(2008, 1, 1), "Jens Stoltenberg", "NOR", "GOV"),
        ("Suu Kyi", date(1996, 1, 1), "Aung San Suu Kyi", "MMR", "OPP"),
        ("Rutte", date(2025, 6, 1), "Mark Rutte", "NLD", "IGO"),
        ("Hariri", date(2000, 12, 1), "Rafik Hariri", "LBN", "GOV"),
        ("Koizumi", date(2002, 9, 17), "Junichiro Koizumi", "JPN", "GOV"),
        ("Gusmão", date(2003, 1, 1), "Xanana Gusmao", "TLS", "GOV"),
    ],
)
def test_the_holder_of_the_day(text: str, day: date, name: str, country: str, sector: str) -> None:
    """A surname means whoever held office when the text was published."""
    (found,) = load_names().find(f"{text} spoke.", day)
    assert (found.kind, found.name, found.country, found.sector) == ("person", name, country, sector)


def test_out_of_office_the_person_is_known_without_a_sector() -> None:
    """Years after the last term only name and country remain."""
    (found,) = load_names().find("Thatcher spoke.", date(2005, 1, 1))
    assert (found.name, found.country, found.sector) == ("Margaret Thatcher", "GBR", None)


def test_most_countries_have_a_person() -> None:
    """The table covers the world, not a few capitals."""
    assert len({row[2] for row in _rows("people.tsv") if row[2]}) > 180


@pytest.mark.parametrize("row", _rows("roles.tsv"), ids=lambda row: row[0])
def test_roles_have_a_known_sector(row: list[str]) -> None:
    """Two cells; the sector is known (PTY: a party, whose side the sentence tells)."""
    sector, words = row
    assert sector in _SECTORS | {"PTY"}
    assert all(word.strip() for word in words.split(";"))


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("aid worker", "NGO"),
        ("border guard", "MIL"),
        ("suicide bomber", "REB"),
        ("riot police", "POL"),
        ("foreign secretary", "GOV"),
        ("chief justice", "JUD"),
        ("backbencher", "LEG"),
        ("shopkeeper", "CVL"),
        ("blogger", "MED"),
        ("banker", "BUS"),
    ],
)
def test_a_role_gives_its_sector(words: str, sector: str) -> None:
    """What somebody is says which sector acts."""
    assert load_roles().sector(words.split()) == sector
