"""Parties that the grammar does not name outright: antecedents, parties inside things, territory acted upon.

A pronoun inside a sentence stands for the nearest subject above it that agrees with it (Hobbs 1978, "Resolving
pronoun references", walked over heads). A thing has a party when its phrase names one: "the report by
Amnesty", "restrictions on goods from China".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._arguments import is_time
from tocsin.extraction._coref import SAYING
from tocsin.extraction._country import INNER, country_of
from tocsin.extraction._frame import coordinated, frame_of, words_of
from tocsin.extraction._phrases import lemma_of, phrase_span
from tocsin.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading

_PERSON = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_THING = frozenset({"it", "its", "itself"})
_MANY = frozenset({"they", "them", "their", "themselves"})
_SPEAKER = frozenset({"we", "us", "our", "i", "my"})
_OFFICES = words_of(
    """
    minister president premier chancellor spokesman spokeswoman spokesperson king queen emperor prince secretary leader
    general official commander governor envoy ambassador judge officer chief man woman diplomat lawmaker senator mayor
    chairman chairwoman director prosecutor lawyer head candidate critic journalist activist politician colonel captain
    pope bishop cleric negotiator author analyst expert prisoner suspect soldier teacher doctor boy girl father mother
    """
)
_BODIES = frozenset(
    {"MIL", "POL", "GOV", "JUD", "LEG", "CVL", "BUS", "MED"}
)  # without a name: some country's
_LED = frozenset(
    {"lead", "claim", "fire", "launch", "run", "command", "sponsor", "operate"}
)  # "the Saudi-led raid"
_HEIGHT = 8  # verbs looked at above a pronoun
_DEEP = 3  # phrases inside phrases

# the preposition before who did it, before whom it is done to, and before whose it is
_DOER = ("by", "of", "from", "between", "among")
_ANSWERABLE = ("by", "of", "from", "against", "on", "at", "in", "with", "to", "for", "over", "about")
_AFFECTED = (
    "against",
    "on",
    "upon",
    "at",
    "to",
    "of",
    "with",
    "from",
    "for",
    "in",
    "over",
    "into",
    "between",
    "by",
)
_UPON = (
    "against",
    "on",
    "at",
    "to",
    "into",
    "over",
    "across",
    "for",
    "with",
    "from",
    "in",
    "near",
    "along",
    "inside",
    "throughout",
)
# acts that fall on land or people, and words that settle something for a place
_DONE_SOMEWHERE = (
    "conflict", "coercion", "aid", "posture", "protest", "arms", "statement.pledge", "statement.appeal",
    "diplomacy.mediation", "diplomacy.ceasefire",
)  # fmt: skip


def referent(reading: Reading, token: Token) -> Token:
    """The noun a pronoun stands for when this sentence names it; else the token itself."""
    word = token.lower_
    if token.text == "US" or token.dep_ == "expl":
        return token
    if word in _SPEAKER:
        return _speaker(reading, token) or token
    if word not in _PERSON | _THING | _MANY:
        return token
    for candidate in _subjects_above(token):
        if candidate.pos_ in ("NOUN", "PROPN") and _agrees(reading, word, candidate):
            return candidate
    return token


def _speaker(reading: Reading, token: Token) -> Token | None:
    """“We” is whoever the sentence says is speaking."""
    for head in token.ancestors:
        if head.lemma_.lower() in SAYING:
            for subject in frame_of(head).subject:
                if subject.lower_ not in _SPEAKER and reading.actor(subject) is not None:
                    return subject
    return None


def _subjects_above(token: Token) -> Iterator[Token]:
    """Subjects of the verbs above, nearest first; of its own verb only where the pronoun is a possessive."""
    verb = token
    for _ in range(_HEIGHT):
        if verb.head == verb:
            return
        below, verb = verb, verb.head
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        own = below is token or not any(
            part.pos_ in ("VERB", "AUX") for part in (below, *_between(token, below))
        )
        if own and token.dep_ != "poss":
            continue
        frame = frame_of(verb)
        for subject in frame.subject if not frame.passive else frame.object:
            if subject.i < token.i or verb.i > token.i:
                yield subject


def _between(token: Token, top: Token) -> Iterator[Token]:
    while token not in (top, token.head):
        token = token.head
        yield token


def _agrees(reading: Reading, word: str, noun: Token) -> bool:
    name = reading.name_at(noun)
    one = noun.tag_ not in ("NNS", "NNPS") and len(coordinated(noun)) == 1
    person = one and (
        (name is not None and name.kind == "person")
        or lemma_of(noun) in _OFFICES
        or (
            name is None and noun.pos_ == "PROPN" and any(lemma_of(child) in _OFFICES for child in noun.lefts)
        )
    )
    if word in _MANY:
        return not person and reading.actor(noun) is not None
    if word in _THING:
        return one and not person and reading.actor(noun) is not None
    return person or (one and name is None and noun.pos_ == "PROPN" and reading.spot(noun) is None)


def party_inside(reading: Reading, token: Token, preps: tuple[str, ...], depth: int = 0) -> Actor | None:
    """The party named inside the phrase of a thing: owners and modifiers, who made it, then what it concerns."""
    if token.pos_ not in ("NOUN", "PROPN", "NUM", "ADJ"):
        return None
    own = _owner(reading, token) or _maker(reading, token)
    if own is not None and own.sector == "REB" and own.country is None and preps is _AFFECTED:
        return _based(reading, token, own)
    if own is not None and (own.country or own.sector not in _BODIES):
        return own
    fallback: Actor | None = own and _based(reading, token, own)
    if fallback is not None and fallback.country:
        return fallback
    for good in _goods(token, preps):
        found = reading.actor(good)
        if found is None and depth < _DEEP:
            found = party_inside(reading, good, preps, depth + 1)
        if found is not None and found.country:
            return found
        fallback = fallback or found
    return fallback


def _based(reading: Reading, token: Token, owner: Actor) -> Actor:
    """“A police station in western Mali”: whose it is, is known by where it stands."""
    land = _land(reading, token)
    return owner if land is None else replace(owner, country=land.country)


def _owner(reading: Reading, token: Token) -> Actor | None:
    for child in token.children:
        if child.dep_ in INNER and not is_time(child):  # "Tuesday's bombing"
            found = reading.actor(child)
            if found is not None and (found.country or found.sector or child.dep_ == "poss"):
                return found
            if child.lemma_.lower() in _LED:
                for leader in child.lefts:
                    if (found := reading.actor(leader)) is not None:
                        return found
    return None


def _maker(reading: Reading, token: Token) -> Actor | None:
    """“An appeal filed by lawyers”: the agent of a participle after the noun."""
    for child in token.rights:
        if child.dep_ == "acl" and child.tag_ == "VBN":
            for doer in frame_of(child).subject:
                if (found := reading.actor(doer)) is not None:
                    return found
    return None


def _goods(token: Token, preps: tuple[str, ...]) -> list[Token]:
    """Objects of the prepositions at a phrase, in the order of `preps`."""
    found: list[tuple[int, Token]] = []
    for child in token.rights:
        word = child.lower_
        if child.dep_ in ("prep", "agent", "dative") and word in preps:
            for good in child.children:
                if good.dep_ == "pobj":
                    found += [(preps.index(word), each) for each in coordinated(good) if not is_time(each)]
    found.sort(key=lambda item: item[0])
    return [good for _, good in found]


def doer_inside(reading: Reading, token: Token) -> Actor | None:
    """“A report by Amnesty”, "the Saudi-led raid": who is behind a thing that acts."""
    return party_inside(reading, token, _DOER)


def user_of(reading: Reading, token: Token, weapon: Actor) -> Actor:
    """“The missiles fired by the army”: of arms without a country, who uses them."""
    maker = _maker(reading, token) if weapon.country is None else None
    return maker or weapon


def concerned_inside(reading: Reading, token: Token, kind: str) -> Actor | None:
    """The party a thing concerns; of a statement about an act, the one answerable for it."""
    return party_inside(reading, token, _ANSWERABLE if kind.startswith("statement") else _AFFECTED)


def peers_inside(token: Token) -> list[Token]:
    """The further parties of a plural phrase: "ministers of Mali and Niger", "Malian, Nigerien and French troops"."""
    if token.tag_ not in ("NNS", "NNPS"):
        return []
    found: list[Token] = []
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of":
            for good in child.children:
                if good.dep_ == "pobj":
                    found += coordinated(good)[1:]
    modifiers = [child for child in token.lefts if child.dep_ in ("amod", "nmod", "compound", "poss")]
    joined = [each for child in modifiers for each in coordinated(child)]
    if any(word.dep_ == "cc" for child in modifiers for word in child.children):
        found += [each for each in joined[1:] if each.pos_ in ("ADJ", "PROPN")]
    return found


def between(tokens: list[Token]) -> list[Token]:
    """The parties to a meeting that is told as doing something: "the summit between X and Y ended"."""
    for token in tokens:
        goods = _goods(token, ("between", "among"))
        if len(goods) > 1:
            return goods
    return []


def territory(reading: Reading, match: Match) -> list[Actor]:
    """Land or people of a country that an act of force, coercion or aid falls on, when no party is named."""
    if not match.pattern.target or not match.pattern.type.startswith(_DONE_SOMEWHERE):
        return []
    anchors = [match.token]
    if match.frame is not None:
        purposes = [*match.frame.to, *_purposes(match.token)]
        aimed = [each for verb in purposes for each in (*frame_of(verb).object, verb)]
        anchors = [*match.frame.object, match.token, *aimed]
    elif match.noun is not None and match.noun.verb is not None:
        anchors.append(match.noun.verb.verb)
    for anchor in anchors:
        found = _land_at(reading, match, anchor, 0)
        if found is not None:
            return [found]
    return []


def _purposes(verb: Token) -> list[Token]:
    """Infinitives that say what an act is for: "gave money to help refugees in Chad"."""
    heads = [verb, *(child for child in verb.children if child.dep_ == "dobj")]
    return [
        child
        for head in heads
        for child in head.children
        if child.dep_ in ("advcl", "acl", "relcl") and child.tag_ == "VB"
    ]


def _land_at(reading: Reading, match: Match, anchor: Token, depth: int) -> Actor | None:
    noun = anchor.pos_ in ("NOUN", "PROPN")
    for good in [*([anchor] if noun else []), *_goods(anchor, _UPON)]:
        if good in match.source or good.pos_ not in ("NOUN", "PROPN"):
            continue
        found = reading.actor(good) if good is not match.token else None
        if found is None or found.country is None:
            found = _land(reading, good)
        if found is None and good is not anchor and depth < _DEEP:
            found = _land_at(reading, match, good, depth + 1)
        if found is not None:
            return found
    return None


def _land(reading: Reading, token: Token) -> Actor | None:
    country = country_of(reading, token)[0]
    if country is None:
        return None
    start, end, text = reading.span_text(*phrase_span(token))
    base = reading.sentence.start
    return Actor(text, base + start, base + end, None, country, None)
