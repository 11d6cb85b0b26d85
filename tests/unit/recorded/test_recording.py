"""The recorded feeds: that they load, say what is wrong when they do not, and tell the autumn of 2022 rightly."""

from __future__ import annotations

import calendar
import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import feedparser
import pytest

from tocsin.errors import InputError
from tocsin.model import FetchFailure
from tocsin.testing.recorded import Outlet, Recording

AUTUMN = Recording.load("autumn-2022")
EXPECTED = AUTUMN.expected()
WORKING = [outlet for outlet in AUTUMN.outlets if outlet.failure is None]
LAST = len(AUTUMN.steps)
WEEKDAYS = list(calendar.day_name)
MONTHS = list(calendar.month_name)[1:]


def entries(outlet: Outlet, step: int = LAST) -> list[dict[str, str]]:
    """Entries as `{title, key, text, date}`, whatever the format."""
    body = outlet.at(step).body
    if body.startswith(b"{"):
        return [
            {"title": i["title"], "key": i["id"], "text": i["content_html"], "date": i["date_published"]}
            for i in json.loads(body)["items"]
        ]
    parsed = feedparser.parse(BytesIO(body))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {
            "title": e.title,
            "key": e.get("id", e.link),
            "text": e.content[0].value if "content" in e else e.summary,
            "date": dict.get(e, "published")
            or dict.get(e, "updated")
            or "",  # feedparser's own `get` maps one to the other
        }
        for e in parsed.entries
    ]


def words(text: str) -> str:
    """Without tags, white space as one blank."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def moment(text: str) -> datetime:
    """A date of RFC 5322 or RFC 3339."""
    return datetime.fromisoformat(text) if text[:2] == "20" else parsedate_to_datetime(text)


def by_publisher(name: str) -> Outlet:
    return next(outlet for outlet in AUTUMN.outlets if outlet.spec.publisher == name)


def test_is_found_by_name() -> None:
    """Shipped recordings are listed and load by name."""
    assert "autumn-2022" in Recording.names()
    assert AUTUMN.name == "autumn-2022"


def test_every_outlet_lives_on_a_reserved_domain() -> None:
    """No address in any body belongs to anybody."""
    allowed = {"www.w3.org", "purl.org", "jsonfeed.org"}
    for body in (answer.body for outlet in AUTUMN.outlets for answer in outlet.answers):
        hosts = set(re.findall(r"https?://([^/\"<\s]+)", body.decode("latin-1")))
        assert all(host in allowed or host.endswith(".example") for host in hosts), hosts


def test_has_every_format_and_failure() -> None:
    """RSS, Atom, RDF and JSON Feed, one body cut off, one page of HTML."""
    formats = " ".join(outlet.format for outlet in AUTUMN.outlets)
    assert all(name in formats for name in ("RSS 2.0", "Atom", "RDF", "JSON Feed", "HTML"))
    assert {outlet.failure for outlet in AUTUMN.outlets} - {None} == {"malformed", "not_a_feed"}
    assert all(outlet.failure is None or FetchFailure(outlet.failure) for outlet in AUTUMN.outlets)


@pytest.mark.parametrize("outlet", WORKING, ids=lambda outlet: outlet.spec.publisher)
@pytest.mark.parametrize("step", range(1, LAST + 1))
def test_publication_times_are_in_the_publishers_zone(outlet: Outlet, step: int) -> None:
    """The offset of every date is the one of the outlet's zone that day, and nothing is from the future."""
    zone = ZoneInfo(outlet.spec.timezone or "")
    dated = [moment(entry["date"]) for entry in entries(outlet, step) if entry["date"]]
    assert all(at.utcoffset() == at.astimezone(zone).utcoffset() for at in dated)
    assert all(at.astimezone(UTC) <= AUTUMN.steps[step - 1].at for at in dated)


@pytest.mark.parametrize("outlet", WORKING, ids=lambda outlet: outlet.spec.publisher)
def test_weekday_names_match_the_calendar(outlet: Outlet) -> None:
    """A weekday of RFC 5322 dates, and one beside a written-out date, is the right one."""
    for answer in outlet.answers:
        text = answer.body.decode("latin-1")
        for name, day, month, year in re.findall(r"<pubDate>(\w{3}), (\d\d) (\w{3}) (\d{4})", text):
            number = [m[:3] for m in MONTHS].index(month) + 1
            assert WEEKDAYS[date(int(year), number, int(day)).weekday()].startswith(name)
        for name, day, month in re.findall(r"(\w+day), (\d+) (\w+)", text):
            if month in MONTHS:
                assert WEEKDAYS[date(2022, MONTHS.index(month) + 1, int(day)).weekday()] == name


def test_datelines_name_the_day_of_publication() -> None:
    """A wire's dateline carries the day its article came out."""
    for entry in entries(by_publisher("Northwind Wire")):
        found = re.search(r", (Oct|Nov) (\d+) \(Northwind\) - ", words(entry["text"]))
        assert found
        published = moment(entry["date"])
        assert (published.strftime("%b"), published.day) == (found[1], int(found[2]))


