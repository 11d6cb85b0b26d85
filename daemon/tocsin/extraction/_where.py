"""The place of the act: from the words around the event, never from the parties, the dateline or who tells it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from tocsin.extraction._frame import coordinated
from tocsin.extraction._locate import located
from tocsin.model import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AT = _set(
    "in at near outside inside off over around within across through throughout along beneath above between beyond "
    "amid south north east west"
)
_WAYS = frozenset({"south", "north", "east", "west", "southeast", "northeast", "southwest", "northwest"})
_AREA = _set(
    "island islands peninsula coast border outskirts highway road street square line heights bank strip front campus "
    "river mountain bridge airfield base site beach territory soil"
)
_INTO = frozenset({"into", "against", "on", "upon"})
# event nouns that a verb of the same family may carry, and whose own place is the act's
_EVENTS = _set(
    "talk talks summit meeting conference deal agreement ceasefire truce treaty accord pact negotiation consultation "
    "attack strike airstrike assault raid bombing explosion blast shooting shelling clash fighting battle offensive fire "
    "launch test drill exercise manoeuvre maneuver patrol operation landing protest rally demonstration march riot strike "
    "election vote embassy consulate crash earthquake quake flood storm outbreak eruption landfall ambush incursion "
    "barrage execution killing massacre bomb rocket missile mine drone gunfire violence unrest"
)
_FAMILIES_ON_OBJECT = frozenset({"conflict", "disaster", "protest", "posture", "weapons", "coercion"})
# the object of these is a rule or a person far away, not where it is done
_NOT_ON_OBJECT = frozenset(
    {
        "coercion.sanction",
        "coercion.embargo",
        "coercion.ban",
        "coercion.aid_cut",
        "coercion.ease",
        "coercion.veto",
    }
)
_APART = frozenset(
    {"diplomacy.expulsion", "diplomacy.recall", "diplomacy.recognition", "diplomacy.agreement"}
)
_HARM = _set(
    "kill injure wound shoot stab behead execute murder assassinate kidnap abduct hurt maim arrest detain"
)
_REACH = 100  # of any measure below
_MEASURES = frozenset({"km", "kilometres", "kilometers", "miles", "mi", "mile"})
_OVERFLOWN = frozenset({"over", "across", "beyond"})  # where a missile flies is not where it is launched
_PARTY = frozenset(
    {"dobj", "nsubj", "nsubjpass", "conj", "dative", "agent"}
)  # where somebody is named as often
_WITH = frozenset({"conflict", "protest", "coercion", "diplomacy"})
_FROM = frozenset({"from"})
_HIT = frozenset({"conflict", "disaster"})  # the town that is struck is where it happened
_PLACELESS = frozenset({"arms", "aid", "cyber"})
_POLICE = _set(
    "police court judge prosecutor officer authority authorities tribunal jury troop soldier force"
)
_TALK = frozenset({"reporter", "journalist", "conference", "briefing", "parliament", "lawmaker", "audience"})
_TELLS = frozenset({"say", "tell", "report", "announce", "add", "claim", "deny", "accuse", "state"})


def place_of(reading: Reading, match: Match) -> Place | None:
    """The gazetteer's place for the event, or None; a country counts when nothing nearer is named."""
    country: Place | None = None
    seen: set[int] = set()
    launch = match.pattern.type.startswith("weapons.launch")
    for token in _slots(reading, match):
        if launch and token.head.lower_ in _OVERFLOWN:
            continue
        for each in coordinated(token)[:1] or [token]:
            if each.i in seen:
                continue
            seen.add(each.i)
            place = located(reading, each, party=each.dep_ in _PARTY)
            if place is None:
                continue
            if place.lat is not None or (place.country is not None and not _whole_country(reading, place)):
                return place
            country = country or place
    return country


def _whole_country(reading: Reading, place: Place) -> bool:
    return any(
        name.kind == "country" and name.name == place.name
        for token in reading.doc
        if (name := reading.name_at(token)) is not None
    )


def _slots(reading: Reading, match: Match) -> Iterator[Token]:
    """The nouns that may tell the place, surest first."""
    kind = match.pattern.type
    family = kind.partition(".")[0]
    if family == "statement":
        yield from _of_statement(match.token)
        return
    verbs, nouns = _anchors(reading, match, family)
    anchors = [*verbs, *nouns]
    if family in _HIT or kind == "diplomacy.visit":
        yield from _hit(match, kind)
    if family == "weapons" or kind == "posture.withdrawal":
        yield from _each(anchors, lambda anchor: _objects_of(anchor, _FROM))
    yield from _each(nouns, lambda anchor: _named_by(anchor, family))
    yield from _each(anchors, _at)
    if match.noun is not None:
        yield from _behind(match.token)
    if family not in _PLACELESS:
        yield from _when(match, family)
        yield from _above(match.token)
    yield from _each(anchors, lambda anchor: _going(anchor, family, kind))
    yield from _each(_parties(match, family), _at)


