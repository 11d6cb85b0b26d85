"""Pages in the store: who is wanted, what is kept, and that neither text is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from helpers_store import HOUR, NOON, draft, edited, spec
from helpers_store import poll as poll_feed
from tocsin.errors import StoreError
from tocsin.model import (
    PageFacts,
    PageReason,
    PageState,
    PageText,
    PageWrite,
    RevisionReason,
)

PAGE = (
    "North Korea fired a missile on Wednesday, the military said. It flew 500 kilometres and fell into "
    "the sea. Japan lodged a protest through its embassy in Beijing."
)
TEASER = "North Korea fired a missile on Wednesday, the military said."
LATER = NOON + HOUR


def poll(store, name, *drafts):
    at = max(one.seen_at for one in drafts)
    return store.record_poll(poll_feed(store, store.feed(f"https://{name}.example/rss").id, *drafts, at=at))


@pytest.fixture
def article(store):
    """An article of a feed that is marked full_text."""
    store.add_feeds([spec("teasers", full_text=True)], NOON)
    (row,) = poll(store, "teasers", draft("a", TEASER))
    return row


def told(article, **changed):
    write = PageWrite(
        article, LATER, PageState.DONE, PageReason.FULLER, "more", tries=1,
        page=PageText(PageFacts("https://news.example/a", published=NOON - 2 * HOUR, author="Kim"), PAGE),
    )  # fmt: skip
    return replace(write, **changed)


def test_pages_are_wanted_for_marked_feeds_only(store, article):
    """Of others nothing is fetched, and no article has a page."""
    store.add_feeds([spec("whole")], NOON)
    (other,) = poll(store, "whole", draft("b"))
    assert store.page(article).state is PageState.WANTED
    assert store.page(other) is None
    assert [page.article_id for page in store.claim_pages(NOON, 10, HOUR)] == [article]


def test_an_article_without_address_has_no_page(store):
    """There is nothing to fetch."""
    store.add_feeds([spec("teasers", full_text=True)], NOON)
    (row,) = poll(store, "teasers", draft("a", TEASER, url=None))
    assert store.page(row) is None
    assert store.wanted_page(row) is None
    assert store.claim_pages(NOON, 10, HOUR) == []


def test_a_claim_tells_what_fetching_needs(store, article):
    """The address, the text the feed gave, how often it was tried."""
    (wanted,) = store.claim_pages(NOON, 10, HOUR)
    assert (wanted.url, wanted.title, wanted.teaser, wanted.tries) == (
        "https://news.example/a", "Launch reported (a)", TEASER, 0,
    )  # fmt: skip
    assert (wanted.published, wanted.first_seen, wanted.proxy) == (NOON - HOUR, NOON, None)
    assert store.wanted_page(article) == wanted


def test_a_claimed_page_is_not_given_out_again_before_its_lease_ends(store, article):
    """Or before it is put off to."""
    assert store.claim_pages(NOON, 10, HOUR)
    assert store.claim_pages(NOON, 10, HOUR) == []
    assert store.claim_pages(NOON + HOUR, 10, HOUR)
    store.put_off_pages([article], NOON + 3 * HOUR)
    assert store.claim_pages(NOON + 2 * HOUR, 10, HOUR) == []
    assert store.claim_pages(NOON + 3 * HOUR, 10, HOUR)


def test_both_texts_are_kept_and_the_fuller_one_is_read(store, article):
    """The teaser is the first revision, the page the second, and it waits for extraction."""
    assert store.record_page(told(article))
    first, second = store.article_revisions(article)
    assert (first.reason, first.text) == (RevisionReason.FIRST_SEEN, f"Launch reported (a)\n\n{TEASER}")
    assert (second.reason, second.text) == (RevisionReason.FULL_TEXT, f"Launch reported (a)\n\n{PAGE}")
    now = store.article(article)
    assert (now.revision, now.text, now.known_at, now.author) == (2, second.text, LATER, "Kim")
    assert store.waiting_for_extraction(10) == [article]


def test_the_time_of_the_feed_and_that_of_the_page_are_kept_apart(store, article):
    """The article keeps the feed's; the revision and the page have the page's."""
    store.record_page(told(article))
    assert store.article(article).published == NOON - HOUR
    assert store.article_revisions(article)[1].published == NOON - 2 * HOUR
    page = store.page(article)
    assert (page.state, page.note, page.tries, page.fetched_at) == (PageState.DONE, "more", 1, LATER)
    assert page.page == told(article).page


def test_the_page_dates_what_the_feed_did_not(store):
    """Only there."""
    store.add_feeds([spec("teasers", full_text=True)], NOON)
    (row,) = poll(store, "teasers", draft("a", TEASER, published=None))
    store.record_page(told(row))
    assert store.article(row).published == NOON - 2 * HOUR


def test_a_standfirst_of_its_own_words_stays_before_the_text(store):
    """What was read in the teaser must be read again."""
    store.add_feeds([spec("teasers", full_text=True)], NOON)
    (row,) = poll(store, "teasers", draft("a", "Pyongyang shocks its neighbours with an unannounced launch."))
    store.record_page(told(row))
    assert store.article(row).text.split("\n\n")[1:] == [
        "Pyongyang shocks its neighbours with an unannounced launch.", PAGE,
    ]  # fmt: skip


@pytest.mark.parametrize("state", [PageState.PAYWALL, PageState.CONSENT, PageState.ROBOTS, PageState.FAILED])
def test_a_page_that_could_not_be_read_leaves_the_teaser(store, article, state):
    """With the reason in words; it is not asked for again."""
    assert store.record_page(told(article, state=state, note="why", page=None))  # the teaser still waits
    assert [one.number for one in store.article_revisions(article)] == [1]
    assert (store.page(article).state, store.page(article).note) == (state, "why")
    assert store.claim_pages(LATER + 100 * HOUR, 10, HOUR) == []


def test_a_page_is_asked_for_again_when_it_is_due(store, article):
    """With its tries counted."""
    again = told(article, state=PageState.WANTED, due_at=LATER + HOUR, tries=2, page=None)
    store.record_page(again)
    assert store.claim_pages(LATER, 10, HOUR) == []
    assert [page.tries for page in store.claim_pages(LATER + HOUR, 10, HOUR)] == [2]


def test_the_same_text_again_is_no_revision(store, article):
    """A page fetched twice changes nothing."""
    store.record_page(told(article))
    store.record_page(told(article, at=LATER + HOUR))
    assert len(store.article_revisions(article)) == 2
    store.record_page(told(article, page=replace(told(article).page, text=PAGE + " Talks were called off.")))
    assert store.article(article).revision == 3
    assert store.article(article).text.endswith("Talks were called off.")


def test_an_edited_teaser_does_not_take_back_what_the_page_said(store, article):
    """The edit is a revision, the full text under the new headline another, and the page is asked again."""
    store.record_page(told(article))
    seen = LATER + timedelta(minutes=5)
    poll(
        store, "teasers", edited(article, "a", TEASER + " Tokyo protested.", title="Corrected", seen_at=seen)
    )
    assert [one.reason.value for one in store.article_revisions(article)] == [
        "first_seen", "full_text", "edited", "full_text",
    ]  # fmt: skip
    now = store.article(article)
    assert (now.revision, now.title) == (4, "Corrected")
    assert now.text.startswith("Corrected\n\n")
    assert now.text.endswith(PAGE)
    assert store.page(article).state is PageState.WANTED
    assert store.claim_pages(seen, 10, HOUR) == []  # not sooner than an hour after the last time
    assert store.claim_pages(LATER + HOUR, 10, HOUR)
    assert store.wanted_page(article).teaser == TEASER + " Tokyo protested."


def test_the_same_teaser_again_is_no_edit(store, article):
    """Though the article's own text is another by now."""
    store.record_page(told(article))
    poll(store, "teasers", draft("a", TEASER, seen_at=LATER + HOUR))
    assert len(store.article_revisions(article)) == 2
    assert store.page(article).state is PageState.DONE


def test_a_feed_that_is_marked_later_wants_the_pages_of_what_it_carries_from_then(store):
    """An article that another feed brought first gets its page, too."""
    store.add_feeds([spec("whole"), spec("teasers", full_text=True)], NOON)
    (row,) = poll(store, "whole", draft("a", TEASER))
    assert store.page(row) is None
    poll(store, "teasers", draft("b", TEASER, url="https://news.example/a"))
    assert store.page(row).state is PageState.WANTED


def test_the_proxy_of_the_feed_is_that_of_its_pages(store):
    """Who cannot reach the feed without one cannot reach the pages either."""
    store.add_feeds([spec("teasers", full_text=True, proxy="http://proxy.example:3128")], NOON)
    poll(store, "teasers", draft("a", TEASER))
    assert store.claim_pages(NOON, 10, HOUR)[0].proxy == "http://proxy.example:3128"


def test_a_page_of_no_article_is_refused(store):
    """Loudly."""
    with pytest.raises(StoreError, match="no article"):
        store.record_page(told(UUID(int=9)))
