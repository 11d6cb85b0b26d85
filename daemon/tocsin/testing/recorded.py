"""Recorded feeds, served over real HTTP: what the demo polls and what tests of the whole flow are run on.

A recording is a folder with `recording.yaml` (outlets, steps, which body each address gives at which step) and
the bodies. `RecordedFeeds` serves it on a free port of 127.0.0.1, answers conditional requests as RFC 9110
section 13 asks, and moves to the next step when told to::

    recording = Recording.load("autumn-2022")
    async with RecordedFeeds(recording) as feeds:
        specs = feeds.feed_specs()  # addresses on 127.0.0.1, publisher, owner, zone
        ...  # poll them
        feeds.advance()  # some answer 304 now, some have news, one fails
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tocsin.errors import InputError
from tocsin.model import FeedSpec

_RECORDINGS = Path(__file__).parent / "recordings"
_VALIDATORS = frozenset({"etag", "last-modified"})
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of the recorded time: `at` is when the feeds stood as this step serves them, UTC-aware."""

    name: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gives from step `step` (from 1) on, until another answer takes over."""

    step: int
    status: int = 200
    body: bytes = b""

    @property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110, section 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Outlet:
    """One feed of the recording, with the facts a catalog would give about it."""

    path: str
    spec: FeedSpec  # its url is the path; `Recording.feed_specs` makes it whole
    format: str
    content_type: str
    answers: tuple[Answer, ...]
    validators: frozenset[str] = frozenset()
    gzip: bool = False
    failure: str | None = None  # the `FetchFailure` its first poll must be recorded with

    def at(self, step: int) -> Answer:
        """The answer in force at a step."""
        return [answer for answer in self.answers if answer.step <= step][-1]


@dataclass(frozen=True, slots=True)
class Recording:
    """Outlets and the steps they go through."""

    name: str
    title: str
    folder: Path
    steps: tuple[Step, ...]
    outlets: tuple[Outlet, ...]

    @staticmethod
    def names() -> list[str]:
        """The recordings that ship with Tocsin."""
        return sorted(path.parent.name for path in _RECORDINGS.glob("*/recording.yaml"))

    @classmethod
    def load(cls, name_or_path: str | Path) -> Recording:
        """Read a shipped recording by name, or any folder; `InputError` names what is wrong and where."""
        shipped = _RECORDINGS / str(name_or_path)
        folder = shipped if (shipped / "recording.yaml").is_file() else Path(name_or_path)
        manifest = _mapping(folder / "recording.yaml", ", ".join(cls.names()))
        return _recording(folder, manifest)

    def expected(self) -> dict[str, Any]:
        """`expected.yaml`: what a reader of these feeds knows after the last step."""
        return _mapping(self.folder / "expected.yaml", "a recording may go without")

    def feed_specs(self, base_url: str) -> list[FeedSpec]:
        """The outlets as a catalog would name them, served below `base_url`."""
        base = base_url.rstrip("/")
        return [replace(outlet.spec, url=base + outlet.spec.url) for outlet in self.outlets]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the server saw it."""

    path: str
    step: int
    status: int
    conditional: bool
    user_agent: str


