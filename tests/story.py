"""Short ways to write down mentions as articles tell them, for tests of linking and of the stages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from tocsin.model import (
    Actor,
    Basis,
    LinkedMention,
    Mention,
    MentionStatus,
    Place,
    Precision,
    Proposition,
    Span,
    Thing,
    When,
)
from tocsin.testing import numbered_id

NOW = datetime(2022, 11, 9, 12, tzinfo=UTC)
_numbers = count(1)

COUNTRIES = {
    "PRK": "North Korea",
    "KOR": "South Korea",
    "USA": "United States",
    "RUS": "Russia",
    "JPN": "Japan",
    "UKR": "Ukraine",
    "CHN": "China",
}


def new_id() -> UUID:
    """Ids that count, unique in the process."""
    return numbered_id(next(_numbers))


def actors(*codes: str) -> tuple[Actor, ...]:
    """Governments by country code; anything else is an actor nobody resolved."""
    return tuple(
        Actor(
            COUNTRIES.get(c, c),
            0,
            len(COUNTRIES.get(c, c)),
            COUNTRIES.get(c, c),
            c if c in COUNTRIES else None,
            "GOV" if c in COUNTRIES else None,
        )
        for c in codes
    )


def day(iso: str, basis: Basis = Basis.EXPRESSION, end: str | None = None) -> When:
    """A `When` of one day, or of the days to `end`."""
    start, last = date.fromisoformat(iso), date.fromisoformat(end or iso)
    precision = Precision.DAY if start == last else Precision.INTERVAL
    return When(start, last, precision, "on that day", basis)


def about(
    kind: str | None, source: str = "", target: str = "", *, back: bool = False, negated: bool = False
) -> Proposition:
    """The proposition of a statement."""
    return Proposition(
        kind, actors(*source.split()), actors(*target.split()), refers_back=back, negated=negated
    )


def told(
    kind: str,
    source: str = "",
    target: str = "",
    when: When | str | None = "2022-11-02",
    *,
    publisher: str = "Northwind",
    owner: str | None = None,
    article: UUID | None = None,
    hours: float = 0,
    status: MentionStatus = MentionStatus.HAPPENED,
    claim: Proposition | None = None,
    place: Place | None = None,
    objects: tuple[Thing, ...] = (),
    confidence: float = 0.8,
    title: str = "A headline",
    text_hash: str | None = None,
    active: bool = True,
    event_id: UUID | None = None,
    severity: str = "info",
    ordinal: int = 0,
) -> LinkedMention:
    """One mention: `told("weapons.launch.missile", "PRK")`; `hours` after NOW it was published and seen."""
    moment = NOW + timedelta(hours=hours)
    mention = Mention(
        type=kind,
        status=status,
        trigger=Span("x", 0, 1),
        sentence=(0, 1),
        source=actors(*source.split()),
        target=actors(*target.split()),
        objects=objects,
        place=place,
        when=day(when) if isinstance(when, str) else when,
        claim=claim,
        confidence=confidence,
        severity=severity,
    )
    return LinkedMention(
        id=new_id(),
        article_id=article or new_id(),
        revision=1,
        content_hash="1x",
        ordinal=ordinal,
        mention=mention,
        published=moment,
        known_at=moment,
        publisher=publisher,
        owner=owner or publisher,
        event_id=event_id,
        article_title=title,
        active=active,
        text_hash=text_hash,
    )


def phrases(kind: str) -> str:
    """A stand-in for the ontology's verb phrases."""
    return {
        "weapons.launch.missile": "launches a missile",
        "statement.deny": "denies",
        "statement.accuse": "accuses",
        "arms.transfer": "transfers arms",
    }.get(kind, kind)
