"""`tocsin extract`: events of a text, for people and for pipes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli._common import guarded
from tocsin.model import mention_to_json


@guarded
def extract(
    file: Annotated[Path, typer.Argument(help="Text file or - for standard input.")] = Path("-"),
) -> None:
    """Print the events of a text, one mention a line."""
    from tocsin.extraction import Document, load_extractor

    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    for mention in load_extractor().extract(Document(text=text)).mentions:
        typer.echo(json.dumps(mention_to_json(mention), ensure_ascii=False))
