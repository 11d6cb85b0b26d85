"""A feed's silence as an event, so that rules match it like anything else on the timeline. Pure.

One silence of one feed is one event: its id is made of the feed's and of when the silence was found, so a poll
that is decided again makes no second one. The feed's next entry ends it with a revision.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from tocsin.model import (
    FEED_QUIET,
    Basis,
    Event,
    EventReason,
    EventRevision,
    EventStatus,
    Feed,
    Party,
    Phase,
    Precision,
    Severity,
    When,
)
from tocsin.polling._quiet import judge_silence


def quiet_event_id(feed_id: UUID, since: datetime) -> UUID:
    """Of the event that stands for the silence found at `since`."""
    return uuid5(feed_id, f"{FEED_QUIET} {since.isoformat()}")


def silence_told(before: Feed, after: Feed, now: datetime) -> tuple[EventRevision, ...]:
    """The event's first revision when a feed is found quiet, its first and its last when it posts again.

    Both in the second case: whoever writes them leaves out what is stored, and a silence that was found
    before there were such events gets its first revision with its last.
    """
    if before.quiet_since is None and after.quiet_since is not None:
        return (_begun(after, after.quiet_since, judge_silence(after.rhythm, now).why),)
    if before.quiet_since is not None and after.quiet_since is None:
        begun = _begun(before, before.quiet_since, "found quiet")
        return begun, _ended(begun, now)
    return ()


def _begun(feed: Feed, since: datetime, why: str) -> EventRevision:
    spec = feed.spec
    name = spec.title or spec.publisher or urlsplit(spec.url).hostname or spec.url
    state = Event(
        id=quiet_event_id(feed.id, since),
        type=FEED_QUIET,
        title=f"The feed {name} has gone quiet",
        status=EventStatus.REPORTED,
        phase=Phase.ONGOING,
        severity=Severity.INFO,
        when=When(since.date(), since.date(), Precision.DAY, None, Basis.OBSERVED, since.date().isoformat()),
        place=None,
        source=(Party(spec.publisher or name, spec.country, "MED"),),
        target=(),
        objects=(),
        confidence=1.0,
        mentions=0,
        articles=0,
        publishers=(spec.publisher,) if spec.publisher else (),
        owners=(spec.owner,) if spec.owner else (),
        first_known=since,
        last_known=since,
        revision=1,
    )
    detail = f"{spec.url}: {why}"
    return EventRevision(state.id, 1, since, EventReason.OBSERVED, detail, {}, state)


def _ended(begun: EventRevision, now: datetime) -> EventRevision:
    before = begun.state
    since = before.first_known
    value = f"{since.date().isoformat()}/{now.date().isoformat()}"
    when = When(since.date(), now.date(), Precision.INTERVAL, None, Basis.OBSERVED, value)
    after = replace(before, phase=Phase.HAPPENED, when=when, last_known=now, revision=2)
    return EventRevision(
        before.id,
        2,
        now,
        EventReason.ENDED,
        f"it posts again, after it was quiet since {since:%Y-%m-%d}",
        {"phase": [before.phase.value, after.phase.value]},
        after,
    )
