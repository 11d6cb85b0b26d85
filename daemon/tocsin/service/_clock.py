"""The real clock and the real source of ids, under the names the daemon uses."""

from __future__ import annotations

from tocsin.store import TimeOrderedIds as SystemIds
from tocsin.store import WallClock as SystemClock

__all__ = ["SystemClock", "SystemIds"]
