"""Articles whose pages name one canonical address are one article with the carriers of all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpers_store import BODY, HOUR, NOON, add_feed, draft, launch, poll
from tocsin.model import (
    ArticleQuery,
    EventQuery,
    EventReason,
    EventStatus,
    PageFacts,
    PageReason,
    PageState,
    PageText,
    PageWrite,
)
from tocsin.polling._page_read import read_page
from tocsin.store import open_store
from tocsin.testing import SequentialIds
from tocsin.timeline import Linker

REAL = "https://paper.example/launch"
MORE = f"{BODY} Then the page says more."


class World:
    """Feeds carry articles, pages are read, mentions linked."""

    def __init__(self, store):
        self.store = store
        self.linker = Linker(store, SequentialIds(), lambda kind: kind)
        self.feeds = {}

    def carry(self, feed, url, hours=0):
        if feed not in self.feeds:
            self.feeds[feed] = add_feed(self.store, feed)
        at = NOON + timedelta(hours=hours)
        said = draft(
            url,
            f"The {feed} says so. {BODY}",
            url=url,
            seen_at=at,
        )
        (row,) = self.store.record_poll(poll(self.store, self.feeds[feed], said, at=at))
        return row

    def read(self, article, canonical=REAL, text=MORE):
        facts = PageFacts(url=canonical or "https://elsewhere.example/", canonical=canonical)
        self.store.record_page(
            PageWrite(article, NOON + 9 * HOUR, PageState.DONE, PageReason.FULLER, "more", tries=1, page=PageText(facts, text))
        )  # fmt: skip

    def work(self):
        """Extract and link whatever waits."""
        for row in self.store.waiting_for_extraction(99):
            article = self.store.article(row)
            self.store.write_mentions(row, article.revision, [launch(article.text)])
        for row in self.store.waiting_for_linking(99):
            self.linker.link(row)

    def heads(self):
        return [article.id for article in self.store.articles(ArticleQuery())]

    def event(self):
        (event,) = self.store.events(EventQuery())
        return event


@pytest.fixture
def world(store):
    return World(store)


@pytest.mark.parametrize("page_first", [False, True])
def test_the_article_at_the_address_stands_for_the_one_whose_page_names_it(world, page_first):
    """Whichever comes first; each keeps its texts, the one that stands has the carriers of both."""
    if page_first:
        mirror = world.carry("mirror", "https://mirror.example/1")
        world.read(mirror)
        paper = world.carry("paper", REAL, hours=1)
    else:
        paper = world.carry("paper", REAL)
        mirror = world.carry("mirror", "https://mirror.example/1", hours=1)
        world.read(mirror)
    assert world.store.article(mirror).same_as == paper
    assert world.store.article(paper).same_as is None
    assert world.heads() == [paper]
    assert set(world.store.article(paper).feed_ids) == set(world.feeds.values())
    assert world.store.article(mirror).feed_ids == (world.feeds["mirror"],)
    assert [one.number for one in world.store.article_revisions(mirror)] == [1, 2]
    assert "The paper says" in world.store.article(paper).text


def test_lists_find_the_one_by_what_any_of_them_says(world):
    """By the words and by the feed of the other."""
    paper, mirror = world.carry("paper", REAL), world.carry("mirror", "https://mirror.example/1", hours=1)
    world.read(mirror)
    for query in (
        ArticleQuery(text="says more"),
        ArticleQuery(feed="The mirror"),
        ArticleQuery(feed="Mirror Press"),
    ):
        assert [one.id for one in world.store.articles(query)] == [paper]
    assert world.store.articles(ArticleQuery(text="nobody said this")) == []


def test_what_both_tell_is_told_by_one(world):
    """A second owner is taken back when the page shows that it is the same article; spans stay where they were."""
    paper, mirror = world.carry("paper", REAL), world.carry("mirror", "https://mirror.example/1", hours=1)
    world.work()
    before = world.event()
    assert (before.articles, before.owners, before.status) == (
        2,
        ("Mirror Group", "Paper Group"),
        EventStatus.CONFIRMED,
    )
    world.read(mirror, text="")
    assert world.store.waiting_for_linking(9) == [mirror]
    world.work()
    after = world.event()
    assert (after.articles, after.mentions, after.owners) == (1, 2, ("Paper Group",))
    assert after.status is EventStatus.REPORTED
    last = world.store.event_revisions(after.id)[-1]
    assert (last.reason, last.number) == (EventReason.RECOUNTED, before.revision + 1)
    for told in world.store.event_mentions([after.id]):
        text = world.store.article(told.article_id).text
        assert text[told.mention.trigger.start : told.mention.trigger.end] == told.mention.trigger.text
    assert {told.article_id for told in world.store.event_mentions([after.id])} == {paper, mirror}


def test_the_same_page_again_changes_nothing(world):
    """Not the pointer, not what waits, not the event."""
    world.carry("paper", REAL)
    mirror = world.carry("mirror", "https://mirror.example/1", hours=1)
    world.read(mirror)
    world.work()
    before = world.event()
    world.read(mirror)
    assert world.store.waiting_for_linking(9) == []
    world.work()
    assert world.event() == before


def test_two_pages_may_name_an_address_that_no_feed_carries_until_later(world):
    """The one known first stands for both; then the one at the address for all three."""
    first = world.carry("mirror", "https://mirror.example/1")
    second = world.carry("proxy", "https://proxy.example/1", hours=1)
    world.read(second)
    world.read(first)
    assert (world.store.article(first).same_as, world.store.article(second).same_as) == (None, first)
    paper = world.carry("paper", REAL, hours=2)
    assert {world.store.article(one).same_as for one in (first, second)} == {paper}
    assert len(world.store.article(paper).feed_ids) == 3


def test_pages_that_name_each_other_make_one_article(world):
    """Not a circle."""
    paper, mirror = world.carry("paper", REAL), world.carry("mirror", "https://mirror.example/1", hours=1)
    world.read(mirror)
    world.read(paper, canonical="https://mirror.example/1")
    assert (world.store.article(paper).same_as, world.store.article(mirror).same_as) == (None, paper)


def test_entries_of_one_feed_stay_apart(world):
    """A page template that names the section on every page does not make one article of all of them."""
    section = "https://paper.example/news"
    rows = [world.carry("paper", f"https://paper.example/{n}", hours=n) for n in range(3)]
    for row in rows:
        world.read(row, canonical=section)
    assert len(world.heads()) == 3


def test_an_article_without_a_stated_address_stands_for_itself(world):
    """Nothing is guessed."""
    rows = [world.carry("paper", REAL), world.carry("mirror", "https://mirror.example/1", hours=1)]
    world.read(rows[1], canonical=None)
    assert set(world.heads()) == set(rows)


def test_it_is_still_one_after_a_restart(tmp_path):
    """The pointer and what waits to be linked again are rows."""
    url = f"sqlite:///{tmp_path / 't.sqlite'}"
    store = open_store(url)
    world = World(store)
    paper, mirror = world.carry("paper", REAL), world.carry("mirror", "https://mirror.example/1", hours=1)
    world.work()
    world.read(mirror, text="")
    store.close()
    store = open_store(url)
    again = World(store)
    again.work()
    assert (store.article(mirror).same_as, again.event().articles) == (paper, 1)
    store.close()


def test_a_page_cannot_name_the_article_of_another_site(world):
    """A thief's page that calls itself the paper's article stays the thief's, whichever comes first."""
    thief = world.carry("thief", "https://thief.example/1")
    page = (
        f'<html><head><link rel="canonical" href="{REAL}"></head><body><p>{MORE}</p></body></html>'.encode()
    )
    stated = read_page(page, "text/html", "https://thief.example/1").facts
    world.read(thief, canonical=stated.canonical)
    paper = world.carry("paper", REAL, hours=1)
    world.read(thief, canonical=stated.canonical)
    assert {world.store.article(one).same_as for one in (thief, paper)} == {None}
    world.work()
    assert world.event().owners == ("Paper Group", "Thief Group")
