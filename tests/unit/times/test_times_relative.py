"""Expressions counted from publication or from the story, and the side of a bare weekday or month."""

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
        ("today", "2022-11-08"),
        ("yesterday", "2022-11-07"),
        ("tomorrow", "2022-11-09"),
        ("the day before yesterday", "2022-11-06"),
        ("the day after tomorrow", "2022-11-10"),
        ("earlier today", "2022-11-08"),
        ("late yesterday", "2022-11-07"),
        ("this week", "2022-W45"),
        ("last week", "2022-W44"),
        ("next week", "2022-W46"),
        ("early next week", "2022-W46"),
        ("the weekend", "2022-W44-WE"),
        ("this weekend", "2022-W45-WE"),
        ("last weekend", "2022-W44-WE"),
        ("this month", "2022-11"),
        ("earlier this month", "2022-11"),
        ("last month", "2022-10"),
        ("next month", "2022-12"),
        ("this year", "2022"),
        ("last year", "2021"),
        ("late last year", "2021"),
        ("next year", "2023"),
        ("later this year", "2022"),
        ("the past year", "2021"),
        ("this decade", "202"),
        ("last century", "19"),
        ("the end of the year", "2022"),
        ("the beginning of next month", "2022-12"),
        ("the end of this week", "2022-W45"),
        ("year-end", "2022"),
        ("last quarter", "2022-Q3"),
        ("the current quarter", "2022-Q4"),
        ("the third quarter", "2022-Q3"),
        ("this year's first quarter", "2022-Q1"),
        ("the fourth quarter of last year", "2021-Q4"),
        ("last summer", "2022-SU"),
        ("last winter", "2021-WI"),
        ("next spring", "2023-SP"),
        ("last Friday", "2022-11-04"),
        ("last Tuesday", "2022-11-01"),
        ("next Friday", "2022-11-11"),
        ("next Tuesday", "2022-11-15"),
        ("this Friday", "2022-11-11"),
        ("Friday next week", "2022-11-18"),
        ("Monday of last week", "2022-10-31"),
        ("last November", "2021-11"),
        ("last March", "2022-03"),
        ("next January", "2023-01"),
        ("March of this year", "2022-03"),
        ("October of next year", "2023-10"),
        ("two days ago", "2022-11-06"),
        ("three weeks ago", "2022-W42"),
        ("a week ago", "2022-W44"),
        ("six months ago", "2022-05"),
        ("a year ago", "2021"),
        ("ten years ago", "2012"),
        ("nearly four years ago", "2018"),
        ("two decades ago", "2002"),
        ("an hour ago", "2022-11-08"),
        ("three years from now", "2025"),
        ("two weeks' time", "2022-W47"),
        ("this morning", "2022-11-08TMO"),
        ("last night", "2022-11-07TNI"),
        ("tomorrow night", "2022-11-09TNI"),
        ("tonight", "2022-11-08TNI"),
        ("New Year's Eve", "2021-12-31"),
        ("last Christmas", "2021-12-25"),
        ("next Thanksgiving", "2022-11-24"),
        ("recently", "PAST_REF"),
        ("several years ago", "PAST_REF"),
        ("currently", "PRESENT_REF"),
        ("right now", "PRESENT_REF"),
        ("these days", "PRESENT_REF"),
        ("soon", "FUTURE_REF"),
        ("the near future", "FUTURE_REF"),
        ("the coming months", "FUTURE_REF"),
    ],
)
def test_a_relative_expression_is_counted_from_publication(phrase, value):
    """The value has the unit's own precision: weeks give weeks, years give years."""
    assert read(f"Officials spoke of it for {phrase}, they said.") == [(phrase, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They met on Friday.", "2022-11-04"),
        ("They will meet on Friday.", "2022-11-11"),
        ("They'll meet Friday.", "2022-11-11"),
        ("They would meet on Friday.", "2022-11-11"),
        ("They are to meet on Friday.", "2022-11-11"),
        ("They were to meet on Friday.", "2022-11-11"),
        ("They plan to meet on Friday.", "2022-11-11"),
        ("They agreed to meet on Friday.", "2022-11-11"),
        ("They agreed on Friday.", "2022-11-04"),
        ("Talks are scheduled for Friday.", "2022-11-11"),
        ("The talks, due Friday, matter.", "2022-11-11"),
        ("A meeting is expected on Friday.", "2022-11-11"),
        ("The talks will be held on Friday.", "2022-11-11"),
        ("The talks to be held on Friday matter.", "2022-11-11"),
        ("The talks were held on Friday.", "2022-11-04"),
        ("The talks held on Friday failed.", "2022-11-04"),
        ("He has been held since Friday.", "2022-11-04"),
        ("The shops stay shut until Friday.", "2022-11-11"),
        ("They must leave by Friday.", "2022-11-11"),
        ("Security grew ahead of Friday's vote.", "2022-11-11"),
        ("Xi to visit Moscow on Friday", "2022-11-11"),
        ("The hearing resumes Friday.", "2022-11-11"),
        ("The law takes effect Friday.", "2022-11-11"),
        ("On Friday, the minister will speak.", "2022-11-11"),
        ("On Friday, troops attacked the town.", "2022-11-04"),
        ("Friday's attack was the worst.", "2022-11-04"),
        ("The army is going to move on Friday.", "2022-11-11"),
        ("Shelling killed two on Friday.", "2022-11-04"),
        ("They may meet on Friday.", "2022-11-11"),
        ("They may have met on Friday.", "2022-11-04"),
        ("RUSSIA ATTACKED KYIV ON FRIDAY", "2022-11-04"),
        ("russia attacked kyiv on friday", "2022-11-04"),
        ("Voters go to the polls on Friday.", "2022-11-11"),
        ("It had been due on Friday.", "2022-11-04"),
        ("He had been told to leave by Oct. 10.", "2022-10-10"),
        ("They met on Tuesday.", "2022-11-08"),
        ("They will meet on Tuesday.", "2022-11-08"),
        ("He was killed on Nov. 20.", "2021-11-20"),
        ("He will be tried on Nov. 20.", "2022-11-20"),
        ("He was freed on Nov. 9.", "2022-11-09"),
        ("He was arrested in December.", "2021-12"),
        ("The trial is due in December.", "2022-12"),
        ("The December summit matters.", "2022-12"),
        ("The war began in February.", "2022-02"),
        ("The war will end in February.", "2023-02"),
        ("He left in November.", "2022-11"),
        ("President Theresa May met April Ryan in August.", "2022-08"),
    ],
)
def test_tense_and_context_decide_the_side(text, value):
    """Verbs around a bare weekday, day or month send it before or after publication."""
    assert [found for _, found in read(text)] == [value]


