"""A small world for the page: invented outlets, their articles, what is read out of them and folded.

One outlet is hostile: its titles and texts are markup.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from helpers_events import AMERICA, KOREA, event_id, on
from tocsin.model import (
    Actor,
    Basis,
    ClaimKey,
    Event,
    EventStatus,
    FeedSpec,
    Mention,
    MentionStatus,
    Party,
    Phase,
    Place,
    Precision,
    Proposition,
    Severity,
    Span,
    When,
)

T0 = datetime(2022, 11, 2, 3, 0, tzinfo=UTC)
NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)
HOSTILE = '<script>alert("tocsin")</script><img src=x onerror=alert(1)>'

LAUNCH_TEXT = (
    "Missile crosses sea boundary\n\nSEOUL - North Korea fired a ballistic missile towards the sea on Wednesday, "
    "the South Korean military said.\nIt fell into waters east of Wonsan. Fishing boats were told to stay in port."
)
LAUNCH_TEXT_2 = (
    "Pyongyang launches another missile\n\nA ballistic missile was launched by North Korea early on 2 November. "
    "Ministers in Tokyo met at once."
)
ACCUSATION_TEXT = (
    "Washington points at shells\n\nThe White House accused North Korea of covertly shipping artillery shells to "
    "Russia on Wednesday. Officials gave no number."
)
DENIAL_TEXT = (
    "No shells, says Pyongyang\n\nNorth Korea denied on Tuesday that it had shipped artillery shells to Russia, "
    "calling the story a rumour."
)
HOSTILE_TEXT = f"{HOSTILE}\n\nProtesters marched in {HOSTILE} on Monday."

RUSSIA = Party("Russia", "RUS", "GOV")
CLAIM_ID = event_id(900)
CLAIM_KEY = ClaimKey("arms.transfer", ("PRK",), ("RUS",))


FEEDS = {
    "harbour": FeedSpec(
        "https://harbour.example/rss", "Harbour Post", "Harbour Post", "Harbour Group", "KOR"
    ),
    "meridian": FeedSpec(
        "https://meridian.example/atom", "Daily Meridian", "Daily Meridian", "Meridian Media", "GBR"
    ),
    "hostile": FeedSpec("https://user:secret@evil.example/rss", HOSTILE, HOSTILE, HOSTILE),
    "broken": FeedSpec("https://broken.example/rss", "Broken Times", "Broken Times", "Broken Ltd", "USA"),
    "new": FeedSpec("https://new.example/rss", "Newcomer"),
}


def span(text: str, words: str) -> Span:
    """The words where they first stand in the text."""
    start = text.index(words)
    return Span(words, start, start + len(words))


def actor(text: str, words: str, name: str | None = None, country: str | None = None) -> Actor:
    found = span(text, words)
    return Actor(found.text, found.start, found.end, name or words, country, "GOV")


def dated(text: str, words: str, day: date) -> When:
    found = span(text, words)
    return When(day, day, Precision.DAY, words, Basis.EXPRESSION, day.isoformat(), (found.start, found.end))


def sentence(text: str, words: str) -> tuple[int, int]:
    """The sentence around the words."""
    start = text.index(words)
    left = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start) + 1) + 1
    ends = [end for end in (text.find(". ", start), text.find(".\n", start)) if end >= 0]
    return left, min(ends, default=len(text) - 1) + 1


def mentions() -> dict[str, Mention]:
    """What extraction would read out of the articles."""
    place = span(LAUNCH_TEXT, "Wonsan")
    return {
        "launch": Mention(
            "weapons.launch.missile",
            MentionStatus.HAPPENED,
            span(LAUNCH_TEXT, "fired"),
            sentence(LAUNCH_TEXT, "fired"),
            source=(actor(LAUNCH_TEXT, "North Korea", country="PRK"),),
            place=Place("Wonsan", place.start, place.end, "Wonsan", "PRK", 39.15, 127.44),
            when=dated(LAUNCH_TEXT, "on Wednesday", date(2022, 11, 2)),
            attribution=(actor(LAUNCH_TEXT, "the South Korean military", "South Korea", "KOR"),),
            confidence=0.86,
            severity="critical",
        ),
        "launch2": Mention(
            "weapons.launch.missile",
            MentionStatus.HAPPENED,
            span(LAUNCH_TEXT_2, "launched"),
            sentence(LAUNCH_TEXT_2, "launched"),
            source=(actor(LAUNCH_TEXT_2, "North Korea", country="PRK"),),
            when=dated(LAUNCH_TEXT_2, "early on 2 November", date(2022, 11, 2)),
            confidence=0.8,
        ),
        "accusation": Mention(
            "statement.accuse",
            MentionStatus.HAPPENED,
            span(ACCUSATION_TEXT, "accused"),
            sentence(ACCUSATION_TEXT, "accused"),
            source=(actor(ACCUSATION_TEXT, "The White House", "United States", "USA"),),
            target=(actor(ACCUSATION_TEXT, "North Korea", country="PRK"),),
            when=dated(ACCUSATION_TEXT, "on Wednesday", date(2022, 11, 2)),
            claim=Proposition(
                "arms.transfer",
                source=(actor(ACCUSATION_TEXT, "North Korea", country="PRK"),),
                target=(actor(ACCUSATION_TEXT, "Russia", country="RUS"),),
                trigger=span(ACCUSATION_TEXT, "shipping"),
            ),
            confidence=0.9,
        ),
        "denial": Mention(
            "statement.deny",
            MentionStatus.HAPPENED,
            span(DENIAL_TEXT, "denied"),
            sentence(DENIAL_TEXT, "denied"),
            source=(actor(DENIAL_TEXT, "North Korea", country="PRK"),),
            when=dated(DENIAL_TEXT, "on Tuesday", date(2022, 11, 8)),
            claim=Proposition("arms.transfer", trigger=span(DENIAL_TEXT, "shipped")),
            confidence=0.9,
        ),
        "hostile": Mention(
            "protest.march",
            MentionStatus.HAPPENED,
            span(HOSTILE_TEXT, "marched"),
            (len(HOSTILE) + 2, len(HOSTILE_TEXT)),
            source=(actor(HOSTILE_TEXT, HOSTILE, HOSTILE),),
            when=dated(HOSTILE_TEXT, "on Monday", date(2022, 11, 7)),
        ),
    }


# Event, article it is read from, feed, hours after T0.
TOLD = (
    ("launch", LAUNCH_TEXT, "harbour", 0),
    ("launch2", LAUNCH_TEXT_2, "meridian", 2),
    ("accusation", ACCUSATION_TEXT, "meridian", 12),
    ("hostile", HOSTILE_TEXT, "hostile", 24 * 5),
    ("denial", DENIAL_TEXT, "harbour", 24 * 6),
)


def events() -> dict[str, Event]:
    """What linking would fold from the mentions."""
    shared: dict[str, Any] = {"phase": Phase.HAPPENED, "objects": (), "mentions": 1, "articles": 1}
    return {
        "launch": Event(
            id=event_id(1),
            type="weapons.launch.missile",
            title="North Korea fires a ballistic missile towards the sea",
            status=EventStatus.REPORTED,
            severity=Severity.CRITICAL,
            when=on(date(2022, 11, 2), text="on Wednesday"),
            place=Place("Wonsan", 0, 6, "Wonsan", "PRK", 39.15, 127.44),
            source=(KOREA,),
            target=(),
            confidence=0.86,
            publishers=("Harbour Post",),
            owners=("Harbour Group",),
            first_known=T0,
            last_known=T0,
            revision=1,
            plover="ASSAULT",
            cameo="194",
            **shared,
        ),
        "accusation": Event(
            id=event_id(2),
            type="statement.accuse",
            title="United States accuses North Korea of arming Russia",
            status=EventStatus.REPORTED,
            severity=Severity.WARNING,
            when=on(date(2022, 11, 2), text="on Wednesday"),
            place=None,
            source=(AMERICA,),
            target=(KOREA,),
            confidence=0.9,
            publishers=("Daily Meridian",),
            owners=("Meridian Media",),
            first_known=T0 + timedelta(hours=12),
            last_known=T0 + timedelta(hours=12),
            revision=1,
            claim=CLAIM_KEY,
            **shared,
        ),
        "hostile": Event(
            id=event_id(3),
            type="protest.march",
            title=HOSTILE,
            status=EventStatus.DISPUTED,
            severity=Severity.INFO,
            when=on(date(2022, 11, 7), text="on Monday"),
            place=Place(HOSTILE, 0, 1, HOSTILE),
            source=(Party(HOSTILE, None),),
            target=(),
            confidence=0.4,
            publishers=(HOSTILE,),
            owners=(HOSTILE,),
            first_known=T0 + timedelta(days=5),
            last_known=T0 + timedelta(days=5),
            revision=1,
            **shared,
        ),
        "denial": Event(
            id=event_id(4),
            type="statement.deny",
            title="North Korea denies arming Russia",
            status=EventStatus.REPORTED,
            severity=Severity.WARNING,
            when=on(date(2022, 11, 8), text="on Tuesday"),
            place=None,
            source=(KOREA,),
            target=(),
            confidence=0.9,
            publishers=("Harbour Post",),
            owners=("Harbour Group",),
            first_known=T0 + timedelta(days=6),
            last_known=T0 + timedelta(days=6),
            revision=1,
            claim=CLAIM_KEY,
            **shared,
        ),
    }


def corroborated(launch: Event) -> Event:
    """The launch once a second owner told it."""
    return replace(
        launch,
        status=EventStatus.CONFIRMED,
        mentions=2,
        articles=2,
        publishers=("Harbour Post", "Daily Meridian"),
        owners=("Harbour Group", "Meridian Media"),
        last_known=T0 + timedelta(hours=2),
        revision=2,
    )


JAPAN, CHINA, SEOUL = (
    Party("Japan", "JPN", "GOV"),
    Party("China", "CHN", "GOV"),
    Party("South Korea", "KOR", "GOV"),
)
COUNCIL = Party("UN Security Council", None, "IGO")

# Days before 9 November 2022, type, status, severity, source, target, owners, title.
# fmt: off
_FORTNIGHT: tuple[tuple[int, str, str, str, Party, Party | None, int, str], ...] = (
    (0, "statement.condemn", "reported", "info", JAPAN, KOREA, 2, "Japan condemns North Korea over its launches"),
    (1, "statement.deny", "reported", "warning", RUSSIA, None, 3, "Russia denies buying shells from North Korea"),
    (2, "statement.deny", "reported", "warning", KOREA, None, 4, "North Korea denies supplying Russia with arms"),
    (2, "posture.exercise", "confirmed", "info", AMERICA, SEOUL, 5, "United States and South Korea end an exercise"),
    (4, "coercion.block", "confirmed", "warning", CHINA, COUNCIL, 2, "China and Russia block a Council statement"),
    (4, "diplomacy.talks", "claimed", "info", SEOUL, JAPAN, 1, "South Korea says it talked to Japan about warnings"),
    (6, "weapons.launch.missile", "confirmed", "critical", KOREA, None, 6, "North Korea fires a long-range missile"),
    (7, "arms.transfer", "disputed", "critical", KOREA, RUSSIA, 4, "North Korea ships artillery shells to Russia"),
    (7, "statement.accuse", "reported", "warning", AMERICA, KOREA, 4, "United States accuses North Korea of arming Russia"),
    (7, "weapons.launch.missile", "confirmed", "critical", KOREA, SEOUL, 7, "North Korea fires missiles across the sea line"),
    (9, "posture.exercise", "confirmed", "info", AMERICA, SEOUL, 3, "United States and South Korea begin an exercise"),
    (11, "conflict.shelling", "denied", "warning", KOREA, SEOUL, 1, "North Korea shells waters near the border islands"),
    (13, "diplomacy.summit", "reported", "info", JAPAN, SEOUL, 2, "Japan and South Korea agree on a summit"),
)
# fmt: on


def fortnight() -> list[Event]:
    """More happenings of the same story, for lists that should look like a real day's."""
    return [
        Event(
            id=event_id(100 + number), type=kind, title=title, status=EventStatus(status), phase=Phase.HAPPENED,
            severity=Severity(severity), when=on(NOW.date() - timedelta(days=ago)), place=None, source=(source,),
            target=() if target is None else (target,), objects=(), confidence=0.8, mentions=owners, articles=owners,
            publishers=(), owners=tuple(f"Owner {one + 1}" for one in range(owners)),
            first_known=NOW - timedelta(days=ago, hours=number), last_known=NOW - timedelta(days=ago, hours=number),
            revision=1,
        )
        for number, (ago, kind, status, severity, source, target, owners, title) in enumerate(_FORTNIGHT)
    ]  # fmt: skip
