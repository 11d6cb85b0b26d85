"""What the page of an article says about its full text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI

from helpers_store import NOON, draft, poll, spec
from helpers_web import PageClient, page, text_of
from tocsin.model import PageFacts, PageReason, PageState, PageText, PageWrite
from tocsin.ports import Store

TEXT = "North Korea fired a missile. It flew 500 kilometres and fell into the sea east of the peninsula."
SITE = "https://news.example"


@pytest.fixture
def article(store: Store) -> str:
    """An article with a teaser, of a feed that is marked."""
    store.add_feeds([spec("teasers", full_text=True)], NOON)
    feed = store.feed("https://teasers.example/rss")
    assert feed is not None
    (row,) = store.record_poll(poll(store, feed.id, draft("a", "A missile was fired.")))  # type: ignore[arg-type]
    return str(row)


def record(store: Store, state: PageState, note: str, text: str = "") -> None:
    (wanted,) = store.claim_pages(NOON, 1, timedelta(hours=1))
    facts = PageFacts(
        f"{SITE}/a", f"{SITE}/launch", published=NOON - timedelta(days=1), modified=NOON, free=True
    )
    read = PageText(facts, text) if text else None
    store.record_page(PageWrite(wanted.article_id, NOON, state, PageReason.FULLER, note, tries=1, page=read))


def test_both_texts_and_what_the_page_stated_are_shown(store: Store, app: FastAPI, article: str) -> None:
    """The full text is the text, the teaser is among the revisions, the times of the page stand beside."""
    record(store, PageState.DONE, "18 words, the feed gave 4", TEXT)
    client = PageClient(app)
    html = page(client, f"/articles/{article}")
    words = text_of(html)
    for expected in (
        TEXT,
        "What the feed said",
        "A missile was fired.",
        "full text",
        "the page says published",
    ):
        assert expected in words
    assert f'href="{SITE}/launch"' in html
    form = client.get(f"/articles/{article}.json").json()
    assert form["text"].endswith(TEXT)
    assert form["page"]["state"] == "done"
    assert form["page"]["canonical"] == f"{SITE}/launch"
    assert form["same_as"] is None
    assert form["page"]["modified"] == "2022-11-09T12:00:00+00:00"
    assert [one["reason"] for one in form["revisions"]] == ["first_seen", "full_text"]


def test_why_there_is_only_a_teaser_is_shown(store: Store, app: FastAPI, article: str) -> None:
    """In the sentence that was written when it was tried."""
    record(store, PageState.PAYWALL, "the page answered 402; the teaser stands")
    words = text_of(page(PageClient(app), f"/articles/{article}"))
    assert "paywall the page answered 402; the teaser stands" in words
    assert "A missile was fired." in words


def test_articles_of_other_feeds_say_nothing_about_pages(store: Store, app: FastAPI) -> None:
    """Nothing was wanted."""
    store.add_feeds([spec("whole")], NOON)
    feed = store.feed("https://whole.example/rss")
    assert feed is not None
    (row,) = store.record_poll(poll(store, feed.id, draft("b")))  # type: ignore[arg-type]
    client = PageClient(app)
    assert "Full text" not in text_of(page(client, f"/articles/{row}"))
    assert client.get(f"/articles/{row}.json").json()["page"] is None


def test_an_article_that_is_another_one_leads_there(store: Store, app: FastAPI, article: str) -> None:
    """Its page names the other's address: lists show the other, and its own page stays."""
    store.add_feeds([spec("paper")], NOON)
    feed = store.feed("https://paper.example/rss")
    assert feed is not None
    (other,) = store.record_poll(poll(store, feed.id, draft("b", url=f"{SITE}/launch")))  # type: ignore[arg-type]
    record(store, PageState.DONE, "18 words, the feed gave 4", TEXT)
    client = PageClient(app)
    html = page(client, f"/articles/{article}")
    assert f'href="/articles/{other}"' in html
    assert "the two count as one" in text_of(html)
    assert client.get(f"/articles/{article}.json").json()["same_as"] == str(other)
    assert f'href="/articles/{article}"' not in page(client, "/articles")