def test_each_weekday_of_a_sentence_takes_its_own_verb():
    """The saying is past, the said is future."""
    text = "The minister said on Monday that talks will resume on Thursday."
    assert [value for _, value in read(text)] == ["2022-11-07", "2022-11-10"]
    text = "On Monday, he said that troops would withdraw on Friday."
    assert [value for _, value in read(text)] == ["2022-11-07", "2022-11-11"]
    text = "He is expected to arrive Saturday, the ministry said Monday."
    assert [value for _, value in read(text)] == ["2022-11-12", "2022-11-07"]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("Two days earlier", "2021-05-01"),
        ("A day later", "2021-05-04"),
        ("The same day", "2021-05-03"),
        ("That day", "2021-05-03"),
        ("The next day", "2021-05-04"),
        ("The following day", "2021-05-04"),
        ("The previous day", "2021-05-02"),
        ("The day before", "2021-05-02"),
        ("A week later", "2021-W19"),
        ("That month", "2021-05"),
        ("The following month", "2021-06"),
        ("That year", "2021"),
        ("A year earlier", "2020"),
        ("The following year", "2022"),
        ("That night", "2021-05-03TNI"),
        ("The following morning", "2021-05-04TMO"),
        ("Late in the day", "2021-05-03"),
    ],
)
def test_the_story_has_a_date_of_its_own(phrase, value):
    """Words that look back count from the last date the story named."""
    found = read(f"On 3 May 2021 rebels took the town. {phrase}, the army moved in.")
    assert found[-1] == (phrase, value)


def test_days_are_counted_from_the_last_day_and_not_from_a_year():
    """A year named in passing does not move "the same day"."""
    text = "Rebels struck on Friday, the worst raid since 1983. The same day the army replied."
    assert [value for _, value in read(text)] == ["2022-11-04", "1983", "2022-11-04"]


def test_months_after_a_past_year_belong_to_it():
    """A story told with "in June 2007 ... in September" is one story."""
    text = "It was shown in June 2007 and sold in September. In 2009, he left. In March he was back."
    assert [value for _, value in read(text)] == ["2007-06", "2007-09", "2009", "2009-03"]
    assert [value for _, value in read("It had grown since 2003. In February it shrank.")] == [
        "2003",
        "2022-02",
    ]


def test_words_that_point_into_the_story_stay_open_without_one():
    """The words "that day" with no day before it has no value."""
    assert read("That day he fled.") == [("That day", "XXXX-XX-XX")]
    assert read("The following year he fled.") == [("The following year", "XXXX")]


@pytest.mark.parametrize(
    ("zone", "value"),
    [("Asia/Seoul", "2022-11-09"), ("America/New_York", "2022-11-08"), ("+09:00", "2022-11-09")],
)
def test_today_is_the_publishers_day(zone, value):
    """Late on the 8th in London is the 9th in Seoul."""
    anchor = Anchor(datetime(2022, 11, 8, 20, tzinfo=UTC), zone)
    assert read("They met today.", anchor) == [("today", value)]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, tzinfo=UTC),
        datetime(2020, 2, 29, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("zone", [None, "Asia/Seoul", "America/New_York", "nowhere/at_all"])
def test_the_edges_of_the_calendar_do_not_break_it(moment, zone):
    """Years 1 and 9999 and leap days: open values instead of errors."""
    text = (
        "last week, next week, yesterday, tomorrow, last year, next year, 900 years ago, 99999999 years ago, a decade"
        " earlier, Friday, last Friday, will meet Friday, Feb. 29, Christmas, Easter, the previous century, last winter,"
        " next quarter, 12 months later, 1,000,000 days ago, the weekend, the last week of March, Dec. 31, Jan. 1"
    )
    for timex in find_times(text, Anchor(moment, zone)):
        assert timex.value
