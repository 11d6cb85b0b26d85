"""Articles that are about sport or fiction tell no event, whatever their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.extraction._filters import article_topic, is_background
from tocsin.model import Mention

Read = Callable[..., list[Mention]]
MATCH = (
    "Wanderers fire three past City\n\nThe striker scored two goals in the league match and attacked all evening. "
    "The coach denied that the squad had surrendered the championship."
)
REVIEW = (
    "Review: a quiet thriller\n\nThe director launches her new film with a bomb on a train. "
    "The captain accuses the admiral of treason, and the movie ends as the fleet attacks the island."
)
POLITICS = (
    "Arab League condemns strike\n\nThe Arab League condemned the Israeli strike on Monday and set goals for talks. "
    "Egypt urged Israel to stop the attacks."
)


@pytest.mark.parametrize(("text", "topic"), [(MATCH, "sport"), (REVIEW, "film or fiction"), (POLITICS, None)])
def test_an_article_has_a_topic(text: str, topic: str | None) -> None:
    """Judged by how many different words of the field its beginning has."""
    assert article_topic(text) == topic


@pytest.mark.parametrize("text", [MATCH, REVIEW])
def test_sport_and_fiction_give_nothing(read: Read, text: str) -> None:
    """Not even a denial."""
    assert read(text) == []


def test_politics_is_read(read: Read) -> None:
    """A league of states is no league of clubs."""
    assert {m.type for m in read(POLITICS)} >= {"statement.condemn", "statement.appeal"}


def test_one_word_is_not_enough(read: Read) -> None:
    """A goal or a season alone does not make a sentence sport."""
    assert read("The army attacked the town in the dry season.", "conflict")
    assert not read(
        "The visitors attacked the home side in the final of the cup and the coach cheered.", "conflict"
    )


COURT = (
    "Man convicted of shooting\n\nA jury convicted a driver of murder on Monday after a trial of two weeks. "
    "The defendant, who pleaded not guilty, shot his neighbour in 2019. The judge will pass sentence in May. "
    "Prosecutors asked for life in prison."
)
QUAKE = (
    "Strong quake in the south\n\nAn earthquake of magnitude 6.1 shook the province before dawn. "
    "It killed 12 people and destroyed hundreds of houses. Rescuers searched for survivors, and aftershocks went on."
)
BREACH = (
    "Browser flaw used by criminals\n\nMicrosoft issued a patch for a vulnerability in its browser. "
    "Attackers have hit thousands of users through malicious websites, and attacks on the flaw go on."
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [(COURT, "court report"), (QUAKE, "mishap"), (BREACH, "computing")],
    ids=["court", "quake", "flaw"],
)
def test_an_article_without_arms_gives_no_armed_event(read: Read, text: str, topic: str) -> None:
    """Killing in a trial, a quake or a browser is no use of arms; the rest of the article is read."""
    assert article_topic(text) == topic
    assert not [m for m in read(text) if m.type.startswith(("conflict", "weapons"))]


def test_words_of_arms_keep_an_article_of_war(read: Read) -> None:
    """A war crimes report that tells of troops and shelling is not put away as a court report."""
    text = (
        "Army shells town\n\nThe army shelled the town on Monday, killing 12 civilians, rebels said. "
        "Prosecutors have charged two soldiers over an earlier attack, and a judge set a trial for May."
    )
    assert article_topic(text) is None
    assert read(text, "conflict.shelling")


@pytest.mark.parametrize(
    "text",
    [
        "A court in Lyon on Tuesday sentenced a man to 12 years in prison for killing a shopkeeper in 2019.",
        "The trial of three men over the 2016 airport attack opened in Brussels.",
        "A jury found the former officer guilty of murdering two women.",
        "Prosecutors told the court that he stabbed the victim to death.",
        "Ten years after the bombing, families gathered to remember the victims of the attack.",
        "Veterans laid wreaths at the memorial to those killed in the raid.",
        "Jones, who fought in the Korean War and was shot down over Pyongyang, is survived by two sons.",
        "The singer will hold a charity concert to raise money for the victims of the bombing.",
        "The striker shot wide before United beat City 2-1.",
        "The quarterback launched a bomb to the end zone.",
        "The team's defence was under siege for most of the second half.",
        "Nadal crushed Federer in straight sets.",
        "In the novel, soldiers attack a village and kill its inhabitants.",
        "The documentary tells the story of soldiers who attacked a village.",
        "Moviegoers flocked to see the war drama about the shelling of Sarajevo.",
        "The film bombed at the box office.",
        "Stocks plunged as investors attacked the currency.",
        "Shares in the carmaker were hit by weak sales in China.",
        "The bank targets wealthy customers in Asia.",
        "The company launched a missile-shaped vacuum cleaner for home use.",
        "The airline launched flights to Boston.",
        "Ryanair tried to take over its rival Aer Lingus.",
        "Retailers are locked in a price war with Amazon.",
        "The boss fired his finance chief on Friday.",
        "A man who was fired last week from his job at an accounting firm sued.",
        "Apple fired back at critics of its new phone.",
        "The minister launched a scathing attack on the opposition leader.",
        "He died of a heart attack at the age of 71.",
        "The virus killed 300 people in Brazil.",
        "A bear attacked a hiker in Alaska.",
        "Heavy rain bombarded the coast on Sunday.",
        "Wildfires destroyed 40 homes in Portugal.",
        "A woman was struck and killed by a car on Wednesday.",
        "Bush injured his left knee in October.",
        "Microsoft said attackers exploited a flaw in Windows.",
    ],
)
def test_no_armed_event(read: Read, text: str) -> None:
    """Trials, memories, games, tales, business, illness and weather use the words of war without its deeds."""
    assert not [m for m in read(text) if m.type.startswith(("conflict", "weapons"))]


@pytest.mark.parametrize(
    "text",
    [
        "On the anniversary of the invasion, Russia struck Odesa with drones.",
        "Gunmen killed the judge who had sentenced their leader.",
        "A day after the verdict, rebels shelled the courthouse.",
        "Militants attacked a football stadium during a league match, killing two policemen.",
        "Hackers and soldiers alike took part as Russian troops attacked the town.",
    ],
)
def test_an_armed_event_among_such_words(read: Read, text: str) -> None:
    """A verb of force that stands on its own is told, whatever stands beside it."""
    assert [m for m in read(text) if m.type.startswith("conflict")]


def test_old_wars_are_background() -> None:
    """Wars of the past are history; an anniversary says nothing of the rest of its sentence."""
    assert is_background("He was wounded in World War II.")
    assert not is_background("On the anniversary of the invasion troops struck again.")
