"""The politeness trace in figures."""

from __future__ import annotations

from datetime import timedelta

from tocsin.model import Exchange, RequestKind, Traced
from tocsin.polling import summarise


def line(make, *requests):
    return Traced(make.now, RequestKind.FEED, "https://news.example/feed", tuple(requests), "told")


def made(make, seconds, *, host="news.example", ms=0, **fields):
    return Exchange(f"https://{host}/feed", make.now + timedelta(seconds=seconds), duration_ms=ms, **fields)


def test_figures(make):
    """Requests, their kinds, the closest two and the most at once, domain by domain."""
    found = summarise(
        [
            line(make, made(make, 0, ms=5000, status=200)),
            line(make, made(make, 2, host="www.news.example", ms=1000, status=304, conditional=True)),
            line(make, made(make, 2, host="other.test", ms=100, status=503)),
            line(make, made(make, 7200, ms=10)),
            line(make),
        ]
    )
    assert (found.requests, found.at_once, found.closest) == (4, 2, timedelta(seconds=2))
    assert (found.conditional, found.not_modified, found.refused, found.unanswered) == (1, 1, 1, 1)
    assert found.per_day == 48


def test_one_after_the_other_is_not_at_once(make):
    """A request that starts when another ends does not overlap it."""
    assert summarise([line(make, made(make, 0, ms=1000), made(make, 1, ms=1000))]).at_once == 1


def test_nothing(make):
    """An empty trace has no figures."""
    found = summarise([line(make)])
    assert (found.requests, found.at_once, found.closest, found.per_day, found.first) == (
        0,
        0,
        None,
        None,
        None,
    )
