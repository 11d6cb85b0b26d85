"""Is a text English? Texts in other languages are left alone, with the reason."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "on",
        "with",
        "as",
        "was",
        "at",
        "by",
        "it",
        "from",
        "has",
        "have",
        "had",
        "he",
        "his",
        "she",
        "her",
        "they",
        "their",
        "its",
        "an",
        "be",
        "are",
        "were",
        "will",
        "would",
        "not",
        "this",
        "which",
        "who",
        "after",
        "before",
        "over",
        "said",
        "says",
        "about",
        "into",
        "against",
        "more",
        "than",
        "been",
        "but",
        "or",
        "also",
    ]
)
_SAMPLE = 4000  # characters looked at
_SHORT = 60  # characters below which only the script decides
_SURE = 0.9


def foreign_language(text: str, declared: str | None = None) -> str | None:
    """The language code of a text that is not English; None for English and for what is too short to tell."""
    sample = text[:_SAMPLE]
    words = [word.lower() for word in _WORD.findall(sample)]
    if not words:
        return None
    latin = sum(_is_latin(word[0]) for word in words)
    if latin < 0.5 * len(words):
        return _classify(sample)[0]
    share = sum(word in _COMMON for word in words) / len(words)
    if share >= 0.2 or (len(sample) < _SHORT and not _is_other(declared)):
        return None
    code, sure = _classify(sample)
    if code == "en":
        return None
    if share >= 0.12 and not (_is_other(declared) and sure > _SURE):
        return None
    return code if sure > _SURE or (declared or "").lower().startswith(code) else None


def _is_other(declared: str | None) -> bool:
    return bool(declared) and not str(declared).lower().startswith("en")


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")


def _classify(sample: str) -> tuple[str, float]:
    code, sure = _identifier().classify(sample)
    return str(code), float(sure)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  it loads numpy

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
