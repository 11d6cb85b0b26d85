"""The line above a story that says when it was published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._state import Draft, State
from tocsin.extraction.times._tokens import Tokens

_REPRINT = 14  # days between the line and the publication given: put online again, corrected
_YEARS = frozenset({KINDS["year4"], KINDS["iso"]})
HEAD = 1000  # characters in which a line with the publication date may stand
_BODY = 40  # characters a line has at least that belongs to the story
_LABELS = frozenset(
    ("published", "updated", "posted", "date", "on", ":", ",", ".", "last", "(", ")", "|", "-")
)


def is_publication_line(text: str, tokens: Tokens, draft: Draft, state: State) -> bool:
    """Whether the expression is alone on a line above the story and names the day of publication.

    TimeML calls it the creation time (functionInDocument="CREATION_TIME"): it dates the document, not the story.
    """
    if draft.day is None or state.now is None:
        return False
    written = any(tokens.marks[k] in _YEARS for k in range(draft.start, draft.end))
    near = abs((draft.day - state.now).days) <= (_REPRINT if written else 0)
    return near and _alone(text, tokens, draft)


def publication_day(text: str, drafts: Iterable[Draft], tokens: Tokens) -> date | None:
    """The day of a full date that stands alone on a line above the story; None without one."""
    for draft in drafts:
        if tokens.starts[draft.start] > HEAD:
            break
        written = any(tokens.marks[k] in _YEARS for k in range(draft.start, draft.end))
        if written and draft.day is not None and _alone(text, tokens, draft):
            return draft.day
    return None


def _alone(text: str, tokens: Tokens, draft: Draft) -> bool:
    """Whether the expression is a line of its own above a line that belongs to the story."""
    start, end = tokens.starts[draft.start], tokens.ends[draft.end - 1]
    if start > HEAD:
        return False
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end, end + 80)
    if line_end < 0 or line_end - line_start > 80:
        return False
    rest = (text[line_start:start] + " " + text[end:line_end]).lower().split()
    if any(word.strip(":,.()|-") not in _LABELS and word.strip(":,.()|-") for word in rest):
        return False
    following = text[line_end : line_end + 2000].strip().split("\n", 1)[0]
    return len(following) >= _BODY
