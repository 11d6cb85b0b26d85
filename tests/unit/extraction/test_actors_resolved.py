"""Who: countries, seats, ministries, armies, offices, groups, short forms and pronouns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tocsin.extraction.actors import load_names
from tocsin.model import Actor, Mention

Read = Callable[..., list[Mention]]


def _source(mentions: list[Mention]) -> Actor:
    return mentions[0].source[0]


@pytest.mark.parametrize(
    ("subject", "country", "sector"),
    [
        ("North Korea", "PRK", "GOV"),
        ("N. Korea", "PRK", "GOV"),
        ("Pyongyang", "PRK", "GOV"),
        ("The Kremlin", "RUS", "GOV"),
        ("The White House", "USA", "GOV"),
        ("Seoul's military", "KOR", "MIL"),
        ("South Korea's Joint Chiefs of Staff", "KOR", "MIL"),
        ("The Iranian foreign ministry", "IRN", "GOV"),
        ("The Ministry of Defence of Ukraine", "UKR", "GOV"),
        ("Chile's Defense Department", "CHL", "GOV"),
        ("The Department of Defense of Peru", "PER", "GOV"),
        ("Texas police", "USA", "POL"),
        ("The Helmand governor", "AFG", "GOV"),
        ("Japanese Prime Minister Fumio Kishida", "JPN", "GOV"),
        ("U.S. Secretary of State Antony Blinken", "USA", "GOV"),
        ("The UN Security Council", None, "IGO"),
        ("NATO", None, "IGO"),
        ("The European Union", None, "IGO"),
        ("Hezbollah", "LBN", "REB"),
        ("Somali militants", "SOM", "REB"),
        ("Indian police", "IND", "POL"),
        ("A court in Egypt", "EGY", "JUD"),
        ("Brazil's opposition", "BRA", "OPP"),
        ("Amnesty International", None, "NGO"),
        ("The UK", "GBR", "GOV"),
        ("Prime Minister of Sudan Abdalla Hamdok", "SDN", "GOV"),
    ],
)
def test_a_subject_is_resolved(read: Read, subject: str, country: str | None, sector: str) -> None:
    """Country and sector of the one who condemns."""
    actor = _source(read(f"{subject} condemned the bombing on Monday.", "statement.condemn"))
    assert (actor.country, actor.sector) == (country, sector)


def test_both_sides_are_found_in_the_passive(read: Read) -> None:
    """“By” names who did it."""
    (arrest,) = read("Four journalists were arrested by Turkish police in Ankara.", "coercion.arrest")
    assert [a.country for a in arrest.source] == ["TUR"]
    assert [a.text for a in arrest.target] == ["Four journalists"]


def test_coordinated_actors_are_all_there(read: Read) -> None:
    """“A, B and C” are three."""
    (words,) = read("Japan, South Korea and the United States condemned the test.", "statement.condemn")
    assert [a.country for a in words.source] == ["JPN", "KOR", "USA"]


def test_ministers_of_two_countries_are_two_parties(read: Read) -> None:
    """“The foreign ministers of A and B” meet each other."""
    (talks,) = read("The foreign ministers of Japan and South Korea held talks in Tokyo.", "diplomacy.talks")
    assert ([a.country for a in talks.source], [a.country for a in talks.target]) == (["JPN"], ["KOR"])


def test_it_and_the_north_and_the_ministry_are_known_from_before(read: Read) -> None:
    """Pronouns and short forms are resolved where one antecedent is plain."""
    text = (
        "North Korea's defence ministry criticised the United States on Monday. It threatened Japan. "
        "The ministry denounced NATO. The North fired a missile."
    )
    assert [m.source[0].country for m in read(text)] == ["PRK"] * 4


def test_the_launch_condemned_is_the_launchers(read: Read) -> None:
    """Who condemns "the launch" condemns who launched."""
    (words,) = read("North Korea fired a missile. Japan condemned the launch.", "statement.condemn")
    assert [(a.text, a.country) for a in words.target] == [("the launch", "PRK")]


@pytest.mark.parametrize("publisher", ["Reuters", "Yonhap", "The Daily Bugle"])
def test_outlets_never_act(read: Read, publisher: str) -> None:
    """The one who tells is neither source nor target."""
    found = read(f"Iran fired a missile, officials told {publisher}.", publisher=publisher)
    assert publisher not in {a.text for m in found for a in (*m.source, *m.target)}


def test_an_office_holder_is_known_by_the_day() -> None:
    """The sector of a person holds for the term of office only."""
    names = load_names()
    assert names.find("Liz Truss", date(2022, 10, 1))[0].sector == "GOV"
    assert names.find("Liz Truss", date(2024, 10, 1))[0].sector is None


@pytest.mark.parametrize("text", ["us and them", "turkey for dinner", "a chad", "who said"])
def test_small_words_are_no_countries(text: str) -> None:
    """Case counts."""
    assert load_names().find(text) == []
