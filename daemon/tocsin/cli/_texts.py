"""What `tocsin extract` and `tocsin times` share: their options, one text or many, and what is said of bad input.

Nothing that can be read is lost: a line that cannot be is named with its number and its remedy, the others are read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tocsin.cli._common import errors
from tocsin.errors import InputError, UsageError

FORM = '{"id", "title", "text", "published"}'

FileArgument = Annotated[
    str,
    typer.Argument(metavar="[FILE|-]", help="Text, or a `.jsonl` of many documents; `-` is standard input."),
]
PublishedOption = Annotated[
    str | None,
    typer.Option(
        "--published",
        metavar="ISO",
        help="When it was published, ISO 8601. Without it nothing relative is dated.",
    ),
]
TimezoneOption = Annotated[
    str | None, typer.Option(metavar="ZONE", help="The publisher's zone: `Asia/Seoul`, `+09:00`.")
]
CountryOption = Annotated[
    str | None, typer.Option(metavar="ISO3", help="The publisher's country, ISO 3166-1; decides 03/04/2022.")
]


@dataclass(frozen=True, slots=True)
class Text:
    """One document: `id` is None for a single text; `published` may be without a zone."""

    text: str
    published: datetime | None
    id: object = None
    title: str | None = None

    @property
    def bulk(self) -> bool:
        """Whether it is one of many, and its lines carry its id."""
        return self.id is not None

    @property
    def name(self) -> str:
        """For messages."""
        return "the text" if self.id is None else f"document {self.id}"


@dataclass(slots=True)
class Problems:
    """What went wrong with lines of a bulk file; told at the end, when the rest is printed."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, problem: str, remedy: str) -> None:
        """A line that could not be read."""
        self.found.append(f"{place}: {problem}: {remedy}")

    @staticmethod
    def warn(place: str, what: str) -> None:
        """Something odd about a line that was read nevertheless."""
        errors.print(
            f"[yellow]warning:[/yellow] {escape(place)}: {escape(what)}", highlight=False, soft_wrap=True
        )

    def leave(self) -> None:
        """Print the problems; raise `typer.Exit(1)` when there are any."""
        for problem in self.found:
            errors.print(f"[red]error:[/red] {escape(problem)}", highlight=False, soft_wrap=True)
        if self.found:
            raise typer.Exit(1)


def moment(text: str) -> datetime:
    """The option's ISO 8601 date or time, with a zone only where it has one; raise `UsageError`."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--published {text!r} is not a date or time",
            hint="write ISO 8601: 2022-11-08 or 2022-11-08T09:30:00Z",
        ) from None


def check_place(timezone: str | None, country: str | None) -> None:
    """Raise `UsageError` for a zone or country that is none."""
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


def texts(file: str, given: datetime | None, problems: Problems) -> Iterator[Text]:
    """The documents of a `.jsonl` file as its lines are read, or the one text of any other.

    Raises `InputError` for a file that cannot be read.
    """
    if file.endswith(".jsonl"):
        return _lines(file, given, problems)
    return iter([Text(_decoded(_bytes(file), file), given)])


def _bytes(file: str) -> bytes:
    if file == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: str, error: OSError) -> InputError:
    return InputError(f"{file}: {error.strerror}", hint="give the path of a text or `-`")


def _decoded(data: bytes, place: str) -> str:
    """The text as it is: line ends and a byte order mark stay, what is not UTF-8 becomes U+FFFD, with a warning."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        Problems.warn(place, f"not UTF-8 at byte {error.start}: read with U+FFFD there; save it as UTF-8")
        return data.decode("utf-8", errors="replace")


def _lines(file: str, given: datetime | None, problems: Problems) -> Iterator[Text]:
    seen: set[str] = set()
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        raise _unreadable(file, error) from None
    with stream:
        for number, line in enumerate(stream, 1):
            place = f"{file}:{number}"
            text = _line(line, place, number, given, problems) if line.strip(b" \t\r\n\xef\xbb\xbf") else None
            if text is None:
                continue
            name = json.dumps(text.id, default=str)
            if name in seen:
                Problems.warn(place, f"the id {name} stands on an earlier line too: their lines look alike")
            seen.add(name)
            yield text


def _line(line: bytes, place: str, number: int, given: datetime | None, problems: Problems) -> Text | None:
    try:
        record = json.loads(_decoded(line, place).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        problems.add(place, f"not JSON ({error})", f"write {FORM} on one line")
        return None
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str):
        problems.add(place, 'no "text"', f"write {FORM} on each line")
        return None
    own = record.get("id")
    title = record.get("title")
    return Text(
        text,
        _published(record.get("published"), given, place),
        number if own is None else own,
        title if isinstance(title, str) and title else None,
    )


def _published(value: object, given: datetime | None, place: str) -> datetime | None:
    """The record's publication time; one that cannot be read is unknown, with a warning, never guessed."""
    if value is None or value == "":
        return given
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError:
        Problems.warn(
            place, f'"published" {value!r} is not ISO 8601: taken as unknown; write 2022-11-08T09:30:00Z'
        )
        return None


class Progress:
    """How far long work is, on standard error and only on a terminal that is not printing results meanwhile."""

    def __init__(self, *, beside_output: bool) -> None:
        self._shown = sys.stderr.isatty() and not (beside_output and sys.stdout.isatty())

    def show(self, documents: int, sentences: int | None = None) -> None:
        """Write over the last count."""
        if self._shown:
            more = "" if sentences is None else f", {sentences:,} sentences parsed"
            sys.stderr.write(f"\r\x1b[K{documents:,} documents{more}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave no trace."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
