"""Rule tests: `<name>.test.yaml` beside the rule files, given events, expected alerts.

    test: a launch rings
    rule: korea-missile-launch
    events:
      launch: {type: weapons.launch.missile, source: PRK, day: 2022-11-09}
    expect:
      - launch

`expect` lists the alerts in the order in which they ring: the name of the event for an alert about one,
or `{events: [a, b], group: {...}}`; `[]` for none. Events become known in the order of `known`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import RuleError
from tocsin.model import AlertDraft, Event
from tocsin.rules import _values as read
from tocsin.rules._backtest import backtest
from tocsin.rules._case_events import events_of
from tocsin.rules._explain import explain
from tocsin.rules._history import MemoryHistory
from tocsin.rules._rule import Rule, RuleSet
from tocsin.rules._suggest import did_you_mean, one_of
from tocsin.rules._vocabulary import Ontology, Vocabulary
from tocsin.rules._yaml import Document, Entry, Items, Place, Table, Value, documents, read_text

CASE_KEYS = ("test", "rule", "events", "expect", "description")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test. `message` says what differs, empty when it passed; `hint` the likeliest reason."""

    file: str
    line: int
    test: str
    rule: str
    passed: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Expected:
    events: tuple[str, ...]
    group: Mapping[str, str] | None = None

    def __str__(self) -> str:
        shown = ", ".join(self.events)
        return f"[{shown}]" if self.group is None else f"[{shown}] for {_pairs(self.group)}"


@dataclass(frozen=True, slots=True)
class _Case:
    test: str
    rule: Rule
    events: dict[str, Event]
    expected: tuple[_Expected, ...]


def run_tests(paths: Sequence[Path], rules: RuleSet, ontology: Ontology) -> list[CaseResult]:
    """Run every test of these files against the loaded rules; a test that cannot be read has failed."""
    vocabulary = Vocabulary.of(ontology)
    results: list[CaseResult] = []
    for path in paths:
        try:
            found = list(documents(read_text(path), str(path)))
        except RuleError as error:
            found = [error]
        if not found:
            found = [Place(str(path), 1, 1).error("the file has no test", "begin with test: <what it shows>")]
        results.extend(_result(document, rules, vocabulary) for document in found)
    return results


def _result(document: Document | RuleError, rules: RuleSet, vocabulary: Vocabulary) -> CaseResult:
    if isinstance(document, RuleError):
        return CaseResult(document.file, document.line, "", "", passed=False, message=str(document))
    place = document.root.place
    try:
        case = _case(document, rules, vocabulary)
    except RuleError as error:
        return CaseResult(place.file, place.line, "", "", passed=False, message=str(error))
    message = _run(case)
    return CaseResult(place.file, place.line, case.test, case.rule.name, passed=not message, message=message)


def _case(document: Document, rules: RuleSet, vocabulary: Vocabulary) -> _Case:
    root = read.table(document.root, "a test", "begin with test: <what it shows>")
    for entry in root.entries:
        if entry.key not in CASE_KEYS:
            hint = did_you_mean(entry.key, CASE_KEYS) or one_of(CASE_KEYS)
            raise entry.place.error(f"{entry.key} is not a key of a test", hint)
    test = read.line(_required(root, "test").value, "test")
    rule = _rule(_required(root, "rule"), rules)
    events = events_of(_required(root, "events").value, vocabulary)
    return _Case(test, rule, events, _expected(_required(root, "expect").value, events))


def _required(root: Table, key: str) -> Entry:
    entry = root.get(key)
    if entry is None:
        raise root.place.error(f"the test has no {key}", "a test has test, rule, events and expect")
    return entry


def _rule(entry: Entry, rules: RuleSet) -> Rule:
    name = read.text(entry.value, "rule")
    if rule := rules.rule(name):
        return rule
    if any(record.name == name for record in rules.refused):
        raise entry.value.place.error(f"rule {name} is refused", "tocsin rules check says why")
    raise entry.value.place.error(
        f"there is no rule {name}", did_you_mean(name, [rule.name for rule in rules.rules])
    )


def _expected(value: Value, events: Mapping[str, Event]) -> tuple[_Expected, ...]:
    if not isinstance(value, Items):
        raise value.place.error(
            f"expect must be a list, not {read.kind_of(value)}", "[] when nothing should ring"
        )
    return tuple(_alert(item, events) for item in value.items)


def _alert(value: Value, events: Mapping[str, Event]) -> _Expected:
    if not isinstance(value, Table):
        return _Expected(_event_names(value, events))
    for entry in value.entries:
        read.member(entry.key, value, "a key of an expected alert", ("events", "group"))
    listed = value.get("events")
    if listed is None:
        raise value.place.error("the expected alert has no events", "{events: [a, b], group: {...}}")
    group = value.get("group")
    if group is None:
        return _Expected(_event_names(listed.value, events))
    fields = read.table(group.value, "group", "for example {place.country: UKR}")
    return _Expected(
        _event_names(listed.value, events),
        {item.key: read.text(item.value, item.key) for item in fields.entries},
    )


def _event_names(value: Value, events: Mapping[str, Event]) -> tuple[str, ...]:
    return tuple(
        read.member(word, at, "an event of this test", events) for word, at in read.texts(value, "events")
    )


def _run(case: _Case) -> str:
    """Empty when the alerts are as expected, else what differs."""
    found = backtest([case.rule], [(event.first_known, event) for event in case.events.values()])
    if found.errors:
        return str(found.errors[0])
    names = {event.id: name for name, event in case.events.items()}
    alerts = [firing.alert for firing in found.firings]
    got = [_Expected(tuple(names[i] for i in alert.event_ids), alert.group) for alert in alerts]
    if len(got) == len(case.expected) and all(map(_same, case.expected, got)):
        return ""
    wanted = "; ".join(map(str, case.expected)) or "no alert"
    return f"expected {wanted}; got {'; '.join(map(str, got)) or 'no alert'}{_why(case, alerts)}"


def _same(expected: _Expected, got: _Expected) -> bool:
    return expected.events == got.events and (expected.group is None or expected.group == got.group)


def _why(case: _Case, alerts: Sequence[AlertDraft]) -> str:
    """For an alert that is missing: what the rule says about the last event it was expected to carry."""
    rung = {event_id for alert in alerts for event_id in alert.event_ids}
    missing = [e.events[-1] for e in case.expected if case.events[e.events[-1]].id not in rung]
    if not missing:
        return ""
    history = MemoryHistory(case.events.values())
    event = case.events[missing[0]]
    said = explain(case.rule, event, history, max(item.first_known for item in case.events.values()))
    return f". {missing[0]}: {said.sentence}"


def _pairs(group: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in group.items()) or "no group"
