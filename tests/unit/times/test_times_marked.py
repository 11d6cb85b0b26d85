"""Paragraphs and stories of our own, marked by the TimeML 1.2.1 guidelines: every mark found, nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.extraction.times import Anchor, find_times

FOLDER = Path(__file__).parent / "marked"
TYPES = {"D": "DATE", "T": "TIME", "U": "DURATION", "S": "SET", "-": None}
MARK = re.compile(r"\[([^|\]]+)\|([DTUS-]) ([^\]]+)\]")


def unmark(line):
    """The plain text of a line and its marks as (start, end, type, value); type None where guidelines differ."""
    text, marks, last = "", [], 0
    for found in MARK.finditer(line):
        text += line[last : found.start()]
        marks.append((len(text), len(text) + len(found[1]), TYPES[found[2]], found[3]))
        text += found[1]
        last = found.end()
    return text + line[last:], marks


def paragraphs():
    for path in sorted(FOLDER.glob("*.txt")):
        published = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("@"):
                published = datetime.fromisoformat(line[1:].strip()).replace(hour=12, tzinfo=UTC)
            elif line and not line.startswith("#"):
                yield pytest.param(published, *unmark(line), id=f"{path.stem}:{number}")


@pytest.mark.parametrize(("published", "text", "marks"), list(paragraphs()))
def test_a_marked_paragraph_is_read_as_marked(published, text, marks):
    """Spans, types and values are those of the marks."""
    left_open = [(start, end) for start, end, kind, _ in marks if kind is None]
    expected = [(text[start:end], kind, value) for start, end, kind, value in marks if kind is not None]
    found = [
        (timex.text, timex.type, timex.value)
        for timex in find_times(text, Anchor(published))
        if not any(timex.start < end and start < timex.end for start, end in left_open)
    ]
    assert found == expected


def test_there_are_marks_enough():
    """The set is large enough to mean something."""
    marks = [mark for case in paragraphs() for mark in case.values[2] if mark[2] is not None]
    assert len(marks) >= 450


def test_a_line_with_the_date_stands_in_for_an_unknown_publication():
    """Without a publication date the story's own line above it is the anchor; a date inside the story is not."""
    body = "The army said that the talks on Monday had ended last month without any result."
    values = [timex.value for timex in find_times(f"Talks end\nNovember 9, 2022\n{body}", Anchor())]
    assert values == ["2022-11-07", "2022-10"]
    values = [timex.value for timex in find_times(f"Talks end on November 9, 2022\n{body}", Anchor())]
    assert values == ["2022-11-09", "XXXX-WXX-1", "PAST_REF"]
