"""Who says so, nearest to the event first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Mention

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rebels attacked Aleppo, according to the Turkish army.", ["Turkish army"]),
        ("According to the Iranian navy, pirates attacked a tanker.", ["Iranian navy"]),
        ("Iran fired two missiles, a Pentagon source told Reuters.", ["Pentagon source"]),
        ("Reuters, citing two French officials, reported that Iran fired a missile.", ["Reuters", "French officials"]),
        ("State TV said the Iranian navy had reported that pirates attacked a ship.", ["Iranian navy", "State TV"]),
        ("The Guardian quoted a Turkish official as saying that Iran fired missiles.", ["Turkish official", "The Guardian"]),
        ("Rebels attacked the town of Aleppo, as reported by the BBC.", ["BBC"]),
        ('"Iran fired missiles at the base," said the Israeli defence minister.', ["Israeli defence minister"]),
    ],
)  # fmt: skip
def test_the_chain(read: Read, text: str, names: list[str]) -> None:
    """Subjects of saying come first, from the event outwards, then those they cite."""
    found = [m for m in read(text) if not m.type.startswith("statement")]
    assert [actor.name for actor in found[0].attribution] == names


def test_a_headline_names_its_speaker(read: Read) -> None:
    """“Kyiv: ...” is Ukraine speaking."""
    (shelling,) = read("Kyiv: Russia shelled Kharkiv", "conflict")
    assert [actor.country for actor in shelling.attribution] == ["UKR"]
    assert [actor.country for actor in shelling.source] == ["RUS"]


def test_reporters_are_no_party(read: Read) -> None:
    """An agency stands in the chain, never among the sides."""
    (launch,) = read("North Korea fired a missile, Yonhap said.", "weapons")
    assert [actor.sector for actor in launch.attribution] == ["MED"]
    assert all(actor.sector != "MED" for actor in (*launch.source, *launch.target))


def test_the_accuser_vouches_for_the_accusation(read: Read) -> None:
    """Of "accused Iran of supplying", the supplying is told by the accuser."""
    (supply,) = read("Ukraine accused Iran of supplying drones to Russia.", "arms")
    assert [actor.country for actor in supply.attribution] == ["UKR"]
    assert supply.status.value == "alleged"


def test_what_rebels_alone_tell_is_alleged(read: Read) -> None:
    """One armed side's word is a claim."""
    (shelling,) = read("According to the separatists, Ukraine shelled a market in Donetsk.", "conflict")
    assert shelling.status.value == "alleged"
