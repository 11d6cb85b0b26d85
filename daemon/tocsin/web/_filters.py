"""One query string for page, twins and links: read strictly, written back the same.

What a query string says and the list does not know is refused with a suggestion, never ignored: a filter
that silently does nothing shows too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

from tocsin.errors import UsageError
from tocsin.model import ArticleQuery, ClaimQuery, ClaimStatus, DeliveryState, EventQuery, EventStatus

Q = TypeVar("Q")
E = TypeVar("E", bound=StrEnum)

_TYPE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_PAGED: Final = ("page", "limit")
_LONGEST: Final = 500  # characters of one value


class BadParameterError(UsageError):
    """A query string names something the list does not have, or gives it a value it cannot take."""

    def __init__(self, message: str, *, parameter: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name of a query string, as the API description shows it."""

    name: str
    description: str
    example: str
    repeated: bool = False
    choices: tuple[str, ...] = ()


_EVERY_LIST: Final = (
    Parameter("page", "Which page, from 1.", "1"),
    Parameter("limit", "Rows on a page, 1 to 1000.", "50"),
)
_DAY = "a day YYYY-MM-DD, a month YYYY-MM, a year YYYY, today, yesterday, or 7d for seven days ago"

EVENTS: Final = (
    Parameter("type", "Event type and all below it; repeat or separate with commas.", "weapons.launch", True),
    Parameter("actor", "Country code or name, on either side.", "PRK"),
    Parameter("source", "Country code or name of who acts.", "North Korea"),
    Parameter("target", "Country code or name of whom it is done to.", "USA"),
    Parameter("place", "Name of the place.", "Pyongyang"),
    Parameter("country", "Country of the place, ISO 3166-1 alpha-3.", "JPN"),
    Parameter("since", f"Happened on or after: {_DAY}.", "2022-11-01"),
    Parameter("until", f"Happened on or before: {_DAY}.", "2022-11-30"),
    Parameter(
        "as_of", "The list as it stood then: a day (its end) or an ISO 8601 moment.", "2022-11-08T12:00Z"
    ),
    Parameter("status", "Status; repeat or separate with commas.", "disputed", True, tuple(EventStatus)),
    Parameter("min_owners", "At least this many independent owners.", "2"),
    Parameter("text", "Words in titles and articles.", "ballistic missile"),
    Parameter("rule", "Events that made this rule fire.", "korea-missile-launch"),
    Parameter("feed", "Address, title or publisher of a feed.", "https://example.org/rss"),
    Parameter("order", "newest (default) or oldest happening first.", "oldest", choices=("newest", "oldest")),
    *_EVERY_LIST,
)
CLAIMS: Final = (
    Parameter("type", "Type of what is claimed.", "arms.transfer"),
    Parameter("actor", "Country code or name: who takes a stance, or whom the claim names.", "RUS"),
    Parameter("status", "Status of the claim.", "disputed", choices=tuple(ClaimStatus)),
    Parameter("since", f"Known on or after: {_DAY}.", "2022-11-01"),
    Parameter("until", f"Known on or before: {_DAY}.", "2022-11-30"),
    Parameter(
        "as_of", "The list as it stood then: a day (its end) or an ISO 8601 moment.", "2022-11-08T12:00Z"
    ),
    *_EVERY_LIST,
)
ARTICLES: Final = (
    Parameter("feed", "Address, title or publisher of a feed.", "https://example.org/rss"),
    Parameter("text", "Words in titles and articles.", "ceasefire"),
    *_EVERY_LIST,
)
ALERTS: Final = (
    Parameter("rule", "Alerts of this rule.", "accused-then-denied"),
    Parameter("since", "Fired after: a day (its start) or an ISO 8601 moment.", "2022-11-01"),
    Parameter("unacknowledged", "1 for alerts nobody acknowledged.", "1", choices=("0", "1")),
    *_EVERY_LIST,
)
DELIVERIES: Final = (
    Parameter("state", "Where the message stands.", "failed", choices=tuple(DeliveryState)),
    *_EVERY_LIST,
)
FEEDS: Final = (Parameter("text", "Words in titles and addresses.", "reuters"), *_EVERY_LIST)
RULES: Final[tuple[Parameter, ...]] = ()


