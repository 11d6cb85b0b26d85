"""The fetcher against real servers that behave well and badly."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib

import brotli
import pytest
from backports import zstd

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import FetchFailure
from tocsin.network import GuardRefusal
from tocsin.polling import HttpFetcher
from tocsin.ports import FetchRequest
from tocsin.settings import NetworkSettings, PollingSettings, Settings

OPEN = NetworkSettings(allow_private_addresses=True)


async def get(fetcher, url, **request):
    return await fetcher.fetch(FetchRequest(url, **request))


async def failure(fetcher, url) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await get(fetcher, url)
    return caught.value


async def test_answer(server, fetcher):
    """Status, headers in lower case, body and time come back; we say who we are and what we take."""
    url = server.says("/feed", b"<rss/>", "200 OK", "X-One: 1", 'ETag: "a"')
    answer = await get(fetcher, url, headers={"x-own": "yes"})
    assert (answer.status, answer.body, answer.url, answer.moved_to) == (200, b"<rss/>", url, None)
    assert (answer.headers["x-one"], answer.headers["etag"]) == ("1", '"a"')
    assert answer.duration_ms >= 0
    ((_, headers),) = server.requests
    assert headers[b"user-agent"] == b"Tocsin/test"
    assert headers[b"accept-encoding"] == b"gzip, deflate, br, zstd"
    assert headers[b"x-own"] == b"yes"
    assert b"if-none-match" not in headers


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "404 Not Found", "503 Unavailable"])
async def test_any_status_is_an_answer(server, fetcher, status):
    """Statuses are for the decider."""
    assert (await get(fetcher, server.says("/x", b"", status))).status == int(status[:3])


@pytest.mark.parametrize("etag", ['"a b"', 'W/"x"', "no-quotes", '"ümlaut ☃"', '"\\"'])
async def test_validators_go_back_byte_for_byte(server, fetcher, etag):
    """ETag and Last-Modified are sent as they came, whatever is in them."""
    raw = f"ETag: {etag}".encode()
    server.paths["/x"] = (
        b"HTTP/1.1 200 OK\r\n" + raw + b"\r\nLast-Modified: yesterday  noon\r\nContent-Length: 0\r\n\r\n"
    )
    first = await get(fetcher, server.url("/x"))
    await get(
        fetcher, server.url("/x"), etag=first.headers["etag"], last_modified=first.headers["last-modified"]
    )
    assert server.requests[1][1][b"if-none-match"] == etag.encode()
    assert server.requests[1][1][b"if-modified-since"] == b"yesterday  noon"


async def test_validator_that_cannot_go_back_is_not_kept(server, fetcher):
    """A header that is not UTF-8 could only go back changed, so it is as if it had not come."""
    url = server.says("/x", b"", "200 OK", 'ETag: "\xe9"')
    assert "etag" not in (await get(fetcher, url)).headers


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "identity"])
async def test_compressed_bodies(server, fetcher, encoding):
    """Bodies come decompressed."""
    packers = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstd.compress,
    }
    packed = packers.get(encoding.lower(), bytes)(b"<rss/>")
    url = server.says("/x", packed, "200 OK", f"Content-Encoding: {encoding}")
    assert (await get(fetcher, url)).body == b"<rss/>"


async def test_chunked_body(server, fetcher):
    """Chunked bodies are put together."""
    server.paths["/x"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n3\r\ns/>\r\n0\r\n\r\n"
    )
    assert (await get(fetcher, server.url("/x"))).body == b"<rss/>"


async def test_redirects(server, second_server, fetcher):
    """Redirects are followed over hosts, relative ones too; the end is told, a permanent move only if all hops are."""
    end = second_server.says("/end", b"<rss/>")
    server.moves("/a", "/b", "301 Moved Permanently")
    server.moves("/b", end, "308 Permanent Redirect")
    server.moves("/t", "a?x#y", "302 Found")
    server.moves("/a?x", "/b", "301 Moved Permanently")
    server.moves("/p", "/t", "301 Moved Permanently")
    permanent = await get(fetcher, server.url("/a"), etag='"e"')
    assert (permanent.url, permanent.moved_to, permanent.body) == (end, end, b"<rss/>")
    assert [headers[b"if-none-match"] for _, headers in server.requests] == [b'"e"', b'"e"']
    assert (await get(fetcher, server.url("/t"))).moved_to is None
    assert (await get(fetcher, server.url("/p"))).moved_to == server.url("/t")


async def test_redirect_without_location_is_an_answer(server, fetcher):
    """There is nowhere to go."""
    assert (await get(fetcher, server.says("/x", b"", "302 Found"))).status == 302


@pytest.mark.parametrize("to", ["/loop", "/other"])
async def test_redirect_loop(server, fetcher, to):
    """A circle ends when it closes."""
    server.moves("/loop", to)
    server.moves("/other", "/loop")
    error = await failure(fetcher, server.url("/loop"))
    assert error.failure == FetchFailure.REDIRECT_LOOP
    assert "lead back to" in error.message
    assert len(server.requests) <= 2


async def test_endless_redirects(server, fetcher):
    """Ten hops are enough."""
    for number in range(20):
        server.moves(f"/{number}", f"/{number + 1}")
    error = await failure(fetcher, server.url("/0"))
    assert (error.failure, error.message) == (FetchFailure.REDIRECT_LOOP, "more than 10 redirects")
    assert len(server.requests) == 11


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://x/", "javascript:alert(1)", "http://[x"])
async def test_redirect_to_no_web_address(server, fetcher, to):
    """A redirect out of the web is refused."""
    error = await failure(fetcher, server.moves("/x", to))
    assert error.failure == FetchFailure.PROTOCOL


INSIDE = [
    "http://127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://169.254.169.254/latest/",
    "http://10.0.0.1/",
    "http://[::ffff:10.0.0.1]/",  # IPv4-mapped
    "http://[::ffff:a9fe:a9fe]/",  # IPv4-mapped, the metadata service
    "http://[64:ff9b::127.0.0.1]/",  # NAT64
    "http://[64:ff9b:1::1]/",  # NAT64 of local use
    "http://[2002:7f00:1::1]/",  # 6to4
    "http://[2001:0:1::1]/",  # Teredo
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://0.0.0.0:{port}/",
    "http://100.64.0.1/",
]


@pytest.mark.parametrize("to", INSIDE)
@pytest.mark.parametrize("hops", [1, 3])
async def test_redirect_to_the_inside_is_refused(server, to, hops):
    """The guard looks at every hop: an allowed host may not send us inside, in whatever form it is written."""
    settings = NetworkSettings(allow_hosts=["localhost"])
    async with HttpFetcher(PollingSettings(spacing=0), settings, "T/1") as guarded:
        for number in range(hops - 1):
            server.moves(f"/{number}", f"/{number + 1}")
        server.moves(f"/{hops - 1}", to.format(port=server.port))
        with pytest.raises(GuardRefusal) as caught:
            await get(guarded, server.url("/0", "localhost"))
    assert caught.value.failure == FetchFailure.REFUSED_ADDRESS
    assert [path for path, _ in server.requests] == [f"/{number}" for number in range(hops)]
    assert [one.status for one in caught.value.requests] == [302] * hops + [None]


async def test_too_large(server, fetcher):
    """A body over the limit is given up, whether announced, sent, or packed."""
    big = b"x" * 100_001
    for url in (
        server.says("/sent", big),
        server.zips("/bomb", b"\0" * 50_000_000),
        server.says("/br", brotli.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: br"),
        server.says("/zstd", zstd.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: zstd"),
        server.does("/chunked", _chunks_without_end),
    ):
        error = await failure(fetcher, url)
        assert error.failure == FetchFailure.TOO_LARGE
        assert "100000 bytes" in error.message


async def _chunks_without_end(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        await writer.drain()


async def test_announced_size_is_not_waited_for(server, fetcher):
    """A length that is too large is enough."""
    error = await failure(fetcher, server.says("/x", b"x", length=10**9))
    assert error.failure == FetchFailure.TOO_LARGE


async def _drip(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def _silence(_reader, _writer):
    await asyncio.sleep(60)


async def _header_drip(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        writer.write(f"X-{number}: 1\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("what", [_drip, _silence, _header_drip])
async def test_time_limit(server, fetcher, what):
    """However slowly a server answers, the time is up after the limit for the whole."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    error = await failure(fetcher, server.does("/x", what))
    assert error.failure in (FetchFailure.TIMEOUT, FetchFailure.PROTOCOL)
    assert loop.time() - started < 3


