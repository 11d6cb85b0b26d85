"""The decider of the polling stage: what one answer means for a feed and its articles. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import (
    ArticleDraft,
    Feed,
    Fetch,
    FetchOutcome,
    KnownArticle,
    PollWrite,
    Retagging,
    RevisionReason,
)
from tocsin.polling._certify import certified
from tocsin.polling._conditions import shows_lie
from tocsin.polling._dates import judge_dates
from tocsin.polling._formats import ParsedEntry, ParsedFeed
from tocsin.polling._hash import body_hash
from tocsin.polling._learning import hub_is_silent, taught
from tocsin.polling._moves import Move, after_answer
from tocsin.polling._quiet import change_in_words, quiet_since
from tocsin.polling._quiet_event import silence_told
from tocsin.polling._schedule import after_success
from tocsin.polling._trouble import deferred, failed, sentence, status_failure
from tocsin.polling._websub import hub_of
from tocsin.ports import FetchResponse
from tocsin.settings import PollingSettings

_HUB_SILENT = ("its hub did not send these, so it is polled again until the hub does",)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the entries of one document."""

    by_key: Mapping[str, KnownArticle]  # that this feed carried; the hash is of what it said last
    by_url: Mapping[str, KnownArticle]  # of any feed
    same: Collection[str] = ()  # keys of entries that say what they said last


NOTHING_KNOWN = Known({}, {})


def is_same_body(feed: Feed, response: FetchResponse) -> bool:
    """Whether a 200 carries what it carried last time, so that it need not be parsed."""
    return feed.body_hash is not None and feed.body_hash == _hash(response)


def _hash(response: FetchResponse) -> str:
    return response.body_hash or body_hash(response.body)


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
    if isinstance(answer, CoolingDownError):
        return deferred(feed, answer, now)
    failure = answer if isinstance(answer, FetchError) else status_failure(answer)
    failure = failure or (parsed if isinstance(parsed, FetchError) else None)
    if failure is not None:
        return failed(feed, failure, answer if isinstance(answer, FetchResponse) else None, now, settings)
    if isinstance(answer, FetchError):  # pragma: no cover - the line above has returned
        raise answer
    feed_parsed = None if isinstance(parsed, FetchError) else parsed
    return _answered(feed, answer, feed_parsed, known, now=now, settings=settings)


def _answered(
    feed: Feed,
    response: FetchResponse,
    parsed: ParsedFeed | None,
    known: Known,
    *,
    now: datetime,
    settings: PollingSettings,
) -> PollWrite:
    drafts = tuple(drafts_of(feed, parsed, known, now)) if parsed else ()
    fresh = [draft for draft in drafts if draft.article_id is None]
    new = len(fresh)
    edited = sum(1 for draft in drafts if draft.reason is RevisionReason.EDITED)
    outcome = _outcome(response, new + edited)
    silent = hub_is_silent(feed, drafts, now)
    before, feed = feed, taught(feed, response, parsed, drafts, now)
    feed = replace(feed, quiet_since=quiet_since(feed, now))
    quiet = change_in_words(before, feed, now)
    due = after_success(feed, now, settings, response.headers)
    move = after_answer(feed, response, now, timedelta(seconds=settings.move_after))
    lied = shows_lie(feed, response, fresh)
    retagged = _retaggings(parsed, known)
    story = _story(response, parsed, new, edited, len(drafts) - new - edited)
    story = "; ".join(
        [
            story,
            *_asides(move, lied=lied, retagged=len(retagged)),
            *_HUB_SILENT[: int(silent)],
            *([quiet] if quiet else []),
        ]
    )
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=outcome,
        reason=sentence(story, due, now),
        http_status=response.status,
        duration_ms=response.duration_ms,
        bytes=len(response.body),
        entries=len(parsed.entries) if parsed else 0,
        new=new,
        changed=edited,
        refused=len(parsed.refused) if parsed else 0,
        next_due_at=due.at,
        requests=response.requests,
    )
    state = replace(
        _validators(move.feed, response, parsed),
        spec=replace(move.feed.spec, title=feed.spec.title or (parsed.title if parsed else None)),
        next_due_at=due.at,
        last_polled_at=now,
        last_ok_at=now,
        last_outcome=outcome,
        last_failure=None,
        last_detail=None,
        failures=0,
        articles=feed.articles + new,
        muted_reason=None,
        whole_at=now if response.whole and response.status != 304 else feed.whole_at,
        lied_at=now if lied else feed.lied_at,
        certificate=certified(feed.certificate, parsed, now),
    )
    return PollWrite(
        fetch,
        state,
        drafts,
        hub_of(response.headers, parsed, response.url),
        retagged,
        silence_told(before, feed, now),
    )


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
    return replace(feed, etag=etag, last_modified=modified, body_hash=_hash(response))


def drafts_of(feed: Feed, parsed: ParsedFeed, known: Known, now: datetime) -> list[ArticleDraft]:
    """New entries, edited ones, and those another feed has; entries that say what they said are left out."""
    drafts = []
    for entry in parsed.entries:
        if entry.key in known.same:
            continue
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


def _retaggings(parsed: ParsedFeed | None, known: Known) -> tuple[Retagging, ...]:
    """Entries whose media or place alone are other ones; nothing is read again for that."""
    return tuple(
        Retagging(entry.key, carried.id, entry.media, entry.geo, entry.tags)
        for entry in (parsed.entries if parsed else ())
        if entry.key not in known.same
        and (carried := known.by_key.get(entry.key)) is not None
        and carried.content_hash == entry.content_hash
        and carried.tags != entry.tags
    )


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
        media=entry.media,
        geo=entry.geo,
        tags=entry.tags,
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
    return told


def _asides(move: Move, *, lied: bool, retagged: int) -> list[str]:
    told = [f"{retagged} with other media or another place"] if retagged else []
    told += [move.told] if move.told else []
    return [*told, "the 304 before was not true, so it is asked without conditions"] if lied else told


def _few(sentences: tuple[str, ...], most: int = 5) -> list[str]:
    rest = [f"and {len(sentences) - most} more like this"] if len(sentences) > most else []
    return [*sentences[:most], *rest]


def lease_for(settings: PollingSettings) -> timedelta:
    """How long one feed may take at the most: its request, its parse, and as much again for queues."""
    return timedelta(seconds=2 * (settings.timeout + settings.parse_timeout) + 300)
