"""“The two countries”, "both governments", "the two Koreas": two parties in one phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._frame import words_of
from tocsin.extraction._phrases import lemma_of, phrase_span
from tocsin.extraction.actors import load_names
from tocsin.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading

_STATES = words_of(
    "country nation state government side neighbour neighbor army navy military force leader president premier minister"
    " foe rival ally power republic capital delegation team negotiator korea sudan enemy party coastguard parliament"
)
_ALONE = words_of("neighbour neighbor")  # "the neighbours" are two without a word for it
_NAMESAKES = {"korea": ("PRK", "KOR"), "sudan": ("SDN", "SSD"), "congo": ("COD", "COG")}
_SECTORS = {"army": "MIL", "navy": "MIL", "military": "MIL", "force": "MIL", "parliament": "LEG"}


def pair(reading: Reading, token: Token) -> list[Actor]:
    """The two states that a phrase means; nothing where it means no two or the text leaves open which."""
    lemma = lemma_of(token)
    if token.tag_ not in ("NNS", "NNPS") or lemma not in _STATES | _NAMESAKES.keys():
        return []
    inner = [good for prep in token.rights if prep.lower_ in ("of", "from") for good in prep.children]
    for good in inner:
        found = pair(reading, good)
        if found:
            return [_actor(reading, token, actor.country or "", lemma) for actor in found]
    words = {child.lower_ for child in token.lefts}
    if inner or not (words & {"two", "both"} or (lemma in _ALONE and "the" in words)):
        return []
    if any(reading.country_at(child) for child in token.lefts if child.dep_ in ("amod", "compound", "poss")):
        return []
    codes = _NAMESAKES.get(lemma) or _states(reading, token)
    return [_actor(reading, token, code, lemma) for code in codes]


def _states(reading: Reading, token: Token) -> tuple[str, ...]:
    """The only two countries told before the phrase, in this sentence or else in the article."""
    before = dict.fromkeys(name.country or "" for name in reading.told if name.start < token.idx)
    if len(before) == 2:
        return tuple(before)
    known = dict.fromkeys([*reading.article.named, *before])
    return tuple(known) if len(known) == 2 else ()


def _actor(reading: Reading, token: Token, code: str, lemma: str) -> Actor:
    start, end, text = reading.span_text(*phrase_span(token))
    base = reading.sentence.start
    name = load_names().countries.get(code)
    return Actor(text, base + start, base + end, name, code, _SECTORS.get(lemma, "GOV"))
