"""The rule language as JSON Schema (draft 2020-12), for editors that complete and check YAML.

It says what has which form. What it cannot say (known types, joins that name patterns of the rule,
expressions) is checked by `tocsin rules check`.
"""

from __future__ import annotations

from typing import Any

from tocsin.model import Severity
from tocsin.rules._compile import KEYS, LABEL, NAME, RESERVED_LABELS, TITLE_LENGTH
from tocsin.rules._compile_match import MAX_PATTERNS, PATTERN_NAME
from tocsin.rules._compile_when import MAX_STEPS, MOST
from tocsin.rules._fields import FIELDS, WORD_FIELDS
from tocsin.rules._vocabulary import Ontology, Vocabulary

_DURATION = {"type": "string", "pattern": "^[0-9]{1,6}[mhdw]$"}
_CLOCK = {"enum": ["known", "happened"]}


def json_schema(ontology: Ontology) -> dict[str, Any]:
    """Schema of one YAML document; types are those of the ontology."""
    kinds = {"type": "string", "enum": sorted(Vocabulary.of(ontology).types)}
    pattern = _pattern({"anyOf": [kinds, {"type": "array", "items": kinds, "minItems": 1}]})
    properties: dict[str, Any] = {
        "rule": {"type": "string", "pattern": f"^{NAME.pattern}$", "description": "Unique name."},
        "title": {
            "type": "string",
            "minLength": 1,
            "maxLength": TITLE_LENGTH,
            "description": "Shown in alerts.",
        },
        "description": {"type": "string", "description": "For people."},
        "severity": {"enum": [*Severity], "default": "warning"},
        "labels": {
            "type": "object",
            "propertyNames": {"pattern": f"^{LABEL.pattern}$", "not": {"enum": [*RESERVED_LABELS]}},
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
        "match": {"anyOf": [{"$ref": "#/$defs/pattern"}, {"$ref": "#/$defs/patterns"}]},
        "when": {"anyOf": [{"const": "any"}, *_triggers()]},
        "where": {"type": "string", "minLength": 1, "description": "CEL expression over `event`."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tocsin rule",
        "type": "object",
        "properties": {key: properties[key] for key in KEYS},
        "required": ["rule", "title", "match"],
        "additionalProperties": False,
        "$defs": {
            "conditions": _conditions(pattern),
            "pattern": _with_not(pattern),
            "patterns": {
                "type": "object",
                "propertyNames": {"pattern": f"^{PATTERN_NAME.pattern}$"},
                "additionalProperties": {"$ref": "#/$defs/pattern"},
                "minProperties": 1,
                "maxProperties": MAX_PATTERNS,
            },
        },
    }


def _pattern(kinds: dict[str, Any]) -> dict[str, Any]:
    found = {name: {**field.schema, "description": field.doc} for name, field in FIELDS.items()}
    for name in ("type", "claim.type"):
        found[name] = {**kinds, "description": FIELDS[name].doc}
    return found


def _conditions(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


def _with_not(properties: dict[str, Any]) -> dict[str, Any]:
    inner = {"$ref": "#/$defs/conditions"}
    exclusion = {"anyOf": [inner, {"type": "array", "items": inner, "minItems": 1}]}
    return _conditions(
        {**properties, "not": {**exclusion, "description": "None of these patterns may match."}}
    )


def _triggers() -> list[dict[str, Any]]:
    word = {"enum": [*WORD_FIELDS]}
    by = {"anyOf": [word, {"type": "array", "items": word, "minItems": 1, "uniqueItems": True}]}
    number = {"type": "integer", "minimum": 2, "maximum": MOST}
    window = {"within": _DURATION, "by": by, "clock": _CLOCK, "repeat": _DURATION}
    names = {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}
    return [
        _trigger({"count": number, **window}, ["count", "within"]),
        _trigger({"distinct": word, "at_least": number, **window}, ["distinct", "at_least", "within"]),
        _trigger(
            {
                "sequence": {**names, "maxItems": MAX_STEPS},
                "within": _DURATION,
                "by": {"type": "object", "additionalProperties": names},
                "clock": _CLOCK,
                "claims": {"enum": ["same", "any"]},
            },
            ["sequence", "within"],
        ),
    ]


def _trigger(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
