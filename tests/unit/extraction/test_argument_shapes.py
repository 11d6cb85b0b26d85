"""Shapes the parser gives verbs and nouns: particles, clauses side by side, clipped lemmas, prepositions of nouns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tocsin.extraction import Document, load_extractor
from tocsin.model import Mention, MentionStatus

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("text", "accused", "denier"),
    [
        ("Kinshasa accused Kigali of arming the rebels; Rwanda denied it.", "RWA", "RWA"),
        ("Ukraine accused Russia of shelling the dam, Moscow denied the charge.", "RUS", "RUS"),
        ("Chad accuses Sudan of sheltering rebels; Khartoum rejects the claim.", "SDN", "SDN"),
    ],
)
def test_a_denial_beside_an_accusation_leaves_it_made(
    read: Read, text: str, accused: str, denier: str
) -> None:
    """The accusation was made; what it says is what the second clause denies."""
    (accusation,) = read(text, "statement.accuse")
    (denial,) = read(text, "statement.deny")
    assert accusation.status is MentionStatus.HAPPENED
    assert [actor.country for actor in accusation.target] == [accused]
    assert [actor.country for actor in denial.source] == [denier]
    assert denial.claim is not None
    assert denial.claim.refers_back
    assert all(mention.status is not MentionStatus.DENIED for mention in read(text, "statement"))


def test_what_is_said_before_its_verb_of_saying_is_still_said(read: Read) -> None:
    """A clause before "denied" without an object of its own, or before "told reporters", is its content."""
    (sale,) = read("It had sold no missiles to Iran, North Korea said.", "arms")
    assert sale.status is MentionStatus.NEGATED
    (attack,) = read("Rebels attacked the base, the army told reporters.", "conflict")
    assert attack.status is MentionStatus.HAPPENED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The senate voted down the treaty on Monday.", "statement.reject"),
        ("Kenya turned down the offer.", "statement.reject"),
        ("Soldiers raped women in the village.", "conflict.cruelty"),
        ("Critics rapped the minister over the law.", "statement.condemn"),
    ],
)
def test_particles_and_clipped_lemmas(read: Read, text: str, kind: str) -> None:
    """A particle read as a preposition keeps the verb's object, and "raped" is not of "rap"."""
    assert kind in {mention.type for mention in read(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The bombing left 14 dead.", "conflict.bombing"),
        ("The shelling left dozens homeless.", "conflict.shelling"),
        ("Clashes near the border left nine soldiers dead.", "conflict.clash"),
        ("An air strike left eleven people dead.", "conflict.airstrike"),
    ],
)
def test_what_leaves_people_dead_has_happened(read: Read, text: str, kind: str) -> None:
    """What is said to have left people dead is told by its own type, and as a fact."""
    (mention,) = read(text, "conflict")
    assert (mention.type, mention.status) == (kind, MentionStatus.HAPPENED)


def test_a_weekday_is_no_party(read: Read) -> None:
    """The bombing on Tuesday was not done by Tuesday."""
    (mention,) = read("Tuesday's bombing killed fourteen soldiers.", "conflict")
    assert mention.source == ()


def test_is_to_is_a_future(read: Read) -> None:
    """What a state is to do, it will do."""
    (mention,) = read("The Netherlands is to send medicine to Armenia.", "aid")
    assert (mention.status, mention.plover) == (MentionStatus.PLANNED, "AGREE")


@pytest.mark.parametrize(
    "text", ["Iran's space launches worried Israel.", "Two space launches by Iran failed."]
)
def test_space_launches(read: Read, text: str) -> None:
    """Launches into space count in the plural too."""
    (mention,) = read(text, "weapons.launch")
    assert [actor.country for actor in mention.source] == ["IRN"]


def test_arrest_and_detention_are_two_types(read: Read) -> None:
    """Who is held for questioning is detained, who is arrested is arrested."""
    assert read("Police in Lusaka arrested a trader.", "coercion.arrest")
    assert read("Police in Lusaka detained a trader.", "coercion.detain")


FOLDER = """
types:
  statement.parley:
    title: parleys
    plover: CONSULT
    cameo: "040"
    verbs:
      - {do: [waltz], subject: ["@actor"]}
      - {do: [waltz], subject: ["@actor"], prep_around: ["@any"], plover: null, cameo: null}
    nouns:
      - {noun: [zagging], prep_beyond: ["@country"], text_not: [moon], target: [beyond]}
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The minister waltzed.", [("CONSULT", "040")]),
        ("The minister waltzed around the question.", [(None, None)]),
        ("There was a zagging beyond France.", [("CONSULT", "040")]),
        ("There was a zagging beyond the hill.", []),
        ("There was a zagging beyond France under the moon.", []),
    ],
)
def test_null_clears_a_code_and_nouns_ask_for_prepositions(
    tmp_path: Path, text: str, codes: list[tuple[str | None, str | None]]
) -> None:
    """A pattern's `plover: null` means no code; a noun's `prep_WORD` asks for what follows, `text_not` for the sentence."""
    (tmp_path / "own.yaml").write_text(FOLDER, encoding="utf-8")
    found = load_extractor(tmp_path).extract(Document(text)).mentions
    assert [(one.plover, one.cameo) for one in found if one.type == "statement.parley"] == codes
