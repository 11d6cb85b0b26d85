"""`where`: an expression of the Common Expression Language over one event, or over a sequence's events.

What can be known before any event comes is refused when the file is loaded: syntax, unknown variables,
fields and functions (each with its column), and a result that is not true or false. CEL: https://cel.dev.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cel

from tocsin.model import Event, Party
from tocsin.rules._yaml import Place

MAX_LENGTH = 4000


class ExpressionError(Exception):
    """An expression failed on an event, or is not true or false."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression; the compiled program is kept by source, once a process."""

    source: str
    place: Place

    def holds(self, variables: dict[str, Any]) -> bool:
        """Evaluate; raises `tocsin.errors.RuleError` at the expression's place when that fails."""
        try:
            return run(self.source, variables)
        except ExpressionError as error:
            raise self.place.error(
                f"where failed on an event: {error}",
                "guard what may be unknown: x != null && ..., size(list) > 0 && ..., has(x.y)",
            ) from error


@lru_cache(maxsize=4096)
def program(source: str) -> Any:
    """The compiled program; raises ValueError with the parser's report."""
    return cel.compile(source)


def run(source: str, variables: dict[str, Any]) -> bool:
    """Evaluate to true or false or raise `ExpressionError`."""
    try:
        result = program(source).execute(variables)
    except Exception as error:  # the library raises nearly every built-in kind
        raise ExpressionError(_plain(error)) from error
    if not isinstance(result, bool):
        raise ExpressionError(f"the result is {type(result).__name__} {result!r}, not true or false")
    return result


def _plain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no field {error.args[0]}"
    said = str(error).split("\n")[0]
    if said.startswith("No such overload"):
        return "an operator or function got values it does not take (null, or text against a number?)"
    return said.split(". Check ")[0]


def variables_of(event: Event) -> dict[str, Any]:
    """An event as expressions see it. Unknown text is "", unknown numbers are null (docs/reference/rules.md)."""
    when, place, claim = event.when, event.place, event.claim
    return {
        "id": str(event.id),
        "type": event.type,
        "title": event.title,
        "status": event.status.value,
        "phase": event.phase.value,
        "severity": event.severity.value,
        "confidence": float(event.confidence),
        "mentions": event.mentions,
        "articles": event.articles,
        "publishers": list(event.publishers),
        "owners": list(event.owners),
        "day": when.start.isoformat() if when else "",
        "last_day": when.end.isoformat() if when else "",
        "precision": when.precision.value if when else "",
        "place": {
            "name": (place and (place.name or place.text)) or "",
            "country": (place and place.country) or "",
            "lat": place and place.lat,
            "lon": place and place.lon,
        },
        "source": [_party(party) for party in event.source],
        "target": [_party(party) for party in event.target],
        "countries": sorted({p.country for p in (*event.source, *event.target) if p.country}),
        "objects": [
            {"kind": thing.kind, "text": thing.text, "name": thing.name or "", "count": thing.count}
            for thing in event.objects
        ],
        "claim": {
            "type": claim.type if claim else "",
            "source": list(claim.source) if claim else [],
            "target": list(claim.target) if claim else [],
        },
        "first_known": event.first_known,
        "last_known": event.last_known,
        "published": event.first_published or event.first_known,
        "revision": event.revision,
        "plover": event.plover or "",
        "cameo": event.cameo or "",
    }


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name or "", "country": party.country or "", "sector": party.sector or ""}
