"""Feeds that move: when a permanent redirect (301, 308) changes the address that is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from tocsin.errors import FetchError
from tocsin.model import Feed, FetchFailure
from tocsin.polling._requests import may_know, without_credentials
from tocsin.ports import FetchResponse

_OURS = frozenset((FetchFailure.HTTP_RATE, FetchFailure.CONFIGURATION))  # say nothing of the address


class MoveReason(StrEnum):
    """Why the address of a feed changed, or did not."""

    NONE = "no permanent redirect"
    NOTED = "noted, applied when it lasts"
    SECURE = "the same address by https"
    LASTED = "it has lasted long enough"
    OLD_FAILS = "the old address fails"
    SECRETS = "not applied: the feed has headers or a password that the new host must not get"


@dataclass(frozen=True, slots=True)
class Move:
    """The feed with its address and what is known of the move, and why so."""

    feed: Feed
    reason: MoveReason

    @property
    def applied(self) -> bool:
        """Whether the address changed."""
        return self.reason in (MoveReason.SECURE, MoveReason.LASTED, MoveReason.OLD_FAILS)

    @property
    def told(self) -> str | None:
        """A clause for the log of the poll."""
        if self.applied:
            return f"moved to {without_credentials(self.feed.spec.url)[0]}: {self.reason}"
        return f"redirected for good to {self.feed.moved_to} ({self.reason})" if self.feed.moved_to else None


def after_answer(feed: Feed, response: FetchResponse, now: datetime, lasting: timedelta) -> Move:
    """What a good answer says of the address.

    The same address by https is taken at once, another when every good answer for `lasting` came by
    permanent redirects to it.
    """
    target = response.moved_to
    if target is None or target == without_credentials(feed.spec.url)[0]:
        return Move(replace(feed, moved_to=None, moved_at=None), MoveReason.NONE)
    since = feed.moved_at if feed.moved_to == target and feed.moved_at else now
    noted = replace(feed, moved_to=target, moved_at=since)
    if _is_upgrade(feed.spec.url, target):
        return _applied(noted, MoveReason.SECURE)
    if now - since >= lasting:
        return _applied(noted, MoveReason.LASTED)
    return Move(noted, MoveReason.NOTED)


def after_failure_at(feed: Feed, failure: FetchFailure, answer: FetchResponse | FetchError) -> Move:
    """What a failure says of the address: when the old one itself fails, the new one is taken at once."""
    if feed.moved_to is None:
        return Move(feed, MoveReason.NONE)
    if failure in _OURS or not _failed_at_first(feed, answer):
        return Move(feed, MoveReason.NOTED)
    return _applied(feed, MoveReason.OLD_FAILS)


def _failed_at_first(feed: Feed, answer: FetchResponse | FetchError) -> bool:
    """Whether it was the feed's own address that failed, not where it leads."""
    if isinstance(answer, FetchResponse):
        return answer.url == without_credentials(feed.spec.url)[0]
    return answer.moved_to is None and len(answer.requests) <= 1


def _applied(feed: Feed, reason: MoveReason) -> Move:
    target = feed.moved_to or ""
    plain, credentials = without_credentials(feed.spec.url)
    if (credentials or feed.spec.headers) and not may_know(plain, target):
        return Move(feed, MoveReason.SECRETS)
    if credentials:
        named = urlsplit(feed.spec.url).netloc.rpartition("@")[0]
        target = target.replace("://", f"://{named}@", 1)
    spec = replace(feed.spec, url=target)
    return Move(replace(feed, spec=spec, moved_to=None, moved_at=None), reason)


def _is_upgrade(url: str, target: str) -> bool:
    plain = without_credentials(url)[0]
    if not plain.startswith("http://") or not target.startswith("https://"):
        return False
    old, new = urlsplit(plain), urlsplit(target)
    return may_know(plain, target) and (old.path or "/", old.query) == (new.path or "/", new.query)
