"""Short forms and pronouns inside an article, resolved only where one antecedent is plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._article import Known
from tocsin.extraction._phrases import human, lemma_of
from tocsin.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._article import Article
    from tocsin.extraction._reading import Reading

_PERSONAL = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_SPEAKER = frozenset({"we", "i", "us", "our", "my"})
_BODIES = frozenset(
    {
        "group",
        "militia",
        "movement",
        "party",
        "union",
        "alliance",
        "bloc",
        "organisation",
        "organization",
        "company",
    }
)
_POINTERS = frozenset({"the", "this", "that", "its", "their"})
# words that a definite phrase may repeat of an actor named before: "the ministry", "the group"
_SHORT = frozenset(
    [
        "ministry",
        "group",
        "government",
        "military",
        "army",
        "minister",
        "president",
        "spokesman",
        "spokeswoman",
        "official",
        "party",
        "court",
        "police",
        "parliament",
        "regime",
        "ministry",
        "union",
        "alliance",
        "agency",
        "company",
        "militia",
        "movement",
        "organization",
        "organisation",
        "leader",
        "premier",
        "chancellor",
        "navy",
        "foundation",
        "council",
        "commission",
        "bloc",
        "department",
        "embassy",
        "administration",
        "junta",
        "authority",
        "rebel",
        "militant",
        "insurgent",
        "separatist",
        "guerrilla",
    ]
)
SAYING = frozenset(
    [
        "say",
        "state",
        "tell",
        "add",
        "insist",
        "stress",
        "claim",
        "declare",
        "assert",
        "maintain",
        "announce",
        "note",
        "reiterate",
        "write",
        "argue",
        "explain",
        "report",
        "vow",
        "warn",
    ]
)


def pronoun(reading: Reading, token: Token) -> Actor | None:
    """The actor a pronoun stands for, with the pronoun's own span."""
    word = token.lower_
    if word == "us" and token.text == "US":
        return None
    if word == "it" and token.dep_ == "expl":
        return None
    known = (
        _speaker(reading, token) if word in _SPEAKER else _before(reading, token, personal=word in _PERSONAL)
    )
    if known is None:
        return None
    start = reading.sentence.start + token.idx
    return Actor(token.text, start, start + len(token.text), known.name, known.country, known.sector)


def _speaker(reading: Reading, token: Token) -> Known | None:
    """“We” is whoever the sentence says is speaking."""
    for head in (token.head, *token.ancestors):
        if head.lemma_.lower() in SAYING:
            for child in head.children:
                if child.dep_ == "nsubj" and child.i != token.i and child.lower_ not in _SPEAKER:
                    actor = reading.actor(child)
                    if actor is not None:
                        return Known(actor.name, actor.country, actor.sector, lemma_of(child), person=False)
    return None


def _before(reading: Reading, token: Token, *, personal: bool) -> Known | None:
    plural = token.lower_ in ("they", "them", "their")
    for word in reversed(reading.doc[: token.i]):
        if (
            word.dep_ in ("nsubj", "nsubjpass")
            and word.lower_ not in _PERSONAL | _SPEAKER
            and word.pos_ in ("NOUN", "PROPN")
        ):
            actor = reading.actor(word)
            if actor is None or (not plural and not personal and _many(word)):
                continue
            name = reading.name_at(word)
            person = (name is not None and name.kind == "person") or human(word)
            if plural or person is personal:
                return Known(actor.name, actor.country, actor.sector, lemma_of(word), person)
    if plural:
        return None
    for known in reversed(reading.article.subjects):
        if known.person == personal and not known.plural:
            return known
    return None


def _many(word: Token) -> bool:
    """Whether "it" cannot stand for a noun: a plural, and "police", which is one always."""
    return word.tag_ in ("NNS", "NNPS") or word.lower_ in ("police", "people")


def definite(reading: Reading, token: Token) -> Known | None:
    """“The ministry”, "the group", "the North": what the article named in full before."""
    determined = any(child.dep_ == "det" and child.lower_ in _POINTERS for child in token.children)
    lemma = lemma_of(token)
    if determined and lemma in _SHORT:
        return _organisation(reading, token) or reading.article.heads.get(lemma)
    return None


def _organisation(reading: Reading, token: Token) -> Known | None:
    """“Members of Hezbollah said the group …”: the only organisation that the sentence named before."""
    lemma = lemma_of(token)
    if lemma not in _BODIES:
        return None
    found = {
        name.name: name
        for word in reading.doc[: token.i]
        if (name := reading.name_at(word)) is not None
        and name.kind == "organisation"
        and name.sector not in ("MED", "GOV", "LEG", "JUD")
    }
    if len(found) != 1:
        return None
    (name,) = found.values()
    return Known(name.name, name.country, name.sector, lemma, person=False)


def act(reading: Reading, token: Token) -> Known | None:
    """“The launch”, "the attack": who did what the article told before."""
    known = reading.article.acts.get(lemma_of(token))
    if known is None or token.pos_ not in ("NOUN", "PROPN"):
        return None
    owned = any(
        child.dep_ == "poss" or (child.dep_ == "det" and child.lower_ in ("a", "an", "any", "no"))
        for child in token.children
    )
    return None if owned else known


def cardinal(reading: Reading, token: Token) -> Actor | None:
    """“The North” and "the South" in an article about Korea."""
    if token.text not in ("North", "South") or not {"PRK", "KOR"} & reading.article.countries:
        return None
    first = token.i - 1 if token.i and reading.doc[token.i - 1].lower_ == "the" else token.i
    after = reading.doc[token.i + 1] if token.i + 1 < len(reading.doc) else None
    if (after is not None and after.pos_ == "PROPN") or token.dep_ in ("compound", "amod"):
        return None
    if first == token.i and reading.sentence.paragraph > 0:  # the article is left out in headlines only
        return None
    north = token.text == "North"
    at = reading.doc[first].idx
    start = reading.sentence.start + at
    end = reading.sentence.start + token.idx + len(token.text)
    text = reading.text[at : token.idx + len(token.text)]
    name = "North Korea" if north else "South Korea"
    return Actor(text, start, end, name, "PRK" if north else "KOR", "GOV")


def remember(article: Article, reading: Reading) -> None:
    """After a sentence is read: its actors may be pointed at later, subjects before the others."""
    article.named += [
        code
        for code in dict.fromkeys(name.country for name in reading.told)
        if code is not None and code not in article.named
    ]
    for word in reading.doc:
        if word.pos_ not in ("NOUN", "PROPN") or word.dep_ in ("compound", "amod"):
            continue
        actor = reading.actor(word)
        if actor is None or (actor.country is None and actor.name is None):
            continue
        name = reading.name_at(word)
        person = (name is not None and name.kind == "person") or human(word)
        known = Known(
            actor.name, actor.country, actor.sector, lemma_of(word), person, word.tag_ in ("NNS", "NNPS")
        )
        if word.dep_ in ("nsubj", "nsubjpass", "agent"):
            article.note(known)
        elif actor.country is not None:
            article.heads[known.head] = known
