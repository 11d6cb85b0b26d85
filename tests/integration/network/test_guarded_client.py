"""The guarded client against a real server on the loopback address."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import httpx
import pytest

from tocsin.model import FetchFailure
from tocsin.network import GuardRefusal, guarded_client
from tocsin.settings import NetworkSettings

PRIVATE = NetworkSettings()
OPEN = NetworkSettings(allow_private_addresses=True)


@asynccontextmanager
async def server(answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"):
    """Give the port of a server that answers everything alike, and the requests it has seen."""
    seen: list[bytes] = []

    async def handle(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1], seen
    finally:
        listening.close()


def to_loopback(_host: str, _port: int, _family: int) -> list[tuple[int, str]]:
    return [(int(socket.AF_INET), "127.0.0.1")]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "0.0.0.0"]
)
async def test_local_hosts_are_refused(host):
    """No spelling of this machine is reached; the refusal names host and reason."""
    async with server() as (port, seen), guarded_client(PRIVATE, user_agent="T/1") as client:
        with pytest.raises(GuardRefusal) as caught:
            await client.get(f"http://{host}:{port}/")
    assert caught.value.failure == FetchFailure.REFUSED_ADDRESS
    assert "is refused: it is" in caught.value.message
    assert seen == []


@pytest.mark.parametrize("host", ["2130706433", "127.1", "127.0.0.1.", "017700000001"])
async def test_numeric_spellings_are_refused(host):
    """Legacy numeric spellings of an address never connect."""
    async with server() as (port, seen), guarded_client(PRIVATE, user_agent="T/1") as client:
        with pytest.raises((httpx.UnsupportedProtocol, GuardRefusal)):
            await client.get(f"http://{host}:{port}/")
    assert seen == []


async def test_name_that_resolves_inside_is_refused():
    """A public name with a private address is refused after DNS."""
    async with (
        server() as (port, seen),
        guarded_client(PRIVATE, user_agent="T/1", lookup=to_loopback) as client,
    ):
        with pytest.raises(GuardRefusal, match=r"news\.example \(127\.0\.0\.1\)"):
            await client.get(f"http://news.example:{port}/")
    assert seen == []


async def test_allowed_host_is_reached_by_name_only():
    """A host on the list may be private; the same address under another name may not."""
    allowed = NetworkSettings(allow_hosts=["Intranet.Example."])
    async with (
        server() as (port, seen),
        guarded_client(allowed, user_agent="T/1", lookup=to_loopback) as client,
    ):
        answer = await client.get(f"http://intranet.example:{port}/")
        assert answer.text == "hi"
        with pytest.raises(GuardRefusal):
            await client.get(f"http://other.example:{port}/")
    assert len(seen) == 1


async def test_open_network_reaches_all_and_says_who_it_is():
    """With private addresses allowed the request arrives, under our own User-Agent and without cookies."""
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with server(answer) as (port, seen), guarded_client(OPEN, user_agent="T/1 (me)") as client:
        for _ in range(2):
            await client.get(f"http://127.0.0.1:{port}/")
    assert all(b"user-agent: T/1 (me)" in request.lower().replace(b"t/1", b"T/1") for request in seen)
    assert all(b"cookie" not in request.lower() for request in seen)


async def test_redirects_are_handed_back():
    """A redirect is an answer, so that callers judge every hop."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    async with server(answer) as (port, _), guarded_client(OPEN, user_agent="T/1") as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 302


async def test_unknown_host_is_an_os_error_underneath():
    """A name without addresses fails as a DNS failure, not as a refusal."""

    def nobody(host: str, _port: int, _family: int) -> list[tuple[int, str]]:
        raise socket.gaierror(socket.EAI_NONAME, f"no {host}")

    async with guarded_client(PRIVATE, user_agent="T/1", lookup=nobody) as client:
        with pytest.raises(httpx.HTTPError) as caught:
            await client.get("http://nobody.example/")
    assert isinstance(caught.value.__cause__, OSError)
