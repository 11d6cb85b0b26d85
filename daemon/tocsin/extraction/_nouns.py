"""Event nouns: "the launch of two missiles by North Korea", "Tuesday's shelling of the town", "held talks with"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.extraction._frame import Frame, coordinated, frame_of, words_of
from tocsin.extraction._parties import referent
from tocsin.extraction._phrases import core, lemma_of, meets, words_before

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading
    from tocsin.extraction.ontology import Words

# verbs that say no more than that the noun happens; their subject does it
LIGHT = words_of(
    """
    carry conduct hold launch stage make mount begin start continue resume perform order undertake do have commit execute
    lead step intensify announce complete kick run give take suffer wage attempt oversee test unleash end finish conclude
    open suspend join attend host organise organize plan deliver extend offer send receive put commence initiate renew
    """
)
# verbs whose subject answers for the noun, or would, though they say more: "authorised the raid"
_ANSWERING = words_of(
    """
    authorise authorize approve voice declare issue impose pursue escalate coordinate press proclaim express reiterate
    repeat propose schedule secure grant halt stop cancel call ramp beef expand pledge promise threaten vow claim
    inflict direct mastermind sponsor prepare postpone abandon lift ease tighten impose file bring lodge repeat
    """
)
# what the verb puts between itself and the noun: "took part in", "is responsible for", "responded with"
_BETWEEN = {
    "in": words_of("participate engage take part join involve involved partake assist help"),
    "for": words_of("responsible"),
    "with": words_of("respond proceed continue retaliate reply press answer"),
    "to": words_of("agree resort commit"),
    "on": words_of("embark agree"),
    "behind": words_of("be"),
}
_BODIES = frozenset({"GOV", "MIL", "POL", "REB", "OPP", "JUD", "LEG", "IGO"})
# verbs whose subject is the event
OCCUR = words_of(
    """
    take occur happen begin start continue end come follow kill hit break erupt last resume leave wound injure destroy
    target draw strike mark rock trigger prompt cause
    """
)


@dataclass(slots=True)
class NounFrame:
    """The arguments around an event noun and the verb that carries it, when there is one."""

    noun: Token
    poss: list[Token] = field(default_factory=list)
    modifier: list[Token] = field(default_factory=list)
    preps: dict[str, list[Token]] = field(default_factory=dict)
    verb: Frame | None = None  # a light verb with the noun as object
    occurs: Token | None = None  # a verb of happening with the noun as subject
    doer: list[Token] = field(
        default_factory=list
    )  # who does it by the verb above, when the phrase names nobody

    def has(self, reading: Reading, words: Words) -> bool:
        """Whether modifiers or the "of" phrase have what a list asks: "missile launch", "launch of a missile"."""
        around = [*self.modifier, *self.preps.get("of", [])]
        tokens = [each for token in around for each in core(token)]
        if "actor" in words.kinds and any(reading.name_at(token) or reading.actor(token) for token in tokens):
            return True
        if any(lemma_of(token) in words.lemmas or token.lower_ in words.lemmas for token in tokens):
            return True
        text = words_before(self.noun)
        if any(f" {phrase} " in text for phrase in words.phrases):
            return True
        return bool(self.preps.get("of")) and meets(reading, self.preps["of"], words)

    def first(self, reading: Reading, roles: tuple[str, ...]) -> list[Token]:
        """The tokens of the first role that holds an actor; else of the first that holds a place or anything."""
        fallback: list[Token] = []
        for role in roles:
            tokens = [
                token
                for token in self._role(reading, role)
                if token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM")
            ]
            found = [token for token in tokens if reading.actor(token) is not None]
            if found:
                return found
            if role not in ("modifier", "of_actor", "poss", "subject"):
                fallback = fallback or tokens
        return fallback

    def doers(self, reading: Reading) -> list[Token]:
        """Who does it by the verb above the noun: "began a withdrawal", "took part in the raid"."""
        return [token for token in self.doer if reading.actor(referent(reading, token)) is not None]

    def _role(self, reading: Reading, role: str) -> list[Token]:
        if role == "poss":
            return self.poss
        if role == "poss_actor":
            return [token for token in self.poss if reading.actor(token) is not None]
        if role == "modifier":
            return [token for token in self.modifier if _can_act(reading, token)]
        if role == "of_actor":
            return self.preps.get("of", [])
        if role == "subject":
            return [] if self.verb is None else self.verb.subject
        return self.preps.get(role.removeprefix("prep_"), [])


def _can_act(reading: Reading, token: Token) -> bool:
    """“Israeli raid”, “rebel attack”: a known name or a body that acts, not “public meeting”."""
    if reading.name_at(token) is not None:
        return True
    actor = reading.actor(token)
    return actor is not None and actor.sector in _BODIES


def noun_frame(noun: Token) -> NounFrame:
    """The arguments of an event noun."""
    frame = NounFrame(noun)
    for child in noun.children:
        if child.dep_ == "poss":
            frame.poss += coordinated(child)
        elif child.dep_ in ("compound", "amod", "nmod"):
            frame.modifier += [
                child,
                *(
                    below
                    for below in child.children
                    if below.dep_ in ("compound", "amod", "npadvmod", "conj")
                ),
            ]
        elif child.dep_ in ("prep", "agent"):
            goods = [each for below in child.children if below.dep_ == "pobj" for each in coordinated(below)]
            frame.preps.setdefault(child.lower_, []).extend(goods)
            for good in goods:
                for below in good.children:
                    if below.dep_ in ("prep", "agent") and below.lower_ in (
                        "by",
                        "on",
                        "against",
                        "to",
                        "in",
                        "with",
                    ):
                        more = [
                            each for low in below.children if low.dep_ == "pobj" for each in coordinated(low)
                        ]
                        frame.preps.setdefault(below.lower_, []).extend(more)
    _governor(frame)
    return frame


def _governor(frame: NounFrame) -> None:
    noun = frame.noun
    top = noun
    while top.dep_ == "conj" and top.head.pos_ in ("NOUN", "PROPN"):
        top = top.head
    head = top.head
    if top.dep_ == "pobj" and head.lower_ == "of" and head.head.pos_ == "NOUN":  # "a series of strikes"
        top = head.head
        head = top.head
    if top.dep_ == "pobj" and head.lower_ in _BETWEEN:
        frame.doer = _through(head)
    if head == top or head.pos_ not in ("VERB", "AUX"):
        return
    lemma = head.lemma_.lower()
    if top.dep_ == "dobj" and lemma in _ANSWERING:
        frame.doer = frame_of(head).subject
    if top.dep_ in ("dobj", "nsubjpass") and lemma in LIGHT:
        frame.verb = frame_of(head)
        for prep, goods in frame.verb.preps.items():
            frame.preps.setdefault(prep, []).extend(good for good in goods if good != noun)
        if frame.verb.passive:
            frame.verb.subject = frame.verb.preps.get("by", [])
        frame.doer = frame.verb.subject
    elif top.dep_ in ("nsubj", "nsubjpass"):
        frame.occurs = head


def _through(prep: Token) -> list[Token]:
    """Who takes part in, is responsible for or responds with the noun under a preposition."""
    word = prep.head
    if word.lemma_.lower() not in _BETWEEN[prep.lower_]:
        return []
    if word.pos_ == "NOUN" and word.dep_ == "dobj":  # "took part in"
        word = word.head
    if word.dep_ in ("acomp", "attr") and word.head.pos_ in ("AUX", "VERB"):  # "is responsible for"
        word = word.head
    elif word.pos_ == "ADJ" and word.dep_ in ("amod", "acl", "relcl"):  # "the group responsible for"
        return coordinated(word.head)
    if word.pos_ not in ("VERB", "AUX"):
        return []
    frame = frame_of(word)
    return frame.object if frame.passive else frame.subject
