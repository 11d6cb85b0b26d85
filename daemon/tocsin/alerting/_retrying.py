"""When a message is tried again, and when it is given up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.model import Attempt, AttemptOutcome, DeliveryState
from tocsin.ports import SendResult
from tocsin.settings import AlertingSettings

_JITTER = 0.2  # a message waits for 80 to 100 % of the computed time
_MOST_DOUBLINGS = 40


class RetryReason(StrEnum):
    """Why a message goes on, or ends, as it does."""

    DELIVERED = "delivered"
    BACKOFF = "backoff"  # tried again after a wait that doubles
    RETRY_AFTER = "retry_after"  # the other side said when to come back
    LAST_TRY = "last_try"  # the next attempt is at the end of `retry_for`
    REFUSED = "refused"  # the other side refuses for good
    GAVE_UP = "gave_up"  # `retry_for` is over


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """What an attempt means for its message."""

    state: DeliveryState
    next_attempt_at: datetime | None
    reason: RetryReason


def retry(
    result: SendResult,
    attempt_number: int,
    first_attempt_at: datetime,
    now: datetime,
    settings: AlertingSettings,
    *,
    key: str = "",
) -> RetryDecision:
    """Decide from one result.

    Waits are `retry_base * 2**(attempt_number - 1)`, at most `retry_cap`, less up to a fifth that is drawn
    from `key` (the delivery's id), so that messages that failed together do not come back together, and
    each message's waits never shrink. A Retry-After longer than the wait replaces it. The last attempt is
    at `first_attempt_at + retry_for`. Attempts count from 1.
    """
    if result.outcome is AttemptOutcome.ACCEPTED:
        return RetryDecision(DeliveryState.DELIVERED, None, RetryReason.DELIVERED)
    if result.outcome is AttemptOutcome.PERMANENT:
        return RetryDecision(DeliveryState.FAILED, None, RetryReason.REFUSED)
    deadline = first_attempt_at + timedelta(seconds=settings.retry_for)
    if now >= deadline:
        return RetryDecision(DeliveryState.FAILED, None, RetryReason.GAVE_UP)
    wait, reason = backoff(attempt_number, settings, key), RetryReason.BACKOFF
    if result.retry_after is not None and result.retry_after > wait:
        wait, reason = result.retry_after, RetryReason.RETRY_AFTER
    if wait >= deadline - now:
        return RetryDecision(DeliveryState.PENDING, deadline, RetryReason.LAST_TRY)
    return RetryDecision(DeliveryState.PENDING, now + wait, reason)


def backoff(attempt_number: int, settings: AlertingSettings, key: str = "") -> timedelta:
    """The wait after this attempt, Retry-After aside."""
    doubled = settings.retry_base * 2.0 ** min(max(attempt_number, 1) - 1, _MOST_DOUBLINGS)
    return timedelta(seconds=min(doubled, settings.retry_cap) * (1 - _JITTER * _fraction(key)))


def _fraction(key: str) -> float:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def running_window(
    log: Sequence[Attempt], settings: AlertingSettings, key: str = ""
) -> tuple[int, datetime | None]:
    """How many attempts the present round has had, and when it began; (0, None) before its first.

    A message redelivered by hand begins a new round: the attempts after one that ended the message
    (delivered, refused, given up) are counted anew.
    """
    count, began = 0, None
    for attempt in log:
        began, count = began or attempt.at, count + 1
        result = SendResult(attempt.outcome, "")
        if retry(result, count, began, attempt.at, settings, key=key).state is not DeliveryState.PENDING:
            count, began = 0, None
    return count, began
