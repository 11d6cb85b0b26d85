"""Articles that are about sport or fiction tell no event, whatever their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.extraction._filters import article_topic, is_background, off_topic
from tocsin.model import Mention

Read = Callable[..., list[Mention]]
MATCH = (
    "Wanderers fire three past City\n\nThe striker scored two goals in the league match and attacked all evening. "
    "The coach denied that the squad had surrendered the championship."
)
REVIEW = (
    "Review: a quiet thriller\n\nThe director launches her new film with a bomb on a train. "
    "The captain accuses the admiral of treason, and the movie ends as the fleet attacks the island."
)
POLITICS = (
    "Arab League condemns strike\n\nThe Arab League condemned the Israeli strike on Monday and set goals for talks. "
    "Egypt urged Israel to stop the attacks."
)


@pytest.mark.parametrize(("text", "topic"), [(MATCH, "sport"), (REVIEW, "film or fiction"), (POLITICS, None)])
def test_an_article_has_a_topic(text: str, topic: str | None) -> None:
    """Judged by how many different words of the field its beginning has."""
    assert article_topic(text) == topic


@pytest.mark.parametrize("text", [MATCH, REVIEW])
def test_sport_and_fiction_give_nothing(read: Read, text: str) -> None:
    """Not even a denial."""
    assert read(text) == []


def test_politics_is_read(read: Read) -> None:
    """A league of states is no league of clubs."""
    assert {m.type for m in read(POLITICS)} >= {"statement.condemn", "statement.appeal"}


def test_one_word_is_not_enough() -> None:
    """A goal or a season alone does not make a sentence sport."""
    assert off_topic("The army attacked in the dry season.", "conflict.attack") is None
    assert (
        off_topic("He attacked in the final of the cup and the coach cheered.", "conflict.attack") == "sport"
    )


def test_anniversaries_are_background() -> None:
    """Wars of the past are history."""
    assert is_background("On the anniversary of the invasion veterans marched.")
    assert not is_background("Troops invaded the island.")
