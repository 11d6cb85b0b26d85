"""The place that a phrase names, with what qualifies it: "Columbus, Ohio", "the Pakistani city of Quetta"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tocsin.extraction.places import Spot, load_gazetteer
from tocsin.model import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading
    from tocsin.extraction.actors import Name


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONGEST = 6  # words of a name
_KINDS = _set(
    "area region province state oblast governorate district county prefecture department city town village island "
    "islands peninsula desert valley airport airfield port base coast mountains river suburb neighbourhood neighborhood "
    "municipality township camp crossing highway square temple site plant dam bridge strait sea gulf lake forest "
    "settlement commune capital cosmodrome range facility complex barracks"
)
_TITLES = _set("Province State Region Oblast Governorate District County Prefecture Airport Department")
_SETTLED = _set(
    "city town village district province region state area suburb neighbourhood neighborhood settlement port commune "
    "island municipality township county governorate prefecture oblast department"
)
_INSIDE = ("in", "of", "on", "near", "off", "outside", "at", "around", "along", "within", "inside")
_PARTS = _set(
    "north south east west northeast northwest southeast southwest northern southern eastern western central downtown "
    "upper lower greater inner outer old suburban rural occupied mainland mount"
)
_AFTER_NAME = ("in", "near", "on", "off", "at", "outside")  # "Mary Johnson, of Burnsville" lives there
_HELD = ("held", "occupied", "controlled", "administered", "backed", "annexed", "run", "ruled")


def located(reading: Reading, token: Token, *, party: bool = False) -> Place | None:
    """The place under a token in a locative slot, or the one inside its phrase; None when there is none.

    `party`: the slot may as well hold a person or a body, so that only a place beyond doubt will do.
    """
    country: Place | None = None
    for head in (token, *_inner(token)):
        place = _place(reading, head)
        if place is None or (party and head is token and not _is_plain(reading, head)):
            continue
        if place.lat is not None or place.name is None:
            return place
        if not _is_country(reading, head):
            return place
        country = country or place
    return country


def _inner(token: Token, depth: int = 0) -> Iterator[Token]:
    """“An area near Wonsan”, "the city of Homs", "a market in Homs", "Khartoum's Bahri district", nearest first."""
    if depth > 3:
        return
    if token.pos_ != "PROPN" or token.lower_ in _KINDS:  # not "the Atlanta Hawks"
        for child in token.children:
            if child.dep_ in ("compound", "nmod", "poss") and child.pos_ == "PROPN":
                yield child
    for child in token.children:
        if child.dep_ == "appos":
            yield child
            yield from _inner(child, depth + 1)
        elif child.dep_ == "prep" and child.lower_ in (_INSIDE if token.pos_ != "PROPN" else _AFTER_NAME):
            for good in child.children:
                if good.dep_ == "pobj":
                    yield good
                    yield from _inner(good, depth + 1)


def _is_plain(reading: Reading, token: Token) -> bool:
    """A region, a country, or a city so large, or of a country so much spoken of, that nobody of that name is meant."""
    spanned = _name_span(reading, token)
    spot = None if spanned is None else load_gazetteer().find(spanned[2], _near(reading))
    return spot is not None or token.pos_ == "NOUN" or _is_country(reading, token)


def _is_country(reading: Reading, token: Token) -> bool:
    name = reading.name_at(token)
    return name is not None and name.kind in ("country", "seat")


def _place(reading: Reading, token: Token) -> Place | None:
    if token.pos_ not in ("PROPN", "NOUN", "ADJ", "NUM", "X"):
        return None
    if token.lower_ == "capital":
        return _capital(reading, token)
    spanned = _name_span(reading, token)
    if spanned is None:
        return _unlisted(reading, token) if reading.name_at(token) is None else None
    first, last, text = spanned
    if text in reading.article.spots:  # as it was first told: "in Wellington, Somerset … in Wellington"
        return _make(reading, first, last, reading.article.spots[text])
    other = _is_other(reading, token, text, last - first)
    spot = None if other else _spot(reading, token, first, last, text)
    if spot is None:
        return None
    if spot.country is not None and not _is_country(reading, token):
        reading.article.countries.add(spot.country)
    return _make(reading, first, last, spot)


def _is_other(reading: Reading, token: Token, text: str, words: int) -> bool:
    """Somebody's name, or a part of one, unless a region of our own table is longer."""
    name = reading.name_at(token)
    other = name is not None and name.kind in ("person", "organisation", "demonym")
    return other and (words < 2 or _listed(text) is None)


