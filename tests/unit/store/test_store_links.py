"""What linking writes: events by revisions that are only ever appended."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from helpers_events import AMERICA, KOREA
from helpers_store import (
    HOUR,
    NOON,
    add_feed,
    draft,
    edited,
    extracted,
    first,
    launch,
    poll,
    put_events,
    revision,
    told,
    update_event,
    whole_world,
)
from tocsin.errors import StoreConflictError, StoreError
from tocsin.model import EventQuery, EventReason, LinkWrite, Party
from tocsin.store._tables_timeline import event_party


def _second(event, **changed):
    return replace(event, revision=2, last_known=NOON + HOUR, **changed)


def test_links_events_and_revisions_are_one_write(store):
    """The event comes back whole, with the mention that backs it and why."""
    (article_id,) = told(store, "a")
    (mention_id,) = extracted(store, article_id)
    event, write = first(), revision(first(), article_id=article_id)
    waiting = store.write_links(LinkWrite(article_id, ((mention_id, event.id, "first report"),), (write,)))
    assert waiting == [event.id]
    assert store.event(event.id) == event
    assert store.event_revisions(event.id) == [write]
    (backing,) = store.event_mentions([event.id])
    assert (backing.id, backing.event_id, backing.link_reason) == (mention_id, event.id, "first report")
    assert store.waiting_for_linking(10) == []
    assert store.waiting_for_rules(10) == [event.id]
    assert store.event(UUID(int=1)) is None


def test_a_mention_can_be_left_off_the_timeline_with_its_reason(store):
    """It is decided and does not wait any more."""
    (article_id,) = told(store, "a")
    (mention_id,) = extracted(store, article_id)
    assert store.write_links(LinkWrite(article_id, ((mention_id, None, "hypothetical"),), ())) == []
    (left,) = store.article_mentions(article_id)
    assert (left.event_id, left.link_reason) == (None, "hypothetical")
    assert store.waiting_for_linking(10) == []


def test_the_same_write_twice_is_the_same_rows(store):
    """Events, revisions, parties, claims and stances are not doubled, and rules still look once."""
    world = whole_world(store)
    before = store.stats()
    assert store.write_links(world["link"]) == []
    assert store.stats()["rows"] == before["rows"]
    assert store.stats()["waiting"] == before["waiting"]


def test_a_second_revision_is_appended(store):
    """The event is the newest state; both states stay."""
    event = first()
    article_id = put_events(store, event)
    after = _second(event, title="Two missiles")
    update_event(store, article_id, after, NOON + HOUR)
    assert store.event(event.id) == after
    assert [r.state for r in store.event_revisions(event.id)] == [event, after]
    assert [r.number for r in store.event_revisions(event.id)] == [1, 2]


def test_several_revisions_of_one_event_in_one_write(store):
    """An article with two mentions of one event moves it twice."""
    (article_id,) = told(store, "a")
    event = first(source=(KOREA,), target=(AMERICA,))
    later = _second(event, source=(AMERICA,), target=())
    last = replace(later, revision=3, source=(KOREA,))
    store.write_links(LinkWrite(article_id, (), tuple(revision(state) for state in (last, event, later))))
    assert store.event(event.id) == last
    with store._db.read() as connection:
        rows = connection.execute(select(event_party).order_by(event_party.c.since_revision)).all()
    lives = [(r.role, r.country, r.since_revision, r.until_revision) for r in rows]
    assert sorted(lives) == [
        ("source", "PRK", 1, 2), ("source", "PRK", 3, None), ("source", "USA", 2, 3), ("target", "USA", 1, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_revision_numbers_collide_loudly(store, number):
    """Somebody else moved the event since it was read: nothing is written, the caller decides again."""
    event = first()
    article_id = put_events(store, event)
    other = replace(event, title="Another story", revision=number)
    write = LinkWrite(article_id, (), (revision(first(2)), revision(other)))
    with pytest.raises(StoreConflictError, match=rf"is at revision 1, revision {number} does not"):
        store.write_links(write)
    assert store.event(event.id) == event
    assert store.event(first(2).id) is None


@pytest.mark.parametrize(
    "changed", [{"known_at": NOON + HOUR}, {"reason": EventReason.CORRECTED}, {"detail": "other"}]
)
def test_a_revision_with_the_same_state_but_another_story_collides(store, changed):
    """When and why are part of what was written."""
    event = first()
    article_id = put_events(store, event)
    with pytest.raises(StoreConflictError):
        store.write_links(LinkWrite(article_id, (), (replace(revision(event), **changed),)))


def test_an_unknown_mention_is_refused(store):
    """A link that goes nowhere is a mistake, not a row less."""
    article_id = put_events(store, first())
    write = LinkWrite(article_id, ((UUID(int=4), first().id, "x"),), (revision(first(2)),))
    with pytest.raises(StoreError, match="a mention of article"):
        store.write_links(write)
    assert store.event(first(2).id) is None


def test_an_unknown_article_is_refused(store):
    """Nothing is written for it."""
    with pytest.raises(StoreError, match="no article"):
        store.write_links(LinkWrite(UUID(int=4), (), (revision(first()),)))
    assert store.count_events(EventQuery()) == 0


def test_a_link_to_an_unknown_event_is_refused(store):
    """The database keeps its references."""
    (article_id,) = told(store, "a")
    (mention_id,) = extracted(store, article_id)
    with pytest.raises(StoreError, match="refused a row"):
        store.write_links(LinkWrite(article_id, ((mention_id, UUID(int=8), "x"),), ()))


def test_an_edit_that_comes_while_linking_runs_still_waits(store):
    """The mentions of the newer revision were not decided by this write."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    (old,) = extracted(store, article_id)
    store.record_poll(poll(store, feed_id, edited(article_id, body=draft("b").text), at=NOON + HOUR))
    extracted(store, article_id)
    store.write_links(LinkWrite(article_id, ((old, first().id, "x"),), (revision(first()),)))
    assert store.waiting_for_linking(10) == [article_id]
    store.write_links(LinkWrite(article_id, (), ()))
    assert store.waiting_for_linking(10) == [article_id]


