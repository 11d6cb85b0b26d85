"""Twice the text is twice the work: counted in calls, which no busy machine disturbs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tocsin.extraction import Document, Extractor
from tocsin.extraction._text import sentences
from tocsin.extraction.times import Anchor, find_times

NOW = datetime(2022, 11, 9, tzinfo=UTC)
SHAPES = {
    "news": "North Korea fired two missiles on Tuesday, and Seoul denied that it had attacked Syria. ",
    "undated": "Rebels attacked the town. ",
    "paragraphs": "The army shelled a village.\n\nThe launch was condemned.\n\n",
    "no end": "and then North Korea fired a missile at the sea ",
    "pronouns": "He said that they attacked it and it denied this. ",
    "dates": "On 3 May, two days earlier, from Monday to Friday, in 2019 and early March. ",
    "capitals": "REBELS ATTACKED KABUL ON TUESDAY AND DENIED IT. ",
    "markup": "<p>Iran <b>fired</b> a missile&nbsp;on Monday.</p><script>attack()</script>",
    "quotes": "“We attacked Iran,” he said. ‘They fired,’ she “said. ",
    "commas": "Iran, Iraq, Syria, Israel, Turkey, attacked, ",
    "names": "Kim Jong Un North Korea South Korea White House Foreign Ministry ",
}
RUNS = [".", " .", "!?", "…", "<", "<p", "<script ", "<!--", "&", "&#", "\n ", "\n", "\t", "“", "'", ". '", "(A", "(",
        "a.", "U.S. ", "Mr. ", "A", "-", "1", "1,", "01/", "Monday ", "\u202e", "🚀", "\x00", "é", "İ", "\ud800"]  # fmt: skip


def _calls(work: Callable[[], object]) -> int:
    """Calls of Python and C functions that some work makes."""
    count = 0

    def one(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(one)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_grows_with_length(extractor: Extractor, shape: str) -> None:
    """Four times the text makes no more than some four times the calls."""
    extractor.warm()
    unit = SHAPES[shape]
    short, long = (Document(unit * (size // len(unit)), NOW) for size in (6_000, 24_000))
    extractor.extract(short)  # what is remembered of words is not counted
    assert _calls(lambda: extractor.extract(long)) < 5 * _calls(lambda: extractor.extract(short))


@pytest.mark.parametrize("shape", SHAPES)
def test_times_grow_with_length(shape: str) -> None:
    """The same of `tocsin times` alone."""
    unit = SHAPES[shape]
    anchor = Anchor(NOW)
    short, long = (unit * (size // len(unit)) for size in (30_000, 120_000))
    find_times(short, anchor)
    assert _calls(lambda: find_times(long, anchor)) < 5 * _calls(lambda: find_times(short, anchor))


@pytest.mark.parametrize("run", RUNS, ids=ascii)
def test_no_run_of_characters_is_slow(extractor: Extractor, run: str) -> None:
    """Hundreds of thousands of one thing: a second or so, where trying each place again would take hours."""
    text = run * (400_000 // len(run))
    began = time.process_time()
    pieces = list(sentences(text))
    extractor.extract(Document(text, NOW))
    assert time.process_time() - began < 60
    assert all(piece.end - piece.start == len(piece.clean) for piece in pieces)
