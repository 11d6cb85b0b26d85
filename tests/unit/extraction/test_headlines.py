"""Headlines in capitals on every word are read as sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.extraction._headline import in_past_tense
from tocsin.model import Mention

Read = Callable[..., list[Mention]]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Senate Rejects Border Deal With Mexico", "statement.reject"),
        ("Iran Slams European Union Over New Sanctions", "statement.condemn"),
        ("Canada Expels Three Indian Diplomats", "diplomacy.expulsion"),
        ("North Korea Fires Missile Over Japan", "weapons.launch.missile"),
    ],
)
def test_a_title_is_read(read: Read, line: str, kind: str) -> None:
    """The capital of the verb makes no name of it."""
    assert kind in {mention.type for mention in read(line)}


@pytest.mark.parametrize(
    "line", ["Greece Lifts Travel Ban On Cyprus", "A plain line", "", "Syrian Forces Fire Shells On Idlib"]
)
def test_a_headline_keeps_its_length(line: str) -> None:
    """Offsets into the text stay right."""
    assert len(in_past_tense(line)) == len(line)