class RecordedFeeds:
    """A real HTTP server on 127.0.0.1 for one recording; an async context manager.

    Args:
        recording: what it serves.
        port: where; a free one when 0.
        turn: awaited with the path before an outlet is answered; what it raises is a 500.
    """

    def __init__(
        self, recording: Recording, *, port: int = 0, turn: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        self.recording = recording
        self._turn = turn
        self.step = 1
        self.log: list[Request] = []
        self._port = port
        self._outlets = {outlet.path: outlet for outlet in recording.outlets}
        self._runner: web.AppRunner | None = None
        self._asked: set[str] = set()
        self._all_asked = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, _LOOPBACK, self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def base_url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{_LOOPBACK}:{self._port}"

    @property
    def last_step(self) -> bool:
        """True when `advance` has nothing more to show."""
        return self.step == len(self.recording.steps)

    def feed_specs(self) -> list[FeedSpec]:
        """The outlets at this server's address."""
        return self.recording.feed_specs(self.base_url)

    def advance(self) -> bool:
        """Go to the next step; False when this is the last one already."""
        if self.last_step:
            return False
        self.step += 1
        self._asked.clear()
        self._all_asked.clear()
        return True

    async def all_asked(self) -> None:
        """Wait until every outlet was asked at this step."""
        await self._all_asked.wait()

    def requests(self, path: str | None = None, *, step: int | None = None) -> list[Request]:
        """The log, of one path or step."""
        return [
            request for request in self.log if path in (None, request.path) and step in (None, request.step)
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        outlet = self._outlets.get(request.path)
        if outlet is None:
            return web.Response(status=404, text="no such feed in this recording\n")
        if self._turn is not None:
            await self._turn(request.path)
        response = self._response(outlet, request)
        conditional = not {"If-None-Match", "If-Modified-Since"}.isdisjoint(request.headers)
        agent = request.headers.get("User-Agent", "")
        self.log.append(Request(request.path, self.step, response.status, conditional, agent))
        self._asked.add(request.path)
        if len(self._asked) == len(self._outlets):
            self._all_asked.set()
        return response

    def _response(self, outlet: Outlet, request: web.Request) -> web.Response:
        answer = outlet.at(self.step)
        if answer.status != 200:
            return web.Response(status=answer.status, text="the server could not answer\n")
        modified = self.recording.steps[answer.step - 1].at
        headers = _validators(outlet, answer, modified)
        if _not_modified(outlet, answer, modified, request):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = outlet.content_type
        body = answer.body
        if outlet.gzip and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            body = gzip.compress(body, mtime=0)
        return web.Response(body=body, headers=headers)


def _validators(outlet: Outlet, answer: Answer, modified: datetime) -> dict[str, str]:
    headers = {}
    if "etag" in outlet.validators:
        headers["ETag"] = answer.etag
    if "last-modified" in outlet.validators:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    return headers


def _not_modified(outlet: Outlet, answer: Answer, modified: datetime, request: web.Request) -> bool:
    """If-None-Match wins over If-Modified-Since, and an outlet honours only what it sends (RFC 9110, 13.2.2)."""
    tags = request.headers.get("If-None-Match")
    if tags is not None and "etag" in outlet.validators:
        offered = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return answer.etag in offered or "*" in offered
    since = request.headers.get("If-Modified-Since")
    if since is None or "last-modified" not in outlet.validators:
        return False
    try:
        return modified <= parsedate_to_datetime(since).replace(tzinfo=UTC)
    except ValueError:
        return False  # a date that cannot be read is as good as none


def _mapping(path: Path, known: str) -> dict[str, Any]:
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            f"there is no recording at {path.parent}", hint=f"recordings that ship: {known}"
        ) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(f"{path}: {error}", hint="it must be readable YAML in UTF-8") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: not a mapping", hint="see the recording that ships with Tocsin")
    return data


def _recording(folder: Path, manifest: dict[str, Any]) -> Recording:
    where = folder / "recording.yaml"
    try:
        steps = tuple(_step(item) for item in manifest["steps"])
        outlets = tuple(_outlet(folder, item, manifest["name"]) for item in manifest["outlets"])
    except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        complaint = str(error) if isinstance(error, OSError) else repr(error)
        raise InputError(f"{where}: {complaint}", hint="a key is missing, or a body file is") from error
    _check(where, steps, outlets)
    return Recording(manifest["name"], manifest.get("title", ""), folder, steps, outlets)


def _check(where: Path, steps: tuple[Step, ...], outlets: tuple[Outlet, ...]) -> None:
    if not steps or not outlets:
        raise InputError(f"{where}: no steps or no outlets", hint="name at least one of each")
    for outlet in outlets:
        numbers = [answer.step for answer in outlet.answers]
        if numbers != sorted(set(numbers)) or numbers[:1] != [1] or numbers[-1] > len(steps):
            raise InputError(
                f"{where}: {outlet.path}: answers at steps {numbers}",
                hint=f"they begin at 1, rise, and end at {len(steps)}",
            )
        if outlet.validators - _VALIDATORS:
            raise InputError(
                f"{where}: {outlet.path}: validators {sorted(outlet.validators)}",
                hint="known are etag and last-modified",
            )


def _step(item: dict[str, Any]) -> Step:
    at: datetime = item["at"]
    return Step(
        item["name"],
        at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        item.get("note", ""),
    )


def _outlet(folder: Path, item: dict[str, Any], catalog: str) -> Outlet:
    spec = FeedSpec(
        url=item["path"],
        title=item["title"],
        publisher=item["publisher"],
        owner=item["owner"],
        country=item.get("country"),
        language=item.get("language"),
        timezone=item.get("timezone"),
        catalog=catalog,
    )
    return Outlet(
        path=item["path"],
        spec=spec,
        format=item["format"],
        content_type=item["content_type"],
        answers=tuple(_answer(folder, answer) for answer in item["answers"]),
        validators=frozenset(item.get("validators", ())),
        gzip=item.get("gzip", False),
        failure=item.get("failure"),
    )


def _answer(folder: Path, item: dict[str, Any]) -> Answer:
    body = (folder / item["body"]).read_bytes() if "body" in item else b""
    return Answer(item["step"], item.get("status", 200), body)
