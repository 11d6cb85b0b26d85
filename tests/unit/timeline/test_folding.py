"""The state of an event as its mentions tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story import NOW, day, new_id, phrases, told
from tocsin.model import Basis, EventStatus, MentionStatus, Phase, Place, Severity, Thing
from tocsin.timeline import fold, is_correction, voices

LAUNCH = ("weapons.launch.missile", "PRK")
S = MentionStatus


def state(*mentions, prior=None, **more):
    return fold(new_id(), list(mentions), revision=1, known_at=NOW, phrases=phrases, prior=prior, **more)


def test_twenty_outlets_make_one_entry_and_owners_are_counted():
    """Corroboration counts owners, not articles."""
    event = state(
        told(*LAUNCH, publisher="A", owner="X"),
        told(*LAUNCH, publisher="B", owner="X"),
        told(*LAUNCH, publisher="C"),
    )
    assert (event.articles, event.owners, event.publishers) == (3, ("C", "X"), ("A", "B", "C"))


def test_copies_of_a_wire_text_have_the_one_voice_of_who_carried_it_first():
    """Three papers that print the wire's words are not three sources."""
    wire = told(*LAUNCH, publisher="Wire", text_hash="h", hours=0)
    copies = [told(*LAUNCH, publisher=p, text_hash="h", hours=h) for p, h in (("A", 1), ("B", 2))]
    event = state(*copies, wire)
    assert event.owners == ("Wire",)
    assert event.status is EventStatus.REPORTED
    assert set(voices([*copies, wire]).values()) == {"Wire"}


def test_articles_that_are_one_have_the_voice_of_the_one_that_stands_for_them():
    """Whichever is told first; and it gives its voice to nothing that it does not tell itself."""
    first = told(*LAUNCH, publisher="Mirror", hours=0)
    one = told(*LAUNCH, publisher="Paper", hours=1)
    mirror = replace(first, same_as=one.article_id)
    event = state(mirror, one)
    assert (event.articles, event.mentions, event.owners) == (1, 2, ("Paper",))
    assert event.status is EventStatus.REPORTED
    assert state(mirror).owners == ("Mirror",)
    other = told(*LAUNCH, publisher="Wire", hours=2)
    assert state(mirror, one, other).status is EventStatus.CONFIRMED


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([S.HAPPENED], EventStatus.REPORTED),
        ([S.HAPPENED, S.HAPPENED], EventStatus.CONFIRMED),
        ([S.ALLEGED], EventStatus.CLAIMED),
        ([S.ALLEGED, S.ALLEGED], EventStatus.CLAIMED),
        ([S.DENIED], EventStatus.DENIED),
        ([S.ALLEGED, S.DENIED], EventStatus.DISPUTED),
        ([S.HAPPENED, S.HAPPENED, S.DENIED], EventStatus.DISPUTED),
        ([S.ALLEGED, S.HAPPENED], EventStatus.REPORTED),
    ],
)
def test_status_is_derived_from_how_it_is_told(statuses, expected):
    """Reported, confirmed, claimed, denied, disputed."""
    mentions = [told(*LAUNCH, publisher=f"P{i}", status=s) for i, s in enumerate(statuses)]
    assert state(*mentions).status is expected


def test_the_ledger_can_dispute_what_no_text_denies():
    """A denial that only points back still counts."""
    assert state(told(*LAUNCH, status=S.ALLEGED), denied=True).status is EventStatus.DISPUTED
    assert state(told(*LAUNCH, status=S.ALLEGED), confirmed=True).status is EventStatus.CONFIRMED


def test_without_any_telling_left_an_event_is_retracted_and_keeps_its_facts():
    """An edited article takes its event back; what was told stays readable."""
    before = state(told(*LAUNCH))
    after = state(told(*LAUNCH, active=False), prior=before)
    assert after.status is EventStatus.RETRACTED
    assert after.when == before.when
    assert after.mentions == 0
    with pytest.raises(ValueError, match="needs a mention"):
        state(told(*LAUNCH, active=False))


@pytest.mark.parametrize(
    ("statuses", "phase"),
    [
        ([S.PLANNED], Phase.PLANNED),
        ([S.PLANNED, S.ONGOING], Phase.ONGOING),
        ([S.PLANNED, S.HAPPENED], Phase.HAPPENED),
        ([S.ALLEGED], Phase.HAPPENED),
    ],
)
def test_phase_is_planned_while_nobody_tells_it_as_done(statuses, phase):
    """A visit is planned until somebody arrives."""
    assert state(*[told("diplomacy.visit", "USA", status=s) for s in statuses]).phase is phase


