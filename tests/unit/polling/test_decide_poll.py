"""What one answer means for a feed and its articles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tocsin.errors import FeedFormatError, FetchError
from tocsin.model import FeedHealth, FetchFailure, FetchOutcome, KnownArticle, RevisionReason
from tocsin.polling import Known, decide_poll, lease_for
from tocsin.polling._decide import NOTHING_KNOWN, is_same_body
from tocsin.polling._hash import body_hash
from tocsin.polling._trouble import MAX_REASON
from tocsin.settings import PollingSettings

SETTINGS = PollingSettings()
PUBLISHED = datetime(2022, 11, 8, 10, 0, tzinfo=UTC)


def decide(make, answer, parsed=None, known=NOTHING_KNOWN, feed=None):
    return decide_poll(feed or make.feed(), answer, parsed, known, now=make.now, settings=SETTINGS)


def known(entry, *, text=None, published=PUBLISHED):
    return KnownArticle(UUID(int=7), entry.key, f"1{text or entry.text}", 1, published)


def test_new_entries(make):
    """A first poll makes an article of each entry, known from now on."""
    write = decide(make, make.answer(etag='"e"', last_modified="Mon"), make.parsed(make.entry()))
    (draft,) = write.articles
    assert (draft.key, draft.url, draft.article_id) == ("g1", "https://news.example/g1", None)
    assert (draft.published, draft.date_refused) == (PUBLISHED, None)
    assert (draft.seen_at, draft.known_at, draft.backfilled) == (make.now, make.now, False)
    assert draft.reason is RevisionReason.FIRST_SEEN
    assert (write.fetch.outcome, write.fetch.entries, write.fetch.new) == (FetchOutcome.CHANGED, 1, 1)
    assert write.fetch.reason == "1 entries, 1 new; asked again in 6 h: its rhythm"
    assert (write.feed.etag, write.feed.last_modified) == ('"e"', "Mon")
    assert write.feed.body_hash == body_hash(b"body")
    assert (write.feed.spec.title, write.feed.articles) == ("News", 1)
    assert write.feed.last_ok_at == make.now
    assert write.feed.health is FeedHealth.OK


def test_unchanged_entries_are_not_touched(make):
    """An entry with the hash it had is not written."""
    entry = make.entry()
    write = decide(make, make.answer(), make.parsed(entry), Known({"g1": known(entry)}, {}))
    assert write.articles == ()
    assert write.fetch.outcome is FetchOutcome.UNCHANGED


def test_edited_entry_is_a_revision(make):
    """Another text under the same key is a revision of the same article."""
    entry = make.entry()
    write = decide(make, make.answer(), make.parsed(entry), Known({"g1": known(entry, text="old")}, {}))
    (draft,) = write.articles
    assert (draft.article_id, draft.reason) == (UUID(int=7), RevisionReason.EDITED)
    assert (write.fetch.changed, write.fetch.new) == (1, 0)
    assert write.fetch.outcome is FetchOutcome.CHANGED
    assert "1 edited" in write.fetch.reason
    assert write.feed.articles == 0


def test_edit_without_date_keeps_the_date(make):
    """A revision whose date got lost keeps the one the article had."""
    entry = make.entry(dates=())
    write = decide(make, make.answer(), make.parsed(entry), Known({"g1": known(entry, text="old")}, {}))
    assert write.articles[0].published == PUBLISHED


def test_same_address_in_another_feed_is_a_carrier(make):
    """An article that another feed has gets one more carrier, and no new text."""
    entry = make.entry()
    write = decide(
        make, make.answer(), make.parsed(entry), Known({}, {entry.url: known(entry, text="other")})
    )
    (draft,) = write.articles
    assert (draft.article_id, draft.reason) == (UUID(int=7), RevisionReason.FIRST_SEEN)
    assert (write.fetch.new, write.fetch.changed) == (0, 0)
    assert write.fetch.outcome is FetchOutcome.UNCHANGED
    assert "1 known from another feed" in write.fetch.reason


@pytest.mark.parametrize(
    ("dates", "refused"),
    [((), None), (("0001-01-01",), "year 1"), (("2031-01-01",), "in the future: 2031-01-01T00:00:00+00:00")],
)
def test_dates_that_are_none(make, dates, refused):
    """A date that is missing or cannot be trusted is None, never now, and says why."""
    (draft,) = decide(make, make.answer(), make.parsed(make.entry(dates=dates))).articles
    assert (draft.published, draft.date_refused) == (None, refused)


def test_languages_and_sources(make):
    """The entry's language, else the document's, else the catalog's; another source is another publisher."""
    feed = make.feed(publisher="Example", language="fr")
    parsed = make.parsed(
        make.entry("a", language="de"),
        make.entry("b", source="Wire", author="A"),
        make.entry("c", source="Example"),
        language="en",
    )
    first, second, third = decide(make, make.answer(), parsed, feed=feed).articles
    assert (first.language, second.language, first.publisher) == ("de", "en", None)
    assert (second.publisher, second.owner, second.author) == ("Wire", "Wire", "A")
    assert (third.publisher, third.owner) == (None, None)
    assert decide(make, make.answer(), make.parsed(make.entry()), feed=feed).articles[0].language == "fr"


def test_not_modified(make):
    """304 keeps validators unless new ones come, and ends failures."""
    feed = make.feed(
        etag='"a"', last_modified="Mon", body_hash="h", failures=3, last_failure=FetchFailure.DNS
    )
    write = decide(make, make.answer(b"", 304, etag='"b"'), feed=feed)
    assert (write.fetch.outcome, write.fetch.http_status) == (FetchOutcome.NOT_MODIFIED, 304)
    assert (write.feed.etag, write.feed.last_modified, write.feed.body_hash) == ('"b"', "Mon", "h")
    assert (write.feed.failures, write.feed.last_failure) == (0, None)
    assert "not modified (304)" in write.fetch.reason


