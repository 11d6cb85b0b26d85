"""Which entry of the table of frames speaks of a word, and the few that hang on tense or voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._bearing import Kind, load_frames
from tocsin.extraction._positions import MODIFIER, PREDICATE, SUBJECT
from tocsin.extraction._wording import (
    TALKING,
    is_called_false,
    is_claim,
    is_hearsay,
    is_schedulable,
    is_speech_act,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._positions import Place


def kind_of(token: Token, place: Place) -> Kind | None:
    """How the word above says that a verb or noun is meant; None when it says nothing of it."""
    if place.kind == PREDICATE:
        return _of_adjective(place)
    if place.kind == MODIFIER and place.position != "comp":
        return None
    if place.head.pos_ in ("NOUN", "PROPN"):
        return _of_noun(token, place)
    if place.head.pos_ == "ADJ" and place.head.tag_[:1] == "J":
        return load_frames().adjective(place.head.lemma_.lower(), place.position)
    return None if place.kind in (SUBJECT, MODIFIER) else _of_verb(token, place)


def _of_noun(token: Token, place: Place) -> Kind | None:
    if place.position == "inf" and is_speech_act(token) and is_schedulable(place.head):
        return Kind.MANAGE  # "talks to discuss"
    return load_frames().noun(place.head.lemma_.lower(), place.position)


def _of_verb(token: Token, place: Place) -> Kind | None:
    if place.position == "inf":
        return _of_infinitive(token, place.head)
    return _of_object(token, place.head) if place.position == "obj" else _of_clause(token, place)


def _of_adjective(place: Place) -> Kind | None:
    word = place.word.lemma_.lower()
    past = place.head.tag_ in ("VBD", "VBN")
    if word == "able" and past:
        return Kind.MANAGE  # who was able to free them has
    if word in ("close", "near") and place.head.lemma_.lower() == "come" and past:
        return Kind.REFUSE
    return load_frames().adjective(word, place.position)


def _of_infinitive(token: Token, verb: Token) -> Kind | None:
    lemma = verb.lemma_.lower()
    if is_speech_act(token) and lemma in TALKING:
        return Kind.MANAGE
    if lemma == "have":
        return Kind.MANAGE if verb.tag_ in ("VBD", "VBN") else Kind.WISH
    if lemma == "take" and any(child.lower_ == "it" for child in verb.children):
        return Kind.MANAGE  # "it took them two days to"
    if verb.lower_ == "going":
        return Kind.MANAGE
    kind = load_frames().verb(verb, "inf")
    if token.dep_ == "advcl" and kind not in (Kind.MANAGE, Kind.PLAN):
        return None
    return kind


def _of_object(token: Token, verb: Token) -> Kind | None:
    if is_claim(token):
        if is_called_false(verb):
            return Kind.DENY
        return load_frames().verb(verb, "claim") or load_frames().verb(verb, "obj")
    return load_frames().verb(verb, "obj")


def _of_clause(token: Token, place: Place) -> Kind | None:
    kind = load_frames().verb(place.head, place.position)
    if kind is Kind.SAY and any(child.dep_ == "nsubj" and is_hearsay(child) for child in place.head.children):
        return Kind.ALLEGE  # "unconfirmed reports said"
    if kind is Kind.ALLEGE and place.position == "for" and token.pos_ in ("NOUN", "PROPN"):
        return Kind.FACT  # "blamed them for the attack": there was one
    return kind
