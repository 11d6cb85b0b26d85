"""A mention's spans as rows: each stretch of the article's text with the role it plays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tocsin.model import Actor, Mention, Place, Proposition, Span, Thing

_Spanned = Actor | Place | Span | Thing


def span_rows(mention_id: UUID, mention: Mention) -> list[dict[str, Any]]:
    """Rows of `span`. Roles: trigger, source, target, object, place, when, attribution, claim.*."""
    rows = _role(mention_id, "trigger", [mention.trigger])
    rows += _role(mention_id, "source", mention.source)
    rows += _role(mention_id, "target", mention.target)
    rows += _role(mention_id, "object", mention.objects)
    rows += _role(mention_id, "attribution", mention.attribution)
    if mention.place is not None:
        rows += _role(mention_id, "place", [mention.place])
    if mention.when is not None and mention.when.span is not None:
        start, end = mention.when.span
        rows += _role(mention_id, "when", [Span(mention.when.text or "", start, end)])
    if mention.claim is not None:
        rows += _claim(mention_id, mention.claim)
    return rows


def _claim(mention_id: UUID, claim: Proposition) -> list[dict[str, Any]]:
    rows = _role(mention_id, "claim.source", claim.source)
    rows += _role(mention_id, "claim.target", claim.target)
    rows += _role(mention_id, "claim.object", claim.objects)
    return rows + (_role(mention_id, "claim.trigger", [claim.trigger]) if claim.trigger else [])


def _role(mention_id: UUID, role: str, spans: Iterable[_Spanned]) -> list[dict[str, Any]]:
    return [
        {
            "mention_id": mention_id,
            "role": role,
            "ordinal": ordinal,
            "start": span.start,
            "end": span.end,
            "text": span.text,
            "name": getattr(span, "name", None),
            "country": getattr(span, "country", None),
            "sector": getattr(span, "sector", None),
        }
        for ordinal, span in enumerate(spans)
    ]