def _each(tokens: list[Token], of: Callable[[Token], Iterator[Token]]) -> Iterator[Token]:
    for token in tokens:
        yield from of(token)


def _parties(match: Match, family: str) -> list[Token]:
    """The parties whose own whereabouts are the event's: "clashed with police in Tbilisi", "a court in Istanbul"."""
    found: list[Token] = []
    if family in _WITH and match.pattern.type not in _NOT_ON_OBJECT | _APART:
        found += match.target
    if family in _WITH - {"diplomacy"} | {"disaster"} and match.frame is not None:
        found += [
            token for token in match.frame.subject if family != "coercion" or token.lemma_.lower() in _POLICE
        ]
    return found


def _anchors(reading: Reading, match: Match, family: str) -> tuple[list[Token], list[Token]]:
    """Verbs and nouns whose locatives are the event's: trigger, light verb, its event noun, what is acted upon."""
    verbs, nouns = [match.token], []
    if match.noun is not None:
        verbs, nouns = [], [match.token]
        if match.noun.verb is not None:
            verbs.append(match.noun.verb.verb)
        elif match.noun.occurs is not None:
            verbs.append(match.noun.occurs)
        nouns += [token for token in match.noun.preps.get("of", []) if family == "weapons"]
    if match.frame is not None:
        for token in match.frame.object:
            event = token.lemma_.lower() in _EVENTS
            thing = family in _FAMILIES_ON_OBJECT and match.pattern.type not in _NOT_ON_OBJECT
            if event or thing or match.pattern.type == "diplomacy.embassy":
                nouns.append(token)
        for token in match.frame.subject:
            if token.lemma_.lower() in _EVENTS or (family in _HIT and reading.actor(token) is None):
                nouns.append(token)
    return verbs, nouns


def _at(anchor: Token) -> Iterator[Token]:
    """Objects of locative prepositions under a token: "in Kabul", "40 km north of Kabul", "on the island"."""
    for child in anchor.children:
        if child.dep_ in ("prep", "agent") or (child.dep_ == "advmod" and child.lower_ in _WAYS):
            yield from _of_prep(child)
        elif child.dep_ in ("advmod", "npadvmod", "prt", "advcl", "dep") and child.pos_ != "VERB":
            for below in child.children:
                if below.dep_ == "prep" or below.lower_ in _WAYS:
                    yield from _of_prep(below)


def _of_prep(prep: Token) -> Iterator[Token]:
    word = prep.lower_
    if word in _WAYS and _is_far(prep):
        return
    for child in prep.children:
        if child.dep_ == "pobj":
            yield from _of_object(word, child)
        elif child.dep_ == "prep" and (word in _WAYS or word in _AT):
            yield from (good for good in child.children if good.dep_ == "pobj")
        elif child.dep_ in ("advmod", "amod") and child.lower_ in _WAYS:
            yield from _of_prep(child)
        elif word in _WAYS and child.dep_ == "pcomp":
            yield child


def _of_object(word: str, good: Token) -> Iterator[Token]:
    """The place itself, and what lies in an event or thing that stands in its stead: "in an attack in Jos"."""
    event = _is_event(good)
    if word in _AT or (word == "on" and _is_ground(good)) or (word == "during" and event):
        if event and word in ("in", "during", "at"):
            yield from _named_by(good, "conflict")
            yield from _at(good)
        yield good
    elif word == "on" and good.lower_ in ("sidelines", "sideline", "margins"):
        for meeting in _objects_of(good, ("of",)):
            yield from _named_by(meeting, "diplomacy")
            yield from _at(meeting)
    elif word == "on" and good.pos_ == "NOUN" and not event:
        yield from _at(good)  # "a strike on a school in Kharkiv"


def _behind(noun: Token) -> Iterator[Token]:
    """“Condemned the strikes in Dohuk”: what stands right behind the noun is the noun's, wherever it was attached."""
    edge = max(
        (child.i for child in noun.rights if child.dep_ == "prep" and child.lower_ == "of"), default=noun.i
    )
    last = noun.doc[edge].right_edge.i if edge != noun.i else noun.i
    after = noun.doc[last + 1] if last + 1 < len(noun.doc) else None
    if after is not None and after.dep_ == "prep" and after.head.i == noun.head.i:
        yield from _of_prep(after)


def _is_far(way: Token) -> bool:
    """“930 miles south of Tehran” is not at Tehran."""
    for child in way.subtree:
        if child.i > way.i:
            break
        number = child.text.replace(",", "")
        if number.isdigit() and int(number) > _REACH and child.head.lower_ in _MEASURES:
            return True
    return False


