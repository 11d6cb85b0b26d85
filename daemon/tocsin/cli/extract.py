"""`tocsin extract`: the dated events of a text, one mention a line."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from tocsin.cli._common import console, errors, guarded, print_table
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
    from tocsin.extraction import Document, Extraction, Extractor
    from tocsin.model import Mention

_STATUS_STYLES = {
    "happened": "green",
    "ongoing": "green",
    "denied": "yellow",
    "alleged": "yellow",
    "negated": "red",
}


class ExtractFormat(StrEnum):
    """How `tocsin extract` prints."""

    JSONL = "jsonl"
    TABLE = "table"


@guarded
def extract(
    file: FileArgument = "-",
    published: PublishedOption = None,
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
    timezone: TimezoneOption = None,
    country: CountryOption = None,
    ontology: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of your own event types (YAML).")
    ] = None,
) -> None:
    """Read the dated events of a text: what, who, whom, where, when, how sure, and who says so.

    Offsets count code points of the text as given. A `.jsonl` file holds one document a line,
    `{"id", "title", "text", "published"}`; offsets are into its "text" and every line printed carries its `id`.
    A line that cannot be read is named with its number, the others are printed, and the exit code is 1. A text in
    another language is skipped with the reason.

    Examples:
        tocsin extract story.txt --published 2022-11-08

        echo "North Korea denied supplying weapons to Russia." | tocsin extract --published 2022-11-08

        tocsin extract stories.jsonl --format jsonl

        tocsin extract story.txt --published 2022-11-08 --explain
    """
    from tocsin.extraction import load_extractor

    given = None if published is None else moment(published)
    check_place(timezone, country)
    chosen = output or (ExtractFormat.TABLE if sys.stdout.isatty() else ExtractFormat.JSONL)
    problems = Problems()
    inputs = texts(file, given, problems)
    extractor = load_extractor(ontology)

    def document(each: Text) -> Document:
        return _document(each, title, timezone, country)

    if explain:
        for each in inputs:
            _explain(extractor, each, document(each))
    else:
        _print(_Reading(inputs, document, chosen).results(extractor), chosen)
    problems.leave()


class _Reading:
    """Documents on their way through the extractor, each kept beside its answer; shows how far it is."""

    def __init__(
        self, inputs: Iterator[Text], document: Callable[[Text], Document], chosen: ExtractFormat
    ) -> None:
        self._inputs = inputs
        self._document = document
        self._progress = Progress(beside_output=chosen is not ExtractFormat.TABLE)
        self._waiting: deque[Text] = deque()
        self._done = 0

    def results(self, extractor: Extractor) -> Iterator[tuple[Text, Extraction]]:
        """Extractions beside their inputs, in order."""
        for extraction in extractor.extract_many(self._documents(), self._show):
            yield self._waiting.popleft(), extraction
            self._done += 1
        self._progress.end()

    def _documents(self) -> Iterator[Document]:
        for each in self._inputs:
            self._waiting.append(each)
            yield self._document(each)

    def _show(self, sentences: int) -> None:
        self._progress.show(self._done, sentences)


def _document(each: Text, title: str | None, timezone: str | None, country: str | None) -> Document:
    """What the extractor reads; a time without a zone is the publisher's own."""
    from tocsin.extraction import Document
    from tocsin.extraction.times import zone_of

    when = each.published
    if when is not None and when.tzinfo is None:
        when = when.replace(tzinfo=(zone_of(timezone) if timezone else None) or UTC)
    return Document(each.text, when, title=each.title or title, timezone=timezone, country=country)


def _print(results: Iterator[tuple[Text, Extraction]], chosen: ExtractFormat) -> None:
    from tocsin.model import mention_to_json

    rows: list[tuple[object, ...]] = []
    stream = typer.get_binary_stream("stdout")
    for each, extraction in results:
        if extraction.skipped is not None:
            _skipped(each, extraction.skipped)
        for mention in extraction.mentions:
            if chosen is ExtractFormat.TABLE:
                rows.append(_row(each, mention))
                continue
            record: dict[str, Any] = {"id": each.id} if each.bulk else {}
            record |= mention_to_json(mention)
            line = json.dumps(record, ensure_ascii=False) + "\n"
            # a lone surrogate becomes \udc80, which is how JSON writes it
            stream.write(line.encode("utf-8", errors="backslashreplace"))
    stream.flush()
    if chosen is ExtractFormat.TABLE:
        _table(rows)


def _skipped(each: Text, why: str) -> None:
    errors.print(f"[dim]skipped {escape(each.name)}: {escape(why)}[/dim]", highlight=False, soft_wrap=True)


def _table(rows: list[tuple[object, ...]]) -> None:
    if not rows:
        console.print("No dated events found; `--explain` shows why.")
        return
    columns = ["when", "type", "status", "source", "target", "place", "trigger", "confidence"]
    bulk = any(len(row) > len(columns) for row in rows)
    print_table(f"{len(rows)} mentions", ["id", *columns] if bulk else columns, rows)


def _row(each: Text, mention: Mention) -> tuple[object, ...]:
    def names(actors: Iterable[Any]) -> str:
        return escape(", ".join(dict.fromkeys(actor.name or actor.text for actor in actors)))

    row = (
        None if mention.when is None else mention.when.start.isoformat(),
        mention.type,
        _status(mention.status.value),
        names(mention.source),
        names(mention.target),
        None if mention.place is None else escape(mention.place.name or mention.place.text),
        escape(mention.trigger.text),
        f"{mention.confidence:.2f}",
    )
    return (escape(str(each.id)), *row) if each.bulk else row


def _status(status: str) -> str:
    style = _STATUS_STYLES.get(status, "dim")
    return f"[{style}]{status}[/{style}]"


def _explain(extractor: Extractor, each: Text, document: Document) -> None:
    from tocsin.cli._explain import show_traces

    if each.bulk:
        console.print(f"# {escape(str(each.id))}", highlight=False, soft_wrap=True)
    traces = extractor.explain(document)
    if isinstance(traces, str):
        _skipped(each, traces)
    else:
        show_traces(traces)
