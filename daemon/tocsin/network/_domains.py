"""Which requests share a lane: the registrable domain of an address, by the Public Suffix List.

The list comes with the `publicsuffixlist` package, which is released with every change of it. Only its
ICANN part counts: the blogs of one platform share its servers, and so they share a lane.
"""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=65_536)
def lane_of(url: str) -> str:
    """What politeness counts by: `news.example.co.uk` and `feeds.example.co.uk` are `example.co.uk`.

    Addresses, single names such as `localhost`, and public suffixes themselves have no owner above them and
    are taken with their port. What is no address at all is its own lane.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        netloc = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return url
    return registrable_domain(host) or netloc or url


@lru_cache(maxsize=65_536)
def host_name(url: str) -> str:
    """Host and port, in lower case, as the narrower scope of politeness."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url
    except ValueError:
        return url


def registrable_domain(host: str) -> str | None:
    """The public suffix and one label more, in lower case and ASCII form; None where there is none."""
    name = _ascii(host.lower())
    if not name or _is_address(name):
        return None
    found = _suffixes().privatesuffix(name)
    return str(found) if found else None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
