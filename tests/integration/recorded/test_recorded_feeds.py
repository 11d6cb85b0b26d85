"""The recorded-feed server over real HTTP."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping

import pytest

from tocsin.testing.recorded import RecordedFeeds, Recording

AUTUMN = Recording.load("autumn-2022")


@pytest.fixture
async def feeds() -> AsyncIterator[RecordedFeeds]:
    async with RecordedFeeds(AUTUMN) as server:
        yield server


def _get(url: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=dict(headers)), timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


async def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """GET off the loop, header names given with underscores."""
    return await asyncio.to_thread(_get, url, {k.replace("_", "-"): v for k, v in headers.items()})


async def test_serves_every_outlet_of_the_catalog(feeds: RecordedFeeds) -> None:
    """Each address gives its recorded body; specs carry publisher, owner and zone."""
    specs = feeds.feed_specs()
    assert len({spec.url for spec in specs}) == len(AUTUMN.outlets) >= 8
    for spec, outlet in zip(specs, AUTUMN.outlets, strict=True):
        status, _, body = await get(spec.url)
        assert (status, body) == (200, outlet.at(1).body)
        assert spec.publisher
        assert spec.owner
        assert spec.timezone


async def test_second_step_answers_304_where_nothing_changed(feeds: RecordedFeeds) -> None:
    """With the validators of the first answer, some feeds are not modified, others have news, one fails."""
    asked = {}
    for outlet in AUTUMN.outlets:
        _, headers, _ = await get(feeds.base_url + outlet.path)
        asked[outlet.path] = {
            "If_None_Match" if name == "etag" else "If_Modified_Since": headers[name]
            for name in ("etag", "last-modified")
            if name in headers
        }
    assert feeds.advance()
    statuses = {path: (await get(feeds.base_url + path, **headers))[0] for path, headers in asked.items()}
    assert statuses["/rheinblick/politik.rss"] == statuses["/shonan/evening.atom"] == 304
    assert statuses["/coastline/rss.xml"] == 500
    assert statuses["/meridian/weekend.rss"] == 200  # sends no validators: asked whole each time
    assert list(statuses.values()).count(200) >= 8


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": '"other"'}, 200),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"', "If_Modified_Since": "Mon, 07 Nov 2022 22:00:00 GMT"}, 200),
        ({"If_Modified_Since": "Mon, 07 Nov 2022 22:00:00 GMT"}, 304),
        ({"If_Modified_Since": "Thu, 03 Nov 2022 10:59:59 GMT"}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
    ],
)
async def test_preconditions(feeds: RecordedFeeds, headers: dict[str, str], status: int) -> None:
    """If-None-Match decides where both are sent; a date that cannot be read is ignored."""
    assert (await get(feeds.base_url + "/northwind/world.rss", **headers))[0] == status


async def test_a_weak_tag_in_a_list_matches(feeds: RecordedFeeds) -> None:
    """Comparison is weak, as RFC 9110 asks of If-None-Match."""
    url = feeds.base_url + "/volga/index.rdf"
    _, headers, _ = await get(url)
    status, again, body = await get(url, If_None_Match=f'"x", W/{headers["etag"]}')
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])


async def test_gzip_only_when_asked(feeds: RecordedFeeds) -> None:
    """Two outlets compress for clients that say they can read it."""
    _, plain, _ = await get(feeds.base_url + "/hanbit/english.atom")
    _, packed, _ = await get(feeds.base_url + "/hanbit/english.atom", Accept_Encoding="gzip")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"


async def test_advance_ends_at_the_last_step(feeds: RecordedFeeds) -> None:
    """There is nothing after the last step, and it says so."""
    assert [feeds.advance() for _ in AUTUMN.steps] == [True, True, False]
    assert feeds.last_step
    _, _, body = await get(feeds.base_url + "/assembly-notes/feed.json")
    assert len(json.loads(body)["items"]) == 3


async def test_log_and_all_asked(feeds: RecordedFeeds) -> None:
    """Every request is logged with its step; the event comes when each outlet was asked in this step."""
    waiting = asyncio.create_task(feeds.all_asked())
    for outlet in AUTUMN.outlets:
        assert not waiting.done()
        await get(feeds.base_url + outlet.path, User_Agent="Tocsin/test")
    await asyncio.wait_for(waiting, 5)
    feeds.advance()
    await get(feeds.base_url + "/volga/index.rdf", If_None_Match='"x"')
    assert len(feeds.requests(step=1)) == len(AUTUMN.outlets)
    assert [(r.step, r.conditional) for r in feeds.requests("/volga/index.rdf")] == [(1, False), (2, True)]
    assert {r.user_agent for r in feeds.requests(step=1)} == {"Tocsin/test"}


async def test_an_unknown_address_is_404(feeds: RecordedFeeds) -> None:
    """And is not counted as an outlet."""
    assert (await get(feeds.base_url + "/nothing"))[0] == 404
    assert feeds.log == []


async def test_two_servers_at_once() -> None:
    """Ports are free ones, and the address is gone after the block."""
    async with RecordedFeeds(AUTUMN) as one, RecordedFeeds(AUTUMN) as two:
        assert one.base_url != two.base_url
        gone = one.base_url
    with pytest.raises(urllib.error.URLError):
        await get(gone + "/volga/index.rdf")
