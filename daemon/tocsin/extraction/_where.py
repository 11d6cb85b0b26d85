"""The place of the act: from locative prepositions at the event, never from the actors around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._frame import chain_up
from tocsin.model import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading

_AT = (
    "in",
    "at",
    "near",
    "outside",
    "inside",
    "off",
    "over",
    "around",
    "within",
    "across",
    "through",
    "on",
    "along",
)
_INTO = ("into", "toward", "towards")
_GOING = ("to",)
_FROM = frozenset({"weapons"})  # a launch happens where it starts
_TOWARD = frozenset({"diplomacy.visit"})
_AREA = frozenset(
    [
        "area",
        "region",
        "province",
        "city",
        "town",
        "village",
        "county",
        "district",
        "site",
        "base",
        "airport",
        "port",
        "coast",
        "neighbourhood",
        "neighborhood",
        "border",
        "island",
        "capital",
        "suburb",
        "facility",
        "school",
        "hospital",
        "mosque",
        "church",
        "market",
        "camp",
    ]
)


def place_of(reading: Reading, match: Match) -> Place | None:
    """The gazetteer's place for the event, or None; a country counts when nothing nearer is named."""
    kind = match.pattern.type
    preps = [*_AT]
    if kind.partition(".")[0] in _FROM:
        preps = ["from", *preps]
    elif kind.partition(".")[0] == "conflict":
        preps += [*_INTO]
    if kind in _TOWARD:
        preps += _GOING
    country: Place | None = None
    for token in _locatives(match, preps):
        for head in (token, *_inside(token)):
            place = _place(reading, head)
            if place is None:
                continue
            if place.lat is not None:
                return place
            country = country or place
    return country


def _locatives(match: Match, preps: list[str]) -> list[Token]:
    """Objects of the locative prepositions at the event, its object and its light verb, nearest first."""
    anchors = [match.token]
    if match.frame is not None:
        anchors += match.frame.object
    if match.noun is not None:
        if match.noun.verb is not None:
            anchors.append(match.noun.verb.verb)
        elif match.noun.occurs is not None:
            anchors.append(match.noun.occurs)
    found: list[tuple[int, Token]] = []
    for anchor in anchors:
        for child in anchor.children:
            for prep in (
                child,
                *(below for below in child.children if child.dep_ in ("prep", "advmod", "prt")),
            ):
                if prep.dep_ == "prep" and prep.lower_ in preps:
                    found += [
                        (preps.index(prep.lower_), good) for good in prep.children if good.dep_ == "pobj"
                    ]
    found.sort(key=lambda item: item[0])
    return [token for _, token in found]


def _inside(token: Token) -> list[Token]:
    """“an area near Wonsan”, "the city of Homs", "the Sunan area of Pyongyang", "Homs, Syria"."""
    inner = [
        child
        for child in token.children
        if child.dep_ in ("compound", "nmod", "amod", "poss") and child.pos_ == "PROPN"
    ]
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in (
            "of",
            "in",
            "near",
            "off",
            "on",
            "from",
            "outside",
            "at",
        ):
            inner += [good for good in child.children if good.dep_ == "pobj"]
        elif child.dep_ == "appos":
            inner.append(child)
    return inner


def _place(reading: Reading, token: Token) -> Place | None:
    if token.pos_ not in ("PROPN", "NOUN") or token.ent_type_ == "DATE":
        return None
    name = reading.name_at(token)
    if name is not None and name.kind in ("person", "organisation", "demonym"):
        return None
    spot = reading.spot(token) if token.pos_ == "PROPN" else None
    if spot is None and name is not None and name.kind == "country":
        spot = reading.place_at(token)
    if spot is None:
        return None
    first = token.i
    while (
        first > 0 and reading.doc[first - 1].dep_ == "compound" and reading.doc[first - 1].head.i == token.i
    ):
        first -= 1
    if name is not None:
        first = min(first, next((word.i for word in reading.doc if reading.name_at(word) is name), first))
    start, end, text = reading.span_text(first, token.i + 1)
    base = reading.sentence.start
    return Place(text, base + start, base + end, spot.name, spot.country, spot.lat, spot.lon)


def under_condition(token: Token) -> bool:
    """Whether a head above is a conditional clause."""
    return any(
        head.dep_ == "advcl" and any(child.lower_ == "if" for child in head.children)
        for head in chain_up(token)
    )
