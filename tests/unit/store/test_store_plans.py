"""Every list query is served by an index; none asks the database once for each row."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Select, event, select
from sqlalchemy.dialects import postgresql, sqlite

from helpers_store import (
    HOUR,
    NOON,
    a_subscriber,
    add_feed,
    alert_draft,
    draft,
    first,
    new_delivery,
    poll,
    put_events,
)
from tocsin.model import ArticleQuery, ClaimQuery, EventQuery, MentionCandidate
from tocsin.store._articles import article_list, unlinked_articles, unread_articles
from tocsin.store._claiming import due_feeds, held_hosts, scheduled_feeds, unscheduled_feeds
from tocsin.store._claims import claim_list
from tocsin.store._convert_events import MENTIONS
from tocsin.store._deliveries import due_deliveries
from tocsin.store._event_query import event_candidates, event_list, one_event
from tocsin.store._pages import wanted_pages
from tocsin.store._part import insertion
from tocsin.store._same import named_addresses
from tocsin.store._tables_alerts import alert, alert_event, attempt, silence
from tocsin.store._tables_feeds import article, article_revision, carrier, fetch
from tocsin.store._tables_timeline import event_revision, mention
from tocsin.store._timeline import unmatched_events

SOME = UUID(int=1)
LAUNCHES = MentionCandidate(("weapons",), ("PRK",), date(2022, 11, 1), date(2022, 11, 9), NOON)

STATEMENTS: dict[str, tuple[Select, str]] = {
    "due feeds": (due_feeds(NOON), "ix_feed_due"),
    "due for want of a time": (unscheduled_feeds(), "ix_feed_due"),
    "due some day": (scheduled_feeds(), "ix_feed_due"),
    "hosts that are held": (held_hosts(NOON), "ix_feed_lease"),
    "fetches of a feed": (
        select(fetch).where(fetch.c.feed_id == SOME).order_by(fetch.c.at.desc()), "sqlite_autoindex_fetch_",
    ),
    "carriers of an article": (select(carrier).where(carrier.c.article_id == SOME), "ix_carrier_article_id"),
    "articles": (article_list(ArticleQuery()), "ix_article_known_at"),
    "waiting for extraction": (unread_articles(10), "ix_article_unread"),
    "waiting for linking": (unlinked_articles(10), "ix_article_unlinked"),
    "due pages": (wanted_pages(NOON, 10), "ix_article_page_wanted"),
    "pages that name an address": (named_addresses(["https://a.example/1"]), "ix_article_page_canonical"),
    "articles that point to one": (
        select(article.c.id).where(article.c.same_as == SOME), "ix_article_same_as",
    ),
    "revisions of an article": (
        select(article_revision).where(article_revision.c.article_id == SOME),
        "sqlite_autoindex_article_revision_",
    ),
    "mentions of an article": (
        MENTIONS.where(mention.c.article_id == SOME), "sqlite_autoindex_mention_",
    ),
    "mentions of an event": (MENTIONS.where(mention.c.event_id == SOME), "ix_mention_event_id"),
    "the timeline": (event_list(EventQuery()), "ix_event_day"),
    "the timeline, oldest first": (event_list(EventQuery(oldest_first=True)), "ix_event_day"),
    "the timeline of some days": (
        event_list(EventQuery(until=date(2022, 11, 9))), "ix_event_day",
    ),
    "the timeline of a type": (event_list(EventQuery(types=("weapons",))), "ix_event_type_day"),
    "the timeline of an actor": (event_list(EventQuery(actor="PRK")), "ix_event_party_country"),
    "what became known": (
        event_list(EventQuery(known_since=NOON, known_until=NOON + HOUR)), "ix_event_first_known",
    ),
    "the timeline of a rule": (event_list(EventQuery(rule="x")), "sqlite_autoindex_alert_"),
    "the timeline as it stood": (
        event_list(EventQuery(as_of=NOON)), "sqlite_autoindex_event_revision_",
    ),
    "an event as it stood": (one_event(SOME, NOON), "sqlite_autoindex_event_revision_"),
    "candidates": (event_candidates(LAUNCHES, 200), "ix_event_shelf"),
    "waiting for rules": (unmatched_events(10), "ix_event_unmatched"),
    "revisions of an event": (
        select(event_revision).where(event_revision.c.event_id == SOME), "sqlite_autoindex_event_revision_",
    ),
    "claims": (claim_list(ClaimQuery()), "ix_claim_last_known"),
    "claims of a type": (claim_list(ClaimQuery(type="arms")), "ix_claim_type"),
    "claims of a party": (claim_list(ClaimQuery(party="PRK")), "ix_claim_stance_party_country"),
    "alerts": (select(alert).order_by(alert.c.fired_at.desc(), alert.c.id.desc()), "ix_alert_fired_at"),
    "alerts of a rule": (
        select(alert).where(alert.c.rule == "x").order_by(alert.c.fired_at.desc()), "ix_alert_rule_fired_at",
    ),
    "alerts of an event": (
        select(alert_event).where(alert_event.c.event_id == SOME), "ix_alert_event_event_id",
    ),
    "silences": (select(silence).where(silence.c.ends > NOON), "ix_silence_ends"),
    "due deliveries": (due_deliveries(NOON, 10), "ix_delivery_due"),
    "attempts of deliveries": (
        select(attempt).where(attempt.c.delivery_id.in_([SOME])), "sqlite_autoindex_attempt_1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_list_can_be_said_to_postgresql(name):
    """Nothing in it is SQLite's alone; full-text search is apart."""
    said = str(STATEMENTS[name][0].compile(dialect=postgresql.dialect()))
    assert said.startswith("SELECT")
    assert ("FOR UPDATE" in said) == name.startswith("due")


