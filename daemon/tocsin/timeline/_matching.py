"""Is this mention about that event? Pure scoring over type, day, parties and place.

A pair is refused as soon as one of the four contradicts; otherwise the score says how much speaks
for it. Twenty outlets make one entry only if this is generous, and two launches on two days stay two
only if it is strict about days that were stated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.model import (
    Actor,
    Basis,
    ClaimKey,
    Event,
    LinkedMention,
    Party,
    Place,
    Precision,
    Proposition,
    When,
)

# Types that outlets use for the same happening. Linking may cross these, never anything else.
_CONFUSABLE = (
    frozenset(
        {
            "conflict.attack",
            "conflict.airstrike",
            "conflict.shelling",
            "conflict.drone_strike",
            "conflict.bombing",
            "conflict.ground_attack",
            "weapons.launch.missile",
            "disaster.explosion",
        }
    ),
    frozenset({"conflict.ground_attack", "conflict.clash", "conflict.incursion", "conflict.attack"}),
    frozenset({"diplomacy.meeting", "diplomacy.summit", "diplomacy.talks", "diplomacy.visit"}),
    frozenset({"coercion.block", "coercion.veto", "statement.reject"}),
    frozenset({"statement.deny", "statement.reject"}),
    frozenset({"coercion.sanction", "coercion.embargo", "coercion.ban"}),
)

# Happenings that last: outlets name different days of one and the same, up to so many days apart.
_LASTING = {
    "posture.exercise": 6,
    "posture.deployment": 6,
    "diplomacy.summit": 2,
    "protest.strike": 4,
    "disaster.flood": 4,
    "disaster.storm": 3,
    "disaster.outbreak": 10,
}
# A denial by its claim; these by their other side: two sanctions on two states are two sanctions.
_TWO_SIDED = frozenset({"diplomacy", "statement", "arms", "aid"})
# Of these, outlets name now whom they answer, now whom the matter concerns.
_ANSWERS = frozenset({"statement.deny", "statement.reject", "statement.confirm"})

_UNDATED_WINDOW = timedelta(days=10)
_CLAIM_WINDOW = timedelta(days=45)
_SAME_PLACE_KM = 80.0
_THRESHOLD = 0.5


class LinkReason(StrEnum):
    """Why a mention went where it went; logged, stored with the mention and shown."""

    NEW_EVENT = "new event"
    SAME_DAY = "same kind, parties and day"
    SAME_PERIOD = "same kind and parties, overlapping dates"
    SAME_STORY = "same kind and parties, told within days"
    SAME_ARTICLE = "told again in the same article"
    CORRECTION = "correction of an event already told"
    OFF_NEGATED = "off the timeline: said not to have happened"
    OFF_HYPOTHETICAL = "off the timeline: hypothetical"
    OFF_HISTORICAL = "off the timeline: background"
    OFF_ANSWERED = "off the timeline: the statement that another one answers"
    OFF_UNCERTAIN = "off the timeline: too uncertain"
    OFF_EMPTY = "off the timeline: nobody knows who or where"


@dataclass(frozen=True, slots=True)
class Match:
    """How well a mention fits an event: `score` from 0 to 1, and why."""

    score: float
    reason: LinkReason

    @property
    def accepted(self) -> bool:
        """Whether the mention may join the event."""
        return self.score >= _THRESHOLD


def family(event_type: str) -> str:
    """The first part of a type: `weapons` of `weapons.launch.missile`."""
    return event_type.split(".", 1)[0]


def within(event_type: str, ancestor: str) -> bool:
    """True for a type and all below it."""
    return event_type == ancestor or event_type.startswith(ancestor + ".")


def neighbours(event_type: str) -> tuple[str, ...]:
    """The type and every type a mention of it may be linked to, for asking the store."""
    found = {event_type}
    parts = event_type.split(".")
    found.update(".".join(parts[:n]) for n in range(2, len(parts)))
    for group in _CONFUSABLE:
        if any(within(event_type, member) for member in group):
            found |= group
    return tuple(sorted(found))


def type_score(a: str, b: str) -> float:
    """1 for the same type, less for a type above or below, least for types outlets confuse, else 0."""
    if a == b:
        return 1.0
    if within(a, b) or within(b, a):
        return 0.9
    if any(
        any(within(a, member) for member in group) and any(within(b, member) for member in group)
        for group in _CONFUSABLE
    ):
        return 0.7
    return 0.0


def party_keys(parties: Iterable[Party]) -> set[str]:
    """What parties are compared by: the country where it is known, else the name of a known kind of actor.

    Words nobody resolved ("leaders", "the public") speak neither for nor against.
    """
    return {
        key for p in parties if (p.country or p.sector) and (key := p.country or (p.name or "").casefold())
    }


def actor_keys(actors: Iterable[Actor]) -> tuple[str, ...]:
    """Countries where known, else names, sorted: one side of a claim's key."""
    return tuple(sorted({a.country or (a.name or a.text).casefold() for a in actors}))


def same_claim(a: ClaimKey, b: ClaimKey) -> float:
    """0 when the two cannot be one claim, else how alike they are, up to 1."""
    kind = type_score(a.type, b.type)
    source, target = _side_score(set(a.source), set(b.source)), _side_score(set(a.target), set(b.target))
    if kind == 0.0 or source is None or target is None or (source == 0.5 and target == 0.5):
        return 0.0
    return kind * (source + target) / 2


def claim_key(proposition: Proposition | None) -> ClaimKey | None:
    """What a statement is about, as a key; None for no act, or for a statement about a statement."""
    if proposition is None or proposition.type is None or proposition.type.startswith("statement."):
        return None
    return ClaimKey(proposition.type, actor_keys(proposition.source), actor_keys(proposition.target))


