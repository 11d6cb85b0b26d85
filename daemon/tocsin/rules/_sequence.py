"""sequence: events that match patterns one after the other, inside one window, belonging together.

Which of two events came first: the one whose last day lies before the other's first day, where both are
dated so; otherwise the one published (or, unpublished, known) first, equal times in either order.
Knowledge may come in any order: whichever event of a sequence becomes known last completes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from tocsin.model import Event
from tocsin.rules._cel import variables_of
from tocsin.rules._fields import FIELDS
from tocsin.rules._history import Axis
from tocsin.rules._rule import Join, OnSequence, Rule
from tocsin.rules._vocabulary import below
from tocsin.rules._yaml import Place

BUDGET = 200_000  # comparisons for one event before the rule is called too wide; a second or two
EXPRESSION_COST = 20  # of evaluating `where`, in comparisons
_STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Chain:
    """One match: an event for each pattern, in order."""

    events: tuple[Event, ...]
    shared: Mapping[str, tuple[str, ...]]  # join name -> the values all its fields share
    others: tuple[Event, ...]  # events that would have done in place of one of these, for the reader


def precedes(first: Event, second: Event) -> bool:
    """Whether `first` may stand before `second` in a sequence."""
    if first.when is not None and second.when is not None:
        if first.when.end < second.when.start:
            return True
        if second.when.end < first.when.start:
            return False
    return _told(first) <= _told(second)


def same_matter(one: Event, other: Event) -> bool:
    """Whether two statements may be about the same claim: what is known of their claims does not contradict.

    Claims contradict when their types belong to different families (the first word of the type), or when
    both name parties and share none. A statement whose claim is not known contradicts nothing.
    """
    if one.claim is None or other.claim is None or not (_is_statement(one) and _is_statement(other)):
        return True
    if one.claim.type and other.claim.type and _head(one.claim.type) != _head(other.claim.type):
        return False
    ours = {*one.claim.source, *one.claim.target}
    theirs = {*other.claim.source, *other.claim.target}
    return not ours or not theirs or bool(ours & theirs)


def chains(rule: Rule, when: OnSequence, event: Event, axis: Axis, budget: int = BUDGET) -> Iterator[Chain]:
    """For each completing event, the best sequence that holds `event`: the nearest, claims that agree first.

    Raises `RuleError` at the rule when more than `budget` comparisons would be needed.
    """
    here = axis.at(event)
    places = [step for step, name in enumerate(when.order) if rule.pattern(name).matches(event)]
    if here is None or not places:
        return
    near = [item for item in axis.around(here - when.within, here + when.within) if item.id != event.id]
    options = [[item for item in near if rule.pattern(name).matches(item)] for name in when.order]
    search = _Search(rule, when, axis, budget)
    completed = set()
    for place in places:
        slots = [*options[:place], [event], *options[place + 1 :]]
        for last in slots[-1]:
            if last.id not in completed and (chain := search.ending(last, slots)):
                completed.add(last.id)
                yield chain


class _Search:
    """Depth first from the last event back to the first, within a budget."""

    def __init__(self, rule: Rule, when: OnSequence, axis: Axis, budget: int) -> None:
        self.rule = rule
        self.when = when
        self.axis = axis
        self.budget = budget
        self.left = budget  # for finding sequences
        self.spare = budget  # for naming events that would have done
        self.variables: dict[UUID, dict[str, Any]] = {}

    def ending(self, last: Event, slots: Sequence[Sequence[Event]]) -> Chain | None:
        found = self.back((last,), slots[:-1], len(slots) - 2)
        if found is None:
            return None
        return Chain(found, self.shared(found, 0), self.others(found, slots))

    def others(self, found: tuple[Event, ...], slots: Sequence[Sequence[Event]]) -> tuple[Event, ...]:
        """Events that fit in place of one that was taken; none are named once too many were looked at."""
        swaps = {
            item.id: (item, (*found[:step], item, *found[step + 1 :]))
            for step, slot in enumerate(slots[:-1])
            for item in slot
            if item not in found
        }
        self.spare -= len(swaps) * self.price
        if self.spare < 0:
            return ()
        return tuple(item for item, swap in swaps.values() if self.fits(swap, 0) and self.holds(swap))

    def back(
        self, tail: tuple[Event, ...], slots: Sequence[Sequence[Event]], step: int
    ) -> tuple[Event, ...] | None:
        if step < 0:
            self.spend(self.price)
            return tail if self.holds(tail) else None
        self.spend(len(slots[step]))
        fitting = [item for item in slots[step] if self.fits((item, *tail), step)]
        for item in sorted(fitting, key=lambda item: self.preference(item, tail), reverse=True):
            if found := self.back((item, *tail), slots, step - 1):
                return found
        return None

    @property
    def price(self) -> int:
        """What a whole sequence costs: an expression takes as long as many comparisons."""
        return 1 if self.rule.where is None else EXPRESSION_COST

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Place(self.rule.file, self.rule.line, 1).error(
                f"rule {self.rule.name} has too many combinations to look at for one event",
                "shorten within, add by, or say in match what where says of a single event",
            )

    def preference(self, item: Event, tail: Sequence[Event]) -> tuple[int, datetime, str]:
        agreeing = sum(_agree(item, other) for other in tail)
        return (agreeing, _told(item), item.id.hex)

    def fits(self, events: Sequence[Event], step: int) -> bool:
        """Whether events may fill the steps from `step` on, as far as can be said before all are there."""
        if len({event.id for event in events}) < len(events) or not self.is_close(events):
            return False
        pairs = list(combinations(events, 2))
        if not all(precedes(one, later) for one, later in pairs):
            return False
        if self.when.same_claim and not all(same_matter(one, other) for one, other in pairs):
            return False
        return all(self.shared(events, step).values())

    def is_close(self, events: Sequence[Event]) -> bool:
        """Whether one window (t - within, t] holds them all."""
        times = [self.axis.position(event)[0] for event in events]
        return max(times) - min(times) < self.when.within

    def shared(self, events: Sequence[Event], step: int) -> dict[str, tuple[str, ...]]:
        filled = dict(zip(self.when.order[step:], events, strict=False))
        return {
            join.name: values for join in self.when.joins if (values := _shared(join, filled)) is not None
        }

    def holds(self, events: Sequence[Event]) -> bool:
        if self.rule.where is None:
            return True
        steps = {name: self.known(event) for name, event in zip(self.when.order, events, strict=True)}
        return self.rule.where.holds({"event": steps[self.when.order[-1]], **steps})

    def known(self, event: Event) -> dict[str, Any]:
        if event.id not in self.variables:
            self.variables[event.id] = variables_of(event)
        return self.variables[event.id]


def _shared(join: Join, filled: Mapping[str, Event]) -> tuple[str, ...] | None:
    """Values in common over the fields whose events are there; None before two are."""
    found = [FIELDS[field].found(filled[name]) for name, field in join.fields if name in filled]
    if len(found) < 2:
        return None
    return tuple(sorted(set(found[0]).intersection(*found[1:])))


def _agree(one: Event, other: Event) -> int:
    """How well two claims agree: 2 the same type, 1 one below the other's family, 0 not known."""
    if one.claim is None or other.claim is None:
        return 0
    if one.claim.type == other.claim.type:
        return 2
    return int(below(one.claim.type, _head(other.claim.type)))


def _told(event: Event) -> datetime:
    return event.first_published or event.first_known


def _is_statement(event: Event) -> bool:
    return _head(event.type) == _STATEMENT


def _head(name: str) -> str:
    return name.split(".", 1)[0]
