"""Roles of a verb that look further than its own arguments: into a clause below, or into the phrase of its object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._frame import Frame, frame_of

if TYPE_CHECKING:
    from spacy.tokens import Token


def tokens_of(frame: Frame, role: str) -> list[Token]:
    """Roles that look into a clause below: of the infinitive, the adjective's complement, the clause."""
    reader = _SPECIAL.get(role)
    return frame.role(role) if reader is None else reader(frame)


def _to_object(frame: Frame) -> list[Token]:
    return [token for verb in frame.to for token in frame_of(verb).object]


def _to_prep(frame: Frame) -> list[Token]:
    return [token for verb in frame.to for token in _prepositional(frame_of(verb))]


def _attribute_object(frame: Frame) -> list[Token]:
    below = [
        frame_of(child)
        for head in (*frame.attribute, *frame.to)
        for child in head.children
        if child.dep_ in ("xcomp", "acl", "ccomp") and child.pos_ == "VERB"
    ]
    return [token for inner in below for token in (*inner.object, *_prepositional(inner))]


def _prepositional(frame: Frame) -> list[Token]:
    return [
        token
        for prep in ("to", "with", "from", "in", "of", "into", "for", "on")
        for token in frame.preps.get(prep, [])
    ]


def _clause_subject(frame: Frame) -> list[Token]:
    below = [frame_of(verb) for verb in frame.clause]
    return [token for inner in below for token in inner.subject or inner.object]


def _claim_subject(frame: Frame) -> list[Token]:
    return [token for verb in frame.clause for token in frame_of(verb).subject]


def _owner(frame: Frame) -> list[Token]:
    return [child for token in frame.object for child in token.children if child.dep_ == "poss"]


def _modifier(frame: Frame) -> list[Token]:
    return [
        child
        for token in frame.object
        for child in token.children
        if child.dep_ in ("amod", "compound", "poss", "nmod")
    ]


_SPECIAL = {
    "object_modifier": _modifier,
    "to_object": _to_object,
    "to_prep": _to_prep,
    "attr_object": _attribute_object,
    "clause_subject": _clause_subject,
    "claim": _claim_subject,
    "poss": _owner,
}
