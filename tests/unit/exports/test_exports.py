"""The timeline in other programs' formats, read back with the standard library."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_events import NOW, PYONGYANG, bare_event, event_id, make_event, on
from tocsin.errors import UsageError
from tocsin.model import Event, EventStatus, Party, Place, Precision, When
from tocsin.timeline.exports import Entry, ExportFormat, event_to_json, export, write_entries

BASE = "http://127.0.0.1:8787"
ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}
KML = {"k": "http://www.opengis.net/kml/2.2"}
HOSTILE = "<script>alert(\"1\")</script> & =cmd|' /C calc'!A0, ; \\ \n second line \x00 \x0b"


def written(events: list[Event], name: str, base: str = BASE) -> str:
    return export(events, name, now=NOW, base_url=base)


@pytest.mark.parametrize("name", list(ExportFormat))
def test_same_events_give_same_bytes(name: ExportFormat) -> None:
    """What is written depends on the events, not on the moment."""
    events = [make_event(), bare_event()]
    later = export(events, name, now=NOW.replace(year=2030), base_url=BASE)
    assert written(events, name) == later


@pytest.mark.parametrize("name", list(ExportFormat))
def test_hostile_text_keeps_every_format_readable(name: ExportFormat) -> None:
    """Markup, quotes, line breaks and control characters stay text in every format."""
    event = make_event(title=HOSTILE, source=(Party(HOSTILE, "PRK"),), owners=(HOSTILE,))
    text = written([event], name)
    assert "<script>" not in text or name in (ExportFormat.JSON, ExportFormat.GEOJSON, *_PLAIN)
    assert "\x0b" not in text or name is ExportFormat.CSV
    if name in (ExportFormat.ATOM, ExportFormat.KML):
        ET.fromstring(text)  # noqa: S314 - our own output
    if name in (ExportFormat.JSON, ExportFormat.GEOJSON):
        json.loads(text)


_PLAIN = (ExportFormat.CSV, ExportFormat.ICS, ExportFormat.GDELT)


def test_unknown_format_names_the_known_ones() -> None:
    """A format there is not is refused with the list."""
    with pytest.raises(UsageError, match="xlsx") as caught:
        written([], "xlsx")
    assert "geojson" in str(caught.value)


def test_only_events_have_the_gdelt_table() -> None:
    """Other lists refuse the format that has columns for events only."""
    with pytest.raises(UsageError, match="gdelt"):
        write_entries([], "gdelt", now=NOW, base_url=BASE, title="x")


def test_json_is_one_array_with_every_field() -> None:
    """The JSON form carries type, days, parties, place, owners and where the page is."""
    [first, second] = json.loads(written([make_event(), bare_event()], "json", BASE + "/"))
    assert first["id"] == str(event_id(1))
    assert first["url"] == f"{BASE}/events/{event_id(1)}"
    assert first["when"]["start"] == "2022-11-02"
    assert first["when"]["text"] == "on Wednesday"
    assert first["place"] == {"name": "Pyongyang", "country": "PRK", "lat": 39.03, "lon": 125.75}
    assert first["source"] == [{"name": "North Korea", "country": "PRK", "sector": "GOV"}]
    assert first["claim"] == {"type": "arms.transfer", "source": ["PRK"], "target": ["RUS"]}
    assert first["objects"][0]["count"] == 1
    assert first["confidence"] == 0.833
    assert first["first_published"] == "2022-11-02T03:00:00+00:00"
    assert second["when"] is None
    assert second["place"] is None
    assert second["claim"] is None
    assert second["first_published"] is None
    assert set(first) == set(second)


def test_json_form_without_base_url_has_a_path() -> None:
    """Without the page's address the link is relative to it."""
    assert event_to_json(make_event())["url"] == f"/events/{event_id(1)}"


def test_csv_reads_back_as_a_table() -> None:
    """One header line, CRLF, one line an event, numbers as numbers."""
    text = written([make_event(), bare_event()], "csv")
    assert text.count("\r\n") == 3
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[0]["title"] == "North Korea fires a missile towards the sea"
    assert rows[0]["owner_count"] == "2"
    assert rows[0]["source_countries"] == "PRK"
    assert rows[0]["url"] == f"{BASE}/events/{event_id(1)}"
    assert rows[1]["start"] == ""
    assert rows[1]["place_country"] == ""


