"""When and where: the clause's own words, else the context, else nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.model import Basis, Mention

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("North Korea fired a missile on Tuesday.", "2022-11-08"),
        ("On Monday, Russia shelled Kherson.", "2022-11-07"),
        ("Iran launched a satellite two days ago.", "2022-11-07"),
        ("Russian jets bombed Idlib on November 3.", "2022-11-03"),
        ("The leaders will meet on Friday.", "2022-11-11"),
    ],
)
def test_the_clauses_own_words_date_an_event(read: Read, text: str, day: str) -> None:
    """Relative and absolute expressions are resolved against publication."""
    when = read(text)[0].when
    assert when is not None
    assert (str(when.start), when.basis) == (day, Basis.EXPRESSION)


def test_each_clause_has_its_own_day(read: Read) -> None:
    """The day of the speech and the day of the deed are kept apart."""
    text = "The ministry said on Tuesday that Iran had fired a missile on Sunday."
    (launch,) = read(text, "weapons")
    assert launch.when is not None
    assert str(launch.when.start) == "2022-11-06"


@pytest.mark.parametrize(
    ("text", "family", "day"),
    [
        ("The ministry warned that funds would run out by December 2030.", "statement.warn", "2022-11-09"),
        ("Gunmen attacked a fort that was built in 1891.", "conflict", "2022-11-09"),
        ("Rebels attacked the town on Monday after talks collapsed on Friday.", "conflict", "2022-11-07"),
        ("It was the first missile test of 2022 by North Korea.", "weapons", "2022-11-09"),
        ("Iran conducted its first missile test in a year on Saturday.", "weapons", "2022-11-05"),
        ("Two missiles were fired from Sunan at 8:50 and 8:54 on November 4.", "weapons", "2022-11-04"),
    ],
)
def test_the_day_of_another_clause_is_not_its_day(read: Read, text: str, family: str, day: str) -> None:
    """What is said, what is told of a noun, what came before, what it is counted among date nothing else."""
    when = read(text, family)[0].when
    assert when is not None
    assert str(when.start) == day


def test_statements_are_of_the_day_the_lead_tells(read: Read) -> None:
    """A later statement without a date takes the day of the story, not the morning it was printed."""
    text = "Iran fired a missile on Tuesday. Japan condemned the launch."
    (said,) = read(text, "statement.condemn")
    assert said.when is not None
    assert (str(said.when.start), said.when.basis) == ("2022-11-08", Basis.CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "In 2017, North Korea fired a missile over Japan.",
        "Last year, Russian troops shelled Kherson.",
        "A year ago, gunmen attacked a mall in Nairobi.",
    ],
)
def test_background_is_historical(read: Read, text: str) -> None:
    """What lies about a year back or more is told as background."""
    assert {m.status.value for m in read(text)} == {"historical"}


def test_a_headline_takes_the_day_of_its_story(read: Read) -> None:
    """A headline without a date is dated by the lead, marked as context."""
    text = "North Korea fires missile\n\nNorth Korea fired a ballistic missile on Tuesday, Seoul said."
    headline, lead = read(text, "weapons")
    assert headline.when is not None
    assert lead.when is not None
    assert (str(headline.when.start), headline.when.basis) == ("2022-11-08", Basis.CONTEXT)
    assert lead.when.basis is Basis.EXPRESSION


def test_news_without_a_date_is_of_its_publication_day(read: Read) -> None:
    """Told as news in the lead, the day is the article's own."""
    when = read("North Korea fired a missile toward Japan, officials said.", "weapons")[0].when
    assert when is not None
    assert (str(when.start), when.basis, when.text) == ("2022-11-09", Basis.PUBLISHED, None)


def test_nothing_is_dated_without_a_publication_date(read: Read) -> None:
    """No date is ever invented."""
    assert all(m.when is None for m in read("North Korea fired a missile on Tuesday.", published=None))


@pytest.mark.parametrize("text", ["Russia may test a nuclear device.", "Iran has not fired a missile."])
def test_what_did_not_happen_has_no_publication_day(read: Read, text: str) -> None:
    """Publication dates what is told as done, nothing else."""
    assert read(text, "weapons")[0].when is None


@pytest.mark.parametrize(
    "text", ["The drills will run until Saturday.", "It was the first missile test since 2017."]
)
def test_limits_date_nothing(read: Read, text: str) -> None:
    """“Since” and "until" bound a time; they are not the event's."""
    assert all(m.when is None or m.when.basis is not Basis.EXPRESSION for m in read(text))


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Gunmen attacked a market in Kabul.", "Kabul", "AFG"),
        ("North Korea fired a missile from the Sunan area.", "Sunan", "PRK"),
        ("The two ministers met in Astana on Monday.", "Astana", "KAZ"),
        ("Israeli jets bombed targets near Damascus.", "Damascus", "SYR"),
        ("Rebels ambushed soldiers in Niger.", "Niger", "NER"),
    ],
)
def test_the_place_of_the_act(read: Read, text: str, name: str, country: str) -> None:
    """A locative at the event is its place, a country where nothing nearer is named."""
    place = read(text)[0].place
    assert place is not None
    assert (place.name, place.country) == (name, country)


@pytest.mark.parametrize(
    "text",
    [
        "WASHINGTON, Nov 8 (Newswire) - North Korea fired a missile.",
        "Moscow condemned the strike.",
        "Tokyo: Japan imposed sanctions on Belarus.",
    ],
)
def test_dateline_and_actors_are_no_place(read: Read, text: str) -> None:
    """No place rather than a wrong one."""
    assert [m.place for m in read(text)] == [None] * len(read(text))


def test_counts_and_weapons_are_things(read: Read) -> None:
    """Weapons with their number, killed and injured with theirs."""
    (launch,) = read("North Korea fired two short-range ballistic missiles.", "weapons")
    assert [(t.kind, t.text, t.count) for t in launch.objects] == [
        ("weapon", "short-range ballistic missiles", 2)
    ]
    attack = read("A bomb killed 12 people and wounded 30 others in Kabul.", "conflict")[0]
    assert {(t.kind, t.count) for t in attack.objects} >= {("killed", 12), ("injured", 30)}