def _spot(reading: Reading, token: Token, first: int, last: int, text: str) -> Spot | None:
    gazetteer = load_gazetteer()
    near = _near(reading)
    within = _qualifiers(reading, first, last)
    if within:
        spot = gazetteer.choose(text, near, within)
        if spot is not None:
            reading.article.spots[text] = spot
            return spot
        listed = _listed(text)
        if listed is not None and listed.country is None:
            return listed
        if not _is_country(reading, token):
            return Spot(_bare(text), within[0].country, None, None)
    readings = {bound.country for bound in gazetteer.bounds(text)}
    if len(readings) > 1 and _is_country(reading, token) and len(readings & set(near)) > 1:
        return None  # "in Georgia", of the United States or the Caucasus
    spot = gazetteer.choose(text, near) or gazetteer.choose(_bare(text), near)
    doubtful = spot is not None and spot.people > 0 and spot.country not in near
    return None if doubtful and _is_qualified(reading, last) else spot


def _is_qualified(reading: Reading, last: int) -> bool:
    """“Wellington, Somerset”: a qualifier that is not listed speaks against the largest city of the name."""
    doc = reading.doc
    if last + 2 >= len(doc) or doc[last].text != "," or doc[last + 1].pos_ != "PROPN":
        return False
    known = reading.name_at(doc[last + 1]) is not None or load_gazetteer().named(doc[last + 1].text)
    return not known and doc[last + 2].text in (",", ".", "and")


def _make(reading: Reading, first: int, last: int, spot: Spot) -> Place:
    start, end, text = reading.span_text(first, last)
    base = reading.sentence.start
    return Place(text, base + start, base + end, spot.name, spot.country, spot.lat, spot.lon)


def _listed(text: str) -> Spot | None:
    """A region, sea or site of our own table with just this name."""
    found = [spot for spot in load_gazetteer().named(text) if spot.people == 0]
    return found[0] if found else None


def _bare(text: str) -> str:
    """“Helmand province” is listed as Helmand; "Bay City" is a name of its own."""
    words = text.split()
    while len(words) > 1 and words[-1].lower() in _KINDS and (words[-1][0].islower() or words[-1] in _TITLES):
        words.pop()
    return " ".join(words)


def _name_span(reading: Reading, token: Token) -> tuple[int, int, str] | None:
    """The longest name of the gazetteer that covers a token: first token, last (exclusive), text."""
    gazetteer, doc = load_gazetteer(), reading.doc
    lowest, highest = max(0, token.i - _LONGEST + 1), min(len(doc), token.i + _LONGEST)
    for size in range(_LONGEST, 0, -1):
        for first in range(max(lowest, token.i - size + 1), token.i + 1):
            last = first + size
            if last > highest or not doc[first].text[0].isupper() or (size > 1 and not _tail(doc[last - 1])):
                continue
            if _is_part(reading, first, last):
                continue
            text = doc[first:last].text
            named = gazetteer.named(text)
            if named and (named[0].people == 0 or doc[last - 1].text[0].isupper()):
                return first, last, text
            bare = _bare(text)
            if bare != text and gazetteer.named(bare):
                return first, last, text
    return None


def _is_part(reading: Reading, first: int, last: int) -> bool:
    """The end of a longer name: "West Coast Bank", "Kimani Gray"; not "northern Iraq" or "Pakistan's Quetta"."""
    doc = reading.doc
    if first == 0 or last > len(doc):
        return False
    before = doc[first - 1]
    end = doc[last - 1]
    inside = first <= before.head.i < last or (end.dep_ == "compound" and before.head.i == end.head.i)
    joined = before.dep_ in ("compound", "nmod") and inside
    return (
        joined
        and before.pos_ == "PROPN"
        and before.lower_ not in _PARTS
        and before.lower_ not in _KINDS
        and reading.name_at(before) is None
    )


def _tail(token: Token) -> bool:
    """The last word of a name: no comma, preposition or verb."""
    return token.is_alpha or "-" in token.text or "'" in token.text[1:] or token.text[0].isdigit()


def _near(reading: Reading) -> list[str]:
    """Countries of the article and, once more, those of this sentence."""
    here = {name.country for name in _names(reading) if name.country}
    return [*reading.article.countries, *here]


def _names(reading: Reading) -> list[Name]:
    found: list[Name] = []
    for token in reading.doc:
        name = reading.name_at(token)
        if name is not None and (not found or found[-1] is not name):
            found.append(name)
    return found


