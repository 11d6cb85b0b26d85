"""The running daemon: scheduler, bus, roles, health, metrics."""

from tocsin.service._bus import InProcessBus, SteppedBus
from tocsin.service._clock import SystemClock, SystemIds
from tocsin.service._daemon import ROLES, Daemon, listen
from tocsin.service._history import StoreHistory
from tocsin.service._logging import configure_logging
from tocsin.service._metrics import Metrics
from tocsin.service._runtime import Drained, Runtime
from tocsin.service._stages import TOPICS

__all__ = [
    "ROLES",
    "TOPICS",
    "Daemon",
    "Drained",
    "InProcessBus",
    "Metrics",
    "Runtime",
    "SteppedBus",
    "StoreHistory",
    "SystemClock",
    "SystemIds",
    "configure_logging",
    "listen",
]