def test_a_decision_on_some_mentions_only_does_not_loop(store):
    """What linking does not speak of has been looked at with the rest."""
    (article_id,) = told(store, "a")
    text = store.article(article_id).text
    one, _ = extracted(store, article_id, launch(text), launch(text))
    store.write_links(LinkWrite(article_id, ((one, None, "vague"),), ()))
    assert store.waiting_for_linking(10) == []


def test_a_withdrawn_mention_can_be_taken_off_its_event(store):
    """An edited article no longer tells it; the event keeps what others told."""
    feed_id = add_feed(store)
    (article_id,) = store.record_poll(poll(store, feed_id, draft("a")))
    (mention_id,) = extracted(store, article_id)
    event = first()
    store.write_links(LinkWrite(article_id, ((mention_id, event.id, "x"),), (revision(event),)))
    store.record_poll(poll(store, feed_id, edited(article_id), at=NOON + HOUR))
    store.write_mentions(article_id, 2, [])
    gone = _second(event, mentions=0)
    write = replace(revision(gone), reason=EventReason.WITHDRAWN)
    store.write_links(LinkWrite(article_id, ((mention_id, None, "withdrawn"),), (write,)))
    assert store.waiting_for_linking(10) == []
    assert store.event_mentions([event.id], active_only=False) == []


def test_what_backs_events_comes_oldest_knowledge_first(store):
    """Mentions of several events in one call; inactive ones only when asked for."""
    late = put_events(store, first(1), first(2), key="late")
    (early,) = store.add_articles([draft("early", known_at=NOON - HOUR)], publisher="P")
    (mention_id,) = extracted(store, early)
    store.write_links(LinkWrite(early, ((mention_id, first(1).id, "same"),), ()))
    backing = store.event_mentions([first(1).id, first(2).id])
    assert [m.article_id for m in backing] == [early, late, late]
    store.add_articles([edited(early, key="early")], publisher="P")
    store.write_mentions(early, 2, [])
    assert [m.article_id for m in store.event_mentions([first(1).id])] == [late]
    assert len(store.event_mentions([first(1).id], active_only=False)) == 2
    assert store.event_mentions([]) == []


def test_changes_are_given_in_the_order_they_were_written(store):
    """The live stream goes on after the last number it saw."""
    assert store.changes(None) == []
    article_id = put_events(store, first(1), first(2))
    ((newest, last),) = store.changes(None)
    assert last.event_id == first(2).id
    assert [r.event_id for _, r in store.changes(0)] == [first(1).id, first(2).id]
    update_event(store, article_id, _second(first(1)), NOON + HOUR)
    ((number, change),) = store.changes(newest)
    assert (number > newest, change.number, change.event_id) == (True, 2, first(1).id)
    assert len(store.changes(0, limit=2)) == 2


def test_a_party_without_name_or_country_is_kept(store):
    """Somebody did it; nobody says who."""
    event = first(source=(Party(None, None), Party("  ", None)))
    put_events(store, event)
    assert store.event(event.id).source == event.source
    assert store.events(EventQuery(actor="  ")) == []
