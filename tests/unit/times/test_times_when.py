"""TIMEX3 values to calendar days, and to TimeML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

import pytest

from tocsin.extraction.times import Anchor, Timex, find_times, to_timeml, to_when
from tocsin.model import Basis, Precision


def timex(value, kind="DATE", **more):
    return Timex(3, 7, "then", kind, value, **more)


@pytest.mark.parametrize(
    ("value", "kind", "start", "end", "precision"),
    [
        ("2022-11-08", "DATE", "2022-11-08", "2022-11-08", Precision.DAY),
        ("2022-11-08TEV", "TIME", "2022-11-08", "2022-11-08", Precision.DAY),
        ("2022-11-08T09:30", "TIME", "2022-11-08", "2022-11-08", Precision.MINUTE),
        ("2022-11-08T09:30:10+09:00", "TIME", "2022-11-08", "2022-11-08", Precision.MINUTE),
        ("2022-11-08T24:00", "TIME", "2022-11-08", "2022-11-08", Precision.MINUTE),
        ("2022-11-08T09", "TIME", "2022-11-08", "2022-11-08", Precision.HOUR),
        ("2022-W45", "DATE", "2022-11-07", "2022-11-13", Precision.WEEK),
        ("2022-W45-WE", "DATE", "2022-11-12", "2022-11-13", Precision.INTERVAL),
        ("2022-W45-2", "DATE", "2022-11-08", "2022-11-08", Precision.DAY),
        ("2022-02", "DATE", "2022-02-01", "2022-02-28", Precision.MONTH),
        ("2022-Q3", "DATE", "2022-07-01", "2022-09-30", Precision.QUARTER),
        ("2022-H1", "DATE", "2022-01-01", "2022-06-30", Precision.INTERVAL),
        ("2022-SU", "DATE", "2022-06-01", "2022-08-31", Precision.SEASON),
        ("2022-WI", "DATE", "2022-12-01", "2023-02-28", Precision.SEASON),
        ("2022", "DATE", "2022-01-01", "2022-12-31", Precision.YEAR),
        ("199", "DATE", "1990-01-01", "1999-12-31", Precision.DECADE),
        ("9999", "DATE", "9999-01-01", "9999-12-31", Precision.YEAR),
        ("9999-12", "DATE", "9999-12-01", "9999-12-31", Precision.MONTH),
    ],
)
def test_a_value_covers_days(value, kind, start, end, precision):
    """First and last day are both inside."""
    when = to_when(timex(value, kind))
    assert when is not None
    assert (when.start, when.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert (when.precision, when.value, when.text, when.span) == (precision, value, "then", (3, 7))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("P3D", "DURATION"),
        ("XXXX-WXX-2", "SET"),
        ("XXXX-WXX-2", "DATE"),
        ("XXXX-11-08", "DATE"),
        ("PRESENT_REF", "DATE"),
        ("PAST_REF", "DATE"),
        ("19", "DATE"),
        ("0000", "DATE"),
        ("2022-13", "DATE"),
        ("2022-02-30", "DATE"),
        ("2022-W60", "DATE"),
        ("9999-W53", "DATE"),
        ("9999-WI", "DATE"),
        ("", "DATE"),
        ("²²²", "DATE"),
    ],
)
def test_what_has_no_days_gives_none(value, kind):
    """Durations, sets, references, open or impossible values date nothing."""
    assert to_when(timex(value, kind)) is None


def test_either_end_of_a_range_covers_the_whole():
    """The words "from Monday to Thursday" is four days whichever end is asked."""
    found = find_times("The drills ran from Monday to Thursday.", Anchor(datetime(2022, 11, 8, tzinfo=UTC)))
    for end in found:
        when = to_when(end, Basis.CONTEXT, offset=100)
        assert when is not None
        assert (when.start, when.end, when.precision) == (
            date(2022, 11, 7),
            date(2022, 11, 10),
            Precision.INTERVAL,
        )
        assert (when.basis, when.span) == (Basis.CONTEXT, (end.start + 100, end.end + 100))


def test_timeml_is_well_formed_and_keeps_the_text():
    """Markup and control characters in the text do not break the document."""
    text = "They <b>met</b> late Monday & left\x00 on 3 May 2021 \U0001f600."
    anchor = Anchor(datetime(2022, 11, 8, tzinfo=UTC))
    root = ET.fromstring(to_timeml(text, find_times(text, anchor), anchor, "a&b"))  # noqa: S314
    assert "".join(root.find("TEXT").itertext()) == text.replace("\x00", "\ufffd")
    assert [(t.text, t.get("value"), t.get("mod")) for t in root.iterfind("TEXT/TIMEX3")] == [
        ("late Monday", "2022-11-07", "END"),
        ("3 May 2021", "2021-05-03", None),
    ]
    assert root.find("DCT/TIMEX3").get("functionInDocument") == "CREATION_TIME"
    assert root.find("DOCID").text == "a&b"


def test_timeml_without_a_publication_date_has_an_empty_dct():
    """No date is put where none is known."""
    root = ET.fromstring(to_timeml("x", [], Anchor()))  # noqa: S314
    assert len(root.find("DCT")) == 0
