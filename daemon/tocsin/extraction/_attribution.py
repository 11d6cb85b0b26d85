"""Who says so: the chain from the one who tells the event to the one who passes it on, nearest first.

“Yonhap reported, citing a ministry official”, "according to X", "X told Reuters", "X, Y said", "X: Y" in headlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.extraction._arguments import coordinated
from tocsin.extraction._frame import frame_of
from tocsin.extraction._phrases import phrase_span
from tocsin.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# verbs whose subject vouches for the clause below
_TELLING = _words(
    "say report state tell announce add note confirm acknowledge admit explain write stress insist declare reveal recall "
    "disclose maintain remark quote describe indicate reiterate claim concede emphasise emphasize comment observe testify "
    "argue allege post tweet warn assess estimate believe suspect think deny accuse broadcast relay suggest predict "
    "boast brief inform charge contend conclude find vow pledge promise show"
)
_CITING = _words("citing quoting")
_CARRYING = _words("carried published quoted cited broadcast released relayed reported aired")
_OUTLETS = _words(
    "tv television radio newspaper agency station channel broadcaster website paper daily magazine medium media press"
)
_SPEAKERS = _OUTLETS | _words(
    "source insider witness eyewitness resident analyst expert observer monitor survivor relative activist aide adviser "
    "insiders spokesman spokeswoman spokesperson diplomat official economist scientist researcher doctor medic lawyer "
    "neighbour neighbor villager local"
)
_HEARERS = _words("tell inform brief")
_REPORTING = _words(
    "report announce confirm claim allege disclose reveal acknowledge admit detect"
)  # with a noun
_CLAUSES = frozenset({"ccomp", "parataxis", "advcl", "xcomp", "dep", "acl", "relcl"})
_HEIGHT = 12  # heads looked at above an event
_LABEL = 6  # tokens among which the colon of a headline's speaker stands


@dataclass(slots=True)
class Sayers:
    """All who say so, nearest first, and those of them whom "according to" names."""

    actors: list[Actor] = field(default_factory=list)
    according: list[Actor] = field(default_factory=list)


def sayers(reading: Reading, event: Token) -> Sayers:
    """The chain of those who say that an event took place."""
    found = Sayers()
    for token in _tellers(event):
        _add(found.actors, _who(reading, token))
    _cited(reading, event, found)
    return found


def _add(actors: list[Actor], actor: Actor | None) -> None:
    if actor is not None and not any(_same(actor, other) for other in actors):
        actors.append(actor)


def _same(one: Actor, other: Actor) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _tellers(event: Token) -> Iterator[Token]:
    """The heads of those who tell, nearest first: subjects of verbs of saying above the event."""
    below = event
    asides: list[Token] = []
    for _ in range(_HEIGHT):
        asides += _aside(below)
        head = below.head
        if head == below:
            break
        if head.lower_ in _CITING:
            below = head  # "said, citing a source, that": the clause belongs to "said"
            continue
        if head.pos_ in ("VERB", "AUX") and _is_telling(head, below):
            yield from _subjects(head)
        elif (
            head.pos_ in ("NOUN", "PROPN") and head.head.lemma_.lower() in _HEARERS and below.dep_ in _CLAUSES
        ):
            yield from _subjects(head.head)  # "told a briefing that"
        below = head
    yield from asides


def _is_telling(verb: Token, below: Token) -> bool:
    lemma = verb.lemma_.lower()
    if lemma not in _TELLING:
        return False
    if below.dep_ in ("dobj", "nsubjpass"):
        return lemma in _REPORTING and below.pos_ in ("NOUN", "PROPN")
    if below.dep_ == "prep":
        return lemma == "accuse" and below.lower_ == "of"
    return below.dep_ in _CLAUSES or below.lower_ in _CITING


def _subjects(verb: Token) -> Iterator[Token]:
    if (
        verb.dep_ == "pcomp"
        and verb.head.lower_ == "as"
        and verb.head.head.lemma_.lower() in ("quote", "cite")
    ):
        quoting = frame_of(verb.head.head)  # "quoted an official as saying"
        yield from quoting.object
        yield from quoting.subject
        return
    yield from frame_of(verb).subject


def _aside(verb: Token) -> Iterator[Token]:
    """“As the BBC reported”, "as reported by the BBC", and a parenthetic "officials said"."""
    for child in verb.children:
        if child.dep_ not in ("advcl", "parataxis", "ccomp") or child.lemma_.lower() not in _TELLING:
            continue
        marked = any(mark.lower_ == "as" and mark.i < child.i for mark in child.children)
        bare = child.dep_ == "parataxis" and not any(
            mark.dep_ in ("mark", "ccomp") for mark in child.children
        )
        if marked or bare:
            yield from frame_of(child).subject


def _cited(reading: Reading, event: Token, found: Sayers) -> None:
    """“According to X”, "citing X", "carried by X" wherever the sentence puts them, and "X:" before a headline."""
    for token in reading.doc:
        word = token.lower_
        if word in _CITING and token.i != event.i:
            for source in frame_of(token).object:
                _add(found.actors, _who(reading, source))
        elif word in _CARRYING and token.tag_ == "VBN":
            for carrier in frame_of(token).preps.get("by", []):
                _add(found.actors, reading.actor(carrier))
        elif word == "according" and token.i + 1 < len(reading.doc) and token.nbor(1).lower_ == "to":
            _accorded(reading, token.nbor(1), found)
    label = _label(reading)
    if label is not None and label.i != event.i:
        _add(found.actors, reading.actor(label))


def _accorded(reading: Reading, prep: Token, found: Sayers) -> None:
    for good in prep.children:
        if good.dep_ == "pobj":
            for each in coordinated(good):
                actor = _who(reading, each) or reading.inner_actor(each)
                _add(found.actors, actor)
                if actor is not None:
                    found.according.append(actor)


def _who(reading: Reading, noun: Token) -> Actor | None:
    """The one under a noun; one who speaks is somebody even when no table knows the word ("a source", "state TV")."""
    actor = reading.actor(noun)
    if actor is not None or noun.lemma_.lower() not in _SPEAKERS:
        return actor
    start, end, text = reading.span_text(*phrase_span(noun))
    base = reading.sentence.start
    inner = reading.inner_actor(noun)
    name = text.removeprefix("the ").removeprefix("The ").removeprefix("a ").removeprefix("A ")
    sector = "MED" if noun.lemma_.lower() in _OUTLETS else None if inner is None else inner.sector
    return Actor(text, base + start, base + end, name, None if inner is None else inner.country, sector)


def _label(reading: Reading) -> Token | None:
    """The one before the colon of a headline: "Kyiv: Russia shelled Kharkiv"."""
    if reading.sentence.paragraph != 0:
        return None
    for token in reading.doc[1:_LABEL]:
        if token.text == ":":
            before = token.nbor(-1)
            return before if reading.actor(before) is not None else None
    return None
