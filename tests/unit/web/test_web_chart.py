"""The bar chart: every event in one bar, few enough bars."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpers_events import bare_event, make_event, on
from tocsin.model import Severity
from tocsin.web._chart import HEIGHT, WIDTH, chart

TODAY = date(2022, 11, 9)


def happened(*days: date, severity: Severity = Severity.INFO):
    return [make_event(n, when=on(day), severity=severity) for n, day in enumerate(days)]


def test_no_chart_for_fewer_than_two_days() -> None:
    """One bar says nothing."""
    assert chart([], TODAY) is None
    assert chart([bare_event()], TODAY) is None
    assert chart(happened(TODAY, TODAY), TODAY) is None


def test_bars_count_events_and_critical_ones() -> None:
    """Height is by number; the critical part stands in it."""
    found = chart(
        [*happened(TODAY, TODAY), *happened(TODAY - timedelta(days=1), severity=Severity.CRITICAL)], TODAY
    )
    assert found is not None
    assert len(found.bars) == 31
    before, last = found.bars[-2:]
    assert (before.count, last.count) == (1, 2)
    assert (before.critical, last.critical) == (HEIGHT / 2, 0)
    assert found.peak == 2
    assert last.label == "9 Nov 2022"


def test_one_old_event_does_not_flatten_the_chart() -> None:
    """Without limits of its own the chart shows the last two months."""
    found = chart(happened(date(1950, 6, 25), TODAY, TODAY - timedelta(days=3)), TODAY)
    assert found is not None
    assert found.start == TODAY - timedelta(days=61)
    assert found.total == 2


def test_events_far_ahead_do_not_empty_the_chart() -> None:
    """Plans for a later year are beyond its end; all events ahead make a chart of their own."""
    found = chart(happened(date(2030, 1, 1), TODAY, TODAY - timedelta(days=3)), TODAY)
    assert found is not None
    assert found.end == TODAY + timedelta(days=14)
    assert chart(happened(date(2030, 1, 1), date(2031, 1, 1)), TODAY) is None


def test_limits_asked_for_are_kept() -> None:
    """A year asked for is shown whole, in bars of several days."""
    found = chart(happened(date(2022, 3, 1), date(2022, 9, 1)), TODAY, date(2022, 1, 1), date(2022, 12, 31))
    assert found is not None
    assert (found.start, found.end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert len(found.bars) <= 62


@given(st.lists(st.dates(), min_size=2, max_size=30), st.dates(), st.dates(), st.dates())
def test_bars_cover_the_range_without_gap_or_overlap(
    days: list[date], today: date, one: date, two: date
) -> None:
    """Whatever is asked, stretches follow each other, stay in the picture, and count each event once."""
    since, until = sorted((one, two))
    found = chart(happened(*days), today, since, until)
    if found is None:
        assert len({day for day in days if since <= day <= until}) < 2
        return
    assert len(found.bars) <= 62
    assert (found.bars[0].start, found.bars[-1].end) == (since, until)
    for left, right in zip(found.bars, found.bars[1:], strict=False):
        assert right.start == left.end + timedelta(days=1)
    assert found.total == sum(since <= day <= until for day in days)
    assert all(0 <= bar.x <= WIDTH and bar.height <= HEIGHT for bar in found.bars)


@given(st.lists(st.dates(), min_size=2, max_size=30), st.dates())
def test_any_days_make_a_chart_or_none(days: list[date], today: date) -> None:
    """No combination of days is too early, too late or too wide."""
    found = chart(happened(*days), today)
    assert found is None or len(found.bars) <= 62