def test_same_body_is_not_parsed(make):
    """A 200 with the body of last time is unchanged, and its validators are taken."""
    feed = make.feed(body_hash=body_hash(b"body"))
    assert is_same_body(feed, make.answer())
    assert not is_same_body(make.feed(), make.answer())
    write = decide(make, make.answer(etag='"n"'), None, feed=feed)
    assert (write.fetch.outcome, write.feed.etag) == (FetchOutcome.UNCHANGED, '"n"')
    assert "the same body as last time" in write.fetch.reason


def test_truncated_body_is_asked_for_again(make):
    """Of a truncated document no validator is kept, or the rest would never come."""
    feed = make.feed(etag='"old"', body_hash="h")
    parsed = make.parsed(make.entry(), whole=False, notes=("the document is truncated",))
    write = decide(make, make.answer(etag='"e"'), parsed, feed=feed)
    assert (write.feed.etag, write.feed.last_modified, write.feed.body_hash) == (None, None, None)
    assert "truncated" in write.fetch.reason


def test_refused_entries_are_counted_and_named(make):
    """Entries that could not be used are in the reason, the first five in full."""
    refused = tuple(f"entry {number}: has neither title nor text" for number in range(8))
    write = decide(make, make.answer(), make.parsed(refused=refused))
    assert write.fetch.refused == 8
    assert "entry 4" in write.fetch.reason
    assert "and 3 more like this" in write.fetch.reason


def test_reason_is_bounded(make):
    """However much goes wrong, the reason can be stored and shown."""
    write = decide(make, make.answer(), make.parsed(refused=("x" * 5000,)))
    assert len(write.fetch.reason) < MAX_REASON + 100
    assert write.fetch.reason.endswith("the usual interval")


def test_moved_for_good_is_told(make):
    """A permanent redirect is in the reason."""
    answer = make.changed(make.answer(b"", 304), moved_to="https://news.example/new")
    assert "redirected for good to https://news.example/new" in decide(make, answer).fetch.reason


@pytest.mark.parametrize(
    ("status", "failure", "says"),
    [
        (204, FetchFailure.EMPTY, "no content"),
        (304, None, ""),
        (300, FetchFailure.PROTOCOL, "answered 300"),
        (401, FetchFailure.HTTP_CLIENT, "answered 401 Unauthorized"),
        (404, FetchFailure.HTTP_CLIENT, "answered 404 Not Found"),
        (410, FetchFailure.HTTP_GONE, "answered 410 Gone"),
        (429, FetchFailure.HTTP_RATE, "answered 429 Too Many Requests"),
        (503, FetchFailure.HTTP_SERVER, "answered 503 Service Unavailable"),
        (599, FetchFailure.HTTP_SERVER, "answered 599;"),
        (700, FetchFailure.PROTOCOL, "answered 700"),
    ],
)
def test_statuses(make, status, failure, says):
    """Every status has its class and a sentence."""
    write = decide(make, make.answer(b"", status))
    assert write.fetch.failure is failure
    assert says in write.fetch.reason
    assert write.fetch.http_status == status


def test_failure_keeps_validators_and_counts(make):
    """A failed poll loses nothing the feed had, and says when it is tried next."""
    feed = make.feed(etag='"e"', body_hash="h", failures=1, last_ok_at=make.now - timedelta(days=1))
    error = FetchError("news.example has no address", FetchFailure.DNS, hint="check the name")
    write = decide(make, error, feed=feed)
    assert (write.feed.etag, write.feed.body_hash) == ('"e"', "h")
    assert (write.feed.failures, write.feed.last_ok_at) == (2, feed.last_ok_at)
    assert (write.feed.last_failure, write.feed.last_detail) == (FetchFailure.DNS, error.message)
    assert write.feed.next_due_at == make.now + timedelta(minutes=30)
    assert write.fetch.reason == (
        "news.example has no address (check the name); asked again in 30 min: failure 2 in a row"
    )
    assert write.feed.health is FeedHealth.FAILING


def test_not_a_feed_keeps_nothing_of_the_body(make):
    """Validators of a body that is no feed are not taken, or 304 would hide it for ever."""
    error = FeedFormatError("the body is an HTML page", FetchFailure.NOT_A_FEED)
    write = decide(make, make.answer(b"<html>", etag='"html"'), error)
    assert (write.feed.etag, write.feed.body_hash) == (None, None)
    assert (write.fetch.failure, write.fetch.bytes) == (FetchFailure.NOT_A_FEED, 6)


def test_gone_mutes_with_notice(make):
    """410 mutes the feed and says since when."""
    write = decide(make, make.answer(b"", 410))
    assert write.feed.muted_reason == "gone (410) since 2022-11-09"
    assert write.feed.health is FeedHealth.MUTED
    assert (write.feed.next_due_at, write.fetch.next_due_at) == (None, None)
    assert "not asked again" in write.fetch.reason


def test_challenge_is_named(make):
    """A page for browsers only is named as what it is."""
    write = decide(make, make.answer(b"", 403, cf_mitigated="challenge"))
    assert "Cloudflare challenge" in write.fetch.reason


def test_lease_covers_a_slow_poll():
    """A lease is longer than request and parse together."""
    assert lease_for(SETTINGS) > timedelta(seconds=SETTINGS.timeout + SETTINGS.parse_timeout)
