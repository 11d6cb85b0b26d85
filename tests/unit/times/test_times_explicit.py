"""Dates written out: days, months, years, ranges, numbers, holidays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.extraction.times import Anchor, find_times

TUESDAY = Anchor(datetime(2022, 11, 8, 12, tzinfo=UTC))


def read(text, anchor=TUESDAY):
    return [(timex.text, timex.value) for timex in find_times(text, anchor)]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("8 November 2022", "2022-11-08"),
        ("8th November 2022", "2022-11-08"),
        ("the 8th of November 2022", "2022-11-08"),
        ("8 Nov 2022", "2022-11-08"),
        ("8 Nov. 2022", "2022-11-08"),
        ("November 8, 2022", "2022-11-08"),
        ("November 8 2022", "2022-11-08"),
        ("November 8th, 2022", "2022-11-08"),
        ("Nov. 8, 2022", "2022-11-08"),
        ("Nov 8, 2022", "2022-11-08"),
        ("Sept. 3, 2021", "2021-09-03"),
        ("NOVEMBER 8, 2022", "2022-11-08"),
        ("Tuesday, November 8, 2022", "2022-11-08"),
        ("Tuesday 8 November 2022", "2022-11-08"),
        ("Tues. Nov. 8, 2022", "2022-11-08"),
        ("2022-11-08", "2022-11-08"),
        ("2022/11/08", "2022-11-08"),
        ("8-Nov-2022", "2022-11-08"),
        ("8-Nov-22", "2022-11-08"),
        ("08/11/2022", "2022-11-08"),
        ("8.11.2022", "2022-11-08"),
        ("31/12/99", "1999-12-31"),
        ("12/31/1999", "1999-12-31"),
        ("November the 8th", "2022-11-08"),
        ("29 February 2020", "2020-02-29"),
        ("1 May 2003", "2003-05-01"),
        ("March 3, 1991", "1991-03-03"),
        ("November 2022", "2022-11"),
        ("Nov. 2022", "2022-11"),
        ("early May 2021", "2021-05"),
        ("the end of June 2019", "2019-06"),
        ("2022-W45", "2022-W45"),
        ("2022-Q3", "2022-Q3"),
        ("Q3 2022", "2022-Q3"),
        ("2022-03", "2022-03"),
        ("the third quarter of 2021", "2021-Q3"),
        ("the first half of 2009", "2009-H1"),
        ("the spring of 2020", "2020-SP"),
        ("winter 1994", "1994-WI"),
        ("mid-1996", "1996"),
        ("fiscal 2023", "2023"),
        ("FY2023", "2023"),
        ("the 1990s", "199"),
        ("the late '80s", "198"),
        ("the nineties", "199"),
        ("the mid-1990s", "199"),
        ("the 20th century", "19"),
        ("the early nineteenth century", "18"),
        ("nineteen ninety-six", "1996"),
        ("the second Tuesday in November 2022", "2022-11-08"),
        ("the last Friday of May 2023", "2023-05-26"),
        ("the last week of March 2009", "2009-W13"),
        ("the first week of March 2021", "2021-W09"),
        ("Christmas Day 2021", "2021-12-25"),
        ("New Year's Eve 1999", "1999-12-31"),
        ("Good Friday 2022", "2022-04-15"),
        ("Easter Sunday 2021", "2021-04-04"),
        ("Thanksgiving 2021", "2021-11-25"),
        ("9/11", "2001-09-11"),
    ],
)
def test_a_written_date_is_found_whole_and_resolved(phrase, value):
    """The expression is the phrase, nothing more or less, wherever it stands in a sentence."""
    assert read(f"It was reported for {phrase} by officials.") == [(phrase, value)]
    assert read(phrase) == [(phrase, value)]


@pytest.mark.parametrize(
    ("country", "value"),
    [
        ("GBR", "2022-04-03"),
        ("USA", "2022-03-04"),
        ("us", "2022-03-04"),
        ("DEU", "2022-04-03"),
        ("PHL", "2022-03-04"),
        (None, "2022-04-03"),
    ],
)
def test_an_ambiguous_number_date_follows_the_publishers_country(country, value):
    """03/04/2022 is 4 March in the United States and 3 April nearly everywhere else."""
    assert read("On 03/04/2022 it rained.", Anchor(None, None, country)) == [("03/04/2022", value)]


def test_without_a_country_the_reading_close_to_publication_wins():
    """7/8/07 in a report of 9 July 2007 is the day before."""
    text = "It was shown on 7/8/07."
    assert read(text, Anchor(datetime(2007, 7, 9, tzinfo=UTC))) == [("7/8/07", "2007-07-08")]
    assert read(text, Anchor(datetime(2007, 8, 9, tzinfo=UTC))) == [("7/8/07", "2007-08-07")]
    assert read(text, Anchor(datetime(2007, 7, 9, tzinfo=UTC), None, "GBR")) == [("7/8/07", "2007-08-07")]


def test_dots_are_day_first_everywhere():
    """The dotted form is European whoever prints it."""
    assert read("On 03.04.2022 it rained.", Anchor(None, None, "USA")) == [("03.04.2022", "2022-04-03")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Talks were held between 3 and 5 November.", ["2022-11-03", "2022-11-05"]),
        ("The visit of 3-5 November 2021 went well.", ["2021-11-03", "2021-11-05"]),
        ("The summit of Nov. 8-10, 2021 in Bali", ["2021-11-08", "2021-11-10"]),
        ("The drills ran from Oct. 31 to Nov. 5.", ["2022-10-31", "2022-11-05"]),
        ("The drills ran from Monday to Thursday.", ["2022-11-07", "2022-11-10"]),
        ("He ruled from 2009 to 2011.", ["2009", "2011"]),
        ("He ruled 1980–88.", ["1980", "1988"]),
        ("The war (1939-1945) ended.", ["1939", "1945"]),
        ("Between 1991 and 1995 they fought.", ["1991", "1995"]),
        ("He served from 2006 until 2010.", ["2006", "2010"]),
        ("It lasted from June to August 2010.", ["2010-06", "2010-08"]),
        ("It was cold from December to February 2010.", ["2009-12", "2010-02"]),
        ("the 2010/11 season", ["2010", "2011"]),
    ],
)
def test_both_ends_of_a_range_know_each_other(text, values):
    """Each end is an expression and carries `begin` and `until`."""
    found = find_times(text, TUESDAY)
    assert [timex.value for timex in found] == values
    assert {(timex.begin, timex.until) for timex in found} == {tuple(values)}


@pytest.mark.parametrize("text", ["8 and 9 November", "Nov. 8 and 9"])
def test_two_days_are_no_range(text):
    """The word "and" without "between" joins two days."""
    found = find_times(f"They voted on {text}.", TUESDAY)
    assert [(timex.value, timex.begin) for timex in found] == [("2022-11-08", None), ("2022-11-09", None)]


@pytest.mark.parametrize(
    "text",
    [
        "He may march with April Ryan and June Smith.",
        "The second man fell and sat down in the sun.",
        "They sent 2022 troops and 1,998 rifles.",
        "It cost $2022 and rose 1999 percent.",
        "Flight 1904 left gate 12.",
        "COVID-19, the F-16, MH370 and an A380",
        "The score was 3:2 and then 10-4.",
        "Call 555-1234 or see https://example.org/2022/11/08/story",
        "Read the Sunday Times on Super Tuesday.",
        "He won by a second; a quarter of the vote, a half of the seats.",
        "The headquarters fell.",
        "About 20 may have died and 30 march in Paris.",
        "Twenty-First Century Fox",
        "Version 3.4.2022.1 of the program",
        "30/30/2022 and 2022-13-45 and 99:99",
        "She is full-time; day-to-day business; last-ditch talks",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text):
    """Counts, names, models, scores, addresses and homonyms are no times."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Nov. 8", ["XXXX-11-08"]),
        ("on Tuesday", ["XXXX-WXX-2"]),
        ("in November", ["XXXX-11"]),
        ("yesterday", ["PAST_REF"]),
        ("today", ["PRESENT_REF"]),
        ("tomorrow", ["FUTURE_REF"]),
        ("last week", ["PAST_REF"]),
        ("next year", ["FUTURE_REF"]),
        ("two days ago", ["PAST_REF"]),
        ("at 9 p.m.", ["XXXX-XX-XXT21:00"]),
        ("Christmas", ["XXXX-12-25"]),
        ("on Friday night", ["XXXX-WXX-5TNI"]),
        ("8 November 2022", ["2022-11-08"]),
        ("the third quarter", ["XXXX-Q3"]),
    ],
)
def test_without_a_publication_date_nothing_is_invented(text, values):
    """Relative expressions keep open places; written dates are what they are."""
    assert [value for _, value in read(text, Anchor())] == values


def test_the_line_with_the_publication_date_is_no_part_of_the_story():
    """A date alone on a line above the story dates the document; the same date in the story stays."""
    body = "The army said on November 8, 2022 that the talks had ended without a result."
    assert read(f"Talks end\nNovember 8, 2022\n{body}") == [("November 8, 2022", "2022-11-08")]
    assert read("November 8, 2022") == [("November 8, 2022", "2022-11-08")]
    assert read(f"Talks end\nOctober 7, 2022\n{body}")[0] == ("October 7, 2022", "2022-10-07")
    assert read(f"Talks end\nNovember 7, 2022\n{body}") == [("November 8, 2022", "2022-11-08")]


def test_a_line_break_ends_an_expression_unless_the_line_runs_on():
    """A headline's weekday and the date below it are two; wrapped lines are one."""
    assert [v for _, v in read("Markets closed until Friday\nNovember 3, 2022\n")] == [
        "2022-11-11",
        "2022-11-03",
    ]
    assert read("It happened on November\n3, 2022.") == [("November\n3, 2022", "2022-11-03")]
    assert read("It happened late last\nweek.") == [("late last\nweek", "2022-W44")]
