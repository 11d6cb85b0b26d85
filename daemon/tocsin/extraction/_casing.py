"""Sentences written all in capitals, made readable for the parser, character for character."""

from __future__ import annotations

import re
from functools import cache

from tocsin.extraction.actors import load_names

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")


def lower_capitals(piece: str) -> str:
    """Small letters, with capitals restored on known names and the first word; the length never changes."""
    lowered = "".join(low if len(low := character.lower()) == 1 else character for character in piece)
    known = _known()
    out = list(lowered)
    words = list(_WORD.finditer(lowered))
    for at, word in enumerate(words):
        for length in (4, 3, 2, 1):
            if at + length > len(words):
                continue
            end = words[at + length - 1].end()
            name = known.get(lowered[word.start() : end]) or known.get(
                lowered[word.start() : end].rstrip(".")
            )
            if name is not None:
                out[word.start() : word.start() + len(name)] = name
                break
    if out:
        out[0] = piece[0]
    return "".join(out)


@cache
def _known() -> dict[str, str]:
    """Small-letter form of every known name; words of the language that look the same are left out."""
    common = {
        "us",
        "is",
        "may",
        "ice",
        "male",
        "who",
        "fars",
        "mehr",
        "quad",
        "turkey",
        "diet",
        "congress",
        "ap",
        "un",
    }
    names = {text.lower(): text for text in load_names().texts() if len(text.lower()) == len(text)}
    for word in common - {"turkey", "un", "us"}:
        names.pop(word, None)
    return names
