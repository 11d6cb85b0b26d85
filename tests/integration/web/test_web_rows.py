"""Pages about one row and the smaller lists, over a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from helpers_web import PageClient, World, fill, page, text_of
from tocsin.ports import Store


def test_event_page_marks_the_evidence_in_the_text(client: PageClient, world: World) -> None:
    """Each span stands in its article, marked by what it says, with resolved names and offsets."""
    html = page(client, f"/events/{world.events['launch']}")
    tree = LexborHTMLParser(html)
    marks = {(node.attributes["class"], node.text()) for node in tree.css(".excerpt mark")}
    assert {
        ("mk mk-trigger", "fired"),
        ("mk mk-source", "North Korea"),
        ("mk mk-when", "on Wednesday"),
        ("mk mk-place", "Wonsan"),
        ("mk mk-attribution", "the South Korean military"),
        ("mk mk-trigger", "launched"),
    } <= marks
    assert "who: North Korea (PRK GOV)" in html
    words = text_of(html)
    for expected in (
        "2 independent owners: Harbour Group, Meridian Media",
        "precision day, from words beside it: “on Wednesday”",
        "CAMEO 194",
        "Harbour Post (Harbour Group)",
        "this is revision 1",
        "Daily Meridian (Meridian Media) tells it too.",
        "status reported → confirmed",
        "Launch: North Korea",
        "Fishing boats were told to stay in port.",
    ):
        assert expected in words
    assert "do not stand where they should" not in words


def test_claims_link_accusation_and_denial(client: PageClient, world: World) -> None:
    """Who asserted and denied, when, with links to both statements, on the event page and in the ledger."""
    for path in ("/claims", f"/events/{world.events['denial']}", f"/events/{world.events['accusation']}"):
        html = page(client, path)
        words = text_of(html, ".claim")
        assert "North Korea supplied arms to Russia" in words
        assert "disputed" in words
        assert "asserted by United States on 2 Nov 2022" in words
        assert "denied by North Korea on 8 Nov 2022" in words
        links = {node.attributes["href"] for node in LexborHTMLParser(html).css(".stances a")}
        assert {f"/events/{world.events['accusation']}", f"/events/{world.events['denial']}"} <= links


def test_event_as_of_shows_what_was_known_then(client: PageClient, world: World) -> None:
    """Before the second outlet told it, the launch was reported by one owner and had no second article."""
    path = f"/events/{world.events['launch']}?as_of=2022-11-02T04:00:00Z"
    html = page(client, path)
    words = text_of(html)
    assert "as it was known at 2 Nov 2022 04:00 UTC" in words
    assert "1 independent owner: Harbour Group" in words
    assert "Daily Meridian" not in words
    data = client.get(f"/events/{world.events['launch']}.json?as_of=2022-11-02T04:00:00Z").json()
    assert (data["status"], len(data["evidence"]), len(data["revisions"])) == ("reported", 1, 1)


def test_statement_as_of_shows_only_stances_known_then(client: PageClient, world: World) -> None:
    """Before the denial was known, the accusation's claim had one stance."""
    html = page(client, f"/events/{world.events['accusation']}?as_of=2022-11-03")
    words = text_of(html, ".claim")
    assert "asserted by United States" in words
    assert "denied by" not in words
    assert "disputed" not in words


def test_event_not_known_yet_says_so(client: PageClient, world: World) -> None:
    """Asking for a moment before the first report is a 404 with the way out."""
    html = page(client, f"/events/{world.events['denial']}?as_of=2022-11-03", 404)
    assert "was not known at" in text_of(html)
    assert "ask for a later as_of" in text_of(html)


def test_article_page_has_text_marks_and_revisions(client: PageClient, world: World) -> None:
    """The newest text with its marks, and every text it has had."""
    html = page(client, f"/articles/{world.articles['accusation']}")
    marks = {node.text() for node in LexborHTMLParser(html).css(".text mark")}
    assert {"The White House", "accused", "North Korea", "Russia", "shipping", "on Wednesday"} <= marks
    edited = text_of(page(client, f"/articles/{world.articles['launch2']}"))
    assert "Its range was not known." in edited
    assert "first seen" in edited
    assert "No event was read out of this text." in edited


def test_alert_page_has_reason_roles_and_attempts(client: PageClient, world: World) -> None:
    """Why it fired, which event played which part, who was told and how each attempt went."""
    words = text_of(page(client, f"/alerts/{world.alerts[1]}"))
    for expected in (
        "2 event(s) match accused-then-denied.",
        "accusation United States accuses North Korea of arming Russia",
        "denial North Korea denies arming Russia",
        "pending desk-webhook",
        "next try in 5 min at 12:05 UTC",
        "transient #1 9 Nov 2022 11:59 UTC · 500 · HTTP 500",
    ):
        assert expected in words
    assert "hooks.example" not in words


def test_alerts_and_deliveries_can_be_filtered(client: PageClient, world: World) -> None:
    """Alerts by rule, time and acknowledgement; messages by state."""
    assert len(LexborHTMLParser(page(client, "/alerts")).css(".row")) == 2
    assert len(LexborHTMLParser(page(client, "/alerts?rule=korea-missile-launch")).css(".row")) == 1
    assert len(LexborHTMLParser(page(client, "/alerts?since=2022-11-05&unacknowledged=1")).css(".row")) == 1
    assert "No alert matches" in text_of(page(client, "/alerts?since=2023"[:-4] + "2022-12-01"))
    assert len(LexborHTMLParser(page(client, "/deliveries?state=delivered")).css(".delivery")) == 1
    assert "No message is failed" in text_of(page(client, "/deliveries?state=failed"))


