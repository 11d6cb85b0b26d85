"""Fold the mentions of one event into its state: votes over type, day, parties, place and objects.

The state is a function of the active mentions alone, so an edited article simply folds again. Votes are
counted by voice, not by URL: a voice is an owner; all word-for-word copies of a wire text have the one voice of
whoever carried it first, and articles that are one by their pages have the voice of the one that stands for them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tocsin.model import (
    Basis,
    ClaimKey,
    Event,
    EventStatus,
    LinkedMention,
    Party,
    Place,
    Severity,
    Thing,
    When,
)
from tocsin.timeline._matching import mention_parties, within
from tocsin.timeline._status import derive_phase, derive_status
from tocsin.timeline._titles import Phrases, event_title

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_BASIS_WEIGHT = {Basis.EXPRESSION: 3.0, Basis.CONTEXT: 2.0, Basis.PUBLISHED: 1.0, Basis.OBSERVED: 1.0}
_CORRECTION_WEIGHT = 8.0
_CORRECTION = re.compile(
    r"\s*(?:\w+[-/ ])?(?:correction|corrected|corrects|clarification)\s*[:\-–—(]", re.IGNORECASE
)


def is_correction(title: str) -> bool:
    """Whether an article's title announces a correction, as newsrooms mark them."""
    return _CORRECTION.match(title) is not None


def voices(mentions: Iterable[LinkedMention]) -> dict[str, str]:
    """Which voice each article has: article id as text -> owner, publisher or the article itself."""
    ordered = sorted(mentions, key=lambda m: (m.same_as is not None, _told_at(m)))
    taken: dict[str | UUID, str] = {}  # by article and by text
    result: dict[str, str] = {}
    for m in ordered:
        same = [one for one in (_counted_as(m), m.text_hash) if one]
        own = m.owner or m.publisher or str(m.article_id)
        voice = next((taken[one] for one in same if one in taken), own)
        taken.update((one, voice) for one in same if one not in taken)
        result[str(m.article_id)] = voice
    return result


def _counted_as(m: LinkedMention) -> UUID:
    return m.same_as or m.article_id


def _told_at(m: LinkedMention) -> tuple[datetime, datetime, str, int]:
    return (m.published or m.known_at, m.known_at, str(m.article_id), m.ordinal)


def _weights(active: Sequence[LinkedMention], voice: dict[str, str]) -> dict[UUID, float]:
    """One vote a voice, shared by its mentions; the newest article of a publisher overrides its older ones."""
    newest: dict[str, tuple[datetime, datetime]] = {}
    for m in active:
        key = m.publisher or str(m.article_id)
        newest[key] = max(
            newest.get(key, (m.published or m.known_at, m.known_at)), (m.published or m.known_at, m.known_at)
        )
    count = Counter(voice[str(m.article_id)] for m in active)
    weights = {}
    for m in active:
        weight = 1.0 / count[voice[str(m.article_id)]]
        if (m.published or m.known_at, m.known_at) != newest[m.publisher or str(m.article_id)]:
            weight *= 0.25
        weights[m.id] = weight * (_CORRECTION_WEIGHT if is_correction(m.article_title) else 1.0)
    return weights


def _vote(
    active: Sequence[LinkedMention],
    weights: dict[UUID, float],
    value: Callable[[LinkedMention], T | None],
    key: Callable[[T], K],
    boost: Callable[[T], float] = lambda _: 1.0,
) -> T | None:
    """The value with most weight; of equal ones the one told first."""
    tally: dict[K, float] = defaultdict(float)
    example: dict[K, T] = {}
    for m in active:
        told = value(m)
        if told is not None:
            tally[key(told)] += weights[m.id] * boost(told)
            held = example.get(key(told))
            example[key(told)] = told if held is None or boost(told) > boost(held) else held
    if not tally:
        return None
    return example[max(tally, key=lambda k: round(tally[k], 9))]


def _fold_type(active: Sequence[LinkedMention], weights: dict[UUID, float]) -> str:
    tally: dict[str, float] = defaultdict(float)
    for m in active:
        tally[m.mention.type] += weights[m.id]
    best = max(tally, key=lambda t: round(tally[t], 9))
    below = [t for t in tally if t != best and within(t, best)]
    return max(below, key=lambda t: (round(tally[t], 9), t)) if below else best


def _fold_when(active: Sequence[LinkedMention], weights: dict[UUID, float]) -> When | None:
    def worth(when: When) -> float:
        return _BASIS_WEIGHT[when.basis] * (2.0 if when.start == when.end else 1.0)

    return _vote(active, weights, lambda m: m.mention.when, lambda w: (w.start, w.end), worth)


def _fold_place(active: Sequence[LinkedMention], weights: dict[UUID, float]) -> Place | None:
    return _vote(
        active,
        weights,
        lambda m: m.mention.place,
        lambda p: (p.name or p.text, p.country),
        lambda p: 1.0 if p.lat is None else 1.5,
    )


