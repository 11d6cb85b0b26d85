"""The catalogs that ship with Tocsin, checked for form; nothing is asked."""

from __future__ import annotations

from collections import Counter

import pytest

from tocsin.polling import load_catalogs
from tocsin.shipped import shipped


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
