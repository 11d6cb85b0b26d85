"""robots.txt, as asked before an article's page is fetched (RFC 9309). Feeds are made to be polled: not asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import FetchFailure, RequestKind
from tocsin.ports import Clock, Fetcher, FetchRequest, RobotsVerdict

MAX_ROBOTS = 524_288  # bytes; RFC 9309 wants at least 500 KiB to be read
PRODUCT = "Tocsin"  # the token that a robots.txt may name
LONGEST_DELAY = 60.0  # seconds; a Crawl-delay above it counts as this

_FRESH = timedelta(hours=24)  # RFC 9309, section 2.4
_AGAIN = timedelta(hours=1)  # after a robots.txt that could not be had
_KEPT = 2_048  # hosts


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host's robots.txt came to: rules, or the one answer for everything there."""

    rules: Protego | None
    allowed: bool  # where there are no rules
    why: str
    until: datetime

    def verdict(self, url: str) -> RobotsVerdict:
        """May this address be fetched, and how slowly."""
        if self.rules is None:
            return RobotsVerdict(self.allowed, 0.0, self.why, passing=not self.allowed)
        wanted = self.rules.crawl_delay(PRODUCT) or 0.0
        delay = min(wanted, LONGEST_DELAY) if wanted > 0 else 0.0
        if self.rules.can_fetch(url, PRODUCT):
            return RobotsVerdict(True, delay, "robots.txt allows it")
        return RobotsVerdict(False, delay, f"{_origin(url)}/robots.txt does not allow it")


def judge_robots(origin: str, status: int, body: bytes, now: datetime) -> Robots:
    """What an answer for robots.txt means: rules at 200, no rules at 4xx, nothing allowed at 5xx and 429."""
    if 200 <= status < 300:
        text = body.decode("utf-8-sig", errors="replace").replace("\0", "")
        return Robots(Protego.parse(text), True, "", now + _FRESH)
    if 400 <= status < 500 and status != 429:
        return Robots(None, True, f"{origin} has no robots.txt ({status})", now + _FRESH)
    return Robots(
        None, False, f"{origin}/robots.txt answered {status}, so nothing is asked there", now + _AGAIN
    )


class HttpRobots:
    """The `RobotsPolicy` of the daemon: one robots.txt a scheme and host, kept for a day."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._known: OrderedDict[str, Robots] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def allowed(self, url: str) -> RobotsVerdict:
        """Whether a page may be fetched. Raises `CoolingDownError` when its site is to be left alone."""
        origin = _origin(url)
        if origin is None:
            return RobotsVerdict(False, 0.0, "it is no web address")
        known = self._fresh(origin)
        if known is None:
            lock = self._asking.setdefault(origin, asyncio.Lock())
            try:
                async with lock:
                    known = self._fresh(origin) or await self._ask(origin)
            finally:
                if not lock.locked():
                    self._asking.pop(origin, None)
        return known.verdict(url)

    def _fresh(self, origin: str) -> Robots | None:
        known = self._known.get(origin)
        return known if known is not None and known.until > self._clock.now() else None

    async def _ask(self, origin: str) -> Robots:
        request = FetchRequest(
            f"{origin}/robots.txt",
            accept="text/plain, */*;q=0.5",
            max_body=MAX_ROBOTS,
            kind=RequestKind.ROBOTS,
        )
        try:
            answer = await self._fetcher.fetch(request)
        except CoolingDownError:
            raise
        except FetchError as error:
            found = _unreachable(origin, error, self._clock.now())
        else:
            found = await asyncio.to_thread(
                judge_robots, origin, answer.status, answer.body, self._clock.now()
            )
        self._known[origin] = found
        self._known.move_to_end(origin)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found


def _unreachable(origin: str, error: FetchError, now: datetime) -> Robots:
    """No answer forbids, as a 5xx does; a circle of redirects is as if there was none (RFC 9309, 2.3.1.2)."""
    if error.failure == FetchFailure.REDIRECT_LOOP:
        return Robots(None, True, f"{origin}/robots.txt redirects without end", now + _FRESH)
    return Robots(
        None,
        False,
        f"{origin}/robots.txt could not be had ({error.message}), so nothing is asked",
        now + _AGAIN,
    )


def _origin(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    netloc = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{netloc}" if parts.scheme in ("http", "https") and netloc else None
