"""The guarded client against a real server on the loopback address."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import httpx
import pytest

from tocsin.errors import ConfigurationError, FetchError
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


def nobody(host: str, _port: int, _family: int) -> list[tuple[int, str]]:
    raise socket.gaierror(socket.EAI_NONAME, f"no {host}")


def by_table(table: dict[str, str]):
    """A resolver that knows these names."""

    def lookup(host: str, port: int, family: int) -> list[tuple[int, str]]:
        return [(int(socket.AF_INET), table[host])] if host in table else nobody(host, port, family)

    return lookup


async def test_proxy_hears_of_checked_hosts_only():
    """With a proxy the host asked for is checked before; the proxy itself may be anywhere."""
    lookup = by_table({"news.example": "93.184.216.34", "inside.example": "10.0.0.1"})
    async with (
        server() as (port, seen),
        guarded_client(PRIVATE, user_agent="T/1", lookup=lookup, proxy=f"http://127.0.0.1:{port}") as client,
    ):
        assert (await client.get("http://news.example/feed")).text == "hi"
        for host in (
            "inside.example",
            "127.0.0.1",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
        ):
            with pytest.raises(GuardRefusal):
                await client.get(f"http://{host}/")
        with pytest.raises(FetchError, match="cannot be checked") as caught:
            await client.get("http://unknown.example/")
    assert caught.value.failure == FetchFailure.DNS
    assert "proxy_resolves" in (caught.value.hint or "")
    assert [request.split(b"\r\n")[0] for request in seen] == [b"GET http://news.example/feed HTTP/1.1"]


async def test_proxy_may_resolve_what_we_cannot():
    """Where only the proxy has names, the operator leaves them to it; what resolves here is judged all the same."""
    async with server() as (port, seen):
        settings = NetworkSettings(proxy=f"http://127.0.0.1:{port}", proxy_resolves=True)
        async with guarded_client(settings, user_agent="T/1", lookup=nobody) as client:
            assert (await client.get("http://unknown.example/")).text == "hi"
            with pytest.raises(GuardRefusal):
                await client.get("http://169.254.169.254/")
    assert len(seen) == 1


async def test_secrets_of_a_proxy_come_from_the_environment(monkeypatch):
    """User and password go to the proxy as it wants them."""
    monkeypatch.setenv("PROXY_PASSWORD", "p")
    async with server() as (port, seen):
        settings = NetworkSettings(
            proxy=f"http://u:${{PROXY_PASSWORD}}@127.0.0.1:{port}", allow_private_addresses=True
        )
        async with guarded_client(settings, user_agent="T/1") as client:
            await client.get("http://news.example/")
    assert b"proxy-authorization: basic dtpw" in seen[0].lower()


@pytest.mark.parametrize("proxy", ["socks5://x:1", "nonsense", "http://", "http://${NOT_SET_ANYWHERE}:1"])
def test_proxy_that_cannot_be_used(proxy):
    """It is refused before anything is asked."""
    with pytest.raises(ConfigurationError):
        guarded_client(NetworkSettings(proxy=proxy), user_agent="T/1")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_proxies_of_the_environment_are_not_used(monkeypatch, variable):
    """Only what the settings name."""
    async with server() as (port, seen), server() as (other, bypassed):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{other}")
        async with guarded_client(OPEN, user_agent="T/1") as client:
            await client.get(f"http://127.0.0.1:{port}/")
    assert (len(seen), len(bypassed)) == (1, 0)


async def test_a_server_that_hangs_up_is_not_asked_again():
    """Repetition is for those who keep the spacing."""
    asked = []

    async def handle(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with guarded_client(OPEN, user_agent="T/1") as client:
        with pytest.raises(httpx.HTTPError):
            await client.get(f"http://127.0.0.1:{port}/")
    listening.close()
    assert len(asked) == 1
