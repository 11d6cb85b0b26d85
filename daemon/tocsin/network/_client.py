"""The guarded client: httpx over the aiohttp transport, with a resolver that hands out checked addresses only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.network._addresses import check_address
from tocsin.settings import NetworkSettings

Lookup = Callable[[str, int, int], list[tuple[int, str]]]

_DNS_THREADS = 16  # a name server that hangs must not hold the threads the store works in
_DNS_TTL = 60  # seconds
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
) -> httpx.AsyncClient:
    """Build the client for everything that goes out.

    Every connection, redirect hops included, goes to an address that was checked after DNS; a host that
    has none raises `GuardRefusal` from the request. Redirects are not followed, cookies are not kept,
    proxies of the environment are not used. `timeout` is seconds for connecting and for each read:
    put `asyncio.timeout` around the whole of a request. `lookup(host, port, family)` gives
    (family, address) pairs and stands in for the system's resolver in tests.
    """
    guard = _Guard(network, lookup or _system_lookup)
    return httpx.AsyncClient(
        transport=_GuardedTransport(guard, max_connections=max_connections, keepalive=keepalive),
        headers={"User-Agent": user_agent},
        timeout=httpx.Timeout(timeout, pool=None),
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
        trust_env=False,
    )


class _Guard(AbstractResolver):
    """Resolves names to checked addresses, and judges hosts that are addresses themselves."""

    def __init__(self, network: NetworkSettings, lookup: Lookup) -> None:
        self._open = network.allow_private_addresses
        self._allowed = frozenset(_plain(host) for host in network.allow_hosts)
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

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of `host` that were checked; raises `OSError` when it has none at all."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._lookup, host, port, int(family))
        if not found:
            raise OSError(socket.EAI_NODATA, f"no address for {host}")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, address in self.judge(host, found)
        ]

    async def close(self) -> None:
        """Let go of the threads; lookups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _GuardedTransport(AiohttpTransport):
    """The aiohttp transport with the guard as its resolver.

    aiohttp does not resolve hosts that are addresses, so these are judged before the request leaves.
    """

    def __init__(self, guard: _Guard, *, max_connections: int, keepalive: float) -> None:
        super().__init__(client=self._session)
        self._guard = guard
        self._max_connections = max_connections
        self._keepalive = keepalive

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=self._guard,
            ssl=self.ssl_context,
            limit=self._max_connections,
            keepalive_timeout=self._keepalive,
            ttl_dns_cache=_DNS_TTL,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Judge a literal address as aiohttp will read it, then send."""
        host = yarl.URL(str(request.url)).raw_host or ""
        if _is_address(host):
            self._guard.judge(host, [(0, host)])
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        """Close connections and threads."""
        await super().aclose()
        await self._guard.close()


def _system_lookup(host: str, port: int, family: int) -> list[tuple[int, str]]:
    infos = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [(kind, str(address[0])) for kind, _, _, _, address in infos]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
