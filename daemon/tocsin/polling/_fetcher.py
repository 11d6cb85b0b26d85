"""Getting a feed: one conditional GET, politely, along redirects, within limits of size and time."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.network import guarded_client
from tocsin.polling._failures import describe_failure
from tocsin.polling._gate import HostGate
from tocsin.ports import FetchRequest, FetchResponse
from tocsin.settings import NetworkSettings, PollingSettings, Settings

MAX_REDIRECTS = 10

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_DECODED = frozenset(("", "identity", "gzip", "deflate"))
_MOVES = frozenset((301, 302, 303, 307, 308))
_FOR_GOOD = frozenset((301, 308))


class HttpFetcher:
    """The `Fetcher` of the daemon.

    Every hop of a redirect waits for its host's turn and passes the outgoing guard. The time limit is for
    all hops together, without the waiting for turns. ETag and Last-Modified go back byte for byte; one that
    is not UTF-8 cannot and is not kept.
    """

    def __init__(self, polling: PollingSettings, network: NetworkSettings, user_agent: str) -> None:
        self._limit = polling.max_body
        self._timeout = polling.timeout
        self._gate = HostGate(polling.per_host, polling.spacing, polling.concurrency)
        self._client = guarded_client(
            network, user_agent=user_agent, timeout=polling.timeout, max_connections=polling.concurrency
        )

    @classmethod
    def of(cls, settings: Settings) -> HttpFetcher:
        """As the settings say."""
        return cls(settings.polling, settings.network, settings.user_agent)

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """Raises `FetchError` for everything that is not an answer."""
        headers = _headers(request)
        url, left, spent = request.url, self._timeout, 0.0
        trail: list[tuple[str, int]] = []
        while True:
            started = monotonic()
            async with self._gate.place(_host_of(url)):
                started = monotonic()
                answer, body = await self._hop(url, headers, left)
            spent += monotonic() - started
            left = max(0.001, self._timeout - spent)
            target = _target(url, answer)
            if target is None:
                return _response(url, answer, body, spent, _moved_to(url, trail))
            trail.append((url, answer.status_code))
            if target in {seen for seen, _ in trail}:
                raise FetchError(f"redirects lead back to {target}", FetchFailure.REDIRECT_LOOP)
            if len(trail) > MAX_REDIRECTS:
                raise FetchError(f"more than {MAX_REDIRECTS} redirects", FetchFailure.REDIRECT_LOOP)
            url = target

    async def _hop(
        self, url: str, headers: list[tuple[bytes, bytes]], limit: float
    ) -> tuple[httpx.Response, bytes]:
        try:
            async with asyncio.timeout(limit), self._client.stream("GET", url, headers=headers) as answer:
                moved = answer.status_code in _MOVES
                return answer, b"" if moved else await self._read(answer)
        except FetchError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            raise describe_failure(error, _host_of(url)) from error

    async def _read(self, answer: httpx.Response) -> bytes:
        host = answer.request.url.host
        encoding = answer.headers.get("content-encoding", "").strip().lower()
        if encoding not in _DECODED:
            raise FetchError(
                f"{host} sent a body encoded as {encoding!r}, not asked for", FetchFailure.PROTOCOL
            )
        announced = answer.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._limit:
            raise self._too_large(host)
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > self._limit or answer.num_bytes_downloaded > self._limit:
                raise self._too_large(host)
        return bytes(body)

    def _too_large(self, host: str) -> FetchError:
        return FetchError(
            f"{host} sent more than {self._limit} bytes",
            FetchFailure.TOO_LARGE,
            hint="raise polling.max_body if the feed is worth it",
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _headers(request: FetchRequest) -> list[tuple[bytes, bytes]]:
    headers = {"accept": _ACCEPT, "accept-encoding": "gzip, deflate", **request.headers}
    conditions = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
    headers |= {name: value for name, value in conditions.items() if value}
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _host_of(url: str) -> str:
    """Host and port, the unit of politeness."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url
    except ValueError:
        return url


def _target(url: str, answer: httpx.Response) -> str | None:
    """Where a redirect leads, None for any other answer."""
    location: str = answer.headers.get("location", "").strip()
    if answer.status_code not in _MOVES or not location:
        return None
    try:
        target = urljoin(url, location)
        scheme, host = urlsplit(target).scheme, urlsplit(target).hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in ("http", "https") or not host:
        raise FetchError(f"redirects to {location[:100]!r}, which is no web address", FetchFailure.PROTOCOL)
    return str(target).partition("#")[0]


def _moved_to(url: str, trail: list[tuple[str, int]]) -> str | None:
    """The end of the permanent redirects a chain begins with."""
    targets = [*(seen for seen, _ in trail), url][1:]
    lasting = takewhile(lambda hop: hop[0][1] in _FOR_GOOD, zip(trail, targets, strict=True))
    return next((target for _, target in reversed(list(lasting))), None)


def _response(
    url: str, answer: httpx.Response, body: bytes, spent: float, moved: str | None
) -> FetchResponse:
    headers: dict[str, str] = {}
    for name, value in answer.headers.raw:
        try:
            headers.setdefault(name.decode().lower(), value.decode())
        except UnicodeDecodeError:
            continue
    return FetchResponse(url, answer.status_code, headers, body, round(spent * 1000), moved)
