"""What those who got an alert are told when its event turns out otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tocsin.alerting._words import KIND_WORDS, count_words, place_words, span_words
from tocsin.model import Alert, AlertDraft, AlertKind, Event, EventStatus, Party, Place, Thing, When

_STATUS_KINDS = {
    EventStatus.RETRACTED: (AlertKind.RETRACTED, "those who told it took it back"),
    EventStatus.DENIED: (AlertKind.DENIED, "a party to it denies it"),
    EventStatus.DISPUTED: (AlertKind.DENIED, "one party asserts it and another denies it"),
    EventStatus.CONFIRMED: (AlertKind.CONFIRMED, "it is confirmed"),
}


@dataclass(frozen=True, slots=True)
class _News:
    """One thing that changed: what kind of follow-up it makes, why, and what makes it the same news again."""

    kind: AlertKind
    reason: str
    content: Mapping[str, Any]


def follow_ups(before: Event | None, after: Event, prior: Sequence[Alert], now: datetime) -> list[AlertDraft]:
    """Follow-ups for alerts on this event that one revision, `before` to `after`, gives reason for.

    `prior` holds the alerts that carry the event and were sent knowing `before`; only first alerts are
    followed. `before` is None for a new event, which nobody was told of. `now` is the knowledge time of
    the revision. One revision makes at most one follow-up about truth (retracted or denied, else
    corroborated, else confirmed) and one about facts (corrected) for each alert. Fingerprints are made of
    the first alert, the event, the kind and what became known, so the same news is never told twice.
    """
    if before is None:
        return []
    firsts = [a for a in prior if a.draft.kind is AlertKind.FIRST and after.id in a.draft.event_ids]
    news = [one for one in (_truth(before, after), _facts(before, after)) if one is not None]
    return [_draft(first, after, one, now) for first in firsts for one in news]


def _truth(before: Event, after: Event) -> _News | None:
    kind, why = _STATUS_KINDS.get(after.status, (None, ""))
    if after.status is before.status:
        kind = None
    if kind in {None, AlertKind.CONFIRMED} and len(before.owners) < 2 <= len(after.owners):
        owners = f"{count_words(len(after.owners), 'owner')} ({', '.join(after.owners)})"
        return _News(AlertKind.CORROBORATED, f"{after.title}: now told by {owners}.", {})
    if kind is None:
        return None
    reason = f"{after.title}: {why} (was {before.status.value})."
    return _News(kind, reason, {"status": after.status.value})


def _facts(before: Event, after: Event) -> _News | None:
    """A correction: something known was replaced or taken away. Something added or made finer is none."""
    changes: dict[str, list[str]] = {}
    if _date_corrected(before.when, after.when):
        changes["date"] = [_when(before.when), _when(after.when)]
    if _place_corrected(before.place, after.place):
        changes["place"] = [_place(before.place), _place(after.place)]
    if _parties_corrected(before.source, after.source):
        changes["source"] = [_parties(before.source), _parties(after.source)]
    if _parties_corrected(before.target, after.target):
        changes["target"] = [_parties(before.target), _parties(after.target)]
    changes.update(_counts_corrected(before.objects, after.objects))
    if not changes:
        return None
    told = "; ".join(f"{name} is now {new} (was {old})" for name, (old, new) in changes.items())
    content = {name: new for name, (_, new) in changes.items()}
    return _News(AlertKind.CORRECTED, f"{after.title}: {told}.", content)


def _date_corrected(before: When | None, after: When | None) -> bool:
    """Days that lie inside the others, either way, do not contradict them."""
    if before is None:
        return False
    return after is None or not (_inside(before, after) or _inside(after, before))


def _inside(inner: When, outer: When) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _place_corrected(before: Place | None, after: Place | None) -> bool:
    if before is None:
        return False
    return after is None or (before.name or before.text, before.country) != (
        after.name or after.text,
        after.country,
    )


def _parties_corrected(before: Sequence[Party], after: Sequence[Party]) -> bool:
    return not _known(before) <= _known(after)


def _known(parties: Sequence[Party]) -> set[str]:
    return {key for p in parties if (key := p.country or p.name)}


def _parties(parties: Sequence[Party]) -> str:
    return ", ".join(party.name or party.country or "unknown" for party in parties) or "nobody named"


def _when(when: When | None) -> str:
    return "not known" if when is None else span_words(when)


def _place(place: Place | None) -> str:
    return place_words(place) or "not known"


def _counts_corrected(before: Sequence[Thing], after: Sequence[Thing]) -> dict[str, list[str]]:
    old, new = _counts(before), _counts(after)
    return {
        f"number of {kind}": [str(old[kind]), str(new[kind])]
        for kind in sorted(old.keys() & new.keys())
        if old[kind] != new[kind]
    }


def _counts(things: Sequence[Thing]) -> dict[str, int]:
    """The stated number of each kind; a kind told with several numbers is not comparable and left out."""
    found: dict[str, set[int]] = {}
    for thing in things:
        if thing.count is not None:
            found.setdefault(thing.name or thing.kind, set()).add(thing.count)
    return {kind: counts.pop() for kind, counts in found.items() if len(counts) == 1}


def _draft(first: Alert, after: Event, news: _News, now: datetime) -> AlertDraft:
    return replace(
        first.draft,
        fingerprint=_fingerprint(first, after, news),
        kind=news.kind,
        title=f"{KIND_WORDS[news.kind]}: {first.draft.title}",
        reason=news.reason,
        known_at=now,
        explanation={"event": str(after.id), "revision": after.revision, **news.content},
        follows=first.id,
    )


def _fingerprint(first: Alert, after: Event, news: _News) -> str:
    told = [first.draft.rule, first.draft.fingerprint, str(after.id), news.kind.value, news.content]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return f"1{digest[:40]}"  # the first character is the version of this recipe
