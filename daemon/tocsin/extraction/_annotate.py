"""Parts of speech, features and dictionary forms after the parse, from memory where they are known.

spaCy's attribute ruler runs a matcher of some 180 patterns over every sentence and its lemmatiser unpacks the
features of every word; together they cost as much time as the parser. What they say of a word nearly always follows
from its tag, its dependency label and its form, so that is remembered. A sentence in which a pattern of several
words could apply goes through spaCy's own components, and so does every word that was not met before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

_REMEMBERED = 60_000  # words; beyond it memory begins anew
_TOLD_APART = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})  # what the memory's key holds of a token


class _Marks(NamedTuple):
    """What the attribute ruler makes of a token."""

    pos: int
    morph: Any  # MorphAnalysis
    lemma: str
    tag: int
    dep: int


class Annotator:
    """Does what the attribute ruler and the lemmatiser of a pipeline do, and gives the same results."""

    def __init__(self, nlp: Language) -> None:
        self._ruler = cast("Any", nlp.get_pipe("attribute_ruler"))
        self._lemmatizer = cast("Any", nlp.get_pipe("lemmatizer"))
        index = self._lemmatizer.lookups.get_table("lemma_index", {})
        for part in list(index):
            index[part] = frozenset(index[part])  # spaCy searches a list of 80,000 words from its beginning
        patterns = [pattern for rule in self._ruler.patterns for pattern in rule["patterns"]]
        self._words = _Words([token for pattern in patterns for token in pattern])
        openers = [pattern[0] for pattern in patterns if len(pattern) > 1]
        self._openers = _Words(openers)
        self._opening = {
            nlp.vocab.strings.add(str(token["DEP"]))
            for token in openers
            if "LOWER" not in token and isinstance(token.get("DEP"), str)
        }
        # a pattern that asks for anything else is left to spaCy altogether
        self._plain = all(token.keys() <= _TOLD_APART for pattern in patterns for token in pattern) and all(
            "LOWER" in token or isinstance(token.get("DEP"), str) for token in openers
        )
        self._special: dict[
            int, tuple[int, bool]
        ] = {}  # form -> (itself when a pattern names it, opens a pattern)
        self._marks: dict[tuple[int, int, int, bool], _Marks] = {}
        self._lemmas: dict[tuple[int, int, int], str] = {}

    def __call__(self, doc: Doc) -> Doc:
        """The sentence with parts of speech, features and lemmas set."""
        keys = self._keys(doc) if self._plain else None
        if keys is None:
            whole: Doc = self._lemmatizer(self._ruler(doc))
            return whole
        for token, key in zip(doc, keys, strict=True):
            marks = self._marks.get(key) or self._mark(token, key)
            token.pos = marks.pos
            token.morph = marks.morph
            if token.tag != marks.tag:
                token.tag = marks.tag
            if token.dep != marks.dep:
                token.dep = marks.dep
            token.lemma_ = marks.lemma or self._lemma(token, marks)
        return doc

    def _keys(self, doc: Doc) -> list[tuple[int, int, int, bool]] | None:
        """What decides the marks of each token; None where a pattern of several words may apply."""
        keys = []
        for token in doc:
            lower, dep = token.lower, token.dep
            known = self._special.get(lower)
            if known is None:
                known = self._form(token)
            if known[1] or dep in self._opening:
                return None
            keys.append((token.tag, dep, known[0], token.is_space))
        return keys

    def _form(self, token: Token) -> tuple[int, bool]:
        if len(self._special) > _REMEMBERED:
            self._special.clear()
        word = token.lower_
        known = (token.lower if word in self._words else 0, word in self._openers)
        self._special[token.lower] = known
        return known

    def _mark(self, token: Token, key: tuple[int, int, int, bool]) -> _Marks:
        """Ask the ruler about the token alone."""
        alone = Doc(token.vocab, words=[token.text])
        alone[0].tag = token.tag
        alone[0].dep = token.dep
        ruled = self._ruler(alone)[0]
        marks = _Marks(ruled.pos, ruled.morph, ruled.lemma_, ruled.tag, ruled.dep)
        self._marks[key] = marks
        return marks

    def _lemma(self, token: Token, marks: _Marks) -> str:
        key = (token.orth, marks.pos, marks.morph.key)
        lemma = self._lemmas.get(key)
        if lemma is None:
            if len(self._lemmas) > _REMEMBERED:
                self._lemmas.clear()
            if len(self._lemmatizer.cache) > _REMEMBERED:
                self._lemmatizer.cache.clear()
            lemma = self._lemmas[key] = str(self._lemmatizer.lemmatize(token)[0])
        return lemma


class _Words:
    """The small-letter forms that token patterns name, in words or by regular expression."""

    def __init__(self, tokens: Sequence[Mapping[str, Any]]) -> None:
        self._known: set[str] = set()
        regular: list[str] = []
        for token in tokens:
            asked = token.get("LOWER")
            if isinstance(asked, str):
                self._known.add(asked)
            elif isinstance(asked, Mapping):
                self._known |= {str(word) for listed in ("IN", "NOT_IN") for word in asked.get(listed, ())}
                regular += [str(asked["REGEX"])] if "REGEX" in asked else []
        self._regular = [re.compile(pattern) for pattern in regular]

    def __contains__(self, word: str) -> bool:
        return word in self._known or any(pattern.search(word) for pattern in self._regular)
