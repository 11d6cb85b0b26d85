"""What makes an entry the same entry: its guid, else its link, else its title; and canonical addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

MAX_URL = 2000
MAX_KEY = 500

_TRACKING = re.compile(
    r"""(?ix) ^(?: utm_\w+ | at_(?:medium|campaign|custom\d|link_\w+|format|bbc_team|ptr_name) | fbclid | gclid | dclid
    | gbraid | wbraid | msclkid | yclid | twclid | igshid | mc_cid | mc_eid | mkt_tok | cmpid | cmp | ocid | ito
    | ns_\w+ | smid | xtor | wt_mc | wt\.\w+ | ncid | _ga | _hsenc | _hsmi | guccounter | soc_src | soc_trk
    | traffic_source | maca | partner_id | cid_rss )$"""
)
# an address that is canonical as it stands: nothing to lower, to resolve or to take off
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9-]++\.)+[a-z0-9-]++/(?:[\w~%-][\w~%.-]*+/)*+(?:[\w~%-][\w~%.-]*+)?", re.ASCII
)
_PORTS = {"http": 80, "https": 443}


def canonical_url(link: str | None, base: str) -> str | None:
    """Resolve against the feed, drop fragment, tracking parameters and default port; lower-case scheme and host.

    None for what is not an http or https address (javascript:, data:, mailto:...) or is longer than 2000
    characters.
    """
    if not link or not link.strip():
        return None
    if len(link) <= MAX_URL and _PLAIN.fullmatch(link):
        return link
    try:
        clean = re.sub(r"[\x00-\x1f\x7f]+", "", link).strip().replace(" ", "%20")
        clean.encode()
        parts = urlsplit(urljoin(base, clean))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    url = urlunsplit((parts.scheme, _netloc(parts, host, port), parts.path or "/", _query(parts.query), ""))
    return url if len(url) <= MAX_URL else None


def _netloc(parts: SplitResult, host: str, port: int | None) -> str:
    bare = f"[{host}]" if ":" in host else host
    return bare if port in (None, _PORTS[parts.scheme]) else f"{bare}:{port}"


def _query(query: str) -> str:
    if not query:
        return ""
    return "&".join(pair for pair in query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0]))


def refused_link(link: str | None) -> str | None:
    """Name the scheme of a link that is refused, e.g. "javascript"; None for relative and web links."""
    if link is None or link.startswith(("https://", "http://")):
        return None
    scheme, colon, _ = re.sub(r"[\x00-\x20\x7f]+", "", link).partition(":")
    known = re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme)
    return scheme.lower() if colon and known and scheme.lower() not in _PORTS else None


def keys_of(identities: Sequence[tuple[str | None, str | None, str]]) -> list[str]:
    """Keys for the (guid, link, title) of all entries of one document, in order.

    A guid, else the link, else a hash of the title. A guid that the document repeats says nothing alone:
    it becomes guid and link. What is still repeated stays so: it is the same entry twice.
    """
    repeated = {guid for guid, count in _count(guid for guid, _, _ in identities).items() if count > 1}
    return [_key(guid, link, title, guid in repeated) for guid, link, title in identities]


def _count(guids: Iterable[str | None]) -> Counter[str]:
    return Counter(guid for guid in guids if guid)


def _key(guid: str | None, link: str | None, title: str, repeated: bool) -> str:
    if guid:
        return _short(f"{guid} {link or _digest(title)}" if repeated else guid)
    return _short(link) if link else f"title:{_digest(title)}"


def _short(key: str) -> str:
    """Keys are indexed; a guid that is a whole document is kept by its hash."""
    return key if len(key) <= MAX_KEY else f"sha256:{_digest(key)}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
