"""What holds for every text: offsets, order, determinism, linear work, no exceptions."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.extraction.times import Anchor, Timex, dateline, find_times, to_timeml, to_when
from tocsin.extraction.times import _lexicon as lex
from tocsin.extraction.times._find import _CHUNK, _RULES
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._numbers import NUMBER_WORDS, read_number
from tocsin.extraction.times._tokens import _PUNCT, _TOKEN

TUESDAY = Anchor(datetime(2022, 11, 8, 12, tzinfo=UTC))
VALUE = re.compile(
    r"(?:\d{4}|XXXX)(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?|-W(?:\d\d|XX)(?:-(?:WE|[1-7]))?|-Q[1-4X]|-H[12]|-(?:SP|SU|FA|WI))?"
    r"(?:T(?:MO|MI|AF|EV|NI|\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?))?"
    r"|BC\d{4}|BC\d\d|\d{2,3}|XXX?|P(?:AST|RESENT)_REF|FUTURE_REF|P(?:X|[\d.e+]+)(?:DE|CE|ML|WE|[YMWDQ])(?:\d+M)?(?:T\d+[HMS])?"
    r"|PT(?:X|[\d.e+]+)[HMS](?:\d+[MS])*|P(?:\d+[YMWD])+(?:T(?:\d+[HMS])+)?"
)
WORDS = sorted({*lex.WORDS, *(w for phrase in lex.PHRASES for w in phrase)})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["8", "31", "2022", "0", "99", "1,000,000", "1.5", "08/11/2022", "2022-11-08", "10:30", "9pm", "'80s", "1990s",
         "3rd", "first", "second", "twenty", "hundred", "nineteen", "will", "was", "met", "to", "-", ",", ".", "/", "(",
         ")", "\n", "\n\n", "<p>", "&nbsp;", "https://a.b/2022", "\x00", "\u202e", "السبت", "😀", "２０２２", "١٢", "Nov.", "U.S."]
    ),
    st.text(max_size=5),
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES.map(str.upper), max_size=40).map(" ".join),
)
MOMENTS = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)), st.datetimes())
SLACK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(text, found):
    last = 0
    for timex in found:
        assert last <= timex.start < timex.end <= len(text)
        assert text[timex.start : timex.end] == timex.text
        assert timex.text == timex.text.strip()
        assert timex.type in ("DATE", "TIME", "DURATION", "SET")
        assert VALUE.fullmatch(timex.value), timex
        to_when(timex)
        last = timex.end


@SLACK
@given(
    TEXTS, MOMENTS, st.sampled_from([None, "Asia/Seoul", "-05:00", "?"]), st.sampled_from([None, "USA", "x"])
)
def test_spans_hold_in_any_text(text, published, zone, country):
    """In order, apart, true to the text, with well-formed values; twice the same."""
    anchor = Anchor(published, zone, country)
    found = find_times(text, anchor)
    check(text, found)
    assert find_times(text, anchor) == found
    dateline(text)
    to_timeml(text, found, anchor)


NO_YEAR = [
    word
    for word in WORDS
    if not (word in NUMBER_WORDS or word[-3:] == "ies" or word[:2] == "fy" or word == "black")
]


@SLACK
@given(
    st.lists(
        st.sampled_from([*NO_YEAR, "8", "31", "3rd", ",", ".", "\n", "10:30", "9pm", "-", "to"]), max_size=60
    )
)
def test_no_year_comes_from_nowhere(words):
    """Without a publication date and without a written year no value has a year."""
    for timex in find_times(" ".join(words), Anchor()):
        assert not timex.value[:4].isdigit(), timex


def operations(text):
    """Python and C calls made while reading the text: work counted without a clock."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        find_times(text, TUESDAY)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "They met on Tuesday and will meet on Friday two days after the vote in May. ",
        "Monday ",
        "the last the past the ",
        "a few of a few of ",
        "twenty twenty thousand and ",
        "1 2 3 / 4 - 5 : 6 . ",
        "9" * 50,
        "-" * 50,
        "Nov. ",
        "to to to ",
        "in 2009 to ",
        "<a<b<c<d ",
        "\n \n",
        "' ' ' 's ",
        "x" * 50,
        "https://",
        "early late mid early late ",
        "last\n",
    ],
)
def test_work_grows_with_the_length(unit):
    """Twice the text is twice the work, whatever repeats: nothing is quadratic."""
    short = operations(unit * (20_000 // len(unit)))
    long = operations(unit * (80_000 // len(unit)))
    assert long < 4.6 * short + 2_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x01\x02",
        "Monday",
        "MONDAY NOVEMBER 8 2022 AT 9 PM THE PRESIDENT SAID",
        "monday november 8 2022 at 9 pm the president said",
        "<div class='x'><p>On <b>Monday</b>, Nov.&nbsp;8</p></div>",
        "\u202eיום שני 8 November\u202c ١٢ نوفمبر",
        "😀 Monday 😀 8 😀 November 😀",
        "\ud800 Monday \udfff",
        "word " * 20_000,
    ],
)
def test_hard_texts_are_read(text):
    """Empty, control characters, capitals, markup, right-to-left, emoji, lone surrogates, one endless sentence."""
    check(text, find_times(text, TUESDAY))


def test_five_megabytes_are_read_in_pieces():
    """A long text is cut at sentences; every expression is found, offsets count from the beginning."""
    sentence = "The raid on Monday killed two, and the talks of 3 May 2021 failed. "
    text = sentence * (5_000_000 // len(sentence))
    found = find_times(text, TUESDAY)
    check(text, found)
    assert len(found) == 2 * text.count("raid")
    assert {timex.value for timex in found} == {"2022-11-07", "2021-05-03"}


def test_a_text_without_a_place_to_cut_is_cut_anyway():
    """No spaces at all."""
    text = "x" * (2 * _CHUNK + 10) + " Monday"
    assert [timex.text for timex in find_times(text, TUESDAY)] == ["Monday"]


def test_every_kind_in_a_pattern_can_occur():
    """A misspelt word in a pattern would never match and nobody would see it."""
    known = {kind for kind, _ in lex.WORDS.values()} | {kind for kind, _ in lex.PHRASES.values()}
    known |= set(_PUNCT.values()) | set(_TOKEN.groupindex)
    known |= {"other", "brk", "num2", "year4", "spell", "spellyear", "second", "mow"}
    assert {name for name in KINDS._chars if name not in known} == set()
    assert "other" not in {kind for kind, _ in lex.WORDS.values()}  # the kind of words that are not known
    assert _RULES


@pytest.mark.parametrize("pattern", ["wd?", "(wd", "wd? mo?"])
def test_a_broken_pattern_is_refused_when_it_is_written(pattern):
    """Patterns that match nothing or do not close are errors of the program."""
    with pytest.raises(ValueError, match="pattern"):
        RuleBook().rule(pattern)(lambda _m: [])


@pytest.mark.parametrize(
    ("words", "used", "value", "kind"),
    [
        ("three", 1, 3, "spell"),
        ("twenty - five", 3, 25, "spell"),
        ("twenty five", 2, 25, "spell"),
        ("two hundred and ten", 4, 210, "spell"),
        ("two thousand", 2, 2000, "spellyear"),
        ("five thousand", 2, 5000, "spell"),
        ("two thousand twelve", 3, 2012, "spellyear"),
        ("three hundred thousand", 3, 300_000, "spell"),
        ("nineteen ninety - six", 4, 1996, "spellyear"),
        ("twenty twenty - two", 4, 2022, "spellyear"),
        ("hundred", 1, 100, "spell"),
        ("twenty - first", 3, 21, "ord"),
        ("third", 1, 3, "ord"),
        ("nineties", 1, 90, "decade"),
        ("and", 0, None, ""),
    ],
)
def test_numbers_in_words(words, used, value, kind):
    """Cardinals, ordinals, years as they are spoken, decades."""
    assert read_number(words.split(), 0) == (used, value, kind)


def test_a_timex_is_plain_data():
    """Frozen, comparable, without behaviour."""
    assert Timex(0, 1, "x", "DATE", "2022") == Timex(0, 1, "x", "DATE", "2022", None, None, None)
