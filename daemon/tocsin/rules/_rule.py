"""Rules as compiled: frozen data that says what to look for and when to ring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.errors import RuleError
from tocsin.model import RuleRecord, Severity
from tocsin.rules._cel import Expression
from tocsin.rules._pattern import Pattern

KNOWN = "known"
HAPPENED = "happened"


@dataclass(frozen=True, slots=True)
class OnAny:
    """Every event that matches one of the patterns."""

    kind: str = "any"
    within: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class OnCount:
    """At least so many matching events, or so many distinct values of a field, within a window, group by group.

    `repeat` is how long a burst may go on before it is alerted again.
    """

    at_least: int
    within: timedelta
    by: tuple[str, ...] = ()
    distinct: str | None = None
    clock: str = KNOWN
    repeat: timedelta = timedelta(days=7)

    @property
    def kind(self) -> str:
        """Either count or distinct."""
        return "count" if self.distinct is None else "distinct"


@dataclass(frozen=True, slots=True)
class Join:
    """Events of a sequence belong together when these fields, one a pattern, share a value."""

    name: str
    fields: tuple[tuple[str, str], ...]  # (pattern, field)


@dataclass(frozen=True, slots=True)
class OnSequence:
    """Events that match the patterns one after the other within a window."""

    order: tuple[str, ...]
    within: timedelta
    joins: tuple[Join, ...] = ()
    same_claim: bool = True
    clock: str = KNOWN
    kind: str = "sequence"


Trigger = OnAny | OnCount | OnSequence


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a rule file."""

    name: str
    title: str
    severity: Severity
    labels: dict[str, str]
    patterns: tuple[Pattern, ...]
    when: Trigger
    where: Expression | None
    file: str
    line: int
    source: str  # the YAML document as written
    source_hash: str  # version digit and SHA-256 of the source
    description: str = ""
    families: tuple[str, ...] = ()  # event types it has to be asked about

    def pattern(self, name: str) -> Pattern:
        """A pattern by name."""
        return next(pattern for pattern in self.patterns if pattern.name == name)

    @property
    def lookback(self) -> timedelta:
        """How far from an event's own time its evaluation may read history, both ways."""
        if isinstance(self.when, OnCount):
            return self.when.repeat + self.when.repeat / 2 + 2 * self.when.within
        return self.when.within

    def record(self, loaded_at: datetime | None = None) -> RuleRecord:
        """The rule as the store keeps it."""
        return RuleRecord(
            name=self.name,
            file=self.file,
            line=self.line,
            title=self.title,
            severity=self.severity,
            source=self.source,
            source_hash=self.source_hash,
            labels=dict(self.labels),
            loaded_at=loaded_at,
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a set of folders gave: rules that run, and a refusal for each that does not."""

    rules: tuple[Rule, ...] = ()
    errors: tuple[RuleError, ...] = ()
    refused: tuple[RuleRecord, ...] = ()  # inactive, with the error; one a refused document

    def rule(self, name: str) -> Rule | None:
        """A running rule by name."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def records(self, loaded_at: datetime | None = None) -> tuple[RuleRecord, ...]:
        """All rules as the store keeps them, refused ones included. Names are unique."""
        return (*(rule.record(loaded_at) for rule in self.rules), *self.refused)