async def test_redirects_share_the_time(server, fetcher):
    """Slow hops do not each get the whole limit."""
    for number in range(5):
        server.does(f"/{number}", _slow_hop(f"/{number + 1}"))
    error = await failure(fetcher, server.url("/0"))
    assert error.failure == FetchFailure.TIMEOUT
    assert len(server.requests) <= 3


def _slow_hop(to):
    async def hop(_reader, writer):
        await asyncio.sleep(0.4)
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return hop


async def _reset(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome")
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.close()


async def _hang_up(_reader, writer):
    writer.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nshort",
        b"RUBBISH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        _reset,
        _hang_up,
    ],
)
async def test_broken_answers(server, fetcher, answer):
    """Answers that lie, break off or are no HTTP are PROTOCOL, with a sentence that names the server."""
    server.paths["/x"] = answer if callable(answer) else _closing(answer)
    error = await failure(fetcher, server.url("/x"))
    assert error.failure == FetchFailure.PROTOCOL
    assert "127.0.0.1" in error.message
    assert len(error.message) < 400


def _closing(answer):
    async def send(_reader, writer):
        writer.write(answer)
        await writer.drain()
        writer.close()

    return send


async def test_no_server(fetcher):
    """A port where nobody listens is CONNECT."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = await failure(fetcher, f"http://127.0.0.1:{port}/")
    assert error.failure == FetchFailure.CONNECT


async def test_no_tls(fetcher):
    """A server that does not speak TLS on an https address is TLS."""

    async def plain(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        error = await failure(fetcher, f"https://127.0.0.1:{port}/")
    assert error.failure == FetchFailure.TLS
    assert "no secure connection" in error.message


@pytest.mark.parametrize(
    "url", ["http://[broken/", "nonsense", "ftp://x.example/", "http://\u2488.example:x/"]
)
async def test_no_address(fetcher, url):
    """What is no address is a failure like any other."""
    assert (await failure(fetcher, url)).failure in (FetchFailure.PROTOCOL, FetchFailure.DNS)


async def test_politeness(server):
    """At most `per_host` at once, and `spacing` between starts."""
    polling = PollingSettings(spacing=0.05, per_host=2, timeout=5)

    async def slow(_reader, writer):
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    url = server.does("/x", slow)
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with HttpFetcher(polling, OPEN, "T/1") as polite:
        await asyncio.gather(*(get(polite, url) for _ in range(6)))
    assert server.peak == 2
    assert loop.time() - started >= 0.6


async def test_headers_of_the_feed_come_from_the_environment(server, second_server, fetcher, monkeypatch):
    """A feed's own headers are filled in and stay with its host; a redirect elsewhere does not get them."""
    monkeypatch.setenv("FEED_KEY", "s3cret")
    server.moves("/a", "/b")
    server.moves("/b", second_server.says("/end", b"<rss/>"))
    await get(fetcher, server.url("/a"), headers={"X-Key": "key ${FEED_KEY}"}, etag='"e"')
    assert [headers[b"x-key"] for _, headers in server.requests] == [b"key s3cret"] * 2
    ((_, elsewhere),) = second_server.requests
    assert b"x-key" not in elsewhere
    assert elsewhere[b"if-none-match"] == b'"e"'


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("http://us%65r:p%40ss@127.0.0.1:{port}/x", {}),
        (None, {"Authorization": "Basic user:${FEED_PASSWORD}"}),
    ],
)
async def test_basic_auth(server, fetcher, monkeypatch, address, headers):
    """User and password come from the address or the environment, and are in no trace."""
    monkeypatch.setenv("FEED_PASSWORD", "p@ss")
    url = server.says("/x", b"<rss/>")
    answer = await get(fetcher, address.format(port=server.port) if address else url, headers=headers)
    assert server.requests[0][1][b"authorization"] == b"Basic dXNlcjpwQHNz"
    assert [one.url for one in answer.requests] == [url]
    assert answer.url == url


