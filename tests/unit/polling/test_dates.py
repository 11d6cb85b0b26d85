"""Dates are taken whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.polling._dates import judge_dates, read_date

NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)
TEN = datetime(2022, 11, 8, 10, 0, tzinfo=UTC)

READ = [
    ("2022-11-08T10:00:00Z", TEN),
    ("2022-11-08T10:00:00.123456Z", TEN),
    ("2022-11-08T11:00:00+01:00", TEN),
    ("2022-11-08T05:00:00.000-0500", TEN),
    ("2022-11-08 15:30:00 +05:30", TEN),
    ("2022-11-08 10:00", TEN),
    ("2022/11/08 10:00", TEN),
    ("2022-11-08", TEN.replace(hour=0)),
    ("20221108", TEN.replace(hour=0)),
    ("20221108T100000Z", TEN),
    ("Tue, 08 Nov 2022 10:00:00 GMT", TEN),
    ("Tue, 08 Nov 2022 10:00:00 +0000", TEN),
    ("Tue,08 Nov 2022 10:00:00 +0000", TEN),
    ("tuesday, 8 november 2022 10:00 utc", TEN),
    ("8 Nov 22 05:00 EST", TEN),
    ("Tue, 08 Nov 2022 11:00:00 CET", TEN),
    ("Tue, 08 Nov 2022 11:00:00 GMT+1", TEN),
    ("Tue, 08 Nov 2022 15:30:00 IST", TEN),
    ("Tue, 08 Nov 2022 10:00:00 Etc/GMT", TEN),
    ("08-Nov-2022 10:00:00", TEN),
    ("Tue Nov  8 10:00:00 2022", TEN),
    ("Tue Nov 8 05:00:00 EST 2022", TEN),
    ("Tue Nov 08 2022 11:00:00 GMT+0100 (Central European Time)", TEN),
    ("November 8, 2022 10:00 AM", TEN),
    ("Tuesday, November 8, 2022 - 10:00", TEN),
    ("Mon, 07 Nov 2022 24:00:00 GMT", TEN.replace(hour=0)),
    ("2022-11-08T09:59:60Z", TEN - timedelta(seconds=1)),
    ("8 Nov 95 12:00 AM GMT", datetime(1995, 11, 8, tzinfo=UTC)),
    ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ("0001-01-01T00:00:00+05:00", datetime(1, 1, 1, tzinfo=UTC)),
    ("9999-12-31T24:00:00Z", datetime(9999, 12, 31, tzinfo=UTC)),
]
UNREADABLE = [
    ("2022", "not a date form"),
    ("2022-11", "not a date form"),
    ("10:30", "not a date form"),
    ("yesterday", "not a date form"),
    ("", "not a date form"),
    ("2022-11-08T10:00:00+00:0", "not a date form"),
    ("2022-13-08", "month"),
    ("2022-02-30", "day"),
    ("0000-01-01", "year"),
    ("Tue, 08 Nov 2022 25:00:00 GMT", "hour"),
    ("Tue, 08 Nov 2022 24:01:00 GMT", "hour"),
    ("Tue, 08 Nov 2022 13:00 PM GMT", "hour"),
    ("Tue, 08 Nov 2022 10:61:00 GMT", "minute"),
    ("Tue, 08 Nov 2022 10:00:00 QQQ", "zone QQQ is not known"),
    ("Fri, 11 Mar 2016 01:15:00 +3000", "planet"),
    ("Fri, 11 Mar 2016 01:15:00 +0175", "planet"),
]


@pytest.mark.parametrize(("raw", "instant"), READ)
def test_read(raw, instant):
    """Forms that feeds use give the instant they name, in UTC."""
    assert read_date(raw) == instant


@pytest.mark.parametrize(("raw", "why"), UNREADABLE)
def test_not_read(raw, why):
    """What is not a whole date is refused with what is wrong, never completed from today."""
    with pytest.raises(ValueError, match=why):
        read_date(raw)


def test_missing_is_none():
    """No date at all is no date, and no refusal either."""
    assert judge_dates((), NOW) == (None, None)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("0001-01-01T00:00:00Z", "year 1"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "year 1970"),
        ("2022-11-10T12:00:01Z", "in the future: 2022-11-10T12:00:01+00:00"),
        ("soon", "cannot be read: 'soon', not a date form that is known"),
    ],
)
def test_implausible_is_refused(raw, why):
    """Dates that cannot be true are refused, with the reason."""
    assert judge_dates((raw,), NOW) == (None, why)


def test_a_day_ahead_is_taken():
    """Clocks and zones are wrong by hours; up to a day ahead is taken as it stands."""
    assert judge_dates(("2022-11-10T12:00:00Z",), NOW) == (NOW + timedelta(days=1), None)


def test_second_date_stands_in():
    """When the first date is refused and the second is good, the second is taken."""
    assert judge_dates(("0001-01-01", "2022-11-08T10:00:00Z"), NOW) == (TEN, None)


def test_first_refusal_is_told():
    """When all are refused, the reason of the best one is told."""
    assert judge_dates(("0001-01-01", "never"), NOW) == (None, "year 1")


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2022, 11, 8)))  # noqa: DTZ001
def test_iso_round_trip(moment):
    """Every instant since 1990 that is written as RFC 3339 is read back to the second."""
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    assert judge_dates((aware.isoformat(),), NOW) == (aware, None)


@given(st.text(max_size=80))
def test_any_text_is_an_instant_or_a_refusal(raw):
    """Whatever stands in a date element, the answer is a plausible instant or a reason."""
    instant, why = judge_dates((raw,), NOW)
    assert (instant is None) != (why is None)
    if instant is not None:
        assert instant.year >= 1990
        assert instant <= NOW + timedelta(days=1)
