"""`tocsin extract`: the dated events of a text, one mention a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from tocsin.cli._common import errors, guarded, print_table
from tocsin.errors import InputError, UsageError

if TYPE_CHECKING:
    from tocsin.extraction import Document, Extraction, Extractor
    from tocsin.model import Mention

_PROGRESS_EVERY = 50


class ExtractFormat(StrEnum):
    """How `tocsin extract` prints."""

    JSONL = "jsonl"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class _Input:
    id: object  # None for a single text
    doc: Document


@guarded
def extract(
    file: Annotated[
        str,
        typer.Argument(
            metavar="[FILE|-]", help="Text, or a `.jsonl` of many documents; `-` is standard input."
        ),
    ] = "-",
    published: Annotated[
        str | None,
        typer.Option(
            metavar="ISO", help="When it was published, ISO 8601. Without it nothing relative is dated."
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="T", help="The title, when it is not part of the text.")
    ] = None,
    output: Annotated[
        ExtractFormat | None,
        typer.Option("--format", help="`table` on a terminal, else `jsonl`.", case_sensitive=False),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Sentence by sentence: what fired, what was refused and why.")
    ] = False,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="The publisher's zone: `Asia/Seoul`, `+09:00`.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(metavar="ISO3", help="The publisher's country, ISO 3166-1; decides 03/04/2022."),
    ] = None,
    ontology: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of your own event types (YAML).")
    ] = None,
) -> None:
    """Read the dated events of a text: what, who, whom, where, when, how sure, and who says so.

    Offsets count code points of the text as given. A `.jsonl` file holds one document a line,
    `{"id", "title", "text", "published"}`; offsets are into its "text" and every line printed carries its `id`.
    A line that cannot be read is named with its number, the others are printed, and the exit code is 1.

    Examples:
        tocsin extract story.txt --published 2022-11-08

        echo "North Korea denied supplying weapons to Russia." | tocsin extract --published 2022-11-08

        tocsin extract stories.jsonl --format jsonl
    """
    from tocsin.extraction import load_extractor

    given = None if published is None else _moment(published)
    chosen = output or (ExtractFormat.TABLE if sys.stdout.isatty() else ExtractFormat.JSONL)
    common = {"timezone": timezone, "country": country, "title": title}
    problems: list[str] = []
    bulk = file.endswith(".jsonl")
    inputs: Iterable[_Input] = (
        _lines(file, given, common, problems) if bulk else [_single(file, given, common)]
    )
    extractor = load_extractor(ontology)
    if explain:
        for each in inputs:
            _explain(extractor, each)
    else:
        _print(_extracted(extractor, inputs, bulk=bulk), chosen)
    for problem in problems:
        errors.print(f"[red]error:[/red] {escape(problem)}", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--published {text!r} is not a date or time",
            hint="write ISO 8601: 2022-11-08 or 2022-11-08T09:30:00Z",
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _bytes(file: str) -> bytes:
    if file == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", hint="give the path of a text or `-`") from None


def _single(file: str, given: datetime | None, common: dict[str, str | None]) -> _Input:
    """The text as it is; bytes that are not UTF-8 become U+FFFD."""
    from tocsin.extraction import Document

    return _Input(None, Document(_bytes(file).decode("utf-8", errors="replace"), given, **common))


def _lines(
    file: str, given: datetime | None, common: dict[str, str | None], problems: list[str]
) -> Iterator[_Input]:
    from tocsin.extraction import Document

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
            problems.append(f'{place}: no "text": write {{"id", "title", "text", "published"}} on each line')
            continue
        moment = given
        if record.get("published"):
            try:
                moment = _moment(str(record["published"]))
            except UsageError:
                problems.append(
                    f'{place}: "published" is not ISO 8601: write 2022-11-08T09:30:00Z, or leave it out'
                )
                continue
        own = common | {"title": str(record["title"]) if record.get("title") else common["title"]}
        yield _Input(record.get("id", number), Document(text, moment, **own))


def _extracted(
    extractor: Extractor, inputs: Iterable[_Input], *, bulk: bool
) -> Iterator[tuple[_Input, Extraction]]:
    """Extractions beside their inputs; on a terminal, progress of a long bulk on stderr."""
    waiting: list[_Input] = []

    def documents() -> Iterator[Document]:
        for each in inputs:
            waiting.append(each)
            yield each.doc

    shown = bulk and sys.stderr.isatty()
    for count, extraction in enumerate(extractor.extract_many(documents()), 1):
        yield waiting.pop(0), extraction
        if shown and count % _PROGRESS_EVERY == 0:
            sys.stderr.write(f"\r{count} documents")
            sys.stderr.flush()
    if shown:
        sys.stderr.write("\r\x1b[K")


def _print(results: Iterator[tuple[_Input, Extraction]], chosen: ExtractFormat) -> None:
    from tocsin.model import mention_to_json

    rows: list[tuple[object, ...]] = []
    stream = typer.get_binary_stream("stdout")
    for each, extraction in results:
        if extraction.skipped is not None:
            name = "the text" if each.id is None else f"document {each.id}"
            errors.print(f"[dim]skipped {escape(name)}: {escape(extraction.skipped)}[/dim]", highlight=False)
        for mention in extraction.mentions:
            if chosen is ExtractFormat.TABLE:
                rows.append(_row(each, mention))
                continue
            record: dict[str, Any] = {} if each.id is None else {"id": each.id}
            record |= mention_to_json(mention)
            line = json.dumps(record, ensure_ascii=False) + "\n"
            # a lone surrogate becomes \udc80, which is how JSON writes it
            stream.write(line.encode("utf-8", errors="backslashreplace"))
    stream.flush()
    if chosen is ExtractFormat.TABLE:
        columns = ["when", "type", "status", "source", "target", "place", "trigger", "confidence"]
        bulk = any(len(row) > len(columns) for row in rows)
        print_table("Mentions", ["id", *columns] if bulk else columns, rows)


def _row(each: _Input, mention: Mention) -> tuple[object, ...]:
    def names(actors: Iterable[Any]) -> str:
        return escape(", ".join(dict.fromkeys(actor.name or actor.text for actor in actors)))

    row = (
        None if mention.when is None else mention.when.start.isoformat(),
        mention.type,
        mention.status.value,
        names(mention.source),
        names(mention.target),
        None if mention.place is None else escape(mention.place.name or mention.place.text),
        escape(mention.trigger.text),
        f"{mention.confidence:.2f}",
    )
    return row if each.id is None else (escape(str(each.id)), *row)


def _explain(extractor: Extractor, each: _Input) -> None:
    if each.id is not None:
        typer.echo(f"# {each.id}")
    for trace in extractor.explain(each.doc):
        typer.echo(f"[{trace.start}:{trace.end}] {' '.join(trace.text.split())}")
        if not trace.parsed:
            typer.echo("    no trigger word: not parsed")
            continue
        typer.echo(f"    triggers: {', '.join(trace.triggers)}")
        for mention in trace.mentions:
            source = ", ".join(actor.name or actor.text for actor in mention.source) or "-"
            target = ", ".join(actor.name or actor.text for actor in mention.target) or "-"
            when = "-" if mention.when is None else f"{mention.when.start} ({mention.when.basis.value})"
            typer.echo(
                f"    fired    {mention.trigger.text!r} {mention.pattern}: {mention.status.value}, "
                f"{source} -> {target}, when {when}, confidence {mention.confidence:.2f}"
            )
        for refusal in trace.refused:
            typer.echo(f"    refused  {refusal.trigger!r} {refusal.type or ''}: {refusal.reason}")
