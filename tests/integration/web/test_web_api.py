"""Twins, problem documents, the API description, what operators ask, and the live stream over real HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Gauge

from helpers_events import event_id
from helpers_web import PageClient, World, fill
from helpers_world import NOW
from tocsin.errors import StoreBusyError, StoreCorruptError
from tocsin.model import EventReason, EventRevision, LinkWrite
from tocsin.ports import Store
from tocsin.settings import Settings
from tocsin.testing import FakeClock
from tocsin.web import Server, create_app

LISTS = ("events", "claims", "alerts", "deliveries", "rules", "feeds", "articles")
FORMATS = ("json", "csv", "atom", "ics", "geojson", "kml")


class Broken:
    """A database that cannot be reached: every call raises."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str):
        def fail(*_: object, **__: object) -> None:
            raise self._error

        return fail


def client_of(store: object, **more) -> PageClient:
    app = create_app(store, Settings(), clock=FakeClock(NOW), **more)  # type: ignore[arg-type]
    return PageClient(app)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_list_has_every_twin(client: PageClient, world: World, name: str, suffix: str) -> None:
    """The format reads back, and an empty list is still a document."""
    response = client.get(f"/{name}.{suffix}")
    assert response.status_code == 200, response.text
    kind = response.headers["content-type"].split(";")[0]
    text = response.text
    if suffix in ("json", "geojson"):
        assert json.loads(text)
        assert kind.startswith("application/")
    elif suffix == "csv":
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert rows
        assert all(None not in row for row in rows)
    elif suffix == "ics":
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert kind == "text/calendar"
    else:
        assert len(list(ET.fromstring(text))) > 0  # noqa: S314 - our own output


def test_events_have_the_gdelt_table_and_others_do_not(client: PageClient, world: World) -> None:
    """61 columns for events; for other lists the error names what there is."""
    lines = client.get("/events.gdelt?type=weapons").text.splitlines()
    assert [len(line.split("\t")) for line in lines] == [61]
    refused = client.get("/claims.gdelt")
    assert refused.status_code == 404
    assert "/claims.json" in refused.json()["remedy"]


def test_twin_of_the_page_is_its_table(client: PageClient, world: World) -> None:
    """`/` is the page of `/events`: the same filters give its table, with an address that can be kept."""
    response = client.get("/events.csv?type=weapons")
    [row] = csv.DictReader(io.StringIO(response.text, newline=""))
    assert row["id"] == str(world.events["launch"])
    assert row["url"] == f"http://127.0.0.1:8787/events/{world.events['launch']}"
    assert response.headers["content-disposition"] == 'attachment; filename="tocsin-events.csv"'
    feed = ET.fromstring(client.get("/events.atom?type=weapons&actor=PRK").text)  # noqa: S314 - our own output
    links = [link.get("href") for link in feed.findall("{http://www.w3.org/2005/Atom}link")]
    assert links[0] == "http://127.0.0.1:8787/events.atom?type=weapons&actor=PRK"


def test_lists_say_how_many_and_where_the_rest_is(client: PageClient, world: World) -> None:
    """RFC 8288 links and a total."""
    first = client.get("/events.json?limit=2&since=2022")
    assert first.headers["x-total-count"] == "4"
    assert first.links["next"]["url"] == "http://127.0.0.1:8787/events.json?since=2022&limit=2&page=2"
    assert "prev" not in first.links
    last = client.get(first.links["next"]["url"])
    assert "next" not in last.links
    assert last.links["prev"]["url"].endswith("limit=2")
    seen = {row["id"] for row in first.json() + last.json()}
    assert seen == {str(one) for one in world.events.values()}


