"""A `Sender` that keeps what it was given."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from tocsin.model import AttemptOutcome
from tocsin.ports import Outgoing, SendResult

_ACCEPTED = SendResult(AttemptOutcome.ACCEPTED, "accepted")


class FakeSender:
    """Accepts everything until told otherwise.

    Results come in the order they were told, one for each message; after the last one it accepts
    again. `sent` holds every message it was given, `accepted` those it took.
    """

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.accepted: list[Outgoing] = []
        self._results: deque[SendResult | Exception] = deque()

    def fail(
        self,
        detail: str = "server error",
        *,
        status: int | None = 500,
        retry_after: timedelta | None = None,
        times: int = 1,
    ) -> FakeSender:
        """A failure that may pass."""
        result = SendResult(AttemptOutcome.TRANSIENT, detail, status, retry_after)
        self._results.extend([result] * times)
        return self

    def refuse(self, detail: str = "gone", *, status: int | None = 410) -> FakeSender:
        """A failure for good."""
        self._results.append(SendResult(AttemptOutcome.PERMANENT, detail, status))
        return self

    def accept(self, times: int = 1) -> FakeSender:
        """Accept the next messages, before what is told after this."""
        self._results.extend([_ACCEPTED] * times)
        return self

    def crash(self, error: Exception) -> FakeSender:
        """Break the promise of the port: raise."""
        self._results.append(error)
        return self

    async def send(self, message: Outgoing, now: datetime) -> SendResult:
        """Keep the message and give the next result."""
        del now
        self.sent.append(message)
        result = self._results.popleft() if self._results else _ACCEPTED
        if isinstance(result, Exception):
            raise result
        if result.outcome is AttemptOutcome.ACCEPTED:
            self.accepted.append(message)
        return result
