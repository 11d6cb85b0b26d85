"""Finding and resolving the time expressions of a text: tokens, rules, then joining and context, in one pass."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.extraction.times import (
    _rules_clock,
    _rules_dates,
    _rules_months,
    _rules_ordinals,
    _rules_spans,
    _rules_units,
    _rules_years,
)
from tocsin.extraction.times._grammar import KINDS, Rule, index
from tocsin.extraction.times._history import tells_history
from tocsin.extraction.times._join import complete, join, ranges
from tocsin.extraction.times._publication import HEAD, is_publication_line, publication_day
from tocsin.extraction.times._state import Draft, Match, State
from tocsin.extraction.times._tokens import Tokens, tokenise
from tocsin.extraction.times._types import Anchor, Timex

_RULES = index(
    rules.BOOK
    for rules in (
        _rules_dates,
        _rules_months,
        _rules_years,
        _rules_units,
        _rules_ordinals,
        _rules_spans,
        _rules_clock,
    )
)
# what a token can be read as alone, before a token that no pattern knows: most "the" and "a" end here
_ALONE = {kind: [rule for rule in rules if rule.regex.fullmatch(kind)] for kind, rules in _RULES.items()}
_STRANGE = frozenset(KINDS[name] for name in ("other", "brk"))
_EMPHATIC = frozenset({"just", "only", "exactly", "barely"})
_LOOSE = frozenset({KINDS["dot"], KINDS["comma"], KINDS["hyphen"]})
_CHUNK = 50_000  # characters read at once: bounds memory on texts of megabytes


def find_times(text: str, anchor: Anchor) -> list[Timex]:
    """The time expressions of a text, in order, not overlapping; `text[t.start:t.end] == t.text`.

    Relative expressions are counted from `anchor` and, where the words say so ("two days earlier"), from the
    last date the story named. Without a publication date they keep open values. Never raises on any text.
    """
    state: State | None = None
    found: list[Timex] = []
    for start, end in _chunks(text):
        tokens = tokenise(text, start, end)
        if state is None:
            state = _begin(text, tokens, anchor)
        else:
            state.next_chunk(tokens)
        drafts = _read(tokens, state)
        if start == 0:
            drafts = [draft for draft in drafts if not is_publication_line(text, tokens, draft, state)]
        found.extend(_timex(text, tokens, draft) for draft in drafts)
    return found


def _begin(text: str, tokens: Tokens, anchor: Anchor) -> State:
    """The state at the beginning; a text without an anchor has the date of its own publication line."""
    state = State.of(anchor, tokens)
    if state.now is None:
        head = tokenise(text, 0, min(len(text), HEAD))
        state.now = publication_day(text, _read(head, State.of(anchor, head)), head)
    state.history = tells_history(tokens, state.now)
    return state


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Pieces of a long text, cut at line ends or spaces."""
    start, size = 0, len(text)
    while start < size:
        end = min(size, start + _CHUNK)
        if end < size:
            for mark in ("\n", ". ", " "):
                cut = text.rfind(mark, start + _CHUNK // 2, end)
                if cut > 0:
                    end = cut + 1
                    break
        yield start, end
        start = end


def _read(tokens: Tokens, state: State) -> list[Draft]:
    drafts: list[Draft] = []
    kinds, size, at = tokens.kinds, len(tokens), 0
    while at < size:
        alone = at + 1 < size and kinds[at + 1] in _STRANGE
        rules = (_ALONE if alone else _RULES).get(kinds[at])
        if not rules:
            at += 1
            continue
        new = _longest(rules, tokens, state, at)
        if not new:
            at += 1
            continue
        for fresh in new:
            draft = fresh
            joined = join(tokens, drafts[-1], draft) if drafts else None
            if joined is not None:
                draft = drafts[-1] = joined
            else:
                drafts.append(draft)
            if draft.bare:
                state.date_bare(draft)
            elif draft.day != state.now or not is_publication_line(tokens.text, tokens, draft, state):
                state.note(draft)
        at = max(at + 1, *(draft.end for draft in new))
    complete(tokens, drafts, state)
    ranges(tokens, drafts)
    return drafts


def _longest(rules: list[Rule], tokens: Tokens, state: State, at: int) -> list[Draft]:
    """What the longest match that its reader accepts gives; the first rule wins among equals."""
    matches = [
        (-found.end(), order, rule, found)
        for order, rule in enumerate(rules)
        if (found := rule.regex.match(tokens.kinds, at)) is not None
    ]
    if len(matches) > 1:
        matches.sort(key=lambda entry: entry[:2])
    for _, _, rule, found in matches:
        drafts = rule.handler(Match(state, tokens, found, rule.groups))
        if drafts:
            return drafts
    return []


def _timex(text: str, tokens: Tokens, draft: Draft) -> Timex:
    if draft.end - draft.start > 1 and tokens.marks[draft.end - 1] in _LOOSE:
        draft.end -= 1
    while draft.end - draft.start > 1 and tokens.words[draft.start] in _EMPHATIC:
        if tokens.words[draft.start + 1] in ("over", "under"):
            break
        draft.start += 1
    start, end = tokens.starts[draft.start], tokens.ends[draft.end - 1]
    return Timex(start, end, text[start:end], draft.type, draft.value, draft.mod, draft.begin, draft.until)
