"""Denials, accusations and confirmations carry what they speak of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Mention

Read = Callable[..., list[Mention]]


def _parties(mention: Mention) -> tuple[str | None, list[str | None], list[str | None]]:
    claim = mention.claim
    assert claim is not None
    return claim.type, [a.country for a in claim.source], [a.country for a in claim.target]


ARMS = ("arms.transfer", ["PRK"], ["RUS"])


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("North Korea denied supplying weapons to Russia.", "statement.deny", ARMS),
        ("North Korea denied having shipped artillery shells to Russia.", "statement.deny", ARMS),
        ("North Korea denied that it had sent shells to Russia.", "statement.deny", ARMS),
        ("Pyongyang denies it ever supplied weapons to Moscow.", "statement.deny", ARMS),
        (
            "The Kremlin denied the claim that North Korea had sold missiles to Russia.",
            "statement.deny",
            ARMS,
        ),
        ("North Korea said it had never exported ammunition to Russia.", "statement.deny", ARMS),
        (
            "The United States accused North Korea of covertly shipping shells to Russia.",
            "statement.accuse",
            ARMS,
        ),
        ("The White House alleges that North Korea supplied rockets to Russia.", "statement.accuse", ARMS),
        ("North Korea admitted supplying weapons to Russia.", "statement.confirm", ARMS),
        (
            "Iran confirmed that it had sent drones to Russia.",
            "statement.confirm",
            ("arms.transfer", ["IRN"], ["RUS"]),
        ),
        (
            "Kyiv blamed Russia for the shelling of the port.",
            "statement.accuse",
            ("conflict.shelling", ["RUS"], []),
        ),
        (
            "Kyiv blamed Russia for a cyberattack on Poland.",
            "statement.accuse",
            ("cyber.attack", ["RUS"], ["POL"]),
        ),
        (
            "Iran denied involvement in the attack on the tanker.",
            "statement.deny",
            ("conflict.attack", ["IRN"], []),
        ),
        ("Serbia denied having a role in the bombing.", "statement.deny", ("conflict.bombing", ["SRB"], [])),
        (
            "The Kremlin rejected Kyiv's claim that North Korea had sent shells to Russia.",
            "statement.deny",
            ARMS,
        ),
        (
            "North Korea threatened to test a nuclear bomb.",
            "statement.threaten",
            ("weapons.nuclear_test", ["PRK"], []),
        ),
        (
            "Iran threatened Israel with missile strikes.",
            "statement.threaten",
            ("conflict.attack", ["IRN"], ["ISR"]),
        ),
        (
            "Germany urged Turkey to ratify the treaty.",
            "statement.appeal",
            ("diplomacy.agreement", ["TUR"], []),
        ),
    ],
)
def test_the_claim_is_a_structured_event(read: Read, text: str, kind: str, expected: tuple) -> None:
    """The embedded proposition has a type and both parties, whatever the construction."""
    (statement,) = read(text, kind)
    assert _parties(statement) == expected
    assert statement.claim is not None
    assert not statement.claim.refers_back


@pytest.mark.parametrize(
    "text",
    [
        "The Kremlin dismissed the claim as groundless.",
        "Iran rejected the accusation.",
        "North Korea denied the allegations.",
        "Beijing called the report baseless.",
        "The ministry rejected the allegations by the United States.",
    ],
)
def test_a_noun_that_points_back_is_marked(read: Read, text: str) -> None:
    """With nothing to point at in the article, the claim is only known to refer back."""
    (denial,) = read(text, "statement.deny")
    assert denial.claim is not None
    assert denial.claim.refers_back
    assert denial.claim.type is None


def test_a_noun_points_back_at_the_claim_of_the_same_article(read: Read) -> None:
    """“The accusation” is the one the article told before, and stays marked as referring back."""
    text = (
        "The United States accused North Korea of sending artillery shells to Russia. "
        "The Kremlin rejected the accusation."
    )
    (denial,) = read(text, "statement.deny")
    assert _parties(denial) == ARMS
    assert denial.claim is not None
    assert denial.claim.refers_back


def test_it_points_back_at_what_somebody_said(read: Read) -> None:
    """“Denied it” after a plain report is the denial of what was reported."""
    (denial,) = read("Seoul said the North had fired a missile. Pyongyang denied it.", "statement.deny")
    assert denial.claim is not None
    assert (denial.claim.type, denial.claim.refers_back) == ("weapons.launch.missile", True)


def test_neither_confirmed_nor_denied(read: Read) -> None:
    """Who neither confirms nor denies has done neither."""
    found = read("Israel has neither confirmed nor denied carrying out the airstrike in Syria.", "statement")
    assert {m.status.value for m in found} == {"negated"}


def test_the_embedded_event_is_a_mention_of_its_own(read: Read) -> None:
    """A denial gives two mentions: the statement, and the event it denies."""
    found = {m.type: m.status.value for m in read("North Korea denied supplying weapons to Russia.")}
    assert found == {"statement.deny": "happened", "arms.transfer": "denied"}


def test_the_day_of_a_denial_is_not_the_day_of_the_denied(read: Read) -> None:
    """“On Tuesday” dates the denial; what is denied has no date."""
    found = {m.type: m.when for m in read("On Tuesday, Iran denied having sent drones to Moscow.")}
    assert str(found["statement.deny"].start) == "2022-11-08"
    assert found["arms.transfer"] is None


def test_a_party_that_says_it_did_not_denies(read: Read) -> None:
    """First person in a quote, carried by the state's own agency, is that state's denial."""
    text = 'In a statement carried by KCNA, an official said: "We have never exported weapons to Russia."'
    kinds = {m.type: m for m in read(text)}
    assert kinds["arms.transfer"].status.value == "negated"
    assert [a.country for a in kinds["statement.deny"].source] == ["PRK"]


def test_denied_access_is_no_denial(read: Read) -> None:
    """To be denied access is to be refused, not to be contradicted."""
    assert read("Eritrea denied inspectors access to the site.", "statement.deny") == []
