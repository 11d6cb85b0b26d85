"""What is known of an event's truth, derived from how its mentions tell it."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.model import EventStatus, LinkedMention, MentionStatus, Phase

_FACT = frozenset({MentionStatus.HAPPENED, MentionStatus.ONGOING, MentionStatus.PLANNED})


def derive_status(
    active: Sequence[LinkedMention],
    independent: dict[str, str],
    *,
    denied_by_claim: bool = False,
    confirmed_by_claim: bool = False,
) -> EventStatus:
    """The status of an event from its active mentions.

    `independent` maps each article (id as text) to the voice that counts for it: the owner, or for a
    copied wire text the owner of its first carrier. The two flags say that the claim ledger holds a denial or
    a confirmation of it by a party. No active mention left means everybody took it back.
    """
    if not active:
        return EventStatus.RETRACTED
    facts = {independent[str(m.article_id)] for m in active if m.mention.status in _FACT}
    alleged = any(m.mention.status is MentionStatus.ALLEGED for m in active)
    denied = denied_by_claim or any(m.mention.status is MentionStatus.DENIED for m in active)
    if denied:
        return EventStatus.DISPUTED if facts or alleged else EventStatus.DENIED
    if len(facts) >= 2 or (confirmed_by_claim and (facts or alleged)):
        return EventStatus.CONFIRMED
    return EventStatus.REPORTED if facts else EventStatus.CLAIMED


def derive_phase(active: Sequence[LinkedMention]) -> Phase:
    """Planned while nobody tells it as done or under way."""
    statuses = {m.mention.status for m in active}
    if statuses & {MentionStatus.HAPPENED, MentionStatus.ALLEGED, MentionStatus.DENIED}:
        return Phase.HAPPENED
    if MentionStatus.ONGOING in statuses:
        return Phase.ONGOING
    return Phase.PLANNED if MentionStatus.PLANNED in statuses else Phase.HAPPENED
