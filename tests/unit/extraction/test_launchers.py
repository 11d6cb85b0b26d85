"""Who launched, where the words do not say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Mention

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("text", "country", "words"),
    [
        ("Two missiles were fired from the Sunan area at dawn.", "PRK", "Sunan"),
        ("A ballistic missile was launched from Semnan on Sunday.", "IRN", "Semnan"),
        ("The first test of the Hwasong-18 missile took place on Monday.", "PRK", "Hwasong"),
        ("It was the first successful test of an Indian ballistic missile.", "IND", "Indian"),
        ("Iran paraded its missiles. A missile was launched at noon.", "IRN", "Iran"),
    ],
)
def test_ground_and_make_tell_the_launcher(read: Read, text: str, country: str, words: str) -> None:
    """The launching state by its own ground or its own make, with the words that say so as span."""
    source = read(text, "weapons.launch")[0].source
    assert [actor.country for actor in source] == [country]
    assert words in text[source[0].start : source[0].end]


@pytest.mark.parametrize(
    "text",
    [
        "The missile landed in waters west of Hokkaido, the coast guard said.",
        "Officials believe the missile landed in Japan's exclusive economic zone near Okinawa.",
        "A missile was fired from Gaza.",
        "Rockets were launched from Lebanon.",
        "A missile was fired from a submarine in the Pacific Ocean.",
        "A missile was launched off Japan.",
    ],
)
def test_shared_ground_and_seas_tell_nobody(read: Read, text: str) -> None:
    """Where groups fire as often as the state, or at sea, no launcher is inferred."""
    for mention in read(text, "weapons.launch"):
        assert [actor.country for actor in mention.source if actor.country] == []


def test_a_weapon_is_nobody(read: Read) -> None:
    """The missile that flew is no actor."""
    text = "The Musudan missile flew 400 km during its test flight."
    assert all("missile" not in actor.text for m in read(text, "weapons.launch") for actor in m.source)


def test_who_is_named_elsewhere_launched(read: Read) -> None:
    """The one launcher of an article is that of its other launches."""
    text = "North Korea fired a missile on Tuesday. A second missile was launched an hour later."
    assert {actor.country for m in read(text, "weapons.launch") for actor in m.source} == {"PRK"}
