"""Numbers written in words: "twenty-five", "two hundred and ten", "nineteen ninety-six", "twenty-first"."""

from __future__ import annotations

from collections.abc import Sequence

SMALL = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: number * 10
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        1,
    )
} | {"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50}
DECADES = {word[:-1] + "ies": number for word, number in TENS.items()}  # twenties ... nineties
NUMBER_WORDS = frozenset(SMALL) | frozenset(TENS) | frozenset(SCALES)
_LONGEST = 12


def read_number(words: Sequence[str], at: int) -> tuple[int, int | None, str]:
    """(tokens used, value, kind) of the number words at `at`; kind is spell, spellyear, ord, decade or empty.

    Reads at most a dozen tokens.
    """
    used, value, year = _cardinal(words, at)
    if (used and value is not None and value % 10 == 0 and 20 <= value % 100 <= 90) or not used:
        tail = _ordinal(words, at + used, joined=bool(used))
        if tail is not None:
            extra, kind, number = tail
            return used + extra, (value or 0) + number, kind
    if not used:
        return 0, None, ""
    return used, value, "spellyear" if year else "spell"


def _ordinal(words: Sequence[str], at: int, *, joined: bool) -> tuple[int, str, int] | None:
    """An ordinal or a decade ("nineties"), after a hyphen when tens went before."""
    hyphen = joined and at < len(words) and words[at] == "-"
    at += hyphen
    if at >= len(words):
        return None
    word = words[at]
    if word in ORDINALS and not (joined and ORDINALS[word] > 9):
        return 1 + hyphen, "ord", ORDINALS[word]
    if word in DECADES and not joined:
        return 1, "decade", DECADES[word]
    return None


def _cardinal(words: Sequence[str], at: int) -> tuple[int, int | None, bool]:
    """(tokens, value, whether it reads as a year) of the cardinal at `at`."""
    end = min(len(words), at + _LONGEST)
    used, first = _below_hundred(words, at, end)
    if not used and words[at] not in SCALES:
        return 0, None, False
    next_ = at + used
    if 11 <= first <= 21:  # "nineteen ninety-six", "twenty twenty-two"
        more, second = _below_hundred(words, next_, end)
        if more and second >= 10:
            return used + more, first * 100 + second, True
    next_, value = _scaled(words, next_, end, first if used else 1)
    return next_ - at, value, first == 2 and 2000 <= value < 2100 and next_ - at > 1


def _scaled(words: Sequence[str], at: int, end: int, value: int) -> tuple[int, int]:
    """(where it ends, value) of what follows "three": "hundred and ten thousand", or nothing."""
    total = 0  # the thousands and millions read so far; `value` is what stands below them
    while at < end and words[at] in SCALES:
        value *= SCALES[words[at]]
        at += 1
        if value >= 1000:
            total, value = total + value, 0
        rest_at = at + (at < end and words[at] == "and")
        used, rest = _below_hundred(words, rest_at, end)
        if used:
            at, value = rest_at + used, value + rest
    return at, total + value


def _below_hundred(words: Sequence[str], at: int, end: int) -> tuple[int, int]:
    """(tokens, value) of a number under a hundred; (0, 0) when there is none."""
    word = words[at] if at < end else ""
    if word in SMALL:
        return 1, SMALL[word]
    if word not in TENS:
        return 0, 0
    hyphen = at + 1 < end and words[at + 1] == "-"
    unit = at + 1 + hyphen
    if unit < end and 1 <= SMALL.get(words[unit], 0) <= 9:
        return 2 + hyphen, TENS[word] + SMALL[words[unit]]
    return 1, TENS[word]
