"""Leaving a domain alone when it says so: 429, 503 and challenges rest all that is asked there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from tocsin.errors import CoolingDownError, StoreError
from tocsin.model import Cooldown, FetchFailure
from tocsin.network import host_name, lane_of
from tocsin.polling._schedule import LONGEST, retry_after
from tocsin.ports import PolitenessStore

Scope = Literal["domain", "host", "feed"]

_REFRESH = timedelta(seconds=10)  # what other processes were told is known here after that
_HOUR = timedelta(hours=1)


def scope_of(url: str, scope: Scope) -> str | None:
    """Whom a cool-down is for; None when feeds rest each for themselves, which their own waits see to."""
    if scope == "feed":
        return None
    return lane_of(url) if scope == "domain" else host_name(url)


def decide_cooldown(
    scope: str,
    status: int,
    headers: Mapping[str, str],
    challenge: str | None,
    previous: Cooldown | None,
    *,
    now: datetime,
    usual: float,
) -> Cooldown | None:
    """The rest that an answer asks for, None for answers that ask for none.

    Retry-After is taken at its word, 24 hours at most. Without it the rest is `usual` seconds, and twice the
    last one when that ended not long ago and nothing was answered well since.
    """
    if status not in (429, 503) and challenge is None:
        return None
    what = f"{challenge} ({status})" if challenge else str(status)
    asked = retry_after(headers, now)
    if asked:
        return Cooldown(
            scope, now, now + asked, f"{what}, Retry-After: {headers['retry-after'].strip()[:40]}"
        )
    rest = timedelta(seconds=usual)
    if previous is not None and now - previous.until <= max(previous.until - previous.since, _HOUR):
        rest = max(rest, 2 * (previous.until - previous.since))
        what += ", again"
    rest = min(rest, LONGEST)
    return Cooldown(scope, now, now + rest, what) if rest else None


class Cooldowns:
    """The cool-downs under way, shared with other processes and kept over restarts by the store.

    Args:
        scope: who rests with what was told so.
        usual: seconds of rest when no time is named.
        store: where they are kept; memory only when None.
    """

    def __init__(self, scope: Scope, usual: float, store: PolitenessStore | None = None) -> None:
        self._scope: Scope = scope
        self._usual = usual
        self._store = store
        self._known: dict[str, Cooldown] = {}
        self._unsaved: dict[str, Cooldown] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def check(self, url: str, now: datetime) -> None:
        """Raise `CoolingDownError` when the address is to be left alone, as other processes heard it, too."""
        await self._refresh(now)
        self.recheck(url, now)

    def recheck(self, url: str, now: datetime) -> None:
        """The same with what is known here, at once."""
        scope = scope_of(url, self._scope)
        found = None if scope is None else self._known.get(scope)
        if found is not None and found.until > now:
            raise CoolingDownError(
                f"{scope} is left alone until {found.until:%Y-%m-%d %H:%M:%S} UTC, because it answered "
                f"{found.reason} at {found.since:%H:%M:%S}",
                FetchFailure.HTTP_RATE,
                until=found.until,
            )

    async def heard(
        self, url: str, status: int, headers: Mapping[str, str], challenge: str | None, now: datetime
    ) -> None:
        """Take note of an answer."""
        scope = scope_of(url, self._scope)
        if scope is None:
            return
        previous = self._known.get(scope)
        told = decide_cooldown(scope, status, headers, challenge, previous, now=now, usual=self._usual)
        if told is not None and (previous is None or told.until > previous.until):
            self._known[scope] = self._unsaved[scope] = told
            await self._save()
        elif told is None and previous is not None and previous.until <= now and status < 400:
            del self._known[scope]
            if self._store is not None:
                with suppress(StoreError):
                    await asyncio.to_thread(self._store.end_cooldown, scope)

    async def _refresh(self, now: datetime) -> None:
        if self._store is None or (self._read_at is not None and now - self._read_at < _REFRESH):
            return
        async with self._reading:
            if self._read_at is not None and now - self._read_at < _REFRESH:
                return
            await self._save()
            with suppress(StoreError):  # a locked database makes nobody less polite: memory still knows
                found = await asyncio.to_thread(self._store.cooldowns, now)
                self._known = {one.scope: one for one in found} | self._unsaved
            self._read_at = now

    async def _save(self) -> None:
        """What could not be written is tried again with the next refresh."""
        if self._store is None:
            return
        for scope, told in list(self._unsaved.items()):
            try:
                await asyncio.to_thread(self._store.save_cooldown, told)
            except StoreError:
                return
            if self._unsaved.get(scope) is told:
                del self._unsaved[scope]
