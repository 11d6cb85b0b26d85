"""Domestic parties: "police", "the parliament", "two suspects" belong to the country the words are about.

The country comes from the place of the event, else from the only country the sentence tells, else from the country
the article is about. People and bodies from elsewhere ("tourists", "peacekeepers") and those that several states
have part in are left alone, and so is a party that would then face its own government across a border.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._frame import words_of
from tocsin.extraction.actors import load_names
from tocsin.extraction.places import load_gazetteer
from tocsin.model import Actor, Place

if TYPE_CHECKING:
    from tocsin.extraction._reading import Reading
    from tocsin.extraction._text import Sentence
    from tocsin.extraction.times import Dateline

# acts that mostly happen between people of one country
_LOCAL = ("conflict", "coercion", "protest", "disaster", "politics")
_ABROAD = ("coercion.sanction", "coercion.embargo", "coercion.block")
_ORDER = frozenset({"POL", "JUD", "MIL", "LEG", "GOV"})
_STATE = frozenset({"GOV", "MIL"})
_OFFICIAL = frozenset({"GOV", "MIL", "POL", "JUD", "LEG"})
_PRIVATE = frozenset({None, "MED", "BUS"})
_NEAR = frozenset({"CVL", "POL", "JUD", "OPP"})
_INNER = frozenset({"LEG", "JUD", "OPP", "POL"})  # met by the army or the state at home only
_BODIES = frozenset({"GOV", "MIL", "POL", "JUD", "LEG", "OPP", "REB", "CVL"})
_HELD = (
    "coercion.arrest",
    "coercion.detain",
    "coercion.charge",
    "coercion.sentence",
    "coercion.release",
    "coercion.raid",
)
# those who are in a country and not of it, or of no one country
_FOREIGN = words_of(
    """
    foreign foreigner foreigners holidaymaker holidaymakers international global world worldwide regional western eastern african european asian
    arab latin tourist tourists traveller travellers traveler travelers visitor visitors migrant migrants refugee
    refugees immigrant immigrants asylum expatriate expatriates peacekeeper peacekeepers mercenary mercenaries diplomat
    diplomats ambassador ambassadors embassy embassies consulate consulates envoy envoys delegation allied allies ally
    coalition multinational country countries nation nations state states neighbour neighbours neighbor neighbors
    leaders negotiators counterpart counterparts mediator mediators bloc alliance council union commission hackers
    pilgrims passengers crew crews sailors seamen missionaries inspectors observers monitors donors creditors investors
    capital capitals pope region others both jihadist jihadists republic kingdom
    """
)
# attackers of whom no more is told than the attack
_UNKNOWN = words_of(
    """
    gunman gunmen attacker attackers assailant assailants bomber bombers man men kidnapper kidnappers knifeman sniper
    snipers hijacker hijackers suspect suspects
    """
)
_COLON = re.compile(r"\s*([A-Z][A-Z.' -]{2,30}[A-Z]):\s")  # "ISLAMABAD: The army said"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PRONOUNS = words_of("he she it they we i him her them us who its his their our itself himself themselves")


def home_of(text: str, head: Dateline | None, cut: list[Sentence]) -> str | None:
    """Alpha-3 code of the country an article is about: its lead names no other, or names that of the dateline."""
    at = _dateline_country(text, head)
    if len(cut) < 2 and at is None:
        return None  # a sentence alone speaks for itself
    headline = len(cut) > 1 and cut[0].paragraph == 0 and cut[1].paragraph > 0
    told = {
        name.country
        for sentence in cut[: 2 if headline else 1]
        for name in load_names().find(sentence.clean)
        if name.country and name.sector != "MED"
    }
    if at is not None and (at in told or not told):
        return at
    return next(iter(told)) if len(told) == 1 else None


def _dateline_country(text: str, head: Dateline | None) -> str | None:
    if head is not None and head.place is not None:
        words = text[slice(*head.place)]
    elif (colon := _COLON.match(text)) is not None:
        words = colon[1]
    else:
        return None
    for part in reversed([words, *words.split(",")]):
        plain = part.strip().title() if part.isupper() else part.strip()
        code = load_names().country_of(plain)
        if code is None:
            spot = load_gazetteer().find(plain)
            code = None if spot is None else spot.country
        if code is not None:
            return code
    return None


def at_home(
    reading: Reading, kind: str, sides: tuple[tuple[Actor, ...], tuple[Actor, ...]], place: Place | None
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Source and target of an event type `kind`, bare domestic parties with their country."""
    source, target = sides
    return (
        tuple(_settled(reading, kind, actor, target, place, doer=True) for actor in source),
        tuple(_settled(reading, kind, actor, source, place, doer=False) for actor in target),
    )


