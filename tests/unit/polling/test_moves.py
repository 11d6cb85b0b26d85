"""When a permanent redirect changes the address of a feed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.errors import FetchError
from tocsin.model import Exchange, FetchFailure, FetchOutcome
from tocsin.polling import decide_poll
from tocsin.polling._decide import NOTHING_KNOWN
from tocsin.polling._moves import MoveReason, after_answer, after_failure_at
from tocsin.settings import PollingSettings

OLD = "http://news.example/feed"
NEW = "https://feeds.example/news"
WEEK = timedelta(days=7)


def answer(make, moved_to=None, status=304):
    return make.changed(make.answer(b"", status), url=moved_to or OLD, moved_to=moved_to)


def exchanges(make, *urls):
    return tuple(Exchange(url, make.now, 301) for url in urls)


def test_noted_first_applied_after_a_week(make):
    """The first permanent redirect is noted; the address changes when it has been so for the set time."""
    first = after_answer(make.feed(url=OLD), answer(make, NEW), make.now, WEEK)
    assert (first.reason, first.feed.spec.url) == (MoveReason.NOTED, OLD)
    assert (first.feed.moved_to, first.feed.moved_at) == (NEW, make.now)
    early = after_answer(first.feed, answer(make, NEW), make.now + WEEK - timedelta(seconds=1), WEEK)
    assert (early.reason, early.feed.moved_at) == (MoveReason.NOTED, make.now)
    late = after_answer(early.feed, answer(make, NEW), make.now + WEEK, WEEK)
    assert (late.reason, late.feed.spec.url, late.feed.moved_to) == (MoveReason.LASTED, NEW, None)
    assert NEW in (late.told or "")


def test_another_target_starts_anew_and_none_forgets(make):
    """Only a redirect that stays the same counts."""
    feed = make.feed(url=OLD, moved_to=NEW, moved_at=make.now - WEEK)
    other = after_answer(feed, answer(make, "https://other.example/x"), make.now, WEEK)
    assert (other.reason, other.feed.moved_at) == (MoveReason.NOTED, make.now)
    none = after_answer(feed, answer(make), make.now, WEEK)
    assert (none.reason, none.feed.moved_to, none.feed.moved_at) == (MoveReason.NONE, None, None)
    assert none.told is None


@pytest.mark.parametrize(
    ("old", "new", "at_once"),
    [
        ("http://news.example/feed", "https://news.example/feed", True),
        ("http://news.example/feed?a=1", "https://news.example/feed?a=1", True),
        ("http://news.example", "https://news.example/", True),
        ("http://news.example:80/feed", "https://news.example:443/feed", True),
        ("http://news.example/feed", "https://news.example/other", False),
        ("http://news.example/feed", "https://www.news.example/feed", False),
        ("https://news.example/feed", "http://news.example/feed", False),
        ("http://news.example:8080/feed", "https://news.example/feed", False),
    ],
)
def test_https_is_taken_at_once(make, old, new, at_once):
    """The same host, path and query by https needs no proof of lasting; nothing else is that."""
    move = after_answer(make.feed(url=old), answer(make, new), make.now, WEEK)
    assert move.reason is (MoveReason.SECURE if at_once else MoveReason.NOTED)
    assert move.feed.spec.url == (new if at_once else old)


@pytest.mark.parametrize("kind", [FetchFailure.DNS, FetchFailure.HTTP_CLIENT, FetchFailure.HTTP_GONE])
def test_failing_old_address_moves_at_once(make, kind):
    """When the old address itself fails, the new one is asked at once; not even 410 mutes then."""
    feed = make.feed(url=OLD, moved_to=NEW, moved_at=make.now, failures=0)
    write = decide_poll(
        feed, FetchError("x", kind), None, NOTHING_KNOWN, now=make.now, settings=PollingSettings()
    )
    assert (write.feed.spec.url, write.feed.next_due_at) == (NEW, make.now)
    assert (write.feed.muted_reason, write.feed.failures) == (None, 1)
    assert write.fetch.outcome is FetchOutcome.FAILED
    assert NEW in write.fetch.reason


def test_failing_new_address_does_not_move(make):
    """What fails behind the redirect says nothing of the old address."""
    feed = make.feed(url=OLD, moved_to=NEW, moved_at=make.now)
    error = FetchError("x", FetchFailure.TIMEOUT)
    error.requests, error.moved_to = exchanges(make, OLD, NEW), NEW
    assert after_failure_at(feed, FetchFailure.TIMEOUT, error).reason is MoveReason.NOTED
    response = make.changed(make.answer(b"", 404), url=NEW)
    assert after_failure_at(feed, FetchFailure.HTTP_CLIENT, response).reason is MoveReason.NOTED


@pytest.mark.parametrize("kind", [FetchFailure.HTTP_RATE, FetchFailure.CONFIGURATION])
def test_being_too_fast_is_no_failure_of_the_address(make, kind):
    """429 and our own missing variable leave the address alone."""
    feed = make.feed(url=OLD, moved_to=NEW, moved_at=make.now)
    assert after_failure_at(feed, kind, FetchError("x", kind)).reason is MoveReason.NOTED


def test_failure_without_a_move_changes_nothing(make):
    """A feed that never moved stays where it is."""
    feed = make.feed(url=OLD)
    assert after_failure_at(feed, FetchFailure.DNS, FetchError("x", "dns")).feed == feed


def test_secrets_do_not_move_to_another_host(make):
    """A feed with headers of its own keeps its address rather than tell another host its secrets."""
    feed = make.feed(url=OLD, moved_to=NEW, moved_at=make.now - WEEK)
    secret = make.changed(feed, spec=make.changed(feed.spec, headers=(("X-Key", "${KEY}"),)))
    move = after_answer(secret, answer(make, NEW), make.now, WEEK)
    assert (move.reason, move.feed.spec.url) == (MoveReason.SECRETS, OLD)
    assert "headers" in (move.told or "")


def test_password_goes_along_on_its_own_host(make):
    """User and password of the address stay with it when the host stays."""
    feed = make.feed(url="http://me:pw@news.example/feed")
    move = after_answer(feed, answer(make, "https://news.example/feed"), make.now, WEEK)
    assert move.feed.spec.url == "https://me:pw@news.example/feed"
    assert "pw" not in (move.told or "")
