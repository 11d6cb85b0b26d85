"""Articles, their revisions, carriers and lists in the store."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from helpers_store import BODY, HOUR, NOON, add_feed, draft, edited, poll, told
from tocsin.errors import StoreError
from tocsin.model import (
    Article,
    ArticleQuery,
    ArticleRevision,
    GeoTag,
    KnownArticle,
    Media,
    MediaRole,
    Retagging,
    RevisionReason,
    SeenDocument,
    SeenEntry,
)
from tocsin.store._drafts import text_hash


def test_an_article_comes_back_whole(store):
    """Facts of the entry stand beside those of its feed."""
    feed_id = add_feed(store)
    given = draft("a", language="en", author="A. Writer", date_refused="year 1", html="<p>x</p>")
    (article_id,) = store.record_poll(poll(store, feed_id, given))
    assert store.article(article_id) == Article(
        id=article_id,
        url=given.url,
        title=given.title,
        text=given.text,
        content_hash=given.content_hash,
        revision=1,
        published=given.published,
        first_seen=NOON,
        known_at=NOON,
        publisher="Feed Press",
        owner="Feed Group",
        country="KOR",
        timezone="Asia/Seoul",
        language="en",
        author="A. Writer",
        backfilled=False,
        feed_ids=(feed_id,),
        date_refused="year 1",
    )
    assert store.article(UUID(int=1)) is None


def test_media_and_place_come_back_whole(store):
    """And go with an edit that has none."""
    feed_id = add_feed(store)
    media = (Media("https://a.example/a.jpg", width=3), Media("https://a.example/b", MediaRole.ENCLOSURE))
    given = draft("a", media=media, geo=GeoTag(1.5, -2.0, name="Here"), tags="t1")
    (article_id,) = store.record_poll(poll(store, feed_id, given))
    found = store.article(article_id)
    assert (found.media, found.geo) == (media, given.geo)
    store.record_poll(poll(store, feed_id, edited(article_id, seen_at=NOON + HOUR), at=NOON + HOUR))
    found = store.article(article_id)
    assert (found.revision, found.media, found.geo) == (2, (), None)


def test_other_media_alone_are_no_revision(store):
    """The carrier remembers them, so that the next document with the same ones is the same."""
    feed_id = add_feed(store)
    given = draft("a")
    (article_id,) = store.record_poll(poll(store, feed_id, given))
    store.write_mentions(article_id, 1, [])
    told = SeenDocument(feed_id, (SeenEntry("a", given.content_hash, given.url, "t1"),))
    (known,) = store.known_entries([told])
    assert (known.same, known.by_key["a"].tags) == (frozenset(), None)
    media = (Media("https://a.example/a.jpg"),)
    write = replace(
        poll(store, feed_id, at=NOON + HOUR), retagged=(Retagging("a", article_id, media, None, "t1"),)
    )
    assert store.record_poll(write) == []
    found = store.article(article_id)
    assert (found.media, found.revision, store.waiting_for_extraction(9)) == (media, 1, [])
    (known,) = store.known_entries([told])
    assert known.same == {"a"}


def test_an_entry_that_names_its_source_keeps_it(store):
    """An aggregator's feed carries articles of others."""
    feed_id = add_feed(store)
    named = draft("a", publisher="Wire", owner="Wire Inc")
    (article_id,) = store.record_poll(poll(store, feed_id, named))
    found = store.article(article_id)
    assert (found.publisher, found.owner, found.country) == ("Wire", "Wire Inc", "KOR")


def test_an_edit_is_a_revision_and_waits_again(store):
    """Both texts stay; the newest is the article."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a", author="A", language="en")))
    store.write_mentions(article_id, 1, [])
    assert store.waiting_for_extraction(10) == []
    later = NOON + HOUR
    change = edited(article_id, seen_at=later, published=None)
    assert store.record_poll(poll(store, feed_id, change, at=later)) == [article_id]
    found = store.article(article_id)
    assert (found.revision, found.text, found.known_at) == (2, change.text, later)
    assert (found.first_seen, found.published, found.author, found.language) == (NOON, NOON - HOUR, "A", "en")
    assert store.waiting_for_extraction(10) == [article_id]
    one, two = store.article_revisions(article_id)
    assert one == ArticleRevision(
        article_id, 1, draft("a").title, draft("a").text, draft("a").content_hash, NOON - HOUR, NOON, NOON,
        RevisionReason.FIRST_SEEN,
    )  # fmt: skip
    assert (two.number, two.text, two.reason) == (2, change.text, RevisionReason.EDITED)


def test_the_same_text_again_is_no_revision(store):
    """A poll that brings nothing new changes nothing, whatever the decider said."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    store.record_poll(poll(store, feed_id, draft("a"), at=NOON + HOUR))
    store.record_poll(poll(store, feed_id, draft("a", article_id=article_id), at=NOON + 2 * HOUR))
    assert store.article(article_id).revision == 1