def test_rows_are_inserted_once_on_either_database():
    """Both know ON CONFLICT."""
    for dialect, said in (("sqlite", sqlite.dialect()), ("postgresql", postgresql.dialect())):
        statement = insertion(fetch, dialect).on_conflict_do_nothing()
        assert "ON CONFLICT DO NOTHING" in str(statement.compile(dialect=said))


def _plan(store, statement) -> list[str]:
    """What SQLite says about the statement as it is really sent."""
    sent = []

    def take(_connection, _cursor, sql, values, *_):
        sent.append((sql, values))

    event.listen(store._db.engine, "before_cursor_execute", take)
    with store._db.read() as connection:
        connection.execute(statement)
        sql, values = sent[-1]
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    event.remove(store._db.engine, "before_cursor_execute", take)
    return [str(row[-1]) for row in rows]


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_list_is_served_by_its_index(store, name):
    """SQLite says which index it will use."""
    statement, index = STATEMENTS[name]
    plan = _plan(store, statement)
    assert any(f"INDEX {index}" in step for step in plan), plan


@pytest.mark.parametrize(
    "name", ["articles", "the timeline", "the timeline, oldest first", "claims", "alerts"]
)
def test_the_newest_of_a_long_list_need_no_sorting(store, name):
    """The index gives the order; the first page does not read the whole table."""
    assert not any("TEMP B-TREE" in step for step in _plan(store, STATEMENTS[name][0]))


def _statements(store, call) -> int:
    seen = []

    def count(*arguments):
        seen.append(arguments[2])

    event.listen(store._db.engine, "before_cursor_execute", count)
    call()
    event.remove(store._db.engine, "before_cursor_execute", count)
    return len(seen)


def _fill(store, number):
    feed_id = add_feed(store, f"feed{number}")
    store.record_poll(poll(store, feed_id, *[draft(f"{number}-{n}") for n in range(number)]))
    events = [first(1000 * number + n) for n in range(number)]
    put_events(store, *events, key=f"carrier{number}")
    reader = a_subscriber(number)
    store.save_subscriber(reader)
    drafts = [alert_draft(f"{number}-{n}", one.id) for n, one in enumerate(events)]
    messages = [new_delivery(reader, d.fingerprint) for d in drafts]
    store.write_alerts([(one.id, 1) for one in events], drafts, messages, NOON)
    return [one.id for one in events]


@pytest.mark.parametrize(
    "call",
    [
        lambda store, _: store.articles(ArticleQuery()),
        lambda store, _: store.events(EventQuery()),
        lambda store, _: store.events(EventQuery(as_of=NOON, text="missile", actor="PRK")),
        lambda store, ids: store.event_mentions(ids),
        lambda store, ids: store.alerts_of_events(ids),
        lambda store, _: store.claims(ClaimQuery()),
        lambda store, _: store.alerts(),
        lambda store, _: store.deliveries(),
        lambda store, _: store.claim_deliveries(NOON, 50, timedelta(0)),
        lambda store, _: store.claim_due(NOON + 9 * HOUR, 50, timedelta(0)),
    ],
)
def test_lists_take_as_many_statements_for_many_rows_as_for_few(store, call):
    """No query for each row."""
    ids = _fill(store, 2)
    few = _statements(store, lambda: call(store, ids))
    ids += _fill(store, 30)
    assert _statements(store, lambda: call(store, ids)) == few


def test_writes_take_as_many_statements_for_many_rows_as_for_few(store):
    """Bulk writes are bulk."""
    counts = [_statements(store, lambda number=number: _fill(store, number)) for number in (2, 40)]
    assert counts[0] == counts[1]