def test_a_wire_text_is_copied_word_for_word() -> None:
    """Three owners carry one text, title and all."""
    copies = [
        words(entry["title"] + " " + entry["text"])
        for outlet in WORKING
        for entry in entries(outlet)
        if "Nov 18 (Northwind)" in entry["text"]
    ]
    assert len(copies) == 3
    assert len(set(copies)) == 1


def test_an_article_is_edited_under_the_same_key() -> None:
    """The second step changes the text of an entry and nothing else about it."""
    facts = EXPECTED["edited"]
    outlet = by_publisher(facts["outlet"])
    before, after = (next(e for e in entries(outlet, step) if e["key"] == facts["key"]) for step in (1, 2))
    assert facts["before"] in before["text"]
    assert facts["after"] in after["text"]
    assert before["date"] == after["date"]


def test_corrections_come_in_a_later_step() -> None:
    """What a correction corrects was told a step before."""
    for fact in EXPECTED["corrections"]:
        outlet = by_publisher(fact["outlet"])
        assert fact["key"] not in {entry["key"] for entry in entries(outlet, 1)}
        assert fact["key"] in {entry["key"] for entry in entries(outlet, 2)}


def test_one_entry_has_no_date() -> None:
    """The undated entry, and no other."""
    undated = [e["key"] for outlet in WORKING for e in entries(outlet) if not e["date"]]
    assert undated == [EXPECTED["undated"]["url"]]


@pytest.mark.parametrize("fact", EXPECTED["harmless"] + EXPECTED["not_english"], ids=lambda f: f["title"])
def test_expected_titles_are_in_the_bodies(fact: dict[str, str]) -> None:
    """The facts speak of articles that are there."""
    assert fact["title"] in {entry["title"] for entry in entries(by_publisher(fact["outlet"]))}


def test_denials_follow_the_accusation() -> None:
    """The two denials are known a step after the accusation, and later on the calendar."""
    accused = EXPECTED["accusation"]["date"]
    assert {denial["source"] for denial in EXPECTED["denials"]} == {"PRK", "RUS"}
    assert all(denial["date"] > accused for denial in EXPECTED["denials"])
    first = " ".join(words(e["text"]) for outlet in WORKING for e in entries(outlet, 1))
    assert "accused North Korea" in first
    assert not re.search(r"(Korea|Russia|Moscow)( on \w+)? denied", first)


@pytest.mark.parametrize("outlet", WORKING, ids=lambda outlet: outlet.spec.publisher)
def test_nothing_is_lost_from_step_to_step(outlet: Outlet) -> None:
    """A feed only grows here, so a poll that was missed costs nothing."""
    keys = [{entry["key"] for entry in entries(outlet, step)} for step in range(1, LAST + 1)]
    assert all(before <= after for before, after in pairwise(keys))


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        (None, "no recording"),
        ("steps: [", "recording.yaml"),
        ("- a list", "not a mapping"),
        ("name: x\nsteps: []\noutlets: []\n", "no steps"),
        ("name: x\noutlets: []\n", "steps"),
        ("name: x\nsteps: [{name: a, at: 2022-11-03T11:00:00+00:00}]\noutlets: [7]\n", "recording.yaml"),
    ],
)
def test_a_bad_manifest_is_refused_by_name(tmp_path, manifest: str | None, complaint: str) -> None:
    """What is wrong with a recording, and where, is said."""
    if manifest is not None:
        (tmp_path / "recording.yaml").write_text(manifest)
    with pytest.raises(InputError, match=complaint):
        Recording.load(tmp_path)


@pytest.mark.parametrize(
    ("answers", "validators", "complaint"),
    [
        ("[{step: 2, status: 500}]", "[]", r"answers at steps \[2\]"),
        ("[{step: 1, status: 500}, {step: 1, status: 500}]", "[]", "answers at steps"),
        ("[{step: 1, status: 500}, {step: 9, status: 500}]", "[]", "answers at steps"),
        ("[]", "[]", "answers at steps"),
        ("[{step: 1, body: gone.xml}]", "[]", "gone.xml"),
        ("[{step: 1, status: 500}]", "[e-tag]", "e-tag"),
    ],
)
def test_bad_answers_are_refused(tmp_path, answers: str, validators: str, complaint: str) -> None:
    """Steps that do not rise, bodies that are not there, validators nobody knows."""
    (tmp_path / "recording.yaml").write_text(
        "name: x\nsteps: [{name: a, at: 2022-11-03T11:00:00+00:00}]\noutlets:\n"
        "  - {path: /a, title: A, publisher: A, owner: A, format: RSS, content_type: text/xml,\n"
        f"     validators: {validators}, answers: {answers}}}\n"
    )
    with pytest.raises(InputError, match=complaint):
        Recording.load(tmp_path)