def test_a_text_that_changes_back_is_a_third_revision(store):
    """Toggling is history too."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    store.record_poll(poll(store, feed_id, edited(article_id), at=NOON + HOUR))
    store.record_poll(poll(store, feed_id, draft("a", article_id=article_id), at=NOON + 2 * HOUR))
    assert [r.content_hash for r in store.article_revisions(article_id)] == [
        draft("a").content_hash,
        edited(None).content_hash,
        draft("a").content_hash,
    ]


def test_one_address_in_two_feeds_is_one_article_with_two_carriers(store):
    """Section feeds of one paper do not make copies."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    (first,) = store.record_poll(poll(store, one, draft("a")))
    (second,) = store.record_poll(
        poll(store, two, draft("other-guid", title="Launch reported (a)", url=draft("a").url))
    )
    assert second == first
    assert store.article(first).feed_ids == (one, two)
    assert store.article(first).revision == 1
    assert store.feed(two).articles == 1


def test_another_feeds_cut_of_an_article_is_a_carrier_and_no_edit(store):
    """A feed is compared with what it said itself; how a second one shortens the text changes nothing."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    short = draft("a", body="A short cut.")
    (article_id,) = store.record_poll(poll(store, one, draft("a")))
    for hour in range(1, 4):
        for feed_id, given in ((two, short), (one, draft("a"))):
            store.record_poll(poll(store, feed_id, given, at=NOON + hour * HOUR))
    assert [r.text for r in store.article_revisions(article_id)] == [draft("a").text]
    by_key, by_url = store.known_articles(two, ["a"], [short.url])
    assert by_key["a"].content_hash == short.content_hash
    assert by_url[short.url].content_hash == draft("a").content_hash


def test_an_edit_of_another_feeds_cut_does_not_take_the_place_of_the_text(store):
    """The feed whose words the article has may change them; a second feed's teaser may not."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    (article_id,) = store.record_poll(poll(store, one, draft("a")))
    store.record_poll(poll(store, two, draft("a", body="A short cut.")))
    store.record_poll(poll(store, two, draft("a", body="Another cut."), at=NOON + HOUR))
    assert store.article(article_id).text == draft("a").text
    store.record_poll(poll(store, one, edited(article_id), at=NOON + 2 * HOUR))
    store.record_poll(poll(store, two, draft("a", body="A third cut."), at=NOON + 3 * HOUR))
    store.record_poll(poll(store, one, edited(article_id, body="Once more."), at=NOON + 4 * HOUR))
    texts = [r.text for r in store.article_revisions(article_id)]
    assert texts == [draft("a").text, edited(None).text, edited(None, body="Once more.").text]


def test_a_second_feed_that_gives_the_same_words_may_edit_them(store):
    """Section feeds of one paper carry one text; whichever is asked first brings the edit, once."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    (article_id,) = store.record_poll(poll(store, one, draft("a")))
    store.record_poll(poll(store, two, draft("a")))
    for hour, feed_id in ((1, two), (2, one), (3, two)):
        store.record_poll(poll(store, feed_id, edited(article_id), at=NOON + hour * HOUR))
    assert [r.text for r in store.article_revisions(article_id)] == [draft("a").text, edited(None).text]
    store.record_poll(poll(store, one, edited(article_id, body="Once more."), at=NOON + 4 * HOUR))
    assert store.article(article_id).revision == 3


def test_articles_without_address_are_told_apart_by_key(store):
    """Keys identify inside a feed; the same key of another feed is another article."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    (first,) = store.record_poll(poll(store, one, draft("1", url=None)))
    (second,) = store.record_poll(poll(store, two, draft("1", url=None)))
    assert first != second
    assert store.record_poll(poll(store, one, draft("1", url=None), at=NOON + HOUR)) == [first]


def test_a_feed_that_names_an_entry_twice_gives_one_article(store):
    """The later text of the two is the newest revision."""
    feed_id = add_feed(store)
    waiting = store.record_poll(poll(store, feed_id, draft("a"), draft("a"), edited(None)))
    assert len(waiting) == 1
    assert store.article(waiting[0]).revision == 2
    assert store.feed(feed_id).articles == 1


def test_known_articles_are_given_by_key_and_by_address(store):
    """What the poll decider compares with: by key of this feed, by address of any."""
    one, two = add_feed(store, "one"), add_feed(store, "two")
    (first,) = store.record_poll(poll(store, one, draft("a")))
    given = draft("a")
    by_key, by_url = store.known_articles(one, ["a", "b"], [given.url, "https://none.example/"])
    assert by_key == {"a": KnownArticle(first, "a", given.content_hash, 1, NOON - HOUR)}
    assert by_url == {given.url: KnownArticle(first, given.url, given.content_hash, 1, NOON - HOUR)}
    assert store.known_articles(two, ["a"], []) == ({}, {})


def test_more_keys_than_a_statement_takes_are_looked_up_in_portions(store):
    """A huge feed is no special case."""
    feed_id = add_feed(store)
    drafts = [draft(str(number), body="x") for number in range(6_000)]
    assert len(store.record_poll(poll(store, feed_id, *drafts))) == 6_000
    keys, urls = [given.key for given in drafts], [given.url for given in drafts]
    by_key, by_url = store.known_articles(feed_id, keys, urls)
    assert (len(by_key), len(by_url)) == (6_000, 6_000)
    assert len(store.waiting_for_extraction(9_999)) == 6_000


