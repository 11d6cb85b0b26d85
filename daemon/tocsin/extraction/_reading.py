"""One parsed sentence with what is known about it: names, actors, places, and the article around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._coref import cardinal, definite, pronoun
from tocsin.extraction._country import INNER, PRONOUNS, country_of
from tocsin.extraction._phrases import lemma_of, phrase_span
from tocsin.extraction.actors import Name, load_names, load_roles
from tocsin.extraction.places import Spot, load_gazetteer
from tocsin.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tocsin.extraction._article import Article
    from tocsin.extraction._text import Sentence

# agencies that speak for their state: "an official told KCNA" is an official of that country
_NATIONAL = frozenset(
    {"Korean Central News Agency", "KCNA", "TASS", "RIA Novosti", "Interfax", "Xinhua", "IRNA", "Mehr"}
)
_PAST = frozenset({"former", "ex", "then", "late", "ousted", "deposed", "onetime"})
_UPON = frozenset({"on", "upon", "into", "over", "against"})
# bodies that several states call by the name by which one of them is known
_COMMON = frozenset(
    {
        "Foreign Office",
        "Congress",
        "House of Representatives",
        "House of Commons",
        "Treasury",
        "Senate",
        "Federal Government",
        "Federal Council",
    }
)
_LOCATIVE = frozenset({"in", "at", "near", "outside", "inside", "across", "around", "throughout"})
_GENERIC = frozenset(
    {"country", "nation", "state", "capital", "district", "province", "region", "office", "palace"}
)


def _locative(prep: Token, *, struck: bool) -> bool:
    """“In”, "near", and the "of" of "in the suburbs of"."""
    if prep.lower_ == "of" and prep.head.dep_ == "pobj":
        prep = prep.head.head
    return prep.lower_ in _LOCATIVE or (struck and prep.lower_ in _UPON)


class Reading:
    """A sentence under examination."""

    def __init__(self, sentence: Sentence, doc: Doc, article: Article) -> None:
        self.sentence = sentence
        self.doc = doc
        self.text = doc.text  # spaCy puts it together anew at every call
        self.article = article
        self.roles = load_roles()
        self._actors: dict[int, Actor | None] = {}
        self._names: dict[int, Name] = {}
        self._resolving: set[int] = set()
        self.agency: str | None = None  # country of a national news agency that carries the words
        self.told: list[Name] = []  # names with a country, in order
        self.settled: dict[
            int, str
        ] = {}  # offset of a bare domestic party -> the country it was found to be of
        self._located: dict[bool, frozenset[str]] = {}
        for name in load_names().find(sentence.clean, article.day):
            if name.name in _NATIONAL:
                self.agency = name.country
            if name.country and name.name not in _COMMON:
                article.countries.add(name.country)
                if name.name not in _NATIONAL and name.sector not in ("MED", "BUS", "NGO", "IGO"):
                    self.told.append(name)
            for token in doc.char_span(name.start, name.end, alignment_mode="expand") or ():
                self._names[token.i] = name

    def span_text(self, first: int, last: int) -> tuple[int, int, str]:
        """Offsets in the sentence and text of the tokens first..last (exclusive)."""
        start = self.doc[first].idx
        end = self.doc[last - 1].idx + len(self.doc[last - 1])
        return start, end, self.text[start:end]

    def name_at(self, token: Token) -> Name | None:
        """The known name that covers a token."""
        return self._names.get(token.i)

    def is_actor(self, token: Token) -> bool:
        """Whether the phrase under a token names somebody who can act."""
        return self.actor(token) is not None

    def told_countries(self) -> frozenset[str]:
        """Alpha-3 codes of all countries that names of the sentence stand for."""
        return frozenset(name.country for name in self.told if name.country)

    def located(self, *, struck: bool = False) -> frozenset[str]:
        """The countries of the places that the sentence says something is in, at or near; or, `struck`, falls on."""
        if struck not in self._located:
            self._located[struck] = frozenset(
                spot.country
                for token in self.doc
                if token.dep_ == "pobj" and _locative(token.head, struck=struck)
                if (spot := self.place_at(token)) is not None and spot.country is not None
            )
        return self._located[struck]

    def only_country(self) -> str | None:
        """The country a sentence is about: no other is named, or no name but one place is."""
        found = self.told_countries() or self.located()
        return next(iter(found)) if len(found) == 1 else None

    def country_at(self, token: Token) -> str | None:
        """The country of the actor or place under a token."""
        actor = self.actor(token)
        return None if actor is None else actor.country

    def actor(self, token: Token) -> Actor | None:
        """The actor under a head token, or the actor inside its phrase ("Israel's decision"); None for things."""
        if token.i in self._actors:
            return self._actors[token.i]
        if token.i in self._resolving:
            return None
        self._resolving.add(token.i)
        found = self._resolve(token)
        self._resolving.discard(token.i)
        self._actors[token.i] = found
        return found

    def _resolve(self, token: Token) -> Actor | None:
        if token.pos_ in ("VERB", "AUX", "ADP", "PUNCT", "SPACE", "ADV", "PART", "SCONJ", "CCONJ"):
            return None
        if token.lower_ in PRONOUNS and token.text != "US":
            return pronoun(self, token)
        if token.text in ("North", "South"):
            return cardinal(self, token)
        name = self.name_at(token)
        if name is not None:
            return self._nationality(token, name) if name.kind == "demonym" else self._named(token, name)
        return self._described(token)

    def _nationality(self, token: Token, name: Name) -> Actor:
        """“Syrian” before a noun stands for the state, “the Syrians” for its people."""
        if token.pos_ == "ADJ" or token.dep_ in ("amod", "compound"):
            start, end = self.sentence.start + name.start, self.sentence.start + name.end
            text = self.sentence.clean[name.start : name.end]
            return Actor(text, start, end, name.name, name.country, "GOV")
        return self._make(token, name.name, name.country, "CVL" if token.text.endswith("s") else None)

    def _described(self, token: Token) -> Actor | None:
        """An actor by what it is: a role word, or a proper noun that may be somebody."""
        lemmas = self._lemmas(token)
        sector = self.roles.sector(lemmas)
        if sector is None and token.pos_ == "PROPN":
            sector = self._title_sector(token)
        country, owner = country_of(self, token)
        if sector is not None and not (lemmas[-1] in _GENERIC and country is None and len(lemmas) < 2):
            return self._role(token, sector, country, owner)
        if token.pos_ == "PROPN" and self._person_like(token):
            return self._make(token, self._plain(token), country, sector or self._apposition(token)[1])
        return None

    def inner_actor(self, token: Token) -> Actor | None:
        """The actor inside a phrase for a thing: "Israel's decision", "the Iranian drones", "attacks by Hamas"."""
        if token.pos_ not in ("NOUN", "PROPN", "NUM", "ADJ"):
            return None
        for child in token.children:
            if child.dep_ in INNER:
                found = self.actor(child)
                if found is not None and (found.country or found.sector or child.dep_ == "poss"):
                    return found
        for child in token.rights:
            if child.dep_ in ("prep", "agent") and child.lower_ in (
                "of",
                "by",
                "in",
                "from",
                "against",
                "on",
                "to",
                "with",
            ):
                for good in child.children:
                    found = self.actor(good) if good.dep_ == "pobj" else None
                    if found is not None:
                        return found
        return None

    def _named(self, token: Token, name: Name) -> Actor:
        """A name is the head, or stands at the end of a longer phrase ("Kremlin spokesman Dmitry Peskov")."""
        country = name.country
        sector = name.sector
        if name.kind == "person" and sector is None:
            sector = self._held_sector(token)
        if name.kind == "organisation" and country is None and name.sector in ("LEG", "GOV", "MIL"):
            country = country_of(self, token)[0]
        owner = self._owner(token, name) or self._local(name)
        if owner is not None and owner != country:
            return self._make(token, self._plain(token), owner, sector)
        head = self.doc.char_span(name.start, name.end, alignment_mode="expand")
        if head is not None and name.kind in ("country", "seat", "organisation"):
            first, last = head.start, head.end
            if first > 0 and self.doc[first - 1].lower_ == "the":
                first -= 1
            if name.kind != "organisation" and any(
                child.dep_ in ("amod", "compound") for child in token.lefts
            ):
                first = min(first, phrase_span(token)[0])
            return self._span(first, last, name.name, country, sector)
        return self._make(token, name.name, country, sector)

    def _local(self, name: Name) -> str | None:
        """“The Foreign Office” in an article from Islamabad that tells nothing of Britain is Pakistan's."""
        common = name.name in _COMMON and name.country not in self.article.countries
        return self.article.home if common else None

    def _owner(self, token: Token, name: Name) -> str | None:
        """Whose an institution is that many countries have: "Chile's Defense Department" is not Washington's."""
        if name.kind != "organisation" or name.sector not in ("GOV", "MIL", "JUD", "LEG", "POL"):
            return None
        for child in token.lefts:
            if child.dep_ in ("poss", "amod", "compound", "nmod") and child.idx + len(child) <= name.start:
                other = self.name_at(child)
                if other is not None and other.kind in ("country", "demonym", "seat"):
                    return other.country
        after = self.doc.char_span(name.start, name.end, alignment_mode="expand")
        if after is None or after.end + 1 >= len(self.doc) or self.doc[after.end].lower_ != "of":
            return None
        names = (self.name_at(word) for word in self.doc[after.end + 1 : after.end + 3])  # "of the Gambia"
        other = next((found for found in names if found is not None), None)
        return other.country if other is not None and other.kind == "country" else None

    def _role(self, token: Token, sector: str, country: str | None, owner: Name | None) -> Actor:
        if country is None and owner is None:
            back = definite(self, token)
            if back is not None:
                return self._make(token, back.name, back.country, back.sector or sector)
            if sector in ("GOV", "MIL"):
                country = self._by_compound(token) or self.agency
        appos_name = self._apposition(token)
        if appos_name[0] is not None:
            return self._make(token, appos_name[0], appos_name[2] or country, sector)
        if owner is not None and owner.sector == "IGO" and sector in ("GOV", "NGO", "CVL"):
            sector = "IGO"
        if sector == "PTY":
            sector = "GOV" if "ruling" in self._lemmas(token) else "OPP"
        return self._make(token, self._plain(token), country, sector)

    def _by_compound(self, token: Token) -> str | None:
        """“A ministry official” after "Iran's foreign ministry": the ministry's country."""
        for child in token.children:
            if child.dep_ in ("compound", "amod"):
                known = self.article.heads.get(lemma_of(child))
                if known is not None:
                    return known.country
        return None

    def _lemmas(self, token: Token) -> list[str]:
        first, _ = phrase_span(token)
        before = [
            lemma_of(word) for word in self.doc[first : token.i] if word.dep_ in ("compound", "amod", "nmod")
        ]
        return [*before[-3:], lemma_of(token)]

    def _title_sector(self, token: Token) -> str | None:
        """The sector of "Foreign Minister X": the role among the words before the name."""
        lemmas: list[str] = []
        for word in self.doc[phrase_span(token)[0] : token.i]:
            if word.dep_ in ("compound", "amod", "nmod", "appos"):
                lemmas.append(lemma_of(word))
                sector = self.roles.sector(lemmas)
                if sector is not None and lemma_of(word) not in ("people", "state"):
                    return sector
        return None

    def _held_sector(self, token: Token) -> str | None:
        """The sector of an office that the text gives somebody himself, unless it says that he held it once."""
        before = self.doc[phrase_span(token)[0] : token.i]
        return None if any(word.lower_ in _PAST for word in before) else self._title_sector(token)

    def _person_like(self, token: Token) -> bool:
        """A proper noun that may be somebody: not a month, not a lone place of the gazetteer."""
        spot = self.spot(token)
        if spot is not None and spot.country is None:
            return False  # a sea acts for nobody
        return (
            token.text[:1].isupper() and token.ent_type_ == "" and len(token.text) > 1 and not token.like_num
        )

    def _apposition(self, token: Token) -> tuple[str | None, str | None, str | None]:
        """Name, sector and country of "the foreign minister, X" or "X, the foreign minister"."""
        for child in token.rights:
            if child.dep_ == "appos":
                name = self.name_at(child)
                if name is not None and name.kind == "person":
                    return name.name, name.sector, name.country
                return None, self.roles.sector(self._lemmas(child)), None
        return None, None, None

    def city(self, token: Token) -> Spot | None:
        """The gazetteer's place for a proper noun that is no known name."""
        if token.pos_ != "PROPN" or token.i in self._names:
            return None
        return self.spot(token)

    def spot(self, token: Token) -> Spot | None:
        """The gazetteer's place for a proper noun, with the words before it where they belong to the name."""
        gazetteer = load_gazetteer()
        first = token.i
        while first > 0 and self.doc[first - 1].dep_ == "compound" and self.doc[first - 1].head.i == token.i:
            first -= 1
        while first < token.i and self.doc[first].pos_ != "PROPN":
            first += 1
        for begin in range(first, token.i + 1):
            _, _, text = self.span_text(begin, token.i + 1)
            found = gazetteer.find(text, self.article.countries)
            if found is not None and (begin == first or found.people == 0):
                return found
        return None

    def place_at(self, token: Token) -> Spot | None:
        """A place or country under a token."""
        name = self.name_at(token)
        if name is not None and name.kind in ("country", "seat"):
            return Spot(name.name, name.country, None, None)
        return self.spot(token) if token.pos_ == "PROPN" else None

    def _plain(self, token: Token) -> str:
        first, last = phrase_span(token)
        while first < last - 1 and (self.doc[first].dep_ == "det" or self.doc[first].like_num):
            first += 1
        return " ".join(self.span_text(first, last)[2].split())

    def _make(self, token: Token, name: str | None, country: str | None, sector: str | None) -> Actor:
        first, last = phrase_span(token)
        return self._span(first, last, name, country, sector)

    def _span(
        self, first: int, last: int, name: str | None, country: str | None, sector: str | None
    ) -> Actor:
        start, end, text = self.span_text(first, last)
        base = self.sentence.start
        return Actor(text, base + start, base + end, name, country, sector)
