"""Patterns: which single events a rule looks at, and why one does or does not match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tocsin.model import Event, EventStatus, Phase
from tocsin.rules._fields import FIELDS, Wanted
from tocsin.rules._values import shorten

LIKELY_STATUSES = tuple(str(s) for s in EventStatus if s not in {EventStatus.DENIED, EventStatus.RETRACTED})
REAL_PHASES = (str(Phase.HAPPENED), str(Phase.ONGOING))


@dataclass(frozen=True, slots=True)
class Check:
    """One field of one pattern, held against one event."""

    field: str
    wanted: Any  # JSON
    found: Any  # JSON
    met: bool
    by_default: bool = False

    def sentence(self) -> str:
        """For people: "source.country is KOR, wanted PRK"."""
        if self.field == "not":
            return f"it is excluded by not: {_spoken(self.wanted)}"
        note = " by default" if self.by_default else ""
        return f"{self.field} is {_spoken(self.found)}, wanted{note} {_spoken(self.wanted)}"


@dataclass(frozen=True, slots=True)
class Condition:
    """One field and what it must be."""

    field: str
    wanted: Wanted
    by_default: bool = False  # the rule file does not say so; the language does

    def met(self, event: Event) -> bool:
        """Whether the event has it."""
        field = FIELDS[self.field]
        return field.met(field.found(event), self.wanted)

    def check(self, event: Event) -> Check:
        """The same, with what was found."""
        field = FIELDS[self.field]
        found = field.found(event)
        return Check(
            self.field, _json(self.wanted), _json(found), field.met(found, self.wanted), self.by_default
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """All conditions must be met, and none of the exclusions, each of which is met as a whole."""

    name: str
    conditions: tuple[Condition, ...]
    exclusions: tuple[tuple[Condition, ...], ...] = ()
    types: tuple[str, ...] = ()  # the families it looks at; empty: all

    def matches(self, event: Event) -> bool:
        """Whether the event matches."""
        return all(item.met(event) for item in self.conditions) and not any(
            all(item.met(event) for item in excluded) for excluded in self.exclusions
        )

    def checks(self, event: Event) -> tuple[Check, ...]:
        """Every condition with its outcome, an exclusion as one check that is met when it does not apply."""
        found = [item.check(event) for item in self.conditions]
        for excluded in self.exclusions:
            inner = [item.check(event) for item in excluded]
            found.append(
                Check(
                    "not",
                    {check.field: check.wanted for check in inner},
                    {check.field: check.found for check in inner},
                    not all(check.met for check in inner),
                )
            )
        return tuple(found)


def with_defaults(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """What a rule file leaves unsaid: the event is real and nobody took it back.

    Naming `status` or `phase` replaces the one named; `any` lifts it.
    """
    named = {item.field for item in conditions}
    unsaid = (Condition("status", LIKELY_STATUSES, True), Condition("phase", REAL_PHASES, True))
    return (*conditions, *(item for item in unsaid if item.field not in named))


def _json(value: Any) -> Any:
    if isinstance(value, timedelta):
        return shorten(value)
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _spoken(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(map(str, value)) if value else "not known"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_spoken(item)}" for key, item in value.items())
    return "not known" if value is None else str(value)
