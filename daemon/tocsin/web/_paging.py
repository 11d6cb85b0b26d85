"""Links to the neighbouring pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tocsin.web._filters import Asked


@dataclass(frozen=True, slots=True)
class Pager:
    """`first` and `last` number the rows shown, from 1; links are None at the ends."""

    first: int
    last: int
    total: int | None
    previous: str | None
    next: str | None


def pager(
    asked: Asked[Any], path: str, shown: int, default_limit: int, total: int | None = None
) -> Pager | None:
    """None when the list fits one page. Without a total a full page is taken to have a next one."""
    last = asked.offset + shown
    more = shown == asked.limit if total is None else last < total
    if asked.page == 1 and not more:
        return None
    return Pager(
        first=asked.offset + 1 if shown else 0,
        last=last if shown else 0,
        total=total,
        previous=asked.turned(path, asked.page - 1, default_limit) if asked.page > 1 else None,
        next=asked.turned(path, asked.page + 1, default_limit) if more else None,
    )