def _is_ground(token: Token) -> bool:
    return token.lemma_.lower() in _AREA or any(child.lower_ in _AREA for child in token.children)


def _is_event(token: Token) -> bool:
    return token.lemma_.lower() in _EVENTS


def _named_by(noun: Token, family: str) -> Iterator[Token]:
    """“The Brussels bombing”, "the Istanbul summit", "Aleppo's shelling": a place before the noun of an act."""
    if family in ("conflict", "disaster", "protest", "diplomacy") and _is_event(noun):
        for child in noun.children:
            if child.dep_ in ("compound", "nmod") and child.pos_ == "PROPN":
                yield child


def _hit(match: Match, kind: str) -> Iterator[Token]:
    """The object of an attack, a quake or a visit, where it is a place."""
    tokens: list[Token] = []
    if match.frame is not None:
        tokens += match.frame.object
    if match.noun is not None:
        tokens += [
            *match.noun.preps.get("of", []),
            *match.noun.preps.get("on", []),
            *match.noun.preps.get("to", []),
        ]
    for token in tokens:
        if match.token.lemma_.lower() in _HARM and token.pos_ == "PROPN":
            continue  # nobody kills a town
        if token.pos_ == "PROPN" or kind == "diplomacy.visit":
            yield token
        else:
            lemma = token.lemma_.lower()
            if lemma in (
                "city",
                "town",
                "village",
                "port",
                "capital",
                "region",
                "province",
                "district",
                "island",
            ):
                yield token


def _going(anchor: Token, family: str, kind: str) -> Iterator[Token]:
    """Where a movement ends: "into northern Israel", "deployed to Mali", "a visit to Cairo", "rockets at Haifa"."""
    words: set[str] = set()
    if family == "conflict":
        words = {"into", "at", "on", "against", "upon", "toward", "towards", "to"}
    elif kind in ("posture.deployment", "diplomacy.visit", "posture.mobilisation", "posture"):
        words = {"to", "into", "toward", "towards"}
    elif family == "weapons":
        words = {"into", "at"}
    elif family == "disaster":
        words = {"into", "through", "off"}
    if words:
        yield from _objects_of(anchor, words)


def _objects_of(anchor: Token, words: Collection[str]) -> Iterator[Token]:
    for child in anchor.children:
        if child.dep_ in ("prep", "prt", "dative", "advmod"):
            if child.lower_ in words:
                for good in child.children:
                    if good.dep_ == "pobj":
                        yield good
                    elif good.dep_ == "prep":  # "from near Sunan"
                        yield from (below for below in good.children if below.dep_ == "pobj")
            elif child.dep_ == "prep":
                for below in child.children:
                    if below.dep_ == "prep" and below.lower_ in words:
                        yield from (good for good in below.children if good.dep_ == "pobj")


def _when(match: Match, family: str) -> Iterator[Token]:
    """Clauses of the same happening: "killed when a bomb exploded in Mosul", "an attack that killed ten in Jos"."""
    verbs = [match.token]
    if match.noun is not None:
        told = [child for child in match.token.children if child.dep_ in ("relcl", "acl")]
        yield from _each(told, _at)
        verbs = [] if match.noun.occurs is None else [match.noun.occurs]
    if family not in _HIT:
        return
    for clause in (child for verb in verbs for child in verb.children if child.dep_ == "advcl"):
        if any(word.lower_ in ("when", "as", "while", "after") for word in clause.children):
            yield from _at(clause)
            yield from _each([word for word in clause.children if word.dep_ in ("nsubj", "dobj")], _at)


def _above(token: Token) -> Iterator[Token]:
    """“An attack in Jos that killed ten”, "stormed a bank in Jos and killed ten", "…, killing ten"."""
    head = token.head
    if token.dep_ in ("relcl", "acl") and head.pos_ in ("NOUN", "PROPN"):
        yield from _at(head)
    elif head.pos_ == "VERB" and head.lemma_.lower() not in _TELLS:
        alone = not any(child.dep_ == "nsubj" for child in token.children)
        if (token.dep_ == "conj" and alone) or (token.dep_ == "advcl" and token.tag_ == "VBG"):
            yield from _at(head)


def _of_statement(verb: Token) -> Iterator[Token]:
    """“Told reporters in Jakarta”: only a place that stands at the verb itself, not in what is said."""
    for child in verb.children:
        if child.dep_ != "prep" or child.lower_ not in ("in", "at"):
            continue
        before = child.doc[child.i - 1] if child.i else None
        if before is not None and (before.i == verb.i or before.lemma_.lower() in _TALK):
            yield from (good for good in child.children if good.dep_ == "pobj")