def test_follow_ups_are_linked_both_ways(app: FastAPI, store: Store) -> None:
    """The first alert shows its follow-up and the follow-up what it follows."""
    from dataclasses import replace

    from tocsin.model import AlertKind

    client, world = PageClient(app), fill(store)
    first = store.alert(world.alerts[0])
    assert first is not None
    draft = replace(
        first.draft, kind=AlertKind.DENIED, fingerprint="fp-2", title="Launch denied", follows=first.id
    )
    store.write_alerts([], [draft], [], first.fired_at.replace(hour=9))
    html = page(client, f"/alerts/{first.id}")
    assert "Launch denied" in text_of(html)
    follow_up = next(alert for alert in store.alerts() if alert.draft.follows == first.id)
    assert "Launch: North Korea" in text_of(page(client, f"/alerts/{follow_up.id}"), ".sheet")
    store.acknowledge(first.id, "night desk", first.fired_at.replace(hour=10))
    assert "by night desk at 2 Nov 2022 10:00 UTC" in text_of(page(client, f"/alerts/{first.id}"))


def test_rules_page_shows_refused_files_first(client: PageClient, world: World) -> None:
    """What is not watched is said with file, line and column."""
    html = page(client, "/rules")
    assert "rules/typo.yaml:4:7: unknown key" in text_of(html, ".refused")
    assert "2 rules are watched" in text_of(html)
    assert "type: weapons.launch" in text_of(html, "#korea-missile-launch")


def test_feeds_are_told_in_words_worst_first(client: PageClient, world: World) -> None:
    """What fails stands first, with why and when it is tried next; passwords in addresses are not shown."""
    html = page(client, "/feeds")
    rows = [" ".join(node.text().split()) for node in LexborHTMLParser(html).css(".row")]
    assert rows[0].startswith("failing Broken Times")
    assert (
        "Could not be reached (DNS): no address for broken.example, 3 times in a row; "
        "next try in 12 min at 12:12 UTC." in rows[0]
    )
    assert "Never asked yet" in rows[1]
    assert "secret" not in html
    assert len(LexborHTMLParser(page(client, "/feeds?text=Harbour")).css(".row")) == 1
    assert "No feed has these words" in text_of(page(client, "/feeds?text=xyzzy"))


def test_feed_page_has_its_log_and_articles(client: PageClient, world: World) -> None:
    """Every poll with outcome and reason, and the newest articles."""
    broken = text_of(page(client, f"/feeds/{world.feeds['broken']}"))
    assert "failed dns" in broken
    assert "no address for broken.example" in broken
    harbour = text_of(page(client, f"/feeds/{world.feeds['harbour']}"))
    assert "No shells, says Pyongyang" in harbour
    assert "Washington points at shells" not in harbour
    assert "5400 B" in harbour


def test_articles_can_be_searched(client: PageClient, world: World) -> None:
    """Words and feed narrow the list."""
    assert len(LexborHTMLParser(page(client, "/articles")).css(".row")) == 5
    assert len(LexborHTMLParser(page(client, "/articles?text=Wonsan")).css(".row")) == 1
    assert "No article matches" in text_of(page(client, "/articles?text=xyzzy"))


@pytest.mark.parametrize("kind", ["events", "alerts", "feeds", "articles"])
@pytest.mark.parametrize("row", ["unknown", "not-an-id"])
def test_unknown_rows_are_a_friendly_404(client: PageClient, kind: str, row: str) -> None:
    """A page that helps on, and a problem document for programs."""
    name = str(uuid4()) if row == "unknown" else row
    assert f"There is no {kind[:-1]}" in text_of(page(client, f"/{kind}/{name}", 404))
    twin = client.get(f"/{kind}/{name}.json")
    assert twin.status_code == 404
    assert twin.headers["content-type"] == "application/problem+json"
    assert name in twin.json()["detail"]


def test_empty_database_says_what_to_do(app: FastAPI, store: Store) -> None:
    """No feeds: how to add one. Feeds but no events: how they are."""
    from helpers_world import FEEDS, T0

    client = PageClient(app)
    assert "tocsin feeds add URL" in text_of(page(client, "/"))
    assert "Nothing rang yet" in text_of(page(client, "/alerts"))
    assert "No claim yet" in text_of(page(client, "/claims"))
    assert "No rule is loaded" in text_of(page(client, "/rules"))
    assert "tocsin subscribers add" in text_of(page(client, "/deliveries"))
    assert "tocsin feeds add URL" in text_of(page(client, "/feeds"))
    assert "No article yet" in text_of(page(client, "/articles"))
    store.add_feeds(list(FEEDS.values()), T0)
    assert "Feeds: 5 new" in text_of(page(client, "/"))


def test_a_claim_has_a_page_and_data_of_its_own(client: PageClient, world: World) -> None:
    """The address that the twins give leads somewhere."""
    assert "asserted by United States" in text_of(page(client, f"/claims/{world.claim}"), ".claim")
    form = client.get(f"/claims/{world.claim}.json").json()
    assert form["url"].endswith(f"/claims/{world.claim}")
    assert client.get(f"/claims/{uuid4()}").status_code == 404