def test_csv_without_events_still_has_its_header() -> None:
    """An empty table names its columns."""
    assert written([], "csv").startswith("id,type,title,")


def test_csv_of_an_empty_list_without_columns_is_empty() -> None:
    """Nothing is made up for a list that names no columns."""
    assert write_entries([], "csv", now=NOW, base_url=BASE, title="x") == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_defuses_formulas(start: str) -> None:
    """A cell a spreadsheet would run gets a leading apostrophe; a negative number stays one."""
    south = Place("Ross Sea", 0, 8, "Ross Sea", None, -75.5, -175.0)
    event = make_event(title=f'{start}HYPERLINK("http://192.0.2.1")', place=south)
    [row] = csv.DictReader(io.StringIO(written([event], "csv"), newline=""))
    assert row["title"].startswith("'" + start)
    assert row["lat"] == "-75.5"


@given(st.text(max_size=60))
def test_csv_keeps_any_text(title: str) -> None:
    """Whatever the text, the table reads back with the same cell, apostrophe and NUL aside."""
    [row] = csv.DictReader(io.StringIO(written([make_event(title=title)], "csv"), newline=""))
    assert row["title"].removeprefix("'") == title.replace("\x00", "\ufffd").removeprefix("'")


def test_atom_has_what_the_standard_requires() -> None:
    """Feed and entries carry id, title, updated, author and links."""
    feed = ET.fromstring(written([make_event(), bare_event()], "atom"))  # noqa: S314 - our own output
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.findtext("a:updated", namespaces=ATOM) == "2022-11-02T09:00:30Z"
    assert feed.findtext("a:author/a:name", namespaces=ATOM) == "Tocsin"
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {"self": f"{BASE}/events.atom", "alternate": f"{BASE}/"}
    first, second = feed.findall("a:entry", ATOM)
    assert first.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{event_id(1)}"
    assert first.findtext("g:point", namespaces=ATOM) == "39.03 125.75"
    terms = [category.get("term") for category in first.findall("a:category", ATOM)]
    assert terms == ["weapons.launch.missile", "confirmed"]
    summary = first.findtext("a:summary", namespaces=ATOM) or ""
    assert '2022-11-02 (day, "on Wednesday")' in summary
    assert "North Korea → United States" in summary
    assert "2 owners in 2 articles" in summary
    assert second.find("g:point", ATOM) is None
    assert "date not known" in (second.findtext("a:summary", namespaces=ATOM) or "")


def test_empty_atom_is_dated_now_and_knows_its_address() -> None:
    """A feed without entries is still valid: it is dated by the clock."""
    text = export([], "atom", now=NOW, base_url=BASE, self_url=f"{BASE}/events.atom?type=x&actor=y")
    feed = ET.fromstring(text)  # noqa: S314 - our own output
    assert feed.findtext("a:updated", namespaces=ATOM) == "2022-11-09T12:00:00Z"
    assert feed.findtext("a:id", namespaces=ATOM) == f"{BASE}/events.atom?type=x&actor=y"


