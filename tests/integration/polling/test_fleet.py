"""Servers that misbehave, polled for more than an hour of injected time; the trace is held against the rules."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest

import helpers_fleet as ways
from tocsin.model import FeedHealth, FeedSpec, FetchFailure, FetchOutcome
from tocsin.polling import HttpFetcher, ParserPool, Poller, summarise
from tocsin.polling._backoff import step_of
from tocsin.settings import NetworkSettings, PollingSettings
from tocsin.store import SqlStore, open_store

PACE = 20.0
MINUTES = 45
SETTLED = 0.25  # seconds of injected time between a start and its entry in the trace
POLLING = PollingSettings(
    interval=120, spacing=1.0, per_host=2, timeout=0.5, cooldown=300.0, whole_every=900.0, max_body=100_000
)
FLEET = {
    "good": ways.good,
    "drip": ways.drip,
    "flap": ways.flap,
    "liar": ways.lie,
    "circle": ways.circle,
    "miscount": ways.miscount,
    "reset": ways.reset,
    "storm": ways.storm,
    "challenge": ways.challenge,
    "gone": ways.gone,
    "leaver": ways.leave,
}
EXPECTED = {
    "drip": FetchFailure.TIMEOUT,
    "circle": FetchFailure.REDIRECT_LOOP,
    "miscount": FetchFailure.PROTOCOL,
    "reset": FetchFailure.PROTOCOL,
    "challenge": FetchFailure.HTTP_CLIENT,
    "gone": FetchFailure.HTTP_GONE,
}


@dataclass
class Voyage:
    """What is left after the time is over."""

    rogues: dict[str, ways.Rogue]
    store: SqlStore
    clock: ways.FastClock

    def trace(self, name):
        return self.store.trace(f"127.0.0.1:{self.rogues[name].port}", limit=100_000)

    def feeds(self, name):
        return [feed for feed in self.store.feeds() if f":{self.rogues[name].port}/" in feed.spec.url]

    def polls(self, feed):
        return list(reversed(self.store.fetches(feed.id, limit=10_000)))


async def sail(store, fetcher, parser, clock):
    """The daemon's dispatch, with leaps over the time in which nothing is due."""
    poller = Poller(store, fetcher, parser, clock, POLLING)
    tasks: set[asyncio.Task] = set()
    finished: list[asyncio.Task] = []
    end = clock.time() + MINUTES * 60
    while clock.time() < end:
        for feed in store.claim_due(clock.now(), 100, timedelta(hours=1)):
            task = asyncio.create_task(poller.poll(feed))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            task.add_done_callback(finished.append)
        if tasks:
            await asyncio.wait(tasks, timeout=0.02)
            continue
        due = min(feed.next_due_at for feed in store.feeds() if feed.next_due_at is not None)
        clock.jump(min((due - clock.now()).total_seconds(), end - clock.time()))
    await asyncio.gather(*tasks)
    for task in finished:
        task.result()  # what a server does is never an exception


@pytest.fixture(scope="module")
def voyage(tmp_path_factory):
    """One long voyage for all the questions of this file."""
    clock = ways.FastClock(PACE)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('fleet') / 'tocsin.sqlite'}", clock=clock)

    async def run():
        network = NetworkSettings(allow_private_addresses=True)
        async with (
            ways.fleet(clock, **FLEET) as rogues,
            HttpFetcher(
                POLLING, network, "Tocsin/test", clock=clock, store=store, time=clock.time, sleep=clock.sleep
            ) as fetcher,
            ParserPool(POLLING.parse_timeout) as parser,
        ):
            rogues["leaver"].friend = rogues["good"].url("")
            urls = [rogue.url(f"/{name}-{n}") for name, rogue in rogues.items() for n in range(4)]
            store.add_feeds([FeedSpec(url, interval=POLLING.interval) for url in urls], clock.now())
            await sail(store, fetcher, parser, clock)
            return rogues

    rogues = asyncio.run(run())
    yield Voyage(rogues, store, clock)
    store.close()


@pytest.mark.parametrize("name", FLEET)
def test_the_trace_tells_every_request(voyage, name):
    """What the server counted is what its owner is shown, path by path and in order of time."""
    shown = [one for line in voyage.trace(name) for one in line.requests]
    assert len(shown) == len(voyage.rogues[name].asked) > 0
    paths = sorted(one.url.partition(f":{voyage.rogues[name].port}")[2] for one in shown)
    assert paths == sorted(asked.path for asked in voyage.rogues[name].asked)


@pytest.mark.parametrize("name", FLEET)
def test_never_more_than_two_at_once_nor_closer_than_the_spacing(voyage, name):
    """In one lane two requests run at once at the most, and a second lies between two starts."""
    found = summarise(voyage.trace(name))
    assert found.at_once <= 2
    if found.closest is not None:
        assert found.closest.total_seconds() >= POLLING.spacing - SETTLED
    if name not in ("drip", "reset"):  # these do not see when we have left
        assert voyage.rogues[name].peak <= 2


def test_two_at_once_do_happen(voyage):
    """The limit is reached, so the test above can fail."""
    assert summarise(voyage.trace("drip")).at_once == 2


@pytest.mark.parametrize("name", ["storm", "challenge"])
def test_a_rest_asked_for_is_kept(voyage, name):
    """After 429 or a challenge nothing is asked there: as long as Retry-After says, in seconds or as a date."""
    rogue = voyage.rogues[name]
    usual = [(at, rest or POLLING.cooldown) for at, rest in rogue.told_off]
    assert len(usual) >= 3
    for at, rest in usual:  # one other may have been on its way already
        assert len([one for one in rogue.asked if at < one.at < at + rest - 1]) <= 1
    made = [one for line in voyage.trace(name) for one in line.requests]
    for told in (one for one in made if one.status in (403, 429)):
        heard = told.started + timedelta(milliseconds=told.duration_ms) + timedelta(seconds=SETTLED)
        over = told.started + timedelta(seconds=199)  # the shortest of all rests
        assert not [one for one in made if heard < one.started < over]


