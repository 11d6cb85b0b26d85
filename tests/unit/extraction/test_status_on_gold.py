"""The status of the words of tests/gold/status.jsonl."""

from __future__ import annotations

from collections import Counter

import pytest

from tocsin.model import MentionStatus
from tools.score_status import HALVES, by_mentions, by_words, read_gold, scores

FLOOR = {("development", by_words): 0.95, ("held out", by_words): 0.90,
         ("development", by_mentions): 0.92, ("held out", by_mentions): 0.87}  # fmt: skip


@pytest.mark.parametrize(("half", "measure"), FLOOR)
def test_macro_f1_of_the_status(half: str, measure: object) -> None:
    """Happened, not happened and uncertain are told apart well above the floor on both halves."""
    assert callable(measure)
    told = list(measure(case for case in read_gold() if case.half == half))
    assert scores(told)["macro"] >= FLOOR[half, measure]  # type: ignore[index]


def test_the_gold_is_sound() -> None:
    """Every trigger stands where it says, no sentence is in both halves, and both halves know all classes."""
    cases = read_gold()
    assert len({case.text for case in cases}) >= 300
    halves: dict[str, str] = {}
    for case in cases:
        assert case.text[case.start :].startswith(case.trigger)
        assert case.status in {status.value for status in MentionStatus}
        assert halves.setdefault(case.text, case.half) == case.half
    assert set(Counter(case.half for case in cases)) == set(HALVES)
