"""A feed's silence as an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tocsin.model import Basis, EventReason, FeedSpec, Phase
from tocsin.polling import decide_poll
from tocsin.polling._decide import NOTHING_KNOWN
from tocsin.polling._push import decide_push
from tocsin.polling._quiet_event import silence_told
from tocsin.polling._rhythm import learn
from tocsin.settings import PollingSettings

END = datetime(2022, 11, 4, 18, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPEC = FeedSpec("https://paper.example/rss", title="The Paper", publisher="Paper", country="FRA")


def rhythm():
    """Of a feed that posts every hour, day and night."""
    return learn(None, [END - number * HOUR for number in range(28 * 24)], END)


def silent(make, at):
    """What the poll at `at` writes of a feed that last posted at `END`."""
    feed = make.changed(make.feed(), spec=SPEC, rhythm=rhythm(), last_ok_at=END)
    answer = make.answer(status=304)
    return decide_poll(feed, answer, None, NOTHING_KNOWN, now=at, settings=PollingSettings())


def test_a_silence_is_one_event(make):
    """It is told with the poll that finds it, and the same poll decided again tells the same one."""
    at = END + 3 * DAY
    [told] = silent(make, at).events
    assert silent(make, at).events[0].event_id == told.event_id
    event = told.state
    assert (event.type, event.title) == ("feed.quiet", "The feed The Paper has gone quiet")
    assert (event.phase, event.first_known, event.revision) == (Phase.ONGOING, at, 1)
    assert (event.when.start, event.when.basis) == (at.date(), Basis.OBSERVED)
    assert [(party.name, party.country, party.sector) for party in event.source] == [("Paper", "FRA", "MED")]
    assert told.reason is EventReason.OBSERVED
    assert "https://paper.example/rss: newest entry 3 days ago" in told.detail


def test_nothing_is_told_while_it_lasts(make):
    """One silence, one event."""
    found = silent(make, END + 3 * DAY)
    later = decide_poll(
        found.feed,
        make.answer(status=304),
        None,
        NOTHING_KNOWN,
        now=END + 5 * DAY,
        settings=PollingSettings(),
    )
    assert later.events == ()


def test_the_next_entry_ends_it(make):
    """By a poll and by a hub alike: the event is over, with the days it lasted."""
    found, back = silent(make, END + 3 * DAY), END + 5 * DAY
    parsed = make.parsed(make.entry(dates=((back - HOUR).isoformat(),)))
    polled = decide_poll(
        found.feed, make.answer(), parsed, NOTHING_KNOWN, now=back, settings=PollingSettings()
    )
    pushed = decide_push(found.feed, parsed, ({}, {}), None, size=9, now=back)
    assert pushed.feed.quiet_since is None
    assert pushed.events == polled.events
    begun, ended = polled.events
    assert begun.event_id == found.events[0].event_id
    assert (ended.number, ended.reason, ended.state.phase) == (2, EventReason.ENDED, Phase.HAPPENED)
    assert (ended.state.when.start, ended.state.when.end) == ((END + 3 * DAY).date(), back.date())
    assert ended.detail == "it posts again, after it was quiet since 2022-11-07"


def test_the_next_silence_is_another_event(make):
    """What was told of the last one says nothing of this one."""
    feed = make.changed(make.feed(), spec=SPEC)
    first = make.changed(feed, quiet_since=END + DAY)
    second = make.changed(feed, quiet_since=END + 40 * DAY)
    [one] = silence_told(feed, first, END + DAY)
    [other] = silence_told(feed, second, END + 40 * DAY)
    assert one.event_id != other.event_id


def test_a_feed_without_names_is_called_by_its_host(make):
    """And its host is the party."""
    feed = make.changed(make.feed(), spec=FeedSpec("https://paper.example/rss"))
    [told] = silence_told(feed, make.changed(feed, quiet_since=END), END)
    assert told.state.title == "The feed paper.example has gone quiet"
    assert told.state.source[0].name == "paper.example"
