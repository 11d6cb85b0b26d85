"""Readers of the bus: take an id, run the stage, say it is done, survive whatever the stage raises."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from tocsin.errors import ExtractorStartError, StoreError, TocsinError
from tocsin.ports import Bus
from tocsin.service._metrics import Metrics

log = structlog.get_logger("tocsin.stage")

Handler = Callable[[UUID], Awaitable[str]]


class Consumer:
    """Runs one stage over its topic until the bus is closed.

    Args:
        bus: where ids come from.
        topic: the stage's name.
        handler: works on one row and returns the outcome.
        metrics: counts and times.
        pause: seconds to wait when the store cannot be written (disk full, locked) or no extractor starts.
    """

    def __init__(
        self, bus: Bus, topic: str, handler: Handler, metrics: Metrics, *, pause: float = 5.0
    ) -> None:
        self._bus = bus
        self._topic = topic
        self._handler = handler
        self._metrics = metrics
        self._pause = pause
        self.idle = asyncio.Event()
        self.idle.set()

    async def run(self) -> None:
        """Until the bus is closed; a row in work is finished first."""
        async for message in self._bus.messages(self._topic):
            self.idle.clear()
            try:
                await self._one(UUID(message.id))
            finally:
                await self._bus.done(message)
                self.idle.set()

    async def _one(self, row: UUID) -> None:
        started = time.perf_counter()
        try:
            outcome = await self._handler(row)
        except StoreError as error:
            outcome = "store_error"
            log.error("the store refused", stage=self._topic, row=str(row), error=str(error))  # noqa: TRY400
            await asyncio.sleep(self._pause)
        except ExtractorStartError as error:
            outcome = "error"
            log.error("the extractor cannot start, articles wait", error=str(error))  # noqa: TRY400
            await asyncio.sleep(self._pause)
        except TocsinError as error:
            outcome = "error"
            log.warning(
                "stage failed, will be tried again", stage=self._topic, row=str(row), error=str(error)
            )
        except Exception:
            outcome = "crash"
            log.exception("stage crashed, will be tried again", stage=self._topic, row=str(row))
        self._metrics.work.labels(self._topic, outcome).inc()
        self._metrics.seconds.labels(self._topic).observe(time.perf_counter() - started)
