"""`tocsin extract`: one text, many documents, bad lines, --explain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tocsin.cli.extract import extract

app = typer.Typer()
app.command()(extract)
TEXT = "North Korea denied supplying “weapons” to Russia.\n"


def _run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def _lines(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("way", ["file", "stdin", "dash"])
def test_a_text_is_read_from_file_or_standard_input(tmp_path: Path, way: str) -> None:
    """One mention a line, spans in code points of the text as given."""
    file = tmp_path / "story.txt"
    file.write_text(TEXT, encoding="utf-8")
    where = {"file": [str(file)], "stdin": [], "dash": ["-"]}[way]
    result = _run(*where, "--published", "2022-11-08", "--format", "jsonl", stdin=TEXT.encode())
    assert result.exit_code == 0
    rows = _lines(result)
    assert [row["type"] for row in rows] == ["statement.deny", "arms.transfer"]
    for row in rows:
        trigger = row["trigger"]
        assert TEXT[trigger["start"] : trigger["end"]] == trigger["text"]
        assert "id" not in row
    assert rows[0]["claim"]["target"][0]["country"] == "RUS"
    assert rows[0]["when"]["start"] == "2022-11-08"


def test_many_documents_carry_their_ids_and_bad_lines_are_named(tmp_path: Path) -> None:
    """A bad line is named with its number, the others are printed, and the exit code is 1.

    A date that cannot be read is unknown, with a warning: the document is read without it.
    """
    file = tmp_path / "stories.jsonl"
    good = {"id": "a1", "title": "T", "text": TEXT, "published": "2022-11-08T09:00:00Z"}
    lines = [
        json.dumps(good),
        "{not json",
        "[1]",
        '{"id": 7}',
        json.dumps(good | {"id": "b", "published": "yesterday"}),
        "",
        json.dumps(good | {"id": 5, "published": None}),
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    result = _run(str(file), "--format", "jsonl")
    assert result.exit_code == 1
    assert [row["id"] for row in _lines(result)] == ["a1", "a1", "b", "b", 5, 5]
    assert all(row["when"] is None for row in _lines(result) if row["id"] != "a1")
    errors = " ".join(result.stderr.split())
    for number in (2, 3, 4, 5):
        assert f"stories.jsonl:{number}:" in errors


def test_a_table_is_for_people() -> None:
    """The table names parties and day."""
    result = _run("--published", "2022-11-08", "--format", "table", stdin=TEXT)
    assert result.exit_code == 0
    assert "statement.deny" in result.stdout
    assert "2022-11-08" in result.stdout


def test_explain_tells_what_fired_and_what_was_refused() -> None:
    """Sentence by sentence."""
    result = _run(
        "--explain", stdin="The garden was quiet. The firm fired its accountant. Iran fired a missile."
    )
    assert result.exit_code == 0
    assert "not parsed" in result.stdout
    assert "refused  'fired'" in result.stdout
    assert "weapons.launch.missile/verb:" in result.stdout


def test_a_text_in_another_language_is_skipped_with_the_reason() -> None:
    """Nothing is printed for it but the reason, on standard error."""
    text = "Die Bundesregierung hat am Dienstag beschlossen, weitere Waffen in die Ukraine zu liefern."
    result = _run("--format", "jsonl", stdin=text)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "language: de" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--published", "soon"], 2, "ISO 8601"),
        (["/no/such/file.txt"], 1, "No such file"),
        (["/no/such/file.jsonl"], 1, "No such file"),
        (["-", "--ontology", "/no/such/folder"], 1, "no such folder"),
    ],
)
def test_errors_name_the_remedy(arguments: list[str], code: int, words: str) -> None:
    """Wrong usage is 2, what cannot be read is 1."""
    result = _run(*arguments, stdin="")
    assert result.exit_code == code
    assert words in " ".join(result.stderr.split())


def test_bytes_that_are_no_text_are_survived() -> None:
    """Bytes that are not UTF-8 become replacement characters."""
    result = _run("--format", "jsonl", stdin=b"\xff\xfe\x00 Iran fired a missile on Tuesday. \x80")
    assert result.exit_code == 0
    assert [row["type"] for row in _lines(result)] == ["weapons.launch.missile"]


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    """An empty text and an empty bulk file are fine."""
    for name in ("empty.txt", "empty.jsonl"):
        (tmp_path / name).write_bytes(b"")
        result = _run(str(tmp_path / name), "--format", "jsonl")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert "--explain" in _run("--format", "table", stdin="").stdout


def test_line_ends_and_a_byte_order_mark_count(tmp_path: Path) -> None:
    """Offsets count the code points of the file, whatever system wrote it."""
    file = tmp_path / "story.txt"
    file.write_bytes("\ufeffNo news.\r\n\r\nIran fired a missile on Tuesday.\r\n".encode())
    (row,) = _lines(_run(str(file), "--format", "jsonl"))
    text = file.read_bytes().decode("utf-8")
    assert text[row["trigger"]["start"] : row["trigger"]["end"]] == "fired"


def test_a_bulk_file_of_another_system_is_read(tmp_path: Path) -> None:
    """A byte order mark, carriage returns, blank lines, ids of any kind, bytes that are not UTF-8."""
    file = tmp_path / "stories.jsonl"
    text = b'"text": "Iran fired a missile.'
    file.write_bytes(
        b'\xef\xbb\xbf{"id": "a", ' + text + b'"}\r\n\r\n'
        b'{"id": "a", ' + text + b'"}\r\n'
        b'{"id": null, ' + text + b'"}\n'
        b'{"id": [1], ' + text + b' \xff"}\n'
        b'{"id": 0, "title": 5, ' + text + b'"}'
    )
    result = _run(str(file), "--format", "jsonl", "--published", "2022-11-08")
    assert result.exit_code == 0
    assert [row["id"] for row in _lines(result)] == ["a", "a", 4, [1], 0]
    assert all(row["when"]["start"] == "2022-11-08" for row in _lines(result))
    told = " ".join(result.stderr.split())
    assert 'stories.jsonl:3: the id "a" stands on an earlier line too' in told
    assert "stories.jsonl:5: not UTF-8 at byte" in told


def test_a_date_is_the_publishers_own(tmp_path: Path) -> None:
    """Without a zone, midnight is the publisher's midnight: no day is lost on the way to UTC."""
    del tmp_path
    result = _run(
        "--published",
        "2022-11-08",
        "--timezone",
        "Asia/Seoul",
        "--format",
        "jsonl",
        stdin="Iran fired a missile today.",
    )
    assert _lines(result)[0]["when"]["start"] == "2022-11-08"


