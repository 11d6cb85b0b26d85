"""A feed's silence on the page: no article tells it, and the page says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpers_web import PageClient
from helpers_world import NOW
from tocsin.model import FeedSpec, Fetch, FetchOutcome, PollWrite
from tocsin.polling import quiet_event_id
from tocsin.polling._quiet_event import silence_told

URL = "https://paper.example/rss"


@pytest.fixture
def feed(store, app):
    """A feed found quiet a day ago."""
    store.add_feeds([FeedSpec(URL, title="The Paper", publisher="Paper", country="FRA")], NOW)
    before = store.feed(URL)
    since = NOW - timedelta(days=1)
    quiet = replace(before, quiet_since=since, last_outcome=FetchOutcome.UNCHANGED)
    fetch = Fetch(quiet.id, since, FetchOutcome.UNCHANGED, "it has gone quiet")
    store.record_poll(PollWrite(fetch, quiet, events=silence_told(before, quiet, since)))
    return quiet


def test_its_event_has_a_page_without_evidence(app, feed):
    """Where other events show who told them, it says that Tocsin noticed it."""
    client, event = PageClient(app), quiet_event_id(feed.id, feed.quiet_since)
    page = client.get(f"/events/{event}")
    assert page.status_code == 200
    assert "The feed The Paper has gone quiet" in page.text
    assert "Tocsin noticed this itself; no article tells it." in page.text
    assert "Told by" not in page.text
    told = client.get(f"/events/{event}.json").json()
    assert (told["type"], told["phase"], told["when"]["basis"]) == ("feed.quiet", "ongoing", "observed")


def test_the_page_of_the_feed_leads_to_it(app, feed):
    """Until it posts again."""
    event = quiet_event_id(feed.id, feed.quiet_since)
    assert f'href="/events/{event}"' in PageClient(app).get(f"/feeds/{feed.id}").text


def test_the_timeline_shows_it_to_who_asks(app, feed):
    """By its type; the news of the world is not mixed with it."""
    client = PageClient(app)
    assert "has gone quiet" not in client.get("/events").text
    assert client.get("/events.json").json() == []
    assert "has gone quiet" in client.get("/events?type=feed.quiet").text
    assert [one["type"] for one in client.get("/events.json?type=feed").json()] == ["feed.quiet"]
