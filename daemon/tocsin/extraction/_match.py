"""Which pattern a trigger word fires: verbs with their arguments, event nouns with theirs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tocsin.extraction._frame import Frame, coordinated, frame_of, words_of
from tocsin.extraction._modality import has_to
from tocsin.extraction._nouns import NounFrame, noun_frame
from tocsin.extraction._parties import referent
from tocsin.extraction._phrases import lemma_of, meets, stands_in, words_before
from tocsin.extraction._roles import tokens_of
from tocsin.extraction.ontology import Ontology, Pattern, Words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading

_PARTICLES = words_of(
    """
    out up down off over in on back away from for to at against with dead go free into apart together aside
    through upon under about forward behind
    """
)
_MOVING = words_of("out up down off over in on away back")  # particles that may stand after the object
_MODALS = frozenset({"will", "wo", "would", "ca", "can", "could", "shall", "'ll", "'d", "going"})


@dataclass(slots=True)
class Match:
    """A pattern that fired on a token, with the head tokens of its arguments."""

    token: Token
    pattern: Pattern
    source: list[Token]
    target: list[Token]
    frame: Frame | None = None
    noun: NounFrame | None = None
    refused: list[tuple[Pattern, str]] = field(default_factory=list)


class Matcher:
    """All patterns, indexed by the first word of their trigger."""

    def __init__(self, ontology: Ontology) -> None:
        self._verbs: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self._nouns: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        for kind in ontology.types.values():
            for pattern in kind.patterns:
                for words in pattern.words:
                    if pattern.noun:
                        self._nouns[words.split()[-1]].append((words, pattern))
                    else:
                        self._verbs[words.split()[0]].append((words, pattern))
        for table in (self._verbs, self._nouns):
            for found in table.values():
                found.sort(key=lambda item: (-len(item[0].split()), -item[1].rank, -item[1].type.count(".")))

    def match(self, reading: Reading, token: Token) -> tuple[Match | None, list[tuple[Pattern, str]]]:
        """The most specific pattern that fits a token, and the ones refused before it with the reason."""
        refused: list[tuple[Pattern, str]] = []
        if token.pos_ in ("VERB", "AUX") or (
            token.pos_ in ("NOUN", "PROPN", "ADJ") and token.tag_.startswith("VB")
        ):
            if is_attribute(token):
                return None, refused
            found = self._verb(reading, token, refused)
            if found is not None:
                return found, refused
            if token.dep_ not in ("pobj", "dobj", "nsubj", "compound"):
                return None, refused
        if token.pos_ in ("NOUN", "PROPN", "VERB"):
            return self._noun(reading, token, refused), refused
        return None, refused

    def _guessed(self, token: Token) -> list[tuple[str, Pattern]] | None:
        """By the form itself, where the tagger's dictionary form is no word: "staged" as "stag"."""
        word = token.lower_
        ending = next((end for end in ("ing", "ed", "es", "s") if word.endswith(end)), "")
        stem = word[: len(word) - len(ending)]
        return self._verbs.get(f"{stem}e") or self._verbs.get(stem) if ending else None

    def _unclipped(self, lemma: str) -> str:
        """“Raped” is of "rape", for of "rap" it would be "rapped": the lemmatiser may clip the last letter."""
        clipped = (
            len(lemma) > 2
            and lemma[-1] not in "aeiouwxy"
            and lemma[-2] in "aeiou"
            and lemma[-3] not in "aeiou"
        )
        return f"{lemma}e" if clipped and f"{lemma}e" in self._verbs else lemma

    def _verb(self, reading: Reading, token: Token, refused: list[tuple[Pattern, str]]) -> Match | None:
        lemma = token.lemma_.lower()
        if token.lower_ in (f"{lemma}ed", f"{lemma}ing"):
            lemma = self._unclipped(lemma)
        candidates = self._verbs.get(lemma) or self._guessed(token)
        if not candidates:
            return None
        plain = frame_of(token)
        for words, pattern in candidates:
            if not _particle(token, words):
                continue
            frame = _with_particle(plain, words)
            reason = _unfit(reading, frame, pattern)
            if reason is None:
                source = _first(frame, pattern.source)
                target = _targets(reading, frame, _with_aim(frame, pattern), source)
                reason = _sides(reading, pattern, source, target)
                if reason is None:
                    return Match(token, pattern, source, target, frame=frame)
            refused.append((pattern, reason))
        return None

    def _noun(self, reading: Reading, token: Token, refused: list[tuple[Pattern, str]]) -> Match | None:
        lemma = lemma_of(token)
        candidates = self._nouns.get(lemma) or self._nouns.get(token.lower_)
        if not candidates or token.dep_ in ("compound", "amod"):
            return None
        frame = noun_frame(token)
        for words, pattern in candidates:
            if " " in words and f" {words} " not in words_before(token):
                continue
            reason = _noun_unfit(reading, frame, pattern)
            if reason is None:
                source = frame.first(reading, pattern.source)
                if pattern.source and not any(reading.actor(token) for token in source):
                    source = frame.doers(reading) or source
                target = [each for each in frame.first(reading, pattern.target) if each not in source]
                reason = _sides(reading, pattern, source, target)
                if reason is None:
                    return Match(token, pattern, source, target, noun=frame)
            refused.append((pattern, reason))
        return None


