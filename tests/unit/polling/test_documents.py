"""Documents for `tocsin ingest`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tocsin.model import ArticleDraft
from tocsin.polling import _documents, read_documents

NOW = datetime(2024, 1, 1, tzinfo=UTC)
PUBLISHED = datetime(2022, 11, 8, 10, 0, tzinfo=UTC)
GOOD = {
    "id": "a1",
    "title": "Launch",
    "text": "One.\nTwo.",
    "published": "2022-11-08T10:00:00Z",
    "url": "https://news.example/a?utm_source=x",
    "publisher": "Example",
}


def read(*paths):
    found = list(read_documents(paths, NOW))
    return [item for item in found if isinstance(item, ArticleDraft)], [
        i for i in found if isinstance(i, str)
    ]


@pytest.fixture
def lines(tmp_path):
    def write(*rows, name="a.jsonl"):
        file = tmp_path / name
        file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
        return file

    return write


def test_a_line_is_an_article(lines):
    """Knowledge time is the time of publication, marked as back-filled."""
    ((draft,), problems) = read(lines(GOOD))
    assert problems == []
    assert (draft.key, draft.url, draft.publisher) == ("a1", "https://news.example/a", "Example")
    assert (draft.title, draft.text) == ("Launch", "Launch\n\nOne.\nTwo.")
    assert (draft.published, draft.known_at, draft.seen_at) == (PUBLISHED, PUBLISHED, NOW)
    assert draft.backfilled


def test_without_date_it_is_known_now(lines):
    """A document without a date that can be trusted is not dated, and known from now on."""
    (bare, wrong), _ = read(lines({"title": "T"}, {"text": "x", "published": "0001-01-01"}))
    assert (bare.published, bare.known_at, bare.backfilled, bare.date_refused) == (None, NOW, False, None)
    assert (wrong.published, wrong.date_refused, wrong.title, wrong.text) == (None, "year 1", "x", "x")


def test_bad_lines_are_named(lines):
    """A line that cannot be used is named with file and number; the others are read."""
    file = lines("{broken", "", "[1]", {"title": " "}, GOOD, "[" * 100_000)
    drafts, problems = read(file)
    assert len(drafts) == 1
    assert [problem.split(": ", 1)[0] for problem in problems] == [f"{file}:{n}" for n in (1, 3, 4, 6)]
    assert "not JSON" in problems[0]
    assert "not a JSON object" in problems[1]
    assert "neither title nor text" in problems[2]


def test_lists_and_maps_of_documents(lines):
    """A JSON list, and a JSON object with documents by id; `dct` is a date too."""
    listed = lines(json.dumps([GOOD, 3]), name="list.json")
    mapped = lines(json.dumps({"d1": {"title": "T", "text": "x", "dct": "2022-11-08"}}), name="map.json")
    drafts, problems = read(listed, mapped)
    assert [draft.key for draft in drafts] == ["a1", "d1"]
    assert drafts[1].published == PUBLISHED.replace(hour=0)
    assert problems == [f"{listed}: document 2: not a JSON object"]


RSS = """<rss version="2.0"><channel><title>Old News</title><item><title>Launch</title><link>/a</link>
<pubDate>Tue, 08 Nov 2022 10:00:00 GMT</pubDate></item><item><title>Two</title><link>https://x.example/2</link>
<source url="https://wire.example/">Wire</source></item><item/></channel></rss>"""


def test_feed_files_and_folders(lines, tmp_path):
    """Folders are walked by name; feed files are parsed, their titles are publishers, relative links none."""
    folder = tmp_path / "archive"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "b.xml").write_text(RSS)
    (folder / "a.html").write_text("<html><title>no</title></html>")
    (folder / ".hidden").write_text("x")
    drafts, problems = read(folder)
    first, second = drafts
    assert (first.publisher, first.url, first.known_at) == ("Old News", None, PUBLISHED)
    assert (second.publisher, second.url, second.backfilled) == ("Wire", "https://x.example/2", False)
    assert [problem.rpartition("/")[2].partition(":")[0] for problem in problems] == ["a.html", "b.xml"]
    assert "HTML page ('no')" in problems[0]
    assert "entry 3" in problems[1]


def test_json_that_is_no_document_goes_to_the_parser(lines):
    """JSON of another kind, and broken JSON, are told as what they are."""
    other = lines('{"version": "1"}', name="x.json")
    broken = lines("{broken", name="y.json")
    feed = lines(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "T"}]}', name="z.json"
    )
    drafts, problems = read(other, broken, feed)
    assert [draft.title for draft in drafts] == ["T"]
    assert "not a JSON Feed" in problems[0]
    assert "cannot be read" in problems[1]


def test_files_that_cannot_be_read(lines, tmp_path, monkeypatch):
    """Files that are missing or too large are named."""
    monkeypatch.setattr(_documents, "MAX_FILE", 10)
    big = lines(GOOD, name="big.xml")
    assert read(tmp_path / "nowhere.xml", big)[1] == [
        f"{tmp_path / 'nowhere.xml'}: cannot be read: No such file or directory",
        f"{big}: larger than 10 bytes",
    ]
