"""Ids, durations and pairs as people type them."""

import sys
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tocsin.cli._ids import find, new_id, pages, short
from tocsin.cli.alerts import parse_duration, parse_pairs, parse_since, user
from tocsin.errors import InputError, UsageError


@dataclass(frozen=True)
class Row:
    """Something with an id."""

    id: UUID


ROWS = [
    Row(UUID("01845c4f-0a00-7000-8000-0000aaaa1111")),
    Row(UUID("01845c4f-0a00-7000-8000-0000aaaa2222")),
    Row(UUID("02845c4f-0a00-7000-8000-0000bbbb2222")),
]


@pytest.mark.parametrize("typed", ["aaaa1111", "AAAA1111 ", "1111", str(ROWS[0].id)])
def test_either_end_of_an_id_finds_its_row(typed):
    """Case and spaces do not matter."""
    assert find(typed, iter(ROWS), "alert", "tocsin alerts list") is ROWS[0]
    assert find("02845c4f", iter(ROWS), "alert", "tocsin alerts list") is ROWS[2]


@pytest.mark.parametrize("typed", ["2222", "01845c4f"])
def test_several_rows_are_named_and_none_is_taken(typed):
    """Nobody acknowledges the wrong alert."""
    with pytest.raises(UsageError, match="could be 2 alerts") as caught:
        find(typed, iter(ROWS), "alert", "tocsin alerts list")
    assert str(ROWS[1].id) in str(caught.value)


def test_no_row_is_an_error_that_names_the_list():
    """So that one sees what there is."""
    with pytest.raises(InputError, match="`tocsin alerts list` shows them"):
        find("ffff", iter(ROWS), "alert", "tocsin alerts list")


@pytest.mark.parametrize("typed", ["", "1", "----", "22-2"])
def test_too_little_of_an_id_is_wrong_usage(typed):
    """Four characters at least."""
    with pytest.raises(UsageError, match="too short"):
        find(typed, iter(ROWS), "alert", "x")


def test_the_short_form_is_the_random_end():
    """It finds its row again."""
    made = new_id()
    assert str(made).endswith(short(made))
    assert len(short(made)) == 8


def test_pages_are_asked_until_one_is_empty():
    """Every row once, whatever the page size."""
    rows = list(range(1201))
    assert list(pages(lambda limit, offset: rows[offset : offset + min(limit, 400)])) == rows


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("90m", 5400), ("2h", 7200), ("1d12h", 129600), ("1 w", 604800)]
)
def test_durations_add_up(text, seconds):
    """Units from seconds to weeks."""
    assert parse_duration(text, "--for") == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "-2h", "2h later", "0h", "9999999999w"])
def test_what_is_no_duration_is_wrong_usage(text):
    """The option is named."""
    with pytest.raises(UsageError, match="--for"):
        parse_duration(text, "--for")


def test_pairs_become_a_mapping():
    """Values may hold an equals sign."""
    assert parse_pairs(["a=1", " b = x=y "], "label") == {"a": "1", "b": "x=y"}


@pytest.mark.parametrize("pairs", [["a"], ["=1"], ["a="], ["a=1", "a=2"]])
def test_what_is_no_pair_is_wrong_usage(pairs):
    """Nor is a name twice."""
    with pytest.raises(UsageError, match="label"):
        parse_pairs(pairs, "label")


def test_since_is_a_day_or_a_moment_in_utc():
    """Nothing is no restriction; nonsense is wrong usage."""
    assert parse_since(None) is None
    assert parse_since("2022-11-08").isoformat() == "2022-11-08T00:00:00+00:00"
    assert parse_since("2022-11-08T09:00+09:00").isoformat() == "2022-11-08T09:00:00+09:00"
    with pytest.raises(UsageError, match="--since yesterday"):
        parse_since("yesterday")


def test_a_machine_without_a_user_name_is_unknown(monkeypatch):
    """A container may run under a number alone."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "pwd", None)
    assert user() == "unknown"