def test_unchanged_lists_are_not_sent_twice(client: PageClient, world: World) -> None:
    """A client that has the list gets 304 until something changes."""
    tag = client.get("/events.atom").headers["etag"]
    assert client.get("/events.atom", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/events.atom", headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304
    assert client.get("/events.atom?type=cyber", headers={"If-None-Match": tag}).status_code == 200


def test_public_url_is_used_where_it_is_set(store: Store) -> None:
    """Behind a proxy, addresses in documents are those subscribers reach."""
    settings = Settings(web={"public_url": "https://news.example/tocsin/"})
    world, app = fill(store), create_app(store, settings, clock=FakeClock(NOW))
    [row] = PageClient(app).get("/events.json?type=weapons").json()
    assert row["url"] == f"https://news.example/tocsin/events/{world.events['launch']}"


def test_one_event_as_json_has_its_provenance(client: PageClient, world: World) -> None:
    """Evidence with offsets that hold in the article's text, claims, revisions and alerts."""
    data = client.get(f"/events/{world.events['launch']}.json").json()
    first = data["evidence"][0]
    article = client.get(f"/articles/{first['article']}.json").json()
    span = first["trigger"]
    assert article["text"][span["start"] : span["end"]] == span["text"] == "fired"
    assert first["content_hash"] == article["content_hash"]
    assert [one["reason"] for one in data["revisions"]] == ["first_report", "corroborated"]
    assert data["alerts"][0]["rule"] == "korea-missile-launch"
    denial = client.get(f"/events/{world.events['denial']}.json").json()
    assert [one["stance"] for one in denial["claims"][0]["stances"]] == ["assert", "deny"]


def test_one_alert_feed_and_article_as_json(client: PageClient, world: World) -> None:
    """Alerts carry events and deliveries, feeds their polls; no secret leaves."""
    alert = client.get(f"/alerts/{world.alerts[1]}.json").json()
    assert [one["type"] for one in alert["event_details"]] == ["statement.accuse", "statement.deny"]
    assert alert["deliveries"][0]["attempts"][0]["status"] == 500
    feed = client.get(f"/feeds/{world.feeds['broken']}.json").json()
    assert feed["fetches"][0]["failure"] == "dns"
    hostile = client.get("/feeds.json?text=script")
    assert "secret" not in hostile.text
    assert "secret" not in client.get("/deliveries.json").text
    assert (
        client.get(f"/articles/{world.articles['launch2']}.json").json()["revisions"][1]["reason"] == "edited"
    )


@pytest.mark.parametrize("name", LISTS)
def test_wrong_parameters_are_problem_documents(client: PageClient, name: str) -> None:
    """RFC 9457 with parameter and remedy; the page says the same in words."""
    response = client.get(f"/{name}.json?typ=weapons")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["parameter"], body["instance"]) == (400, "typ", f"/{name}.json")
    assert body["remedy"]
    html = client.get(f"/{name}?typ=weapons")
    assert html.status_code == 400
    assert "<code>typ</code>" in html.text


def test_programs_get_problems_and_people_get_pages(client: PageClient) -> None:
    """Without an extension the Accept header decides."""
    asked = {"accept": "application/json"}
    assert client.get("/nothing", headers=asked).headers["content-type"] == "application/problem+json"
    assert "text/html" in client.get("/nothing", headers={"accept": "text/html"}).headers["content-type"]
    assert client.get("/events.xlsx").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: PageClient, method: str) -> None:
    """Every page refuses what is not GET or HEAD, and says what is allowed."""
    for path in ("/", "/events.json", "/alerts", "/live"):
        response = client.request(method, path)
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD"


def test_head_is_get_without_a_body(client: PageClient, world: World) -> None:
    """HEAD answers every page, twin and the stream, and sends nothing."""
    for path in (
        "/",
        "/events.csv",
        f"/events/{world.events['launch']}",
        "/live",
        "/healthz",
        "/static/tocsin.css",
    ):
        response = client.head(path)
        assert response.status_code == 200, path
        assert response.content == b""
        assert response.headers["x-content-type-options"] == "nosniff"


def test_description_covers_every_list_and_parameter(client: PageClient) -> None:
    """OpenAPI names each twin with its query parameters and its problems."""
    description = client.get("/api/openapi.json").json()
    assert description["info"]["title"] == "Tocsin"
    events = description["paths"]["/events.{format}"]["get"]
    names = {one["name"] for one in events["parameters"]}
    assert {"format", "type", "actor", "as_of", "min_owners", "rule", "feed", "page", "limit"} <= names
    assert {"200", "400", "404", "503"} <= set(events["responses"])
    for name in LISTS:
        assert f"/{name}.{{format}}" in description["paths"]
    for path in ("/events/{row}.json", "/live", "/healthz", "/readyz", "/metrics"):
        assert path in description["paths"]


def test_static_files_may_be_kept(client: PageClient) -> None:
    """With a version in the address for a year; a file that is not there is a 404."""
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "immutable" not in client.get("/static/tocsin.css").headers.get("cache-control", "")
    assert client.get("/static/nothing.css").status_code == 404


