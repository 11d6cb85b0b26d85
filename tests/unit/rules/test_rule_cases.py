"""Rule tests beside rule files: what they can say, and what is told when one fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tocsin.model import ClaimKey, EventStatus, Party, Phase, Precision, Severity
from tocsin.rules import CaseResult, RuleSet, load_rules, run_tests
from tocsin.rules._case_events import events_of
from tocsin.rules._vocabulary import Vocabulary
from tocsin.rules._yaml import Document, documents

RULES = """
rule: launch
title: t
match: {type: weapons, source.country: PRK}
---
rule: surge
title: t
match: {type: conflict}
when: {count: 2, within: 1d, by: place.country}
---
rule: failing
title: t
match: {type: weapons}
where: event.source[0].country == 'PRK'
---
rule: refused
title: t
match: {type: nope}
"""
Run = Callable[[str], list[CaseResult]]


@pytest.fixture
def run(tmp_path: Path, ontology: Any) -> Run:
    """Run the text of a test file against RULES."""

    def runner(text: str) -> list[CaseResult]:
        (tmp_path / "r.yaml").write_text(RULES)
        (tmp_path / "r.test.yaml").write_text(text)
        rules: RuleSet = load_rules([tmp_path], ontology)
        return run_tests([tmp_path / "r.test.yaml"], rules, ontology)

    return runner


def test_passing(run: Run) -> None:
    """Alerts are expected by event, or by events and group."""
    results = run(
        "test: one\nrule: launch\nevents: {a: {type: weapons.launch, source: PRK}, b: {type: weapons.launch}}\n"
        "expect: [a]\n---\n"
        "test: two\nrule: surge\nevents: {a: {type: conflict.clash, place: UKR}, b: {type: conflict.clash, place: UKR}}\n"
        "expect: [{events: [a, b], group: {place.country: UKR}}]\n---\n"
        "test: none\nrule: launch\ndescription: x\nevents: {a: {type: weapons.launch, source: IRN}}\nexpect: []\n"
    )
    assert [(r.test, r.rule, r.passed, r.message) for r in results] == [
        ("one", "launch", True, ""),
        ("two", "surge", True, ""),
        ("none", "launch", True, ""),
    ]
    assert [r.line for r in results] == [1, 6, 11]


def failing(text: str) -> str:
    return f"test: t\nrule: launch\nevents: {{a: {{type: weapons.launch, source: IRN}}}}\n{text}"


FAILING = [
    (
        failing("expect: [a]"),
        "expected [a]; got no alert. a: The event does not match: source.country is IRN, wanted PRK.",
    ),
    (
        "test: t\nrule: launch\nevents: {a: {type: weapons.launch, source: PRK}}\nexpect: []",
        "got [a] for no group",
    ),
    (
        "test: t\nrule: launch\nevents: {a: {type: weapons.launch, source: PRK}}\nexpect: [a, a]",
        "expected [a]; [a]; got [a] for no group",
    ),
    (
        (
            "test: t\nrule: surge\nevents: {a: {type: conflict.clash, place: UKR}, b: {type: conflict.clash, place: UKR}}\n"
            "expect: [{events: [a, b], group: {place.country: SYR}}]"
        ),
        "expected [a, b] for place.country SYR; got [a, b] for place.country UKR",
    ),
    ("test: t\nrule: failing\nevents: {a: {type: weapons.launch}}\nexpect: []", "where failed on an event"),
    (failing("expect: a"), "4:9: expect must be a list, not 'a'"),
    (failing("expect: [b]"), "4:10: b is not an event of this test"),
    (failing("expect: [{alert: a}]"), "4:10: alert is not a key of an expected alert"),
    (failing("expect: [{group: {a: b}}]"), "4:10: the expected alert has no events"),
    (failing("expct: []"), "4:1: expct is not a key of a test (did you mean expect?)"),
    (failing(""), "1:1: the test has no expect"),
    ("rule: launch\nevents: {}\nexpect: []", "1:1: the test has no test"),
    ("test: t\nrule: lunch\nevents: {}\nexpect: []", "2:7: there is no rule lunch (did you mean launch?)"),
    ("test: t\nrule: refused\nevents: {}\nexpect: []", "2:7: rule refused is refused"),
    ("- a", "1:1: a test must be a mapping"),
    ("test: [", "not YAML"),
    ("", "1:1: the file has no test"),
]


@pytest.mark.parametrize(("text", "said"), FAILING)
def test_failing(run: Run, text: str, said: str) -> None:
    """A test that fails, or cannot be read, says what differs and where."""
    (result,) = run(text)
    assert not result.passed
    assert said in result.message


def test_unreadable_file_fails(run: Run, tmp_path: Path, ontology: Any) -> None:
    """A test file that cannot be read is a failed test."""
    (result,) = run_tests([tmp_path / "nope.test.yaml"], RuleSet(), ontology)
    assert "the file cannot be read" in result.message


def events(text: str, ontology: Any) -> dict[str, Any]:
    (document,) = documents(text, "t.yaml")
    assert isinstance(document, Document)
    return events_of(document.root, Vocabulary.of(ontology))


def test_short_form_of_events(ontology: Any) -> None:
    """Every key arrives in the event."""
    text = """
