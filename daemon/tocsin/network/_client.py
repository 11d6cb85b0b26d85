"""The guarded client: httpx over the aiohttp transport, with a resolver that hands out checked addresses only."""

from __future__ import annotations

import asyncio
import os
import socket
from base64 import b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.helpers import is_ip_address
from httpx_aiohttp import AiohttpTransport

from tocsin.errors import ConfigurationError, FetchError
from tocsin.model import FetchFailure
from tocsin.network._addresses import check_address
from tocsin.network._environment import from_environment
from tocsin.settings import NetworkSettings

Lookup = Callable[[str, int, int], list[tuple[int, str]]]

_DNS_THREADS = 16  # a name server that hangs must not hold the threads the store works in
_DNS_TTL = 60  # seconds
_MAX_HEADER = 16_384  # bytes of one header, and of the status line
_MAX_HEADERS = 256
_HINT = "allow the host with network.allow_hosts if you trust it"


class GuardRefusal(FetchError):  # noqa: N818 - the guard refuses; that is its answer, not its error
    """The outgoing guard said no: the host is, or resolves only to, addresses that must not be reached."""

    def __init__(self, host: str, address: str, reason: str) -> None:
        named = address if host == address else f"{host} ({address})"
        super().__init__(
            f"{named} is refused: it is {reason}", failure=FetchFailure.REFUSED_ADDRESS, hint=_HINT
        )
        self.host = host
        self.address = address
        self.reason = reason


def guarded_client(
    network: NetworkSettings,
    *,
    user_agent: str,
    timeout: float = 30.0,
    max_connections: int = 100,
    keepalive: float = 15.0,
    lookup: Lookup | None = None,
    proxy: str | None = None,
) -> httpx.AsyncClient:
    """Build the client for everything that goes out.

    Every connection, redirect hops included, goes to an address that was checked after DNS; a host that
    has none raises `GuardRefusal` from the request. Redirects are not followed, cookies are not kept,
    proxies of the environment are not used, and headers are limited. `timeout` is seconds for connecting and for each read:
    put `asyncio.timeout` around the whole of a request. `lookup(host, port, family)` gives
    (family, address) pairs and stands in for the system's resolver in tests.

    `proxy`, or `network.proxy` when None, is an http:// or https:// address, "${NAME}" taken from the
    environment. It does not go around the guard: the host asked for is resolved and checked here before the
    proxy hears of it (which then resolves it once more for itself). The proxy may be anywhere, for the
    operator named it.

    Raises `ConfigurationError` for a proxy that cannot be used.
    """
    via = _proxy(proxy or network.proxy)
    guard = _Guard(network, lookup or _system_lookup)
    client = httpx.AsyncClient(
        transport=_GuardedTransport(guard, via, max_connections=max_connections, keepalive=keepalive),
        headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(timeout, pool=None),
        follow_redirects=False,
        trust_env=False,
    )
    client._cookies = _NoCookies()  # noqa: SLF001 - the setter would copy it into a jar that keeps them
    return client


class _NoCookies(httpx.Cookies):
    """Keeps and sends none; a jar with a policy that says so costs a tenth of a request."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them."""

    def set_cookie_header(self, request: httpx.Request) -> None:
        """None."""


