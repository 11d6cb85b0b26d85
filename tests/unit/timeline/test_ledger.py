"""Accusations, denials and confirmations meet in one claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from story import about, actors, new_id, phrases, told
from tocsin.model import ClaimKey, ClaimStatus, MentionStatus, Stance
from tocsin.timeline import decide_claims, same_claim

ARMS = about("arms.transfer", "PRK", "RUS")


def linked(m):
    return replace(m, event_id=new_id())


def accuse(**more):
    return linked(told("statement.accuse", "USA", "PRK", claim=ARMS, **more))


def deny(who="PRK", claim=ARMS, **more):
    return linked(told("statement.deny", who, when="2022-11-08", claim=claim, **more))


def ledger(*mentions, known=()):
    return decide_claims(list(mentions), list(known), new_id, phrases)


def test_an_accusation_opens_a_claim_with_the_accuser_asserting_it():
    """Who says so, about what, on which day."""
    [claim] = ledger(accuse()).claims
    assert claim.key == ClaimKey("arms.transfer", ("PRK",), ("RUS",))
    assert claim.text == "North Korea transfers arms to Russia"
    assert [(s.stance, s.party.country, str(s.on)) for s in claim.stances] == [
        (Stance.ASSERT, "USA", "2022-11-02")
    ]
    assert claim.status is ClaimStatus.ASSERTED


def test_two_denials_join_the_accusation_they_answer():
    """One claim, three stances, disputed."""
    first = ledger(accuse())
    second = ledger(deny("PRK"), known=first.claims)
    third = ledger(deny("RUS", about("arms.transfer", "", "RUS")), known=second.claims)
    [claim] = third.claims
    assert claim.id == first.claims[0].id
    assert [(s.stance, s.party.country) for s in claim.stances] == [
        (Stance.ASSERT, "USA"),
        (Stance.DENY, "PRK"),
        (Stance.DENY, "RUS"),
    ]
    assert claim.status is ClaimStatus.DISPUTED


def test_a_denial_that_only_points_back_finds_what_it_answers():
    """`denied the allegation` is about the newest claim that names the speaker."""
    first = ledger(accuse())
    [claim] = ledger(deny("RUS", about(None, back=True)), known=first.claims).claims
    assert claim.id == first.claims[0].id
    assert claim.status is ClaimStatus.DISPUTED


def test_pointing_back_prefers_the_same_article():
    """The accusation two sentences before is the one meant."""
    other = ledger(
        linked(
            told("statement.accuse", "UKR", "RUS", claim=about("conflict.shelling", "RUS", "UKR"), hours=9)
        )
    )
    here = accuse(article=new_id())
    denial = deny("RUS", about(None, back=True), hours=9)
    book = ledger(here, denial, known=other.claims)
    assert book.by_event[denial.event_id].key.type == "arms.transfer"


def test_a_denial_without_any_accusation_stands_alone():
    """The claim is there, denied, with nobody asserting it."""
    [claim] = ledger(deny()).claims
    assert claim.status is ClaimStatus.DENIED


@pytest.mark.parametrize(
    "m",
    [
        linked(told("statement.deny", "PRK", claim=about(None, back=True))),
        linked(told("statement.deny", "", claim=ARMS)),
        linked(told("statement.deny", "PRK", claim=None)),
        told("statement.deny", "PRK", claim=ARMS),
        linked(told("statement.deny", "PRK", claim=ARMS, status=MentionStatus.HYPOTHETICAL)),
        linked(told("statement.condemn", "PRK", claim=ARMS)),
        linked(told("statement.deny", "PRK", claim=about("arms.transfer"))),
        linked(told("statement.deny", "PRK", claim=about("statement.threaten", "PRK"))),
    ],
)
def test_no_claim_is_made_up(m):
    """Without speaker, proposition or referent there is nothing to keep."""
    assert ledger(m).claims == ()


def test_a_negated_proposition_turns_the_stance_round():
    """Confirming that nothing was sold is a denial."""
    confirm = linked(
        told("statement.confirm", "PRK", claim=about("arms.transfer", "PRK", "RUS", negated=True))
    )
    [claim] = ledger(confirm).claims
    assert claim.stances[0].stance is Stance.DENY


def test_the_doer_who_confirms_settles_it_and_a_retraction_ends_it():
    """Confirmation by a side of the claim, then taken back."""
    first = ledger(accuse())
    confirmed = ledger(linked(told("statement.confirm", "PRK", claim=ARMS)), known=first.claims)
    assert confirmed.claims[0].status is ClaimStatus.CONFIRMED
    back = ledger(linked(told("statement.retract", "USA", claim=ARMS)), known=confirmed.claims)
    assert back.claims[0].status is ClaimStatus.RETRACTED


def test_the_same_stance_told_twice_of_one_event_counts_once():
    """Ten outlets that tell one denial are one stance."""
    denial = deny()
    first = ledger(denial)
    again = ledger(replace(denial, article_id=new_id()), known=first.claims)
    assert len(again.claims[0].stances) == 1


def test_a_claim_points_to_the_event_it_speaks_of():
    """The shipment on the timeline, when the same article tells it."""
    shipment = linked(told("arms.transfer", "PRK", "RUS", None, status=MentionStatus.ALLEGED))
    [claim] = ledger(accuse(), shipment).claims
    assert claim.about_event_id == shipment.event_id


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (("arms.transfer", "PRK", "RUS"), ("arms.transfer", "PRK", "RUS"), True),
        (("arms.transfer", "PRK", "RUS"), ("arms.transfer", "PRK", ""), True),
        (("arms.transfer", "PRK", "RUS"), ("arms.transfer", "PRK", "CHN"), False),
        (("arms.transfer", "PRK", "RUS"), ("arms.transfer", "KOR", "RUS"), False),
        (("arms.transfer", "PRK", "RUS"), ("conflict.shelling", "PRK", "RUS"), False),
        (("arms.transfer", "PRK", ""), ("arms.transfer", "", "RUS"), False),
    ],
)
def test_two_propositions_are_one_claim_when_nothing_contradicts(a, b, same):
    """Kind, doer and other side."""

    def key(kind, source, target):
        return ClaimKey(kind, tuple(source.split()), tuple(target.split()))

    assert (same_claim(key(*a), key(*b)) > 0.6) is same
    assert same_claim(key(*a), key(*b)) == same_claim(key(*b), key(*a))


def test_names_are_compared_without_case():
    """Parties without a country are known by their name."""
    claim = about("conflict.bombing")
    claim = replace(claim, source=tuple(replace(a, country=None, name="The Front") for a in actors("x")))
    [opened] = ledger(linked(told("statement.accuse", "USA", claim=claim))).claims
    assert opened.key.source == ("the front",)