def test_explain_names_what_is_no_use(tmp_path: Path) -> None:
    """Claims, dates and parties of what fired; a foreign text by its reason; ids of a bulk file."""
    file = tmp_path / "two.jsonl"
    german = "Der Sprecher hat den Angriff auf das Lager nicht bestätigt und wollte sich auch nicht äußern."
    file.write_text(
        json.dumps(
            {
                "id": "one",
                "text": "Iran denied on 7 November 2022 that it had attacked Syria. It was [red] late.",
            }
        )
        + "\n"
        + json.dumps({"id": "two", "text": german}),
        encoding="utf-8",
    )
    result = _run(str(file), "--explain")
    assert result.exit_code == 0
    assert "# one" in result.stdout
    assert "It was [red] late." in result.stdout
    assert "claim: conflict.attack, Iran -> Syria" in result.stdout
    assert "2022-11-07 (expression)" in result.stdout
    assert "skipped document two: language: de" in result.stderr


@pytest.mark.parametrize(("option", "value"), [("--timezone", "Mars/Base"), ("--country", "Utopia")])
def test_a_place_that_is_none_is_wrong_usage(option: str, value: str) -> None:
    """The message names the option and a good value."""
    result = _run(option, value, stdin="")
    assert result.exit_code == 2
    assert value in result.stderr


def test_help_shows_examples() -> None:
    """The help can be followed by copying from it."""
    result = _run("--help")
    assert result.exit_code == 0
    assert "stories.jsonl" in result.output
    assert "--explain" in result.output
