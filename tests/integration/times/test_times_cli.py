"""`tocsin times` from files, standard input and bulk files."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
import typer
from typer.testing import CliRunner

from tocsin.cli.times import times


@pytest.fixture
def run():
    """Call the command with arguments and input; gives the result."""
    app = typer.Typer()
    app.command()(times)

    def call(*arguments, stdin=""):
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return call


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_text_from_standard_input_gives_one_line_an_expression(run):
    """Without a terminal the format is JSON lines with type and value."""
    result = run("--published", "2022-11-08", stdin="They met on Monday for two days.\n")
    assert result.exit_code == 0
    assert lines(result) == [
        {"start": 12, "end": 18, "text": "Monday", "type": "DATE", "value": "2022-11-07"},
        {"start": 23, "end": 31, "text": "two days", "type": "DURATION", "value": "P2D"},
    ]


def test_a_file_is_read_as_it_is(run, tmp_path):
    """Offsets count code points of the file, carriage returns and bad bytes included."""
    path = tmp_path / "story.txt"
    path.write_bytes(b"\xff\r\n" + "\U0001f600 Monday".encode())
    (found,) = lines(run(str(path), "--published", "2022-11-08T10:00:00Z"))
    text = path.read_bytes().decode("utf-8", errors="replace")
    assert text[found["start"] : found["end"]] == "Monday"


def test_a_range_names_both_ends(run):
    """`begin` and `until` are printed where there are any."""
    result = run("-", "--published", "2022-11-08", stdin="It ran from Monday to Friday.")
    assert {(x["begin"], x["until"]) for x in lines(result)} == {("2022-11-07", "2022-11-11")}


def test_without_a_date_of_publication_nothing_is_dated(run):
    """Relative expressions keep open places."""
    assert [x["value"] for x in lines(run(stdin="They met on Monday."))] == ["XXXX-WXX-1"]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("--published", "2022-11-08T20:00:00Z", "--timezone", "Asia/Seoul"), "2022-11-09"),
        (("--published", "2022-11-08T20:00:00Z"), "2022-11-08"),
        (("--published", "2022-11-08", "--timezone", "America/New_York"), "2022-11-08"),
    ],
)
def test_today_is_counted_in_the_publishers_zone(run, arguments, value):
    """A date without a time is the publisher's own."""
    assert [x["value"] for x in lines(run(*arguments, stdin="It happened today."))] == [value]


def test_the_country_decides_number_dates(run):
    """Month first in the United States."""
    assert lines(run("--country", "USA", stdin="on 03/04/2022"))[0]["value"] == "2022-03-04"
    assert lines(run("--country", "GBR", stdin="on 03/04/2022"))[0]["value"] == "2022-04-03"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--published", "yesterday"), "--published 'yesterday'"),
        (("--published", ""), "--published"),
        (("--published", "2022-13-01"), "2022-13-01"),
        (("--timezone", "Mars/Base"), "Mars/Base"),
        (("--country", "Utopia"), "Utopia"),
        (("--format", "yaml"), "yaml"),
    ],
)
def test_wrong_options_are_wrong_usage(run, arguments, words):
    """Exit 2, and the message names the option."""
    result = run(*arguments, stdin="x")
    assert result.exit_code == 2
    assert words in result.output
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_an_error(run, tmp_path):
    """Exit 1 with the path."""
    result = run(str(tmp_path / "none.txt"))
    assert result.exit_code == 1
    assert "none.txt" in result.output.replace("\n", "")


def test_bulk_lines_carry_their_id(run, tmp_path):
    """Each document has its own publication date; the option fills in where there is none."""
    path = tmp_path / "stories.jsonl"
    path.write_text(
        '{"id": "a", "title": "t", "text": "on Monday", "published": "2022-11-08T00:00:00Z"}\n'
        "\n"
        '{"id": 7, "text": "on Monday"}\n'
        '{"text": "on Monday \\ud800", "published": null}\n'
        '{"id": "empty", "text": ""}\n'
    )
    result = run(str(path), "--published", "2022-11-15")
    assert result.exit_code == 0
    assert [(x["id"], x["value"]) for x in lines(result)] == [
        ("a", "2022-11-07"),
        (7, "2022-11-14"),
        (4, "2022-11-14"),
    ]


def test_bad_bulk_lines_are_reported_and_the_others_printed(run, tmp_path):
    """File and line of each bad one on stderr, exit 1."""
    path = tmp_path / "stories.jsonl"
    path.write_bytes(
        b'{"id": "a", "text": "on Monday", "published": "2022-11-08"}\n'
        b"not json\n[1]\n"
        b'{"id": "n", "text": null}\n' + b"[" * 100_000 + b"\n"
        b'{"id": "z", "text": "on Tuesday", "published": "2022-11-08"}\n'
    )
    result = run(str(path))
    assert result.exit_code == 1
    assert [x["id"] for x in lines(result)] == ["a", "z"]
    flat = result.stderr.replace("\n", "")
    assert all(f"stories.jsonl:{number}:" in flat for number in (2, 3, 4, 5))


def test_an_unreadable_publication_date_is_unknown_and_said(run, tmp_path):
    """A warning with file and line; the document is read without a date; exit 0."""
    path = tmp_path / "stories.jsonl"
    path.write_text('{"id": "a", "text": "on Monday", "published": "03-02-2009"}\n')
    result = run(str(path))
    assert result.exit_code == 0
    assert lines(result)[0]["value"] == "XXXX-WXX-1"
    assert "stories.jsonl:1" in result.stderr.replace("\n", "")


def test_timeml_marks_the_text(run):
    """One TimeML element a document."""
    result = run("--published", "2022-11-08", "--format", "timeml", stdin="A & B met late Monday.")
    root = ET.fromstring(result.stdout)  # noqa: S314
    assert root.find("TEXT/TIMEX3").attrib == {
        "tid": "t1",
        "type": "DATE",
        "value": "2022-11-07",
        "mod": "END",
    }


def test_a_table_is_for_people(run):
    """Columns with offsets, type, value and words."""
    result = run("--published", "2022-11-08", "--format", "table", stdin="They met on Monday.")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("start", "value", "2022-11-07", "Monday"))


def test_help_shows_examples(run):
    """The help can be followed by copying from it."""
    result = run("--help")
    assert result.exit_code == 0
    assert "Examples" in result.output
    assert "--published 2022-11-08" in result.output
