"""Who did it to whom, whatever the construction; what is told twice is one event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Actor, Mention

Read = Callable[..., list[Mention]]


def _countries(actors: tuple[Actor, ...]) -> list[str | None]:
    return [actor.country for actor in actors]


@pytest.mark.parametrize(
    ("text", "kind", "source", "target"),
    [
        # passives, joined passives, a shared agent
        ("A Greek patrol boat was attacked by Turkish jets.", "conflict", "TUR", "GRC"),
        (
            "Two Peruvian activists were arrested and jailed by Chilean police.",
            "coercion.arrest",
            "CHL",
            "PER",
        ),
        ("Chadian gunmen ambushed and robbed two Belgian nurses.", "conflict.ambush", "TCD", "BEL"),
        # control, raising, participles
        ("Jordan admitted firing at Syrian drones.", "conflict", "JOR", "SYR"),
        ("Russia was forced to withdraw its troops from Finland.", "posture.withdrawal", "RUS", "FIN"),
        ("Turkey, defying its allies, attacked Syria.", "conflict", "TUR", "SYR"),
        ("Chad condemned France, accusing Paris of meddling.", "statement.accuse", "TCD", "FRA"),
        ("Kenya sent two envoys to urge Somalia to halt the offensive.", "statement.appeal", "KEN", "SOM"),
        ("Kenya's parliament passed a resolution condemning Somalia.", "statement.condemn", "KEN", "SOM"),
        # relative clauses, apposition
        ("Oman, which condemned Yemen, closed its border.", "statement.condemn", "OMN", "YEM"),
        ("The minister, a former general, condemned Cuba, an ally of Peru.", "statement.condemn", "", "CUB"),
        # parties inside things
        ("Japan rejected a proposal drafted by Chinese diplomats.", "statement.reject", "JPN", "CHN"),
        (
            "China criticised the decision by the United States to arm rebels.",
            "statement.condemn",
            "CHN",
            "USA",
        ),
        ("The missiles fired by the Israeli military hit Syrian barracks.", "conflict", "ISR", "SYR"),
        ("A Saudi-led airstrike hit Yemeni fishermen.", "conflict", "SAU", "YEM"),
        ("Brazil eased restrictions on imports of beef from Uruguay.", "coercion.ease", "BRA", "URY"),
        # nouns with verbs above them
        ("Norway's cabinet ordered the release of two Danish sailors.", "coercion.release", "NOR", "DNK"),
        ("Chadian soldiers took part in an attack on Libyan forces.", "conflict", "TCD", "LBY"),
        # reciprocal subjects
        ("Talks between Iran and Iraq collapsed.", "diplomacy.talks", "IRN", "IRQ"),
        ("Greek and Turkish ministers met.", "diplomacy.meeting", "GRC", "TUR"),
    ],
)
def test_source_and_target(read: Read, text: str, kind: str, source: str, target: str) -> None:
    """The grammar says who acts on whom; the first of each side is the party meant."""
    found = read(text, kind)
    assert [(_countries(m.source)[:1], _countries(m.target)[:1]) for m in found][:1] == [
        ([source or None], [target])
    ]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Bolivia said it would expel the envoy.", "diplomacy.expulsion", "Bolivia"),
        ("Colombian rebels said they would free four soldiers.", "coercion.release", "Colombian rebels"),
        (
            "The Danish prime minister announced that she had condemned Syria.",
            "statement.condemn",
            "prime minister",
        ),
        ("Mali warned Niger that it would attack Burkina Faso.", "conflict", "Mali"),
    ],
)
def test_a_pronoun_is_the_party_it_stands_for(read: Read, text: str, kind: str, words: str) -> None:
    """A pronoun under a verb of saying is shown as the speaker the sentence names."""
    (mention, *_) = [m for m in read(text, kind) if m.source]
    assert words in mention.source[0].text


def test_a_pronoun_does_not_stand_for_the_subject_beside_it(read: Read) -> None:
    """“Iran said Israel had attacked it”: it is Iran."""
    (attack,) = read("Iran said Israel had attacked it.", "conflict")
    assert (_countries(attack.source), _countries(attack.target)) == (["ISR"], ["IRN"])


def test_land_is_the_target_where_no_party_is_named(read: Read) -> None:
    """An attack on a village falls on the country it lies in; the place stays the place."""
    (attack, *_) = read("Rebels torched a village in northern Cameroon.", "conflict")
    assert _countries(attack.target) == ["CMR"]
    assert attack.place is not None
    assert attack.place.country == "CMR"


def test_bare_people_are_of_the_land_where_they_are_struck(read: Read) -> None:
    """People without a nationality have that of the place; those of a named one keep it."""
    (attack, *_) = read("Gunmen killed nine villagers in Mali.", "conflict")
    assert _countries(attack.target) == ["MLI"]
    (attack, *_) = read("Gunmen killed nine Chinese miners in Mali.", "conflict")
    assert _countries(attack.target) == ["CHN"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nine villagers were killed in an airstrike by Sudanese jets.", "conflict.airstrike"),
        ("Nine villagers were wounded when Sudanese troops shelled the camp.", "conflict.shelling"),
        ("Sudanese rebels killed nine villagers in an ambush.", "conflict.ambush"),
    ],
)
def test_harm_and_the_attack_that_did_it_are_one_event(read: Read, text: str, kind: str) -> None:
    """The more specific type with the doer and the victims of both."""
    (attack,) = read(text, "conflict")
    assert attack.type == kind
    assert "SDN" in _countries(attack.source)
    assert "nine villagers" in " ".join(actor.text.lower() for actor in attack.target)


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        ("India sent police to arrest the smugglers.", "posture", "coercion.arrest"),
        ("Ghana urged Togo to sanction Mali.", "statement.appeal", "coercion.sanction"),
    ],
)
def test_what_is_told_inside_an_event_has_no_code(read: Read, text: str, outer: str, inner: str) -> None:
    """Codes are of what a sentence reports; what is only asked or planned inside that keeps its type."""
    codes = {m.type: m.plover for m in read(text)}
    assert any(kind.startswith(outer) and code for kind, code in codes.items())
    assert all(code is None for kind, code in codes.items() if kind.startswith(inner))


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        ("Ghana freed a journalist who had been arrested in May.", "coercion.release", "coercion.arrest"),
        ("Poland condemned the airstrike by Russia on Odesa.", "statement.condemn", "conflict.airstrike"),
    ],
)
def test_a_fact_told_inside_an_event_keeps_its_code(read: Read, text: str, outer: str, inner: str) -> None:
    """What happened is counted although the sentence is about what followed from it."""
    codes = {m.type: m.plover for m in read(text)}
    assert any(kind.startswith(outer) and code for kind, code in codes.items())
    assert any(kind.startswith(inner) and code for kind, code in codes.items())


def test_verbs_side_by_side_tell_one_act(read: Read) -> None:
    """“Shot and killed” is one killing."""
    (attack,) = read("Chadian rebels shot and killed two Belgian nurses.", "conflict")
    assert (_countries(attack.source), _countries(attack.target)) == (["TCD"], ["BEL"])


def test_what_is_joined_by_and_has_its_code(read: Read) -> None:
    """Two main clauses report two events."""
    codes = [m.plover for m in read("Iran condemned Israel and expelled the Swiss ambassador.")]
    assert len([code for code in codes if code]) == 2


def test_a_participle_before_a_noun_tells_no_event(read: Read) -> None:
    """“The detained crew” says who they are; nobody is arrested in the sentence."""
    assert read("The detained crew met the Swedish ambassador.", "coercion.arrest") == []
