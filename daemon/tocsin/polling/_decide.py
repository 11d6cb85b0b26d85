"""The decider of the polling stage: what one answer means for a feed and its articles. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tocsin.errors import FetchError
from tocsin.model import (
    ArticleDraft,
    Feed,
    Fetch,
    FetchFailure,
    FetchOutcome,
    KnownArticle,
    PollWrite,
    RevisionReason,
)
from tocsin.polling._dates import judge_dates
from tocsin.polling._formats import ParsedEntry, ParsedFeed
from tocsin.polling._hash import body_hash
from tocsin.polling._schedule import NextPoll, after_failure, after_success, in_words
from tocsin.ports import FetchResponse
from tocsin.settings import PollingSettings

MAX_REASON = 1000  # characters of a reason as logged


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the entries of one document."""

    by_key: Mapping[str, KnownArticle]  # that this feed carried; the hash is of what it said last
    by_url: Mapping[str, KnownArticle]  # of any feed


NOTHING_KNOWN = Known({}, {})


def status_failure(response: FetchResponse) -> FetchError | None:
    """The failure that an HTTP status means, None for 304 and for 200 with a body to read."""
    status, host = response.status, response.url.split("/")[2] if "//" in response.url else response.url
    if status in (200, 203, 226, 304):
        return None
    if 200 <= status < 300:
        return FetchError(f"{host} answered {status}: there is no content", FetchFailure.EMPTY)
    if response.headers.get("cf-mitigated") == "challenge":
        return FetchError(f"{host} answered {status}: a Cloudflare challenge for browsers", _class(status))
    return FetchError(f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip(), _class(status))


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


def _class(status: int) -> FetchFailure:
    known = {410: FetchFailure.HTTP_GONE, 429: FetchFailure.HTTP_RATE}
    if status in known:
        return known[status]
    if 400 <= status < 500:
        return FetchFailure.HTTP_CLIENT
    return FetchFailure.HTTP_SERVER if 500 <= status < 600 else FetchFailure.PROTOCOL


def is_same_body(feed: Feed, response: FetchResponse) -> bool:
    """Whether a 200 carries what it carried last time, so that it need not be parsed."""
    return feed.body_hash is not None and feed.body_hash == body_hash(response.body)


def decide_poll(
    feed: Feed,
    answer: FetchResponse | FetchError,
    parsed: ParsedFeed | FetchError | None,
    known: Known,
    *,
    now: datetime,
    settings: PollingSettings,
) -> PollWrite:
    """What one poll writes: the log with its reason, the feed's new state, new and edited articles.

    `parsed` is None where nothing was parsed (304, same body, failures of the request); a `FetchError`
    where the body is no feed.
    """
    failure = answer if isinstance(answer, FetchError) else status_failure(answer)
    failure = failure or (parsed if isinstance(parsed, FetchError) else None)
    if failure is not None:
        return _failed(feed, failure, answer if isinstance(answer, FetchResponse) else None, now, settings)
    if isinstance(answer, FetchError):  # pragma: no cover - the line above has returned
        raise answer
    feed_parsed = None if isinstance(parsed, FetchError) else parsed
    return _answered(feed, answer, feed_parsed, known, now=now, settings=settings)


def _failed(
    feed: Feed, error: FetchError, response: FetchResponse | None, now: datetime, settings: PollingSettings
) -> PollWrite:
    failure = FetchFailure(error.failure)
    headers = response.headers if response else {}
    due = after_failure(feed, now, settings.interval, failure, headers)
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=FetchOutcome.FAILED,
        reason=_sentence(str(error), due, now),
        http_status=response.status if response else None,
        failure=failure,
        duration_ms=response.duration_ms if response else 0,
        bytes=len(response.body) if response else 0,
        next_due_at=due.at,
    )
    state = replace(
        feed,
        next_due_at=due.at,
        last_polled_at=now,
        last_outcome=FetchOutcome.FAILED,
        last_failure=failure,
        last_detail=error.message[:MAX_REASON],
        failures=feed.failures + 1,
        muted_reason=f"gone (410) since {now:%Y-%m-%d}" if due.at is None else feed.muted_reason,
    )
    return PollWrite(fetch, state)


