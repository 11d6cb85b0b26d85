"""Which of a text's time expressions dates an event: the one of its clause, else the context, else nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
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


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
_ORDINALS = _set(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth latest last only worst best"
)
_NEAR = 40  # tellings looked at on either side
_FAR = 7  # edges in the parse beyond which an expression says nothing of the event
_CLOCK = re.compile(r"[\d:.]+\s*(?:[ap]\.?m\.?)?", re.IGNORECASE)
_VAGUE = 31  # days; what is told of a whole year dates no other telling
_LEAD = 3  # sentences that may tell the day of the story
_RECENT = 4  # days before publication that such a day may lie
_OLD = 330  # days before publication after which an event is background; "a year ago" is
_SPEECH = frozenset(
    ["say", "report", "state", "tell", "announce", "add", "note", "confirm", "write", "declare"]
)


def times_of(reading: Reading, times: list[Timex]) -> list[tuple[Token, Timex]]:
    """The expressions of a sentence with the token that heads each; the lead's own day is noted in the article."""
    base = reading.sentence.start
    found = []
    for at, timex in enumerate(times):
        if _shares_day(reading, timex, times[at + 1 : at + 2]):
            continue
        span = reading.doc.char_span(timex.start - base, timex.end - base, alignment_mode="expand")
        if span is not None and not _is_limit(span.root) and not _is_compass(span.root, timex):
            found.append((span.root, timex))
            _note_day(reading, timex)
    return found


def _shares_day(reading: Reading, timex: Timex, after: list[Timex]) -> bool:
    """“At 8:50 and 8:54 on 17 January”: the bare hour is of the day that the second one names."""
    if not after or timex.type != "TIME" or _CLOCK.fullmatch(timex.text) is None:
        return False
    base = reading.sentence.start
    between = reading.text[timex.end - base : after[0].start - base].strip()
    return between in ("and", "or", "to", "and at") and any(letter.isalpha() for letter in after[0].text[4:])


def _note_day(reading: Reading, timex: Timex) -> None:
    """The first recent day that the headline or lead tells is the day the story speaks of."""
    article = reading.article
    if article.told is not None or article.day is None or reading.sentence.number > _LEAD:
        return
    when = to_when(timex)
    if when is not None and when.start == when.end and 0 <= (article.day - when.start).days <= _RECENT:
        article.told = when


def _is_limit(head: Token) -> bool:
    """“Since 2017”, "until Saturday": a limit, not the time of an event."""
    above = head.head
    while above.dep_ == "prep" and above.head.dep_ == "prep":
        if above.lower_ in _LIMITS:
            return True
        above = above.head
    return above.dep_ in ("prep", "mark") and above.lower_ in _LIMITS and above.i != head.i


def is_told(noun: Token) -> bool:
    """An event noun that is news without a verb of its own: "First test of…", "this test failed", "it was the third"."""
    if noun.dep_ == "ROOT" or any(child.lower_ in ("this", "these") for child in noun.children):
        return True
    top = noun
    while top.dep_ == "pobj" and top.head.lower_ == "of" and top.head.head.i != top.head.i:
        top = top.head.head
    verb = top.head
    return (
        top.dep_ in ("attr", "dobj")
        and verb.lemma_.lower() in ("be", "mark", "represent", "constitute")
        and verb.tag_ in ("VBD", "VBZ", "VBP")
        and any(
            child.dep_ == "nsubj" and child.lower_ in ("this", "it", "these", "that")
            for child in verb.children
        )
        and not any(child.dep_ in ("aux", "neg") for child in verb.children)
    )


def _points(subject: Token) -> bool:
    """“This”, "it", "this test"."""
    words = [subject.lower_, *(child.lower_ for child in subject.children if child.dep_ == "det")]
    return any(word in ("this", "it", "these", "that") for word in words)


def _is_compass(head: Token, timex: Timex) -> bool:
    """“The first test of 2022”, "this year's deadliest attack": among what it is counted, not when it was."""
    when = to_when(timex)
    if when is None or (when.end - when.start).days < 27:
        return False
    noun = head
    for token in (head, *head.ancestors):
        if token.pos_ in ("VERB", "AUX"):
            return False
        noun = token
        if token.pos_ == "NOUN" and token.i != head.i and any(_ranks(child) for child in token.children):
            return True
    return noun.i != head.i and any(_ranks(child) for child in noun.children)


