"""The claim ledger: who asserts, denies, confirms or retracts what, as linked data.

A denial and the accusation it answers meet in one claim: same kind of act, same doer, same other side.
A statement that only points back ("denied the allegation") is resolved to the newest claim that names
the speaker, in the same article first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tocsin.model import (
    Claim,
    ClaimKey,
    ClaimStance,
    ClaimStatus,
    LinkedMention,
    MentionStatus,
    Party,
    Proposition,
    Stance,
)
from tocsin.timeline._matching import actor_keys, claim_key, same_claim, within
from tocsin.timeline._titles import Phrases, claim_text

STANCES = {
    "statement.accuse": Stance.ASSERT,
    "statement.deny": Stance.DENY,
    "statement.reject": Stance.DENY,
    "statement.confirm": Stance.CONFIRM,
    "statement.claim_responsibility": Stance.CONFIRM,
    "statement.retract": Stance.RETRACT,
}
_OPPOSITE = {Stance.ASSERT: Stance.DENY, Stance.DENY: Stance.ASSERT, Stance.CONFIRM: Stance.DENY}
_SAID = frozenset({MentionStatus.HAPPENED, MentionStatus.ONGOING, MentionStatus.ALLEGED})


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one article does to the ledger: claims new or changed, and which claim each statement is about."""

    claims: tuple[Claim, ...]
    by_event: dict[UUID, Claim]  # statement event -> claim


def derive_claim_status(key: ClaimKey, stances: Sequence[ClaimStance]) -> ClaimStatus:
    """The state of a claim from all stances on it."""
    kinds = {s.stance for s in stances}
    if Stance.RETRACT in kinds:
        return ClaimStatus.RETRACTED
    if any(s.stance is Stance.CONFIRM and (s.party.country or s.party.name) in key.source for s in stances):
        return ClaimStatus.CONFIRMED
    asserted = bool(kinds & {Stance.ASSERT, Stance.CONFIRM})
    if Stance.DENY in kinds:
        return ClaimStatus.DISPUTED if asserted else ClaimStatus.DENIED
    return ClaimStatus.ASSERTED


def decide_claims(
    mentions: Sequence[LinkedMention],
    known: Sequence[Claim],
    new_id: Callable[[], UUID],
    phrases: Phrases,
) -> Ledger:
    """Read the stances out of one article's linked mentions.

    Args:
        mentions: active mentions with `event_id` set, in text order.
        known: claims a mention may be about: recent ones that name the same countries.
        new_id: gives ids for new claims.
        phrases: event type to verb phrase, for the claim's text.
    """
    book = {claim.id: claim for claim in known}
    touched: dict[UUID, None] = {}
    by_event: dict[UUID, Claim] = {}
    own: list[UUID] = []  # claims this article spoke of, in text order
    for m in mentions:
        stance = STANCES.get(m.mention.type)
        if stance is None or m.event_id is None or m.mention.status not in _SAID:
            continue
        claim = _find(m, book, own) or _open(m, new_id, phrases)
        if claim is None:
            continue
        claim = _add(claim, m, _flip(stance, m.mention.claim), mentions)
        if claim.stances:
            book[claim.id] = claim
            touched[claim.id] = None
            own.append(claim.id)
            by_event[m.event_id] = claim
    return Ledger(
        claims=tuple(book[i] for i in touched), by_event={e: book[c.id] for e, c in by_event.items()}
    )


def _flip(stance: Stance, proposition: Proposition | None) -> Stance:
    """Confirming that something was not done is denying it."""
    return _OPPOSITE.get(stance, stance) if proposition is not None and proposition.negated else stance


def _find(m: LinkedMention, book: dict[UUID, Claim], own: Sequence[UUID]) -> Claim | None:
    """The claim a statement is about: by its proposition, or the one it points back to."""
    key = claim_key(m.mention.claim)
    if key is not None and (key.source or key.target):
        ranked = sorted(
            ((same_claim(key, c.key), c.last_known, c) for c in book.values()),
            key=lambda item: (item[0], item[1]),
        )
        return ranked[-1][2] if ranked and ranked[-1][0] > 0.6 else None
    if m.mention.claim is None or STANCES[m.mention.type] is Stance.ASSERT:
        return None
    for claim_id in reversed(own):
        if _concerns(m, book[claim_id]):
            return book[claim_id]
    named = [c for c in book.values() if _concerns(m, c) and c.last_known <= _latest(m)]
    return max(named, key=lambda c: c.last_known, default=None)


def _latest(m: LinkedMention) -> datetime:
    return m.known_at


def _concerns(m: LinkedMention, claim: Claim) -> bool:
    """Whether the speaker is a side of the claim and, if a kind is told, whether the kind agrees."""
    speakers = set(actor_keys(m.mention.source))
    wanted = m.mention.claim.type if m.mention.claim is not None else None
    if wanted is not None and not (within(wanted, claim.key.type) or within(claim.key.type, wanted)):
        return False
    return bool(speakers & {*claim.key.source, *claim.key.target})


def _open(m: LinkedMention, new_id: Callable[[], UUID], phrases: Phrases) -> Claim | None:
    """A claim nobody took a stance on before; None when the proposition names neither side."""
    key = claim_key(m.mention.claim)
    if key is None or not (key.source or key.target) or m.mention.claim is None:
        return None
    names = {
        a.country or (a.name or a.text).casefold(): a.name or a.text
        for a in (*m.mention.claim.source, *m.mention.claim.target)
    }
    return Claim(
        id=new_id(),
        key=key,
        text=claim_text(key, names, phrases),
        status=ClaimStatus.ASSERTED,
        first_known=m.known_at,
        last_known=m.known_at,
    )


def _add(claim: Claim, m: LinkedMention, stance: Stance, mentions: Sequence[LinkedMention]) -> Claim:
    speakers = m.mention.source or m.mention.attribution
    if m.event_id is None or not speakers:
        return claim
    taken = {(s.stance, s.party.country or s.party.name, s.event_id) for s in claim.stances}
    fresh = [
        ClaimStance(
            claim_id=claim.id,
            stance=stance,
            party=Party(a.name or a.text, a.country, a.sector),
            event_id=m.event_id,
            article_id=m.article_id,
            on=None if m.mention.when is None else m.mention.when.start,
            known_at=m.known_at,
        )
        for a in speakers[:3]
        if (stance, a.country or a.name or a.text, m.event_id) not in taken
    ]
    stances = (*claim.stances, *fresh)
    return replace(
        claim,
        stances=stances,
        status=derive_claim_status(claim.key, stances),
        first_known=min(claim.first_known, m.known_at),
        last_known=max(claim.last_known, m.known_at),
        about_event_id=claim.about_event_id or _about(claim.key, mentions),
    )


def _about(key: ClaimKey, mentions: Sequence[LinkedMention]) -> UUID | None:
    """The event on the timeline that this claim speaks of, if the same article tells it."""
    for m in mentions:
        told = ClaimKey(m.mention.type, actor_keys(m.mention.source), actor_keys(m.mention.target))
        if (
            m.event_id is not None
            and not m.mention.type.startswith("statement.")
            and same_claim(key, told) > 0.6
        ):
            return m.event_id
    return None
