"""`PolitenessStore`: who is left alone until when, and what was asked of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, Select, String, and_, cast, delete, or_, select

from tocsin.model import Cooldown, Exchange, FetchOutcome, RequestKind, Traced, TurnRule
from tocsin.network import lane_of
from tocsin.store._convert_feeds import to_requests
from tocsin.store._part import Part, insert_new, upsert
from tocsin.store._tables_feeds import cooldown, feed, fetch, request
from tocsin.store._types import storable

_REMEMBERED = timedelta(days=1)  # after its end, so that the next one knows that it recurs


_COOLDOWNS = cooldown  # methods have a cool-down of that name


class Politeness(Part):
    """Cool-downs and the trace."""

    def cooldowns(self, now: datetime) -> list[Cooldown]:
        """Those not over, and those over for less than a day, by scope."""
        found = select(cooldown).where(cooldown.c.until > now - _REMEMBERED).order_by(cooldown.c.scope)
        with self._db.read() as connection:
            return [
                Cooldown(row.scope, row.since, row.until, row.reason) for row in connection.execute(found)
            ]

    def save_cooldown(self, cooldown: Cooldown) -> None:
        """Insert, or replace the one of this scope."""
        row = {"scope": cooldown.scope, "since": cooldown.since, "until": cooldown.until}
        with self._db.write() as connection:
            upsert(connection, _COOLDOWNS, [row | {"reason": cooldown.reason}])

    def end_cooldown(self, scope: str) -> bool:
        """Forget it; False when there was none."""
        with self._db.write() as connection:
            gone = connection.execute(delete(cooldown).where(cooldown.c.scope == storable(scope)))
            return bool(gone.rowcount)

    def record_requests(self, requests: Sequence[Exchange]) -> None:
        """Log requests that belong to no poll: pages and robots.txt."""
        with self._db.write() as connection:
            insert_new(connection, request, [_request_values(made) for made in requests])

    def trace(self, host: str, since: datetime | None = None, limit: int = 1000) -> list[Traced]:
        """What was asked of a host and the names below it, newest `limit` of them, oldest first.

        A poll that led there by a redirect only is in it, too, with the requests it made there.
        """
        name = storable(host.lower().rstrip("."))
        with self._db.read() as connection:
            polls = [_of_poll(row, name) for row in connection.execute(_polls(name, since, limit))]
            found = connection.execute(_requests(name, since, limit))
            others = [_of_request(row) for row in found if is_at(row.url, name)]
        lines = [line for line in (*polls, *others) if line is not None]
        return sorted(lines, key=lambda line: line.at)[-limit:] if limit > 0 else []


def is_at(url: str, name: str) -> bool:
    """Whether an address is at a host or below it; `name` may have a port."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2].lower()
    host = (parts.hostname or "").rstrip(".")
    return name in (netloc, host) or host.endswith(f".{name}")


def _polls(name: str, since: datetime | None, limit: int) -> Select[Any]:
    """Polls that may have gone there; `_of_poll` looks closer."""
    put_off = and_(fetch.c.outcome == FetchOutcome.DEFERRED.value, feed.c.host == lane_of(f"http://{name}/"))
    mentions = cast(fetch.c.requests, String).contains(name, autoescape=True)
    found = select(fetch, feed.c.url.label("feed_url")).join(feed, feed.c.id == fetch.c.feed_id)
    found = found.where(or_(mentions, put_off))
    if since is not None:
        found = found.where(fetch.c.at >= since)
    return found.order_by(fetch.c.at.desc()).limit(max(limit, 0))


def _of_poll(row: Row[Any], name: str) -> Traced | None:
    made = tuple(one for one in to_requests(row.requests) if is_at(one.url, name))
    if not made and (row.requests or not is_at(row.feed_url, name)):
        return None
    return Traced(
        at=made[0].started if made else row.at,
        kind=RequestKind.FEED,
        url=row.feed_url,
        requests=made,
        told=row.reason,
        next_due_at=row.next_due_at,
    )


def _requests(name: str, since: datetime | None, limit: int) -> Select[Any]:
    bare = urlsplit(f"//{name}").hostname or name
    below = request.c.host.endswith(f".{bare}", autoescape=True)
    found = select(request).where(or_(request.c.host == bare, below))
    if since is not None:
        found = found.where(request.c.started >= since)
    return found.order_by(request.c.started.desc()).limit(max(limit, 0))


def _of_request(row: Row[Any]) -> Traced:
    kind = RequestKind(row.kind)
    made = Exchange(
        url=row.url,
        started=row.started,
        status=row.status,
        waited_ms=row.waited_ms,
        rule=TurnRule(row.rule),
        conditional=row.conditional,
        duration_ms=row.duration_ms,
        kind=kind,
    )
    return Traced(row.started, kind, row.url, (made,), "no answer" if row.status is None else f"{row.status}")


def _request_values(made: Exchange) -> dict[str, Any]:
    return {
        "host": (urlsplit(made.url).hostname or "").rstrip("."),
        "started": made.started,
        "kind": made.kind.value,
        "url": made.url,
        "status": made.status,
        "waited_ms": made.waited_ms,
        "rule": made.rule.value,
        "conditional": made.conditional,
        "duration_ms": made.duration_ms,
    }
