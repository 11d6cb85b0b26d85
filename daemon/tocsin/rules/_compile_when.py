"""`when`: what makes matching events ring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tocsin.rules import _values as read
from tocsin.rules._compile_match import SINGLE
from tocsin.rules._fields import FIELDS, WORD_FIELDS
from tocsin.rules._pattern import Pattern
from tocsin.rules._rule import HAPPENED, KNOWN, Join, OnAny, OnCount, OnSequence, Trigger
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._values import Problems
from tocsin.rules._yaml import Entry, Items, Table, Value

KINDS = ("any", "count", "distinct", "sequence")
LATER = ("absence", "spike", "new", "change")
_ALLOWED = {
    "count": ("count", "within", "by", "clock", "repeat"),
    "distinct": ("distinct", "at_least", "within", "by", "clock", "repeat"),
    "sequence": ("sequence", "within", "by", "clock", "claims"),
}
_EXAMPLE = "for example when: {count: 5, within: 24h}"
MAX_STEPS = 5
MOST = 1000
_DAY = timedelta(days=1)


def trigger_of(root: Table, patterns: Sequence[Pattern], problems: Problems) -> Trigger:
    """The trigger; `any` where `when` is left out or refused."""
    entry = root.get("when")
    if entry is None:
        return OnAny()
    with problems.caught():
        if not isinstance(entry.value, Table):
            return _word(entry)
        main = _kind(entry.value)
        for item in entry.value.entries:
            with problems.caught():
                _refuse_unknown(item, main.key)
        if main.key == "sequence":
            return _sequence(entry.value, main, patterns)
        return _count(entry.value, main)
    return OnAny()


def _word(entry: Entry) -> Trigger:
    word = read.text(entry.value, "when")
    if word == "any":
        return OnAny()
    if word in KINDS:
        raise entry.value.place.error(f"when: {word} needs more words", _EXAMPLE)
    if word in LATER:
        raise entry.value.place.error(f"when: {word} is not in this version", one_of(KINDS))
    raise entry.value.place.error(
        f"{word} is not a kind of when", did_you_mean(word, (*KINDS, *LATER)) or one_of(KINDS)
    )


def _kind(when: Table) -> Entry:
    """The entry that says which kind it is."""
    named = [item for item in when.entries if item.key in KINDS or item.key in LATER]
    for item in named:
        if item.key in LATER:
            raise item.place.error(f"when: {item.key} is not in this version", one_of(KINDS))
    if len(named) > 1:
        raise named[1].place.error(
            f"when is both {named[0].key} and {named[1].key}", "keep one, or write two rules"
        )
    if not named:
        known = {
            "any",
            "count",
            "distinct",
            "sequence",
            "within",
            "by",
            "clock",
            "repeat",
            "claims",
            "at_least",
        }
        strange = next((item for item in when.entries if item.key not in known), None)
        at = strange.place if strange else when.place
        hint = did_you_mean(strange.key, (*KINDS, *LATER)) if strange else None
        raise at.error("when names none of any, count, distinct, sequence", hint or _EXAMPLE)
    if named[0].key == "any":
        raise named[0].place.error("any takes no mapping", "write when: any, or leave when out")
    return named[0]


def _refuse_unknown(item: Entry, kind: str) -> None:
    if item.key not in _ALLOWED[kind]:
        hint = did_you_mean(item.key, _ALLOWED[kind]) or one_of(_ALLOWED[kind])
        raise item.place.error(f"{item.key} is not a key of when: {kind}", hint)


def _within(when: Table, kind: str) -> timedelta:
    entry = when.get("within")
    if entry is None:
        raise when.place.error(
            f"when: {kind} has no within", "say how long the window is, for example within: 24h"
        )
    within = read.duration(entry.value, "within")
    if _clock(when) == HAPPENED and within % _DAY:
        raise entry.value.place.error(
            "within must be whole days with clock: happened",
            "the happening of an event is known to the day: 1d, 7d",
        )
    return within


def _clock(when: Table) -> str:
    entry = when.get("clock")
    if entry is None:
        return KNOWN
    return read.member(read.text(entry.value, "clock"), entry.value, "a clock", (KNOWN, HAPPENED))


def _word_field(word: str, at: Value, what: str) -> str:
    if word in WORD_FIELDS:
        return word
    if word in FIELDS:
        raise at.place.error(f"{what} cannot use {word}", f"fields with words: {', '.join(WORD_FIELDS)}")
    under = [name for name in WORD_FIELDS if name.startswith(word + ".")]
    hint = one_of(under) if under else did_you_mean(word, WORD_FIELDS)
    raise at.place.error(f"{word} is not a field", hint or "the fields are in docs/reference/rules.md")


def _count(when: Table, main: Entry) -> OnCount:
    within = _within(when, main.key)
    is_distinct = main.key == "distinct"
    return OnCount(
        at_least=_at_least(when, main),
        within=within,
        by=_by(when.get("by")),
        distinct=_word_field(read.text(main.value, "distinct"), main.value, "distinct")
        if is_distinct
        else None,
        clock=_clock(when),
        repeat=_repeat(when.get("repeat"), within),
    )


def _at_least(when: Table, main: Entry) -> int:
    entry = main if main.key == "count" else when.get("at_least")
    if entry is None:
        raise when.place.error(
            "when: distinct has no at_least", "say how many values, for example at_least: 3"
        )
    if isinstance(entry.value, Table):
        raise entry.value.place.error("count takes a number", "write count: 3, which means three or more")
    return read.integer(entry.value, entry.key, 2, MOST)


def _by(entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    found = tuple(_word_field(word, at, "by") for word, at in read.texts(entry.value, "by"))
    if len(set(found)) != len(found):
        raise entry.value.place.error("by names a field twice", "keep one")
    return found


def _repeat(entry: Entry | None, within: timedelta) -> timedelta:
    least = max(within, timedelta(hours=1))
    if entry is None:
        return max(timedelta(days=7), 2 * within)
    repeat = read.duration(entry.value, "repeat")
    if repeat < least:
        raise entry.value.place.error(
            "repeat must not be shorter than within",
            f"at least {read.shorten(least)}; left out it is 7d or more",
        )
    return repeat


def _sequence(when: Table, main: Entry, patterns: Sequence[Pattern]) -> OnSequence:
    order = _order(main.value, patterns)
    return OnSequence(
        order=order,
        within=_within(when, "sequence"),
        joins=_joins(when.get("by"), order),
        same_claim=_same_claim(when.get("claims")),
        clock=_clock(when),
    )


def _order(value: Value, patterns: Sequence[Pattern]) -> tuple[str, ...]:
    names = [pattern.name for pattern in patterns]
    if not isinstance(value, Items) or not 2 <= len(value.items) <= MAX_STEPS:
        raise value.place.error(
            f"sequence must be a list of 2 to {MAX_STEPS} pattern names", "for example [accusation, denial]"
        )
    if names == [SINGLE]:
        raise value.place.error(
            "match names no patterns to be put in a sequence",
            "match: {first: {type: ...}, second: {type: ...}}",
        )
    order = [read.member(word, at, "a pattern of match", names) for word, at in read.texts(value, "sequence")]
    if len(set(order)) != len(order):
        raise value.place.error(
            "sequence names a pattern twice", "give the second a name of its own in match"
        )
    if idle := [name for name in names if name not in order]:
        raise value.place.error(
            f"pattern {idle[0]} is not in the sequence", "add it, or remove it from match"
        )
    return tuple(order)


def _joins(entry: Entry | None, order: Sequence[str]) -> tuple[Join, ...]:
    if entry is None:
        return ()
    hint = "for example by: {party: [accusation.target.country, denial.source.country]}"
    return tuple(_join(item, order, hint) for item in read.table(entry.value, "by", hint).entries)


def _join(item: Entry, order: Sequence[str], hint: str) -> Join:
    if not isinstance(item.value, Items) or len(item.value.items) < 2:
        raise item.value.place.error(f"{item.key} must list two fields or more that share a value", hint)
    fields = []
    for word, at in read.texts(item.value, item.key):
        pattern, _, name = word.partition(".")
        read.member(pattern, at, "a pattern of match", order)
        if not name:
            raise at.place.error(f"{word} names no field", hint)
        fields.append((pattern, _word_field(name, at, item.key)))
    if len({pattern for pattern, _ in fields}) < 2:
        raise item.value.place.error(f"{item.key} joins one pattern with itself", hint)
    return Join(item.key, tuple(fields))


def _same_claim(entry: Entry | None) -> bool:
    if entry is None:
        return True
    return (
        read.member(read.text(entry.value, "claims"), entry.value, "a word for claims", ("same", "any"))
        == "same"
    )
