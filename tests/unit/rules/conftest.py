"""A small world for rules: the type names, event and rule makers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tocsin.errors import RuleError
from tocsin.model import Basis, Event, EventStatus, Party, Phase, Precision, Severity, When
from tocsin.rules import Rule, RuleSet, load_rules

NAMES = {
    "weapons": "launch.missile launch.satellite launch nuclear_test interception",
    "conflict": "attack airstrike shelling drone_strike ground_attack bombing ambush clash assassination "
    "kidnapping hostage_release ship_seizure incursion",
    "diplomacy": "meeting visit summit talks call agreement ceasefire mediation recognition expulsion recall",
    "statement": "deny accuse condemn threaten warn claim_responsibility",
    "coercion": "sanction embargo block veto",
    "politics": "coup resignation",
    "disaster": "earthquake flood",
    "arms": "transfer",
    "cyber": "attack",
}


@dataclass(frozen=True)
class StandIn:
    """The part of the ontology that rules read."""

    types: dict[str, None] = field(
        default_factory=lambda: {
            f"{head}.{tail}": None for head, tails in NAMES.items() for tail in tails.split()
        }
    )


@pytest.fixture(scope="session")
def ontology() -> StandIn:
    return StandIn()


@pytest.fixture
def load(tmp_path: Path, ontology: StandIn) -> Callable[..., RuleSet]:
    """Load texts as rule files r0.yaml, r1.yaml, ..."""

    def loader(*texts: str | bytes) -> RuleSet:
        for number, text in enumerate(texts):
            path = tmp_path / f"r{number}.yaml"
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load_rules([tmp_path], ontology)

    return loader


@pytest.fixture
def rule(load: Callable[..., RuleSet]) -> Callable[[str], Rule]:
    """One rule from the lines below its title."""

    def maker(body: str) -> Rule:
        loaded = load(f"rule: r\ntitle: A title\n{body}")
        assert loaded.errors == ()
        return loaded.rules[0]

    return maker


@pytest.fixture
def refusals(load: Callable[..., RuleSet]) -> Callable[[str], list[str]]:
    """What is said of a rule, as line:column: message (hint)."""

    def maker(body: str, *, whole: bool = False) -> list[str]:
        loaded = load(body if whole else f"rule: r\ntitle: A title\n{body}")
        assert all(isinstance(error, RuleError) for error in loaded.errors)
        return [str(error).split("r0.yaml:", 1)[1] for error in loaded.errors]

    return maker


def day(text: str) -> When:
    start, _, end = text.partition("/")
    return When(
        date.fromisoformat(start), date.fromisoformat(end or start), Precision.DAY, text, Basis.EXPRESSION
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def party(code: str) -> Party:
    return Party(code.lower(), code, "GOV")


@pytest.fixture
def event() -> Callable[..., Event]:
    """An event by type; codes for parties, ISO text for days and moments."""

    def maker(kind: str = "weapons.launch.missile", number: int = 1, **values: Any) -> Event:
        known = moment(values.pop("known", "2022-11-09T12:00"))
        source = tuple(map(party, values.pop("source", "").split()))
        target = tuple(map(party, values.pop("target", "").split()))
        on = values.pop("day", None)
        published = values.pop("published", None)
        defaults: dict[str, Any] = {
            "title": f"event {number}",
            "status": EventStatus.REPORTED,
            "phase": Phase.HAPPENED,
            "severity": Severity.INFO,
            "place": None,
            "objects": (),
            "confidence": 0.8,
            "mentions": 1,
            "articles": 1,
            "publishers": ("A",),
            "owners": ("A",),
            "last_known": known,
            "revision": 1,
        }
        return Event(
            id=UUID(int=number),
            type=kind,
            when=day(on) if on else None,
            source=source,
            target=target,
            first_known=known,
            first_published=moment(published) if published else None,
            **{**defaults, **values},
        )

    return maker
