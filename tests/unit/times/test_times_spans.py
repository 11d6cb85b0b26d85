"""Durations, sets, times of day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.extraction.times import Anchor, find_times

TUESDAY = Anchor(datetime(2022, 11, 8, 12, tzinfo=UTC))


def read(text):
    return [(timex.text, timex.type, timex.value) for timex in find_times(text, TUESDAY)]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("three days", "P3D"),
        ("3 days", "P3D"),
        ("two weeks", "P2W"),
        ("a month", "P1M"),
        ("six months", "P6M"),
        ("18 months", "P18M"),
        ("a year", "P1Y"),
        ("twenty-five years", "P25Y"),
        ("a hundred years", "P100Y"),
        ("two hundred and ten years", "P210Y"),
        ("two and a half years", "P2Y6M"),
        ("2 1/2 years", "P2Y6M"),
        ("a dozen years", "P12Y"),
        ("a couple of weeks", "P2W"),
        ("a decade", "P10Y"),
        ("two decades", "P20Y"),
        ("a century", "P100Y"),
        ("thirty minutes", "PT30M"),
        ("half an hour", "PT30M"),
        ("an hour", "PT1H"),
        ("90 seconds", "PT90S"),
        ("a fortnight", "P2W"),
        ("several weeks", "PXW"),
        ("a few days", "PXD"),
        ("many years", "PXY"),
        ("dozens of years", "PXY"),
        ("decades", "PXDE"),
        ("hours", "PTXH"),
        ("recent weeks", "PXW"),
        ("nearly five months", "P5M"),
        ("more than two years", "P2Y"),
        ("at least 30 days", "P30D"),
        ("the past five years", "P5Y"),
        ("the next few days", "PXD"),
        ("the last three months", "P3M"),
        ("the first nine months", "P9M"),
        ("two consecutive quarters", "P2Q"),
        ("six straight days", "P6D"),
        ("2,000 years", "P2000Y"),
        ("1.5 hours", "PT1H30M"),
    ],
)
def test_a_duration_is_no_day(phrase, value):
    """Lengths of time are DURATION with an ISO 8601 period."""
    assert read(f"It had gone on for {phrase}.") == [(phrase, "DURATION", value)]


@pytest.mark.parametrize(
    ("text", "phrase", "value"),
    [
        ("a four-week truce", "four-week", "P4W"),
        ("the fifty-year life", "fifty-year", "P50Y"),
        ("a 60-second film", "60-second", "PT60S"),
        ("a four day strike", "four day", "P4D"),
        ("the raid came a day after the talks", "a day", "P1D"),
        ("it fell three days before the vote", "three days", "P3D"),
        ("a decades-long feud", "decades-long", "PXDE"),
    ],
)
def test_a_length_before_a_noun_stands_without_the_article(text, phrase, value):
    """The article belongs to the noun."""
    assert read(text) == [(phrase, "DURATION", value)]


@pytest.mark.parametrize(
    ("phrase", "mod"),
    [
        ("about two years", "APPROX"),
        ("more than two years", "MORE_THAN"),
        ("nearly two years", "LESS_THAN"),
        ("at least two years", "EQUAL_OR_MORE"),
        ("up to two years", "EQUAL_OR_LESS"),
        ("early 2021", "START"),
        ("mid-2021", "MID"),
        ("the end of 2021", "END"),
        ("late Monday", "END"),
    ],
)
def test_modifiers_are_kept(phrase, mod):
    """TIMEX3 `mod` tells which part or how exactly."""
    (timex,) = find_times(f"It ran {phrase}.", TUESDAY)
    assert (timex.text, timex.mod) == (phrase, mod)


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("every Tuesday", "XXXX-WXX-2"),
        ("every day", "P1D"),
        ("each month", "P1M"),
        ("every two weeks", "P2W"),
        ("every other day", "P2D"),
        ("each July", "XXXX-07"),
        ("Tuesday nights", "XXXX-WXX-2TNI"),
        ("Mondays", "XXXX-WXX-1"),
        ("twice a week", "P1W"),
        ("three times a year", "P1Y"),
        ("daily", "P1D"),
        ("annually", "P1Y"),
        ("every summer", "XXXX-SU"),
    ],
)
def test_what_comes_again_is_a_set(phrase, value):
    """Recurrence is SET, not a date."""
    assert read(f"They march {phrase}.") == [(phrase, "SET", value)]


def test_a_rate_is_a_set():
    """A rate such as "15 a year" recurs."""
    assert read("They build 15 a year.") == [("a year", "SET", "P1Y")]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("9:30 a.m.", "2022-11-08T09:30"),
        ("9:30am", "2022-11-08T09:30"),
        ("7.30pm", "2022-11-08T19:30"),
        ("9 p.m.", "2022-11-08T21:00"),
        ("12 a.m.", "2022-11-08T00:00"),
        ("12 p.m.", "2022-11-08T12:00"),
        ("14:58 UTC", "2022-11-08T14:58Z"),
        ("0800 GMT", "2022-11-08T08:00Z"),
        ("9 p.m. EST", "2022-11-08T21:00-05:00"),
        ("7:48 a.m. KST", "2022-11-08T07:48+09:00"),
        ("6:40 p.m. (GMT +8)", "2022-11-08T18:40+08:00"),
        ("8 o'clock in the evening", "2022-11-08T20:00"),
        ("eight o'clock", "2022-11-08T08:00"),
        ("noon", "2022-11-08T12:00"),
        ("midnight", "2022-11-08T24:00"),
        ("16:30", "2022-11-08T16:30"),
        ("5 p.m. on Friday", "2022-11-04T17:00"),
        ("5 p.m. Friday", "2022-11-04T17:00"),
        ("noon on 3 May 2021", "2021-05-03T12:00"),
        ("1430 GMT on Friday", "2022-11-04T14:30Z"),
        ("dawn on Friday", "2022-11-04TMO"),
        ("2022-11-08T09:30:00Z", "2022-11-08T09:30:00Z"),
    ],
)
def test_a_time_of_day_finds_its_date_and_zone(phrase, value):
    """With a date beside it that date, else the story's, else the day of publication."""
    assert read(f"The raid began at {phrase}, witnesses said.") == [(phrase, "TIME", value)]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("Friday at 10 p.m.", "2022-11-04T22:00"),
        ("Friday morning", "2022-11-04TMO"),
        ("early Friday morning", "2022-11-04TMO"),
        ("the night of Nov. 3", "2022-11-03TNI"),
        ("the morning of 3 May 2021", "2021-05-03TMO"),
        ("Saturday night", "2022-11-05TNI"),
    ],
)
def test_parts_of_a_day_join_their_date(phrase, value):
    """MO, AF, EV, NI after the day."""
    assert read(f"Shells fell on {phrase}, witnesses said.") == [(phrase, "TIME", value)]


