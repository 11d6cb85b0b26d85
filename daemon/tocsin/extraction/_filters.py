"""Sentences whose words of force are sport, film or history, not news of force."""

from __future__ import annotations

import re

_SPORT = re.compile(
    r"\b(?:goals?|striker|rovers|visitors|home side|league|cup|coach|midfielder|quarterback|touchdowns?|innings|wickets?|tournament|championships?|"
    r"champions|playoffs?|season|semi-?finals?|quarter-?finals?|grand slam|grand prix|olympics?|medals?|squad|batsman|"
    r"bowler|penalty shootout|home run|nba|nfl|nhl|uefa|fifa|premier league|set point|scored|defender|goalkeeper|derby)\b",
    re.IGNORECASE,
)
_FICTION = re.compile(
    r"\b(?:films?|movies?|theaters?|box office|novel|album|video games?|tv series|sitcom|episode|screenplay|actor|actress|sequel|"
    r"blockbuster|documentary|thrillers?|screenwriter|soundtrack|premiere[ds]?|starring|screening|director's cut|playwright)\b",
    re.IGNORECASE,
)
_OBITUARY = re.compile(
    r"\b(?:was born in|is survived by|obituary|memoirs?|anniversary of|commemorat\w+|in memory of|veterans?|"
    r"World War (?:I|II|One|Two)|Civil War|Holocaust|Cold War)\b"
)
_HEAD = 1500  # characters
_PLAYED = frozenset({"conflict", "weapons", "posture", "politics", "protest", "arms"})


def off_topic(sentence: str, kind: str) -> str | None:
    """Why a mention of this type is not news of it; None when nothing speaks against."""
    family = kind.partition(".")[0]
    if family in _PLAYED or kind in ("diplomacy.meeting", "diplomacy.visit"):
        if len(set(_SPORT.findall(sentence.lower()))) >= 2:
            return "sport"
        if len(set(_FICTION.findall(sentence.lower()))) >= 2:
            return "film or fiction"
    return None


def article_topic(text: str) -> str | None:
    """“sport” or “film or fiction” for an article that is about nothing else; judged by its beginning."""
    head = text[:_HEAD].lower()
    if len(set(_SPORT.findall(head))) >= 4:
        return "sport"
    return "film or fiction" if len(set(_FICTION.findall(head))) >= 3 else None


def is_background(sentence: str) -> bool:
    """Anniversaries, obituaries and wars of the past."""
    return _OBITUARY.search(sentence) is not None
