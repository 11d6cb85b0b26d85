"""One scale of severity for event types, events, rules and alerts."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much an event or alert matters, lowest first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for critical; enum members of str do not order themselves."""
        return list(Severity).index(self)
