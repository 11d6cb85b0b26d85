"""What a statement is about: the embedded proposition of a denial, an accusation, a confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._frame import frame_of, is_hidden_gerund
from tocsin.extraction._match import negated
from tocsin.extraction._phrases import core, lemma_of, phrase_span
from tocsin.model import Actor, Proposition, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._build import Builder
    from tocsin.extraction._match import Match

POINTING = frozenset(
    [
        "allegation",
        "accusation",
        "claim",
        "charge",
        "report",
        "suggestion",
        "assertion",
        "rumour",
        "rumor",
        "insinuation",
        "speculation",
        "contention",
        "complaint",
        "version",
        "story",
        "notion",
        "it",
        "this",
        "that",
        "statement",
        "remark",
        "criticism",
        "they",
        "them",
        "those",
        "these",
    ]
)
_DEPTH = 3


def claim_of(builder: Builder, match: Match) -> Proposition | None:
    """The proposition a statement asserts or denies; `refers_back` for a noun that only points at one."""
    where = match.pattern.claim
    if where is None:
        return None
    pointing: Token | None = None
    for token in _candidates(match, where):
        if token.pos_ in ("VERB", "AUX"):
            return _of_verb(builder, token)
        gerund = next((child for child in token.children if is_hidden_gerund(child)), None)
        if gerund is not None:
            return _of_verb(builder, gerund)
        for head in core(token):
            found = _of_noun(builder, head)
            if found is not None:
                return found
            if lemma_of(head) in POINTING or head.lower_ in POINTING:
                pointing = pointing or head
    if pointing is not None:
        return _pointing_back(builder, pointing)
    return None


def _pointing_back(builder: Builder, noun: Token) -> Proposition:
    """A noun that points back: at the last claim this article spelt out, when there is one."""
    said = builder.reading.article.claim
    trigger = _span(builder, noun)
    if said is None:
        return Proposition(type=None, trigger=trigger, refers_back=True)
    return replace(said, trigger=trigger, refers_back=True, negated=False)


def _candidates(match: Match, where: str) -> list[Token]:
    frame = match.frame
    if frame is None:
        noun = match.noun
        if noun is None:
            return []
        clauses = [
            child
            for child in noun.noun.children
            if child.dep_ in ("acl", "ccomp", "relcl") and child.pos_ in ("VERB", "AUX")
        ]
        return [*clauses, *noun.preps.get("of", []), *noun.preps.get("that", [])]
    inner = [*frame.clause, *frame.to]
    if where in ("of", "for", "about"):
        return [*frame.preps.get(where, []), *inner]
    if where == "subject":
        return [*frame.subject]
    if where == "object":
        return [*frame.object, *inner]
    return [*inner, *frame.object, *frame.preps.get("of", [])]


def _of_verb(builder: Builder, verb: Token, depth: int = 0) -> Proposition:
    """The clause as an event of a known type, looking into "was involved in supplying"; else untyped."""
    match, _ = builder.matcher.match(builder.reading, verb)
    if match is not None and not match.pattern.type.startswith("statement"):
        return builder.proposition(match, negated=negated(verb))
    if depth < _DEPTH:
        frame = frame_of(verb)
        inner = [
            *frame.to,
            *frame.clause,
            *(good for goods in frame.preps.values() for good in goods),
            *frame.object,
            *frame.attribute,
        ]
        for token in inner:
            if token.pos_ == "VERB":
                found = _of_verb(builder, token, depth + 1)
                if found.type is not None:
                    return _with_source(builder, found, verb)
            elif token.pos_ in ("NOUN", "PROPN"):
                deep = _event_noun(builder, token)
                if deep is not None:
                    return _with_source(builder, deep, verb)
    if match is not None:
        return builder.proposition(match, negated=negated(verb))
    frame = frame_of(verb)
    target = [
        *frame.object,
        *(good for prep in ("to", "with", "against", "from") for good in frame.preps.get(prep, [])),
    ]
    return Proposition(
        type=None,
        source=builder.actors(frame.subject),
        target=builder.actors(target),
        trigger=_span(builder, verb),
        negated=negated(verb),
    )


def _with_source(builder: Builder, claim: Proposition, verb: Token) -> Proposition:
    """“that it was involved in shipping arms”: who ships is who was involved."""
    if claim.source:
        return claim
    source: tuple[Actor, ...] = builder.actors(frame_of(verb).subject)
    return Proposition(
        claim.type, source, claim.target, claim.trigger, claim.objects, claim.negated or negated(verb)
    )


def _of_noun(builder: Builder, noun: Token) -> Proposition | None:
    """“Denied the allegation that it ...”, “denied involvement in the attack”, “denied the sale of arms to”."""
    clause = _clause_of(noun)
    if clause is not None:
        return _of_verb(builder, clause)
    found = _event_noun(builder, noun)
    if found is not None:
        return found
    goods = [
        good
        for child in noun.children
        if child.dep_ == "prep" and child.lower_ in ("of", "in", "about", "with", "on")
        for good in child.children
    ]
    for good in goods:
        if good.dep_ == "pcomp" and good.pos_ == "VERB":
            return _of_verb(builder, good)
        for head in core(good) if good.dep_ == "pobj" else ():
            found = _event_noun(builder, head)
            if found is not None:
                return found
    return None


def _clause_of(noun: Token) -> Token | None:
    """The clause that says what a noun is about; a relative clause only of a noun for saying."""
    for child in noun.children:
        about = child.dep_ in ("acl", "ccomp") or (child.dep_ == "relcl" and lemma_of(noun) in POINTING)
        if about and child.pos_ in ("VERB", "AUX"):
            return child
    return None


def _event_noun(builder: Builder, noun: Token) -> Proposition | None:
    if lemma_of(noun) in POINTING or noun.pos_ not in ("NOUN", "PROPN"):
        return None
    match, _ = builder.matcher.match(builder.reading, noun)
    if match is None or match.pattern.type.startswith("statement"):
        return None
    return builder.proposition(match)


def _span(builder: Builder, token: Token) -> Span:
    base = builder.reading.sentence.start
    if token.pos_ in ("NOUN", "PROPN"):
        start, end, text = builder.reading.span_text(*phrase_span(token))
        return Span(text, base + start, base + end)
    return Span(token.text, base + token.idx, base + token.idx + len(token.text))