e:
  type: statement.accuse
  title: the title
  status: disputed
  phase: ongoing
  severity: critical
  day: 2022-11-09
  known: 2022-11-09T12:00+02:00
  published: 2022-11-09T09:00
  source: [PRK, {name: Kim, sector: GOV}]
  target: {country: KOR}
  place: PRK
  objects: [{kind: weapon, name: drone, count: 3}, {}]
  claim: {type: arms, source: [RUS, PRK], target: USA}
  confidence: 0.5
  owners: [A, B]
  publishers: 3
  articles: 4
  plover: ACCUSE
  cameo: 0112
"""
    event = events(text, ontology)["e"]
    assert (event.type, event.title, event.status) == ("statement.accuse", "the title", EventStatus.DISPUTED)
    assert (event.phase, event.severity) == (Phase.ONGOING, Severity.CRITICAL)
    assert event.day == date(2022, 11, 9)
    assert event.first_known == datetime(2022, 11, 9, 10, tzinfo=UTC)
    assert event.first_published == datetime(2022, 11, 9, 9, tzinfo=UTC)
    assert event.source == (Party("North Korea", "PRK"), Party("Kim", None, "GOV"))
    assert event.target == (Party(None, "KOR"),)
    assert (event.place.name, event.place.country) == ("North Korea", "PRK")
    assert [(o.kind, o.name, o.count) for o in event.objects] == [
        ("weapon", "drone", 3),
        ("thing", None, None),
    ]
    assert event.claim == ClaimKey("arms", ("PRK", "RUS"), ("USA",))
    assert (event.confidence, event.owners, event.articles) == (0.5, ("A", "B"), 4)
    assert event.publishers == ("publisher 1", "publisher 2", "publisher 3")
    assert (event.plover, event.cameo) == ("ACCUSE", "0112")


def test_defaults_of_events(ontology: Any) -> None:
    """A bare event is a reported happening; it becomes known on its day, or after the one before it."""
    found = events("a: {type: weapons}\nb: {type: weapons, day: 2022-11}\nc: {type: weapons}\n", ontology)
    first, second, third = found.values()
    assert [item.id.int for item in found.values()] == [1, 2, 3]
    assert (first.title, first.when, first.place, first.claim, first.owners) == (
        "a",
        None,
        None,
        None,
        ("owner 1",),
    )
    assert second.first_known == datetime(2022, 11, 30, 12, tzinfo=UTC)
    assert (third.first_known - second.first_known).total_seconds() == 60


@pytest.mark.parametrize(
    ("said", "start", "end", "precision"),
    [
        ("2022-11-09", date(2022, 11, 9), date(2022, 11, 9), Precision.DAY),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2022", date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR),
        ("2022-11-01/2022-11-07", date(2022, 11, 1), date(2022, 11, 7), Precision.INTERVAL),
    ],
)
def test_days(ontology: Any, said: str, start: date, end: date, precision: Precision) -> None:
    """Days, months, years and intervals."""
    when = events(f"e: {{type: weapons, day: {said}}}", ontology)["e"].when
    assert (when.start, when.end, when.precision) == (start, end, precision)


BAD = [
    ("a: x", "1:4: event a must be a mapping"),
    ("[a]", "1:1: events must be a mapping"),
    ("a: {source: PRK}", "1:1: event a has no type"),
    ("a: {type: nope}", "1:11: nope is not an event type"),
    (
        "a: {type: weapons, soruce: PRK}",
        "1:20: soruce is not a key of an event in a test (did you mean source?)",
    ),
    ("a: {type: weapons, day: soon}", "1:25: soon is not a day"),
    ("a: {type: weapons, day: 2022-13}", "1:25: 2022-13 is not a day"),
    ("a: {type: weapons, day: 2022-11-02/2022-11-01}", "1:25: 2022-11-02/2022-11-01 ends before it begins"),
    ("a: {type: weapons, known: noon}", "1:27: noon is not a time"),
    ("a: {type: weapons, source: KP}", "1:28: KP is not a country code (did you mean PRK?)"),
    ("a: {type: weapons, source: {land: PRK}}", "1:29: land is not a key of a party"),
    ("a: {type: weapons, source: {sector: X}}", "1:37: X is not a sector"),
    ("a: {type: weapons, status: sure}", "1:28: sure is not a status"),
    ("a: {type: weapons, objects: [x]}", "1:30: objects must be a mapping"),
    ("a: {type: weapons, objects: {colour: x}}", "1:30: colour is not a key of a thing"),
    ("a: {type: weapons, claim: {by: x}}", "1:28: by is not a key of a claim"),
    ("a: {type: weapons, claim: {type: x}}", "1:34: x is not an event type"),
    ("a: {type: weapons, owners: none}", "1:28: owners must be a whole number"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_wrong_events_are_refused(ontology: Any, text: str, said: str) -> None:
    """What the short form does not know is refused where it stands."""
    from tocsin.errors import RuleError

    with pytest.raises(RuleError) as caught:
        events(text, ontology)
    assert str(caught.value).removeprefix("t.yaml:").startswith(said)
