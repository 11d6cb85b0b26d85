"""Alerts, events and messages to test with, each with one word changed where it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tocsin.model import (
    Alert,
    AlertDraft,
    AlertKind,
    Basis,
    ClaimKey,
    Delivery,
    DeliveryState,
    Event,
    EventStatus,
    LinkedMention,
    Mention,
    MentionStatus,
    Party,
    Phase,
    Place,
    Precision,
    Severity,
    Silence,
    Span,
    Subscriber,
    SubscriberKind,
    Thing,
    When,
)
from tocsin.ports import Outgoing
from tocsin.testing import numbered_id

NOON = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OLD_SECRET = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
TEXT = "Missile over the sea\n\nPyongyang fired a missile on Tuesday, Seoul said. Tokyo protested."
SENTENCE = (22, 71)

KOREA = Party("North Korea", "PRK", "GOV")
JAPAN = Party("Japan", "JPN", "GOV")


def a_when(
    first=date(2022, 11, 8), last=None, precision=Precision.DAY, text="on Tuesday", basis=Basis.EXPRESSION
):
    """A date with its words."""
    return When(first, last or first, precision, text, basis)


def an_event(number=1, **changes):
    """A launch told by one owner."""
    event = Event(
        id=numbered_id(100 + number),
        type="weapons.launch.missile",
        title="North Korea launches a missile",
        status=EventStatus.REPORTED,
        phase=Phase.HAPPENED,
        severity=Severity.CRITICAL,
        when=a_when(),
        place=Place("Pyongyang", 22, 31, "Pyongyang", "PRK", 39.03, 125.75),
        source=(KOREA,),
        target=(),
        objects=(Thing("weapon", "a missile", 38, 47, "ballistic missile", 1),),
        confidence=0.8321,
        mentions=1,
        articles=1,
        publishers=("Harbour Post",),
        owners=("Harbour Group",),
        first_known=NOON,
        last_known=NOON,
        revision=1,
        plover="ASSAULT",
        cameo="190",
        claim=ClaimKey("arms.transfer", ("PRK",), ("RUS",)),
    )
    return replace(event, **changes)


def a_mention(
    number=1, *, event=None, article=None, publisher="Harbour Post", url="https://harbour.example/1"
):
    """The words of one article for an event."""
    at = TEXT.index("fired")
    return LinkedMention(
        id=numbered_id(200 + number),
        article_id=article or numbered_id(300 + number),
        revision=1,
        content_hash="1abc",
        ordinal=0,
        mention=Mention(
            type="weapons.launch.missile",
            status=MentionStatus.HAPPENED,
            trigger=Span("fired", at, at + 5),
            sentence=SENTENCE,
        ),
        published=NOON - timedelta(hours=2),
        known_at=NOON,
        publisher=publisher,
        owner="Harbour Group",
        event_id=(event or an_event()).id,
        article_title="Missile over the sea",
        article_url=url,
    )


def a_draft(**changes):
    """A first alert of the launch rule."""
    draft = AlertDraft(
        rule="korea-missile-launch",
        fingerprint="1first",
        group={"country": "PRK"},
        kind=AlertKind.FIRST,
        title="North Korea launches a missile",
        severity=Severity.CRITICAL,
        labels={"desk": "korea"},
        reason="An event of type weapons.launch.missile by PRK matched.",
        event_ids=(an_event().id,),
        roles={"launch": str(an_event().id)},
        known_at=NOON,
    )
    return replace(draft, **changes)


def an_alert(number=1, **changes):
    """That alert as stored."""
    return Alert(numbered_id(400 + number), a_draft(**changes), NOON)


def a_subscriber(number=1, **changes):
    """A webhook that wants everything."""
    subscriber = Subscriber(
        id=numbered_id(500 + number),
        name=f"desk-{number}",
        kind=SubscriberKind.WEBHOOK,
        address="https://desk.example/hook",
        secret=SECRET,
        created_at=NOON,
    )
    return replace(subscriber, **changes)


def a_delivery(number=1, **changes):
    """A message that waits."""
    delivery = Delivery(
        id=numbered_id(600 + number),
        alert_id=an_alert().id,
        subscriber_id=a_subscriber().id,
        state=DeliveryState.PENDING,
        attempts=0,
        next_attempt_at=NOON,
        created_at=NOON,
    )
    return replace(delivery, **changes)


def a_silence(number=1, *, hours=2, comment="", **matchers):
    """A silence that began an hour ago."""
    return Silence(
        numbered_id(700 + number), matchers, NOON - timedelta(hours=1), NOON + timedelta(hours=hours), comment
    )


def a_message(**changes):
    """A whole message with one event and one quote."""
    linked = a_mention()
    message = Outgoing(
        delivery=a_delivery(),
        alert=an_alert(),
        subscriber=a_subscriber(),
        events=(an_event(),),
        evidence=(linked,),
        attempt=1,
        link="https://tocsin.example/alerts/1",
        quotes={linked.id: Span(TEXT[slice(*SENTENCE)], *SENTENCE)},
    )
    return replace(message, **changes)
