"""`match`: one pattern, or several by name."""

from __future__ import annotations

import re

from tocsin.rules import _values as read
from tocsin.rules._fields import FIELDS, HEADS
from tocsin.rules._pattern import Condition, Pattern, with_defaults
from tocsin.rules._suggest import did_you_mean
from tocsin.rules._values import Problems
from tocsin.rules._vocabulary import Vocabulary
from tocsin.rules._yaml import Entry, Items, Table

PATTERN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset(
    {"event", "not", "true", "false", "null", "in", *HEADS, *(n for n in FIELDS if "." not in n)}
)
MAX_PATTERNS = 8
SINGLE = "event"


def patterns_of(root: Table, vocabulary: Vocabulary, problems: Problems) -> tuple[Pattern, ...]:
    """The patterns of a rule in the order of the file; a single one is called `event`."""
    entry = root.get("match")
    if entry is None:
        problems.found.append(
            root.place.error("the rule has no match", "for example match: {type: weapons.launch}")
        )
        return ()
    patterns: list[Pattern] = []
    with problems.caught():
        match = read.table(entry.value, "match", "for example match: {type: weapons.launch}")
        if not _is_named(match):
            return (_pattern(SINGLE, match, vocabulary, problems),)
        if len(match.entries) > MAX_PATTERNS:
            raise entry.place.error(f"match has {len(match.entries)} patterns, {MAX_PATTERNS} are allowed")
        for item in match.entries:
            with problems.caught():
                _check_name(item)
                fields = read.table(item.value, f"pattern {item.key}", "for example {type: statement.deny}")
                patterns.append(_pattern(item.key, fields, vocabulary, problems))
    return tuple(patterns)


def _is_named(match: Table) -> bool:
    """Patterns by name: some value is a mapping under a key that is no field."""
    return any(
        isinstance(item.value, Table) and item.key not in HEADS and item.key not in {"not", *FIELDS}
        for item in match.entries
    )


def _check_name(item: Entry) -> None:
    if item.key in FIELDS or item.key in HEADS or item.key == "not":
        raise item.place.error(
            f"{item.key} is a field, but this match names patterns",
            "put it inside each pattern it is meant for",
        )
    if item.key in RESERVED or not PATTERN_NAME.fullmatch(item.key):
        raise item.place.error(
            f"{item.key!r} cannot name a pattern", "lower-case letters, digits and _, such as denial"
        )


def _pattern(name: str, match: Table, vocabulary: Vocabulary, problems: Problems) -> Pattern:
    conditions: list[Condition] = []
    exclusions: list[tuple[Condition, ...]] = []
    for item in match.entries:
        with problems.caught():
            if item.key == "not":
                exclusions.extend(_exclusions(item, vocabulary, problems))
            else:
                conditions.append(_condition(item, vocabulary))
    if not match.entries:
        problems.found.append(
            match.place.error("the pattern is empty", "name a field, for example type: weapons")
        )
    conditions.sort(key=lambda condition: condition.field != "type")
    types = next((item.wanted for item in conditions if item.field == "type"), ())
    families = types if isinstance(types, tuple) else ()
    return Pattern(name, with_defaults(tuple(conditions)), tuple(exclusions), families)


def _exclusions(item: Entry, vocabulary: Vocabulary, problems: Problems) -> list[tuple[Condition, ...]]:
    listed = item.value.items if isinstance(item.value, Items) else (item.value,)
    found = []
    for value in listed:
        with problems.caught():
            fields = read.table(value, "not", "for example not: {source.country: PRK}")
            if not fields.entries:
                raise value.place.error("not is empty", "name the fields it excludes")
            found.append(_conditions(fields, vocabulary, problems))
    if not listed:
        raise item.value.place.error("not is an empty list", "name the fields it excludes")
    return found


def _conditions(fields: Table, vocabulary: Vocabulary, problems: Problems) -> tuple[Condition, ...]:
    found = []
    for item in fields.entries:
        with problems.caught():
            found.append(_condition(item, vocabulary))
    return tuple(found)


def _condition(item: Entry, vocabulary: Vocabulary) -> Condition:
    field = FIELDS.get(item.key)
    if field is not None:
        return Condition(item.key, field.parse(item.value, item.key, vocabulary))
    if item.key == "not":
        raise item.place.error("not cannot stand inside not", "move the fields to the pattern")
    if item.key in HEADS and isinstance(item.value, Table) and item.value.entries:
        inner = item.value.entries[0].key
        raise item.place.error(f"{item.key} takes no mapping", f"write {item.key}.{inner}: ... in one key")
    under = [name for name in FIELDS if name.startswith(item.key + ".")]
    hint = f"{', '.join(under)}" if under else did_you_mean(item.key, [*FIELDS, "not"])
    raise item.place.error(f"{item.key} is not a field", hint or "the fields are in docs/reference/rules.md")
