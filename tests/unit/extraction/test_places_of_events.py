"""The place of the act, in every way a sentence tells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Mention, Place
from tools.score_places import score

Read = Callable[..., list[Mention]]


def place(read: Read, text: str, family: str) -> Place | None:
    return read(text, family)[0].place


@pytest.mark.parametrize(
    ("text", "family", "name", "country"),
    [
        ("Gunmen attacked a bank in Columbus, Ohio.", "conflict", "Columbus", "USA"),
        ("The army shelled villages in Gereshk, Helmand province.", "conflict", "Gereshk", "AFG"),
        ("The army shelled villages in Nowhereabad, Helmand province.", "conflict", "Helmand", "AFG"),
        ("Rebels attacked the Ukrainian village of Nowhereivka.", "conflict", "Nowhereivka", "UKR"),
        ("A drone struck a depot in Russian-occupied Melitopol.", "conflict", "Melitopol", "UKR"),
        ("Police clashed with students in the Kenyan capital.", "conflict", "Nairobi", "KEN"),
        ("Pirates boarded and seized a ship off the coast of Somalia.", "conflict", "Somalia", "SOM"),
        ("Israel bombed Aleppo.", "conflict", "Aleppo", "SYR"),
        ("Two soldiers were killed when a bomb exploded near Mosul.", "conflict", "Mosul", "IRQ"),
        ("The jet was shot down over the Baltic Sea.", "weapons", "Baltic Sea", None),
        ("Iran test-fired a missile in the Strait of Hormuz.", "weapons", "Strait of Hormuz", None),
        ("China fired a rocket from the Xichang launch site.", "weapons", "Xichang", "CHN"),
        ("Japan deployed troops to Yonaguni.", "posture", "Yonaguni", "JPN"),
        ("A court in Lahore sentenced two men to death.", "coercion", "Lahore", "PAK"),
        ("The two ministers met on the sidelines of the Seoul summit.", "diplomacy", "Seoul", "KOR"),
        ("An earthquake struck 40 km south of Izmir.", "disaster", "İzmir", "TUR"),
    ],
)
def test_where_it_happened(read: Read, text: str, family: str, name: str, country: str | None) -> None:
    """Qualified names, regions, seas, capitals, towns that are struck, clauses beside, movements."""
    found = [m.place for m in read(text, family) if m.place is not None]
    assert found
    assert (found[0].name, found[0].country) == (name, country)
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Moscow condemned the bombing in Kabul.", "statement"),
        ("Envoys discussed the war in Sudan.", "diplomacy"),
        ("Joan Wilson was shot and wounded.", "conflict"),
        ("Mary Wood, of Burnsville, was killed on Friday.", "conflict"),
        ("Rioters threw Molotov cocktails.", "protest"),
        ("An earthquake was felt 900 km north of Tehran.", "disaster"),
        ("The president recalled his ambassador from Ottawa.", "diplomacy"),
        ("The United States imposed sanctions on officers in Minsk.", "coercion"),
    ],
)
def test_what_is_no_place_of_the_act(read: Read, text: str, family: str) -> None:
    """The place of another event, a topic, a surname, a home, a product, a far reference point."""
    assert [m.place for m in read(text, family) if m.place is not None] == []


def test_a_place_stays_what_it_was(read: Read) -> None:
    """A name that was qualified once keeps its meaning in the article."""
    text = "A bomb exploded in Paris, Texas, on Monday. Police arrested a man in Paris on Tuesday."
    assert {m.place.country for m in read(text) if m.place} == {"USA"}


@pytest.mark.parametrize("split", ["dev", "held"])
def test_our_own_gold(split: str) -> None:
    """Few places are wrong and most are found; the held half was never looked at line by line."""
    total = score(split)
    assert total.precision >= 0.95
    assert total.recall >= 0.78
    assert total.accuracy >= 0.80
