"""What changed, and the one reason people are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from story import NOW, day, new_id, phrases, told
from tocsin.model import EventReason, EventStatus, Party, Phase, Place, Severity, Thing
from tocsin.timeline import fold, revise
from tocsin.timeline._titles import event_title, join, plural

BASE = fold(
    new_id(),
    [told("weapons.launch.missile", "PRK", objects=(Thing("weapon", "missiles", 0, 8, count=10),))],
    revision=1,
    known_at=NOW,
    phrases=phrases,
)


def later(**changes):
    return replace(BASE, revision=2, **changes)


def test_a_new_event_has_a_first_revision():
    """It says who told it first."""
    first = revise(None, BASE, None)
    assert (first.reason, first.detail, first.number) == (
        EventReason.FIRST_REPORT,
        "first told by Northwind",
        1,
    )
    assert "an article" in revise(None, replace(BASE, publishers=()), None).detail


def test_nothing_new_makes_no_revision():
    """Linking the same article again writes nothing."""
    assert revise(BASE, later(), new_id()) is None
    words = replace(BASE.when, text="other words")
    assert revise(BASE, later(when=words), new_id()) is None


@pytest.mark.parametrize(
    ("changes", "reason", "says"),
    [
        ({"owners": ("Northwind", "Other"), "articles": 2}, EventReason.CORROBORATED, "also told by Other"),
        (
            {"owners": ("Northwind", "Other"), "articles": 2, "status": EventStatus.CONFIRMED},
            EventReason.CORROBORATED,
            "now confirmed",
        ),
        ({"articles": 2, "mentions": 2}, EventReason.REPEATED, "told again"),
        ({"when": day("2022-11-03")}, EventReason.CORRECTED, "2022-11-02 is now 2022-11-03"),
        ({"when": None}, EventReason.CORRECTED, "is now unknown"),
        ({"when": day("2022-11-01", end="2022-11-03")}, EventReason.CORRECTED, "2022-11-01 to 2022-11-03"),
        ({"source": (Party("South Korea", "KOR"),)}, EventReason.CORRECTED, "South Korea"),
        ({"objects": (Thing("weapon", "missiles", 0, 8, count=23),)}, EventReason.CORRECTED, "23 missiles"),
        ({"objects": (*BASE.objects, Thing("weapon", "shells", 0, 6))}, EventReason.REPEATED, ""),
        ({"place": Place("Wonsan", 0, 6, "Wonsan")}, EventReason.REPEATED, ""),
        (
            {"status": EventStatus.DISPUTED, "owners": ("Northwind", "B")},
            EventReason.STATUS_CHANGED,
            "now disputed",
        ),
        ({"status": EventStatus.CLAIMED}, EventReason.STATUS_CHANGED, "was reported, now claimed"),
        ({"status": EventStatus.RETRACTED}, EventReason.RETRACTED, "no article"),
        ({"severity": Severity.CRITICAL, "phase": Phase.ONGOING}, EventReason.REPEATED, ""),
    ],
)
def test_each_change_has_its_reason(changes, reason, says):
    """Corroborated, repeated, corrected, denied, retracted."""
    revision = revise(BASE, later(**changes), new_id())
    assert revision.reason is reason
    assert says in revision.detail
    assert set(changes) <= set(revision.changes)


def test_an_edited_article_that_no_longer_tells_it_is_a_withdrawal():
    """Fewer articles than before."""
    revision = revise(replace(BASE, articles=2, mentions=2), later(articles=1), new_id())
    assert revision.reason is EventReason.WITHDRAWN


def test_articles_that_turn_out_to_be_one_are_counted_again():
    """No mention is lost, and nobody took anything back; the reason says so."""
    before = replace(BASE, articles=2, mentions=2, status=EventStatus.CONFIRMED, owners=("A", "B"))
    revision = revise(before, later(articles=1, mentions=2, owners=("A",)), new_id())
    assert revision.reason is EventReason.RECOUNTED
    assert revision.detail == "2 of its articles are one by their pages; was confirmed, now reported"


def test_a_place_put_in_place_of_another_is_a_correction():
    """Added is not corrected, replaced is."""
    wonsan, hwasong = Place("Wonsan", 0, 6, "Wonsan", "PRK"), Place("Hwasong", 0, 7, "Hwasong", "PRK")
    revision = revise(replace(BASE, place=wonsan), later(place=hwasong), new_id())
    assert revision.detail == "place: Wonsan is now Hwasong"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (list("ABCDE"), "A, B and 3 others"),
    ],
)
def test_names_are_joined_as_people_write(given, text):
    """No Oxford comma, and no endless lists."""
    assert join(given) == text


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("launches a missile", "launch a missile"),
        ("denies", "deny"),
        ("vetoes a decision", "veto a decision"),
        ("holds talks", "hold talks"),
        ("imposes sanctions on", "impose sanctions on"),
        ("is hit by a storm", "are hit by a storm"),
        ("condemns", "condemn"),
    ],
)
def test_several_subjects_take_the_plural(one, many):
    """China and Russia block, China blocks."""
    assert plural(one) == many


def test_titles_name_the_other_side_as_the_kind_wants_it():
    """Talks are with somebody, arms go to somebody, sanctions hit somebody."""
    usa, china = (Party("United States", "USA"),), (Party("China", "CHN"),)
    title = lambda kind, words: event_title(kind, usa, china, None, phrases=lambda _: words)  # noqa: E731
    assert title("diplomacy.talks", "holds talks") == "United States holds talks with China"
    assert title("arms.transfer", "sends arms") == "United States sends arms to China"
    assert title("coercion.sanction", "imposes sanctions") == "United States imposes sanctions on China"
    assert title("conflict.attack", "attacks") == "United States attacks China"
    jets = (Party("South Korean fighter jets", "KOR"),)
    fired = event_title("weapons.launch", jets, (), None, phrases=lambda _: "fires missiles")
    assert fired == "South Korean fighter jets fire missiles"
    assert event_title("disaster.flood", (), (), None, phrases=lambda _: "floods") == "Floods"
