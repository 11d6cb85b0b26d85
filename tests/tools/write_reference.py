"""Write the generated pages of docs/reference: settings.md, cli.md, metrics.md, the table of ontology.md.

Run by `make docs`. `pages()` gives the texts without writing, so that a test can tell when a file is stale.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import typer
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
_TYPES = "<!-- The table below is written by `make docs` from the YAML files. -->"
_NOTE = "<!-- Written by `make docs` from {source}. Edit that, not this page. -->\n"


def settings_rows() -> Iterator[tuple[str, str, str, str, str]]:
    """(section, variable, key in tocsin.toml, default, description) of every setting."""
    from tocsin.settings import Settings

    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            for key, inner in section.model_fields.items():
                variable = f"TOCSIN_{name}__{key}".upper()
                yield name, variable, f"{name}.{key}", _default(inner), _describe(inner)
        else:
            yield "", f"TOCSIN_{name}".upper(), name, _default(field), _describe(field)


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    return "not set" if value is None else f"`{json.dumps(value)}`"


def _describe(field: FieldInfo) -> str:
    choices = [json.dumps(a) for a in get_args(field.annotation) if isinstance(a, str)]
    return (field.description or "") + (f" One of {', '.join(f'`{c}`' for c in choices)}." if choices else "")


def settings_page() -> str:
    """docs/reference/settings.md."""
    from tocsin.settings import Settings

    lines = [
        "# Settings",
        "",
        _NOTE.format(source="`tocsin.settings`"),
        "An environment variable wins over `tocsin.toml`, and the file over the default. The file is looked for",
        "in the folder the program is started in; `TOCSIN_CONFIG` names another one. A list in a variable is",
        "JSON: `TOCSIN_NETWORK__ALLOW_HOSTS='[\"feeds.lan.example\"]'`. A setting that does not exist is refused,",
        "by name.",
    ]
    current = None
    for section, variable, key, default, description in settings_rows():
        if section != current:
            model: Any = Settings.model_fields[section].annotation if section else None
            heading = f"## {section}" if section else "## Without a section"
            lines += ["", heading, "", *([model.__doc__.strip(), ""] if model else [])]
            lines += ["| variable | in tocsin.toml | default | what it does |", "|---|---|---|---|"]
            current = section
        lines.append(f"| `{variable}` | `{key}` | {default} | {_cell(description)} |")
    return "\n".join(lines) + "\n"


def commands() -> Iterator[tuple[str, Any]]:
    """(full name, command) of every command and group, in the order of `--help`."""
    from tocsin.cli import app

    yield from _walk("tocsin", typer.main.get_command(app))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for child, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _walk(f"{name} {child}", inner)


def options(command: Any) -> list[Any]:
    """Its options, without the ones every command has."""
    skipped = {"--help", "--install-completion", "--show-completion"}
    return [
        p
        for p in command.params
        if p.param_type_name == "option" and not p.hidden and not skipped.intersection(p.opts)
    ]


def _usage(name: str, command: Any) -> str:
    words = [name, *(["[OPTIONS]"] if options(command) else [])]
    words += ["COMMAND"] if hasattr(command, "commands") else []
    for argument in (p for p in command.params if p.param_type_name == "argument"):
        word = (argument.metavar or argument.name).strip("[].").upper() + (
            "..." if argument.nargs == -1 else ""
        )
        words.append(word if argument.required else f"[{word}]")
    return " ".join(words)


def _word(argument: Any) -> str:
    return str(argument.metavar or argument.name).strip("[].").split("|")[0].upper()


def _parameter_rows(command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument" and not p.hidden]
    rows = [f"| `{_word(p)}` | {_cell(p.help)} | {_shown(p)} |" for p in arguments]
    for p in options(command):
        flags = ", ".join(f"`{flag}`" for flag in (*p.opts, *p.secondary_opts))
        rows.append(f"| {flags} | {_cell(p.help)} | {_shown(p)} |")
    return rows


def _shown(parameter: Any) -> str:
    default = parameter.default
    if parameter.required:
        return "required"
    if default in (None, False, (), []) or callable(default) or str(default).startswith("Sentinel."):
        return ""
    return f"`{default}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def cli_page() -> str:
    """docs/reference/cli.md."""
    lines = [
        "# Command line",
        "",
        _NOTE.format(source="`tocsin.cli`"),
        "Every command has `--help` and ends with 0 when done, 1 when it failed and 2 when it was called wrongly",
        "or is not in this version. Where it prints data, `--json` prints one JSON array. Settings come from",
        "the environment and `tocsin.toml`, see [settings](settings.md).",
    ]
    for name, command in commands():
        level = "##" if name.count(" ") < 2 else "###"
        help_text = re.sub(r"[ \t]+\n", "\n", (command.help or "").strip())
        lines += ["", f"{level} `{name}`", "", f"    {_usage(name, command)}", "", help_text]
        if rows := _parameter_rows(command):
            lines += ["", "| | | default |", "|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def metrics_rows() -> Iterator[tuple[str, str, str, str]]:
    """(name as scraped, kind, labels, meaning) of every metric."""
    from tocsin.service._metrics import Metrics
    from tocsin.web._guard import HttpMetrics

    registry = CollectorRegistry()
    Metrics(registry)
    HttpMetrics(registry)
    collectors = {c._name: c for c in registry._collector_to_names}  # type: ignore[attr-defined]
    for metric in registry.collect():
        suffix = "_total" if metric.type == "counter" else ""
        labels = ", ".join(collectors[metric.name]._labelnames)
        yield metric.name + suffix, metric.type, labels, metric.documentation


def metrics_page() -> str:
    """docs/reference/metrics.md."""
    lines = [
        "# Metrics",
        "",
        _NOTE.format(source="the daemon's registry"),
        "`/metrics` gives these in the Prometheus text format. What to watch is in",
        "[operations](../operations/metrics.md).",
        "",
        "| metric | kind | labels | meaning |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{n}` | {k} | {labels} | {_cell(text)} |" for n, k, labels, text in metrics_rows()]
    return "\n".join(lines) + "\n"


def ontology_page() -> str:
    """docs/reference/ontology.md: prose by hand, the table of types from the data."""
    from tocsin.extraction.ontology import load_ontology

    page = (REFERENCE / "ontology.md").read_text(encoding="utf-8")
    prose = page.split(_TYPES, 1)[0]
    rows = [
        f"| `{kind.name}` | {kind.title} | {kind.plover or ''} | {kind.cameo or ''} | {kind.severity} |"
        for kind in load_ontology().types.values()
    ]
    head = ["", "| type | what it says | PLOVER | CAMEO | severity |", "|---|---|---|---|---|"]
    return prose + "\n".join([_TYPES, *head, *rows]) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with the text it should have."""
    return {
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "metrics.md": metrics_page(),
        REFERENCE / "ontology.md": ontology_page(),
    }


def main() -> int:
    """Write what changed; print its name."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
