"""Days told in the time of the place where it happened."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.extraction.times import Anchor, find_times

EVENING = Anchor(datetime(2022, 10, 4, 0, 55, tzinfo=UTC), timezone="America/New_York")  # Monday, 20:55 there


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The missile flew over the island early Tuesday local time.", "2022-10-04"),
        ("It fell on Tuesday morning local time.", "2022-10-04TMO"),
        ("It fell on Tuesday.", "2022-09-27"),
        ("It fell on Wednesday local time.", "2022-09-28"),
        ("It fell on Monday local time.", "2022-10-03"),
    ],
)
def test_local_time_may_be_tomorrow_already(text, value):
    """An evening in New York is a morning in Tokyo; only the words "local time" say so."""
    [found] = find_times(text, EVENING)
    assert found.value == value
