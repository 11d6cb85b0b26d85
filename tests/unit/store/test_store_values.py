"""Values on their way into rows and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from helpers_store import NOON, draft
from tocsin.model import ArticleQuery, ClaimKey
from tocsin.store import open_store
from tocsin.store._convert_events import key_from_json, key_to_json, word_key
from tocsin.store._part import TimeOrderedIds, WallClock, chunks
from tocsin.store._search import match_expression
from tocsin.store._types import FreeText, UtcDateTime, storable

ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and NUL included
SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()


@given(ANY_TEXT)
def test_any_text_can_be_stored_at_its_length(text):
    """Offsets stay right, and what could be stored is not touched."""
    stored = storable(text)
    assert len(stored) == len(text)
    stored.encode()
    assert "\0" not in stored
    assert storable(stored) == stored
    assert all(b in (a, "\ufffd") for a, b in zip(text, stored, strict=True))


@given(
    st.datetimes(
        timezones=st.just(UTC) | st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
    )
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(moment):
    """From any zone, year 1 and microseconds included (but for what no UTC moment can name)."""
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        return
    column = UtcDateTime()
    bind, result = column.bind_processor(SQLITE), column.result_processor(SQLITE, None)
    back = result(bind(moment))
    assert (back, back.tzinfo) == (utc, UTC)


def test_a_naive_moment_is_refused():
    """Nobody knows when that was."""
    with pytest.raises(ValueError, match="names no time zone"):
        UtcDateTime().process_bind_param(datetime(2022, 1, 1), SQLITE)  # noqa: DTZ001


def test_none_stays_none():
    """A date that is not known."""
    column = UtcDateTime()
    assert column.process_bind_param(None, SQLITE) is None
    assert column.process_result_value(None, SQLITE) is None
    assert FreeText().process_bind_param(None, SQLITE) is None


def test_a_moment_with_a_zone_is_converted():
    """A database that keeps zones answers in its own."""
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    assert UtcDateTime().process_result_value(tokyo, POSTGRES) == NOON
    assert UtcDateTime().process_result_value(tokyo, POSTGRES).tzinfo is UTC


@pytest.fixture(scope="module")
def searched():
    """A store with one article."""
    store = open_store("sqlite://")
    store.add_articles(
        [draft("a", body="Two missiles, North Korea's newest, fell near Élan.")], publisher=None
    )
    yield store
    store.close()


@settings(max_examples=300)
@given(ANY_TEXT | st.text(st.sampled_from('"*()^:-+{}AND OR NOT NEAR title a\0'), max_size=20))
def test_no_words_break_the_search(searched, words):
    """What a user types is data, never syntax."""
    searched.articles(ArticleQuery(text=words))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("missile", True),
        ("MISSILES north", True),
        ("north missile", True),
        ('"north korea"', True),
        ('"korea north"', False),
        ("elan", True),
        ("mis*", True),
        ("mis", False),
        ("missile volcano", False),
        ("missile OR volcano", False),
        ("north-korea's", True),
        ("title:missile", False),
        ('"north korea', True),
        ("***", False),
        ('""', False),
    ],
)
def test_words_are_found_without_case_accents_and_endings(searched, words, found):
    """All of them; phrases in quotes, beginnings with a star."""
    assert bool(searched.articles(ArticleQuery(text=words))) is found


def test_nothing_to_look_for_is_no_expression():
    """Punctuation alone."""
    assert match_expression(" ... ") is None
    assert match_expression('say "north korea" miss*') == '"say" "north korea" "miss*"*'


@given(st.text(max_size=5), st.lists(ANY_TEXT, max_size=3), st.lists(ANY_TEXT, max_size=3))
def test_claim_keys_come_back_and_differ_when_they_differ(kind, source, target):
    """Whatever the names hold."""
    key = ClaimKey(kind, tuple(source), tuple(target))
    assert key_from_json(key_to_json(key)) == key
    assert key_to_json(key) != key_to_json(ClaimKey(kind, (*source, "x"), tuple(target)))


def test_names_are_looked_up_by_whole_words():
    """Case-folded, with a space on either side."""
    assert word_key("  Kim   Jong UN ") == " kim jong un "
    assert word_key("STRASSE") == word_key("straße")
    assert word_key(" ") is None
    assert word_key(None) is None


def test_ids_grow_whichever_thread_asks():
    """UUIDv7, none twice."""
    ids = TimeOrderedIds()
    with ThreadPoolExecutor(8) as pool:
        made = [one for some in pool.map(lambda _: [ids.new() for _ in range(200)], range(8)) for one in some]
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    after = ids.new()
    assert all(one < after for one in made)


def test_the_clock_names_its_zone():
    """Naive moments cannot be stored."""
    assert WallClock().now().tzinfo is UTC


def test_portions_hold_everything_once():
    """In order, none empty."""
    assert [list(portion) for portion in chunks(list(range(5)), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunks([])) == []
