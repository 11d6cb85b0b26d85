"""Joining a time of day to its date, two dates to a range, and leaving out the line that says when it was published."""

from __future__ import annotations

from itertools import pairwise

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._state import Draft, State
from tocsin.extraction.times._tokens import Tokens

_GAPS = frozenset(
    {(), (",",), ("on",), ("at",), (",", "at"), ("of",), (",", "on"), ("("), ("in", "the"), ("by",)}
)
_BETWEEN = frozenset({"(", ")", ",", "on", "or"})
_LINKS = frozenset({("to",), ("through",), ("until",), ("till",), ("-",), ("–",), ("—",), ("--",), ("and",)})


def join(tokens: Tokens, left: Draft, right: Draft) -> Draft | None:
    """One expression of "10 p.m." and "Wednesday", in either order; None when they do not belong together."""
    if right.start - left.end > 2 or right.start < left.end:
        return None
    gap = tuple(tokens.words[left.end : right.start])
    if gap not in _GAPS or KINDS["brk"] in tokens.kinds[left.end : right.start]:
        return None
    time, date = (left, right) if left.bare else (right, left)
    if not time.bare or date.bare or (date.clock.startswith("T") and len(date.clock) > 3):
        return None
    if date.type not in ("DATE", "TIME") or not (date.day is not None or date.value.startswith("XXXX-")):
        return None
    if gap == ("by",) or (time is right and gap == ("of",)):
        return None
    value = date.value.split("T")[0] + time.clock if not date.value.endswith("REF") else date.value
    return Draft(left.start, right.end, "TIME", value, time.mod or date.mod, time.clock, date.day)


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
        return
    if left.type == "TIME":
        following = cal.add_days(right.day, 1)
        if left.day == right.day and right.clock < left.clock and right.clock[1:2].isdigit() and following:
            right.day, right.value = following, cal.day_value(following) + right.clock
        return
    if right.day < left.day and (left.day - right.day).days < 7:
        moved = cal.add_days(right.day, 7)
        if moved is not None:
            right.day, right.value = moved, cal.day_value(moved)


_HEAD = 1000  # characters in which a line with the publication date may stand
_BODY = 40  # characters a line has at least that belongs to the story
_LABELS = frozenset(
    ("published", "updated", "posted", "date", "on", ":", ",", ".", "last", "(", ")", "|", "-")
)


def is_publication_line(text: str, tokens: Tokens, draft: Draft, state: State) -> bool:
    """Whether the expression is alone on a line above the story and names the day of publication.

    TimeML calls it the creation time (functionInDocument="CREATION_TIME"): it dates the document, not the story.
    """
    start, end = tokens.starts[draft.start], tokens.ends[draft.end - 1]
    if draft.day is None or draft.day != state.now or start > _HEAD:
        return False
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end, end + 80)
    if line_end < 0 or line_end - line_start > 80:
        return False
    rest = (text[line_start:start] + " " + text[end:line_end]).lower().split()
    if any(word.strip(":,.()|-") not in _LABELS and word.strip(":,.()|-") for word in rest):
        return False
    following = text[line_end : line_end + 2000].strip().split("\n", 1)[0]
    return len(following) >= _BODY