def test_a_stated_day_beats_an_inferred_one():
    """Words in the clause weigh more than the day of publication."""
    event = state(
        told(*LAUNCH, when=day("2022-11-03", Basis.PUBLISHED), publisher="A"), told(*LAUNCH, publisher="B")
    )
    assert event.when == day("2022-11-02")


def test_a_correction_outweighs_those_it_corrects():
    """One marked correction moves a date that three outlets told."""
    wrong = [told(*LAUNCH, publisher=p) for p in ("A", "B", "C")]
    event = state(
        *wrong, told(*LAUNCH, when="2022-11-03", publisher="A", hours=9, title="Correction: the launch")
    )
    assert event.when == day("2022-11-03")


def test_the_newest_article_of_a_publisher_overrides_its_older_ones():
    """A paper that tells it anew changes its vote."""
    old = told(*LAUNCH, objects=(Thing("weapon", "missiles", 0, 1, count=10),))
    new = told(*LAUNCH, objects=(Thing("weapon", "missiles", 0, 1, count=23),), hours=5)
    assert state(old, new).objects[0].count == 23


def test_the_more_exact_type_wins_over_the_general_one_above_it():
    """A launch told by two and a missile launch told by one is a missile launch."""
    event = state(
        told("weapons.launch", "PRK", publisher="A"),
        told("weapons.launch", "PRK", publisher="B"),
        told(*LAUNCH, publisher="C"),
    )
    assert event.type == "weapons.launch.missile"


def test_actors_nobody_resolved_give_way_to_resolved_ones():
    """`the regime` does not stand beside North Korea."""
    event = state(told(*LAUNCH), told("weapons.launch.missile", "regime", publisher="B"))
    assert [p.country for p in event.source] == ["PRK"]


def test_confidence_grows_with_independent_voices_and_never_reaches_one():
    """Noisy-or over owners."""
    one = state(told(*LAUNCH, confidence=0.6))
    two = state(told(*LAUNCH, confidence=0.6), told(*LAUNCH, confidence=0.6, publisher="B"))
    many = state(*[told(*LAUNCH, confidence=0.9, publisher=f"P{i}") for i in range(9)])
    assert one.confidence < two.confidence == pytest.approx(0.84)
    assert many.confidence <= 0.99


def test_the_title_says_who_does_what_where():
    """Parties, verb phrase and place."""
    wonsan = Place("Wonsan", 0, 6, "Wonsan", "PRK", 39.15, 127.44)
    assert state(told(*LAUNCH, place=wonsan)).title == "North Korea launches a missile (Wonsan)"
    denial = state(told("statement.deny", "PRK"), claim_text="North Korea transfers arms to Russia")
    assert denial.title == "North Korea denies: North Korea transfers arms to Russia"


def test_severity_is_the_highest_told():
    """The worst telling sets the alarm."""
    assert state(told(*LAUNCH), told(*LAUNCH, severity="critical")).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Correction: missile count", True),
        ("CORRECTED-North Korea fires missile", True),
        ("Clarification: who was there", True),
        ("House of correction reopens", False),
        ("Market corrects after rally", False),
    ],
)
def test_corrections_are_known_by_how_newsrooms_mark_them(title, is_one):
    """The word stands before the colon or at the start."""
    assert is_correction(title) is is_one


MENTIONS = st.lists(
    st.builds(
        told,
        st.sampled_from(["weapons.launch.missile", "weapons.launch"]),
        st.sampled_from(["PRK", "", "PRK KOR"]),
        st.just(""),
        st.sampled_from(["2022-11-02", "2022-11-03", None]),
        publisher=st.sampled_from("ABCDE"),
        status=st.sampled_from([S.HAPPENED, S.ALLEGED, S.DENIED, S.PLANNED]),
        hours=st.integers(0, 5).map(float),
        confidence=st.floats(0.1, 0.99),
    ),
    min_size=1,
    max_size=8,
)


@given(MENTIONS, st.randoms())
def test_folding_does_not_depend_on_the_order_of_mentions(mentions, random):
    """Replay equals live: any order of arrival folds to the same state."""
    event_id = new_id()
    shuffled = list(mentions)
    random.shuffle(shuffled)

    def folded(some):
        return fold(event_id, some, revision=1, known_at=NOW, phrases=phrases)

    assert folded(mentions) == folded(shuffled)


@given(MENTIONS)
def test_the_facts_of_an_event_are_facts_that_a_mention_told(mentions):
    """Nothing is invented: day, type and parties each stand in some mention."""
    event = state(*mentions)
    assert event.when is None or any(
        m.mention.when and (m.mention.when.start, m.mention.when.end) == (event.when.start, event.when.end)
        for m in mentions
    )
    assert event.type in {m.mention.type for m in mentions}
    assert {p.country for p in event.source} <= {a.country for m in mentions for a in m.mention.source}
    assert event == replace(event, confidence=event.confidence)
