"""What a failed or put-off poll means for a feed: its class, its words, its wait. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import Feed, Fetch, FetchFailure, FetchOutcome, PollWrite
from tocsin.network import host_name
from tocsin.polling._backoff import after_failure, jitter
from tocsin.polling._challenges import challenge_in
from tocsin.polling._moves import after_failure_at
from tocsin.polling._schedule import NextPoll, in_words
from tocsin.ports import FetchResponse
from tocsin.settings import PollingSettings

MAX_REASON = 1000  # characters of a reason as logged

_LONGEST_SPREAD = timedelta(minutes=10)
_PHRASES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def status_failure(response: FetchResponse) -> FetchError | None:
    """The failure that an HTTP status means, None for 304 and for 200 with a body to read."""
    status, host = response.status, host_name(response.url)
    if status in (200, 203, 226, 304):
        return None
    challenge = challenge_in(status, response.headers, response.body)
    if challenge:
        return FetchError(
            f"{host} answered {status}: {challenge} for browsers",
            _class(status) if status >= 400 else FetchFailure.HTTP_CLIENT,
            hint="ask the site to let its feed through, or use another address of it",
        )
    if 200 <= status < 300:
        return FetchError(f"{host} answered {status}: there is no content", FetchFailure.EMPTY)
    return FetchError(f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip(), _class(status))


def _class(status: int) -> FetchFailure:
    known = {410: FetchFailure.HTTP_GONE, 429: FetchFailure.HTTP_RATE}
    if status in known:
        return known[status]
    if 400 <= status < 500:
        return FetchFailure.HTTP_CLIENT
    return FetchFailure.HTTP_SERVER if 500 <= status < 600 else FetchFailure.PROTOCOL


def failed(
    feed: Feed, error: FetchError, response: FetchResponse | None, now: datetime, settings: PollingSettings
) -> PollWrite:
    """A poll that came to nothing; `response` is what was answered, None when nothing was."""
    failure = FetchFailure(error.failure)
    move = after_failure_at(feed, failure, response or error)
    if move.applied:
        due = NextPoll(now, "it is tried at its new address")
    else:
        due = after_failure(feed, now, settings.interval, failure, response.headers if response else {})
    story = "; ".join([str(error), *([move.told] if move.applied and move.told else [])])
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=FetchOutcome.FAILED,
        reason=sentence(story, due, now),
        http_status=response.status if response else None,
        failure=failure,
        duration_ms=response.duration_ms if response else 0,
        bytes=len(response.body) if response else 0,
        next_due_at=due.at,
        requests=response.requests if response else error.requests,
    )
    state = replace(
        move.feed,
        next_due_at=due.at,
        last_polled_at=now,
        last_outcome=FetchOutcome.FAILED,
        last_failure=failure,
        last_detail=error.message[:MAX_REASON],
        failures=feed.failures + 1,
        muted_reason=f"gone (410) since {now:%Y-%m-%d}" if due.at is None else feed.muted_reason,
    )
    return PollWrite(fetch, state)


def deferred(feed: Feed, error: CoolingDownError, now: datetime) -> PollWrite:
    """A poll that was not made since its domain is left alone: nothing but the next time changes.

    Feeds that wait for the same domain come back one after the other, within a tenth of the rest.
    """
    rest = max(error.until - now, timedelta(0))
    due = NextPoll(error.until + min(rest * jitter(feed.id), _LONGEST_SPREAD), "the rest is over then")
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=FetchOutcome.DEFERRED,
        reason=sentence(error.message, due, now),
        next_due_at=due.at,
        requests=error.requests,
    )
    return PollWrite(fetch, replace(feed, next_due_at=due.at))


def sentence(story: str, due: NextPoll, now: datetime) -> str:
    """What happened and when the feed is asked next, as it is logged."""
    if due.at is None:
        return f"{story[:MAX_REASON]}; not asked again: {due.why}"
    return f"{story[:MAX_REASON]}; asked again in {in_words(due.at - now)}: {due.why}"
