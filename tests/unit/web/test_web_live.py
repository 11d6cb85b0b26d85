"""The live stream: what is new after a cursor, and streams that go on, rest and end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_events import event_id, make_event
from tocsin.errors import StoreBusyError
from tocsin.model import Alert, AlertDraft, AlertKind, EventReason, EventRevision, Severity
from tocsin.web._live import Cursor, Streams, newest, news

T0 = datetime(2022, 11, 2, 3, 0, tzinfo=UTC)


class Written:
    """A store that only remembers what was written, in order."""

    def __init__(self) -> None:
        self.revisions: list[tuple[int, EventRevision]] = []
        self.fired: list[Alert] = []
        self.busy = 0

    def revise(self, number: int = 1) -> None:
        event = make_event(number)
        revision = EventRevision(event.id, 1, T0, EventReason.FIRST_REPORT, "First told.", {}, event)
        self.revisions.append((len(self.revisions) + 1, revision))

    def ring(self, seconds: float, number: int) -> None:
        draft = AlertDraft(
            "launch",
            str(number),
            {},
            AlertKind.FIRST,
            f"Alert {number}",
            Severity.INFO,
            {},
            "why",
            (),
            {},
            T0,
        )
        self.fired.append(Alert(event_id(number), draft, T0 + timedelta(seconds=seconds)))

    def changes(self, after: int | None, limit: int = 100) -> list[tuple[int, EventRevision]]:
        if self.busy:
            self.busy -= 1
            raise StoreBusyError("locked")
        return self.revisions[-1:] if after is None else [r for r in self.revisions if r[0] > after][:limit]

    def alerts(
        self, *, since: datetime | None = None, limit: int = 100, offset: int = 0, **_: Any
    ) -> list[Alert]:
        rows = [one for one in self.fired if since is None or one.fired_at >= since]
        return sorted(rows, key=lambda one: (one.fired_at, one.id), reverse=True)[offset : offset + limit]


@pytest.fixture
def written() -> Written:
    return Written()


def titles(source: Written, cursor: Cursor) -> list[str]:
    return [one.data.get("title") or one.data["event"]["id"][-3:] for one in news(source, cursor, "")]


def test_cursor_of_an_empty_store_sees_the_first_thing(written: Written) -> None:
    """Who came before anything was written misses nothing."""
    start = newest(written)
    written.revise()
    written.ring(0, 1)
    assert [one.kind for one in news(written, start, "http://host")] == ["event", "alert"]


def test_news_come_once_and_in_order(written: Written) -> None:
    """Revisions before alerts, oldest first; the cursor of the last one has nothing after it."""
    written.revise(1)
    start = newest(written)
    assert news(written, start, "") == []
    written.revise(2)
    written.ring(5, 2)
    written.ring(1, 1)
    found = news(written, start, "")
    assert titles(written, start) == ["002", "Alert 1", "Alert 2"]
    assert news(written, found[-1].cursor, "") == []


def test_alerts_fired_together_survive_a_broken_connection(written: Written) -> None:
    """A client that got the first of two alerts of one moment still gets the second when it comes back."""
    start = newest(written)
    written.ring(1, 1)
    written.ring(1, 2)
    first, last = news(written, start, "")
    assert "Alert 2" in titles(written, first.cursor)
    assert titles(written, last.cursor) == []


def test_many_alerts_are_read_page_by_page(written: Written) -> None:
    """More alerts than one page holds are all told, oldest first."""
    for number in range(250):
        written.ring(number, number)
    found = titles(written, Cursor(0, T0 - timedelta(seconds=1)))
    assert found == [f"Alert {number}" for number in range(250)]


def test_message_is_one_event_of_the_wire_format(written: Written) -> None:
    """Kind, id and one line of JSON that cannot break the frame."""
    written.revise()
    [message] = news(written, Cursor(0, T0), "http://host")
    kind, row, data = message.encoded().decode().rstrip("\n").split("\n")
    assert kind == "event: event"
    assert row == f"id: {message.cursor}"
    body = json.loads(data.removeprefix("data: "))
    assert body["reason"] == "first_report"
    assert body["event"]["url"] == f"http://host/events/{event_id(1)}"


@given(st.integers(0, 10**17), st.timedeltas(timedelta(0), timedelta(days=2_900_000)))
def test_cursor_reads_back(number: int, later: timedelta) -> None:
    """What is sent as an id comes back as the same place."""
    cursor = Cursor(number, T0 + later)
    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text", ["", "1", "-", "a-b", "1-2-3", "-1-2", "1-99999999999999999999", "1-999999999999999999"]
)
def test_anything_else_is_no_cursor(text: str) -> None:
    """Ids this stream never sent are not read as a place in it."""
    assert Cursor.read(text) is None


async def test_stream_tells_what_is_written_while_it_is_open(written: Written) -> None:
    """First where it starts, then each thing as it comes, and it ends when streams are closed."""
    streams = Streams(written, poll=0.01)
    stream = streams.follow(None, "")
    assert (await anext(stream)).startswith(b"retry: 3000\nid: 0-0")
    written.busy = 1
    written.revise()
    assert (await anext(stream)).startswith(b"event: event")
    assert streams.open == 1
    streams.close()
    assert [chunk async for chunk in stream] == []
    assert streams.open == 0


async def test_stream_goes_on_where_the_client_was(written: Written) -> None:
    """What was written while the client was away comes first."""
    written.revise(1)
    written.revise(2)
    stream = Streams(written, poll=0.01).follow(Cursor(1, T0), "")
    await anext(stream)
    assert b"id: 2-" in await anext(stream)
    await stream.aclose()


async def test_quiet_stream_has_a_heartbeat(written: Written) -> None:
    """Proxies see bytes even when nothing happens."""
    stream = Streams(written, poll=0.001, heartbeat=0.0).follow(None, "")
    await anext(stream)
    assert await anext(stream) == b": heartbeat\n\n"
    await stream.aclose()
