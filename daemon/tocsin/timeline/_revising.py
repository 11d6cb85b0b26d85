"""What changed between two states of an event, and the one reason that is told to people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tocsin.model import Event, EventReason, EventRevision, EventStatus, Party, When, when_to_json

_FACTS = ("type", "when", "place", "source", "target", "objects")


def revise(before: Event | None, after: Event, article_id: UUID | None) -> EventRevision | None:
    """The revision that takes an event from one state to the next; None when nothing is new.

    Args:
        before: the last state, or None for a new event.
        after: the state folded now, with its revision number and `last_known` set.
        article_id: the article that brought the change.
    """
    if before is None:
        return _revision(after, EventReason.FIRST_REPORT, _first(after), {}, article_id)
    changes = _changes(before, after)
    if not changes:
        return None
    reason = _reason(before, after, changes)
    return _revision(after, reason, _detail(before, after, reason, changes), changes, article_id)


def _revision(
    after: Event, reason: EventReason, detail: str, changes: dict[str, Any], article_id: UUID | None
) -> EventRevision:
    return EventRevision(
        event_id=after.id,
        number=after.revision,
        known_at=after.last_known,
        reason=reason,
        detail=detail,
        changes=changes,
        state=after,
        article_id=article_id,
    )


def _changes(before: Event, after: Event) -> dict[str, Any]:
    fields = (*_FACTS, "status", "phase", "severity", "title", "owners", "articles", "mentions")
    return {
        name: [_plain(getattr(before, name)), _plain(getattr(after, name))]
        for name in fields
        if _core(getattr(before, name)) != _core(getattr(after, name))
    }


def _core(value: Any) -> Any:
    """What counts as a difference: the days of a date, the name of a place, not the words or spans."""
    if isinstance(value, When):
        return (value.start, value.end)
    if isinstance(value, tuple):
        return tuple(_core(v) for v in value)
    if isinstance(value, Party):
        return value.country or value.name
    if hasattr(value, "kind") and hasattr(value, "count"):
        return (value.kind, value.name or value.text.casefold(), value.count)
    if hasattr(value, "lat"):
        return (value.name or value.text, value.country)
    return value


def _plain(value: Any) -> Any:
    """A JSON value that people can read."""
    if isinstance(value, When):
        return when_to_json(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Party):
        return value.name or value.country
    if hasattr(value, "kind") and hasattr(value, "count"):
        name = value.name or value.text
        return name if value.count is None else f"{value.count} {name}"
    if hasattr(value, "lat"):
        return value.name or value.text
    return value.value if hasattr(value, "value") else value


def _reason(before: Event, after: Event, changes: dict[str, Any]) -> EventReason:
    if after.status is EventStatus.RETRACTED:
        return EventReason.RETRACTED
    if "status" in changes and after.status in (EventStatus.DENIED, EventStatus.DISPUTED):
        return EventReason.STATUS_CHANGED
    if after.articles < before.articles:
        return EventReason.WITHDRAWN if after.mentions < before.mentions else EventReason.RECOUNTED
    if any(_replaced(before, after, name) for name in _FACTS if name in changes):
        return EventReason.CORRECTED
    return _growth(before, after, changes)


def _growth(before: Event, after: Event, changes: dict[str, Any]) -> EventReason:
    if set(after.owners) - set(before.owners):
        return EventReason.CORROBORATED
    return EventReason.STATUS_CHANGED if "status" in changes else EventReason.REPEATED


def _replaced(before: Event, after: Event, name: str) -> bool:
    """A fact was put in place of another one; a fact that was merely added is not a correction."""
    old, new = _core(getattr(before, name)), _core(getattr(after, name))
    if old in (None, ()) or name == "type":
        return False
    if name == "objects":
        counts = {(kind, what): count for kind, what, count in old if count is not None}
        return any(
            count is not None and counts.get((kind, what), count) != count for kind, what, count in new
        )
    if isinstance(old, tuple) and name in ("source", "target"):
        return not set(old) <= set(new)
    if name == "when" and before.when is not None and after.when is not None:
        return not (before.when.start <= after.when.start and after.when.end <= before.when.end)
    return name in ("when", "place")


def _first(after: Event) -> str:
    by = after.publishers[0] if after.publishers else "an article"
    return f"first told by {by}"


def _detail(before: Event, after: Event, reason: EventReason, changes: dict[str, Any]) -> str:
    if reason is EventReason.CORROBORATED:
        new = sorted(set(after.owners) - set(before.owners))
        text = f"also told by {', '.join(new)}: {len(after.owners)} independent owners"
        return f"{text}; now {after.status.value}" if "status" in changes else text
    if reason is EventReason.CORRECTED:
        told = [name for name in _FACTS if name in changes]
        return "; ".join(
            f"{name}: {_show(changes[name][0])} is now {_show(changes[name][1])}" for name in told
        )
    turn = f"was {before.status.value}, now {after.status.value}"
    fewer = before.articles - after.articles
    plain = {
        EventReason.STATUS_CHANGED: turn,
        EventReason.RETRACTED: "no article tells it any more",
        EventReason.WITHDRAWN: f"{fewer} edited article no longer tells it",
        EventReason.RECOUNTED: f"{fewer + 1} of its articles are one by their pages"
        + (f"; {turn}" if "status" in changes else ""),
    }
    return plain.get(reason, f"told again: {after.articles} articles, {after.mentions} mentions")


def _show(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, dict):
        start, end = value["start"], value["end"]
        return str(start) if start == end else f"{start} to {end}"
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)