@pytest.mark.parametrize("what", [{"headers": {"X": "${NOT_THERE}"}}, {"proxy": "http://${NOT_THERE}:3128"}])
async def test_missing_variable_is_our_configuration(server, fetcher, what):
    """A feed that names a variable which is not set fails by a class of its own, and nothing is sent."""
    with pytest.raises(FetchError, match="NOT_THERE") as caught:
        await get(fetcher, server.says("/x", b""), **what)
    assert caught.value.failure == FetchFailure.CONFIGURATION
    assert server.requests == []


async def test_proxy_of_a_feed(server, fetcher, monkeypatch):
    """A feed with a proxy of its own is asked through it."""
    monkeypatch.setenv("PROXY_PORT", str(server.port))
    server.says("http://127.0.0.1:9/x", b"<rss/>")
    answer = await get(fetcher, "http://127.0.0.1:9/x", proxy="http://127.0.0.1:${PROXY_PORT}")
    assert answer.body == b"<rss/>"
    assert server.requests[0][0] == "http://127.0.0.1:9/x"


@pytest.mark.parametrize("headers", [("Retry-After: 30",), ()])
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_rest_is_kept_by_all_addresses_of_the_lane(server, second_server, fetcher, status, headers):
    """After 429 or 503 nothing more is sent to that lane; others are asked."""
    assert (await get(fetcher, server.says("/x", b"", status, *headers))).status == int(status[:3])
    with pytest.raises(CoolingDownError) as caught:
        await get(fetcher, server.says("/other", b""))
    assert caught.value.requests == ()
    assert len(server.requests) == 1
    server_two = second_server.moves("/to", server.url("/other"))
    with pytest.raises(CoolingDownError) as caught:
        await get(fetcher, server_two)
    assert len(caught.value.requests) == 1
    assert (await get(fetcher, second_server.says("/x", b""))).status == 200


