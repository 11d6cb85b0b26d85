"""Which event each mention of an article belongs to: an existing one, a new one, or none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tocsin.model import Event, LinkedMention, MentionCandidate, MentionStatus
from tocsin.timeline._folding import fold, is_correction
from tocsin.timeline._matching import LinkReason, Match, match, mention_parties, neighbours, party_keys
from tocsin.timeline._titles import Phrases

MIN_CONFIDENCE = 0.3

_OFF = {
    MentionStatus.NEGATED: LinkReason.OFF_NEGATED,
    MentionStatus.HYPOTHETICAL: LinkReason.OFF_HYPOTHETICAL,
    MentionStatus.HISTORICAL: LinkReason.OFF_HISTORICAL,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one mention goes: `event_id` is None when it stays off the timeline."""

    mention: LinkedMention
    event_id: UUID | None
    reason: LinkReason


def off_timeline(m: LinkedMention) -> LinkReason | None:
    """Why a mention makes no entry, or None when it does."""
    told = m.mention
    if told.status in _OFF:
        return _OFF[told.status]
    if told.type.startswith("statement.") and told.status is MentionStatus.DENIED:
        return LinkReason.OFF_ANSWERED
    if told.confidence < MIN_CONFIDENCE:
        return LinkReason.OFF_UNCERTAIN
    return None


def _stands_alone(m: LinkedMention) -> bool:
    """Whether a mention that fits no known event says enough to make one."""
    told = m.mention
    source, target = (party_keys(mention_parties(m, role)) for role in ("source", "target"))
    if told.type.startswith("statement."):
        return bool(source)
    return bool(source or target or told.place)


def wanted(m: LinkedMention) -> MentionCandidate:
    """What to ask the store for: events this mention could be about."""
    when = m.mention.when
    slack = timedelta(days=4)
    countries = {a.country for a in (*m.mention.source, *m.mention.target) if a.country}
    if m.mention.place is not None and m.mention.place.country:
        countries.add(m.mention.place.country)
    told_at = m.published or m.known_at
    return MentionCandidate(
        types=neighbours(m.mention.type),
        countries=tuple(sorted(countries)),
        since=None if when is None else when.start - slack,
        until=None if when is None else when.end + slack,
        known_since=told_at - timedelta(days=45),
    )


def choose(
    mentions: Sequence[LinkedMention],
    candidates: Mapping[UUID, Sequence[Event]],
    new_id: Callable[[], UUID],
    phrases: Phrases,
    earlier: Sequence[LinkedMention] = (),
) -> list[Choice]:
    """Decide for every mention of one article, in text order.

    What an earlier revision of the article told in the same words of the same parties is the same event: a
    teaser and the full text, an article before and after an edit.

    Args:
        mentions: the active mentions of the article's newest revision.
        candidates: per mention id, events it might be about.
        new_id: gives ids for new events.
        phrases: event type to verb phrase.
        earlier: mentions of the article's earlier revisions.
    """
    told_before = {_wording(m): m.event_id for m in earlier if m.event_id is not None}
    drafts: list[Event] = []
    choices: list[Choice] = []
    named = {a.country for m in mentions for a in (*m.mention.source, *m.mention.target) if a.country}
    for m in mentions:
        off = off_timeline(m)
        if m.event_id is not None:
            choices.append(Choice(m, m.event_id, LinkReason.SAME_ARTICLE))
        elif off is not None:
            choices.append(Choice(m, None, off))
        elif (known := told_before.get(_wording(m))) is not None:
            choices.append(Choice(replace(m, event_id=known), known, LinkReason.SAME_ARTICLE))
        else:
            choices.append(
                _place(m, candidates.get(m.id, ()), drafts, _Desk(frozenset(named), new_id, phrases))
            )
    return choices


def _wording(m: LinkedMention) -> Hashable:
    """What makes two mentions of one article the same: kind, word, parties, place and day."""
    told = m.mention
    parties = tuple(frozenset(party_keys(mention_parties(m, role))) for role in ("source", "target"))
    place = None if told.place is None else (told.place.name or told.place.text, told.place.country)
    day = None if told.when is None else (told.when.start, told.when.end)
    return (told.type, told.trigger.text.casefold(), parties, place, day)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What placing a mention needs beside the candidates."""

    named: frozenset[str]  # countries that the article's actors come from
    new_id: Callable[[], UUID]
    phrases: Phrases


def _place(m: LinkedMention, candidates: Sequence[Event], drafts: list[Event], desk: _Desk) -> Choice:
    correction = is_correction(m.article_title)
    scored: list[tuple[Match, Event]] = [
        (match(m, e, correction=correction, named=desk.named), e) for e in candidates
    ]
    scored += [(replace(match(m, e, named=desk.named), reason=LinkReason.SAME_ARTICLE), e) for e in drafts]
    accepted = [(found, e) for found, e in scored if found.accepted]
    if accepted:
        best, event = max(accepted, key=lambda item: (item[0].score, item[1].mentions, str(item[1].id)))
        return Choice(replace(m, event_id=event.id), event.id, best.reason)
    if not _stands_alone(m):
        return Choice(m, None, LinkReason.OFF_EMPTY)
    event_id = desk.new_id()
    linked = replace(m, event_id=event_id)
    drafts.append(fold(event_id, [linked], revision=1, known_at=m.known_at, phrases=desk.phrases))
    return Choice(linked, event_id, LinkReason.NEW_EVENT)
