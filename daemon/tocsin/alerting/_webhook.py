"""Webhooks, signed as Standard Webhooks (version 1) says."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import httpx
from standardwebhooks import Webhook

from tocsin.alerting._payload import payload
from tocsin.alerting._words import one_line
from tocsin.errors import FetchError
from tocsin.model import AttemptOutcome, Subscriber
from tocsin.network import guarded_client
from tocsin.ports import Outgoing, SendResult
from tocsin.settings import NetworkSettings

_DETAIL = 200  # characters of an error body that are kept


class WebhookSender:
    """POSTs JSON to the subscriber's address.

    2xx is accepted as soon as the status line is there; the body is not read. 410 ends the message. All
    else is tried again, redirects and other 4xx too: they are what a receiver answers while it is moved,
    misconfigured or being deployed, and someone who repairs it within `retry_for` has lost nothing.
    """

    def __init__(self, network: NetworkSettings, timeout: float, user_agent: str) -> None:
        self._network = network
        self._timeout = timeout
        self._user_agent = user_agent
        self._client: httpx.AsyncClient | None = None

    async def send(self, message: Outgoing, now: datetime) -> SendResult:
        """Send once; the whole exchange takes no longer than the timeout."""
        if not _readable(message.subscriber.secret):
            remedy = f"tocsin subscribers rotate-secret {message.subscriber.name}"
            return _failed(f"the subscriber has no signing secret that can be used; {remedy} makes one")
        body = payload(message)
        headers = signed_headers(message.subscriber, str(message.delivery.id), body, now)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(message.subscriber.address, body, headers, now)
        except TimeoutError:
            return _failed(f"no answer within {self._timeout:g} s")
        except FetchError as error:
            return _failed(str(error))
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            return _failed(_describe(error))

    async def close(self) -> None:
        """Give back connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> SendResult:
        if self._client is None:
            self._client = guarded_client(self._network, user_agent=self._user_agent, timeout=self._timeout)
        async with self._client.stream("POST", url, content=body, headers=headers) as answer:
            if answer.is_success:
                return SendResult(AttemptOutcome.ACCEPTED, _phrase(answer.status_code), answer.status_code)
            return await _refused(answer, now)


def signed_headers(subscriber: Subscriber, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; during a rotation signed with both secrets, the new one first.

    `message_id` stays the same on every attempt, so that a receiver can drop what it has seen.
    """
    secrets = [subscriber.secret, _old_secret(subscriber, now)]
    text = body.decode()
    signatures = [Webhook(one).sign(message_id, now, text) for one in secrets if one and _readable(one)]
    return {
        "Content-Type": "application/json",
        "Connection": "close",  # an idle connection that the other side dropped would cost an attempt
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _readable(secret: str | None) -> bool:
    encoded = (secret or "").removeprefix("whsec_")
    try:
        return bool(b64decode(encoded + "=" * (-len(encoded) % 4), validate=True))
    except ValueError:
        return False


def _old_secret(subscriber: Subscriber, now: datetime) -> str | None:
    until = subscriber.old_secret_until
    return subscriber.old_secret if until is not None and now < until else None


async def _refused(answer: httpx.Response, now: datetime) -> SendResult:
    status = answer.status_code
    if answer.has_redirect_location:
        target = one_line(answer.headers["location"], _DETAIL)
        return _failed(
            f"{_phrase(status)} to {target}: redirects are not followed; give that address", status
        )
    detail = _phrase(status) + await _excerpt(answer)
    if status == HTTPStatus.GONE:
        return SendResult(AttemptOutcome.PERMANENT, detail, status)
    return SendResult(AttemptOutcome.TRANSIENT, detail, status, retry_after(answer.headers, now))


async def _excerpt(answer: httpx.Response) -> str:
    """The beginning of an error body, for the log; whatever goes wrong while reading it is of no account."""
    start = b""
    try:
        async with asyncio.timeout(1):
            async for chunk in answer.aiter_raw():  # as it came: undoing a coding could make gigabytes of it
                start += chunk
                if len(start) >= _DETAIL * 4:
                    break
    except (TimeoutError, httpx.HTTPError, aiohttp.ClientError, OSError):
        pass
    text = one_line(start[: _DETAIL * 4].decode("utf-8", "replace"), _DETAIL)
    return f": {text}" if text else ""


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After as a wait from now (RFC 9110, 10.2.3): seconds or a date; None when absent or unusable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:12]), 10**9))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0))


def _phrase(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _describe(error: Exception) -> str:
    """What went wrong on the way, in the words of the layer that noticed it."""
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ else error
    said = one_line(str(cause), _DETAIL) or type(cause).__name__
    return f"the request failed: {said}"


def _failed(detail: str, status: int | None = None) -> SendResult:
    return SendResult(AttemptOutcome.TRANSIENT, detail, status)