async def test_rest_of_one_feed_only(server):
    """With the scope `feed` the others are asked on."""
    polling = PollingSettings(spacing=0, cooldown_scope="feed")
    async with HttpFetcher(polling, OPEN, "T/1") as fetcher:
        await get(fetcher, server.says("/x", b"", "429 Too Many Requests", "Retry-After: 30"))
        assert (await get(fetcher, server.says("/other", b""))).status == 200


async def test_challenge_rests_the_lane(server, fetcher):
    """A 403 that wants a browser is not knocked at again with the next feed; a plain 403 says nothing of others."""
    await get(fetcher, server.says("/plain", b"no", "403 Forbidden"))
    answer = await get(
        fetcher, server.says("/wall", b"<title>Just a moment", "403 Forbidden", "cf-mitigated: challenge")
    )
    assert b"Just a moment" in answer.body
    with pytest.raises(CoolingDownError, match="Cloudflare challenge"):
        await get(fetcher, server.says("/other", b""))


async def test_error_pages_are_cut_and_never_hide_the_status(server, fetcher):
    """Of an error page there is as much as came of it, at most 64 KiB, whatever is wrong with it."""
    assert len((await get(fetcher, server.says("/big", b"x" * 90_000, "404 Not Found"))).body) == 65_536
    torn = _closing(b"HTTP/1.1 404 Not Found\r\nContent-Length: 99\r\n\r\ntorn")
    assert (await get(fetcher, server.does("/torn", torn))).status == 404
    odd = server.says("/odd", b"x", "404 Not Found", "Content-Encoding: gzip")
    assert ((await get(fetcher, odd)).status, (await get(fetcher, odd)).body) == (404, b"")


async def test_trace_of_hops(server, second_server, fetcher):
    """Every hop is told: address, moment, status, time, whether it was conditional."""
    end = second_server.says("/end", b"<rss/>")
    answer = await get(fetcher, server.moves("/a", end, "301 Moved Permanently"), last_modified="Mon")
    first, second = answer.requests
    assert (first.url, first.status, second.url, second.status) == (server.url("/a"), 301, end, 200)
    assert first.conditional
    assert second.conditional
    assert second.started >= first.started
    assert not answer.whole
    assert (await get(fetcher, end)).whole


async def test_kept_connection_that_is_closed_is_tried_once_more(server, fetcher):
    """A server that closes a kept connection is asked again, in turn and told; one that always hangs up is not."""
    turns = iter((True, False, True))

    async def tired(_reader, writer):
        if next(turns):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        else:
            writer.close()

    url = server.does("/x", tired)
    await get(fetcher, url)
    again = await get(fetcher, url)
    assert [one.status for one in again.requests] == [None, 200]
    assert len(server.requests) == 3


async def test_hang_up_is_not_asked_twice(server, fetcher):
    """Where nothing was kept open there is one request."""
    error = await failure(fetcher, server.does("/x", _hang_up))
    assert error.failure == FetchFailure.PROTOCOL
    assert len(server.requests) == len(error.requests) == 1


async def test_made_of_settings(server):
    """`of` takes limits, guard and name from the settings."""
    settings = Settings(network=OPEN, polling=PollingSettings(contact="https://desk.example"))
    async with HttpFetcher.of(settings) as fetcher:
        await get(fetcher, server.says("/x", b""))
    assert b"+https://desk.example" in server.requests[0][1][b"user-agent"]