def test_geojson_puts_longitude_first_and_keeps_events_without_a_place() -> None:
    """RFC 7946: [longitude, latitude]; a null geometry where no coordinates are known."""
    nowhere = make_event(3, place=Place("the border", 0, 10))
    data = json.loads(written([make_event(), bare_event(), nowhere], "geojson"))
    assert data["type"] == "FeatureCollection"
    first, second, third = data["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [125.75, 39.03]}
    assert first["properties"]["status"] == "confirmed"
    assert second["geometry"] is None
    assert third["geometry"] is None
    assert third["properties"]["place"]["name"] == "the border"


def test_kml_has_placemarks_with_time_and_point() -> None:
    """Each event is a placemark; days and coordinates where they are known."""
    root = ET.fromstring(written([make_event(), bare_event()], "kml"))  # noqa: S314 - our own output
    first, second = root.findall("k:Document/k:Placemark", KML)
    assert first.findtext("k:Point/k:coordinates", namespaces=KML) == "125.75,39.03"
    assert first.findtext("k:TimeSpan/k:begin", namespaces=KML) == "2022-11-02"
    assert first.findtext("k:styleUrl", namespaces=KML) == "#critical"
    assert {style.get("id") for style in root.findall("k:Document/k:Style", KML)} == {
        "info",
        "warning",
        "critical",
    }
    assert second.find("k:Point", KML) is None
    assert second.find("k:TimeSpan", KML) is None


def test_gdelt_lines_have_61_columns() -> None:
    """Columns stand where the GDELT 2.0 codebook has them."""
    text = written([make_event(), bare_event()], "gdelt")
    first, second = (line.split("\t") for line in text.splitlines())
    assert len(first) == len(second) == 61
    assert first[:5] == [str(event_id(1)), "20221102", "202211", "2022", "2022.8274"]
    assert first[5:8] == ["PRKGOV", "NORTH KOREA", "PRK"]
    assert first[25:30] == ["1", "194", "194", "19", "4"]
    assert first[31:34] == ["3", "2", "2"]
    assert first[51:54] == ["4", "Pyongyang", "PRK"]
    assert first[56:58] == ["39.03", "125.75"]
    assert first[59] == "20221102031500"
    assert second[1:5] == ["", "", "", ""]
    assert second[5] == ""
    assert second[26:30] == ["", "", "", ""]
    assert second[51] == "0"


@pytest.mark.parametrize(
    ("cameo", "quad"),
    [("010", "1"), ("057", "1"), ("0711", "2"), ("112", "3"), ("138", "3"), ("190", "4"), ("x", "")],
)
def test_gdelt_quad_class_follows_the_root_code(cameo: str, quad: str) -> None:
    """Verbal and material, cooperation and conflict, by the first two digits of CAMEO."""
    assert written([make_event(cameo=cameo)], "gdelt").split("\t")[29] == quad


def test_gdelt_cells_never_break_the_line() -> None:
    """Tabs and line breaks in names become spaces; a place without coordinates is a country."""
    event = make_event(source=(Party("A\tB\nC", None),), place=Place("the\tnorth", 0, 9, None, "PRK"))
    [line] = written([event], "gdelt").splitlines()
    cells = line.split("\t")
    assert cells[6] == "A B C"
    assert cells[51:53] == ["1", "the north"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, "date not known"),
        (on(date(2022, 11, 2)), "2022-11-02 (day)"),
        (
            on(date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH, "this month"),
            '2022-11-01/2022-11-30 (month, "this month")',
        ),
    ],
)
def test_summary_keeps_precision_and_words(when: When | None, words: str) -> None:
    """A date is never shown finer than it is known."""
    assert words in export([make_event(when=when)], "atom", now=NOW, base_url=BASE).replace("&quot;", '"')


def test_entry_of_a_named_row_has_a_lasting_name() -> None:
    """Rows without a UUID get a URN of kind and name."""
    entry = Entry("launch", "rule", "t", "s", "/rules", NOW, NOW, {}, {})
    assert entry.urn == "urn:tocsin:rule:launch"


def test_party_without_a_name_is_shown_by_code() -> None:
    """Country, then sector, then `unknown` stand in for a name."""
    parties = (Party(None, "PRK"), Party(None, None, "MIL"), Party(None, None))
    [row] = csv.DictReader(io.StringIO(written([make_event(source=parties)], "csv"), newline=""))
    assert row["source"] == "PRK, MIL, unknown"


def test_one_owner_is_not_plural() -> None:
    """Words agree with their number."""
    event = make_event(owners=("One",), articles=1, place=replace(PYONGYANG, name=None))
    assert "1 owner in 1 article" in written([event], "atom")


def test_times_with_another_offset_are_written_in_utc() -> None:
    """A moment east of Greenwich is the same moment in UTC."""
    moment = datetime.fromisoformat("2022-11-02T12:00:00+09:00")
    event = make_event(first_known=moment, last_known=moment, status=EventStatus.RETRACTED)
    assert "2022-11-02T03:00:00Z" in written([event], "atom")
    assert "CREATED:20221102T030000Z" in written([event], "ics")
