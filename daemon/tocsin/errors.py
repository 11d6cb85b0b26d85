"""Everything Tocsin raises on purpose.

TocsinError
 ├── ConfigurationError      a setting is missing, wrong or contradictory
 ├── UsageError              a command was called with words it does not take (exit 2)
 ├── InputError              a file or document given by the user cannot be read
 ├── NotAvailableError       a command or option that a later version brings (exit 2)
 ├── StoreError
 │    ├── StoreBusyError     the database stayed locked for longer than the timeout
 │    ├── StoreFullError     no space left where the database lives
 │    ├── StoreConflictError  someone else changed the rows since they were read
 │    ├── StoreTooNewError   the database was written by a newer Tocsin
 │    └── StoreCorruptError  the file is not a database, or a damaged one
 ├── FetchError              a feed could not be fetched; carries a `FetchFailure`
 │    └── CoolingDownError   its domain asked to be left alone, so nothing was sent
 ├── FeedFormatError         the body is not a feed; carries a `FetchFailure`
 ├── ExtractionError         a worker process died or ran out of time on one article
 │    └── ExtractorStartError  no worker can start, whatever the article
 ├── RuleError               a rule file is refused, with file:line:column
 └── ChannelError            a subscriber's address or settings cannot be used

The text of each error names the place and the remedy; `hint` is the remedy alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


class TocsinError(Exception):
    """Root of all errors raised on purpose."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.__dict__.copy())


def _rebuild(cls: type[TocsinError], state: dict[str, object]) -> TocsinError:
    """Errors cross process borders whole, whatever arguments their constructor takes."""
    error = cls.__new__(cls)
    error.__dict__.update(state)
    error.args = (state["message"],)
    return error


class ConfigurationError(TocsinError):
    """A setting is missing, wrong or contradictory."""


class UsageError(TocsinError):
    """A command was called with words it does not take."""


class InputError(TocsinError):
    """A file or document given by the user cannot be read."""


class NotAvailableError(TocsinError):
    """A command or option that a later version brings."""


class StoreError(TocsinError):
    """The database could not do what was asked."""


class StoreBusyError(StoreError):
    """The database stayed locked for longer than the timeout."""


class StoreFullError(StoreError):
    """No space is left where the database lives."""


class StoreConflictError(StoreError):
    """Someone else changed the rows since they were read; read and decide again."""


class StoreTooNewError(StoreError):
    """The database was written by a newer Tocsin; upgrade the program."""


class StoreCorruptError(StoreError):
    """The file is not a database, or a damaged one; restore a backup."""


class FetchError(TocsinError):
    """A feed could not be fetched; `failure` is a `tocsin.model.FetchFailure`.

    `requests` are the `tocsin.model.Exchange`s that were made before it failed; `moved_to` is where
    permanent redirects had led by then.
    """

    requests: tuple[Any, ...] = ()
    moved_to: str | None = None

    def __init__(self, message: str, failure: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.failure = failure


class CoolingDownError(FetchError):
    """A domain, host or feed is left alone until `until`; nothing was sent there."""

    def __init__(self, message: str, failure: str, *, until: datetime) -> None:
        super().__init__(message, failure)
        self.until = until


class FeedFormatError(FetchError):
    """The body that came is not a feed Tocsin can read."""


class ExtractionError(TocsinError):
    """A worker process died or ran out of time on one article."""


class ExtractorStartError(ExtractionError):
    """No worker can start: no article is to blame, and all of them wait."""


class RuleError(TocsinError):
    """A rule file is refused; `file`, `line` and `column` (both from 1) say where."""

    def __init__(self, message: str, *, file: str, line: int, column: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {super().__str__()}"


class ChannelError(TocsinError):
    """A subscriber's address or settings cannot be used."""
