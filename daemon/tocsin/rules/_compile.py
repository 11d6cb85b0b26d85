"""One YAML document to one rule, or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tocsin.errors import RuleError
from tocsin.model import RuleRecord, Severity
from tocsin.rules import _values as read
from tocsin.rules._cel import Expression
from tocsin.rules._cel_check import checked
from tocsin.rules._compile_match import patterns_of
from tocsin.rules._compile_when import trigger_of
from tocsin.rules._pattern import Pattern
from tocsin.rules._rule import OnSequence, Rule
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._values import Problems
from tocsin.rules._vocabulary import Vocabulary
from tocsin.rules._yaml import Document, Entry, Place, Scalar, Table

KEYS = ("rule", "title", "description", "severity", "labels", "match", "when", "where")
NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?")
LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}")
RESERVED_LABELS = ("rule", "severity")
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule, or what is wrong; `name` where the document gives a usable one."""

    rule: Rule | None
    errors: tuple[RuleError, ...]
    name: str | None
    place: Place
    title: str = ""


def compile_rule(document: Document, vocabulary: Vocabulary) -> Compiled:
    """Compile; never raises for what a document says."""
    problems = Problems()
    root = document.root
    if not isinstance(root, Table):
        error = root.place.error(f"a rule is a mapping, not {read.kind_of(root)}", "begin with rule: <name>")
        return Compiled(None, (error,), None, root.place)
    _refuse_unknown(root, problems)
    name = _name(root, problems)
    title = _title(root, problems)
    severity = _severity(root, problems)
    description = _text(root, "description", problems)
    labels = _labels(root.get("labels"), problems)
    patterns = patterns_of(root, vocabulary, problems)
    before = len(problems.found)
    when = trigger_of(root, patterns, problems)
    steps = when.order if isinstance(when, OnSequence) else ()
    if len(problems.found) > before:  # one mistake in `when` is not to be told twice
        steps = tuple(pattern.name for pattern in patterns)
    where = _where(root.get("where"), document, ("event", *steps), problems)
    place = entry.place if (entry := root.get("rule")) else root.place
    if problems.found or name is None:
        return Compiled(None, tuple(problems.found), name, place, title)
    families = _families(patterns, vocabulary)
    rule = Rule(
        name=name,
        title=title,
        severity=severity,
        labels=labels,
        patterns=patterns,
        when=when,
        where=where,
        file=place.file,
        line=place.line,
        source=document.source,
        source_hash=document.source_hash,
        description=description,
        families=families,
    )
    return Compiled(rule, (), name, place, title)


def refusal(compiled: Compiled, document: Document, taken: set[str]) -> RuleRecord:
    """What the store and the page show of a document that does not run; its name is not among `taken`."""
    place = compiled.place
    name = compiled.name or f"{place.file}:{place.line}"
    return RuleRecord(
        name=f"{name} ({place.file}:{place.line})" if name in taken else name,
        file=place.file,
        line=place.line,
        title=compiled.title,
        severity=Severity.WARNING,
        source=document.source,
        source_hash=document.source_hash,
        active=False,
        error="\n".join(str(error) for error in compiled.errors),
    )


def _refuse_unknown(root: Table, problems: Problems) -> None:
    for entry in root.entries:
        if entry.key not in KEYS:
            hint = did_you_mean(entry.key, KEYS) or one_of(KEYS)
            problems.found.append(entry.place.error(f"{entry.key} is not a key of a rule", hint))


def _required(root: Table, key: str, hint: str, problems: Problems) -> Entry | None:
    entry = root.get(key)
    if entry is None:
        problems.found.append(root.place.error(f"the rule has no {key}", hint))
    return entry


def _name(root: Table, problems: Problems) -> str | None:
    entry = _required(root, "rule", "begin with rule: <name>", problems)
    with problems.caught():
        if entry is not None:
            name = read.text(entry.value, "the name of a rule")
            if not NAME.fullmatch(name):
                raise entry.value.place.error(
                    f"{name!r} is not a rule name", "lower-case letters, digits, - and _, 100 at the most"
                )
            return name
    return None


def _title(root: Table, problems: Problems) -> str:
    entry = _required(root, "title", "say in one line what happened when it rings", problems)
    with problems.caught():
        if entry is not None:
            title = read.line(entry.value, "title")
            if len(title) > TITLE_LENGTH:
                raise entry.value.place.error(
                    f"title has {len(title)} characters, {TITLE_LENGTH} are allowed"
                )
            return title
    return ""


def _severity(root: Table, problems: Problems) -> Severity:
    entry = root.get("severity")
    with problems.caught():
        if entry is not None:
            word = read.text(entry.value, "severity")
            return Severity(read.member(word, entry.value, "a severity", [*Severity]))
    return Severity.WARNING


def _text(root: Table, key: str, problems: Problems) -> str:
    entry = root.get(key)
    with problems.caught():
        if entry is not None:
            return read.text(entry.value, key).strip()
    return ""


def _labels(entry: Entry | None, problems: Problems) -> dict[str, str]:
    labels: dict[str, str] = {}
    if entry is None:
        return labels
    with problems.caught():
        for item in read.table(entry.value, "labels", "for example labels: {desk: korea}").entries:
            with problems.caught():
                labels[item.key] = _label(item)
    return labels


def _label(item: Entry) -> str:
    if item.key in RESERVED_LABELS:
        raise item.place.error(f"the label {item.key} is set by Tocsin itself", "choose another name")
    if not LABEL.fullmatch(item.key):
        raise item.place.error(
            f"{item.key!r} is not a label name", "letters, digits, _ . and -, beginning with a letter or _"
        )
    return read.line(item.value, f"label {item.key}")


def _where(
    entry: Entry | None, document: Document, names: Sequence[str], problems: Problems
) -> Expression | None:
    with problems.caught():
        if entry is not None:
            read.text(entry.value, "where")
            return checked(cast(Scalar, entry.value), document.lines, names)
    return None


def _families(patterns: Sequence[Pattern], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The event types that can change what the rule says; of nested families the widest."""
    named = {name for pattern in patterns for name in pattern.types or vocabulary.roots}
    return tuple(sorted(n for n in named if not any(n.startswith(o + ".") for o in named)))
