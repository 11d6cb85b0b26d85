"""Is a text English? Texts and paragraphs in other languages are left alone, with the reason.

Function words decide: they are a third of any running text and no two languages share many. Only a text that
they leave open is put to the trained classifier, which takes longer to load than a page takes to read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAMPLE = 4000  # characters looked at
_SHORT = 60  # characters below which only the script decides
_FEW = 40  # words below which a text may well have no function word: headlines
_SURE = 0.9
_PARAGRAPH = 8  # words from which a paragraph of its own is judged


class _Shares(NamedTuple):
    """Of all words: written in Latin letters, English function words, function words of other languages."""

    words: int
    latin: float
    english: float
    others: float


def foreign_language(text: str, declared: str | None = None) -> str | None:
    """The language code of a text that is not English; None for English and for what is too short to tell.

    `declared` (BCP 47) is what the feed says; it tips the balance only where the words leave it open.
    """
    sample = text[:_SAMPLE]
    shares = _shares(sample)
    other = bool(declared) and not str(declared).lower().startswith("en")
    if not shares.words or (shares.latin >= 0.5 and _reads_english(sample, shares, other=other)):
        return None
    code, sure = _classify(sample)
    if shares.latin < 0.5:
        return code
    mixed = shares.english >= 0.12 and shares.others < shares.english and not (other and sure > _SURE)
    certain = sure > _SURE or (declared or "").lower().startswith(code)
    return None if code == "en" or mixed or not certain else code


def _reads_english(sample: str, shares: _Shares, *, other: bool) -> bool:
    """Whether the words leave no question, or the text is too short to put one."""
    if shares.english >= 0.2 and shares.english >= shares.others:
        return True
    if other or shares.others >= 0.3:
        return False
    return len(sample) < _SHORT or (shares.words < _FEW and shares.others <= shares.english)


def any_english(text: str) -> bool:
    """Whether a text that is foreign as a whole has English paragraphs near its beginning."""
    return any(is_english(paragraph) for paragraph in text[: 10 * _SAMPLE].split("\n"))


def is_english(paragraph: str) -> bool:
    """Whether a paragraph is English beyond doubt: for texts that are not English as a whole."""
    shares = _shares(paragraph[:_SAMPLE])
    return shares.words >= _PARAGRAPH and shares.english >= 0.2 and shares.english > 2 * shares.others


def is_foreign(paragraph: str) -> bool:
    """Whether a paragraph is in another language beyond doubt: for texts that are English as a whole."""
    shares = _shares(paragraph[:_SAMPLE])
    if shares.words < _PARAGRAPH:
        return False
    return shares.latin < 0.5 or (shares.others >= 0.15 and shares.others > 3 * shares.english)


def _shares(text: str) -> _Shares:
    words = _WORD.findall(text)
    if not words:
        return _Shares(0, 0.0, 0.0, 0.0)
    english, others = _function_words()
    size = len(words)
    return _Shares(
        size,
        sum(_is_latin(word[0]) for word in words) / size,
        sum(word.lower() in english for word in words) / size,
        sum(word in others for word in words) / size,  # small letters only: "ET" and "LA" are no French
    )


@cache
def _function_words() -> tuple[frozenset[str], frozenset[str]]:
    """English function words, and those of the other languages together."""
    table = files(__package__).joinpath("function_words.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    english = frozenset(word for name, words in rows if name == "English" for word in words.split())
    others = frozenset(word for name, words in rows if name != "English" for word in words.split())
    return english, others - english


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")


def _classify(sample: str) -> tuple[str, float]:
    code, sure = _identifier().classify(sample)
    return str(code), float(sure)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  it loads numpy

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