def mention_parties(mention: LinkedMention, role: str) -> tuple[Party, ...]:
    """The actors of one side of a mention as parties; unresolved ones by the words used."""
    actors = mention.mention.source if role == "source" else mention.mention.target
    return tuple(Party(actor.name or actor.text, actor.country, actor.sector) for actor in actors)


def _side_score(told: set[str], known: set[str]) -> float | None:
    """None when the two sides contradict, 1 when they share a party, 0.5 when one says nothing."""
    if told and known:
        return 1.0 if told & known else None
    return 0.5


def distance_km(a: Place, b: Place) -> float | None:
    """Great-circle distance (haversine, mean Earth radius), None without coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    d_lon = math.radians(b.lon - a.lon)
    h = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(d_lon / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(h)))


def _is_country(place: Place) -> bool:
    return place.lat is None or place.name is None


def _place_score(mention_type: str, told: Place | None, known: Place | None) -> float | None:
    """Acts of violence and disasters are told apart by where they were; statements are not."""
    if told is None or known is None or family(mention_type) not in {"conflict", "disaster", "protest"}:
        return 0.5
    if told.name and told.name == known.name:
        return 1.0
    if told.country and known.country and told.country != known.country:
        return None
    if _is_country(told) or _is_country(known):
        return 0.6
    apart = distance_km(told, known)
    return 0.5 if apart is None else (0.9 if apart <= _SAME_PLACE_KM else None)


def _certain(when: When) -> bool:
    return when.basis is Basis.EXPRESSION and when.precision in {
        Precision.DAY,
        Precision.HOUR,
        Precision.MINUTE,
    }


def _gap_days(a: When, b: When) -> int:
    """Days between two intervals, 0 when they overlap."""
    if a.start <= b.end and b.start <= a.end:
        return 0
    return (b.start - a.end).days if b.start > a.end else (a.start - b.end).days


def _dated_score(told: When, known: When, kind: str, *, correction: bool) -> Match | None:
    gap = _gap_days(told, known)
    if gap == 0:
        same_day = (told.start, told.end) == (known.start, known.end) and told.start == told.end
        if same_day:
            return Match(1.0, LinkReason.SAME_DAY)
        length = max((told.end - told.start).days, (known.end - known.start).days)
        return Match(0.8 if length <= 7 else 0.55, LinkReason.SAME_PERIOD)
    if correction and gap <= 3:
        return Match(0.75, LinkReason.CORRECTION)
    if gap <= _LASTING.get(kind, 0):
        return Match(0.7, LinkReason.SAME_PERIOD)
    # A day that was only inferred from the publication may be off by one across time zones.
    if gap == 1 and not (_certain(told) and _certain(known)):
        return Match(0.6, LinkReason.SAME_PERIOD)
    return None


def _undated_score(mention: LinkedMention, event: Event) -> Match | None:
    """At least one side has no date: the publication times decide."""
    told_at = mention.published or mention.known_at
    known_at = event.first_published or event.first_known
    window = _CLAIM_WINDOW if event.type == "arms.transfer" else _UNDATED_WINDOW
    if event.when is not None:
        known_at = datetime.combine(event.when.start, datetime.min.time(), tzinfo=told_at.tzinfo)
    if mention.mention.when is not None:
        told_at = datetime.combine(mention.mention.when.start, datetime.min.time(), tzinfo=told_at.tzinfo)
    if abs(told_at - known_at) > window:
        return None
    return Match(0.65, LinkReason.SAME_STORY)


def time_match(mention: LinkedMention, event: Event, *, correction: bool) -> Match | None:
    """How the dates agree; None when they contradict."""
    told = mention.mention.when
    if told is not None and event.when is not None:
        return _dated_score(told, event.when, mention.mention.type, correction=correction)
    return _undated_score(mention, event)


def match(
    mention: LinkedMention,
    event: Event,
    *,
    correction: bool = False,
    named: frozenset[str] = frozenset(),
) -> Match:
    """Score one mention against one event.

    `correction` says that the article calls itself one: then a day up to three days off still joins. `named`
    are the countries of all actors in the article: "the missile flew 1,000 km" is about the launch by the
    state that the rest of the text speaks of.
    """
    refused = Match(0.0, LinkReason.NEW_EVENT)
    kind = type_score(mention.mention.type, event.type)
    if kind == 0.0:
        return refused
    source = _side_score(party_keys(mention_parties(mention, "source")), party_keys(event.source))
    target = _target_score(mention, event)
    place = _place_score(mention.mention.type, mention.mention.place, event.place)
    time = time_match(mention, event, correction=correction)
    if source is None or target is None or place is None or time is None:
        return refused
    if source < 1.0 and target < 1.0 and place < 0.9 and not party_keys(event.source) & named:
        return refused  # nothing but the kind and the day speaks for it
    parts = 0.45 * source + 0.2 * target + 0.15 * place + 0.2
    return Match(round(kind * time.score * parts / 0.9, 4), time.reason)


def _target_score(mention: LinkedMention, event: Event) -> float | None:
    """How the other sides agree; None when they contradict. Statements are compared by what they are about."""
    told = claim_key(mention.mention.claim)
    if told is not None and event.claim is not None:
        return 1.0 if same_claim(told, event.claim) > 0.6 else None
    score = _side_score(party_keys(mention_parties(mention, "target")), party_keys(event.target))
    if score is None and (family(event.type) not in _TWO_SIDED or event.type in _ANSWERS):
        return None if event.type == "coercion.sanction" else 0.4
    return score
