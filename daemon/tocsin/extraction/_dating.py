"""Which of a text's time expressions dates an event: the one of its clause, else the context, else nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tocsin.extraction._frames import ALLEGING, DENYING, PLANNING, WISHING
from tocsin.extraction.times import Timex, to_when
from tocsin.model import Basis, Mention, MentionStatus, Precision, When

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._article import Article
    from tocsin.extraction._reading import Reading

# statements whose own date says nothing of what they speak of
FRAMES = DENYING | ALLEGING | WISHING | PLANNING
_LIMITS = frozenset({"since", "until", "till", "before", "after", "despite"})
_TOLD = (MentionStatus.HAPPENED, MentionStatus.ONGOING)
_UNDATED = frozenset(
    {
        MentionStatus.ALLEGED,
        MentionStatus.DENIED,
        MentionStatus.NEGATED,
        MentionStatus.HYPOTHETICAL,
        MentionStatus.PLANNED,
    }
)
_FAR = 7  # edges in the parse beyond which an expression says nothing of the event
_OLD = 400  # days before publication after which an event is background
_SPEECH = frozenset(
    ["say", "report", "state", "tell", "announce", "add", "note", "confirm", "write", "declare"]
)


def times_of(reading: Reading, times: list[Timex]) -> list[tuple[Token, Timex]]:
    """The expressions of a sentence with the token that heads each."""
    base = reading.sentence.start
    found = []
    for timex in times:
        span = reading.doc.char_span(timex.start - base, timex.end - base, alignment_mode="expand")
        if span is not None and not _is_limit(span.root):
            found.append((span.root, timex))
    return found


def _is_limit(head: Token) -> bool:
    """“Since 2017”, "until Saturday": a limit, not the time of the event."""
    for token in (head, *head.ancestors):
        if token.pos_ in ("VERB", "AUX"):
            return False
        if token.dep_ in ("prep", "mark") and token.lower_ in _LIMITS:
            return True
    return False


def date_event(event: Token, times: list[tuple[Token, Timex]], carrier: Token | None = None) -> When | None:
    """The expression nearest to the event in the parse, when it is of the event's own clause.

    An expression of the verb of saying above ("said on Friday") counts as context only.
    """
    best: tuple[int, int, When] | None = None
    for head, timex in times:
        when = to_when(timex, Basis.EXPRESSION)
        if when is None:
            continue
        if carrier is None and event.pos_ in ("NOUN", "PROPN") and event not in (head, *head.ancestors):
            continue  # a noun without a verb of its own is dated by the words around itself only
        distance, above = _distance(carrier or event, head)
        if distance > _FAR:
            continue
        if above:
            when = replace(when, basis=Basis.CONTEXT)
            distance += 20
        rank = (distance, abs(head.i - event.i))
        if best is None or rank < best[:2]:
            best = (*rank, when)
    return None if best is None else best[2]


def _distance(event: Token, head: Token) -> tuple[int, bool]:
    """Edges between two tokens, and whether the way leads over a verb of saying above the event."""
    up_event = [event, *event.ancestors]
    up_head = [head, *head.ancestors]
    common = next((token for token in up_event if token in up_head), None)
    if common is None:
        return 99, False
    climbed = up_event.index(common)
    passed = [token.lemma_.lower() for token in up_event[1 : climbed + 1]]
    if any(lemma in FRAMES for lemma in passed):
        return 99, False
    return climbed + up_head.index(common), any(lemma in _SPEECH for lemma in passed)


def complete(mentions: list[Mention], article: Article, lead: int) -> list[Mention]:
    """Dates from context for mentions that have none: another telling in the article, then publication.

    Publication dates an event only when it is told as news, the article dates no event of its kind, and it stands
    in the first sentences (before offset `lead`) or is a statement in the simple past or present.
    """
    published = article.day
    out = []
    for mention in mentions:
        when = mention.when
        if mention.status in _UNDATED and when is not None and when.basis is Basis.CONTEXT:
            when = None  # the day it was said is not the day of what was said
        if when is None and mention.status not in _UNDATED:
            when = _from_other(mention, mentions)
        if when is None and published is not None and _is_news(mention, article, lead):
            when = When(published, published, Precision.DAY, None, Basis.PUBLISHED, published.isoformat())
        past = mention.status in _TOLD and when is not None and _old(when, published)
        status = MentionStatus.HISTORICAL if past else mention.status
        out.append(replace(mention, when=when, status=status))
    return out


def _from_other(mention: Mention, mentions: list[Mention]) -> When | None:
    """The date of the nearest telling of the same thing: same type, no other source."""
    if mention.type.startswith(("statement", "diplomacy")) and mention.sentence[0] > 0:
        return None  # the same party may say or meet more than once in a story
    best: tuple[int, When] | None = None
    for other in mentions:
        if other is mention or other.when is None or other.type != mention.type:
            continue
        if other.when.basis is Basis.PUBLISHED or not _same_side(mention, other):
            continue
        if other.status in _UNDATED or other.status is MentionStatus.HISTORICAL:
            continue
        distance = abs(other.trigger.start - mention.trigger.start)
        if best is None or distance < best[0]:
            best = (distance, other.when)
    return None if best is None else replace(best[1], basis=Basis.CONTEXT)


def _same_side(one: Mention, other: Mention) -> bool:
    mine = {actor.country or actor.name for actor in one.source}
    theirs = {actor.country or actor.name for actor in other.source}
    return not mine or not theirs or bool(mine & theirs)


def _is_news(mention: Mention, article: Article, lead: int) -> bool:
    if mention.status not in _TOLD or mention.trigger.start in article.implied:
        return False
    if mention.sentence[0] < lead:
        return True
    return mention.type.startswith("statement") and mention.trigger.start in article.fresh


def _old(when: When, published: date | None) -> bool:
    return published is not None and (published - when.end).days > _OLD