def test_a_rest_is_for_the_whole_lane_and_told(voyage):
    """The other feeds of the server that was stormed are put off with a reason, and no failure is counted."""
    polls = [poll for feed in voyage.feeds("storm") for poll in voyage.polls(feed)]
    put_off = [poll for poll in polls if poll.outcome is FetchOutcome.DEFERRED]
    assert put_off
    assert all("is left alone until" in poll.reason and not poll.requests for poll in put_off)
    assert any(poll.outcome is FetchOutcome.CHANGED for poll in polls)
    assert voyage.store.cooldowns(voyage.clock.now())


def test_recurring_challenges_rest_longer_each_time(voyage):
    """Where no time is named the rest doubles."""
    moments = [at for at, _ in voyage.rogues["challenge"].told_off]
    rests = [after - before for before, after in pairwise(moments) if after - before > 10]
    assert len(rests) >= 2
    for number, rest in enumerate(rests):
        assert rest >= POLLING.cooldown * 2**number - 1


@pytest.mark.parametrize("name", EXPECTED)
def test_failures_are_named(voyage, name):
    """Each way to misbehave has its class, every time."""
    for feed in voyage.feeds(name):
        polls = [poll for poll in voyage.polls(feed) if poll.outcome is not FetchOutcome.DEFERRED]
        assert {poll.failure for poll in polls} == {EXPECTED[name]}
        assert feed.last_detail
    if name == "challenge":
        assert "Cloudflare challenge" in feed.last_detail


@pytest.mark.parametrize("name", FLEET)
def test_backoff_grows_with_the_failures_of_its_class(voyage, name):
    """The n-th failure in a row is followed by a wait of n steps of its class at the least."""
    for feed in voyage.feeds(name):
        row = 0
        polls = [poll for poll in voyage.polls(feed) if poll.outcome is not FetchOutcome.DEFERRED]
        for before, after in pairwise(polls):
            row = row + 1 if before.outcome is FetchOutcome.FAILED else 0
            moved = "moved to" in before.reason
            if before.failure is not None and not moved:
                step = step_of(before.failure, POLLING.interval)
                assert after.at - before.at >= min(step * row, timedelta(hours=24))


def test_no_feed_is_dead_but_those_that_are_gone(voyage):
    """Whatever was done to them, all feeds are asked again, within a day here; 410 alone mutes, with a notice."""
    for name in FLEET:
        for feed in voyage.feeds(name):
            if name == "gone":
                assert feed.health is FeedHealth.MUTED
                assert feed.muted_reason == "gone (410) since 2022-11-09"
                (poll,) = voyage.polls(feed)
                assert "not asked again" in poll.reason
                assert "adding it" in poll.reason
            else:
                assert feed.enabled
                assert feed.muted_reason is None
                assert feed.next_due_at - feed.last_polled_at <= timedelta(hours=24)
    assert all(voyage.rogues["gone"].times(f"/gone-{number}") == 1 for number in range(4))


def test_a_flapping_server_is_read_when_it_is_up(voyage):
    """Failures in between cost waits and no articles."""
    for feed in voyage.feeds("flap"):
        outcomes = [poll.outcome for poll in voyage.polls(feed)]
        assert {FetchOutcome.CHANGED, FetchOutcome.FAILED} <= set(outcomes)
        assert feed.failures <= 2
        assert feed.articles >= 8


def test_a_lying_304_is_found_out(voyage):
    """A full fetch brings what 304 kept back, and from then on nothing is asked with conditions there."""
    for feed in voyage.feeds("liar"):
        polls = voyage.polls(feed)
        caught = next(place for place, poll in enumerate(polls) if "was not true" in poll.reason)
        assert {poll.outcome for poll in polls[1:caught]} == {FetchOutcome.NOT_MODIFIED}
        assert polls[caught].at - polls[0].at <= timedelta(seconds=POLLING.whole_every + 2 * POLLING.interval)
        assert not any(one.conditional for poll in polls[caught:] for one in poll.requests)
        assert all(poll.new for poll in polls[caught:])
        assert feed.lied_at is not None


def test_a_feed_follows_when_its_old_address_fails(voyage):
    """Redirected for good twice, then 404: the next request goes to the new address, and stays there."""
    assert voyage.feeds("leaver") == []
    rogue = voyage.rogues["leaver"]
    moved = [feed for feed in voyage.feeds("good") if "/leaver-" in feed.spec.url]
    assert len(moved) == 4
    for feed in moved:
        assert rogue.times(feed.spec.url.rpartition("/")[2].join(("/", ""))) == 3
        polls = voyage.polls(feed)
        (turn,) = [place for place, poll in enumerate(polls) if "the old address fails" in poll.reason]
        assert polls[turn + 1].at - polls[turn].at < timedelta(seconds=60)
        assert polls[turn + 1].outcome is FetchOutcome.CHANGED
        assert feed.failures == 0


def test_good_servers_do_not_suffer(voyage):
    """In all that trouble the good one is read at its interval, conditions and all."""
    by_feed = defaultdict(list)
    for feed in voyage.feeds("good"):
        if "/good-" in feed.spec.url:
            by_feed[feed.id] = voyage.polls(feed)
    for polls in by_feed.values():
        assert {poll.outcome for poll in polls} == {FetchOutcome.CHANGED}
        assert len(polls) >= MINUTES * 60 / (POLLING.interval * 1.25)
        assert any(one.conditional for poll in polls for one in poll.requests)
