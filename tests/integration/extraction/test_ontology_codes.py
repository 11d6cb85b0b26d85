"""Every code of the ontology is one of the published coding schemes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tocsin.extraction.ontology import EventType, load_ontology

EVENTS = Path(__file__).parents[3].parent / "shared" / "data" / "events"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not EVENTS.is_dir(), reason="no development data beside the checkout"),
]
TYPES = [kind for kind in load_ontology().types.values() if kind.plover or kind.cameo or kind.plover_mode]
_OUTSIDE = {
    "010",
    "016",
}  # CAMEO's own statements (make statement, deny responsibility), which PLOVER has no event for


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_a_type_has_codes_that_exist(kind: EventType) -> None:
    """PLOVER type and mode, and CAMEO code, of a type and of its patterns."""
    plover = _read("plover_ontology.json")["event_types"] | {"YIELD": {"modes": {}}}
    cameo = _read("cameo2plover.json")
    cleared = ""  # by `plover: null` of a pattern
    codes = {kind.plover, kind.joint_plover, *(pattern.plover for pattern in kind.patterns)}
    assert codes <= {None, cleared, *plover}
    if kind.plover_mode is not None:
        assert kind.plover is not None
        assert kind.plover_mode in plover[kind.plover]["modes"]
    codes = {kind.cameo, kind.joint_cameo, *(pattern.cameo for pattern in kind.patterns)} - {None, cleared}
    assert codes <= set(cameo) | _OUTSIDE


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind.cameo], ids=lambda kind: kind.name)
def test_a_type_with_a_cameo_code_has_a_plover_type(kind: EventType) -> None:
    """What CAMEO knows, PLOVER knows, but for plain statements."""
    assert kind.plover is not None or kind.cameo in _OUTSIDE
