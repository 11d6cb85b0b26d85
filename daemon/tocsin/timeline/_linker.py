"""The stage from mentions to events and claims: read, decide, write, one article at a time.

Linking is the one stage that must not run twice at once: two articles about one happening that nobody
knew yet would make two events. The daemon holds a lock around `Linker.link`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from tocsin.model import (
    Claim,
    Event,
    EventRevision,
    LinkedMention,
    LinkWrite,
    Stance,
)
from tocsin.ports import ArticleStore, Ids, TimelineStore
from tocsin.timeline._folding import fold
from tocsin.timeline._ledger import Ledger, decide_claims
from tocsin.timeline._linking import Choice, choose, off_timeline, wanted
from tocsin.timeline._revising import revise
from tocsin.timeline._titles import Phrases

_CLAIM_MEMORY = timedelta(days=60)


class LinkStore(ArticleStore, TimelineStore, Protocol):
    """What linking needs of the store."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking one article came to."""

    article_id: UUID
    events: tuple[UUID, ...]  # that wait for rules
    revisions: tuple[EventRevision, ...]
    off: int  # mentions that made no entry


@dataclass(frozen=True, slots=True)
class Change:
    """Everything linking one article was read for: the input of `decide_revisions`."""

    article_id: UUID
    every: tuple[LinkedMention, ...]  # all mentions the article ever had
    linked: tuple[LinkedMention, ...]  # its active mentions, with their events
    before: dict[UUID, Event]  # states of touched events that exist already
    backing: dict[UUID, list[LinkedMention]]  # their active mentions from other articles
    ledger: Ledger  # what the article does to the claim ledger
    claims: tuple[Claim, ...]  # all that concern these events, the ledger's new state included


class Linker:
    """Links the mentions of one article to events and claims.

    Args:
        store: where mentions, events and claims are.
        ids: new event and claim ids.
        phrases: event type to verb phrase, for titles.
    """

    def __init__(self, store: LinkStore, ids: Ids, phrases: Phrases) -> None:
        self._store = store
        self._ids = ids
        self._phrases = phrases

    def link(self, article_id: UUID) -> Linked:
        """Link one article's newest mentions; safe to call again."""
        every = self._store.article_mentions(article_id, active_only=False)
        active = [m for m in every if m.active]
        candidates = {
            m.id: self._store.candidates(wanted(m))
            for m in active
            if m.event_id is None and off_timeline(m) is None
        }
        earlier = [m for m in every if not m.active]
        choices = choose(active, candidates, self._ids.new, self._phrases, earlier)
        linked = [c.mention for c in choices]
        known = self._known_claims(linked)
        ledger = decide_claims(linked, known, self._ids.new, self._phrases)
        before = self._events_before(every, choices, candidates, ledger)
        backing = self._backing(before, article_id)
        claims = {c.id: c for c in (*known, *self._claims_about(before), *ledger.claims)}
        change = Change(
            article_id, tuple(every), tuple(linked), before, backing, ledger, tuple(claims.values())
        )
        revisions = decide_revisions(change, self._phrases)
        write = LinkWrite(
            article_id=article_id,
            links=tuple((c.mention.id, c.event_id, c.reason.value) for c in choices),
            revisions=tuple(revisions),
            claims=ledger.claims,
        )
        waiting = self._store.write_links(write)
        off = sum(1 for c in choices if c.event_id is None)
        return Linked(article_id, tuple(waiting), tuple(revisions), off)

    def _known_claims(self, linked: Sequence[LinkedMention]) -> list[Claim]:
        countries = sorted(
            {a.country for m in linked for a in (*m.mention.source, *m.mention.target) if a.country}
            | {
                a.country
                for m in linked
                if m.mention.claim
                for a in (*m.mention.claim.source, *m.mention.claim.target)
                if a.country
            }
        )
        if not linked or not countries:
            return []
        return self._store.recent_claims(min(m.known_at for m in linked) - _CLAIM_MEMORY, countries)

    def _events_before(
        self,
        every: Sequence[LinkedMention],
        choices: Sequence[Choice],
        candidates: dict[UUID, list[Event]],
        ledger: Ledger,
    ) -> dict[UUID, Event]:
        """States of all events this article touches, touched before, or speaks of in a claim."""
        seen = {e.id: e for found in candidates.values() for e in found}
        touched: dict[UUID, None] = dict.fromkeys(
            [c.event_id for c in choices if c.event_id is not None]
            + [m.event_id for m in every if m.event_id is not None]
            + [c.about_event_id for c in ledger.claims if c.about_event_id is not None]
        )
        found = ((i, seen.get(i) or self._store.event(i)) for i in touched)
        return {i: event for i, event in found if event is not None}

    def _backing(self, before: dict[UUID, Event], article_id: UUID) -> dict[UUID, list[LinkedMention]]:
        backing: dict[UUID, list[LinkedMention]] = {i: [] for i in before}
        for m in self._store.event_mentions(list(before)):
            if m.article_id != article_id and m.event_id is not None:
                backing[m.event_id].append(m)
        return backing

    def _claims_about(self, before: dict[UUID, Event]) -> Iterable[Claim]:
        keys = list({e.claim for e in before.values() if e.claim is not None})
        own = self._store.claims_by_key(keys) if keys else []
        happenings = [e.id for e in before.values() if not e.type.startswith("statement.")]
        return [*own, *(c for i in happenings for c in self._store.claims_of(i))]


def decide_revisions(change: Change, phrases: Phrases) -> list[EventRevision]:
    """Fold every touched event again and say what changed."""
    mine: dict[UUID, list[LinkedMention]] = {}
    for m in change.linked:
        if m.event_id is not None:
            mine.setdefault(m.event_id, []).append(m)
    revisions = []
    for event_id in dict.fromkeys([*mine, *change.before]):
        mentions = [*change.backing.get(event_id, ()), *mine.get(event_id, ())]
        after = _fold_one(change, event_id, mentions, phrases)
        revision = revise(change.before.get(event_id), after, change.article_id)
        if revision is not None:
            revisions.append(revision)
    return revisions


def _fold_one(change: Change, event_id: UUID, mentions: Sequence[LinkedMention], phrases: Phrases) -> Event:
    prior = change.before.get(event_id)
    claim = change.ledger.by_event.get(event_id)
    key = claim.key if claim is not None else (prior.claim if prior is not None else None)
    text = next((c.text for c in change.claims if c.key == key), None) if key is not None else None
    stances = {s.stance for c in change.claims if c.about_event_id == event_id for s in c.stances}
    told_at = [m.known_at for m in (change.linked or change.every)]
    moment = max([*told_at, *([prior.last_known] if prior is not None else [])])
    folded = fold(
        event_id,
        mentions,
        revision=1 if prior is None else prior.revision + 1,
        known_at=moment,
        phrases=phrases,
        prior=prior,
        claim=key,
        claim_text=text,
        denied=Stance.DENY in stances,
        confirmed=Stance.CONFIRM in stances,
    )
    return folded if prior is None else replace(folded, first_known=prior.first_known)
