"""The real clock and the real source of ids."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from uuid6 import uuid7


class SystemClock:
    """Wall-clock time, UTC-aware."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class SystemIds:
    """UUIDv7 (RFC 9562): ordered by time, so that rows and pages come in the order they were made."""

    def new(self) -> UUID:
        """A fresh id."""
        return UUID(int=uuid7().int)
