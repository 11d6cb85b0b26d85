"""`tocsin record` and `tocsin replay`: feed responses as files. Not in this version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli._common import guarded, later

_Folder = Annotated[Path, typer.Argument(help="Folder of recorded feed responses.")]


@guarded
def replay(folder: _Folder) -> None:
    """Run recorded feed responses through every stage with their own clock (comes later)."""
    later(f"replay {folder}", "`tocsin demo` replays the shipped recording; `tocsin ingest` takes feed files")


@guarded
def record(folder: _Folder) -> None:
    """Write every feed response to a folder for replay (comes later)."""
    later(f"record {folder}", "save feed files yourself and run them with `tocsin ingest`")
