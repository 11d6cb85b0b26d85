"""What extraction writes: mentions, their spans, and which of them count."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from helpers_store import (
    BODY,
    HOUR,
    NOON,
    add_feed,
    draft,
    edited,
    extracted,
    first,
    launch,
    poll,
    revision,
    told,
)
from tocsin.errors import StoreError
from tocsin.model import LinkWrite, Mention, MentionStatus, Span
from tocsin.store._tables_timeline import mention, span


def _rows(store, statement):
    with store._db.read() as connection:
        return connection.execute(statement).all()


def test_a_mention_comes_back_whole_with_its_article(store):
    """Every field, and what linking needs to know of the article."""
    (article_id,) = told(store, "a")
    article = store.article(article_id)
    given = launch(article.text)
    store.write_mentions(article_id, 1, [given])
    (found,) = store.article_mentions(article_id)
    assert found.mention == given
    assert found.mention.pattern == "fire-weapon"
    assert (found.article_id, found.revision, found.ordinal) == (article_id, 1, 0)
    assert (found.content_hash, found.published, found.known_at) == (
        article.content_hash,
        article.published,
        article.known_at,
    )
    assert (found.publisher, found.owner) == ("Feed Press", "Feed Group")
    assert (found.article_title, found.article_url) == (article.title, article.url)
    assert (found.event_id, found.link_reason, found.active) == (None, None, True)
    assert found.text_hash is not None


def test_a_bare_mention_comes_back(store):
    """Nothing but a trigger is enough."""
    (article_id,) = told(store, "a")
    given = Mention("protest.march", MentionStatus.PLANNED, Span("Launch", 0, 6), (0, 10))
    store.write_mentions(article_id, 1, [given])
    assert [m.mention for m in store.article_mentions(article_id)] == [given]


def test_every_span_is_a_row_that_points_to_its_words(store):
    """`text[start:end] == span.text` for each role."""
    (article_id,) = told(store, "a")
    extracted(store, article_id)
    text = store.article(article_id).text
    rows = _rows(store, select(span))
    assert {row.role for row in rows} == {
        "trigger", "source", "target", "object", "place", "when", "attribution",
        "claim.source", "claim.target", "claim.object", "claim.trigger",
    }  # fmt: skip
    assert all(text[row.start : row.end] == row.text for row in rows)
    (source,) = [row for row in rows if row.role == "source"]
    assert (source.name, source.country, source.sector) == ("North Korea", "PRK", "GOV")


def test_what_is_queried_stands_in_columns(store):
    """Type, status and days, without a look into the JSON."""
    (article_id,) = told(store, "a")
    extracted(store, article_id)
    (row,) = _rows(store, select(mention))
    assert (row.type, row.status, row.when_start, row.when_end) == (
        "weapons.launch.missile", "happened", date(2022, 11, 9), date(2022, 11, 9),
    )  # fmt: skip


def test_mentions_of_a_revision_are_written_once(store):
    """The same extraction again, or another one of the same revision, changes nothing."""
    (article_id,) = told(store, "a")
    ids = extracted(store, article_id)
    store.write_mentions(article_id, 1, [launch(store.article(article_id).text)] * 2)
    assert [m.id for m in store.article_mentions(article_id)] == ids


def test_a_newer_revision_replaces_the_mentions(store):
    """Those of earlier revisions stay, inactive."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    old = extracted(store, article_id)
    store.record_poll(
        poll(store, feed_id, edited(article_id, body=BODY + " More.", seen_at=NOON + HOUR), at=NOON + HOUR)
    )
    new = extracted(store, article_id)
    assert new != old
    every = store.article_mentions(article_id, active_only=False)
    assert [(m.id, m.revision, m.active) for m in every] == [(old[0], 1, False), (new[0], 2, True)]
    assert every[0].known_at == NOON
    assert every[1].known_at == NOON + HOUR


def test_a_late_extraction_of_an_old_revision_is_dropped(store):
    """Its text was replaced and the newer one is extracted already."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    store.record_poll(poll(store, feed_id, edited(article_id), at=NOON + HOUR))
    store.write_mentions(article_id, 2, [])
    store.write_mentions(article_id, 1, [launch(draft("a").text)])
    assert store.article_mentions(article_id, active_only=False) == []


def test_an_old_revision_extracted_first_leaves_the_newer_waiting(store):
    """The edit came while extraction ran."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    store.record_poll(poll(store, feed_id, edited(article_id), at=NOON + HOUR))
    store.write_mentions(article_id, 1, [launch(draft("a").text)])
    assert store.waiting_for_extraction(10) == [article_id]
    assert store.waiting_for_linking(10) == [article_id]


@pytest.mark.parametrize("number", [0, 2])
def test_mentions_of_a_revision_that_is_not_there_are_refused(store, number):
    """They would point into no text."""
    (article_id,) = told(store, "a")
    with pytest.raises(StoreError, match=f"no revision {number} of article"):
        store.write_mentions(article_id, number, [])
    with pytest.raises(StoreError, match="no revision"):
        store.write_mentions(UUID(int=1), 1, [])


def test_an_article_left_alone_says_why_and_waits_for_nothing(store):
    """No mentions and none to take back: linking has nothing to do."""
    (article_id,) = told(store, "a")
    store.write_mentions(article_id, 1, [], skipped="language: de")
    assert store.article(article_id).skipped == "language: de"
    assert store.waiting_for_extraction(10) == []
    assert store.waiting_for_linking(10) == []


def test_an_edit_that_takes_all_mentions_back_waits_for_linking(store):
    """Their events have to be told, also when another edit follows."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    (mention_id,) = extracted(store, article_id)
    store.write_links(LinkWrite(article_id, ((mention_id, first().id, "new"),), (revision(first()),)))
    assert store.waiting_for_linking(10) == []
    for number in (2, 3):
        body = f"Nothing happened {number}."
        store.record_poll(poll(store, feed_id, edited(article_id, body=body), at=NOON + number * HOUR))
        store.write_mentions(article_id, number, [])
        assert store.waiting_for_linking(10) == [article_id]
    store.write_links(LinkWrite(article_id, (), ()))
    assert store.waiting_for_linking(10) == []
