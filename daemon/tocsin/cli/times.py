"""`tocsin times`: the time expressions of a text, resolved against its publication date."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.markup import escape

from tocsin.cli._common import guarded, print_table
from tocsin.cli._texts import (
    CountryOption,
    FileArgument,
    Problems,
    Progress,
    PublishedOption,
    Text,
    TimezoneOption,
    check_place,
    moment,
    texts,
)

if TYPE_CHECKING:
    from tocsin.extraction.times import Anchor, Timex


_PROGRESS_EVERY = 200


class TimesFormat(StrEnum):
    """How `tocsin times` prints."""

    JSONL = "jsonl"
    TIMEML = "timeml"
    TABLE = "table"


@guarded
def times(
    file: FileArgument = "-",
    published: PublishedOption = None,
    output: Annotated[
        TimesFormat | None,
        typer.Option("--format", help="`table` on a terminal, else `jsonl`.", case_sensitive=False),
    ] = None,
    timezone: TimezoneOption = None,
    country: CountryOption = None,
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

    given = None if published is None else moment(published)
    check_place(timezone, country)
    chosen = output or (TimesFormat.TABLE if sys.stdout.isatty() else TimesFormat.JSONL)
    problems = Problems()
    progress = Progress(beside_output=chosen is not TimesFormat.TABLE)
    rows: list[tuple[object, ...]] = []
    stream = typer.get_binary_stream("stdout")
    for count, document in enumerate(texts(file, given, problems), 1):
        anchor = Anchor(document.published, timezone, country)
        found = find_times(document.text, anchor)
        if chosen is TimesFormat.TABLE:
            rows += [_row(document, timex) for timex in found]
        else:
            _write(stream, document, found, anchor, chosen)
        if count % _PROGRESS_EVERY == 0:
            progress.show(count)
    progress.end()
    if chosen is TimesFormat.TABLE:
        _table(rows, bulk=file.endswith(".jsonl"))
    stream.flush()
    problems.leave()


def _write(stream: BinaryIO, document: Text, found: list[Timex], anchor: Anchor, chosen: TimesFormat) -> None:
    if chosen is TimesFormat.TIMEML:
        from tocsin.extraction.times import to_timeml

        doc_id = "" if document.id is None else str(document.id)
        output = to_timeml(document.text, found, anchor, doc_id) + "\n"
    else:
        output = "".join(_line(document, timex) for timex in found)
    # a lone surrogate becomes \udc80, which is how JSON writes it
    stream.write(output.encode("utf-8", errors="backslashreplace"))


def _line(document: Text, timex: Timex) -> str:
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


def _row(document: Text, timex: Timex) -> tuple[object, ...]:
    row = (timex.start, timex.end, timex.type, timex.value, timex.mod, escape(" ".join(timex.text.split())))
    return (escape(str(document.id)), *row) if document.bulk else row


def _table(rows: list[tuple[object, ...]], *, bulk: bool) -> None:
    columns = ["start", "end", "type", "value", "mod", "text"]
    print_table("Time expressions", ["id", *columns] if bulk else columns, rows)
