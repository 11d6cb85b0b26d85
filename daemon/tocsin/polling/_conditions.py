"""Whether a feed is asked with conditions (If-None-Match, If-Modified-Since) or for all of it. Pure.

Some servers answer 304 although there is news. So each feed is asked without conditions now and then, and
always where that has shown that a 304 was not true.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.model import ArticleDraft, Feed, FetchOutcome
from tocsin.polling._backoff import jitter
from tocsin.ports import FetchResponse

DISTRUST = timedelta(days=30)  # after a lie

_LATE = timedelta(hours=1)  # entries that turn up later than they are dated by less than this show nothing
_ENOUGH = 3  # new entries


def asks_whole(feed: Feed, now: datetime, every: timedelta) -> bool:
    """Whether the next request goes out without conditions; spread by the feed's id."""
    if feed.lied_at is not None and now - feed.lied_at < DISTRUST:
        return True
    return feed.whole_at is None or now - feed.whole_at >= every * (1 - jitter(feed.id))


def shows_lie(feed: Feed, response: FetchResponse, new: Sequence[ArticleDraft]) -> bool:
    """Whether a full answer proves the 304 before it wrong; `new` are the entries nobody had.

    It does when there are new entries under the validators the feed had already, or when most of the new
    entries are dated well before that 304.
    """
    if feed.last_outcome is not FetchOutcome.NOT_MODIFIED or not response.whole or not new:
        return False
    had = (feed.etag, feed.last_modified)
    if any(had) and had == (response.headers.get("etag"), response.headers.get("last-modified")):
        return True
    if feed.last_polled_at is None or len(new) < _ENOUGH:
        return False
    told = feed.last_polled_at - _LATE
    older = sum(1 for draft in new if draft.published is not None and draft.published < told)
    return older * 2 > len(new)