def _settled(
    reading: Reading, kind: str, actor: Actor, others: tuple[Actor, ...], place: Place | None, *, doer: bool
) -> Actor:
    if actor.country is not None or not _domestic(reading, kind, actor, doer=doer):
        return actor
    code = _country(reading, kind, actor, others, place, doer=doer) or reading.settled.get(actor.start)
    if code is None:
        return actor
    reading.settled[actor.start] = code
    return replace(actor, country=code)


def _country(
    reading: Reading, kind: str, actor: Actor, others: tuple[Actor, ...], place: Place | None, *, doer: bool
) -> str | None:
    local = kind.startswith(_LOCAL) and not kind.startswith(_ABROAD)
    if local and place is not None and place.country is not None:
        told = reading.told_countries()
        sure = actor.sector not in _STATE or told <= {place.country} or _definite(actor)
        return place.country if sure else None
    codes: tuple[str | None, ...] = (reading.only_country(), reading.article.home)
    if local and doer and actor.sector in _ORDER:
        codes = codes[::-1]
    for code in codes:
        if code is not None and _fits(reading, kind, code, actor, others, doer=doer):
            return code
    if local and actor.sector in _NEAR and (doer or kind.startswith("protest")):
        return _single(reading.located())
    if kind.startswith("conflict") and actor.sector == "CVL" and not doer:
        return _single(reading.located(struck=True) - {other.country for other in others})
    return None


def _single(codes: frozenset[str | None] | frozenset[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def _fits(
    reading: Reading, kind: str, code: str, actor: Actor, others: tuple[Actor, ...], *, doer: bool
) -> bool:
    """Whether the parties can be of one country: a state does not urge, bomb or visit itself."""
    local = kind.startswith(_LOCAL) and not kind.startswith(_ABROAD)
    same = [other for other in others if other.country == code]
    if not same:
        return local or _fits_alone(reading, kind, code, actor, others, doer=doer)
    if kind.startswith("coercion") and doer:
        return code == reading.article.home or any(other.sector not in ("CVL", None) for other in same)
    if all(other.sector is not None and other.sector not in _STATE for other in same):
        return True
    if kind.startswith("conflict"):
        return actor.sector in _INNER
    return local and actor.sector != "REB"


def _fits_alone(
    reading: Reading, kind: str, code: str, actor: Actor, others: tuple[Actor, ...], *, doer: bool
) -> bool:
    """Whether the country can be the party's when no other party is of it."""
    if actor.sector == "CVL" or (kind.startswith("diplomacy") and not _definite(actor)):
        return False
    at_home = code == reading.article.home or code in reading.located()
    return at_home and (doer or _definite(actor) or not any(other.country for other in others))


def _domestic(reading: Reading, kind: str, actor: Actor, *, doer: bool) -> bool:
    """Whether it is a body or people that every country has, named by a common noun or a title."""
    words = _WORD.findall(actor.text)
    lower = {word.lower() for word in words}
    if not words or lower & _FOREIGN or lower <= _PRONOUNS:
        return False
    names = load_names().find(actor.text)
    if any(name.kind != "organisation" or name.sector not in _OFFICIAL for name in names):
        return False
    if doer and lower & _UNKNOWN:
        return False
    first = actor.start == reading.sentence.start + _begin(reading.sentence.clean)
    proper = [word for word in words[1 if first else 0 :] if word[0].isupper()]
    if actor.sector not in _BODIES:
        return actor.sector in _PRIVATE and not doer and not proper and kind.startswith(_HELD)
    return not (proper and actor.sector in ("REB", "CVL"))


def _definite(actor: Actor) -> bool:
    return actor.text[:4].lower() == "the "


def _begin(text: str) -> int:
    return len(text) - len(text.lstrip(" \"'“‘"))
