"""Status and attribution: what happened, what is planned, alleged, denied, negated, hypothetical or long past."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Mention

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Iran fired three missiles on Tuesday.", "weapons", "happened"),
        ("The army is shelling the port city.", "conflict", "ongoing"),
        ("India will hold a naval exercise with Japan next month.", "posture.exercise", "planned"),
        ("The two presidents plan to meet in Geneva.", "diplomacy.meeting", "planned"),
        ("Poland is preparing to deploy troops to the border.", "posture.deployment", "planned"),
        ("Turkey threatened to attack Kurdish forces in Syria.", "conflict", "planned"),
        ("Ukraine accused Iran of supplying drones to Russia.", "arms", "alleged"),
        ("Rebels allegedly attacked the convoy.", "conflict", "alleged"),
        ("Ankara denied that its jets had bombed the village.", "conflict", "denied"),
        ("China denied selling ammunition to Russia.", "arms", "denied"),
        ("The general did not attack the city.", "conflict", "negated"),
        ("Israel has never sold missiles to Ukraine.", "arms", "negated"),
        ("Serbia refused to sign the agreement with Kosovo.", "diplomacy.agreement", "negated"),
        ("North Korea may conduct a nuclear test.", "weapons.nuclear_test", "hypothetical"),
        ("If China invades Taiwan, the islands will need help.", "conflict.incursion", "hypothetical"),
        ("The UN called for a ceasefire between Israel and Hamas.", "diplomacy.ceasefire", "hypothetical"),
        ("In 2017, North Korea tested a hydrogen bomb.", "weapons.nuclear_test", "historical"),
    ],
)
def test_status(read: Read, text: str, kind: str, status: str) -> None:
    """Tense, modality, negation and the verb above decide the status."""
    assert [mention.status.value for mention in read(text, kind)][:1] == [status]


def test_what_is_said_is_attributed(read: Read) -> None:
    """Who says so is kept, and saying alone does not make it an allegation."""
    (launch,) = read("North Korea launched a missile, South Korea's military said on Wednesday.", "weapons")
    assert launch.status.value == "happened"
    assert [actor.country for actor in launch.attribution] == ["KOR"]


def test_attribution_is_a_chain(read: Read) -> None:
    """An agency that cites an official gives both, the nearest first."""
    (raid,) = read("Yonhap reported that rebels attacked Aleppo, citing a Turkish official.", "conflict")
    assert [actor.name for actor in raid.attribution][:1] == ["Yonhap"]
    assert [actor.country for actor in raid.attribution] == ["KOR", "TUR"]


def test_one_state_telling_of_anothers_arms_deals_alleges(read: Read) -> None:
    """A government that says another is shipping arms makes an allegation, however plainly put."""
    (deal,) = read("The United States says North Korea is covertly shipping shells to Russia.", "arms")
    assert deal.status.value == "alleged"
    assert [actor.country for actor in deal.attribution] == ["USA"]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("The company launched a product in Tokyo on Monday.", "weapons"),
        ("Stocks plunged as markets crashed in Seoul.", "disaster"),
        ("She shot a film in Morocco last year.", "conflict"),
        ("Apple fired its marketing chief.", "weapons"),
        (
            "The striker attacked the goal in the cup final and scored twice for the league champions.",
            "conflict",
        ),
    ],
)
def test_metaphors_give_no_armed_event(read: Read, text: str, family: str) -> None:
    """Products, markets, films and sport are not news of force."""
    assert read(text, family) == []


def test_the_content_of_a_coded_statement_has_no_code_of_its_own(read: Read) -> None:
    """PLOVER codes the accusation; what it speaks of is kept without a second code."""
    codes = {m.type: m.plover for m in read("Ukraine accused Iran of supplying drones to Russia.")}
    assert codes == {"statement.accuse": "ACCUSE", "arms.transfer": None}


def test_planned_cooperation_is_agreement_in_plover(read: Read) -> None:
    """The PLOVER manual codes what is promised as AGREE."""
    (meeting,) = read("The French president will meet the German chancellor on Friday.", "diplomacy")
    assert (meeting.status.value, meeting.plover) == ("planned", "AGREE")


def test_a_day_to_come_is_planned(read: Read) -> None:
    """A noun dated after publication tells of what is to come; a verb in the past does not."""
    (talks,) = read("A meeting between Japan and China on 15 December 2022 is on the agenda.", "diplomacy")
    assert talks.status.value == "planned"
    (launch,) = read("North Korea fired a missile on Friday.", "weapons")
    assert launch.status.value == "happened"