@dataclass(frozen=True, slots=True)
class Asked(Generic[Q]):
    """What a query string came to: the query for the store, and the words for forms and links."""

    query: Q
    given: tuple[tuple[str, str], ...]  # without page and limit
    page: int
    limit: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.limit

    def value(self, name: str) -> str:
        """What a form field shows."""
        return ", ".join(value for key, value in self.given if key == name)

    def address(self, path: str, **changed: str | None) -> str:
        """A link to the same list; `changed` replaces parameters, None drops one."""
        pairs = [(key, value) for key, value in self.given if key not in changed]
        pairs += [(key, value) for key, value in changed.items() if value is not None]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def turned(self, path: str, page: int, default_limit: int) -> str:
        """A link to another page of the list."""
        limit = None if self.limit == default_limit else str(self.limit)
        return self.address(path, limit=limit, page=str(page) if page > 1 else None)


class Reader:
    """Reads one query string; every method raises `BadParameterError` that names parameter and remedy."""

    def __init__(
        self, pairs: Iterable[tuple[str, str]], known: Sequence[Parameter], now: datetime, default_limit: int
    ) -> None:
        names = [parameter.name for parameter in known]
        self._values: dict[str, list[str]] = {}
        self._now = now
        self._default_limit = default_limit
        for name, value in pairs:
            if name not in names:
                raise _unknown(name, names)
            if _CONTROL.search(value) or len(value) > _LONGEST:
                raise BadParameterError(
                    f"the value of {name!r} is too long or has control characters",
                    parameter=name,
                    hint=f"use plain text of at most {_LONGEST} characters",
                )
            if value.strip():
                self._values.setdefault(name, []).append(value.strip())

    def asked(self, query: Q) -> Asked[Q]:
        """The result; `query` is already filled but for paging."""
        page, limit = self.number("page", 1, 1_000_000, 1), self.number("limit", 1, 1000, self._default_limit)
        given = [(k, v) for k, values in self._values.items() if k not in _PAGED for v in values]
        return Asked(query, tuple(given), page, limit)

    def text(self, name: str) -> str | None:
        """One value; the last one counts."""
        values = self._values.get(name)
        return values[-1] if values else None

    def words(self, name: str) -> tuple[str, ...]:
        """Values repeated or separated by commas."""
        return tuple(
            word for value in self._values.get(name, ()) for word in map(str.strip, value.split(",")) if word
        )

    def types(self, name: str) -> tuple[str, ...]:
        """Event types in dot notation."""
        words = tuple(word.lower() for word in self.words(name))
        for word in words:
            if not _TYPE.fullmatch(word):
                raise _bad(name, word, "use a type such as weapons.launch or statement.deny")
        return words

    def country(self, name: str) -> str | None:
        """An alpha-3 code."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch("[A-Za-z]{3}", value):
            raise _bad(name, value, "use a code of three letters (ISO 3166-1 alpha-3), such as PRK")
        return value.upper()

    def choices(self, name: str, of: type[E]) -> tuple[E, ...]:
        """Members of an enum."""
        try:
            return tuple(of(word.lower()) for word in self.words(name))
        except ValueError:
            raise _bad(name, ", ".join(self.words(name)), f"use one of {', '.join(of)}") from None

    def one_of(self, name: str, choices: Sequence[str]) -> str | None:
        """One of a few words."""
        value = self.text(name)
        if value is not None and value not in choices:
            raise _bad(name, value, f"use one of {', '.join(choices)}")
        return value

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number."""
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch("[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise _bad(name, value, f"use a whole number from {low} to {high}")
        return int(value)

    def day(self, name: str, *, last: bool = False) -> date | None:
        """A day; of a month or year its first, or with `last` its last one."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return _day(value.lower(), self._now.astimezone(UTC).date(), last=last)
        except (ValueError, OverflowError):
            raise _bad(name, value, f"use {_DAY}") from None

    def moment(self, name: str, *, end_of_day: bool = True) -> datetime | None:
        """A moment, UTC where no offset is given; a bare day is its last microsecond or its first."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return _moment(value, end_of_day=end_of_day)
        except (ValueError, OverflowError):
            raise _bad(name, value, "use a day 2022-11-08 or a moment 2022-11-08T12:00:00Z") from None


def read_events(
    pairs: Iterable[tuple[str, str]], now: datetime, default_limit: int = 50
) -> Asked[EventQuery]:
    """Filters of the timeline."""
    reader = Reader(pairs, EVENTS, now, default_limit)
    query = EventQuery(
        types=reader.types("type"),
        actor=reader.text("actor"),
        source=reader.text("source"),
        target=reader.text("target"),
        place=reader.text("place"),
        country=reader.country("country"),
        since=reader.day("since"),
        until=reader.day("until", last=True),
        as_of=reader.moment("as_of"),
        statuses=reader.choices("status", EventStatus),
        min_owners=reader.number("min_owners", 0, 10_000, 0),
        text=reader.text("text"),
        rule=reader.text("rule"),
        feed=reader.text("feed"),
        oldest_first=reader.one_of("order", ("newest", "oldest")) == "oldest",
    )
    _check_order(query.since, query.until)
    asked = reader.asked(query)
    return replace(asked, query=replace(query, limit=asked.limit, offset=asked.offset))


def read_claims(
    pairs: Iterable[tuple[str, str]], now: datetime, default_limit: int = 50
) -> Asked[ClaimQuery]:
    """Filters of the claim ledger."""
    reader = Reader(pairs, CLAIMS, now, default_limit)
    types, statuses = reader.types("type"), reader.choices("status", ClaimStatus)
    query = ClaimQuery(
        type=types[-1] if types else None,
        party=reader.text("actor"),
        status=statuses[-1].value if statuses else None,
        since=reader.day("since"),
        until=reader.day("until", last=True),
        as_of=reader.moment("as_of"),
    )
    _check_order(query.since, query.until)
    asked = reader.asked(query)
    return replace(asked, query=replace(query, limit=asked.limit, offset=asked.offset))


def read_articles(
    pairs: Iterable[tuple[str, str]], now: datetime, default_limit: int = 50
) -> Asked[ArticleQuery]:
    """Filters of the list of articles."""
    reader = Reader(pairs, ARTICLES, now, default_limit)
    asked = reader.asked(ArticleQuery(feed=reader.text("feed"), text=reader.text("text")))
    return replace(asked, query=replace(asked.query, limit=asked.limit, offset=asked.offset))


def _check_order(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and since > until:
        raise BadParameterError(
            f"since ({since}) is after until ({until})", parameter="since", hint="exchange the two days"
        )


def _day(value: str, today: date, *, last: bool) -> date:
    if value in ("today", "yesterday"):
        return today - timedelta(days=int(value == "yesterday"))
    if match := re.fullmatch(r"([0-9]{1,5})d", value):
        return today - timedelta(days=int(match[1]))
    if match := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", value):
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        return _last_day(year, month) if last else date(year, month, 1)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(value)
    return date.fromisoformat(value)


def _last_day(year: int, month: int) -> date:
    if (year, month) == (9999, 12):
        return date.max
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _moment(value: str, *, end_of_day: bool) -> datetime:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        at = time.max if end_of_day else time.min
        return datetime.combine(date.fromisoformat(value), at, UTC)
    # A "+" that was not percent-encoded arrives as a space.
    moment = datetime.fromisoformat(
        re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", value) if "T" in value else value
    )
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _unknown(name: str, names: Sequence[str]) -> BadParameterError:
    close = get_close_matches(name, names, 1)
    if close:
        hint = f"did you mean {close[0]!r}?"
    else:
        hint = f"this list takes {', '.join(names)}" if names else "this list takes none"
    return BadParameterError(f"this list has no parameter {name[:60]!r}", parameter=name[:60], hint=hint)


def _bad(name: str, value: str, hint: str) -> BadParameterError:
    return BadParameterError(f"{value[:80]!r} is not a value of {name!r}", parameter=name, hint=hint)