def _qualifiers(reading: Reading, first: int, last: int) -> list[Spot]:
    """What follows or precedes a name and says where it lies: ", Ohio", "in southern Iraq", "Pakistani city of"."""
    doc = reading.doc
    head = doc[last - 1]
    found = _after_comma(reading, last)
    if found:
        return found
    for token in (head, head.head if head.dep_ in ("compound", "nmod", "poss", "appos") else head):
        for child in token.rights:
            if child.i >= last and child.dep_ == "prep" and child.lower_ in ("in", "of"):
                found += _bounds_of(reading, child)
            elif child.i >= last and child.dep_ == "appos":
                found += _bounds_in(reading, child)
        if found:
            return found
    return _before(reading, doc[first], head)


def _after_comma(reading: Reading, last: int) -> list[Spot]:
    doc = reading.doc
    if last + 1 >= len(doc) or doc[last].text not in (",", "(") or not doc[last + 1].text[0].isupper():
        return []
    for size in (3, 2, 1):
        text = doc[last + 1 : last + 1 + size].text
        found = load_gazetteer().bounds(text) or load_gazetteer().bounds(_bare(text))
        follows = doc[last + 1 + size] if last + 1 + size < len(doc) else None
        if found and (
            follows is None or follows.pos_ in ("PUNCT", "ADP", "SPACE", "VERB", "AUX", "NOUN", "CCONJ")
        ):
            return [] if follows is not None and follows.text in ("'s", "’s", "and") else found
    return []


def _bounds_of(reading: Reading, prep: Token) -> list[Spot]:
    return [spot for good in prep.children if good.dep_ == "pobj" for spot in _bounds_in(reading, good)]


def _bounds_in(reading: Reading, phrase: Token) -> list[Spot]:
    """Countries and regions named in a phrase: "Lebanon's second city", "a province in northern Afghanistan"."""
    found: list[Spot] = []
    for token in phrase.subtree:
        name = reading.name_at(token)
        if name is not None and name.kind in ("country", "demonym") and name.country:
            found.append(Spot(name.name, name.country, None, None))
        elif token.pos_ == "PROPN" and (listed := load_gazetteer().bounds(token.text)):
            found += listed
    return found


def _before(reading: Reading, first: Token, head: Token) -> list[Spot]:
    """“The Pakistani city of Quetta”, "Nigeria's Borno state"; not "Russian-occupied Kherson"."""
    over = head
    if head.dep_ == "pobj" and head.head.lower_ == "of" and head.head.head.lower_ in _KINDS:
        over = head.head.head
    elif head.dep_ in ("compound", "nmod", "appos") and head.head.lower_ in _KINDS:
        over = head.head
    for child in over.children:
        if child.i < first.i and child.dep_ in ("amod", "poss", "compound", "nmod"):
            name = reading.name_at(child)
            held = any(word in reading.doc[child.i : min(child.i + 3, head.i)].text.lower() for word in _HELD)
            if name is not None and name.kind in ("country", "demonym") and name.country and not held:
                return [Spot(name.name, name.country, None, None)]
    return []


def _unlisted(reading: Reading, token: Token) -> Place | None:
    """“The Ukrainian village of Bilohorivka”: a name of its own and the country that goes with it."""
    if token.pos_ != "PROPN" or token.dep_ not in ("pobj", "appos", "nmod", "compound"):
        return None
    over = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "of" else token.head
    if over.lower_ not in _SETTLED:
        return None
    first = token.i
    while (
        first > 0 and reading.doc[first - 1].dep_ == "compound" and reading.doc[first - 1].head.i == token.i
    ):
        first -= 1
    within = _qualifiers(reading, first, token.i + 1)
    if not within:
        return None
    text = reading.doc[first : token.i + 1].text
    return _make(reading, first, token.i + 1, Spot(text, within[0].country, None, None))


def _capital(reading: Reading, token: Token) -> Place | None:
    """“The Georgian capital”: the city itself. A capital that is named is found by its name."""
    if any(child.dep_ in ("appos", "prep") for child in token.children):
        return None
    after = reading.doc[token.i + 1 : token.i + 3]
    if len(after) == 2 and after[0].text == "," and after[1].pos_ == "PROPN":  # "the capital, Lusaka"
        return _place(reading, after[1])
    for child in token.children:
        name = reading.name_at(child)
        if (
            name is None
            or child.i > token.i
            or name.kind not in ("country", "demonym")
            or name.country is None
        ):
            continue
        city = load_gazetteer().capital(name.country)
        if city is not None:
            return _make(reading, child.i, token.i + 1, city)
    return None
