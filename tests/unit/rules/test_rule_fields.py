"""What each field of a pattern looks at, and what patterns match by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tocsin.model import ClaimKey, Event, EventStatus, Party, Phase, Place, Severity, Thing
from tocsin.rules import FIELDS, MemoryHistory, OnAny, Rule, evaluate

Make = Callable[..., Event]
MakeRule = Callable[[str], Rule]
NOW = datetime(2022, 12, 1, tzinfo=UTC)
KIM = (Party("Kim Jong Un", "PRK", "GOV"),)
TANKS = (Thing("weapon", "10 tanks", 0, 8, "tank", 10),)
TOWN = Place("Sukchon county", 0, 14, "Sukchon", "PRK", 39.4, 125.6)
CLAIM = ClaimKey("arms.transfer", ("PRK",), ("RUS", "Wagner"))

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("type: weapons", {"kind": "weapons.launch.missile"}, {"kind": "arms.transfer"}),
    ("type: weapons.launch", {"kind": "weapons.launch"}, {"kind": "weapons.nuclear_test"}),
    ("type: [arms, weapons.launch.missile]", {}, {"kind": "weapons.launch.satellite"}),
    ("source.country: [KOR, PRK]", {"source": "USA PRK"}, {"target": "PRK"}),
    ("target.country: PRK", {"target": "PRK"}, {"source": "PRK"}),
    ("actor.country: PRK", {"target": "PRK"}, {"source": "USA", "target": "RUS"}),
    ("source.name: kim  jong un", {"parties": KIM}, {"source": "PRK"}),
    ("source.sector: [MIL, GOV]", {"parties": KIM}, {}),
    ("place.country: PRK", {"place": TOWN}, {"place": None}),
    ("place.name: SUKCHON", {"place": TOWN}, {"place": None}),
    ("status: [denied, disputed]", {"status": EventStatus.DENIED}, {"status": EventStatus.REPORTED}),
    ("status: any", {"status": EventStatus.RETRACTED}, {"phase": Phase.PLANNED}),
    ("phase: planned", {"phase": Phase.PLANNED}, {"phase": Phase.HAPPENED}),
    ("phase: any", {"phase": Phase.PLANNED}, {"status": EventStatus.RETRACTED}),
    ("severity: [warning, critical]", {"severity": Severity.WARNING}, {"severity": Severity.INFO}),
    ("min_severity: warning", {"severity": Severity.CRITICAL}, {"severity": Severity.INFO}),
    ("claim.type: arms", {"claim": CLAIM}, {"claim": None}),
    ("claim.source: PRK", {"claim": CLAIM}, {"claim": ClaimKey("arms.transfer", (), ("PRK",))}),
    ("claim.target: wagner", {"claim": CLAIM}, {"claim": None}),
    ("claim.party: RUS", {"claim": CLAIM}, {"claim": ClaimKey("arms.transfer", ("IRN",), ())}),
    ("object.kind: Weapon", {"objects": TANKS}, {"objects": ()}),
    ("object.name: [missile, tank]", {"objects": TANKS}, {"objects": ()}),
    ("owner: reuters", {"owners": ("Reuters", "AP")}, {"owners": ("AP",)}),
    ("publisher: bbc", {"publishers": ("BBC",)}, {"publishers": ()}),
    ("plover: coerce", {"plover": "COERCE"}, {"plover": None}),
    ("cameo: 01", {"cameo": "016"}, {"cameo": "106"}),
    ("text: security council", {"title": "The Security  Council met"}, {"title": "Insecurity councils"}),
    ("text: [tank, drone]", {"objects": TANKS}, {"objects": ()}),
    ("text: kim", {"parties": KIM}, {}),
    ("text: sukchon", {"place": TOWN}, {}),
    ("min_owners: 2", {"owners": ("A", "B")}, {"owners": ("A",)}),
    ("min_publishers: 2", {"publishers": ("A", "B")}, {"publishers": ("A",)}),
    ("min_articles: 3", {"articles": 3}, {"articles": 2}),
    ("min_confidence: 0.6", {"confidence": 0.6}, {"confidence": 0.599}),
    ("min_confidence: 1", {"confidence": 1.0}, {"confidence": 0.99}),
    ("dated: true", {"day": "2022-11-09"}, {}),
    ("dated: false", {}, {"day": "2022-11-09"}),
    ("max_age: 2d", {"day": "2022-11-07"}, {"day": "2022-11-06"}),
    ("max_age: 2d", {"day": "2022-11-01/2022-11-07"}, {"day": "2022-11-01/2022-11-06"}),
    ("max_age: 2d", {}, {"day": "2022-10-01"}),
    ("max_age: 1d", {"day": "2022-11-30"}, {"day": "2022-11-07", "published": "2022-11-09T01:00"}),
    ("max_age: 1d", {"day": "2022-11-02", "published": "2022-11-03T01:00"}, {"day": "2022-11-02"}),
    ("type: weapons\n  not: {source.country: PRK}", {"source": "IRN"}, {"source": "PRK"}),
    (
        "type: weapons\n  not: {source.country: PRK, target.country: KOR}",
        {"source": "PRK", "target": "JPN"},
        {"source": "PRK", "target": "KOR"},
    ),
    ("type: weapons\n  not: [{source.country: PRK}, {min_owners: 2}]", {}, {"owners": ("A", "B")}),
]


def made(event: Make, values: dict[str, Any]) -> Event:
    given = dict(values)
    kind, parties = given.pop("kind", "weapons.launch.missile"), given.pop("parties", None)
    found = event(kind, **given)
    if parties is None:
        return found
    from dataclasses import replace

    return replace(found, source=parties)


@pytest.mark.parametrize(("match", "yes", "no"), CASES)
def test_field(rule: MakeRule, event: Make, match: str, yes: dict[str, Any], no: dict[str, Any]) -> None:
    """A field matches what its documentation says and nothing else."""
    one = rule(f"match:\n  {match}\n")
    assert len(evaluate(one, made(event, yes), MemoryHistory(), NOW)) == 1
    assert evaluate(one, made(event, no), MemoryHistory(), NOW) == []


def test_every_field_is_covered() -> None:
    """No field is without a case above."""
    tested = {match.split(":", 1)[0] for match, _, _ in CASES}
    sides = {"target.name", "target.sector", "actor.name", "actor.sector"}  # made as those of source
    assert set(FIELDS) - tested == sides


@pytest.mark.parametrize("status", list(EventStatus))
@pytest.mark.parametrize("phase", list(Phase))
def test_defaults(rule: MakeRule, event: Make, status: EventStatus, phase: Phase) -> None:
    """Unless a rule says otherwise, what is planned, denied or retracted does not ring."""
    one = rule("match: {type: weapons}")
    rings = phase is not Phase.PLANNED and status not in {EventStatus.DENIED, EventStatus.RETRACTED}
    assert bool(evaluate(one, event(status=status, phase=phase), MemoryHistory(), NOW)) is rings


def test_naming_status_leaves_the_default_phase(rule: MakeRule, event: Make) -> None:
    """`status` and `phase` replace their own default only."""
    one = rule("match: {type: weapons, status: retracted}")
    taken_back = event(status=EventStatus.RETRACTED)
    planned = event(status=EventStatus.RETRACTED, phase=Phase.PLANNED)
    assert evaluate(one, taken_back, MemoryHistory(), NOW)
    assert not evaluate(one, planned, MemoryHistory(), NOW)


def test_named_patterns_without_sequence_are_alternatives(rule: MakeRule, event: Make) -> None:
    """Any of several patterns is enough, and the alert says which."""
    one = rule("match:\n  a: {type: weapons}\n  b: {type: arms}\n")
    assert one.when == OnAny()
    (alert,) = evaluate(one, event("arms.transfer"), MemoryHistory(), NOW)
    assert list(alert.explanation["matched"]) == ["b"]
    assert evaluate(one, event("cyber.attack"), MemoryHistory(), NOW) == []


def test_alert_says_why(rule: MakeRule, event: Make) -> None:
    """The alert of a single event carries reason, matched fields, labels and severity."""
    one = rule(
        "severity: critical\nlabels: {desk: korea}\n"
        "match: {type: weapons, source.country: [PRK, IRN], not: {min_owners: 5}}\nwhere: event.confidence > 0.5"
    )
    (alert,) = evaluate(one, event(source="PRK", day="2022-11-09"), MemoryHistory(), NOW)
    assert alert.reason == (
        "weapons.launch.missile by PRK on 2022-11-09 matched type weapons; source.country PRK or IRN; "
        "none of what is excluded."
    )
    assert alert.title == "A title: event 1"
    assert alert.severity is Severity.CRITICAL
    assert alert.labels == {"desk": "korea"}
    assert alert.group == {}
    assert alert.explanation == {
        "when": "any",
        "where": "event.confidence > 0.5",
        "matched": {
            "event": {
                "type": {"found": "weapons.launch.missile", "wanted": "weapons"},
                "source.country": {"found": "PRK", "wanted": ["PRK", "IRN"]},
            }
        },
    }


def test_fingerprint_is_of_rule_and_event(rule: MakeRule, event: Make) -> None:
    """A newer revision of an event has the fingerprint of the first; another event has its own."""
    one = rule("match: {type: weapons}")
    first, again, other = (
        evaluate(one, item, MemoryHistory(), NOW)[0]
        for item in (event(), event(revision=2, title="new"), event(number=2))
    )
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.fingerprint.startswith("1")
    assert len(first.fingerprint) == 65
