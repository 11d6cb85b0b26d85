"""A `Fetcher` that answers what it was told."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace

from tocsin.errors import FetchError
from tocsin.model import FetchFailure
from tocsin.ports import FetchRequest, FetchResponse

_Answer = FetchResponse | FetchError


class FakeFetcher:
    """Answers for an address come in the order they were told; the last one stays.

    An address nobody spoke of answers 404. `requests` holds every request made.
    """

    def __init__(self) -> None:
        self.requests: list[FetchRequest] = []
        self._answers: defaultdict[str, deque[_Answer]] = defaultdict(deque)

    def reply(
        self,
        url: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        moved_to: str | None = None,
    ) -> FakeFetcher:
        """Answer with this body; `moved_to` makes it the end of a permanent redirect."""
        raw = body.encode() if isinstance(body, str) else body
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        return self._add(url, FetchResponse(moved_to or url, status, lowered, raw, 1, moved_to))

    def not_modified(self, url: str, headers: Mapping[str, str] | None = None) -> FakeFetcher:
        """Answer 304."""
        return self.reply(url, status=304, headers=headers)

    def fail(self, url: str, failure: FetchFailure, message: str | None = None) -> FakeFetcher:
        """Raise `FetchError`."""
        return self._add(url, FetchError(message or f"{url}: {failure}", failure))

    def forget(self, url: str) -> FakeFetcher:
        """Drop what was told about an address."""
        self._answers.pop(url, None)
        return self

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """The next answer for this address."""
        self.requests.append(request)
        answers = self._answers.get(request.url)
        if not answers:
            return FetchResponse(request.url, 404, {}, b"", 1)
        answer = answers.popleft() if len(answers) > 1 else answers[0]
        if isinstance(answer, FetchError):
            raise answer
        return replace(answer, whole=not (request.etag or request.last_modified))

    def _add(self, url: str, answer: _Answer) -> FakeFetcher:
        self._answers[url].append(answer)
        return self
