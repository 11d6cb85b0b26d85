"""Casualties, weapons, amounts and named operations of an event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.extraction._amounts import read_amount
from tocsin.extraction.times._numbers import read_number
from tocsin.model import Mention

Read = Callable[..., list[Mention]]


def _things(read: Read, text: str) -> set[tuple[str, str, int | None, str | None]]:
    return {(t.kind, t.text, t.count, t.name) for mention in read(text) for t in mention.objects}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A suicide bomber killed at least 12 people, including 3 children, in Kabul.",
            ("killed", "at least 12 people", 12),
        ),
        ("A dozen soldiers were wounded in the ambush near Gao.", ("injured", "A dozen soldiers", 12)),
        (
            "Dozens of civilians were killed when jets bombed a market in Idlib.",
            ("killed", "Dozens of civilians", None),
        ),
        ("The rocket attack caused no casualties, the army said.", ("casualties", "no casualties", 0)),
        ("No one was killed in the explosion at the refinery.", ("killed", "No one", 0)),
        ("The clashes killed two soldiers and a civilian.", ("killed", "two soldiers and a civilian", 3)),
        (
            "Two hundred and fifty rebels were killed in the offensive.",
            ("killed", "Two hundred and fifty rebels", 250),
        ),
        ("Twenty-five people were injured in the crash of a bus.", ("injured", "Twenty-five people", 25)),
        ("The car bombing left 14 people dead and 30 injured.", ("killed", "14", 14)),
        ("The car bombing left 14 people dead and 30 injured.", ("injured", "30", 30)),
        ("The death toll from the earthquake rose to 2,300.", ("killed", "2,300", 2300)),
    ],
)
def test_casualties_are_counted(read: Read, text: str, expected: tuple[str, str, int | None]) -> None:
    """Figures, words, sums over "and", none at all; what is only vague has no count."""
    assert expected in {thing[:3] for thing in _things(read, text)}


def test_a_vague_number_is_named(read: Read) -> None:
    """“Dozens” has no count and keeps its word as name."""
    found = _things(read, "Scores of villagers were killed by gunmen in Zamfara.")
    assert ("killed", "Scores of villagers", None, "scores") in found


@pytest.mark.parametrize(
    ("text", "weapon", "model"),
    [
        ("North Korea launched a Hwasong-17 ICBM on Friday.", "Hwasong-17 ICBM", "Hwasong-17"),
        ("Russia attacked Odesa with 15 Shahed-136 drones overnight.", "Shahed-136 drones", "Shahed-136"),
        ("Russian ships launched Kalibr cruise missiles at Vinnytsia.", "Kalibr cruise missiles", "Kalibr"),
        ("Pyongyang fired two KN-23 missiles on Monday.", "KN-23 missiles", "KN-23"),
    ],
)
def test_a_weapon_has_its_class_and_its_designation(read: Read, text: str, weapon: str, model: str) -> None:
    """The phrase is the weapon, the designation a thing of its own."""
    found = {(kind, words) for kind, words, _, _ in _things(read, text)}
    assert ("weapon", weapon) in found
    assert ("model", model) in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The United States sent $400 million in military aid to Ukraine.",
            ("$400 million", 400_000_000, "USD"),
        ),
        ("Germany gave 20 million euros to Yemen.", ("20 million euros", 20_000_000, "EUR")),
        ("Germany delivered 300 tonnes of food to Yemen.", ("300 tonnes", 300, "tonne")),
        ("Russia deployed 5,000 soldiers to the border with Ukraine.", ("5,000 soldiers", 5000, "soldier")),
        ("Saudi Arabia cut oil exports to China by 10 percent.", ("10 percent", 10, "percent")),
        ("Iran supplied 1,200 rounds of ammunition to the militia.", ("1,200 rounds", 1200, "round")),
        (
            "Pyongyang fired two missiles that flew about 430 kilometres.",
            ("430 kilometres", 430, "km"),
        ),
    ],
)
def test_amounts_have_value_and_unit(read: Read, text: str, expected: tuple[str, int, str]) -> None:
    """Money by ISO 4217, measures by their symbol, people by what they are."""
    assert ("amount", *expected) in _things(read, text)


def test_an_amount_belongs_to_its_own_clause(read: Read) -> None:
    """What another verb counts is no amount of this event."""
    text = "Poland sent tanks to Ukraine after France had spent 3 million euros on advice."
    tanks = next(m for m in read(text) if m.trigger.text == "sent")
    assert all(thing.kind != "amount" for thing in tanks.objects)


def test_an_operation_has_a_name(read: Read) -> None:
    """“Operation” with the capitalised words after it."""
    text = "The US-led coalition struck Islamic State positions as part of Operation Iron Lantern."
    assert ("operation", "Operation Iron Lantern", None, "Operation Iron Lantern") in _things(read, text)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2.5 million", 2_500_000), ("1,200", 1200), ("two dozen", 24), ("half a dozen", 6), ("a hundred", 100),
        ("twenty - five", 25), ("three hundred and ten thousand", 310_000), ("five billion", 5_000_000_000),
    ],
)  # fmt: skip
def test_amounts_in_words_and_figures(words: str, value: float) -> None:
    """One reader for both, which multiplies by what follows."""
    assert read_amount(words.split(), 0) == (len(words.split()), value)


@pytest.mark.parametrize("words", ["twenty", "two hundred and ten", "nineteen"])
def test_amounts_and_dates_read_number_words_alike(words: str) -> None:
    """The words of numbers have one table."""
    assert read_amount(words.split(), 0)[1] == read_number(words.split(), 0)[1]
