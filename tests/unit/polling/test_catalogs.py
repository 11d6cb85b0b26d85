"""Feed catalogs in YAML: what is read, and how faults are told."""

from __future__ import annotations

import pytest

from tocsin.errors import InputError
from tocsin.polling import load_catalog, load_catalogs

GOOD = """catalog: test
title: For the test
defaults:
  country: FRA
  language: fr
  topics: [world]
feeds:
  - url: https://news.example/rss
    title: News
    publisher: Example
    owner: Example Group
    timezone: Europe/Paris
    interval: 300
    full_text: true
  - url: https://other.example/rss
    country: DEU
    topics: []
"""


@pytest.fixture
def catalog(tmp_path):
    def write(text, name="test.yaml"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def test_facts_and_defaults(catalog):
    """A feed has its own facts, else the defaults of the file."""
    first, second = load_catalog(catalog(GOOD))
    assert (first.url, first.country, first.language, first.topics) == (
        "https://news.example/rss",
        "FRA",
        "fr",
        ("world",),
    )
    assert (first.interval, first.full_text, first.catalog, first.timezone) == (
        300,
        True,
        "test",
        "Europe/Paris",
    )
    assert (second.country, second.topics, second.title) == ("DEU", (), None)


def test_headers_and_proxy(catalog):
    """A feed may have headers and a proxy, with names of variables for what is secret."""
    text = """feeds:
  - url: https://news.example/rss
    headers: {X-Key: "${KEY}", Authorization: "Basic ${USER}:${PASSWORD}"}
    proxy: http://${PROXY}:3128
"""
    (spec,) = load_catalog(catalog(text))
    assert spec.headers == (("X-Key", "${KEY}"), ("Authorization", "Basic ${USER}:${PASSWORD}"))
    assert spec.proxy == "http://${PROXY}:3128"


@pytest.mark.parametrize("headers", ["[X-Key]", "{X Key: a}", "{X-Key: 1}", '{X-Key: "a\\nb"}', "text"])
def test_headers_that_are_none(catalog, headers):
    """Names are tokens and values printable text; else file and line are told."""
    text = f"feeds:\n  - url: https://news.example/rss\n    headers: {headers}\n"
    with pytest.raises(InputError, match=r"test\.yaml:3: `headers: .* must be names of HTTP headers"):
        load_catalog(catalog(text))


def test_folder(catalog, tmp_path):
    """All catalogs of a folder are read, files in order of name."""
    catalog("catalog: b\nfeeds: [{url: 'https://b.example/'}]", "b.yaml")
    catalog("feeds: [{url: 'https://a.example/'}]", "a.yml")
    assert [(spec.url, spec.catalog) for spec in load_catalogs(tmp_path)] == [
        ("https://a.example/", "a"),
        ("https://b.example/", "b"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "feeds:\n  - url: https://a.example/\n    publishr: A\n",
            ":3: unknown key `publishr`, did you mean `publisher`?",
        ),
        ("feeds:\n  - url: https://a.example/\n    colour: red\n", ":3: unknown key `colour`; known are url"),
        ("feed: []\n", ":1: unknown key `feed`"),
        ("feeds:\n  - title: A\n", ":2: a feed needs a `url`"),
        ("feeds:\n  - https://a.example/\n", ":2: a feed is a mapping"),
        ("feeds:\n  - url: ftp://a.example/\n", ":2: 'ftp://a.example/' is not a web address"),
        (
            "feeds:\n  - url: https://a.example/\n    country: France\n",
            ":3: `country: France` must be three capital",
        ),
        (
            "feeds:\n  - url: https://a.example/\n    language: English\n",
            ":3: `language: English` must be a BCP 47",
        ),
        ("feeds:\n  - url: https://a.example/\n    timezone: Mars\n", ":3: `timezone: Mars` must be a zone"),
        ("feeds:\n  - url: https://a.example/\n    topics: world\n", ":3: `topics: world` must be a list"),
        (
            "feeds:\n  - url: https://a.example/\n    interval: 0\n",
            ":3: `interval: 0` must be a number of seconds",
        ),
        (
            "feeds:\n  - url: https://a.example/\n    interval: true\n",
            ":3: `interval: True` must be a number",
        ),
        (
            "feeds:\n  - url: https://a.example/\n    full_text: maybe\n",
            ":3: `full_text: maybe` must be true or false",
        ),
        ("feeds:\n  - url: https://a.example/\n    title: [a]\n", "must be a text"),
        ("defaults:\n  country: fr\nfeeds: []\n", ":2: `country: fr` must be"),
        ("defaults:\n  url: https://a.example/\nfeeds: []\n", ":2: unknown key `url`"),
        ("defaults: [a]\nfeeds: []\n", ":1: `defaults` is a mapping"),
        (
            "feeds:\n  - url: https://a.example/\n  - url: https://a.example/\n",
            "https://a.example/ stands there twice",
        ),
        ("title: none\n", ":1: a catalog has a list of `feeds`"),
        ("- a\n", ":1: a catalog is a mapping"),
        ("", ":1: a catalog is a mapping"),
        ("feeds: [\n", ":2: not valid YAML"),
        ("a: b: c\n", ":1: not valid YAML"),
        (b"\xff\xfe\xff", ":1: cannot be read"),
    ],
)
def test_faults_name_file_and_line(catalog, text, fault):
    """Each fault is told with file, line and remedy."""
    file = catalog(text)
    with pytest.raises(InputError) as caught:
        load_catalog(file)
    assert caught.value.message.startswith(str(file))
    assert fault in caught.value.message


def test_all_faults_of_all_files_at_once(catalog, tmp_path):
    """A folder of catalogs is mended in one go."""
    catalog("feeds:\n  - title: A\n  - url: nowhere\n", "a.yaml")
    catalog("feeds: 3\n", "b.yaml")
    with pytest.raises(InputError) as caught:
        load_catalogs(tmp_path)
    assert [line.rpartition("/")[2].partition(": ")[0] for line in caught.value.message.splitlines()] == [
        "a.yaml:2",
        "a.yaml:3",
        "b.yaml:1",
    ]


def test_missing_folder(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(InputError, match="is not a folder"):
        load_catalogs(tmp_path / "nowhere")


def test_missing_file(tmp_path):
    """A file that is not there is named."""
    with pytest.raises(InputError, match="cannot be read"):
        load_catalog(tmp_path / "nowhere.yaml")
