"""Mentions of stored articles become events and claims, and edits take back what they told."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from story import NOW, about, phrases, told
from tocsin.model import (
    ArticleDraft,
    ClaimQuery,
    ClaimStatus,
    EventQuery,
    EventReason,
    EventStatus,
    MentionStatus,
    RevisionReason,
)
from tocsin.store import open_store
from tocsin.testing import SequentialIds
from tocsin.timeline import Linker

LAUNCH = ("weapons.launch.missile", "PRK")
ARMS = about("arms.transfer", "PRK", "RUS")
_BODY = "The body of a text that is long enough to be known again when three papers print the same words of a wire."


@pytest.fixture
def store():
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def desk(store):
    return Desk(store)


class Desk:
    """Publishes articles with given mentions and links them."""

    def __init__(self, store):
        self.store = store
        self.linker = Linker(store, SequentialIds(), phrases)
        self.numbers = itertools.count(1)

    def publish(self, publisher, *mentions, url=None, body=None, hours=0.0, title="A headline"):
        """A new article, or a new text of the one at `url`; returns its id and what linking did."""
        n = next(self.numbers)
        moment = NOW + timedelta(hours=hours)
        draft = ArticleDraft(
            key=url or f"k{n}", url=url or f"https://{n}.example/", title=title, text=f"{title}\n\n{body or f'{n} {_BODY}'}",
            content_hash=f"1{n}", published=moment, date_refused=None, seen_at=moment, known_at=moment,
            publisher=publisher, owner=publisher, reason=RevisionReason.FIRST_SEEN,
        )  # fmt: skip
        [article_id] = self.store.add_articles([draft], publisher=publisher)
        article = self.store.article(article_id)
        self.store.write_mentions(article_id, article.revision, [m.mention for m in mentions])
        return article_id, self.linker.link(article_id)

    def events(self, **wanted):
        return self.store.events(EventQuery(**wanted))


def test_a_launch_told_by_three_outlets_is_one_entry(desk):
    """Two owners corroborate; a copied wire text does not."""
    desk.publish("Wire", told(*LAUNCH), body=_BODY)
    desk.publish("Copy", told(*LAUNCH), body=_BODY, hours=1)
    desk.publish("Other", told(*LAUNCH), hours=2)
    [event] = desk.events()
    assert (event.articles, event.owners, event.status) == (3, ("Other", "Wire"), EventStatus.CONFIRMED)
    reasons = [r.reason for r in desk.store.event_revisions(event.id)]
    assert reasons == [EventReason.FIRST_REPORT, EventReason.REPEATED, EventReason.CORROBORATED]


def test_linking_again_changes_nothing(desk):
    """At-least-once messages give exactly-once rows."""
    article, first = desk.publish("A", told(*LAUNCH), told("statement.condemn", "JPN", "PRK"))
    assert len(first.revisions) == 2
    again = desk.linker.link(article)
    assert again.revisions == ()
    assert len(desk.events()) == 2


def test_an_edit_that_no_longer_tells_it_retracts_the_event(desk):
    """What only the old text told is taken back; the revisions keep it."""
    desk.publish("A", told(*LAUNCH), url="https://a.example/1")
    desk.publish("A", url="https://a.example/1", hours=1)
    [event] = desk.events()
    assert event.status is EventStatus.RETRACTED
    assert [r.reason for r in desk.store.event_revisions(event.id)][-1] is EventReason.RETRACTED


def test_an_edit_that_still_tells_it_keeps_the_event(desk):
    """A second text of the article is no second source and no second event."""
    desk.publish("A", told(*LAUNCH), url="https://a.example/1")
    desk.publish("A", told(*LAUNCH), url="https://a.example/1", hours=1)
    [event] = desk.events()
    assert (event.articles, event.mentions, event.status) == (1, 1, EventStatus.REPORTED)


def test_a_correction_moves_the_day(desk):
    """Marked as such, it joins the event and outweighs what it corrects."""
    desk.publish("A", told(*LAUNCH, when="2022-11-03"))
    desk.publish("B", told(*LAUNCH, when="2022-11-03"), hours=1)
    desk.publish("A", told(*LAUNCH, when="2022-11-02"), hours=2, title="Correction: day of the launch")
    [event] = desk.events()
    assert str(event.day) == "2022-11-02"
    assert desk.store.event_revisions(event.id)[-1].reason is EventReason.CORRECTED


def accusation(**more):
    return told("statement.accuse", "USA", "PRK", claim=ARMS, **more)


def shipment(status):
    return told("arms.transfer", "PRK", "RUS", None, status=status)


def denial(who, claim=ARMS):
    return told("statement.deny", who, when="2022-11-08", claim=claim)


def test_two_denials_meet_the_accusation_and_dispute_the_shipment(desk):
    """Three stances on one claim; the alleged act is disputed, the statements stand."""
    desk.publish("A", accusation(), shipment(MentionStatus.ALLEGED))
    desk.publish("B", denial("PRK"), shipment(MentionStatus.DENIED), hours=140)
    desk.publish("C", denial("RUS", about(None, back=True)), hours=150)
    [claim] = desk.store.claims(ClaimQuery())
    assert claim.status is ClaimStatus.DISPUTED
    assert [(s.party.country, s.stance.value) for s in claim.stances] == [
        ("USA", "assert"),
        ("PRK", "deny"),
        ("RUS", "deny"),
    ]
    [act] = desk.events(types=("arms.transfer",))
    assert act.status is EventStatus.DISPUTED
    assert claim.about_event_id == act.id
    denials = desk.events(types=("statement.deny",))
    assert {e.claim for e in denials} == {claim.key}
    assert all("North Korea transfers arms to Russia" in e.title for e in denials)


def test_a_denial_that_only_points_back_disputes_the_act_too(desk):
    """The ledger reaches the event although no text tells it as denied."""
    desk.publish("A", accusation(), shipment(MentionStatus.ALLEGED))
    desk.publish("B", denial("PRK", about(None, back=True)), hours=140)
    [act] = desk.events(types=("arms.transfer",))
    assert act.status is EventStatus.DISPUTED


@pytest.mark.parametrize(
    "m",
    [
        told(*LAUNCH, status=MentionStatus.HISTORICAL, when="2017-09-15"),
        told(*LAUNCH, status=MentionStatus.HYPOTHETICAL, when=None),
        told(*LAUNCH, status=MentionStatus.NEGATED),
        told(*LAUNCH, confidence=0.1),
        told("disaster.flood"),
        told("weapons.launch.missile", "somebody"),
        told("statement.pledge", "", "PRK"),
        told("statement.accuse", "USA", "PRK", status=MentionStatus.DENIED),
    ],
)
def test_what_makes_no_entry_is_kept_with_its_reason(desk, m):
    """Background, hypotheses and guesses stay off the timeline, visibly."""
    article, linked = desk.publish("A", m)
    assert desk.events() == []
    assert linked.off == 1
    [kept] = desk.store.article_mentions(article)
    assert kept.link_reason.startswith("off the timeline")


def test_the_order_of_arrival_does_not_change_the_timeline(desk, store):
    """Any order of the same articles gives the same entries."""
    articles = [
        ("A", [told(*LAUNCH)]),
        ("B", [told(*LAUNCH), told("statement.condemn", "JPN", "PRK")]),
        ("C", [told("weapons.launch", "PRK"), told(*LAUNCH, when="2022-11-03")]),
        ("D", [told(*LAUNCH, when="2022-11-03")]),
    ]

    def shape(opened):
        return sorted((e.type, str(e.day), e.owners) for e in opened.events(EventQuery()))

    shapes = set()
    for order in itertools.permutations(articles):
        other = open_store("sqlite://")
        there = Desk(other)
        for publisher, mentions in order:
            there.publish(publisher, *mentions)
        shapes.add(tuple(shape(other)))
        other.close()
    assert len(shapes) == 1
