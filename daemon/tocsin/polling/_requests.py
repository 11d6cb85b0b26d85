"""What goes over the wire for one feed or page: headers, whom they may reach, where redirects lead. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from tocsin.errors import ConfigurationError, FetchError
from tocsin.model import FetchFailure
from tocsin.network import ACCEPT_ENCODING, from_environment
from tocsin.ports import FetchRequest

MOVES = frozenset((301, 302, 303, 307, 308))

_FOR_GOOD = frozenset((301, 308))
_PORTS = {"http": 80, "https": 443}
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request ready to be sent. `own` goes to the host asked first only: it may hold secrets."""

    url: str  # without user and password
    common: Headers
    own: Headers
    conditional: bool

    def headers_for(self, url: str) -> Headers:
        """Headers of one hop."""
        if not self.own or not may_know(self.url, url):
            return self.common
        named = {name for name, _ in self.own}
        return [pair for pair in self.common if pair[0] not in named] + self.own


def prepare(request: FetchRequest, environ: Mapping[str, str], user_agent: str = "Tocsin") -> Prepared:
    """Put the headers together; raise `FetchError` (configuration) when the environment lacks a variable.

    User and password of the address become an Authorization header (RFC 7617), and so does
    "Basic user:password" in one of the feed's own headers.
    """
    try:
        own = {name.lower(): from_environment(value, environ) for name, value in request.headers.items()}
    except ConfigurationError as error:
        raise FetchError(error.message, FetchFailure.CONFIGURATION, hint=error.hint) from error
    url, credentials = without_credentials(request.url)
    if credentials:
        own.setdefault("authorization", f"Basic {credentials}")
    if "authorization" in own:
        own["authorization"] = _encoded(own["authorization"])
    common = {
        "user-agent": user_agent,
        "accept": request.accept or _ACCEPT,
        "accept-encoding": ACCEPT_ENCODING,
    }
    conditions = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
    common |= {name: value for name, value in conditions.items() if value}
    return Prepared(url, _raw(common), _raw(own), conditional=any(conditions.values()))


def _raw(headers: Mapping[str, str]) -> Headers:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _encoded(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "basic" or ":" not in rest:  # Base64 has no colon
        return value
    return f"Basic {b64encode(rest.strip().encode()).decode()}"


def without_credentials(url: str) -> tuple[str, str]:
    """The address without user and password, and these as "user:password" ("" when there are none)."""
    scheme, slashes, rest = url.partition("://")
    authority = rest.split("/", 1)[0].split("?", 1)[0]
    named, at, _ = authority.rpartition("@")
    if not slashes or not at:
        return url, ""
    user, _, password = named.partition(":")
    return f"{scheme}://{rest[len(named) + 1 :]}", f"{unquote(user)}:{unquote(password)}"


def may_know(first: str, url: str) -> bool:
    """Whether what is meant for `first` may be sent to `url`: the same host and port, or its https form."""
    try:
        old, new = urlsplit(first), urlsplit(url)
        ports = (_port(old), _port(new))
    except ValueError:
        return False
    if old.hostname != new.hostname:
        return False
    return (old.scheme == new.scheme and ports[0] == ports[1]) or (
        (old.scheme, new.scheme) == ("http", "https") and ports == (80, 443)
    )


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def redirect_target(url: str, status: int, location: str) -> str | None:
    """Where a redirect leads, None for any other answer; raise `FetchError` when that is no web address."""
    if status not in MOVES or not location:
        return None
    try:
        target = without_credentials(urljoin(url, location))[0].partition("#")[0]
        scheme, host = urlsplit(target).scheme, urlsplit(target).hostname
    except ValueError:
        target, scheme, host = "", "", None
    if scheme not in _PORTS or not host:
        raise FetchError(f"redirects to {location[:100]!r}, which is no web address", FetchFailure.PROTOCOL)
    return target


def moved_for_good(trail: Sequence[tuple[str, int]], end: str) -> str | None:
    """The end of the permanent redirects (301, 308) that a chain of (address, status) begins with."""
    targets = [*(seen for seen, _ in trail), end][1:]
    lasting = takewhile(lambda hop: hop[0][1] in _FOR_GOOD, zip(trail, targets, strict=True))
    return next((target for _, target in reversed(list(lasting))), None)
