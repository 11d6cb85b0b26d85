"""Cool-downs, the trace, and feeds that move."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from helpers_store import HOUR, NOON, add_feed, draft, poll, spec
from tocsin.model import Cooldown, Exchange, FeedSpec, FetchOutcome, RequestKind, TurnRule


def rest(scope="example.com", minutes=10, since=NOON):
    return Cooldown(scope, since, since + timedelta(minutes=minutes), "429")


def test_cooldowns_are_kept_replaced_and_forgotten(store):
    """One a scope; those over for a day are not told any more."""
    store.save_cooldown(rest())
    store.save_cooldown(rest(minutes=20))
    store.save_cooldown(rest("other.example"))
    assert store.cooldowns(NOON) == [rest(minutes=20), rest("other.example")]
    assert len(store.cooldowns(NOON + timedelta(hours=23))) == 2
    assert store.cooldowns(NOON + timedelta(hours=25)) == []
    assert store.end_cooldown("example.com")
    assert not store.end_cooldown("example.com")
    assert store.cooldowns(NOON) == [rest("other.example")]


def made(url, minutes=0, **fields):
    return Exchange(url, NOON + timedelta(minutes=minutes), **{"status": 200, **fields})


def polled(store, name, *requests, at=NOON, **fields):
    """Write a poll with its requests."""
    feed = store.feed(spec(name).url)
    write = poll(store, feed.id, at=at)
    store.record_poll(replace(write, fetch=replace(write.fetch, requests=requests, **fields)))


def test_trace_has_every_request_of_a_host_and_below_it(store):
    """Polls, pages and robots.txt in order of time, as they were made, and nothing of others."""
    add_feed(store, "a"), add_feed(store, "b")
    one = made("https://a.example/rss", 1, status=304, waited_ms=900, rule=TurnRule.SPACING, conditional=True)
    polled(store, "a", one)
    polled(store, "b", made("https://b.example/rss", 2, status=301), made("https://www.a.example/b", 3))
    robots = made("https://www.a.example/robots.txt", 0, kind=RequestKind.ROBOTS, duration_ms=7)
    page = made("https://a.example/1", 4, kind=RequestKind.PAGE, status=None)
    store.record_requests([robots, page, made("https://nota.example/x", kind=RequestKind.PAGE)])
    lines = store.trace("A.example.")
    assert [(line.kind, len(line.requests)) for line in lines] == [
        (RequestKind.ROBOTS, 1),
        (RequestKind.FEED, 1),
        (RequestKind.FEED, 1),
        (RequestKind.PAGE, 1),
    ]
    assert lines[0].requests == (robots,)
    assert lines[1].requests == (one,)
    assert lines[2].url == "https://b.example/rss"
    assert lines[3].told == "no answer"
    assert [line.at for line in store.trace("www.a.example")] == [robots.started, NOON + timedelta(minutes=3)]
    assert store.trace("nothing.example") == []


def test_trace_since_and_limit(store):
    """From a moment on, and the newest so many."""
    add_feed(store, "a")
    for hour in range(5):
        polled(store, "a", made("https://a.example/rss", 60 * hour), at=NOON + hour * HOUR)
    assert len(store.trace("a.example", since=NOON + 2 * HOUR)) == 3
    newest = store.trace("a.example", limit=2)
    assert [line.at for line in newest] == [NOON + 3 * HOUR, NOON + 4 * HOUR]
    assert store.trace("a.example", limit=0) == []


def test_trace_shows_polls_that_were_put_off(store):
    """A feed that was not asked since its domain rests has a line without requests."""
    add_feed(store, "a")
    polled(store, "a", outcome=FetchOutcome.DEFERRED, reason="left alone")
    (line,) = store.trace("a.example")
    assert (line.requests, line.told) == ((), "left alone")


def moved(store, feed_id, name, *articles, at=NOON):
    write = poll(store, feed_id, *articles, at=at)
    store.record_poll(
        replace(write, feed=replace(write.feed, spec=replace(write.feed.spec, url=spec(name).url)))
    )


def test_a_moved_feed_keeps_all_but_its_address(store):
    """Id, articles and facts stay; it is asked, and waits, by its new host."""
    feed_id = add_feed(store, "a")
    moved(store, feed_id, "c", draft("x"))
    feed = store.feed(feed_id)
    assert (feed.spec.url, feed.spec.publisher, feed.articles) == (spec("c").url, spec("a").publisher, 1)
    assert [one.id for one in store.feeds()] == [feed_id]
    assert store.add_feeds([spec("c")], NOON) == (0, 1)


def test_a_catalog_does_not_bring_the_old_address_back(store):
    """Catalogs are read at every start and may name the old address for long; the operator may want it back."""
    old = spec("a", catalog="world")
    store.add_feeds([old], NOON)
    feed_id = store.feed(old.url).id
    moved(store, feed_id, "c")
    assert store.add_feeds([old], NOON + HOUR) == (0, 1)
    assert [one.spec.url for one in store.feeds()] == [spec("c").url]
    assert store.add_feeds([FeedSpec(old.url)], NOON + HOUR) == (1, 0)
    assert len(store.feeds()) == 2


def test_a_feed_that_moves_to_a_known_one_is_merged_into_it(store):
    """What it carried is carried by the other, which learns what it lacked; the old one is asked no more."""
    old = add_feed(store, "a", country="KOR")
    store.add_feeds([FeedSpec(spec("b").url, owner="Own")], NOON)
    other = store.feed(spec("b").url).id
    store.record_poll(poll(store, other, draft("x")))
    moved(store, old, "b", draft("x"), draft("y"), at=NOON + HOUR)
    assert [one.id for one in store.feeds()] == [other]
    merged = store.feed(other)
    assert (merged.spec.country, merged.spec.owner) == ("KOR", "Own")
    carried, _ = store.known_articles(other, ["x", "y"], [])
    assert set(carried) == {"x", "y"}
    gone = store.feed(old)
    assert (gone.enabled, gone.muted_reason) == (False, f"merged into {spec('b').url}")
    assert len(store.fetches(old)) == 1
    due = store.claim_due(NOON + timedelta(days=40), 10, HOUR)
    assert [one.id for one in due] == [other]


def test_a_removed_feed_is_not_brought_back_by_a_redirect(store):
    """Where the operator removed the feed at the new address, the old one stays where it is."""
    old, other = add_feed(store, "a"), add_feed(store, "b")
    store.remove_feed(spec("b").url)
    moved(store, old, "b", draft("x"))
    assert store.feed(old).spec.url == spec("a").url
    assert store.feed(old).enabled
    assert not store.feed(other).enabled


def test_pruning_takes_old_requests_and_rests(store):
    """The trace reaches as far back as the operator keeps logs."""
    page = made("https://a.example/1", kind=RequestKind.PAGE)
    store.record_requests([page, replace(page, started=NOON + 2 * HOUR)])
    store.save_cooldown(rest())
    store.save_cooldown(rest("other.example", minutes=120))
    gone = store.prune(NOON + HOUR)
    assert (gone["request"], gone["cooldown"]) == (1, 1)
    assert [line.at for line in store.trace("a.example")] == [NOON + 2 * HOUR]
    assert store.cooldowns(NOON) == [rest("other.example", minutes=120)]
