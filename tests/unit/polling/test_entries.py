"""From raw entries to entries that can be stored."""

from __future__ import annotations

import pytest

from tocsin.polling import _entries
from tocsin.polling._entries import Markup, RawEntry, build_entries

BASE = "https://news.example/feed"


def raw(title="Title", body="Body", **fields):
    return RawEntry(title=Markup(title) if title else None, body=Markup(body) if body else None, **fields)


def one(entry: RawEntry):
    (built,), notes = build_entries([entry], BASE)
    return built, notes


def test_text_is_title_blank_line_body():
    """Spans point into the title, a blank line, and the body."""
    built, notes = one(raw("A &amp; B", "<p>One.</p><p>Two.</p>", guid="g", link="/a?utm_source=x"))
    assert (built.key, built.url, built.title) == ("g", "https://news.example/a", "A & B")
    assert built.text == "A & B\n\nOne.\n\nTwo."
    assert built.html == "<p>One.</p><p>Two.</p>"
    assert notes == []


def test_title_only_and_body_only():
    """Either alone is an article; a body without title gets its first line as title."""
    assert one(raw(body=None))[0].text == "Title"
    bodied = one(raw(title=None, body="First line.<br>Second."))[0]
    assert (bodied.title, bodied.text) == ("First line.", "First line.\nSecond.")


def test_nothing_is_refused():
    """An entry with neither title nor text is refused by its number."""
    assert build_entries([raw(), raw(None, None)], BASE)[1] == ["entry 2: has neither title nor text"]


def test_guid_that_counts_versions_is_the_link():
    """A guid that is the link and a version number would make each edit an article of its own."""
    assert (
        one(raw(guid="https://news.example/a#1", link="/a?utm_source=x"))[0].key == "https://news.example/a"
    )
    entries, _ = build_entries(
        [raw(guid=f"https://news.example/live#{part}", link="/live") for part in "ab"], BASE
    )
    assert [entry.key for entry in entries] == ["https://news.example/live#a", "https://news.example/live#b"]


def test_javascript_link_is_left_out():
    """The entry stays, its link does not."""
    built, notes = one(raw(link="javascript:alert(1)"))
    assert built.url is None
    assert notes == ["entry 1: the link is a javascript: address and was left out"]


def test_the_same_entry_twice():
    """What a document repeats whole is taken once."""
    entries, notes = build_entries([raw(guid="g", link="/a"), raw(guid="g", link="/a")], BASE)
    assert [entry.key for entry in entries] == ["g https://news.example/a"]
    assert "repeats" in notes[0]


def test_shared_address_identifies_nothing():
    """Entries that all link to one page have no address of their own."""
    entries, _ = build_entries([raw(guid="1", link="/live"), raw(guid="2", link="/live")], BASE)
    assert [entry.url for entry in entries] == [None, None]


def test_live_blog_keeps_fragments():
    """Where fragments tell entries of one page apart, they are kept."""
    entries, _ = build_entries(
        [raw(guid="1", link="/live#a"), raw(guid="2", link="/live#b"), raw(guid="3", link="/x#c")], BASE
    )
    assert [entry.url for entry in entries] == [
        "https://news.example/live#a",
        "https://news.example/live#b",
        "https://news.example/x",
    ]


def test_front_page_is_no_address_of_an_article():
    """A link to the front page would make all articles of all days one."""
    assert one(raw(link="https://news.example/"))[0].url is None
    assert one(raw(link="https://news.example/?p=7"))[0].url == "https://news.example/?p=7"


def test_plain_text_is_not_read_as_markup():
    """Text that is declared plain keeps its angle brackets, and gives the page no HTML."""
    built, _ = one(RawEntry(title=Markup("a < b", html=False), body=Markup("<b>", html=False)))
    assert built.text == "a < b\n\n<b>"
    assert built.html is None


def test_names_are_one_clean_line():
    """Author, source and language are trimmed; blanks are nothing."""
    built, _ = one(raw(author=" A\n B ", source="  ", language="en"))
    assert (built.author, built.source, built.language) == ("A B", None, "en")


def test_hash_follows_title_and_text():
    """The hash begins with its version and changes with title or text, and with nothing else."""
    first, same = one(raw(guid="1", author="x"))[0], one(raw(guid="2", author="y"))[0]
    other = one(raw(body="Other"))[0]
    assert first.content_hash[0] == "1"
    assert first.content_hash == same.content_hash != other.content_hash


def test_entries_are_bounded(monkeypatch):
    """A document with more entries than anybody publishes is read to the limit, and says so."""
    monkeypatch.setattr(_entries, "MAX_ENTRIES", 3)
    entries, notes = build_entries([raw(guid=str(number)) for number in range(5)], BASE)
    assert len(entries) == 3
    assert notes == ["5 entries, only the first 3 are read"]


@pytest.mark.parametrize("dates", [("", " ", "2022-11-08"), ("2022-11-08",)])
def test_blank_dates_are_dropped(dates):
    """Empty date elements are no dates."""
    assert one(raw(dates=dates))[0].dates == ("2022-11-08",)
