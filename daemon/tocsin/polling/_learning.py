"""What one answer teaches about a feed: what it asks of those who poll it, and when it posts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.model import ArticleDraft, Asked, Feed, RevisionReason, Rhythm
from tocsin.polling._formats import ParsedFeed
from tocsin.polling._rhythm import learn
from tocsin.polling._schedule import freshness
from tocsin.ports import FetchResponse

_HUB_GRACE = timedelta(minutes=10)  # that a hub may take


def taught(
    feed: Feed,
    response: FetchResponse,
    parsed: ParsedFeed | None,
    drafts: Sequence[ArticleDraft],
    now: datetime,
) -> Feed:
    """The feed with `asked` and `rhythm` as they are after this answer.

    An answer without a document (304, same body) says nothing of `<ttl>` and the like: what the last
    document asked for stays, and so does a freshness that is not named again (RFC 9111, section 4.3.4).
    """
    asked = feed.asked
    if parsed is not None:
        asked = Asked(parsed.ttl, parsed.skip_hours, parsed.skip_days, asked.fresh)
    fresh = freshness(response.headers, now)
    if fresh is not None or response.status != 304:
        asked = replace(asked, fresh=round(fresh.total_seconds()) if fresh else None)
    pushed_until = None if hub_is_silent(feed, drafts, now) else feed.pushed_until
    return replace(feed, asked=asked, pushed_until=pushed_until, rhythm=rhythm_after(feed, drafts, now))


def rhythm_after(feed: Feed, drafts: Sequence[ArticleDraft], now: datetime) -> Rhythm | None:
    """The rhythm with the entries that are new to the feed.

    Entries without a date were posted since the last poll; in a first document nobody knows when.
    """
    first = feed.rhythm is None and feed.last_ok_at is None
    fresh = [draft for draft in drafts if draft.reason is not RevisionReason.EDITED]
    posted = [at for draft in fresh if (at := draft.published or (None if first else now)) is not None]
    return learn(feed.rhythm, posted, now) if posted else feed.rhythm


def hub_is_silent(feed: Feed, drafts: Sequence[ArticleDraft], now: datetime) -> bool:
    """Whether a poll brought what a hub should have sent before; its next push makes it trusted again."""
    if feed.pushed_until is None or feed.pushed_until <= now:
        return False
    fresh = (draft for draft in drafts if draft.reason is not RevisionReason.EDITED)
    return any(draft.published is None or draft.published < now - _HUB_GRACE for draft in fresh)
