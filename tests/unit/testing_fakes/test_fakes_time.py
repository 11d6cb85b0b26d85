"""The clock and the ids of `tocsin.testing`."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tocsin.testing import FakeClock, SequentialIds, numbered_id

NOON = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


def test_the_clock_stands_still_until_told():
    """Two looks give one moment."""
    clock = FakeClock(NOON)
    assert clock.now() == clock.now() == NOON


@pytest.mark.parametrize("step", [90, timedelta(seconds=90)])
def test_the_clock_advances_by_seconds_or_durations(step):
    """Both forms mean the same."""
    clock = FakeClock(NOON)
    assert clock.advance(step) == NOON + timedelta(seconds=90) == clock.now()


def test_the_clock_does_not_advance_backwards():
    """A negative step is a mistake of the test that asks for it."""
    with pytest.raises(ValueError, match="never goes back"):
        FakeClock(NOON).advance(-1)


def test_the_clock_can_be_set_to_an_earlier_moment_in_any_zone():
    """What comes out is UTC."""
    clock = FakeClock(NOON)
    seoul = datetime(2022, 11, 9, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    assert clock.set(seoul) == datetime(2022, 11, 9, 0, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused():
    """Naive datetimes never enter."""
    with pytest.raises(ValueError, match="names no zone"):
        FakeClock(datetime(2022, 11, 9))  # noqa: DTZ001


def test_ids_rise_and_look_like_uuidv7():
    """They sort in the order they were given and can be named beforehand."""
    ids = SequentialIds()
    given = [ids.new() for _ in range(100)]
    assert given == sorted(given)
    assert {one.version for one in given} == {7}
    assert given[0] == numbered_id(1)
    assert str(given[41]).endswith("02a")
