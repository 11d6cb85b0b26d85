"""The country a noun phrase speaks of: "Iranian warships", "police in Lyon", "the army of Chad"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tocsin.extraction._frame import words_of
from tocsin.extraction._phrases import human, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading
    from tocsin.extraction.actors import Name

INNER = ("poss", "amod", "compound", "nmod", "nummod")
PRONOUNS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "him",
        "her",
        "them",
        "his",
        "its",
        "their",
        "our",
        "us",
        "itself",
        "himself",
        "who",
    ]
)
# who is in a country without being of it, and who is of another country than the one whose ally he is
_GUESTS = words_of(
    """
    tourist foreigner holidaymaker visitor traveller traveler expatriate embassy consulate ambassador diplomat envoy
    consul pilgrim
    """
)
_RELATED = words_of(
    "ally neighbour neighbor enemy rival foe adversary counterpart creditor partner host guest opponent backer sponsor"
)
_SPOKEN_FOR = words_of(
    "spokesman spokeswoman spokesperson lawyer attorney minister adviser advisor aide party"
)
Found = tuple[str | None, "Name | None"]
_NOTHING: Found = (None, None)


def country_of(reading: Reading, token: Token) -> Found:
    """Alpha-3 code and the name it came from: modifiers first, then "of" and "in", then cities.

    A name without a country ("UN") comes back alone.
    """
    owner = _NOTHING
    lemma = lemma_of(token)
    for child in sorted(token.children, key=lambda child: child.lower_ in PRONOUNS):  # "their Omani hosts"
        if child.dep_ in INNER and not (child.dep_ == "poss" and lemma in _RELATED):
            found = _modifier(reading, child)
            if found[0] is not None:
                return found
            owner = found if found[1] is not None else owner
    for child in token.rights:
        found = _after(reading, child, lemma)
        if found[0] is not None:
            return found
    if owner[1] is None and not (token.pos_ == "PROPN" and human(token)):
        return _cities(reading, token)
    return owner


def _modifier(reading: Reading, child: Token) -> Found:
    owner = _NOTHING
    for word in child.subtree:
        name = reading.name_at(word)
        if name is not None and name.country:
            return name.country, name
        owner = owner if name is None else (None, name)
    if child.dep_ == "poss" and child.lower_ in PRONOUNS:
        actor = reading.actor(child)
        if actor is not None:
            return actor.country, None
    return owner


def _after(reading: Reading, child: Token, lemma: str) -> Found:
    if child.dep_ == "prep" and child.lower_ in _preps(child, lemma):
        city: str | None = None
        for word in _words(child):
            name = reading.name_at(word)
            if name is not None and name.country:
                return name.country, name
            spot = None if name is not None else reading.city(word)
            if spot is not None:
                city = city or spot.country
        return city, None
    if child.dep_ == "appos":
        name = reading.name_at(child)
        if name is not None and name.country:
            return name.country, name
        return country_of(reading, child)
    return _NOTHING


def _preps(prep: Token, lemma: str) -> tuple[str, ...]:
    """The prepositions before the country of a phrase: not "in" for guests, "for" after those who speak for one."""
    if lemma in _GUESTS or any(word.lower_ == "foreign" for word in prep.head.lefts):
        return ("of", "from")
    if lemma in _SPOKEN_FOR:
        return ("of", "in", "from", "at", "for")
    return ("of", "in", "from", "at", "inside", "across")


def _words(prep: Token) -> Iterator[Token]:
    """The nouns of a prepositional phrase with their modifiers, without the clauses below them."""
    for good in prep.children:
        if good.dep_ not in ("pobj", "conj"):
            continue
        yield good
        for child in good.children:
            if child.dep_ in INNER:
                yield from child.subtree
            elif child.dep_ == "prep" and child.lower_ in ("of", "in"):
                yield from _words(child)
            elif child.dep_ == "conj":
                yield child


def _cities(reading: Reading, token: Token) -> Found:
    for word in (token, *(child for child in token.children if child.dep_ in ("compound", "nmod", "poss"))):
        spot = reading.city(word)
        if spot is not None:
            return spot.country, None
    return _NOTHING
