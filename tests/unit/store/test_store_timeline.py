"""The timeline's filters, today and as it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from helpers_events import AMERICA, KOREA, PYONGYANG
from helpers_store import (
    HOUR,
    NOON,
    alert_draft,
    draft,
    edited,
    extracted,
    first,
    launch,
    on,
    put_events,
    revision,
    told,
    update_event,
)
from tocsin.model import (
    EventQuery,
    EventStatus,
    LinkWrite,
    MentionCandidate,
    Party,
    Place,
    Precision,
)
from tocsin.store._event_query import event_list, is_common, party_probe

FRANCE = Party("France", "FRA", "GOV")
KIM = Party("Kim Jong Un", "PRK", "GOV")


def _ids(store, **filters):
    query = EventQuery(**filters)
    found = store.events(query)
    assert store.count_events(replace(query, limit=0, offset=5)) == len(
        store.events(replace(query, limit=99, offset=0))
    )
    return [event.id.int & 0xFFFF for event in found]


@pytest.fixture
def timeline(store):
    """Four events: a launch in Korea, talks in Paris, a quake somewhere in 2022, something undated."""
    put_events(
        store,
        first(1, source=(KIM, KOREA), target=(AMERICA,)),
        first(
            2, type="diplomacy.talks", when=on(date(2022, 11, 5), date(2022, 11, 6)), source=(FRANCE,),
            target=(KOREA,), place=Place("Paris", 0, 5, "Paris", "FRA"), owners=("One",),
            status=EventStatus.REPORTED, first_known=NOON + HOUR,
        ),
        first(
            3, type="disaster.earthquake", when=on(date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR),
            source=(), target=(), place=Place("New York City", 0, 13, None, "USA"), first_known=NOON + 2 * HOUR,
        ),
        first(4, type="weapons", when=None, place=None, source=(Party("Élan", None),), target=(), owners=()),
    )  # fmt: skip
    return store


def test_newest_happening_comes_first_undated_last(timeline):
    """Both orders put events nobody dated at the end."""
    assert _ids(timeline) == [2, 1, 3, 4]
    assert _ids(timeline, oldest_first=True) == [3, 1, 2, 4]
    assert _ids(timeline, limit=2, offset=1) == [1, 3]
    assert _ids(timeline, limit=0) == []


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"types": ("weapons",)}, [1, 4]),
        ({"types": ("weapons.launch",)}, [1]),
        ({"types": ("weapons.launch.missile", "diplomacy")}, [2, 1]),
        ({"types": ("weapon",)}, []),
        ({"types": ("weapons.launch.miss",)}, []),
        ({"types": ("WEAPONS",)}, []),
        ({"actor": "PRK"}, [2, 1]),
        ({"actor": "prk"}, [2, 1]),
        ({"actor": "north  korea"}, [2, 1]),
        ({"actor": "kim"}, [1]),
        ({"actor": "Jong Un"}, [1]),
        ({"actor": "Kor"}, []),
        ({"actor": "ÉLAN"}, [4]),
        ({"actor": "élan"}, [4]),
        ({"actor": "100%"}, []),
        ({"source": "PRK"}, [1]),
        ({"target": "PRK"}, [2]),
        ({"source": "USA"}, []),
        ({"source": "PRK", "target": "USA"}, [1]),
        ({"place": "Pyongyang"}, [1]),
        ({"place": "york city"}, [3]),
        ({"place": "FRA"}, [2]),
        ({"place": "yon"}, []),
        ({"country": "fra"}, [2]),
        ({"since": date(2022, 11, 6)}, [2, 3]),
        ({"until": date(2022, 11, 2)}, [1, 3]),
        ({"since": date(2022, 11, 3), "until": date(2022, 11, 4)}, [3]),
        ({"known_since": NOON}, [2, 3]),
        ({"known_since": NOON, "known_until": NOON + HOUR}, [2]),
        ({"known_until": NOON}, [1, 4]),
        ({"statuses": (EventStatus.REPORTED, EventStatus.DENIED)}, [2]),
        ({"min_owners": 1}, [2, 1, 3]),
        ({"min_owners": 2}, [1, 3]),
        ({"ids": (str(first(3).id), "not an id", str(first(1).id))}, [1, 3]),
        ({"ids": ("not an id",)}, []),
        ({"rule": "korea-launch"}, []),
        ({"text": "ballistic missiles"}, [2, 1, 3, 4]),
        ({"text": "nowhere"}, []),
        ({"text": "..."}, []),
        ({"feed": "harbour post"}, [2, 1, 3, 4]),
        ({"feed": "Nobody"}, []),
        ({"types": ("weapons",), "actor": "PRK", "until": date(2022, 11, 30)}, [1]),
    ],
)
@pytest.mark.parametrize("as_of", [None, NOON + 9 * HOUR])
def test_each_filter_finds_its_events(timeline, filters, wanted, as_of):
    """Alone and together; today and at a time when everything was known alike."""
    assert _ids(timeline, as_of=as_of, **filters) == wanted


def test_events_are_found_by_the_rule_that_fired(timeline):
    """Only those the alert names, and only once it was known."""
    event_id = first(2).id
    timeline.write_alerts([], [alert_draft("f", event_id)], [], NOON)
    assert _ids(timeline, rule="korea-launch") == [2]
    assert _ids(timeline, rule="korea-launch", as_of=NOON + HOUR) == [2]
    assert _ids(timeline, rule="korea-launch", as_of=NOON - HOUR) == []


def test_events_are_found_by_the_feed_that_told_them(store):
    """By address, title or publisher of a feed that carries one of the articles."""
    (article_id,) = told(store, "a", feed="one")
    (mention_id,) = extracted(store, article_id)
    store.write_links(LinkWrite(article_id, ((mention_id, first().id, "x"),), (revision(first()),)))
    for named in ("https://one.example/rss", "The one", "one press"):
        assert _ids(store, feed=named) == [1]
        assert _ids(store, feed=named, as_of=NOON) == [1]
    assert _ids(store, feed="https://two.example/rss") == []


def test_the_timeline_as_it_stood(store):
    """An event that was another one then is found by what it was, and shown as it was."""
    then = first(source=(KOREA,), place=PYONGYANG, status=EventStatus.REPORTED, when=None)
    article_id = put_events(store, then)
    now = replace(
        then, revision=2, source=(AMERICA,), place=None, status=EventStatus.DENIED, type="conflict.attack",
        last_known=NOON + 2 * HOUR, when=on(date(2022, 11, 1)),
    )  # fmt: skip
    update_event(store, article_id, now, NOON + 2 * HOUR)
    for moment in (NOON, NOON + 2 * HOUR - timedelta(microseconds=1)):
        assert store.event(then.id, as_of=moment) == then
        assert store.events(EventQuery(as_of=moment)) == [then]
        assert _ids(store, as_of=moment, source="PRK") == [1]
        assert _ids(store, as_of=moment, types=("weapons",), statuses=(EventStatus.REPORTED,)) == [1]
        assert _ids(store, as_of=moment, place="Pyongyang") == [1]
        for filters in ({"source": "USA"}, {"types": ("conflict",)}, {"since": date(2022, 1, 1)}):
            assert _ids(store, as_of=moment, **filters) == []
    assert store.event(then.id, as_of=NOON + 2 * HOUR) == now
    assert _ids(store, as_of=NOON + 2 * HOUR, source="PRK") == []
    assert _ids(store, as_of=NOON + 2 * HOUR, source="USA", types=("conflict",)) == [1]
    assert store.event(then.id, as_of=NOON - HOUR) is None
    assert _ids(store, as_of=NOON - HOUR) == []
    assert store.event(then.id) == now


def test_words_are_looked_for_in_the_texts_of_the_time(store):
    """A text that was edited later counted with its first words."""
    article_id = put_events(store, first())
    change = edited(article_id, key="carrier", body="A volcano erupts.", seen_at=NOON + HOUR)
    store.add_articles([change], publisher="Harbour Post")
    text = store.article(article_id).text
    store.write_mentions(article_id, 2, [launch(text + draft("x").text)])
    (mention_id,) = [m.id for m in store.article_mentions(article_id)]
    store.write_links(LinkWrite(article_id, ((mention_id, first().id, "x"),), ()))
    assert _ids(store, text="missile") == []
    assert _ids(store, text="volcano") == [1]
    assert _ids(store, text="missile", as_of=NOON) == [1]
    assert _ids(store, text="volcano", as_of=NOON) == []
    assert _ids(store, text="missile", as_of=NOON + HOUR) == []
    assert _ids(store, text="volcano", as_of=NOON + HOUR) == [1]


def _wanted(**changed):
    fields = {"types": ("weapons",), "countries": (), "since": None, "until": None, "known_since": None}
    return MentionCandidate(**{**fields, **changed})


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, [1]),
        ({"known_since": NOON}, [4, 1]),
        ({"known_since": NOON + HOUR}, [1]),
        ({"types": ("diplomacy", "disaster")}, [3, 2]),
        ({"types": ()}, []),
        ({"countries": ("USA", "JPN")}, [1]),
        ({"countries": ("FRA",)}, []),
        ({"since": date(2022, 11, 3)}, []),
        ({"since": date(2022, 11, 1), "until": date(2022, 11, 2)}, [1]),
        ({"types": ("disaster",), "since": date(2022, 11, 3)}, [3]),
    ],
)
def test_candidates_are_what_a_mention_might_be_about(timeline, changed, wanted):
    """By family, party and days; undated events by when they were last told."""
    assert [event.id.int & 0xFFFF for event in timeline.candidates(_wanted(**changed))] == wanted


def test_candidates_forget_parties_an_event_no_longer_has(store):
    """Only the newest revision is linked to."""
    then = first(source=(KOREA,), target=())
    article_id = put_events(store, then)
    update_event(store, article_id, replace(then, revision=2, source=(FRANCE,)), NOON + HOUR)
    assert store.candidates(_wanted(countries=("PRK",))) == []
    assert len(store.candidates(_wanted(countries=("FRA",)))) == 1


def test_two_hundred_candidates_are_the_most(store):
    """The newest ones."""
    events = [first(n, last_known=NOON + timedelta(seconds=n)) for n in range(1, 206)]
    put_events(store, *events)
    found = store.candidates(_wanted())
    assert len(found) == 200
    assert found[0].id == events[-1].id


def test_events_wait_for_rules_until_looked_at(store):
    """Oldest knowledge first; a newer revision waits again."""
    events = [first(1, last_known=NOON + HOUR), first(2, last_known=NOON)]
    article_id = put_events(store, *events)
    assert store.waiting_for_rules(10) == [events[1].id, events[0].id]
    assert store.waiting_for_rules(1) == [events[1].id]
    store.write_alerts([(events[1].id, 1), (events[0].id, 1)], [], [], NOON)
    assert store.waiting_for_rules(10) == []
    update_event(store, article_id, replace(events[0], revision=2), NOON + 2 * HOUR)
    assert store.waiting_for_rules(10) == [events[0].id]
    store.write_alerts([(events[0].id, 1)], [], [], NOON)
    assert store.waiting_for_rules(10) == [events[0].id]


def test_an_event_of_every_shape_comes_back(store):
    """With nothing in it, and with microseconds and zones."""
    bare = first(
        7, when=None, place=None, source=(), target=(), objects=(), publishers=(), owners=(), plover=None,
        cameo=None, claim=None, first_published=None, first_known=NOON + timedelta(microseconds=1),
    )  # fmt: skip
    put_events(store, bare)
    assert store.event(bare.id) == bare
    assert store.event(UUID(int=bare.id.int), as_of=NOON + HOUR) == bare


@pytest.mark.parametrize(
    "filters", [{"actor": "PRK"}, {"source": "PRK"}, {"target": "PRK"}, {"actor": "USA", "source": "PRK"}]
)
@pytest.mark.parametrize("oldest_first", [False, True])
def test_events_of_a_party_are_the_same_by_either_way(timeline, filters, oldest_first):
    """Party by party, or going through the timeline: what differs is the time it takes."""
    query = EventQuery(**filters, oldest_first=oldest_first)
    with timeline._db.read() as connection:
        walked = connection.execute(event_list(query, walked=True)).all()
    assert [row.id for row in walked] == [event.id for event in timeline.events(query)] != []


def test_the_way_is_chosen_by_how_common_the_parties_are(store):
    """A party of very many events is found by going through the newest; a rare one by its own events."""
    (article_id,) = told(store, "a")
    many = [first(n, source=(AMERICA,), target=(KOREA,) if n > 1900 else ()) for n in range(2_000)]
    store.write_links(LinkWrite(article_id, (), tuple(revision(event) for event in many)))
    with store._db.read() as connection:
        probes = [
            is_common(connection.execute(party_probe(EventQuery(**filters))).one())
            for filters in ({"actor": "USA"}, {"actor": "PRK"}, {"source": "USA", "target": "PRK"})
        ]
    assert probes == [True, False, False]
    assert party_probe(EventQuery(actor="kim")) is None
    assert party_probe(EventQuery(actor="USA", as_of=NOON)) is None
    assert len(store.events(EventQuery(actor="USA", limit=5_000))) == 2_000
    assert len(store.events(EventQuery(actor="PRK", limit=5_000))) == 99


def test_long_events_are_candidates_on_any_of_their_days(store):
    """However long ago they began; the first year of the calendar is no special case."""
    century = on(date(1, 1, 1), date(2022, 11, 5), Precision.INTERVAL)
    month = on(date(2022, 10, 1), date(2022, 11, 1), Precision.MONTH)
    put_events(store, first(1, when=century), first(2, when=month))

    def found(since, until):
        wanted = _wanted(since=since, until=until)
        return sorted(event.id.int & 0xFFFF for event in store.candidates(wanted))

    assert found(date(2022, 11, 1), date(2022, 11, 9)) == [1, 2]
    assert found(date(2022, 11, 2), date(2022, 11, 9)) == [1]
    assert found(date(2022, 11, 6), date(2022, 11, 9)) == []
    assert found(date(1, 1, 1), date(1, 1, 2)) == [1]
    assert found(None, date(2022, 10, 1)) == [1, 2]
    assert found(date(2022, 11, 2), None) == [1]