def _answered(
    feed: Feed,
    response: FetchResponse,
    parsed: ParsedFeed | None,
    known: Known,
    *,
    now: datetime,
    settings: PollingSettings,
) -> PollWrite:
    drafts = tuple(_drafts(feed, parsed, known, now)) if parsed else ()
    new = sum(1 for draft in drafts if draft.article_id is None)
    edited = sum(1 for draft in drafts if draft.reason is RevisionReason.EDITED)
    outcome = _outcome(response, new + edited)
    due = after_success(
        feed,
        now,
        settings.interval,
        ttl=parsed.ttl if parsed else None,
        headers=response.headers,
        parsed=parsed is not None,
    )
    story = _story(response, parsed, new, edited, len(drafts) - new - edited)
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=outcome,
        reason=_sentence(story, due, now),
        http_status=response.status,
        duration_ms=response.duration_ms,
        bytes=len(response.body),
        entries=len(parsed.entries) if parsed else 0,
        new=new,
        changed=edited,
        refused=len(parsed.refused) if parsed else 0,
        next_due_at=due.at,
    )
    state = replace(
        _validators(feed, response, parsed),
        spec=replace(feed.spec, title=feed.spec.title or (parsed.title if parsed else None)),
        next_due_at=due.at,
        last_polled_at=now,
        last_ok_at=now,
        last_outcome=outcome,
        last_failure=None,
        last_detail=None,
        failures=0,
        articles=feed.articles + new,
        muted_reason=None,
    )
    return PollWrite(fetch, state, drafts)


def _outcome(response: FetchResponse, news: int) -> FetchOutcome:
    if response.status == 304:
        return FetchOutcome.NOT_MODIFIED
    return FetchOutcome.CHANGED if news else FetchOutcome.UNCHANGED


def _validators(feed: Feed, response: FetchResponse, parsed: ParsedFeed | None) -> Feed:
    """ETag, Last-Modified and body hash; of a truncated document none, so that it is sent whole next time."""
    etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
    if response.status == 304:
        return replace(feed, etag=etag or feed.etag, last_modified=modified or feed.last_modified)
    if parsed is not None and not parsed.whole:
        return replace(feed, etag=None, last_modified=None, body_hash=None)
    return replace(feed, etag=etag, last_modified=modified, body_hash=body_hash(response.body))


def _drafts(feed: Feed, parsed: ParsedFeed, known: Known, now: datetime) -> list[ArticleDraft]:
    drafts = []
    for entry in parsed.entries:
        carried = known.by_key.get(entry.key)
        if carried is not None and carried.content_hash == entry.content_hash:
            continue
        elsewhere = known.by_url.get(entry.url) if entry.url else None
        draft = _draft(feed, parsed, entry, now)
        if carried is not None:
            draft = replace(draft, article_id=carried.id, reason=RevisionReason.EDITED)
            if draft.published is None:
                draft = replace(draft, published=carried.published)
        elif elsewhere is not None:  # another feed has it: one article, one more carrier, no new text
            draft = replace(draft, article_id=elsewhere.id)
        drafts.append(draft)
    return drafts


def _draft(feed: Feed, parsed: ParsedFeed, entry: ParsedEntry, now: datetime) -> ArticleDraft:
    published, refused = judge_dates(entry.dates, now)
    other = entry.source if entry.source and entry.source != feed.spec.publisher else None
    return ArticleDraft(
        key=entry.key,
        url=entry.url,
        title=entry.title,
        text=entry.text,
        content_hash=entry.content_hash,
        published=published,
        date_refused=refused,
        seen_at=now,
        known_at=now,
        language=entry.language or parsed.language or feed.spec.language,
        author=entry.author,
        publisher=other,
        owner=other,
        html=entry.html,
    )


def _story(response: FetchResponse, parsed: ParsedFeed | None, new: int, edited: int, carried: int) -> str:
    if response.status == 304:
        told = "not modified (304)"
    elif parsed is None:
        told = "the same body as last time"
    else:
        counts = [f"{len(parsed.entries)} entries", f"{new} new"]
        counts += [f"{edited} edited"] if edited else []
        counts += [f"{carried} known from another feed"] if carried else []
        told = "; ".join([", ".join(counts), *parsed.notes, *_few(parsed.refused)])
    return f"{told}; moved for good to {response.moved_to}" if response.moved_to else told


def _few(sentences: tuple[str, ...], most: int = 5) -> list[str]:
    rest = [f"and {len(sentences) - most} more like this"] if len(sentences) > most else []
    return [*sentences[:most], *rest]


def _sentence(story: str, due: NextPoll, now: datetime) -> str:
    if due.at is None:
        return f"{story[:MAX_REASON]}; not asked again: {due.why}"
    return f"{story[:MAX_REASON]}; asked again in {in_words(due.at - now)}: {due.why}"


def lease_for(settings: PollingSettings) -> timedelta:
    """How long one feed may take at the most: its request, its parse, and as much again for queues."""
    return timedelta(seconds=2 * (settings.timeout + settings.parse_timeout) + 300)
