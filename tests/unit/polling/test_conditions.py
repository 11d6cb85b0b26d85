"""When a feed is asked without conditions, and what shows that a 304 was not true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.model import FetchOutcome
from tocsin.polling import decide_poll
from tocsin.polling._conditions import DISTRUST, asks_whole
from tocsin.polling._decide import NOTHING_KNOWN
from tocsin.settings import PollingSettings

EVERY = timedelta(days=3)


def test_asked_whole_now_and_then(make):
    """First, after three days, and always for a month after a lie."""
    assert asks_whole(make.feed(), make.now, EVERY)
    assert not asks_whole(make.feed(whole_at=make.now - timedelta(days=2)), make.now, EVERY)
    assert asks_whole(make.feed(whole_at=make.now - EVERY), make.now, EVERY)
    lied = make.feed(whole_at=make.now, lied_at=make.now - timedelta(days=1))
    assert asks_whole(lied, make.now, EVERY)
    assert not asks_whole(lied, make.now + DISTRUST, timedelta(days=90))


def test_feeds_added_together_are_not_asked_whole_together(make):
    """The days between two full fetches differ by up to a tenth."""
    feeds = [make.feed(number, whole_at=make.now) for number in range(1, 2)]
    feeds = [make.changed(feeds[0], id=type(feeds[0].id)(int=number)) for number in range(0, 1000, 100)]
    when = make.now + EVERY * 0.95
    assert 0 < sum(asks_whole(feed, when, EVERY) for feed in feeds) < len(feeds)


def whole(make, feed, *entries, **headers):
    answer = make.changed(make.answer(b"new", **headers), whole=True)
    return decide_poll(
        feed, answer, make.parsed(*entries), NOTHING_KNOWN, now=make.now, settings=PollingSettings()
    )


def silent(make, **state):
    """A feed whose last answer was 304 an hour ago."""
    return make.feed(
        etag='"a"',
        last_outcome=FetchOutcome.NOT_MODIFIED,
        last_polled_at=make.now - timedelta(hours=1),
        **state,
    )


def test_news_under_the_same_etag_is_a_lie(make):
    """The same validators with news in the body: the 304 would have gone on."""
    write = whole(make, silent(make), make.entry("a", dates=("2022-11-09T11:59:00Z",)), etag='"a"')
    assert (write.feed.lied_at, write.feed.whole_at) == (make.now, make.now)
    assert "was not true" in write.fetch.reason


def test_old_news_under_another_etag_is_a_lie(make):
    """Entries from long before the 304 were there when it was said."""
    entries = [make.entry(key, dates=("2022-11-08T10:00:00Z",)) for key in "abc"]
    assert whole(make, silent(make), *entries, etag='"b"').feed.lied_at == make.now


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        (["2022-11-09T11:30:00Z"] * 3, {}),  # after the 304
        (["2022-11-08T10:00:00Z"] * 2, {}),  # too few
        (["2022-11-08T10:00:00Z", "2022-11-09T11:30:00Z", "2022-11-09T11:31:00Z"], {}),  # mostly after it
        (["2022-11-08T10:00:00Z"] * 3, {"last_outcome": FetchOutcome.CHANGED}),  # nothing was said
    ],
)
def test_what_may_be_true_is_no_lie(make, dates, state):
    """News from after the 304, a single late entry, or no 304 at all show nothing."""
    feed = make.changed(silent(make), **state)
    entries = [make.entry(str(number), dates=(date,)) for number, date in enumerate(dates)]
    assert whole(make, feed, *entries, etag='"b"').feed.lied_at is None


def test_conditional_answers_say_nothing_of_the_whole(make):
    """Only a body that came without conditions counts as a full fetch."""
    feed = make.feed(whole_at=make.now - timedelta(days=2))
    write = decide_poll(
        feed, make.answer(), make.parsed(), NOTHING_KNOWN, now=make.now, settings=PollingSettings()
    )
    assert write.feed.whole_at == make.now - timedelta(days=2)
