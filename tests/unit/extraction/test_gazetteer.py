"""Which place a name means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.extraction.places import fold, load_gazetteer


@pytest.mark.parametrize(
    ("name", "near", "country"),
    [
        ("Tripoli", (), "LBY"),
        ("Tripoli", ("LBN",), "LBN"),
        ("Valencia", ("VEN",), "VEN"),
        ("Hyderabad", ("PAK",), "PAK"),
        ("Birmingham", (), "GBR"),
        ("Paris", ("USA",), "FRA"),
        ("Kupiansk", (), "UKR"),
        ("Noumea", (), "NCL"),
        ("Punjab", ("IND",), "IND"),
    ],
)
def test_the_countries_around_decide(name: str, near: tuple[str, ...], country: str) -> None:
    """A country the text speaks of weighs more than inhabitants, but not more than a hundredfold."""
    spot = load_gazetteer().choose(name, near)
    assert spot is not None
    assert spot.country == country


@pytest.mark.parametrize(
    "name", ["Springfield", "Cambridge", "Punjab", "Reading", "March", "Xyzzyville", "", "paris"]
)
def test_no_place_rather_than_a_wrong_one(name: str) -> None:
    """Names of several places alike, of words, of nothing, and small letters give none."""
    assert load_gazetteer().choose(name) is None


@pytest.mark.parametrize(
    ("name", "within", "longitude"),
    [
        ("Paris", "Texas", -95.6),
        ("London", "Ontario", -81.2),
        ("Atlanta", "Georgia", -84.4),
        ("Columbus", "Ohio", -83),
    ],
)
def test_a_qualifier_decides(name: str, within: str, longitude: float) -> None:
    """Only a place inside the region or country that follows the name will do."""
    gazetteer = load_gazetteer()
    spot = gazetteer.choose(name, ("FRA", "GBR"), gazetteer.bounds(within))
    assert spot is not None
    assert spot.lon == pytest.approx(longitude, abs=0.5)


def test_nothing_lies_in_the_wrong_region() -> None:
    """There is no Kabul in Ohio."""
    gazetteer = load_gazetteer()
    assert gazetteer.choose("Kabul", (), gazetteer.bounds("Ohio")) is None


def test_seas_belong_to_nobody_and_countries_have_no_middle() -> None:
    """A sea has coordinates and no country, a country the other way round."""
    gazetteer = load_gazetteer()
    sea, country = gazetteer.choose("Black Sea"), gazetteer.choose("Niger")
    assert sea is not None
    assert country is not None
    assert (sea.country, sea.lat is None) == (None, False)
    assert (country.country, country.lat) == ("NER", None)


def test_capitals_are_known() -> None:
    """The capital of a country by its code."""
    capital = load_gazetteer().capital("GEO")
    assert capital is not None
    assert capital.name == "Tbilisi"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Any text folds, and what is folded stays."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_any_name_may_be_asked_for(name: str) -> None:
    """Coordinates are always on the globe."""
    for spot in load_gazetteer().named(name):
        assert spot.lat is None or (-90 <= spot.lat <= 90 and -180 <= (spot.lon or 0) <= 180)
