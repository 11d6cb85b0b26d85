"""Where the feeds and rules that come with Tocsin are: beside a checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: Literal["feeds", "rules"]) -> Path:
    """The folder of shipped catalogs or rule files."""
    packaged = _PACKAGE / "_shipped" / kind
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / kind