def _ranks(token: Token) -> bool:
    """Ordinals and superlatives before a noun."""
    return token.dep_ in ("amod", "nummod") and (token.tag_ == "JJS" or token.lower_ in _ORDINALS)


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
    climbed, fell = up_event.index(common), up_head.index(common)
    passed = [token.lemma_.lower() for token in up_event[1 : climbed + 1]]
    if any(lemma in FRAMES for lemma in passed):
        return 99, False
    if any(_bars(token, event) for token in up_head[:fell]) or any(
        _is_after(token) for token in up_event[:climbed]
    ):
        return 99, False
    return climbed + fell, any(lemma in _SPEECH for lemma in passed)


def _bars(token: Token, event: Token) -> bool:
    """Whether an expression below this token is of another clause: what is said, what is told of a noun."""
    if _is_after(token):
        return True
    if token.pos_ not in ("VERB", "AUX"):
        return False
    if token.dep_ == "ccomp":
        return token.i > event.i  # "On Monday he said" is parsed with the clause first where it is quoted
    return token.dep_ in ("relcl", "acl") and token.head.i != event.i


def _is_after(token: Token) -> bool:
    """“After talks on Monday", "before he met them on Friday"."""
    if token.dep_ == "prep" and token.lower_ in _LIMITS:
        return True
    return token.dep_ == "advcl" and any(
        child.dep_ == "mark" and child.lower_ in _LIMITS for child in token.children
    )


def complete(mentions: list[Mention], article: Article, lead: int) -> list[Mention]:
    """Dates from context for mentions that have none: another telling in the article, then publication.

    Publication dates an event only when it is told as news, the article dates no event of its kind, and it stands
    in the first sentences (before offset `lead`) or is a statement in the simple past or present.
    """
    published = article.day
    tellings = _Tellings(mentions)
    out = []
    for mention in mentions:
        when = mention.when
        if mention.status in _UNDATED and when is not None and when.basis is Basis.CONTEXT:
            when = None  # the day it was said is not the day of what was said
        if when is None and mention.status not in _UNDATED:
            when = tellings.of(mention)
        if when is None and published is not None and _is_news(mention, article, lead):
            when = _story_day(mention, article) or When(
                published, published, Precision.DAY, None, Basis.PUBLISHED, published.isoformat()
            )
        past = mention.status in _TOLD and when is not None and _old(when, published)
        status = MentionStatus.HISTORICAL if past else mention.status
        out.append(replace(mention, when=when, status=status))
    return out


class _Tellings:
    """The dated tellings of an article, by type and in reading order, so that the nearest is found at once."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._told: dict[str, list[tuple[int, Mention]]] = {}
        for mention in mentions:
            when = mention.when
            if when is None or when.basis is Basis.PUBLISHED or (when.end - when.start).days > _VAGUE:
                continue
            if mention.status in _UNDATED or mention.status is MentionStatus.HISTORICAL:
                continue
            self._told.setdefault(mention.type, []).append((mention.trigger.start, mention))
        for told in self._told.values():
            told.sort(key=_place_of)

    def of(self, mention: Mention) -> When | None:
        """The date of the nearest telling of the same thing: same type, no other source."""
        if mention.type.startswith(("statement", "diplomacy")) and mention.sentence[0] > 0:
            return None  # the same party may say or meet more than once in a story
        told = self._told.get(mention.type, [])
        here = mention.trigger.start
        at = bisect_left(told, here, key=_place_of)
        near = sorted(told[max(0, at - _NEAR) : at + _NEAR], key=lambda each: abs(each[0] - here))
        for _, other in near:
            if other is not mention and other.when is not None and _same_side(mention, other):
                return replace(other.when, basis=Basis.CONTEXT)
        return None


def _place_of(telling: tuple[int, Mention]) -> int:
    return telling[0]


def _same_side(one: Mention, other: Mention) -> bool:
    mine = {actor.country or actor.name for actor in one.source}
    theirs = {actor.country or actor.name for actor in other.source}
    return not mine or not theirs or bool(mine & theirs)


def _story_day(mention: Mention, article: Article) -> When | None:
    """Statements and headlines are of the day that the lead tells: "Jobs resigned on Wednesday. He thanked…"."""
    if article.told is None or not (mention.type.startswith("statement") or mention.sentence[0] == 0):
        return None
    return replace(article.told, basis=Basis.CONTEXT)


def _is_news(mention: Mention, article: Article, lead: int) -> bool:
    if mention.status not in _TOLD or mention.trigger.start in article.implied:
        return False
    if mention.sentence[0] < lead:
        return True
    return mention.type.startswith("statement") and mention.trigger.start in article.fresh


def _old(when: When, published: date | None) -> bool:
    """“In 2017”, "a year ago", and "last year", whatever the month."""
    if published is None:
        return False
    whole_years = when.precision in (Precision.YEAR, Precision.DECADE) and when.end < published
    return whole_years or (published - when.end).days > _OLD
