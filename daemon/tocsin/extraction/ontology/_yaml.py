"""Reading the shipped YAML quickly, for the start of a command; the careful reader knows lines and is ten times slower.

Scalars follow YAML 1.2 as in the careful reader: `on`, `off`, `yes` and `no` are words, 0123 is a decimal number.
"""

from __future__ import annotations

import re
from typing import Any


def load_quickly(text: str) -> Any:
    """Plain dicts, lists and scalars; None where the C library is missing or the text is not plain YAML."""
    try:
        import yaml  # noqa: PLC0415
        from yaml import CSafeLoader  # noqa: PLC0415
    except ImportError:
        return None

    class Loader(CSafeLoader):  # type: ignore[misc,unused-ignore]
        """YAML 1.2's core schema."""

        yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  the base class's name and form

    for kind, form, first in (
        ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(form), first)
    Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
    try:
        return yaml.load(text, Loader)  # noqa: S506  a safe loader
    except yaml.YAMLError:
        return None