def is_attribute(token: Token) -> bool:
    """“The detained crew”, "suspected militants": a participle before a noun tells what it is, not what happened.

    Not in a phrase that stands for a sentence: in headlines the parser takes verbs for such participles.
    """
    noun = token.head
    if token.dep_ != "amod" or token.tag_ != "VBN" or token.i > noun.i or noun.dep_ == "ROOT":
        return False
    return not any(child.dep_ in ("agent", "npadvmod", "prep") for child in token.children)


def _particle(token: Token, words: str) -> bool:
    """“carry out” wants its second word as a particle, adverb or next word; "fire" wants none it would change."""
    first, _, rest = words.partition(" ")
    del first
    if not rest:
        return True
    last = rest.split()[-1]
    following = token.doc[token.i + 1 : token.i + 3]
    if any(word.lower_ == last for word in following) and (last in _PARTICLES or following[0].lower_ == last):
        return True
    return any(
        child.lower_ == last
        and child.dep_ in ("prt", "advmod", "prep", "acomp", "oprd", "dobj", "ccomp", "xcomp", "mark")
        for child in token.children
    )


def _with_particle(frame: Frame, words: str) -> Frame:
    """“Voted down the bill”: where the parser takes the particle for a preposition, its object is the verb's."""
    last = words.rpartition(" ")[2]
    goods = frame.preps.get(last)
    if last == words or not goods or frame.object or last not in _MOVING:
        return frame
    others = {prep: found for prep, found in frame.preps.items() if prep != last}
    return replace(frame, object=goods, preps=others)


def _unfit(reading: Reading, frame: Frame, pattern: Pattern) -> str | None:
    """Why a verb pattern does not fit; None when it does."""
    mood = _mood(frame, pattern.mood)
    if mood is not None:
        return mood
    for role, words in pattern.needs.items():
        if not _has(reading, frame, role, words):
            return f"{role} is not what the pattern asks for"
    for role, words in pattern.bars.items():
        if _has(reading, frame, role, words):
            return f"{role} is one the pattern bars"
    return None


def _has(reading: Reading, frame: Frame, role: str, words: Words) -> bool:
    if role == "text":
        return stands_in(reading.text, words)
    tokens = frame.role(role)
    if role == "attribute":
        return _attribute(frame, words)
    if role in ("to", "clause") and tokens:
        if "any" in words.kinds:
            return True
        if "must" in words.kinds:
            return meets(reading, tokens, words)
        return any(token.lemma_.lower() in words.lemmas for token in tokens)
    return meets(reading, tokens, words)


def _attribute(frame: Frame, words: Words) -> bool:
    tokens = [
        *frame.attribute,
        *frame.preps.get("as", []),
        *[token for token in frame.to if token.pos_ != "VERB"],
    ]
    # "called the claim groundless" is often parsed as a small clause
    tokens += [
        clause
        for clause in frame.clause
        if not any(child.dep_ in ("aux", "mark") for child in clause.children)
    ]
    if "any" in words.kinds:
        return bool(tokens)
    for token in tokens:
        if token.lemma_.lower() in words.lemmas or token.lower_ in words.lemmas:
            return True
        if any(f" {phrase} " in words_before(token) for phrase in words.phrases):
            return True
        if any(
            child.lower_ in words.lemmas
            for child in token.children
            if child.dep_ in ("amod", "conj", "compound")
        ):
            return True
    return False


