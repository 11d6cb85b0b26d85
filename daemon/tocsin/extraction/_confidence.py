"""How sure a mention is: the probability that its PLOVER root is right, by logistic regression.

The weights stand in confidence.tsv and are fitted by `tests/tools/calibrate.py`; docs/reference/mention.md says on what
and how well they hold. A feature is what is seen when the mention is built, each between 0 and 1.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tocsin.model import MentionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tocsin.extraction.ontology import Pattern
    from tocsin.model import Mention

_S = MentionStatus
_STATUS = {
    _S.PLANNED: "planned",
    _S.HYPOTHETICAL: "hypothetical",
    _S.ALLEGED: "alleged",
    _S.DENIED: "not",
    _S.NEGATED: "not",
    _S.HISTORICAL: "historical",
}
_NEAR = 6  # sentences from the top over which a story's news becomes its background
_LONG = 300  # characters of a sentence that is as long as they come


def rated(mention: Mention, pattern: Pattern | None, number: int) -> Mention:
    """The mention with its confidence; `number` is that of its sentence, 0 for headline or first.

    A denial that no pattern of its own gave (None) is as sure as one that asks for nothing.
    """
    lead = max(0.0, 1.0 - number / _NEAR)
    return replace(mention, confidence=round(probability(features(pattern, mention, lead)), 3))


def features(pattern: Pattern | None, mention: Mention, lead: float) -> dict[str, float]:
    """What is seen of a mention. `lead` is 1 in headline and first sentence and falls to 0.

    `intercept` is always there; what is absent from the result is 0.
    """
    seen = {
        "intercept": 1.0,
        "lead": lead,
        "source": float(bool(mention.source)),
        "source_country": float(any(actor.country for actor in mention.source)),
        "target": float(bool(mention.target)),
        "target_country": float(any(actor.country for actor in mention.target)),
        "place": float(mention.place is not None),
        "objects": float(bool(mention.objects)),
        "length": min(mention.sentence[1] - mention.sentence[0], _LONG) / _LONG,
        f"family:{mention.type.partition('.')[0]}": 1.0,
    }
    if pattern is not None:
        seen["noun"] = float(pattern.noun)
        seen["asks"] = min(max(pattern.rank, 0), 6) / 6
        seen["residual"] = float(pattern.residual)
        seen["weight"] = max(-1.0, min(1.0, 4 * pattern.weight))
    if mention.status in _STATUS:
        seen[f"status:{_STATUS[mention.status]}"] = 1.0
    return {name: value for name, value in seen.items() if value}


@cache
def weights() -> Mapping[str, float]:
    """Feature name to weight, in log odds."""
    lines = files(__package__).joinpath("confidence.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, value in rows}


def probability(seen: Mapping[str, float], known: Mapping[str, float] | None = None) -> float:
    """The logistic sum of features under weights, the shipped ones unless given; a number inside (0, 1)."""
    known = weights() if known is None else known
    return 1 / (1 + math.exp(-sum(value * known.get(name, 0.0) for name, value in seen.items())))
