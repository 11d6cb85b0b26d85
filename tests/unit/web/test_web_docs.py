"""The reference of the HTTP interface cannot drift from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.timeline.exports import ExportFormat, event_to_json
from tocsin.web import _filters as filters
from tocsin.web._site import NAVIGATION

REFERENCE = (Path(__file__).resolve().parents[3] / "docs/reference/http.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return REFERENCE.split(f"{title}\n", 1)[1].split("\n#", 1)[0]


def test_every_parameter_of_the_timeline_is_documented() -> None:
    """The table names exactly the parameters there are."""
    names = {
        name
        for cell in re.findall(r"^\| (`[^|]+) \|", section("### /events"), re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    }
    assert names == {parameter.name for parameter in filters.EVENTS}


@pytest.mark.parametrize("name", ["claims", "alerts", "deliveries", "feeds", "articles"])
def test_every_parameter_of_the_other_lists_is_documented(name: str) -> None:
    """Each list's row names its parameters."""
    row = re.search(rf"^\| `/{name}` \| (.+) \|$", section("### Other lists"), re.MULTILINE)
    assert row is not None
    known = {parameter.name for parameter in getattr(filters, name.upper())} - {"page", "limit"}
    assert known <= set(re.findall(r"`(\w+)`", row[1]))


def test_every_format_page_and_choice_is_documented() -> None:
    """Formats, pages and the values of choices stand in the reference."""
    for word in [f"`.{one}`" for one in ExportFormat] + [f"`{address}`" for address, _ in NAVIGATION]:
        assert word in REFERENCE
    lists = (filters.EVENTS, filters.CLAIMS, filters.DELIVERIES)
    for choice in (word for known in lists for one in known for word in one.choices):
        assert f"`{choice}`" in REFERENCE


def test_every_field_of_an_event_is_documented() -> None:
    """The example names each field of the JSON form."""
    from helpers_events import make_event

    example = section("## An event as JSON")
    assert [field for field in event_to_json(make_event()) if f'"{field}": ' not in example] == []
