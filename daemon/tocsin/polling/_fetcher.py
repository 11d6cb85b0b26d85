"""Getting a feed or a page: one conditional GET, politely, along redirects, within limits of size and time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self

import aiohttp
import httpx

from tocsin.errors import ConfigurationError, FetchError, StoreError
from tocsin.model import Exchange, FetchFailure, RequestKind
from tocsin.network import guarded_client, host_name, lane_of
from tocsin.polling._body import read_body, read_some
from tocsin.polling._challenges import challenge_in
from tocsin.polling._cooldown import Cooldowns
from tocsin.polling._failures import describe_failure, hung_up
from tocsin.polling._gate import HostGate, Turn
from tocsin.polling._requests import MOVES, Headers, Prepared, moved_for_good, prepare, redirect_target
from tocsin.ports import Clock, FetchRequest, FetchResponse, PolitenessStore
from tocsin.settings import NetworkSettings, PollingSettings, Settings

MAX_REDIRECTS = 10

KEEPALIVE = 15.0  # seconds that an idle connection is kept

_REMEMBERED = 4_096  # hosts
_SHORTEST = 0.001  # seconds that a hop gets at the least


class WallClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """The present moment, UTC-aware."""
        return datetime.now(UTC)


@dataclass(slots=True)
class _Journey:
    """One request with its redirects: what was asked so far, and what is left of the time."""

    request: FetchRequest
    prepared: Prepared
    client: httpx.AsyncClient
    left: float
    url: str  # of the hop under way
    spent: float = 0.0
    trail: list[tuple[str, int]] = field(default_factory=list)  # redirects: address and status
    made: list[Exchange] = field(default_factory=list)

    def note(self, exchange: Exchange, lasted: float) -> None:
        """Count a hop."""
        self.made.append(exchange)
        self.spent += lasted
        self.left -= lasted


class HttpFetcher:
    """The `Fetcher` of the daemon.

    Every hop of a redirect waits for its domain's turn, passes the outgoing guard, and is put off while its
    domain is to be left alone. The time limit is for all hops together, without the waiting for turns. ETag
    and Last-Modified go back byte for byte; one that is not UTF-8 cannot and is not kept.

    Args:
        polling, network: limits and guard.
        user_agent: who we say we are.
        clock: the time that cool-downs and the trace are told in.
        store: where cool-downs are kept, and requests that belong to no poll; memory only when None.
        time, sleep: the monotonic clock of the spacing, and how to wait on it.
    """

    def __init__(
        self,
        polling: PollingSettings,
        network: NetworkSettings,
        user_agent: str,
        *,
        clock: Clock | None = None,
        store: PolitenessStore | None = None,
        time: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._polling = polling
        self._network = network
        self._user_agent = user_agent
        self._clock = clock or WallClock()
        self._store = store
        self._time = time
        self._gate = HostGate(polling.per_host, polling.spacing, polling.concurrency, time=time, sleep=sleep)
        self._cooldowns = Cooldowns(polling.cooldown_scope, polling.cooldown, store)
        self._answered: dict[str, float] = {}  # when a host last answered: its connection may be open still
        self._clients: dict[str | None, httpx.AsyncClient] = {None: self._new_client(None)}

    @classmethod
    def of(
        cls, settings: Settings, *, clock: Clock | None = None, store: PolitenessStore | None = None
    ) -> HttpFetcher:
        """As the settings say."""
        return cls(settings.polling, settings.network, settings.user_agent, clock=clock, store=store)

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """Raises `FetchError` for everything that is not an answer, `CoolingDownError` when not asked at all."""
        prepared = prepare(request, os.environ, self._user_agent)
        journey = _Journey(
            request, prepared, self._client(request.proxy), self._polling.timeout, prepared.url
        )
        try:
            return await self._travel(journey)
        except FetchError as error:
            error.requests = tuple(journey.made)
            error.moved_to = moved_for_good(journey.trail, journey.url)
            raise
        finally:
            await self._log(journey)

    async def _travel(self, journey: _Journey) -> FetchResponse:
        while True:
            answer, body = await self._hop(journey, journey.url)
            location = answer.headers.get("location", "").strip()
            target = redirect_target(journey.url, answer.status_code, location)
            if target is None:
                return _response(journey, answer, body)
            journey.trail.append((journey.url, answer.status_code))
            if target in {seen for seen, _ in journey.trail}:
                raise FetchError(f"redirects lead back to {target}", FetchFailure.REDIRECT_LOOP)
            if len(journey.trail) > MAX_REDIRECTS:
                raise FetchError(f"more than {MAX_REDIRECTS} redirects", FetchFailure.REDIRECT_LOOP)
            journey.url = target

    async def _hop(self, journey: _Journey, url: str) -> tuple[httpx.Response, bytes]:
        """Ask, and once more when a connection that was kept open turns out to be closed."""
        kept = monotonic() - self._answered.get(host_name(url), float("-inf")) < KEEPALIVE
        try:
            found = await self._take_turn(journey, url)
        except FetchError as error:
            if not (kept and journey.made and journey.made[-1].status is None and hung_up(error)):
                raise
            found = await self._take_turn(journey, url)
        if found[0].headers.get("connection", "").lower() != "close":
            self._answered[host_name(url)] = monotonic()
        if len(self._answered) > _REMEMBERED:
            self._answered.clear()
        return found

    async def _take_turn(self, journey: _Journey, url: str) -> tuple[httpx.Response, bytes]:
        """Wait for the turn, ask, take note. A rest asked for while waiting is heeded, too."""
        request = journey.request
        await self._cooldowns.check(url, self._clock.now())
        async with self._gate.place(lane_of(url), request.spacing, request.ready) as turn:
            self._cooldowns.recheck(url, self._clock.now())
            answer, body = await self._ask(journey, url, turn)
            challenge = challenge_in(answer.status_code, answer.headers, body)
            await self._cooldowns.heard(url, answer.status_code, answer.headers, challenge, self._clock.now())
        return answer, body

    async def _ask(self, journey: _Journey, url: str, turn: Turn) -> tuple[httpx.Response, bytes]:
        started, at, status = monotonic(), self._clock.now(), None
        begun = self._time()
        headers = journey.prepared.headers_for(url)
        try:
            async with (
                asyncio.timeout(max(_SHORTEST, journey.left)),
                _sent(journey.client, url, headers) as answer,
            ):
                status = answer.status_code
                return answer, await self._read(journey.request, answer)
        except FetchError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            raise describe_failure(error, host_name(url)) from error
        finally:
            lasted = monotonic() - started
            journey.note(
                Exchange(
                    url=url,
                    started=at,
                    status=status,
                    waited_ms=round(turn.waited * 1000),
                    rule=turn.rule,
                    conditional=journey.prepared.conditional,
                    duration_ms=round((self._time() - begun) * 1000),
                    kind=journey.request.kind,
                ),
                lasted,
            )

    async def _read(self, request: FetchRequest, answer: httpx.Response) -> bytes:
        status = answer.status_code
        if status in MOVES or status == 304:
            return b""
        if 200 <= status < 300:
            return await read_body(answer, request.max_body or self._polling.max_body)
        return await read_some(answer)

    def _client(self, proxy: str | None) -> httpx.AsyncClient:
        """One client for each proxy that feeds name."""
        known = self._clients.get(proxy)
        if known is None:
            try:
                known = self._clients[proxy] = self._new_client(proxy)
            except ConfigurationError as error:
                raise FetchError(error.message, FetchFailure.CONFIGURATION, hint=error.hint) from error
        return known

    def _new_client(self, proxy: str | None) -> httpx.AsyncClient:
        return guarded_client(
            self._network,
            user_agent=self._user_agent,
            timeout=self._polling.timeout,
            max_connections=self._polling.concurrency,
            keepalive=KEEPALIVE,
            proxy=proxy,
        )

    async def _log(self, journey: _Journey) -> None:
        """Requests of a poll are written with the poll; others here."""
        if self._store is None or journey.request.kind is RequestKind.FEED or not journey.made:
            return
        with suppress(StoreError):  # the log may miss a line; what was asked for may not
            await asyncio.to_thread(self._store.record_requests, journey.made)

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


@asynccontextmanager
async def _sent(client: httpx.AsyncClient, url: str, headers: Headers) -> AsyncIterator[httpx.Response]:
    """As `client.stream`, without its merging of what the client and the request have, which is costly."""
    request = httpx.Request("GET", url, headers=headers, extensions={"timeout": client.timeout.as_dict()})
    answer = await client.send(request, stream=True)
    try:
        yield answer
    finally:
        await answer.aclose()


def _response(journey: _Journey, answer: httpx.Response, body: bytes) -> FetchResponse:
    headers: dict[str, str] = {}
    for name, value in answer.headers.raw:
        try:
            headers.setdefault(name.decode().lower(), value.decode())
        except UnicodeDecodeError:
            continue
    return FetchResponse(
        url=journey.url,
        status=answer.status_code,
        headers=headers,
        body=body,
        duration_ms=round(journey.spent * 1000),
        moved_to=moved_for_good(journey.trail, journey.url),
        whole=not journey.prepared.conditional,
        requests=tuple(journey.made),
    )
