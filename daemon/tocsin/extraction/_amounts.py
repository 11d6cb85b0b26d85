"""Numbers before nouns, and amounts with their unit: "$400 million", "5,000 soldiers", "760 km", "two dozen".

One reader of number words for dates and amounts: `tocsin.extraction.times._numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tocsin.extraction.times._numbers import read_number

if TYPE_CHECKING:
    from spacy.tokens import Token

_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_TIMES = {
    "dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, "k": 1000,
}  # fmt: skip
_SPELT = frozenset({"dozen", "hundred", "thousand", "million", "billion", "trillion"})
VAGUE = frozenset(
    {"dozens", "scores", "hundreds", "thousands", "several", "many", "some", "numerous", "millions"}
)

_MONEY = {
    "$": "USD", "us$": "USD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR",
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "ruble": "RUB", "rouble": "RUB", "yuan": "CNY",
    "renminbi": "CNY", "rupee": "INR", "won": "KRW", "franc": "CHF", "shekel": "ILS", "lira": "TRY", "riyal": "SAR",
    "naira": "NGN", "rand": "ZAR", "peso": "MXN", "real": "BRL", "zloty": "PLN", "hryvnia": "UAH", "krona": "SEK",
    "krone": "NOK", "usd": "USD", "eur": "EUR", "gbp": "GBP",
}  # fmt: skip
_UNITS = {
    "kilometre": "km", "kilometer": "km", "km": "km", "mile": "mile", "metre": "m", "meter": "m", "foot": "ft", "feet": "ft",
    "tonne": "tonne", "ton": "ton", "kilogram": "kg", "kilo": "kg", "kg": "kg", "barrel": "barrel", "round": "round",
    "percent": "percent", "%": "percent", "litre": "litre", "liter": "litre", "gallon": "gallon", "hectare": "hectare",
    "acre": "acre", "megawatt": "MW", "kiloton": "kiloton", "dose": "dose", "bushel": "bushel", "bpd": "barrel",
    "soldier": "soldier", "troop": "soldier", "personnel": "soldier", "fighter": "fighter", "militant": "fighter",
    "reservist": "soldier", "marine": "soldier", "peacekeeper": "peacekeeper", "policeman": "police", "refugee": "refugee",
    "migrant": "migrant", "vehicle": "vehicle", "ambulance": "ambulance", "tent": "tent", "truck": "truck",
    "serviceman": "soldier", "paratrooper": "soldier", "mercenary": "soldier", "conscript": "soldier",
}  # fmt: skip
_WORDS = r"(?:\d[\d,]*(?:\.\d+)?|[A-Za-z]+(?:-[a-z]+)?)"
AMOUNT = re.compile(
    r"(?P<sign>US\$|A\$|C\$|HK\$|[$€£¥₹])\s?(?P<money>\d[\d,]*(?:\.\d+)?)(?:[\s-]?(?P<scale>million|billion|trillion|thousand|bn|mn|tn|m|b|k)\b)?"
    r"|(?P<figure>\b\d[\d,]*(?:\.\d+)?)\s?(?P<percent>%|per ?cent\b)"
)
_PERCENT_WORDS = frozenset({"percent", "%", "cent"})


def read_amount(words: Sequence[str], at: int) -> tuple[int, float | None]:
    """(tokens used, value) of the number at `at` among small-letter words; (0, None) when there is none."""
    if words[at : at + 3] == ["half", "a", "dozen"]:
        return 3, 6
    used, value = _first(words, at)
    if not used:
        return 0, None
    while at + used < len(words) and words[at + used] in _TIMES and value is not None:
        value *= _TIMES[words[at + used]]
        used += 1
    return used, value


def _first(words: Sequence[str], at: int) -> tuple[int, float | None]:
    word = words[at]
    if _DIGITS.fullmatch(word):
        return 1, float(word.replace(",", ""))
    if word in ("a", "an") and at + 1 < len(words) and words[at + 1] in _SPELT:
        return 1, 1.0
    if word in _TIMES:
        return (0, 1.0) if word not in _SPELT else (1, float(_TIMES[word]))
    used, number, kind = read_number(words, at)
    if used and number is not None and kind in ("spell", "spellyear"):
        return used, float(number)
    return 0, None


def count_of(token: Token) -> int | None:
    """The number before a noun, "a" for one of a singular; None when unsaid or vague ("dozens")."""
    for child in token.children:
        if child.dep_ in ("nummod", "compound", "quantmod") and (
            child.pos_ == "NUM" or child.lower_ in _SPELT
        ):
            value = number(child)
            if value is not None:
                return value
    if token.tag_ in ("NN", "NNP") and any(
        child.dep_ == "det" and child.lower_ in ("a", "an") for child in token.children
    ):
        return 12 if token.lower_ == "dozen" else 1
    return None


def number(token: Token) -> int | None:
    """The value of a number token with the number words joined to it: "twelve", "2,500", "two hundred", "3 million"."""
    first = token.i
    while first > token.left_edge.i or (first > token.sent.start and _is_number(token.doc[first - 1])):
        if not _is_number(token.doc[first - 1]) or first == 0:
            break
        first -= 1
    words = [word.lower_ for word in token.doc[first : token.i + 4]]
    used, value = read_amount(words, 0)
    return int(value) if used and value is not None and value == int(value) else None


def _is_number(token: Token) -> bool:
    return (
        token.pos_ == "NUM"
        or token.lower_ in _SPELT
        or (
            token.lower_ in ("a", "an", "half")
            and token.i + 1 < len(token.doc)
            and token.nbor().lower_ in (*_SPELT, "a")
        )
        or (token.text == "-" and token.i > 0 and token.nbor(-1).pos_ == "NUM")
    )


def unit_of(noun: Token) -> str | None:
    """The unit a noun names: an ISO 4217 code, an SI symbol, or the thing counted; None for other nouns."""
    lemma = noun.lemma_.lower()
    if lemma == "mile" and any(child.lower_ == "nautical" for child in noun.children):
        return "nautical mile"
    return _MONEY.get(lemma) or _UNITS.get(lemma)


def money(found: re.Match[str]) -> tuple[str, int | None]:
    """(unit, whole value) of a match of `AMOUNT`: currency by its sign, or percent."""
    if found["figure"]:
        value = float(found["figure"].replace(",", ""))
        return "percent", int(value) if value == int(value) else None
    value = float(found["money"].replace(",", "")) * _TIMES.get((found["scale"] or "").lower(), 1)
    return _MONEY[found["sign"].lower()], round(value)
