"""The Dockerfile's own commands, run in an empty folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tools.run_dockerfile import run

pytestmark = pytest.mark.e2e


def test_the_image_installs_starts_is_healthy_and_stops() -> None:
    """Locked install, wheel, start as the image's user, health check, clean end on the stop signal."""
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tocsin-image-") as folder:  # USER cannot reach pytest's own
        result = run(Path(folder), said.append)
    assert result.exit_code == 0, said
    assert result.healthy < 120
