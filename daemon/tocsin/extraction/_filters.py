"""Sentences whose words of force are sport, film, a trial or a memory, not news of force."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tocsin.extraction._topics import (
    ARMED,
    COMPUTING,
    COURT,
    FICTION,
    MARKETS,
    MISHAP,
    PLAY,
    SPORT,
    TALE,
    article_topic,
    count,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match

_BACKGROUND = re.compile(
    r"\b(?:was born in|is survived by|obituary|memoirs?|World War (?:I|II|One|Two)|Civil War|Holocaust|Cold War)\b"
)
_OBITUARY = re.compile(
    r"\b(?:is survived by|was survived by|obituary|died peacefully|his memoirs?|her memoirs?)\b"
)
_YEARS_AFTER = re.compile(r"\b(?:years?|decades?|centur(?:y|ies)) (?:after|since|on from)\b", re.IGNORECASE)
_GIVING = re.compile(
    r"\b(?:rais(?:e|ed|es|ing) (?:[$£€]|money|funds|cash|over|more|nearly|almost|\d)|fundrais\w+|benefit concert|"
    r"charity (?:concert|run|match|auction|single|gig|event|dinner)|proceeds|crowdfund\w*|gofundme|in aid of)",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAYED = frozenset({"conflict", "weapons", "posture", "politics", "protest", "arms"})
_ARMED = frozenset({"conflict", "weapons"})
_WHOLE = frozenset({"sport", "film or fiction"})  # topics that leave no event of any kind
# above a verb or noun of force: a court speaks of it
_TRIED = _words(
    "convict sentence acquit indict plead trial verdict conviction sentencing retrial jail imprison indictment jury juror "
    "defendant tribunal parole manslaughter try prosecute arraign extradite testify"
)
_CHARGED = frozenset({"charge", "charges"})
_BENCH = _words("court jury juror judge tribunal indictment defendant magistrate")
# ... or it is remembered
_KEPT = _words(
    "anniversary commemorate commemoration memorial remember remembrance tribute honour honor museum monument centenary "
    "bicentenary jubilee reenactment memoir history historian veteran obituary eulogy"
)
# ... or told in a work
_WORK = _words(
    "film movie novel book play drama documentary series musical exhibition painting song album memoir opera comic game "
    "thriller poem screenplay episode podcast theatre theater sequel character protagonist scene actor actress novelist "
    "trailer"
)
_HIGH = 8  # how far up the parse is looked


def off_topic(sentence: str, match: Match, topic: str | None = None) -> str | None:
    """Why a match is not news of its type; None when nothing speaks against. `topic`: that of the article."""
    if topic in _WHOLE:
        return topic
    kind = match.pattern.type
    family = kind.partition(".")[0]
    if family in _PLAYED or kind in ("diplomacy.meeting", "diplomacy.visit"):
        if count(SPORT, sentence) >= 2 and not count(ARMED, sentence):
            return "sport"
        if count(FICTION, sentence) >= 2:
            return "film or fiction"
    if family in _ARMED:
        return _unarmed(sentence, match, topic)
    return None


def _unarmed(sentence: str, match: Match, topic: str | None) -> str | None:
    """Why a match of an armed type tells no use of arms now."""
    above = _above(match.token)
    reason = _remembered(sentence, match.token, above)
    if reason is not None:
        return reason
    armed = count(ARMED, sentence)
    if PLAY.search(sentence) and not armed:
        return "sport"
    if TALE.search(sentence):
        return "film or fiction"
    for name, field, least in (
        ("court report", COURT, 3),
        ("computing", COMPUTING, 2),
        ("mishap", MISHAP, 2),
    ):
        if not armed and count(field, sentence) >= least:
            return name
    if (
        count(MARKETS, sentence) >= 2
        and armed < 2
        and not any(token.text[:1].isupper() for token in match.source)
    ):
        return "markets"
    return topic if not armed else None


def _remembered(sentence: str, token: Token, above: list[Token]) -> str | None:
    lemmas = {each.lemma_.lower() for each in above}
    if lemmas & _TRIED or any(_by_court(each) for each in above) or (lemmas & _CHARGED and _with(token)):
        return "court report"
    if lemmas & _KEPT or _OBITUARY.search(sentence):
        return "anniversary or memory"
    if _YEARS_AFTER.search(sentence) and {"after", "since", "on"} & lemmas:
        return "anniversary or memory"
    if lemmas & _WORK:
        return "film or fiction"
    if above and _GIVING.search(sentence):
        return "fundraising"
    return None


def _above(token: Token) -> list[Token]:
    """The words that a verb or noun hangs under, nearest first; a verb joined by "and" stands beside, not under."""
    found: list[Token] = []
    while token.head != token and len(found) < _HIGH:
        beside = (
            token.dep_ in ("conj", "parataxis", "advcl")
            and token.pos_ in ("VERB", "AUX")
            and not _purpose(token)
        )
        if beside or (token.dep_ == "ccomp" and token.i < token.head.i):
            if not beside:
                found.append(token.head)
            break
        token = token.head
        found.append(token)
    return found


def _purpose(token: Token) -> bool:
    return token.tag_ == "VBG" or any(child.lower_ == "to" for child in token.lefts)


def _by_court(verb: Token) -> bool:
    roles = ("nsubj", "agent", *(("dobj", "dative") if verb.lemma_.lower() in ("tell", "show") else ()))
    return verb.pos_ == "VERB" and any(
        child.dep_ in roles and child.lemma_.lower() in _BENCH for child in verb.children
    )


def _with(token: Token) -> bool:
    """“Charged with killing”, "charged over the bombing"."""
    while token.head != token:
        if token.dep_ == "prep" and token.head.lemma_.lower() in _CHARGED:
            return token.lower_ in ("with", "over", "in", "of", "for")
        token = token.head
    return False


def is_background(sentence: str) -> bool:
    """Obituaries and wars of the past."""
    return _BACKGROUND.search(sentence) is not None


__all__ = ["article_topic", "is_background", "off_topic"]