def _fold_parties(
    active: Sequence[LinkedMention], weights: dict[UUID, float], role: str
) -> tuple[Party, ...]:
    """Parties that a third of the best-backed one's votes agree on, best first."""
    votes: dict[str, float] = defaultdict(float)
    forms: dict[str, Counter[Party]] = defaultdict(Counter)
    for m in active:
        for party in set(mention_parties(m, role)):
            key = party.country or (party.name or "").casefold()
            votes[key] += weights[m.id]
            forms[key][party] += 1
    if not votes:
        return ()
    resolved = {k for k in votes if any(p.country or p.sector for p in forms[k])}
    floor = max(votes.values()) * 0.34
    kept = [k for k in votes if votes[k] >= floor and (k in resolved or not resolved)]
    kept.sort(key=lambda k: (-round(votes[k], 9), k))
    return tuple(_best_form(forms[k]) for k in kept[:6])


def _best_form(forms: Counter[Party]) -> Party:
    """The form used most; the shorter name of equal ones, so that a state goes by its plain name."""
    return min(forms, key=lambda p: (-forms[p], len(p.name or ""), p.name or "", p.sector or ""))


def _fold_objects(active: Sequence[LinkedMention], weights: dict[UUID, float]) -> tuple[Thing, ...]:
    tally: dict[tuple[str, str], float] = defaultdict(float)
    counts: dict[tuple[str, str], dict[int | None, float]] = defaultdict(lambda: defaultdict(float))
    example: dict[tuple[str, str], Thing] = {}
    for m in active:
        for thing in m.mention.objects:
            key = (thing.kind, (thing.name or thing.text).casefold())
            tally[key] += weights[m.id]
            counts[key][thing.count] += weights[m.id] * (1.0 if thing.count is not None else 0.2)
            example.setdefault(key, thing)
    ranked = sorted(tally, key=lambda k: (-round(tally[k], 9), k))[:8]
    return tuple(
        replace(example[k], count=max(counts[k], key=lambda c: round(counts[k][c], 9))) for k in ranked
    )


def _fold_confidence(active: Sequence[LinkedMention], voice: dict[str, str]) -> float:
    """Noisy-or over voices, each with its best mention; never certain."""
    best: dict[str, float] = defaultdict(float)
    for m in active:
        key = voice[str(m.article_id)]
        best[key] = max(best[key], m.mention.confidence)
    doubt = 1.0
    for confidence in best.values():
        doubt *= 1.0 - min(confidence, 0.95)
    return round(min(1.0 - doubt, 0.99), 3)


def fold(
    event_id: UUID,
    mentions: Sequence[LinkedMention],
    *,
    revision: int,
    known_at: datetime,
    phrases: Phrases,
    prior: Event | None = None,
    claim: ClaimKey | None = None,
    claim_text: str | None = None,
    denied: bool = False,
    confirmed: bool = False,
) -> Event:
    """The state of an event from all mentions ever linked to it, withdrawn ones marked inactive.

    With no active mention left, the facts of the last state are kept and the status says retracted.
    """
    active = sorted((m for m in mentions if m.active), key=_told_at)
    if not active:
        if prior is None:
            raise ValueError("an event needs a mention")
        return replace(
            prior, status=EventStatus.RETRACTED, revision=revision, last_known=known_at, mentions=0
        )
    voice = voices(active)
    weights = _weights(active, voice)
    event_type = _fold_type(active, weights)
    source = _fold_parties(active, weights, "source")
    target = _fold_parties(active, weights, "target")
    place = _fold_place(active, weights)
    codes = next(m.mention for m in active if m.mention.type == event_type)
    return Event(
        id=event_id,
        type=event_type,
        title=event_title(event_type, source, target, place, phrases=phrases, claim=claim_text),
        status=derive_status(active, voice, denied_by_claim=denied, confirmed_by_claim=confirmed),
        phase=derive_phase(active),
        severity=max((Severity(m.mention.severity) for m in active), key=lambda s: s.rank),
        when=_fold_when(active, weights),
        place=place,
        source=source,
        target=target,
        objects=_fold_objects(active, weights),
        confidence=_fold_confidence(active, voice),
        mentions=len(active),
        articles=len({_counted_as(m) for m in active}),
        publishers=tuple(sorted({m.publisher for m in active if m.publisher})),
        owners=tuple(sorted(set(voice.values()))),
        first_known=min(m.known_at for m in mentions) if prior is None else min(prior.first_known, known_at),
        last_known=known_at,
        revision=revision,
        plover=codes.plover,
        cameo=codes.cameo,
        claim=claim,
        first_published=min((m.published for m in active if m.published), default=None),
    )