class _Guard(AbstractResolver):
    """Resolves names to checked addresses, and judges hosts that are addresses themselves."""

    def __init__(self, network: NetworkSettings, lookup: Lookup) -> None:
        self._open = network.allow_private_addresses
        self._allowed = frozenset(_plain(host) for host in network.allow_hosts)
        self._unknown_allowed = network.proxy_resolves
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(_DNS_THREADS, thread_name_prefix="dns")

    def judge(self, host: str, addresses: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        """Keep what may be reached; raise `GuardRefusal` when nothing is left of something."""
        found = list(addresses)
        if self._open or _plain(host) in self._allowed:
            return found
        reasons = [(address, check_address(address)) for _, address in found]
        kept = [pair for pair, (_, reason) in zip(found, reasons, strict=True) if reason is None]
        if reasons and not kept:
            address, reason = reasons[0]
            raise GuardRefusal(host, address, reason or "")
        return kept

    async def look_up(self, host: str, port: int, family: int) -> list[tuple[int, str]]:
        """Addresses as DNS has them; raises `OSError` when there are none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._lookup, host, port, family)
        if not found:
            raise OSError(socket.EAI_NODATA, f"no address for {host}")
        return found

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of `host` that were checked; raises `OSError` when it has none at all."""
        return _results(host, port, self.judge(host, await self.look_up(host, port, int(family))))

    async def check(self, host: str) -> None:
        """Judge a host that a proxy will resolve for itself."""
        if self._open or _plain(host) in self._allowed:
            return
        try:
            found = await self.look_up(host, 0, int(socket.AF_UNSPEC))
        except OSError as error:
            if self._unknown_allowed:
                return
            raise FetchError(
                f"{host} has no address here, so that it cannot be checked before the proxy is asked",
                FetchFailure.DNS,
                hint="set network.proxy_resolves if the proxy itself refuses private addresses",
            ) from error
        self.judge(host, found)

    async def close(self) -> None:
        """Let go of the threads; lookups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _GuardedTransport(AiohttpTransport):
    """The aiohttp transport with the guard as its resolver.

    aiohttp does not resolve hosts that are addresses, so these are judged before the request leaves; and
    with a proxy it resolves the proxy only, so there every host is.
    """

    def __init__(
        self, guard: _Guard, proxy: httpx.Proxy | None, *, max_connections: int, keepalive: float
    ) -> None:
        super().__init__(client=self._session, proxy=proxy)
        self._guard = guard
        self._resolver = guard if proxy is None else _Unguarded(guard)
        self._max_connections = max_connections
        self._keepalive = keepalive

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            ssl=self.ssl_context,
            limit=self._max_connections,
            keepalive_timeout=self._keepalive,
            ttl_dns_cache=_DNS_TTL,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_line_size=_MAX_HEADER,
            max_field_size=_MAX_HEADER,
            max_headers=_MAX_HEADERS,
        )
        # aiohttp would ask a second time, at once and untold, when a server hangs up.
        session._retry_connection = False  # noqa: SLF001
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Judge a literal address as aiohttp will read it, then send."""
        host = yarl.URL(str(request.url)).raw_host or ""
        if is_ip_address(host):  # aiohttp's own test, which says yes to all digits and dots
            self._guard.judge(host, [(0, host)])
        elif self.proxy is not None:
            await self._guard.check(host)
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        """Close connections and threads."""
        await super().aclose()
        await self._guard.close()


class _Unguarded(AbstractResolver):
    """Resolves the proxy and nothing else; the operator named it."""

    def __init__(self, guard: _Guard) -> None:
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses."""
        return _results(host, port, await self._guard.look_up(host, port, family))

    async def close(self) -> None:
        """The guard closes its threads."""


def _proxy(address: str | None) -> httpx.Proxy | None:
    if not address:
        return None
    filled = from_environment(address, os.environ)
    try:
        found = httpx.Proxy(filled)
    except (ValueError, httpx.InvalidURL):
        found = None
    if found is None or found.url.scheme not in ("http", "https") or not found.url.host:
        raise ConfigurationError(
            "the address of the proxy cannot be used", hint="write it like http://user:password@host:3128"
        )
    if found.auth is None:
        return found
    # As a header of the proxy's own: aiohttp moves it to Proxy-Authorization, for CONNECT and plain requests.
    token = b64encode(":".join(found.auth).encode()).decode()
    return httpx.Proxy(found.url, headers={"Authorization": f"Basic {token}"})


def _results(host: str, port: int, found: list[tuple[int, str]]) -> list[ResolveResult]:
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=kind,
            proto=0,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, address in found
    ]


def _system_lookup(host: str, port: int, family: int) -> list[tuple[int, str]]:
    infos = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [(kind, str(address[0])) for kind, _, _, _, address in infos]


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
