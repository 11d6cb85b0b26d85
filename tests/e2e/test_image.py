"""The Dockerfile's own commands, run in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.run_dockerfile import run

pytestmark = pytest.mark.e2e


def test_the_image_installs_starts_is_healthy_and_stops(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Locked install, wheel, start as the image's user, health check, clean end on the stop signal."""
    result = run(tmp_path, lambda line: print(line, flush=True))  # noqa: T201 - shown when it fails
    assert result.exit_code == 0, capfd.readouterr().err
    assert result.healthy < 120
