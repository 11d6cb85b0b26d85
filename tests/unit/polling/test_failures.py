"""Every exception of the transport becomes one class and one sentence."""

from __future__ import annotations

import socket
import ssl

import aiohttp
import httpx
import pytest
from aiohttp.http_exceptions import BadStatusLine

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.network import GuardRefusal
from tocsin.polling._failures import describe_failure


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


REFUSED = GuardRefusal("news.example", "10.0.0.1", "a private address")


@pytest.mark.parametrize(
    ("error", "failure", "says"),
    [
        (
            caused(httpx.ConnectTimeout("x"), socket.gaierror(-2, "Name not known")),
            FetchFailure.DNS,
            "Name not known",
        ),
        (ssl.SSLError(1, "handshake failure"), FetchFailure.TLS, "handshake failure"),
        (TimeoutError(), FetchFailure.TIMEOUT, "time limit"),
        (caused(httpx.ReadTimeout("x"), aiohttp.SocketTimeoutError()), FetchFailure.TIMEOUT, "time limit"),
        (ConnectionRefusedError(111, "Connection refused"), FetchFailure.CONNECT, "Connection refused"),
        (
            caused(httpx.ConnectTimeout("x"), aiohttp.ServerDisconnectedError()),
            FetchFailure.PROTOCOL,
            "broke off",
        ),
        (aiohttp.ClientPayloadError("not enough data"), FetchFailure.PROTOCOL, "not enough data"),
        (ConnectionResetError(104, "reset by peer"), FetchFailure.PROTOCOL, "reset by peer"),
        (httpx.DecodingError("bad gzip"), FetchFailure.PROTOCOL, "decompressed: bad gzip"),
        (BadStatusLine("RUBBISH"), FetchFailure.PROTOCOL, "did not answer in HTTP"),
        (httpx.UnsupportedProtocol("ftp"), FetchFailure.PROTOCOL, "cannot be asked"),
        (httpx.InvalidURL("no host"), FetchFailure.PROTOCOL, "no host"),
        (OSError(), FetchFailure.PROTOCOL, "OSError"),
        (httpx.HTTPError(""), FetchFailure.PROTOCOL, "HTTPError"),
    ],
)
def test_described(error, failure, says):
    """The class is that of the cause, wherever it stands in the chain; the sentence names the host."""
    described = describe_failure(error, "news.example")
    assert described.failure == failure
    assert says in described.message


def test_refusals_pass():
    """What the guard says is said, also when the transport wraps it."""
    assert describe_failure(caused(httpx.ConnectError("x"), REFUSED), "news.example") is REFUSED


def test_a_circle_of_causes_ends():
    """Exceptions that cause each other are followed once."""
    first, second = httpx.HTTPError("one"), httpx.HTTPError("two")
    first.__cause__, second.__cause__ = second, first
    assert isinstance(describe_failure(first, "news.example"), FetchError)