def negated(token: Token) -> bool:
    """Whether a verb carries not, never, nor, or a subject with no."""
    for child in token.children:
        if child.dep_ == "neg" or child.lower_ in ("never", "nor", "neither", "n't"):
            return True
        if child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr") and any(
            below.dep_ == "det" and below.lower_ == "no" for below in child.children
        ):
            return True
        if child.dep_ in ("nsubj", "nsubjpass") and child.lower_ in ("nobody", "none", "neither"):
            return True
    return token.dep_ == "pcomp" and token.head.lower_ == "without"


def modal(token: Token) -> str | None:
    """The modal of a verb in small letters; "going" for "is going to"."""
    for child in token.children:
        if child.dep_ == "aux" and child.tag_ == "MD":
            return child.lower_
    if token.dep_ == "xcomp" and token.head.lower_ == "going":
        return "going"
    if token.dep_ == "conj" and token.head.pos_ == "VERB" and token.tag_ == "VB":
        return modal(token.head)
    return None


def _mood(frame: Frame, mood: str | None) -> str | None:
    verb = frame.verb
    if mood is None:
        return None
    fits = {
        "passive": frame.passive,
        "active": not frame.passive,
        "negated": negated(verb) or negated_above(verb),
        "refused": (negated(verb) or (verb.dep_ == "conj" and negated(verb.head))) and modal(verb) in _MODALS,
        "future": (modal(verb) in ("will", "'ll", "shall", "going", "would") or _is_to(verb))
        and not negated(verb),
    }.get(mood, True)
    return None if fits else f"the verb is not {mood}"


def _is_to(verb: Token) -> bool:
    """“Serbia is to open its archives”."""
    above = verb.head
    return (
        verb.dep_ == "xcomp"
        and above.lemma_.lower() == "be"
        and above.tag_ in ("VBZ", "VBP")
        and has_to(verb)
    )


def negated_above(verb: Token) -> bool:
    """Negation shared by coordination: "did not grant or renew"."""
    return verb.dep_ == "conj" and verb.tag_ == "VB" and negated(verb.head)


def _first(frame: Frame, roles: tuple[str, ...]) -> list[Token]:
    for role in roles:
        found = tokens_of(frame, role)
        if found:
            return found
    return []


def _with_aim(frame: Frame, pattern: Pattern) -> tuple[str, ...]:
    """The target roles of a pattern; force without an object is aimed "at", "on" or "against" somebody."""
    if pattern.target and not frame.object and pattern.type.startswith(("conflict", "weapons")):
        return (*pattern.target, "prep_at", "prep_against", "prep_on", "prep_upon")
    return pattern.target


def _targets(reading: Reading, frame: Frame, roles: tuple[str, ...], source: list[Token]) -> list[Token]:
    """The first role that holds an actor; things do not stand in the way of a later role that does."""
    fallback: list[Token] = []
    for role in roles:
        found = [token for token in tokens_of(frame, role) if token not in source]
        if not found:
            continue
        if any(reading.actor(token) is not None for token in found):
            return found
        fallback = fallback or found
    return fallback


def _sides(reading: Reading, pattern: Pattern, source: list[Token], target: list[Token]) -> str | None:
    """Whether the sides that must be actors are."""
    if pattern.actors == "none":
        return None
    has_source = any(reading.actor(referent(reading, token)) is not None for token in source)
    has_target = any(reading.actor(referent(reading, token)) is not None for token in target)
    fits = {
        "source": has_source,
        "target": has_target,
        "any": has_source or has_target,
        "both": has_source and (has_target or len([t for s in source for t in coordinated(s)]) > 1),
    }[pattern.actors]
    return None if fits else f"no actor as {pattern.actors}"


def _noun_unfit(reading: Reading, frame: NounFrame, pattern: Pattern) -> str | None:
    for role, words in pattern.needs.items():
        if role == "subject":
            continue
        if role == "text":
            if not stands_in(reading.text, words):
                return "a word the pattern asks for is missing"
        elif not _noun_has(reading, frame, role, words):
            return "the noun is not of the kind the pattern asks for"
    for role, words in pattern.bars.items():
        if role == "text":
            if stands_in(reading.text, words):
                return "a word the pattern bars is there"
        elif role != "subject" and _noun_has(reading, frame, role, words):
            return "the noun is of a kind the pattern bars"
    return None


def _noun_has(reading: Reading, frame: NounFrame, role: str, words: Words) -> bool:
    """A role of a noun: what stands after a preposition, else its modifiers and "of" phrase."""
    if role.startswith("prep_"):
        return meets(reading, frame.preps.get(role.removeprefix("prep_"), []), words)
    return frame.has(reading, words)
