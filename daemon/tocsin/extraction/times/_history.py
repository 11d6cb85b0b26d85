"""Texts that tell of years gone by: there a bare "March" or "the 5th" belongs to the year the story has come to."""

from __future__ import annotations

from datetime import date

from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._tokens import Tokens

_DEICTIC = frozenset(KINDS[name] for name in ("today", "tonight", "tomorrow", "yesterday", "ago"))
_RELATIVE = frozenset(KINDS[name] for name in ("last", "this", "next"))
_UNITS = frozenset(KINDS[name] for name in ("unit", "wd", "quarter", "season", "mo", "part"))
_YEAR, _WEEKDAY, _MONTH = KINDS["year4"], KINDS["wd"], KINDS["mo"]
_THE = KINDS["the"]
_COMMA, _NUMBER = KINDS["comma"], KINDS["num2"]
_LEAST = 3  # written years that make a history
_SHARE = 6  # written past years for each word that points to the day of publication
_GONE = 2  # years before publication from which a year is history


def tells_history(tokens: Tokens, now: date | None) -> bool:
    """Whether past years are written all over the text and next to nothing is counted from publication."""
    past = here = 0
    kinds, values = tokens.kinds, tokens.values
    for at, kind in enumerate(kinds):
        if kind == _YEAR:
            year = values[at]
            gone = now is None or (isinstance(year, int) and year <= now.year - _GONE)
            past += gone
            here += not gone
        elif kind in _DEICTIC:
            here += 1
        elif kind in _RELATIVE:
            here += kinds[at + 1 : at + 2] in _UNITS and kinds[max(0, at - 1) : at] != _THE
        elif kind == _WEEKDAY:
            here += kinds[at + 1 : at + 2] not in (_COMMA, _NUMBER, _MONTH)
    return past >= _LEAST and (past > _LEAST if here else True) and past >= _SHARE * here
