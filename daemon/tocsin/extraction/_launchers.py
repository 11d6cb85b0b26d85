"""Who launched, where the words do not say: "the missile was fired from Sunan".

A launch from a country's own ground is taken for its government's, unless armed groups fire from there; else the one
party that the article tells of launching; else the state whose own make the weapon is. The inferred actor's span is
the words it was inferred from.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._locate import located
from tocsin.extraction.actors import load_names
from tocsin.model import Actor, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from tocsin.extraction._article import Article
    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LAUNCH = "weapons.launch"
_GROUNDS = ("from", "at", "in", "on", "near", "outside", "around")
# where it came down is not where it left: of these only "from" tells the ground
_ARRIVING = frozenset({"land", "fall", "splash", "descend", "overfly", "fly", "travel", "soar", "come"})
_AWAY = frozenset({"off", "over", "into", "toward", "towards", "above"})
# from the ground of these, groups that are no state fire as often as the state
_SHARED_GROUND = frozenset(
    {"PSE", "LBN", "YEM", "SYR", "IRQ", "LBY", "SOM", "SDN", "AFG", "UKR", "MMR", "COD", None}
)
_OWN_MAKE = {
    "PRK": r"Hwasong|Nodong|Rodong|No Dong|Musudan|Taepo ?[Dd]ong|Unha|Pu[gk]k[ug]+ksong|KN-\d\d|Kwangmy[oŏ]ngs[oŏ]ng|"
    r"Chollima-1|Malligyong|Hwasal",
    "IRN": r"Shahab|Sejjil|Khorramshahr|Ghadr|Qiam|Fattah|Kheibar|Simorgh|Safir|Qased|Qaem",
    "RUS": r"Sarmat|Topol|Yars|Bulava|Sineva|Avangard|Zircon|Tsirkon|Burevestnik",
    "CHN": r"DF-\d+|Dongfeng|JL-\d|Long March",
    "IND": r"Agni|Prithvi|Shaurya|Dhanush|Nirbhay|Pralay|BrahMos",
    "PAK": r"Ghauri|Babur|Ababeel|Abdali|Ghaznavi",
    "USA": r"Minuteman|Trident",
    "KOR": r"Hyunmoo",
    "ISR": r"Jericho",
}
_MAKES = re.compile("|".join(rf"\b(?P<{code}>{names})" for code, names in _OWN_MAKE.items()))
_WIELDING = _set(
    "test fire launch conduct carry make do stage loft premiere unveil display develop build parade possess deploy hold "
    "attempt continue resume oversee supervise guide produce shoot lob stockpile"
)
_WEAPON = re.compile(
    r"\b(?:missiles?|rockets?|projectiles?|satellites?|spacecraft|[a-z]*icbms?|[a-z]rbms?|slbms?|scuds?|warheads?|weapons?|"
    r"launch(?:es|er|ers)?|tests?)\W*$",
    re.IGNORECASE,
)


_ARMS = re.compile(r"missile|rocket|projectile|satellite|launch|[irs]cbm|[irs][rl]bm|\btest", re.IGNORECASE)


def note_launch(reading: Reading, match: Match) -> None:
    """Remember from where a launch was made and whose the weapons of its sentence are, for `launchers`."""
    article = reading.article
    at = reading.sentence.start + match.token.idx
    site = _site(reading, match) if match.pattern.type.startswith(_LAUNCH) else None
    if site is not None:
        article.sites[at] = site
    note_weapons(reading, at)


def note_weapons(reading: Reading, at: int) -> None:
    """Remember for the launch at offset `at`, or for a sentence there that tells of none, whose weapons are spoken of."""
    if not _ARMS.search(reading.text):
        return
    make = _owner(reading) or _wielder(reading) or _make(reading)
    if make is not None:
        reading.article.makes.setdefault(at, make)


def _wielder(reading: Reading) -> Actor | None:
    """Who is said to test, show or build a weapon in the same sentence: "the images Iran released of its test" is not."""
    for token in reading.doc:
        verb = token.head.head if token.dep_ == "pobj" and token.head.dep_ == "agent" else token.head
        if token.dep_ not in ("nsubj", "pobj") or verb.lemma_.lower() not in _WIELDING or verb.pos_ != "VERB":
            continue
        name = reading.name_at(token)
        if name is None or name.kind not in ("country", "seat", "person") or name.country is None:
            continue
        if token.dep_ == "pobj" and token.head.dep_ != "agent":
            continue
        if token.dep_ == "pobj" or any(
            _WEAPON.search(word.text) for child in verb.rights for word in child.subtree
        ):
            text = reading.text[name.start : name.end]
            return _state(name.country, text, reading.sentence.start + name.start)
    return None


def _make(reading: Reading) -> Actor | None:
    found = _MAKES.search(reading.text)
    if found is None or found.lastgroup is None:
        return None
    return _state(found.lastgroup, found[0], reading.sentence.start + found.start())


def _owner(reading: Reading) -> Actor | None:
    """“A North Korean ICBM”, "Iran's new rocket", "North Korean missile tests"."""
    for token in reading.doc:
        if token.dep_ not in ("amod", "poss", "compound", "nmod") or not _WEAPON.search(token.head.text):
            continue
        name = reading.name_at(token)
        if name is not None and name.kind in ("demonym", "country", "seat") and name.country:
            text = reading.text[name.start : name.end]
            return _state(name.country, text, reading.sentence.start + name.start)
    return None


def _site(reading: Reading, match: Match) -> Actor | None:
    for token in _grounds(match):
        place = located(reading, token)
        if place is not None and place.country not in _SHARED_GROUND:
            return _state(str(place.country), place.text, place.start)
    return None


def _grounds(match: Match) -> Iterator[Token]:
    """What the launch is said to be from, at or in; the launch itself, its verb, and the clauses that tell of it."""
    anchors = [match.token, *(match.noun.preps.get("of", []) if match.noun is not None else ())]
    if match.noun is not None:
        anchors += [
            verb for verb in (match.noun.occurs, match.noun.verb and match.noun.verb.verb) if verb is not None
        ]
    arriving = match.token.lemma_.lower() in _ARRIVING
    for word in ("from",) if arriving else _GROUNDS:
        for anchor in anchors:
            for token in anchor.subtree if anchor.pos_ != "VERB" else anchor.children:
                for prep in (
                    token,
                    *(child for child in token.children if token.dep_ in ("prep", "prt", "advmod")),
                ):
                    if prep.lower_ == word and prep.dep_ == "prep" and token.lower_ not in _AWAY:
                        yield from (
                            good for good in prep.children if good.dep_ == "pobj" and not _offshore(good)
                        )
                        yield from (
                            below
                            for good in prep.children
                            if good.dep_ == "prep" and good.lower_ not in _AWAY
                            for below in good.children
                            if below.dep_ == "pobj"
                        )


def _offshore(token: Token) -> bool:
    return any(child.lower_ in _AWAY for child in token.children)


def _state(code: str, text: str, start: int) -> Actor:
    return Actor(text, start, start + len(text), load_names().countries.get(code, code), code, "GOV")


def launchers(mentions: list[Mention], article: Article) -> list[Mention]:
    """Launches that name nobody get the launcher the article gives them; weapons are nobody."""
    out = [_without_weapons(mention) for mention in mentions]
    told = {
        actor.country for mention in out if _is_launch(mention) for actor in mention.source if actor.country
    }
    for at, mention in enumerate(out):
        if not _is_launch(mention) or any(actor.country or actor.sector for actor in mention.source):
            continue
        found = _inferred(mention, out, article, told)
        if found is not None:
            out[at] = replace(mention, source=(found,))
    return out


def _is_launch(mention: Mention) -> bool:
    return mention.type.startswith(_LAUNCH)


def _without_weapons(mention: Mention) -> Mention:
    """“The Musudan missile flew”: no actor."""
    if not _is_launch(mention):
        return mention
    kept = tuple(
        actor
        for actor in mention.source
        if actor.country or not (_WEAPON.search(actor.text) or _MAKES.search(actor.text))
    )
    return mention if len(kept) == len(mention.source) else replace(mention, source=kept)


def _inferred(mention: Mention, mentions: list[Mention], article: Article, told: set[str]) -> Actor | None:
    at = mention.trigger.start
    site, make = article.sites.get(at), article.makes.get(at)
    if len(told) == 1:
        known = next(a for m in mentions if _is_launch(m) for a in m.source if a.country in told)
        if site is None or site.country == known.country:
            return known
    return site or make or _single(article)


def _single(article: Article) -> Actor | None:
    """The one state of which the article's other launches give a site or a make."""
    found = [*article.sites.values(), *article.makes.values()]
    return found[0] if found and len({actor.country for actor in found}) == 1 else None
