"""Where in an article's text an event stands: pure functions from mentions to pieces of text with marks.

Text is cut at every border of a span, so that overlapping spans keep all their marks and the pieces
joined give the text back, character for character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tocsin.model import Actor, Mention, Place

# In the order of the legend; of spans that overlap the first decides the colour.
KINDS: Final = {
    "trigger": "what happened",
    "source": "who",
    "target": "to whom",
    "place": "where",
    "when": "when",
    "object": "what with",
    "claim": "what is claimed",
    "attribution": "according to",
}
_AROUND: Final = 90  # code points shown on either side of words outside the sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """One span of a mention, by what it says. Offsets count code points, end exclusive."""

    kind: str  # a key of KINDS
    start: int
    end: int
    words: str  # what the article should say there
    note: str  # what it was resolved to


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with all marks that cover it; none for plain text."""

    text: str
    kinds: tuple[str, ...] = ()
    note: str = ""
    gap: bool = False  # text was left out before this piece


def marks_of(mention: Mention) -> tuple[Mark, ...]:
    """Every span of the mention, in text order, each once."""
    marks = [Mark("trigger", mention.trigger.start, mention.trigger.end, mention.trigger.text, mention.type)]
    marks += [_actor("source", actor) for actor in mention.source]
    marks += [_actor("target", actor) for actor in mention.target]
    marks += [_actor("attribution", actor) for actor in mention.attribution]
    marks += [Mark("object", t.start, t.end, t.text, t.name or t.kind) for t in mention.objects]
    if mention.place is not None:
        marks.append(_place(mention.place))
    if mention.when is not None and mention.when.span is not None:
        start, end = mention.when.span
        marks.append(
            Mark("when", start, end, mention.when.text or "", mention.when.value or str(mention.when.start))
        )
    if mention.claim is not None:
        claim = mention.claim
        if claim.trigger is not None:
            note = claim.type or "points back"
            marks.append(Mark("claim", claim.trigger.start, claim.trigger.end, claim.trigger.text, note))
        marks += [_actor("claim", actor) for actor in (*claim.source, *claim.target)]
    return tuple(sorted(dict.fromkeys(marks), key=lambda mark: (mark.start, mark.end)))


def misplaced(text: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks whose words do not stand in the text where they say; there should be none, ever."""
    return tuple(mark for mark in marks if mark.words and text[mark.start : mark.end] != mark.words)


def pieces(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> list[Piece]:
    """`text[start:end]` in pieces with their marks."""
    stop = len(text) if end is None else min(end, len(text))
    borders = {start, stop}
    for mark in marks:
        borders.update(border for border in (mark.start, mark.end) if start < border < stop)
    cuts = sorted(borders)
    return [_piece(text, marks, left, right) for left, right in pairwise(cuts)]


def excerpt(text: str, marks: Sequence[Mark], sentence: tuple[int, int]) -> list[Piece]:
    """The sentence, and the words outside it that date or place the event, each with some text around."""
    windows = [(max(sentence[0], 0), min(sentence[1], len(text)))]
    windows.extend(
        _around(text, mark.start, mark.end)
        for mark in marks
        if mark.start < sentence[0] or mark.end > sentence[1]
    )
    shown: list[Piece] = []
    for start, end in _merged(window for window in windows if window[0] < window[1]):
        found = pieces(text, marks, start, end)
        if start > 0:
            first = found[0]
            found[0] = Piece(first.text, first.kinds, first.note, gap=True)
        shown.extend(found)
    return shown


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with up to `_AROUND` code points on each side, cut between words and inside its line."""
    left = max(text.rfind("\n", 0, start) + 1, start - _AROUND, 0)
    line_end = text.find("\n", end)
    right = min(line_end if line_end >= 0 else len(text), end + _AROUND)
    if left > 0 and (space := text.find(" ", left, start)) >= 0 and text[left - 1] != "\n":
        left = space + 1
    if right < len(text) and (space := text.rfind(" ", end, right)) >= 0 and text[right] != "\n":
        right = space
    return left, right


def _merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _piece(text: str, marks: Sequence[Mark], left: int, right: int) -> Piece:
    over = [mark for mark in marks if mark.start <= left and right <= mark.end]
    found = {mark.kind for mark in over}
    kinds = tuple(kind for kind in KINDS if kind in found)
    note = "; ".join(dict.fromkeys(f"{KINDS[mark.kind]}: {mark.note}" for mark in over))
    return Piece(text[left:right], kinds, note)


def _actor(kind: str, actor: Actor) -> Mark:
    codes = " ".join(code for code in (actor.country, actor.sector) if code)
    name = actor.name or actor.text
    return Mark(kind, actor.start, actor.end, actor.text, f"{name} ({codes})" if codes else name)


def _place(place: Place) -> Mark:
    name = place.name or place.text
    note = f"{name} ({place.country})" if place.country else name
    return Mark("place", place.start, place.end, place.text, note)
