"""Which mentions may be about which event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story import NOW, about, day, new_id, phrases, told
from tocsin.model import Basis, Place
from tocsin.timeline import LinkReason, distance_km, fold, match, wanted
from tocsin.timeline._matching import claim_key, neighbours, type_score


def event(*mentions):
    return fold(new_id(), list(mentions), revision=1, known_at=NOW, phrases=phrases)


LAUNCH = ("weapons.launch.missile", "PRK")


@pytest.mark.parametrize(
    ("other", "joins"),
    [
        (told(*LAUNCH), True),
        (told("weapons.launch", "PRK"), True),
        (told(*LAUNCH, when="2022-11-03"), False),
        (told("weapons.launch.missile", "KOR"), False),
        (told("weapons.nuclear_test", "PRK"), False),
        (told("statement.condemn", "PRK"), False),
        (told(*LAUNCH, when=day("2022-11-03", Basis.PUBLISHED)), True),
        (told(*LAUNCH, when=day("2022-11-04", Basis.PUBLISHED)), False),
        (told(*LAUNCH, when=day("2022-11-01", end="2022-11-05")), True),
        (told(*LAUNCH, when=None, hours=24), True),
        (told(*LAUNCH, when=None, hours=24 * 40), False),
        (told("weapons.launch.missile", "", "JPN"), False),
    ],
)
def test_the_launch_of_2_november_takes_only_its_own(other, joins):
    """Kind, party and day decide; a day that was stated is never bent."""
    assert match(other, event(told(*LAUNCH))).accepted is joins


def test_a_telling_without_a_doer_is_about_the_state_its_article_speaks_of():
    """`The missile flew 1,000 km` joins the launch by the one the rest of the text names."""
    ours, other = event(told(*LAUNCH)), told("weapons.launch.missile")
    assert not match(other, ours).accepted
    assert match(other, ours, named=frozenset({"PRK", "JPN"})).accepted
    assert not match(other, ours, named=frozenset({"RUS"})).accepted


def test_a_denial_by_another_government_is_another_event():
    """Two governments that deny one thing make two entries."""
    ours = event(told("statement.deny", "PRK", when="2022-11-08"))
    assert not match(told("statement.deny", "RUS", when="2022-11-08"), ours).accepted


def test_a_correction_joins_the_event_up_to_three_days_off():
    """Only a text that calls itself a correction moves a day that was stated."""
    ours = event(told(*LAUNCH))
    other = told(*LAUNCH, when="2022-11-03")
    assert not match(other, ours).accepted
    assert match(other, ours, correction=True).reason is LinkReason.CORRECTION


def strike(town, lat, lon, **more):
    return told("conflict.shelling", "RUS", "UKR", place=Place(town, 0, 1, town, "UKR", lat, lon), **more)


@pytest.mark.parametrize(
    ("other", "joins"),
    [
        (strike("Kharkiv", 49.99, 36.23), True),
        (strike("Chuhuiv", 49.84, 36.69), True),
        (strike("Kherson", 46.64, 32.61), False),
        (
            told(
                "conflict.shelling",
                "RUS",
                "UKR",
                place=Place("Belgorod", 0, 1, "Belgorod", "RUS", 50.6, 36.6),
            ),
            False,
        ),
        (told("conflict.shelling", "RUS", "UKR", place=Place("Ukraine", 0, 1, "Ukraine", "UKR")), True),
        (
            told(
                "conflict.airstrike",
                "RUS",
                "UKR",
                place=Place("Kharkiv", 0, 1, "Kharkiv", "UKR", 49.99, 36.23),
            ),
            True,
        ),
    ],
)
def test_strikes_are_told_apart_by_place(other, joins):
    """The same army on the same day in two cities is two events."""
    assert match(other, event(strike("Kharkiv", 49.99, 36.23))).accepted is joins


def test_other_sides_that_differ_keep_statements_apart():
    """Accusing Russia and accusing China are two accusations."""
    ours = event(told("statement.accuse", "USA", "RUS"))
    assert not match(told("statement.accuse", "USA", "CHN"), ours).accepted


def test_neighbours_are_asked_for_wherever_a_type_may_link():
    """The store is asked for every type that could be accepted."""
    assert "weapons.launch" in neighbours("weapons.launch.missile")
    assert "diplomacy.talks" in neighbours("diplomacy.meeting")
    for a in ("conflict.shelling", "weapons.launch.missile", "coercion.veto"):
        assert all(type_score(a, b) > 0 or b == a for b in neighbours(a))


def test_two_denials_of_one_claim_are_one_whatever_side_they_name():
    """What a denial is about decides, not whom the outlet names."""
    claim = about("arms.transfer", "PRK", "RUS")
    first = told("statement.deny", "PRK", "RUS", when="2022-11-08", claim=claim)
    ours = fold(new_id(), [first], revision=1, known_at=NOW, phrases=phrases, claim=claim_key(claim))
    assert match(told("statement.deny", "PRK", "USA", when="2022-11-08", claim=claim), ours).accepted
    other = about("conflict.shelling", "PRK", "KOR")
    assert not match(told("statement.deny", "PRK", "RUS", when="2022-11-08", claim=other), ours).accepted


def test_a_denial_may_name_whom_it_answers_or_what_it_is_about():
    """`rejects the U.S. claim` and `denies supplying Russia` are one denial of one day."""
    ours = event(told("statement.deny", "PRK", "RUS", when="2022-11-08"))
    assert match(told("statement.reject", "PRK", "USA", when="2022-11-08"), ours).score > 0
    assert match(told("statement.deny", "PRK", "USA", when="2022-11-08"), ours).accepted


def test_an_exercise_that_lasts_is_one_event():
    """Outlets name different days of the same week."""
    ours = event(told("posture.exercise", "KOR USA", when="2022-10-31"))
    assert match(told("posture.exercise", "KOR USA", when="2022-11-03"), ours).accepted
    assert not match(told("posture.exercise", "KOR USA", when="2022-11-20"), ours).accepted


def test_words_nobody_resolved_speak_neither_for_nor_against():
    """`Leaders` does not contradict a name, and a name is not found in `leaders`."""
    ours = event(told("diplomacy.meeting", "USA", "CHN"))
    assert match(told("diplomacy.meeting", "leaders", "CHN"), ours).accepted
    assert not match(told("diplomacy.meeting", "leaders", "delegates"), ours).accepted


def test_the_question_to_the_store_covers_what_match_accepts():
    """Slack of days on both sides, countries of actors and of the place."""
    ask = wanted(strike("Kharkiv", 49.99, 36.23))
    assert set(ask.countries) == {"RUS", "UKR"}
    assert (ask.until - ask.since).days == 8


def test_distance_is_that_of_an_atlas():
    """Seoul to Tokyo is about 1,150 km."""
    seoul, tokyo = Place("Seoul", 0, 1, lat=37.57, lon=126.98), Place("Tokyo", 0, 1, lat=35.68, lon=139.69)
    assert distance_km(seoul, tokyo) == pytest.approx(1150, rel=0.02)
    assert distance_km(seoul, Place("x", 0, 1)) is None


KINDS = st.sampled_from(
    ["weapons.launch.missile", "weapons.launch", "statement.deny", "conflict.shelling", "arms.transfer"]
)
SIDES = st.lists(st.sampled_from(["PRK", "KOR", "USA", "RUS", "rebels"]), max_size=2, unique=True).map(
    " ".join
)
DAYS = st.none() | st.integers(1, 28).map(lambda n: f"2022-11-{n:02}")


@given(KINDS, SIDES, SIDES, DAYS)
def test_a_mention_always_fits_the_event_it_alone_made(kind, source, target, when):
    """Linking is reflexive wherever anything but the kind speaks for it."""
    m = told(kind, source, target, when)
    found = match(m, event(m))
    assert 0 <= found.score <= 1.2
    if source.replace("rebels", "").strip():
        assert found.accepted
