"""Datelines: "SEOUL, Nov. 8 (Newswire) —" says where and when the report was filed, not what happened.

Five forms are read: PLACE, DATE (AGENCY) — ; PLACE (AGENCY) — ; PLACE, DATE — ; Place. Date. AGENCY - ;
PLACE, DATE. /AGENCY/. ; and (AGENCY) — alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTER = r"[^\W\d_]"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?"
_DATE = (
    rf"(?:{_WEEKDAY}[ \t]*,?[ \t]*)?"
    rf"(?:{_MONTH}[ \t]+{_DAY}|{_DAY}[ \t]+{_MONTH})(?:[ \t]*,?[ \t]*\d{{4}})?"
)
_DASH = r"(?:—|–|--|-{1,3}|―|:(?=\s))"
# "SEOUL", "WASHINGTON/SEOUL", "UNITED NATIONS", "St. Petersburg", "Kyiv, Ukraine"
_NAME = rf"{_LETTER}[\w.'’-]{{0,30}}(?:[ \t/]{_LETTER}[\w.'’/-]{{0,30}}){{0,4}}"
_PLACE = rf"(?P<place>{_NAME})(?P<region>[ \t]*,[ \t]*(?!{_MONTH}[ \t]*\d|{_WEEKDAY}){_NAME})?"
_AGENCY = r"(?P<agency>[A-Z][\w&.'’ /-]{1,40}?)"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE if fold else 0)
    for fold, form in (
        (False, rf"{_PLACE}[ \t]*,[ \t]*(?P<date>{_DATE})[ \t]*\([ \t]*{_AGENCY}[ \t]*\)[ \t]*{_DASH}"),
        (True, rf"{_PLACE}[ \t]*,[ \t]*(?P<date>{_DATE})\.?[ \t]*/(?P<agency>[\w -]{{2,30}})/[ \t]*\.?"),
        (
            False,
            rf"(?P<place>{_NAME})\.[ \t]+(?P<date>{_DATE})\.?[ \t]+(?P<agency>[A-Z]{{2,20}})[ \t]*{_DASH}",
        ),
        (False, rf"{_PLACE}[ \t]*\([ \t]*{_AGENCY}[ \t]*\)[ \t]*{_DASH}"),
        (False, rf"{_PLACE}[ \t]*,[ \t]*(?P<date>{_DATE})[ \t]*(?:—|–|--|-(?=\s)|―|:(?=\s))"),
        (False, rf"(?P<place>{_NAME})[ \t]*\((?P<date>{_DATE})\)[ \t]*{_DASH}"),
        (False, r"\([ \t]*(?P<agency>[A-Z][\w&.'’ /-]{1,40}?)[ \t]*\)[ \t]*(?:—|–|--|-(?=\s)|―)"),
        (
            False,
            (
                r"(?P<place>[A-Z][A-Z.'’ /-]{2,40}[A-Z])(?P<region>,[ \t]*[A-Z][\w. ]{1,30}?)?"
                r"(?:[ \t]*(?:—|–|--)|[ \t]+-(?=[ \t]+[\"'“‘]?(?:[A-Z][a-z]|A[ \t])))"
            ),
        ),
    )
)
_LINE = re.compile(r"^[ \t\"'“]*", re.MULTILINE)
_REACH = 3000  # characters from the beginning in which a dateline may stand
_LINES = 12


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline; spans are (start, end) in the text. `place` covers "KYIV, Ukraine" whole."""

    start: int
    end: int
    place: tuple[int, int] | None = None
    date: tuple[int, int] | None = None
    agency: tuple[int, int] | None = None


def dateline(text: str) -> Dateline | None:
    """The dateline of an article, at the beginning of one of its first lines; None when it has none."""
    head = text[:_REACH]
    for count, line in enumerate(_LINE.finditer(head)):
        if count >= _LINES:
            break
        for form in _FORMS:
            found = form.match(head, line.end())
            if found is not None and _plausible(found):
                return _spans(found)
    return None


def _plausible(found: re.Match[str]) -> bool:
    """Every word of a place has a capital, and there are few of them."""
    groups = found.groupdict()
    place = groups.get("place")
    if place is None:
        return True
    words = re.split(r"[ \t/]+", place)
    small = {"de", "al", "la", "el", "le", "of", "the", "del", "on", "upon", "and"}
    if words[0] == "The":
        return False
    return all(word[:1].isupper() or word.lower() in small for word in words) and len(words) <= 5


def _spans(found: re.Match[str]) -> Dateline:
    names = found.re.groupindex

    def span(name: str) -> tuple[int, int] | None:
        return found.span(name) if name in names and found.group(name) is not None else None

    place, region = span("place"), span("region")
    if place is not None and region is not None:
        place = (place[0], region[1])
    return Dateline(found.start(), found.end(), place, span("date"), span("agency"))
