"""The demo as a user runs it, held against what a reader of its feeds knows."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tocsin.testing import Recording

pytestmark = pytest.mark.e2e
EXPECTED = Recording.load("autumn-2022").expected()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of `tocsin demo --exit --json` beside each other, with their reports and databases."""
    from conftest_e2e import run_demo

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run_demo, [tmp_path_factory.mktemp("demo") for _ in range(2)]))


@pytest.fixture(scope="module")
def seen(runs):
    """One of the two."""
    return runs[0]


def of_type(seen, kind, day, source):
    return [
        e
        for e in seen.report["events"]
        if (e["type"] == kind or e["type"].startswith(kind + "."))
        and e["start"] == str(day)
        and source in e["source"]
    ]


def test_it_ends_well(seen):
    """Exit 0 says that events, alerts and both deliveries were seen."""
    assert seen.code == 0
    assert seen.report["missing"] == []
    assert seen.report["webhooks_received"] >= seen.report["delivered"]["webhook"] > 0
    assert seen.report["mails_received"] >= seen.report["delivered"]["email"] > 0


def test_each_run_sends_the_same_bytes(runs):
    """Events, alerts, evidence, ids and the bodies of all webhooks, however fast the machine is."""
    one, other = (run.report for run in runs)
    apart = {"page", "failing_feeds"}  # they name the ports of the run
    assert {k: v for k, v in one.items() if k not in apart} == {
        k: v for k, v in other.items() if k not in apart
    }
    assert [f["feed"] for f in one["failing_feeds"]] == [f["feed"] for f in other["failing_feeds"]]
    texts = "select id, number, body from event_revision order by id"
    assert runs[0].rows(texts) == runs[1].rows(texts)


@pytest.mark.parametrize("launch", EXPECTED["launches"], ids=lambda e: str(e["date"]))
def test_each_launch_is_one_entry_told_by_several_owners(seen, launch):
    """Outlets on both sides of the date line, one happening, the right day."""
    [event] = of_type(seen, "weapons.launch", launch["date"], launch["source"])
    assert event["owners"] >= launch["min_owners"]
    assert event["end"] == str(launch["date"])


def test_there_is_no_launch_on_any_other_day(seen):
    """No background year, no dateline, no time zone made a day of its own."""
    days = {
        e["start"] for e in seen.report["events"] if e["type"].startswith("weapons.launch") and e["start"]
    }
    told = {str(launch["date"]) for launch in EXPECTED["launches"]}
    assert {d for d in days if d >= "2022-10-01"} == told


def test_the_accusation_is_there_on_its_day(seen):
    """Who accused whom, when."""
    wanted = EXPECTED["accusation"]
    [event] = of_type(seen, "statement.accuse", wanted["date"], wanted["source"])
    assert wanted["target"] in event["target"]


@pytest.mark.parametrize("denial", EXPECTED["denials"], ids=lambda e: e["source"])
def test_both_denials_are_linked_to_what_they_deny(seen, denial):
    """Each on its day, in one claim with the accusation."""
    [event] = of_type(seen, "statement.deny", denial["date"], denial["source"])
    rows = seen.rows(
        "select s.stance, c.type, c.id from claim_stance s join claim c on c.id = s.claim_id where s.event_id = ?",
        event["id"].replace("-", ""),
    )
    assert {(stance, kind) for stance, kind, _ in rows} == {("deny", denial["claim"]["type"])}
    [accusation] = of_type(seen, "statement.accuse", EXPECTED["accusation"]["date"], "USA")
    accused = seen.rows(
        "select claim_id from claim_stance where event_id = ?", accusation["id"].replace("-", "")
    )
    assert {claim for _, _, claim in rows} <= {claim for (claim,) in accused}


@pytest.mark.parametrize("rule", ["korea-missile-launch", "accused-then-denied"])
def test_the_alerts_fired_with_evidence(seen, rule):
    """A launch; a denial that follows an accusation; each with quotes from articles."""
    alerts = [a for a in seen.report["alerts"] if a["rule"] == rule]
    assert alerts
    assert all(a["evidence"] for a in alerts)


