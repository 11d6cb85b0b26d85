"""What every test starts from."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import structlog

os.environ["COLUMNS"] = "160"  # a process of pytest-xdist has no terminal, and tables are as wide as one


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command under test sets up logging for its process; the next test has its own."""
    yield
    structlog.reset_defaults()