def test_ingested_articles_have_no_feed(store):
    """They are known since their publication, and say so."""
    past = NOON - 1000 * HOUR
    given = draft("doc-1", known_at=past, backfilled=True, owner="Archive Inc")
    (article_id,) = store.add_articles([given], publisher="Archive", timezone="Europe/Rome")
    found = store.article(article_id)
    assert (found.feed_ids, found.publisher, found.owner, found.timezone) == (
        (), "Archive", "Archive Inc", "Europe/Rome",
    )  # fmt: skip
    assert (found.backfilled, found.known_at, found.first_seen) == (True, past, NOON)


def test_ingesting_twice_gives_nothing_and_a_changed_text_a_revision(store):
    """By key inside one publisher, or by address."""
    (known,) = store.add_articles([draft("a", url=None)], publisher="P")
    store.write_mentions(known, 1, [])
    assert store.add_articles([draft("a", url=None)], publisher="P") == []
    assert store.add_articles([edited(None, url=None)], publisher="P") == [known]
    assert store.article(known).revision == 2
    (other,) = store.add_articles([draft("a", url=None)], publisher="Q")
    assert other != known
    assert store.add_articles([], publisher="P") == []


def test_ingesting_what_a_feed_brought_is_no_second_article(store):
    """The address tells."""
    (known,) = told(store, "a")
    assert store.add_articles([draft("a")], publisher="P") == [known]
    assert store.stats()["rows"]["article"] == 1


def test_text_no_database_can_hold_keeps_its_length(store):
    """NUL and lone surrogates are replaced one for one, so that every offset stays right."""
    text = "a\0b\ud800c 🜂"
    (article_id,) = store.add_articles([draft("k\ud800", text=text, title="t\0")], publisher="P\udfff")
    assert store.article(article_id).text == "a\ufffdb\ufffdc 🜂"
    assert store.add_articles([draft("k\ud800", text=text, title="t\0")], publisher="P\udfff") == [article_id]


def test_articles_are_listed_newest_first(store):
    """By the time they became known, in pages."""
    ids = [told(store, key, at=NOON + hour * HOUR)[-1] for hour, key in enumerate("abc")]
    found = store.articles(ArticleQuery(limit=2))
    assert [article.id for article in found] == [ids[2], ids[1]]
    assert [article.id for article in store.articles(ArticleQuery(offset=2))] == [ids[0]]
    assert store.articles(ArticleQuery(limit=0)) == []


@pytest.mark.parametrize("named", ["https://one.example/rss", "The one", "the ONE", "One Press", "one press"])
def test_articles_are_found_by_their_feed(store, named):
    """By its address, title or publisher, without case."""
    (wanted,) = told(store, "a", feed="one")
    told(store, "b", feed="two")
    assert [article.id for article in store.articles(ArticleQuery(feed=named))] == [wanted]


def test_articles_that_came_by_ingest_are_found_by_publisher(store):
    """Also one with letters that only Python folds."""
    (wanted,) = store.add_articles([draft("a")], publisher="Élan")
    store.add_articles([draft("b")], publisher="Other")
    assert [article.id for article in store.articles(ArticleQuery(feed="Élan"))] == [wanted]


def test_articles_are_found_by_words_of_their_newest_text(store):
    """A word that was edited away does not find the article any more."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a", body="A volcano erupts.")))
    query = ArticleQuery(text="volcanoes erupted")
    assert [article.id for article in store.articles(query)] == [article_id]
    store.record_poll(poll(store, feed_id, edited(article_id, body="All is calm."), at=NOON + HOUR))
    assert store.articles(query) == []
    assert len(store.articles(ArticleQuery(text="calm", feed="The feed"))) == 1


def test_an_unknown_article_cannot_be_revised(store):
    """The error names it; nothing is written."""
    with pytest.raises(StoreError, match=str(UUID(int=3))):
        store.add_articles([edited(UUID(int=3))], publisher="P")


def test_copies_of_a_wire_text_have_one_hash_under_any_headline():
    """Only the body counts, without case and white space; a teaser proves nothing."""
    one, two = draft("a", title="One"), draft("b", title="Another headline")
    assert text_hash(one.title, one.text) == text_hash(two.title, two.text)
    assert text_hash("T", "T\n\n" + BODY) == text_hash("", BODY.upper().replace(" ", "\n  "))
    assert text_hash("T", "T\n\n" + BODY) != text_hash("T", "T\n\n" + BODY + " More.")
    assert text_hash("T", "T\n\nRead more") is None
    assert text_hash("T", "T") is None


def test_what_comes_first_is_extracted_first(store):
    """The order is that of knowledge, not of arrival."""
    old = replace(draft("old"), known_at=NOON - HOUR)
    waiting = store.add_articles([draft("new"), old], publisher="P")
    assert store.waiting_for_extraction(10) == waiting[::-1]
    assert store.waiting_for_extraction(1) == waiting[1:]
