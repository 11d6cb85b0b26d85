"""One extractor for all tests of the folder: the language model is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tocsin.extraction import Document, Extractor, load_extractor
from tocsin.model import Mention

WEDNESDAY = datetime(2022, 11, 9, 10, tzinfo=UTC)
Read = Callable[..., list[Mention]]


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return load_extractor()


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Read:
    """The mentions of a text published on Wednesday 9 November 2022, optionally of one family only."""

    def mentions(text: str, family: str = "", **document: object) -> list[Mention]:
        doc = Document(text, **{"published": WEDNESDAY, **document})
        return [m for m in extractor.extract(doc).mentions if m.type.startswith(family)]

    return mentions
