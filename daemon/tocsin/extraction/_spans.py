"""The invariant of provenance: every span's text is the article's own, character for character."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from tocsin.model import Actor, Mention, Place, Proposition, Span, Thing

T = TypeVar("T", Actor, Place, Span, Thing)


def pointed(mention: Mention, text: str) -> Mention:
    """The mention with all texts cut from the article; the parser may have read a cleaned form of it."""

    def cut(span: T) -> T:
        return replace(span, text=text[span.start : span.end])

    def claim(proposition: Proposition) -> Proposition:
        return replace(
            proposition,
            source=tuple(map(cut, proposition.source)),
            target=tuple(map(cut, proposition.target)),
            trigger=None if proposition.trigger is None else cut(proposition.trigger),
            objects=tuple(map(cut, proposition.objects)),
        )

    when = mention.when
    if when is not None and when.span is not None:
        when = replace(when, text=text[slice(*when.span)])
    return replace(
        mention,
        when=when,
        trigger=cut(mention.trigger),
        source=tuple(map(cut, mention.source)),
        target=tuple(map(cut, mention.target)),
        objects=tuple(map(cut, mention.objects)),
        place=None if mention.place is None else cut(mention.place),
        claim=None if mention.claim is None else claim(mention.claim),
        attribution=tuple(map(cut, mention.attribution)),
    )