def test_health_readiness_and_metrics(store: Store) -> None:
    """Alive is not ready: readiness follows the daemon's own word; metrics are those of the registry."""
    registry = CollectorRegistry()
    Gauge("tocsin_feeds_due", "Feeds due.", registry=registry).set(3)
    state = {"ready": False, "role": "web"}
    client = client_of(store, health=lambda: state, registry=registry)
    assert client.get("/healthz").json()["role"] == "web"
    assert client.get("/readyz").status_code == 503
    state["ready"] = True
    assert client.get("/readyz").json()["database"] == "ok"
    client.get("/events/not-an-id")
    text = client.get("/metrics").text
    assert "tocsin_feeds_due 3.0" in text
    assert 'tocsin_http_requests_total{method="GET",route="/readyz",status="503"} 1.0' in text
    assert 'route="/events/{row}",status="404"' in text
    openmetrics = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics.text.endswith("# EOF\n")


def test_database_trouble_is_a_503_that_says_what_to_do() -> None:
    """A locked database says when to come back; a damaged one what to do; alive stays alive."""
    busy = client_of(Broken(StoreBusyError("the database is locked", hint="try again")))
    answer = busy.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "The database is locked" in answer.text
    damaged = client_of(Broken(StoreCorruptError("not a database", hint="restore a backup")))
    assert damaged.get("/events.json").json()["remedy"] == "restore a backup"
    assert damaged.get("/readyz").json()["remedy"] == "restore a backup"
    assert damaged.get("/healthz").status_code == 200


def test_what_nobody_expected_is_a_page_too() -> None:
    """A bug gives a 500 page with the kind of error, not its insides."""
    answer = client_of(Broken(RuntimeError("secret detail"))).get("/")
    assert answer.status_code == 500
    assert "RuntimeError" in answer.text
    assert "secret detail" not in answer.text


def test_wrong_place_in_the_stream_is_refused(client: PageClient) -> None:
    """An id this stream never sent is a problem, not a silent start."""
    response = client.get("/live", headers={"Last-Event-ID": "x"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "after"


@pytest.fixture
def server(app: FastAPI) -> Iterator[Server]:
    """The page on a free port of this machine."""
    running = Server(app, Settings(web={"port": 0}))
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()))
    thread.start()
    while not running.started:
        thread.join(0.01)
    yield running
    running.should_exit = True
    thread.join(15)
    assert not thread.is_alive()


def events_of(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Server-sent events as field to value."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if not line:
            yield fields
            fields = {}
        else:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")


def revise(store: Store, world: World, number: int) -> None:
    event = store.event(world.events["launch"])
    assert event is not None
    from dataclasses import replace

    changed = replace(event, revision=number, mentions=number)
    revision = EventRevision(
        event.id, number, event.last_known, EventReason.REPEATED, f"Told {number} times.", {}, changed
    )
    store.write_links(LinkWrite(world.articles["launch"], (), (revision,)))


def test_stream_brings_what_another_writer_wrote(server: Server, store: Store) -> None:
    """A revision written while the client listens arrives, and a client that comes back misses nothing."""
    world = fill(store)
    with httpx.Client(base_url=server.url or "", timeout=10) as http:
        with http.stream("GET", "/live") as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            stream = events_of(response.iter_lines())
            place = next(stream)["id"]
            revise(store, world, 3)
            message = next(stream)
            assert message["event"] == "event"
            assert json.loads(message["data"])["event"]["id"] == str(event_id(1))
        revise(store, world, 4)
        with http.stream("GET", "/live", headers={"Last-Event-ID": place}) as response:
            stream = events_of(response.iter_lines())
            next(stream)
            numbers = [json.loads(next(stream)["data"])["number"] for _ in range(2)]
            assert numbers == [3, 4]


def test_server_stops_while_streams_are_open(server: Server) -> None:
    """Open streams end when the server is asked to stop; it does not wait for them."""
    with httpx.Client(base_url=server.url or "", timeout=10) as http, http.stream("GET", "/live") as response:
        lines = response.iter_lines()
        assert next(lines).startswith("retry")
        server.should_exit = True
        assert [line for line in lines if line.startswith("event: event")] == []


def test_too_many_streams_are_refused(app: FastAPI) -> None:
    """Beyond the limit a client is told to come back or to poll."""
    app.state.streams.open = 200
    answer = PageClient(app).get("/live")
    assert answer.status_code == 503
    assert "poll /events.json" in answer.json()["remedy"]


def test_server_knows_its_address_once_it_listens(app: FastAPI, server: Server) -> None:
    """With port 0 it is the one that was given; before it listens there is none."""
    assert (server.url or "").startswith("http://127.0.0.1:")
    assert Server(app, Settings()).url is None
    assert httpx.get(f"{server.url}/healthz").json()["status"] == "ok"
