"""Which feeds are the same feed under two addresses. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from tocsin.polling._discover import Look

_SHARED = 0.9  # of the entries of the smaller one
_ENTRIES = 3  # at the least, so that two feeds which both tell one big story are not called the same
_CROWD = 20  # feeds that carry one entry, above which it says nothing about them


@dataclass(frozen=True, slots=True)
class Double:
    """Another feed that is the same, and why it is thought so."""

    url: str
    why: str


def doubles(looks: Mapping[str, Look]) -> dict[str, tuple[Double, ...]]:
    """For each address, the others that lead to the same place or carry the same entries."""
    why = dict.fromkeys(_same_place(looks), "the same address after redirects, https, www and slashes")
    for pair, told in _same_entries(looks).items():
        why.setdefault(pair, told)
    found: defaultdict[str, list[Double]] = defaultdict(list)
    for (one, other), told in sorted(why.items()):
        found[one].append(Double(other, told))
        found[other].append(Double(one, told))
    return {url: tuple(others) for url, others in found.items()}


def _same_place(looks: Mapping[str, Look]) -> Iterable[tuple[str, str]]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for url, look in looks.items():
        places[_place(look.url)].append(url)
    return [pair for urls in places.values() for pair in combinations(sorted(urls), 2)]


def _same_entries(looks: Mapping[str, Look]) -> dict[tuple[str, str], str]:
    entries = {url: {e.url or e.content_hash for e in look.feed.entries} for url, look in looks.items()}
    carriers: defaultdict[str, list[str]] = defaultdict(list)
    for url, keys in entries.items():
        for key in keys:
            carriers[key].append(url)
    shared: Counter[tuple[str, str]] = Counter()
    for urls in carriers.values():
        if len(urls) <= _CROWD:
            shared.update(combinations(sorted(urls), 2))
    return {
        (one, other): f"{count} of {least} entries are the same"
        for (one, other), count in shared.items()
        if count >= max(_ENTRIES, _SHARED * (least := min(len(entries[one]), len(entries[other]))))
    }


def _place(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.netloc.rpartition("@")[2]).lower().removeprefix("www.")
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{host.removesuffix(default)}{parts.path.rstrip('/')}?{parts.query}"
