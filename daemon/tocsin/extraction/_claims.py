"""What a statement is about: the embedded proposition of a denial, an accusation, a confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._frame import frame_of, is_hidden_gerund
from tocsin.extraction._match import negated
from tocsin.extraction._modality import has_to
from tocsin.extraction._phrases import core, lemma_of, phrase_span
from tocsin.extraction._positions import stands_beside
from tocsin.model import Actor, Proposition, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._build import Builder
    from tocsin.extraction._match import Match
    from tocsin.extraction.ontology import Pattern

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
# what one can have in an event: "denied involvement in the attack", "a role in the bombing"
_ROLES = frozenset(
    [
        "involvement",
        "role",
        "part",
        "hand",
        "responsibility",
        "complicity",
        "participation",
        "link",
        "connection",
        "collusion",
        "blame",
        "guilt",
    ]
)
# statements whose content is kept where it is an event of a known type, wherever their pattern looks
_CONTENT = {
    "statement.threaten": ("with",),
    "statement.warn": ("of", "about", "against"),
    "statement.demand": ("for",),
    "statement.appeal": ("for",),
    "statement.pledge": ("of",),
}
_OTHERS_DEED = frozenset({"statement.accuse", "statement.demand", "statement.appeal"})  # the target does it
_DEPTH = 3


def claim_of(builder: Builder, match: Match) -> Proposition | None:
    """The proposition a statement asserts or denies; `refers_back` for a noun that only points at one."""
    where = match.pattern.claim
    if where is None:
        return _content(builder, match)
    pointing: Token | None = None
    doer = _doer(builder, match)
    for token in _candidates(match, where):
        if token.pos_ in ("VERB", "AUX"):
            said = _owned(_of_verb(builder, token), token, doer)
            return replace(said, refers_back=True) if stands_beside(token) else said
        gerund = next((child for child in token.children if is_hidden_gerund(child)), None)
        if gerund is not None:
            return _owned(_of_verb(builder, gerund), gerund, doer)
        for head in core(token):
            found = _of_noun(builder, head, doer)
            if found is not None:
                return _done_by(builder, match, found, doer)
            if lemma_of(head) in POINTING or head.lower_ in POINTING:
                pointing = pointing or head
    if pointing is not None:
        return _pointing_back(builder, pointing)
    return None


def _content(builder: Builder, match: Match) -> Proposition | None:
    """What is threatened, asked for or promised, when it is an event of a known type."""
    preps = _CONTENT.get(match.pattern.type)
    frame = match.frame
    if preps is None or frame is None:
        return None
    doer = _doer(builder, match)
    goods = [good for prep in preps for good in frame.preps.get(prep, [])]
    for token in (*frame.to, *frame.clause, *goods, *frame.object):
        if token.pos_ in ("VERB", "AUX"):
            claim = _owned(_of_verb(builder, token), token, doer)
            if claim.type is not None:
                return _by_other(builder, match, claim, doer) if token in frame.to else claim
        elif (named := _event_noun(builder, token)) is not None:
            done_to = named.target or builder.actors([each for each in frame.object if each != token])
            ours = match.pattern.type == "statement.threaten"
            return replace(named, source=doer, target=done_to) if ours else named
    return None


def _doer(builder: Builder, match: Match) -> tuple[Actor, ...]:
    """Who does what the statement speaks of, where the clause leaves it unsaid."""
    side = match.target if match.pattern.type in _OTHERS_DEED else match.source
    return builder.actors(side)


def _owned(claim: Proposition, verb: Token, doer: tuple[Actor, ...]) -> Proposition:
    """“Denied spying on”: a clause without a subject takes the one who would do it."""
    unsaid = verb.tag_ == "VBG" or has_to(verb)
    if claim.source or not unsaid or not doer or frame_of(verb).passive:
        return claim
    names = {actor.name for actor in doer}
    return replace(claim, source=doer, target=tuple(a for a in claim.target if a.name not in names))


def _done_by(builder: Builder, match: Match, claim: Proposition, doer: tuple[Actor, ...]) -> Proposition:
    """The doer of an event noun that a statement speaks of."""
    if match.pattern.type == "statement.claim_responsibility":
        return _taken_part(claim, doer)
    return _by_other(builder, match, claim, doer) if match.pattern.type == "statement.accuse" else claim


def _by_other(builder: Builder, match: Match, claim: Proposition, doer: tuple[Actor, ...]) -> Proposition:
    """“Blamed Russia for an attack on a dam”: the accused did it, not the accuser; likewise who is called on."""
    if match.pattern.type not in _OTHERS_DEED or not doer:
        return claim
    accusers = {actor.name for actor in builder.actors(match.source)}
    if claim.source and not accusers & {actor.name for actor in claim.source}:
        return claim
    names = accusers | {actor.name for actor in doer}
    return replace(claim, source=doer, target=tuple(a for a in claim.target if a.name not in names))


def _pointing_back(builder: Builder, noun: Token) -> Proposition:
    """A noun that points back: at the last claim this article spelt out, or at what somebody said happened."""
    article = builder.reading.article
    said = article.claim or article.said
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
                if deep is not None and any(lemma_of(each) in _ROLES for each in frame.object):
                    return _taken_part(deep, builder.actors(frame.subject))
                if deep is not None:
                    return _with_source(builder, deep, verb)
    if match is not None:
        return builder.proposition(match, negated=negated(verb))
    frame = frame_of(verb)
    target = [
        *frame.object,
        *(
            good
            for prep in ("to", "with", "against", "from", "on", "at")
            for good in frame.preps.get(prep, [])
        ),
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


def _of_noun(builder: Builder, noun: Token, doer: tuple[Actor, ...] = ()) -> Proposition | None:
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
        if child.dep_ == "prep" and child.lower_ in ("of", "in", "about", "with", "on", "for", "to")
        for good in child.children
    ]
    part = lemma_of(noun) in _ROLES
    for good in goods:
        if good.dep_ == "pcomp" and good.pos_ == "VERB":
            return _owned(_of_verb(builder, good), good, doer)
        for head in core(good) if good.dep_ == "pobj" else ():
            found = _event_noun(builder, head)
            if found is not None:
                return _taken_part(found, doer) if part else found
    return None


def _taken_part(claim: Proposition, doer: tuple[Actor, ...]) -> Proposition:
    """“Involvement in the bombing of the embassy”: who is said to be involved did it."""
    names = {actor.name for actor in doer}
    others = tuple(actor for actor in (*claim.target, *claim.source) if actor.name not in names)
    return replace(claim, source=doer, target=claim.target or others)


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
    match, refused = builder.matcher.match(builder.reading, noun)
    if match is None:
        return _unowned(builder, noun, refused)
    return None if match.pattern.type.startswith("statement") else builder.proposition(match)


def _unowned(builder: Builder, noun: Token, refused: list[tuple[Pattern, str]]) -> Proposition | None:
    """An event noun that names no party is no mention, but says what a claim is about."""
    for pattern, reason in refused:
        if reason.startswith("no actor") and not pattern.type.startswith("statement"):
            return Proposition(type=pattern.type, trigger=_span(builder, noun))
    return None


def _span(builder: Builder, token: Token) -> Span:
    base = builder.reading.sentence.start
    if token.pos_ in ("NOUN", "PROPN"):
        start, end, text = builder.reading.span_text(*phrase_span(token))
        return Span(text, base + start, base + end)
    return Span(token.text, base + token.idx, base + token.idx + len(token.text))
