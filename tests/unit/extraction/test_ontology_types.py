"""The tree of event types: its examples are tests, its files are checked, users can add to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import ConfigurationError
from tocsin.extraction import Document, Extractor
from tocsin.extraction.ontology import EventType, Example, load_ontology
from tocsin.model import Actor, Severity

ONTOLOGY = load_ontology()
EXAMPLES = [(kind.name, case) for kind in ONTOLOGY.types.values() for case in kind.cases]
COUNTEREXAMPLES = [(kind.name, text) for kind in ONTOLOGY.types.values() for text in kind.counterexamples]
REQUIRED = [
    "weapons.launch",
    "weapons.launch.missile",
    "weapons.launch.satellite",
    "weapons.nuclear_test",
    "weapons.interception",
    "conflict.attack",
    "conflict.airstrike",
    "conflict.shelling",
    "conflict.drone_strike",
    "conflict.ground_attack",
    "conflict.bombing",
    "conflict.ambush",
    "conflict.clash",
    "conflict.assassination",
    "conflict.kidnapping",
    "conflict.hostage_release",
    "conflict.ship_seizure",
    "conflict.incursion",
    "conflict.capture",
    "diplomacy.treaty",
    "diplomacy.embassy",
    "coercion.deportation",
    "posture.exercise",
    "posture.deployment",
    "posture.mobilisation",
    "posture.withdrawal",
    "diplomacy.meeting",
    "diplomacy.visit",
    "diplomacy.summit",
    "diplomacy.talks",
    "diplomacy.call",
    "diplomacy.agreement",
    "diplomacy.ceasefire",
    "diplomacy.mediation",
    "diplomacy.recognition",
    "diplomacy.expulsion",
    "diplomacy.recall",
    "statement.deny",
    "statement.accuse",
    "statement.condemn",
    "statement.threaten",
    "statement.warn",
    "statement.demand",
    "statement.appeal",
    "statement.pledge",
    "statement.reject",
    "statement.praise",
    "statement.apologise",
    "statement.confirm",
    "statement.retract",
    "statement.claim_responsibility",
    "coercion.sanction",
    "coercion.embargo",
    "coercion.arrest",
    "coercion.charge",
    "coercion.sentence",
    "coercion.raid",
    "coercion.ban",
    "coercion.block",
    "coercion.veto",
    "arms.transfer",
    "aid.provide",
    "protest.march",
    "protest.strike",
    "protest.riot",
    "politics.election",
    "politics.resignation",
    "politics.appointment",
    "politics.coup",
    "politics.vote",
    "politics.law",
    "cyber.attack",
    "disaster.earthquake",
    "disaster.flood",
    "disaster.storm",
    "disaster.eruption",
    "disaster.explosion",
    "disaster.crash",
    "disaster.outbreak",
]


@pytest.mark.parametrize(
    ("name", "case"), EXAMPLES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(EXAMPLES)]
)
def test_an_example_gives_its_type(name: str, case: Example, extractor: Extractor) -> None:
    """Every example sentence of the ontology gives a mention of its type, with the parties and status it names."""
    found = [mention for mention in extractor.extract(Document(case.text)).mentions if mention.type == name]
    assert any(
        _among(case.source, mention.source)
        and _among(case.target, mention.target)
        and case.status in (None, mention.status)
        for mention in found
    )


def _among(wanted: str | None, actors: tuple[Actor, ...]) -> bool:
    return wanted is None or any(
        wanted in (actor.country, actor.name) or wanted.lower() in actor.text.lower() for actor in actors
    )


@pytest.mark.parametrize(("name", "text"), COUNTEREXAMPLES)
def test_a_counterexample_does_not(name: str, text: str, extractor: Extractor) -> None:
    """The same words in another sense, or of another type, do not give the type."""
    assert name not in {mention.type for mention in extractor.extract(Document(text)).mentions}


@pytest.mark.parametrize(
    "kind", [kind for kind in ONTOLOGY.types.values() if kind.parent], ids=lambda kind: kind.name
)
def test_a_type_shows_what_it_is_and_is_not(kind: EventType) -> None:
    """At least three examples, one of them with its parties or status, and one counterexample."""
    assert len(kind.cases) >= 3
    assert kind.counterexamples
    assert kind.severity in set(Severity)


def test_the_tree_holds_the_promised_types() -> None:
    """All types that rules may name are there, and at least seventy."""
    assert set(REQUIRED) <= set(ONTOLOGY.types)
    assert len(ONTOLOGY) >= 70


@pytest.mark.parametrize("name", REQUIRED)
def test_a_type_has_a_title_and_an_example(name: str) -> None:
    """A type says what it does in words and shows it."""
    kind = ONTOLOGY.types[name]
    assert kind.title
    assert kind.examples
    assert kind.patterns


def test_a_family_holds_what_is_below_it() -> None:
    """A rule naming a family matches everything below, and not what only begins alike."""
    assert ONTOLOGY.is_a("weapons.launch.missile", "weapons.launch")
    assert ONTOLOGY.is_a("weapons.launch", "weapons.launch")
    assert not ONTOLOGY.is_a("weapons.launchpad", "weapons.launch")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("weapon.launch", "weapons.launch"),
        ("statement.denial", "statement.deny"),
        ("diplomacy.meetings", "diplomacy.meeting"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(wrong: str, meant: str) -> None:
    """Near names are suggested."""
    assert meant in ONTOLOGY.suggest(wrong)


def test_users_add_types_and_patterns(tmp_path: Path) -> None:
    """A folder of one's own adds a type, and a pattern to a shipped type, without code."""
    (tmp_path / "mine.yaml").write_text(
        "types:\n"
        "  weapons.parade:\n"
        "    title: parades its weapons\n"
        "    severity: warning\n"
        "    verbs:\n"
        "      - {do: [parade], object: ['@missile']}\n"
        "  diplomacy.meeting:\n"
        "    verbs:\n"
        "      - {do: [rendezvous], target: [prep_with]}\n",
        encoding="utf-8",
    )
    reader = Extractor(load_ontology(tmp_path))
    text = "North Korea paraded new missiles in Pyongyang. The Iranian minister rendezvoused with his Omani counterpart."
    types = [mention.type for mention in reader.extract(Document(text)).mentions]
    assert types == ["weapons.parade", "diplomacy.meeting"]
    shipped = len(ONTOLOGY.types["diplomacy.meeting"].examples)
    assert len(load_ontology(tmp_path).types["diplomacy.meeting"].examples) == shipped


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("types:\n  weapons.parade:\n    severity: warning\n", 2, "no title"),
        ("types:\n  weapons.parade:\n    title: parades\n    colour: red\n", 4, "unknown key 'colour'"),
        ("types:\n  weapons.parade:\n    title: parades\n    severity: grave\n", 4, "unknown severity"),
        ("types:\n  weapons.parade:\n    title: parades\n    plover: PARADE\n", 4, "unknown PLOVER"),
        ("types:\n  x.y:\n    title: y\n", 2, "no parent 'x'"),
        (
            "types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: [parade], objct: [a]}\n",
            5,
            "unknown key 'objct'",
        ),
        (
            "types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: [parade], object: '@rockets'}\n",
            5,
            "unknown word list",
        ),
        ("types:\n  weapons.p:\n    title: p\n    verbs:\n      - {object: [a]}\n", 5, "has no `do:`"),
        ("types:\n  weapons.p:\n    title: [\n", 4, "not valid YAML"),
        (
            "types:\n  weapons.p:\n    title: p\n    examples:\n      - {sentence: Iran paraded tanks.}\n",
            5,
            "an example is a sentence",
        ),
        (
            "types:\n  weapons.p:\n    title: p\n    examples:\n      - {text: Iran paraded tanks., status: done}\n",
            5,
            "unknown status 'done'",
        ),
        (
            "types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: [parade], mood: loud}\n",
            5,
            "unknown mood",
        ),
        ("types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: []}\n", 5, "is empty"),
        ("types: [a]\n", 1, "must be a mapping"),
        ("lists: [a]\n", 1, "must be a mapping"),
        ("types:\n  weapons.p:\n    title: p\n    verbs: {do: [parade]}\n", 4, "must be a list"),
        (
            "types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: [parade], claim: over}\n",
            5,
            "unknown value of `claim:`",
        ),
        (
            "types:\n  weapons.p:\n    title: p\n    verbs:\n      - {do: [parade], weight: heavy}\n",
            5,
            "must be a number",
        ),
        ("kinds: {}\n", 1, "unknown key 'kinds'"),
        ("- a\n", 1, "must be a mapping"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, content: str, line: int, words: str) -> None:
    """The error names file, line and remedy."""
    file = tmp_path / "bad.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_ontology(tmp_path)
    assert f"{file}:{line}: " in caught.value.message
    assert words in caught.value.message
    assert caught.value.hint


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error, not an empty ontology."""
    with pytest.raises(ConfigurationError, match="no such folder"):
        load_ontology(tmp_path / "none")
