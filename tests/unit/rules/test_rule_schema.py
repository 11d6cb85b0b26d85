"""The JSON Schema of rule files says what the compiler takes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tocsin.rules import FIELDS, json_schema
from tocsin.rules._compile_when import _ALLOWED


@pytest.fixture(scope="module")
def schema(ontology: Any) -> dict[str, Any]:
    return json_schema(ontology)


def test_every_field_is_in_the_schema(schema: dict[str, Any]) -> None:
    """All fields with their documentation, and `not` in patterns only."""
    pattern = schema["$defs"]["pattern"]["properties"]
    assert set(pattern) == {*FIELDS, "not"}
    assert set(schema["$defs"]["conditions"]["properties"]) == set(FIELDS)
    assert all(pattern[name]["description"] == field.doc for name, field in FIELDS.items())


def test_types_are_those_of_the_ontology(schema: dict[str, Any]) -> None:
    """Editors complete event types and families."""
    kinds = schema["$defs"]["pattern"]["properties"]["type"]["anyOf"][0]["enum"]
    assert {"weapons", "weapons.launch", "weapons.launch.missile"} <= set(kinds)


def test_triggers_have_the_keys_of_the_compiler(schema: dict[str, Any]) -> None:
    """Each kind of `when` takes the same keys in schema and compiler."""
    triggers = schema["properties"]["when"]["anyOf"][1:]
    found = {next(iter(item["properties"])): tuple(item["properties"]) for item in triggers}
    assert {kind: set(keys) for kind, keys in found.items()} == {k: set(v) for k, v in _ALLOWED.items()}


def test_references_resolve(schema: dict[str, Any]) -> None:
    """Every $ref names a definition, every pattern is a regular expression."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(ref := node.get("$ref"), str):
                assert ref.removeprefix("#/$defs/") in schema["$defs"]
            if isinstance(text := node.get("pattern"), str):
                re.compile(text)
            for item in node.values():
                walk(item)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(schema)
