"""Readers of the bus survive whatever a stage raises."""

from __future__ import annotations

import asyncio

import pytest

from story import new_id
from tocsin.errors import ExtractionError, ExtractorStartError, StoreFullError
from tocsin.service import InProcessBus, Metrics
from tocsin.service._consumer import Consumer


async def run_with(handler, rows):
    bus, metrics = InProcessBus(), Metrics()
    consumer = Consumer(bus, "extract", handler, metrics, pause=0.0)
    await bus.publish("extract", [str(r) for r in rows])
    task = asyncio.create_task(consumer.run())
    async with asyncio.timeout(10):
        while bus.waiting("extract") and not task.done():
            await asyncio.sleep(0)
        await bus.close()
        await task
    return metrics


def counted(metrics, outcome):
    return metrics.registry.get_sample_value(
        "tocsin_stage_rows_total", {"stage": "extract", "outcome": outcome}
    )


async def test_every_row_is_worked_on_and_counted():
    """The outcome the stage returns is the metric's label."""
    seen = []

    async def handler(row):
        seen.append(row)
        return "done"

    rows = [new_id(), new_id()]
    assert counted(await run_with(handler, rows), "done") == 2
    assert seen == rows


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (StoreFullError("disk full"), "store_error"),
        (ExtractionError("worker died"), "error"),
        (ExtractorStartError("no model"), "error"),
        (ZeroDivisionError(), "crash"),
    ],
)
async def test_a_stage_that_fails_does_not_stop_the_next_row(error, outcome):
    """The row stays waiting in the store; the reader goes on."""
    rows = [new_id(), new_id()]

    async def handler(row):
        if row == rows[0]:
            raise error
        return "done"

    metrics = await run_with(handler, rows)
    assert (counted(metrics, outcome), counted(metrics, "done")) == (1, 1)
