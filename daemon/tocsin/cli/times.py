"""`tocsin times`: the time expressions of a text, resolved against its publication date."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.markup import escape

from tocsin.cli._common import errors, guarded, print_table
from tocsin.errors import InputError, UsageError

if TYPE_CHECKING:
    from tocsin.extraction.times import Anchor, Timex


class TimesFormat(StrEnum):
    """How `tocsin times` prints."""

    JSONL = "jsonl"
    TIMEML = "timeml"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class _Document:
    text: str
    published: datetime | None
    id: object = None
    bulk: bool = False


@guarded
def times(
    file: Annotated[
        str,
        typer.Argument(
            metavar="[FILE|-]", help="Text, or a `.jsonl` of many documents; `-` is standard input."
        ),
    ] = "-",
    published: Annotated[
        str | None,
        typer.Option(
            help="When it was published, ISO 8601. Without it nothing relative is resolved.", metavar="ISO"
        ),
    ] = None,
    output: Annotated[
        TimesFormat | None,
        typer.Option("--format", help="`table` on a terminal, else `jsonl`.", case_sensitive=False),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="The publisher's zone: `Asia/Seoul`, `+09:00`.", metavar="ZONE")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(help="The publisher's country, ISO 3166-1; decides 03/04/2022.", metavar="ISO3"),
    ] = None,
) -> None:
    """Find the time expressions of a text and resolve them to TIMEX3 values.

    Weekdays, months and "two days ago" are counted from the publication date in the publisher's zone; "two days
    earlier" from the date the story last named. What cannot be resolved keeps open places (`XXXX-WXX-2`).

    A `.jsonl` file holds one document a line, `{"id", "text", "published"}`; every line printed then carries its
    `id`. A line that cannot be read is reported with its number, the others are printed, and the exit code is 1.

    Examples:
        tocsin times story.txt --published 2022-11-08

        echo "They met on Tuesday." | tocsin times --published 2022-11-10T09:00:00+09:00 --timezone Asia/Seoul

        tocsin times stories.jsonl --format jsonl
    """
    from tocsin.extraction.times import Anchor, find_times

    given = None if published is None else _moment(published)
    _check_place(timezone, country)
    chosen = output or (TimesFormat.TABLE if sys.stdout.isatty() else TimesFormat.JSONL)
    problems: list[str] = []
    rows: list[tuple[object, ...]] = []
    bulk = file.endswith(".jsonl")
    stream = typer.get_binary_stream("stdout")
    for document in _documents(file, given, problems) if bulk else [_Document(_read(file), given)]:
        anchor = Anchor(document.published, timezone, country)
        found = find_times(document.text, anchor)
        if chosen is TimesFormat.TABLE:
            rows += [_row(document, timex) for timex in found]
        else:
            _write(stream, document, found, anchor, chosen)
    if chosen is TimesFormat.TABLE:
        _table(rows, bulk=bulk)
    stream.flush()
    for problem in problems:
        errors.print(f"[red]error:[/red] {escape(problem)}", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--published {text!r} is not a date or time",
            hint="write ISO 8601: 2022-11-08 or 2022-11-08T09:30:00Z",
        ) from None


def _check_place(timezone: str | None, country: str | None) -> None:
    from tocsin.extraction.times import zone_of

    if timezone is not None and zone_of(timezone) is None:
        raise UsageError(
            f"--timezone {timezone!r} is not a time zone",
            hint="write an IANA name or an offset: Asia/Seoul, +09:00",
        )
    if country is not None and not (country.isascii() and country.isalpha() and len(country) in (2, 3)):
        raise UsageError(
            f"--country {country!r} is not a country code", hint="write ISO 3166-1, for example USA"
        )


def _bytes(file: str) -> bytes:
    if file == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", hint="give the path of a text or `-`") from None


def _read(file: str) -> str:
    """The text as it is: offsets count its code points; bytes that are not UTF-8 become U+FFFD."""
    return _bytes(file).decode("utf-8", errors="replace")


def _documents(file: str, given: datetime | None, problems: list[str]) -> Iterator[_Document]:
    for number, line in enumerate(_bytes(file).split(b"\n"), 1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            record = json.loads(line.decode("utf-8", errors="replace").lstrip("\ufeff"))
        except (ValueError, RecursionError) as error:
            problems.append(f"{place}: not JSON: {error}")
            continue
        text = record.get("text") if isinstance(record, dict) else None
        if not isinstance(text, str):
            problems.append(f'{place}: no "text": write {{"id", "text", "published"}} on each line')
            continue
        published = _published(record.get("published"), given, place)
        yield _Document(text, published, record.get("id", number), bulk=True)


def _published(value: object, given: datetime | None, place: str) -> datetime | None:
    """The record's publication time; one that cannot be read is unknown, with a warning, never guessed."""
    if value is None or value == "":
        return given
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError:
        errors.print(
            f'[yellow]warning:[/yellow] {escape(place)}: "published" {escape(repr(value))} is not ISO 8601: taken as unknown',
            highlight=False,
            soft_wrap=True,
        )
        return None


def _write(
    stream: BinaryIO, document: _Document, found: list[Timex], anchor: Anchor, chosen: TimesFormat
) -> None:
    if chosen is TimesFormat.TIMEML:
        from tocsin.extraction.times import to_timeml

        doc_id = "" if document.id is None else str(document.id)
        output = to_timeml(document.text, found, anchor, doc_id) + "\n"
    else:
        output = "".join(_line(document, timex) for timex in found)
    # a lone surrogate becomes \udc80, which is how JSON writes it
    stream.write(output.encode("utf-8", errors="backslashreplace"))


def _line(document: _Document, timex: Timex) -> str:
    record: dict[str, object] = {"id": document.id} if document.bulk else {}
    record |= {
        "start": timex.start,
        "end": timex.end,
        "text": timex.text,
        "type": timex.type,
        "value": timex.value,
    }
    for name in ("mod", "begin", "until"):
        value = getattr(timex, name)
        if value is not None:
            record[name] = value
    return json.dumps(record, ensure_ascii=False) + "\n"


def _row(document: _Document, timex: Timex) -> tuple[object, ...]:
    row = (timex.start, timex.end, timex.type, timex.value, timex.mod, escape(" ".join(timex.text.split())))
    return (escape(str(document.id)), *row) if document.bulk else row


def _table(rows: list[tuple[object, ...]], *, bulk: bool) -> None:
    columns = ["start", "end", "type", "value", "mod", "text"]
    print_table("Time expressions", ["id", *columns] if bulk else columns, rows)
