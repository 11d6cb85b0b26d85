"""Noun phrases: their compact span, their words, and what a word list asks of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tocsin.extraction._frame import coordinated, words_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading
    from tocsin.extraction.ontology import Words

_LEFT = frozenset(
    {
        "det",
        "amod",
        "compound",
        "poss",
        "nummod",
        "nmod",
        "quantmod",
        "case",
        "advmod",
        "predet",
        "npadvmod",
        "punct",
        "meta",
    }
)
_TRANSPARENT = frozenset(
    [
        "number",
        "series",
        "barrage",
        "volley",
        "salvo",
        "group",
        "kind",
        "type",
        "round",
        "dozen",
        "hundred",
        "thousand",
        "score",
        "piece",
        "part",
        "couple",
        "pair",
        "wave",
        "string",
        "spate",
        "flurry",
        "set",
        "lot",
        "majority",
        "team",
        "member",
        "handful",
        "range",
        "spell",
        "bout",
        "batch",
        "amount",
        "quantity",
        "shipment",
        "load",
        "tonne",
        "ton",
        "million",
        "billion",
        "one",
        "some",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "several",
        "many",
        "most",
        "all",
        "both",
        "any",
        "each",
        "worth",
        "variety",
        "stockpile",
        "consignment",
        "total",
        "majority",
        "percent",
        "use",
        "sort",
        "form",
        "act",
    ]
)
_OFFICES = words_of(
    """
    minister president premier chancellor spokesman spokeswoman spokesperson king queen emperor prince princess
    secretary leader general official commander governor envoy ambassador judge officer chief man woman diplomat
    lawmaker senator mayor vice-president president-elect chairman director prosecutor colonel captain admiral
    """
)
_MUST = frozenset({"must", "should", "ought"})


def phrase_span(head: Token) -> tuple[int, int]:
    """First and last token (exclusive) of the compact phrase: modifiers before, "of" phrases after role words."""
    first = head.i
    for child in head.lefts:
        if child.dep_ in _LEFT:
            first = min(first, child.left_edge.i)
    while (
        first < head.i
        and (head.doc[first].is_punct or head.doc[first].is_space)
        and head.doc[first].text not in "\"“'‘"
    ):
        first += 1
    while first < head.i and head.doc[first].text in "\"“'‘-–—,()":
        first += 1
    last = head.i + 1
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ == "of" and child.i - last <= 1:
            goods = [below for below in child.children if below.dep_ == "pobj"]
            if goods:
                last = max(last, phrase_span(goods[0])[1])
    return first, last


def lemma_of(token: Token) -> str:
    """Dictionary form in small letters; capitalised plurals too ("Missiles")."""
    lemma = token.lemma_.lower()
    if token.pos_ == "PROPN" and lemma.endswith("s") and len(lemma) > 3 and not lemma.endswith("ss"):
        return lemma[:-1]
    return lemma


def human(word: Token) -> bool:
    """A phrase for one person: a title before a name, or an office."""
    if word.tag_ in ("NNS", "NNPS"):
        return False
    if lemma_of(word) in _OFFICES:
        return True
    titles = {lemma_of(child) for child in word.children if child.dep_ in ("compound", "amod")}
    return word.pos_ == "PROPN" and bool(titles & _OFFICES)


def core(head: Token) -> list[Token]:
    """The heads that carry the meaning: "a barrage of rockets" is rockets (and barrage)."""
    found = [head]
    if lemma_of(head) in _TRANSPARENT or head.pos_ == "NUM":
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "from"):
                for good in child.children:
                    if good.dep_ == "pobj":
                        for each in coordinated(good):
                            found += core(each)
    return found


_SHORT = 4  # letters, up to which a word begins too many others


def words_before(head: Token) -> str:
    """Modifiers and head as small-letter dictionary forms and as written, for phrases of several words."""
    first, last = phrase_span(head)
    tokens = head.doc[first:last]
    written = " ".join(token.lower_ for token in tokens)
    plain = " ".join(lemma_of(token) for token in tokens)
    return f" {written} | {plain} ".replace(" - ", "-")


def stands_in(sentence: str, words: Words) -> bool:
    """Whether one of the words begins a word of the sentence; short ones must be the whole word or its plural."""
    return _beginning(words).search(f" {sentence.lower()} ") is not None


@cache
def _beginning(words: Words) -> re.Pattern[str]:
    listed = sorted((*words.lemmas, *words.phrases), key=len, reverse=True)
    return re.compile("|".join(map(_as_word, listed)) or r"(?!)")


def _as_word(word: str) -> str:
    start = r"(?<![a-z0-9])" if word[:1].isalnum() else ""
    end = r"s?(?![a-z0-9])" if word.isalnum() and len(word) <= _SHORT else ""
    return f"{start}{re.escape(word)}{end}"


def meets(reading: Reading, tokens: list[Token], words: Words) -> bool:
    """Whether any of the tokens has what the list asks."""
    if "any" in words.kinds and tokens:
        return True
    for token in tokens:
        for head in core(token):
            if lemma_of(head) in words.lemmas or head.lower_ in words.lemmas:
                return True
            if head.pos_ == "PROPN" and any(
                child.dep_ == "compound" and lemma_of(child) in words.lemmas for child in head.children
            ):
                return True  # "Typhoon Noru", "Mount Semeru"
            if words.phrases and _has_phrase(head, words.phrases):
                return True
        if words.kinds and _has_kind(reading, token, words.kinds):
            return True
    return False


def _has_phrase(head: Token, phrases: tuple[str, ...]) -> bool:
    text = words_before(head)
    return any(f" {phrase} " in text for phrase in phrases)


def _has_kind(reading: Reading, token: Token, kinds: frozenset[str]) -> bool:
    if "must" in kinds and any(child.dep_ == "aux" and child.lower_ in _MUST for child in token.children):
        return True
    if token.pos_ in ("VERB", "AUX"):
        return False
    if "actor" in kinds and reading.is_actor(token):
        return True
    if (
        "state" in kinds
        and (name := reading.name_at(token)) is not None
        and name.kind not in ("person", "demonym")
    ):
        return True
    if "country" in kinds and reading.country_at(token) is not None:
        return True
    return "place" in kinds and reading.place_at(token) is not None
