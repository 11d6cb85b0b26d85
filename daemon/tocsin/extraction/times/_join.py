"""Joining a time of day to its date and two dates to a range."""

from __future__ import annotations

import re
from itertools import pairwise

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._state import Draft, State
from tocsin.extraction.times._tokens import Tokens

_GAPS = frozenset(
    {(), (",",), ("on",), ("at",), (",", "at"), ("of",), (",", "on"), ("("), ("in", "the"), ("by",)}
)
_SUMS = frozenset({(), ("and",), (",",), (",", "and")})
_BETWEEN = frozenset({"(", ")", ",", "on", "or"})
_LINKS = frozenset({("to",), ("through",), ("until",), ("till",), ("-",), ("–",), ("—",), ("--",), ("and",)})


def join(tokens: Tokens, left: Draft, right: Draft) -> Draft | None:
    """One expression of "10 p.m." and "Wednesday", in either order; None when they do not belong together."""
    if right.start - left.end > 2 or right.start < left.end:
        return None
    gap = tuple(tokens.words[left.end : right.start])
    if left.type == right.type == "DURATION":
        return _add(left, right) if gap in _SUMS else None
    return _dated(tokens, left, right, gap)


def _dated(tokens: Tokens, left: Draft, right: Draft, gap: tuple[str, ...]) -> Draft | None:
    """The time of day with the date beside it."""
    if gap not in _GAPS or KINDS["brk"] in tokens.kinds[left.end : right.start]:
        return None
    time, date = (left, right) if left.bare else (right, left)
    if not time.bare or date.bare or (date.clock.startswith("T") and len(date.clock) > 3):
        return None
    if date.clock and not time.clock[1:2].isdigit():
        return None
    if date.type not in ("DATE", "TIME") or not (date.day is not None or date.value.startswith("XXXX-")):
        return None
    if gap == ("by",) or (time is right and gap == ("of",)):
        return None
    value = date.value.split("T")[0] + time.clock if not date.value.endswith("REF") else date.value
    return Draft(left.start, right.end, "TIME", value, time.mod or date.mod, time.clock, date.day)


_MONTH_VALUE = re.compile(r"\d{4}-\d\d")
_LENGTH = re.compile(r"P(?:\d+[YMWD])*\d+([YMWD])|P(?:\d+[YMWD])*T(?:\d+[HMS])*\d+([HMS])")
_SIZES = ["S", "TM", "H", "D", "W", "M", "Y"]


def _add(left: Draft, right: Draft) -> Draft | None:
    """One length of "four years and three months": the units fall and both are counted."""
    first, second = _LENGTH.fullmatch(left.value), _LENGTH.fullmatch(right.value)
    if first is None or second is None or right.mod is not None:
        return None
    sizes = [_SIZES.index(f[1] or ("TM" if f[2] == "M" else f[2])) for f in (first, second)]
    if sizes[0] <= sizes[1]:
        return None
    tail = right.value[2:] if "T" in left.value else right.value[1:]
    return Draft(left.start, right.end, "DURATION", left.value + tail, left.mod)


def complete(tokens: Tokens, drafts: list[Draft], state: State) -> None:
    """Times of day that found no date beside them take the one after them, the story's day or publication's."""
    following: Draft | None = None
    for draft in reversed(drafts):
        if draft.bare:
            draft.bare = False
            if following is not None and following.day is not None and _leads_to(tokens, draft, following):
                draft.day = following.day
            elif draft.dated:
                draft.day = draft.day or state.now
            else:
                draft.day = None
            draft.value = cal.day_value(draft.day) + draft.clock
        following = draft


def _leads_to(tokens: Tokens, left: Draft, right: Draft) -> bool:
    """Whether only brackets and small words stand between: "4:30 a.m. (0230 GMT) on Monday"."""
    gap = tokens.words[left.end : right.start]
    return len(gap) <= 3 and all(word in _BETWEEN for word in gap)


def ranges(tokens: Tokens, drafts: list[Draft]) -> None:
    """Tell both ends of "from Monday to Thursday", "between June and August" of each other."""
    for left, right in pairwise(drafts):
        if left.begin is not None or not 1 <= right.start - left.end <= 1:
            continue
        link = (tokens.words[left.end],)
        before = tokens.words[left.start - 1] if left.start else ""
        if link not in _LINKS or left.type not in ("DATE", "TIME") or right.type != left.type:
            continue
        if (link == ("and",)) != (before == "between") or (link == ("to",) and before != "from"):
            continue
        if left.value.endswith("REF") or right.value.endswith("REF") or left.value.startswith("X"):
            continue
        _order(left, right)
        left.begin = right.begin = left.value
        left.until = right.until = right.value


def _order(left: Draft, right: Draft) -> None:
    """A range runs forward: "from Friday to Monday" ends in the week after, "from 10 p.m. to 6 a.m." next day."""
    if left.day is None or right.day is None:
        if (
            _MONTH_VALUE.fullmatch(left.value)
            and _MONTH_VALUE.fullmatch(right.value)
            and right.value < left.value
        ):
            year = int(left.value[:4]) + (right.value[5:] < left.value[5:])
            right.value = cal.year_value(year) + right.value[4:]
        return
    if left.type == "TIME":
        following = cal.add_days(right.day, 1)
        if left.day == right.day and right.clock < left.clock and right.clock[1:2].isdigit() and following:
            right.day, right.value = following, cal.day_value(following) + right.clock
        return
    behind = (left.day - right.day).days
    if 0 < behind < 7:
        moved = cal.add_days(right.day, 7)
        if moved is not None:
            right.day, right.value = moved, cal.day_value(moved)
    elif behind > 0:  # "from 13 May to 15 May 2016": the year stands once
        year = right.day.year - ((left.day.month, left.day.day) > (right.day.month, right.day.day))
        begun = cal.make_date(year, left.day.month, left.day.day)
        if begun is not None:
            left.day, left.value = begun, cal.day_value(begun)
