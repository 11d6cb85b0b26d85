"""The decider of what a hub sent (WebSub). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tocsin.model import Feed, Fetch, FetchOutcome, KnownArticle, PollWrite, RevisionReason
from tocsin.polling._decide import Known, drafts_of
from tocsin.polling._formats import ParsedFeed
from tocsin.polling._learning import rhythm_after
from tocsin.polling._quiet import quiet_since
from tocsin.polling._quiet_event import silence_told


def decide_push(
    feed: Feed,
    parsed: ParsedFeed,
    found: tuple[Mapping[str, KnownArticle], Mapping[str, KnownArticle]],
    lease_until: datetime | None,
    *,
    size: int,
    now: datetime,
) -> PollWrite:
    """What a signed document of `size` bytes writes: articles and the log; when the feed is polled stays.

    `found` is by key and by address, as `known_articles` gives it. Validators and body hash are those of the
    last poll: what a hub sends may be a part of the document.
    """
    drafts = tuple(drafts_of(feed, parsed, Known(*found), now))
    new = sum(1 for draft in drafts if draft.article_id is None)
    edited = sum(1 for draft in drafts if draft.reason is RevisionReason.EDITED)
    fetch = Fetch(
        feed_id=feed.id,
        at=now,
        outcome=FetchOutcome.CHANGED if new + edited else FetchOutcome.UNCHANGED,
        reason=f"sent by its hub: {len(parsed.entries)} entries, {new} new, {edited} edited",
        bytes=size,
        entries=len(parsed.entries),
        new=new,
        changed=edited,
        refused=len(parsed.refused),
        next_due_at=feed.next_due_at,
    )
    state = replace(
        feed, rhythm=rhythm_after(feed, drafts, now), articles=feed.articles + new, pushed_until=lease_until
    )
    state = replace(state, quiet_since=quiet_since(state, now))
    return PollWrite(fetch, state, drafts, events=silence_told(feed, state, now))
