"""Which addresses share a lane, and what the environment gives."""

from __future__ import annotations

import pytest

from tocsin.errors import ConfigurationError
from tocsin.network import from_environment, host_name, lane_of, names_secret, registrable_domain


@pytest.mark.parametrize(
    ("url", "lane"),
    [
        ("https://news.example.co.uk/rss", "example.co.uk"),
        ("https://feeds.Example.CO.UK:8443/rss", "example.co.uk"),
        ("https://u:p@example.com/", "example.com"),
        ("https://example.com./", "example.com"),
        ("https://one.blogspot.com/", "blogspot.com"),
        ("https://b\u00fccher.example.de/", "example.de"),
        ("https://www.b\u00fccher.de/", "xn--bcher-kva.de"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://[2606:4700::1]:80/", "[2606:4700::1]:80"),
        ("http://localhost:81/", "localhost:81"),
        ("http://co.uk/", "co.uk"),
        ("http://[bad/", "http://[bad/"),
        ("nonsense", "nonsense"),
    ],
)
def test_lanes(url, lane):
    """The registrable domain; addresses and single names with their port; what is no address for itself."""
    assert lane_of(url) == lane


def test_hosts():
    """Host and port, without the user."""
    assert host_name("https://u:p@News.Example:81/x") == "news.example:81"
    assert host_name("http://[bad/") == "http://[bad/"
    assert registrable_domain("1.2.3.4") is None


def test_environment():
    """Variables are filled in; one that is missing is named, and what others hold is not told."""
    assert from_environment("Bearer ${A}-${B}", {"A": "1", "B": "2"}) == "Bearer 1-2"
    assert from_environment("$A {A} plain", {}) == "$A {A} plain"
    with pytest.raises(ConfigurationError) as caught:
        from_environment("${SECRET}:${MISSING}", {"SECRET": "hidden"})
    assert "MISSING" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert names_secret("x ${A}")
    assert not names_secret("x $A")
