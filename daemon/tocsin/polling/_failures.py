"""What went wrong with a request: every exception of the transport becomes one class and one sentence."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from socket import gaierror

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError

from tocsin.errors import FetchError
from tocsin.model import FetchFailure

_BY_TYPE: tuple[tuple[tuple[type[BaseException], ...], FetchFailure, str], ...] = (
    ((aiohttp.ClientConnectorDNSError, gaierror), FetchFailure.DNS, "{host} has no address: {detail}"),
    (
        (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch, ssl.SSLError),
        FetchFailure.TLS,
        "no secure connection to {host}: {detail}",
    ),
    ((TimeoutError,), FetchFailure.TIMEOUT, "{host} gave no complete answer within the time limit"),
    (
        (aiohttp.ClientConnectorError, ConnectionRefusedError),
        FetchFailure.CONNECT,
        "{host} could not be connected to: {detail}",
    ),
    (
        (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError),
        FetchFailure.PROTOCOL,
        "{host} broke off the answer: {detail}",
    ),
    (
        (httpx.DecodingError,),
        FetchFailure.PROTOCOL,
        "{host} sent a body that cannot be decompressed: {detail}",
    ),
    (
        (aiohttp.ClientResponseError, HttpProcessingError, httpx.RemoteProtocolError),
        FetchFailure.PROTOCOL,
        "{host} did not answer in HTTP: {detail}",
    ),
    (
        (httpx.UnsupportedProtocol, httpx.InvalidURL, aiohttp.InvalidURL, ValueError),
        FetchFailure.PROTOCOL,
        "the address cannot be asked: {detail}",
    ),
)


def describe_failure(error: BaseException, host: str) -> FetchError:
    """The failure of one request as a `FetchError`; refusals of the guard pass as they are."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, FetchError):
            return link
    for kinds, failure, sentence in _BY_TYPE:
        for link in chain:
            if isinstance(link, kinds):
                return FetchError(sentence.format(host=host, detail=_detail(link)), failure)
    return FetchError(f"the connection to {host} failed: {_detail(chain[-1])}", FetchFailure.PROTOCOL)


def hung_up(error: BaseException) -> bool:
    """Whether the connection was closed before a word of an answer, as a kept one is by a server tired of it."""
    return any(
        isinstance(link, (aiohttp.ServerDisconnectedError, ConnectionResetError)) for link in _chain(error)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it; the httpx transport maps several causes to one class of its own."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _detail(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return _os_words(error.os_error)
    if isinstance(error, aiohttp.ClientResponseError):
        return error.message[:200]
    return (
        _os_words(error)
        if isinstance(error, OSError)
        else " ".join(str(error).split())[:200] or type(error).__name__
    )


def _os_words(error: OSError) -> str:
    words = error.strerror or str(error) or type(error).__name__
    return " ".join(str(words).split())[:200]
