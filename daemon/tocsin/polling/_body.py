"""Reading a body within its limit, whatever its length says and however it is compressed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import httpx

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.network import decoder

EXPLAINING = 65_536  # bytes that are kept of an answer that is no success
_EXPLAINING_SECONDS = 2.0


async def read_body(answer: httpx.Response, limit: int) -> bytes:
    """The whole body, decompressed.

    Raises `FetchError` when it is larger than `limit` bytes, before or after decompression, or in a coding
    that was not asked for; what the transport and the decoder raise passes.
    """
    host = answer.request.url.host
    encoding = answer.headers.get("content-encoding", "")
    decode = decoder(encoding)
    if decode is None:
        raise FetchError(
            f"{host} sent a body encoded as {encoding[:50]!r}, not asked for", FetchFailure.PROTOCOL
        )
    announced = answer.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(host, limit)
    body = bytearray()
    received = 0
    async for chunk in answer.aiter_raw():
        received += len(chunk)
        for piece in decode(chunk):
            body += piece
            if len(body) > limit:
                raise _too_large(host, limit)
        if received > limit:
            raise _too_large(host, limit)
    return bytes(body)


async def read_some(answer: httpx.Response) -> bytes:
    """The first `EXPLAINING` bytes of an error page, for what they may explain; never raises."""
    decode = decoder(answer.headers.get("content-encoding", ""))
    body = bytearray()
    if decode is None:
        return b""
    with suppress(httpx.HTTPError, aiohttp.ClientError, OSError, ValueError):  # TimeoutError is an OSError
        async with asyncio.timeout(_EXPLAINING_SECONDS):
            async for chunk in answer.aiter_raw():
                for piece in decode(chunk):
                    body += piece
                    if len(body) >= EXPLAINING:
                        return bytes(body[:EXPLAINING])
    return bytes(body)


def _too_large(host: str, limit: int) -> FetchError:
    return FetchError(
        f"{host} sent more than {limit} bytes",
        FetchFailure.TOO_LARGE,
        hint="raise polling.max_body if the feed is worth it",
    )
