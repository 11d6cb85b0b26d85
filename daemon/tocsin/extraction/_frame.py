"""Arguments of verbs over the dependency parse: who did what to whom, whatever the construction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tocsin.extraction._arguments import RELATIVE, Frame, coordinated, take, take_prep, take_preps

if TYPE_CHECKING:
    from spacy.tokens import Token


def words_of(text: str) -> frozenset[str]:
    """The words of a text as a set: long lists read better as text."""
    return frozenset(text.split())


# verbs whose object does what the infinitive says: "urged Iran to stop"
OBJECT_CONTROL = words_of(
    """
    ask urge order tell force allow permit let want call invite warn press push persuade beg instruct command
    require expect help encourage compel convince enable advise request direct authorise authorize lead cause
    get appoint implore exhort pressure pressurise forbid leave prepare believe train accuse suspect blame
    """
)
# verbs that take a gerund as their object
GERUND_VERBS = words_of(
    """
    deny admit confirm acknowledge stop start begin continue consider avoid resume risk recall suggest halt
    keep cease
    """
)
# what speaks for those who put it out: "released a report accusing the army"
_WRITINGS = words_of(
    """
    report statement letter resolution bill article message communique lawsuit suit complaint decree ruling order law
    petition note speech declaration tweet post editorial memo memorandum proposal motion protest campaign video leaflet
    """
)
_BELOW = frozenset({"to", "with", "into", "against"})
_ALIKE = [
    {"VBD"},
    {"VBN"},
    {"VBD", "VBN"},
    {"VB"},
    {"VBP"},
    {"VBZ"},
    {"VBG"},
    {"VB", "VBP"},
]  # as one to the parser
_DEPTH = 6  # how far control is followed


def frame_of(verb: Token, depth: int = 0) -> Frame:
    """The arguments of a verb, with those it shares with other verbs."""
    frame = Frame(verb)
    if is_hidden_gerund(verb):
        return _gerund_frame(frame, depth)
    for child in verb.children:
        take(frame, child)
    if frame.passive and verb.tag_ != "VBN":
        frame.passive = frame.passive and bool(frame.object)
    if verb.tag_ == "VBN" and any(child.dep_ == "auxpass" for child in verb.children):
        frame.passive = True
    for argument in list(frame.object):
        take_preps(frame, argument)
    _take_between(frame)
    if frame.passive and not frame.subject:
        _agent_after(frame)
    elif not frame.object and not frame.passive:
        _object_after(frame)
    if depth < _DEPTH:
        _share(frame, depth)
    _relative(frame)
    return frame


def _take_between(frame: Frame) -> None:
    """“Talks between X and Y began”: the parties stand in the subject."""
    for argument in frame.subject:
        for child in argument.children:
            if child.dep_ == "prep" and child.lower_ == "between":
                take_prep(frame, child)


def is_hidden_gerund(token: Token) -> bool:
    """“Accused of covertly shipping shells”, where the parser reads "shipping" as a modifier of "shells"."""
    noun = token.head
    if (
        token.tag_ != "VBG"
        or token.dep_ not in ("compound", "amod")
        or noun.i < token.i
        or noun.pos_ not in ("NOUN", "PROPN")
    ):
        return False
    if any(child.dep_ in ("det", "poss") and child.i < token.i for child in noun.children):
        return False
    if noun.dep_ == "pobj":
        return noun.head.lower_ in (
            "of",
            "for",
            "from",
            "by",
            "about",
            "in",
            "against",
        ) and noun.head.head.pos_ in ("VERB", "NOUN")
    return noun.dep_ == "dobj" and noun.head.lemma_.lower() in GERUND_VERBS


def _gerund_frame(frame: Frame, depth: int) -> Frame:
    noun = frame.verb.head
    frame.object = coordinated(noun)
    for child in noun.children:
        if child.dep_ == "prep":
            take_prep(frame, child)
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    for child in governor.children:  # the parser may hang "to Russia" on the verb above
        if child.dep_ in ("prep", "dative") and child.i > noun.i and child.lower_ in _BELOW:
            take_prep(frame, child)
    if depth < _DEPTH:
        _control(frame, governor, depth)
    return frame


def _share(frame: Frame, depth: int) -> None:
    """Arguments that the grammar leaves unsaid: control, coordination, participles."""
    verb = frame.verb
    head = verb.head
    missing = not frame.subject
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX") and head != verb:
        above = frame_of(head, depth + 1)
        if above.passive and missing and _continues_passive(frame):
            frame.passive = True
            frame.object = above.object
            frame.subject, frame.shared_subject = list(above.preps.get("by", [])), True
        elif missing and not frame.passive and not (frame.object and verb.tag_ == "VBN" and above.passive):
            frame.subject, frame.shared_subject = (
                above.subject or (above.object if above.passive else []),
                True,
            )
        elif frame.passive and not frame.object:
            frame.object = above.object if above.passive else above.subject
        return
    if not missing and not (frame.passive and not frame.object):
        return
    gerund = verb.dep_ == "dobj" and verb.tag_ == "VBG"  # "denied firing at them"
    if (gerund or verb.dep_ in ("xcomp", "pcomp", "advcl", "ccomp")) and head != verb:
        governor = head.head if verb.dep_ == "pcomp" else head
        _control(frame, governor, depth)
    elif verb.dep_ == "acl":
        _noun_control(frame, head, depth)


def _said_aside(verb: Token, governor: Token) -> Token:
    """“Rebels took the town, officials said, killing ten”: the participle goes with what was said."""
    if verb.dep_ != "advcl" or verb.tag_ != "VBG":
        return governor
    said = [child for child in governor.children if child.dep_ == "ccomp" and child.i < governor.i < verb.i]
    return said[-1] if said else governor


def _continues_passive(frame: Frame) -> bool:
    """“Was tortured and killed”: a second participle without object or auxiliary of its own."""
    return (
        frame.verb.tag_ == "VBN"
        and not frame.object
        and not any(child.dep_ in ("aux", "auxpass") for child in frame.verb.children)
    )


def _object_after(frame: Frame) -> None:
    """“Shot and killed two priests”: verbs side by side share the object of the last."""
    verb = frame.verb
    for child in verb.children:
        if (
            child.dep_ == "conj"
            and {child.tag_, verb.tag_} in _ALIKE
            and all(word.dep_ in ("cc", "advmod") for word in verb.doc[verb.i + 1 : child.i])
        ):
            frame.object = [
                each for good in child.children if good.dep_ == "dobj" for each in coordinated(good)
            ]


def _agent_after(frame: Frame) -> None:
    """“Was surrounded and shelled by rebels”: the agent of the last of several participles is that of all."""
    for child in frame.verb.children:
        if child.dep_ == "conj" and child.tag_ == "VBN" and child.pos_ == "VERB":
            below = Frame(child)
            for argument in child.children:
                take(below, argument)
            if not below.object and below.preps.get("by"):
                frame.subject = below.preps["by"]


def _control(frame: Frame, governor: Token, depth: int) -> None:
    if governor.pos_ in ("NOUN", "PROPN", "ADJ") and governor.head != governor:
        if governor.dep_ in ("acomp", "attr", "oprd", "xcomp"):
            governor = governor.head
        elif governor.pos_ == "NOUN":
            _noun_control(frame, governor, depth)
            return
    if governor.pos_ not in ("VERB", "AUX"):
        return
    governor = _said_aside(frame.verb, governor)
    above = frame_of(governor, depth + 1)
    complement = (
        frame.verb.dep_ != "advcl" or frame.verb.tag_ == "VB"
    )  # "told him, threatening to" is no complement
    by_object = complement and governor.lemma_.lower() in OBJECT_CONTROL and above.object
    controlled = above.object if by_object else above.subject
    if not controlled and frame.verb.dep_ != "advcl":
        controlled = above.object
    if not controlled and above.passive:
        controlled = above.object
    if frame.verb.tag_ == "VBN" and not any(
        child.dep_ in ("aux", "auxpass") for child in frame.verb.children
    ):
        if not frame.object:
            frame.object, frame.passive = list(controlled), True
        return
    if frame.passive:
        frame.object = frame.object or list(controlled)
    else:
        frame.subject, frame.shared_subject = list(controlled), True


def _lone_root(noun: Token) -> Token | None:
    """The noun a whole sentence hangs on, where the parser took its verb for a participle."""
    while noun.dep_ == "appos":
        noun = noun.head
    return noun if noun.dep_ == "ROOT" else None


def _noun_control(frame: Frame, noun: Token, depth: int) -> None:
    tag = frame.verb.tag_
    if tag in ("VBD", "VBZ", "VBP") and noun.dep_ in ("ROOT", "nsubj") and noun.i < frame.verb.i:
        frame.subject = coordinated(
            noun
        )  # "The envoy, a former general, called for": the parser lost the verb
        return
    if tag == "VBN" and frame.object and (root := _lone_root(noun)) is not None:
        frame.subject = coordinated(root)
        return
    if tag == "VBN" and not any(child.dep_ == "aux" for child in frame.verb.children):
        frame.object = frame.object or coordinated(noun)
        frame.passive = True
        return
    written = noun.lemma_.lower() in _WRITINGS and noun.dep_ == "dobj"
    if tag == "VBG" and frame.verb.dep_ == "acl" and not written:
        frame.subject, frame.shared_subject = coordinated(noun), True
        return
    owners = [child for child in noun.children if child.dep_ == "poss"]
    owners += [
        good
        for child in noun.children
        if child.dep_ in ("prep", "agent") and child.lower_ in ("by", "of") and child.i < frame.verb.i
        for good in child.children
        if good.dep_ == "pobj" and good.pos_ == "PROPN"
    ]
    if owners:
        frame.subject, frame.shared_subject = coordinated(owners[0]), True
    elif noun.dep_ in ("dobj", "attr", "pobj", "nsubjpass") and noun.head != noun:
        governor = noun.head.head if noun.dep_ == "pobj" else noun.head
        if governor.pos_ in ("VERB", "AUX"):
            frame.subject, frame.shared_subject = list(frame_of(governor, depth + 1).subject), True


def _relative(frame: Frame) -> None:
    """A relative clause without a pronoun, or whose pronoun is the object: "the shells it fired"."""
    verb = frame.verb
    if verb.dep_ == "relcl" and not frame.passive:
        own = any(word.lower_ in RELATIVE for token in frame.subject for word in token.subtree)
        if not frame.object and frame.subject and verb.head not in frame.subject and not own:
            frame.object = [verb.head]
        elif not frame.subject:
            frame.subject = coordinated(verb.head)


def chain_up(token: Token) -> Iterator[Token]:
    """The heads above a token, nearest first."""
    while token.head != token:
        token = token.head
        yield token


__all__ = ["OBJECT_CONTROL", "Frame", "chain_up", "coordinated", "frame_of", "is_hidden_gerund", "words_of"]