@pytest.mark.parametrize("harmless", EXPECTED["harmless"], ids=lambda h: h["title"][:30])
def test_sport_and_gadgets_make_no_armed_event(seen, harmless):
    """A phone launch is not a launch."""
    rows = seen.rows(
        "select m.type from mention m join article_revision r on r.article_id = m.article_id "
        "where r.title = ? and m.event_id is not null",
        harmless["title"],
    )
    assert not [kind for (kind,) in rows if kind.split(".")[0] in {"weapons", "conflict", "posture"}]


def test_polling_met_304_and_broken_feeds_and_says_which(seen):
    """Some answered 304, some are broken for good reasons."""
    assert seen.report["polls"]["not_modified"] > 0
    failing = {row["feed"] for row in seen.report["failing_feeds"]}
    assert {f["outlet"] for f in EXPECTED["failing"]} <= failing


def test_the_edited_article_has_two_revisions(seen):
    """Both texts are kept."""
    rows = seen.rows(
        "select r.number, r.text from article_revision r join carrier c on c.article_id = r.article_id "
        "where c.key = ? order by r.number",
        EXPECTED["edited"]["key"],
    )
    assert [number for number, _ in rows] == [1, 2]
    assert EXPECTED["edited"]["before"] in rows[0][1]
    assert EXPECTED["edited"]["after"] in rows[1][1]


def test_every_span_is_the_text_it_points_to(seen):
    """Provenance to the character, over all that was stored."""
    rows = seen.rows(
        "select s.start, s.end, s.text, r.text from span s join mention m on m.id = s.mention_id "
        "join article_revision r on r.article_id = m.article_id and r.number = m.revision"
    )
    assert len(rows) > 100
    assert all(text[start:end] == span for start, end, span, text in rows)


def test_nothing_is_delivered_twice(seen):
    """One message an alert and subscriber, one webhook id each."""
    assert seen.rows("select count(*) - count(distinct alert_id || subscriber_id) from delivery") == [(0,)]
    assert seen.report["webhooks_received"] == seen.report["delivered"]["webhook"]


def test_kill_9_in_the_middle_loses_and_doubles_nothing(seen, start, tmp_path):
    """Killed while it works and started again, it comes to the same timeline, alerts and deliveries."""
    folder = tmp_path / "data"
    first = start("demo", "--exit", "--data", str(folder))
    base = folder / "tocsin.sqlite"

    def rows(query):
        try:
            with sqlite3.connect(f"file:{base}?mode=ro", uri=True, timeout=10) as db:
                return db.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []

    first.wait_until(lambda: (rows("select count(*) from mention") or [(0,)])[0][0] > 5, what="some mentions")
    first.signal(signal.SIGKILL)
    first.wait()
    assert rows("pragma integrity_check") == [("ok",)]
    time.sleep(0.2)
    second = start("demo", "--exit", "--data", str(folder))
    assert second.wait(240) == 0, second.log[-3000:]

    def timeline(run_rows):
        return Counter(run_rows("select type, when_start, status from event where status != 'retracted'"))

    assert timeline(rows) == timeline(seen.rows)
    # What an alert is called and which follow-ups it has depend on who told it first; which happenings ring does not.
    fired = (
        "select a.rule, e.type, e.when_start from alert a join alert_event x on x.alert_id = a.id "
        "join event e on e.id = x.event_id where a.kind = 'first'"
    )
    assert Counter(rows(fired)) == Counter(seen.rows(fired))
    assert rows("select count(*) from delivery where state != 'delivered'") == [(0,)]
    assert rows("select count(*) - count(distinct alert_id || subscriber_id) from delivery") == [(0,)]
    urls = "select url from article where url is not null"
    assert Counter(rows(urls)) == Counter(seen.rows(urls))
    assert max(Counter(rows(urls)).values()) == 1
