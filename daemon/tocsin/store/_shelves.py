"""Finding events near some days by one index, whatever the length of the timeline.

Two days overlap with a span when it begins before the last and ends after the first of them: two
conditions on two columns, of which an index serves one. Nearly all events are short, though, and a short
one that overlaps begins at most `_SHORT` days before. So short, long and undated events stand apart.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from tocsin.model import MentionCandidate, When
from tocsin.store._tables_timeline import event

_SHORT = 31  # days
_DATED, _LONG, _UNDATED = "dated", "long", "undated"


def shelf_values(when: When | None, last_known: datetime) -> dict[str, Any]:
    """Where an event stands."""
    if when is None:
        return {"shelf": _UNDATED, "shelf_day": last_known.date()}
    if (when.end - when.start).days <= _SHORT:
        return {"shelf": _DATED, "shelf_day": when.start}
    return {"shelf": _LONG, "shelf_day": when.end}


def near(wanted: MentionCandidate) -> ColumnElement[bool]:
    """Dated events that overlap with the days wanted, and undated ones told since `known_since`."""
    since, until, c = wanted.since, wanted.until, event.c
    short, long = [c.shelf == _DATED], [c.shelf == _LONG]
    if since is not None:
        short += [c.shelf_day >= _earlier(since), c.when_end >= since]
        long.append(c.shelf_day >= since)
    if until is not None:
        short.append(c.shelf_day <= until)
        long.append(c.when_start <= until)
    found = [and_(*short), and_(*long)]
    if wanted.known_since is not None:
        told = and_(c.shelf_day >= wanted.known_since.date(), c.last_known >= wanted.known_since)
        found.append(and_(c.shelf == _UNDATED, told))
    return or_(*found)


def _earlier(day: date) -> date:
    return day - timedelta(days=min(_SHORT, (day - date.min).days))