def test_a_time_without_a_date_belongs_to_the_storys_day():
    """The report says "on 3 May" and then "it began at 4 a.m."."""
    found = read("Rebels attacked on 3 May 2021. It began at 4 a.m.")
    assert found[-1] == ("4 a.m.", "TIME", "2021-05-03T04:00")


def test_two_clocks_share_a_date():
    """The local time before the bracket is of the day after it; a range of hours is of one day."""
    found = read("It came at 4:30 am local time (0230 GMT) on Monday.")
    assert [value for *_, value in found] == ["2022-11-07T04:30", "2022-11-07T02:30Z", "2022-11-07"]
    ends = find_times("A curfew is in place from 10 p.m. to 11 p.m.", TUESDAY)
    assert {(end.begin, end.until) for end in ends} == {("2022-11-08T22:00", "2022-11-08T23:00")}
    ends = find_times("A curfew is in place from 10 p.m. to 6 a.m.", TUESDAY)
    assert {(end.begin, end.until) for end in ends} == {("2022-11-08T22:00", "2022-11-09T06:00")}


@pytest.mark.parametrize(
    ("phrase", "value"),
    [("the last Friday of every month", "P1M"), ("the first Monday of each month", "P1M")],
)
def test_an_nth_weekday_of_every_month_is_a_set(phrase, value):
    """It comes again every month."""
    assert read(f"They march {phrase}.") == [(phrase, "SET", value)]
