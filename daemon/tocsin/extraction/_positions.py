"""Where a word stands below another: as its clause, object, subject, predicate, or after its preposition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.extraction._modality import SAID, has_to

if TYPE_CHECKING:
    from spacy.tokens import Token

CLAUSE, MODIFIER, OBJECT, SUBJECT = "clause", "modifier", "object", "subject"
PREDICATE, PREPOSITION = "predicate", "preposition"
_VERBAL = ("VERB", "AUX")
_NOMINAL = ("NOUN", "PROPN", "PRON")
_COMPLEMENTS = ("ccomp", "xcomp", "acl", "relcl", "oprd", "acomp", "csubj", "csubjpass")
_SUBJECTS = ("nsubj", "nsubjpass")
_OBJECTS = ("dobj", "nsubjpass", "dative", "oprd", "ccomp")


@dataclass(frozen=True, slots=True)
class Place:
    """A place below `head`. `position` is a word of frames.tsv; `word` the adjective or preposition between."""

    kind: str
    head: Token
    position: str
    word: Token


def place_of(token: Token) -> Place | None:
    """The place of a verb or noun; None at the top of a sentence."""
    anchor = _anchor(token)
    if anchor.head == anchor or stands_beside(anchor):
        return None
    if anchor.dep_ == "pcomp":
        return _after(anchor.head)
    if anchor.pos_ in _VERBAL and anchor.dep_ not in (
        "dobj",
        "pobj",
        "nsubj",
        "nsubjpass",
        "compound",
        "amod",
    ):
        return _of_verb(anchor)
    return _of_noun(anchor)


def stands_beside(verb: Token) -> bool:
    """“Kinshasa accuses Kigali; Rwanda denies it”: a clause with a subject of its own before one that has all it needs.

    The parser hangs the first under the second as if it were said there; an object or a semicolon shows it is not.
    """
    head = verb.head
    if verb.dep_ not in ("ccomp", "parataxis") or verb.i > head.i or head.lemma_.lower() in SAID:
        return False
    between = verb.doc[verb.i + 1 : head.i]
    if not any(mark.text in ",;" for mark in between) or not _has(verb, _SUBJECTS, after=-1):
        return False
    if not _has(head, _SUBJECTS, after=verb.i):
        return False
    return any(mark.text == ";" for mark in between) or _has(head, ("dobj",), after=head.i)


def _has(verb: Token, labels: tuple[str, ...], *, after: int) -> bool:
    return any(child.dep_ in labels and child.i > after for child in verb.children)


def _anchor(token: Token) -> Token:
    """The first of what is joined by "and", where all share one place."""
    while token.dep_ in ("conj", "appos") and token.head != token and _shares(token):
        token = token.head
    return token


def _shares(token: Token) -> bool:
    first = token.head
    if token.pos_ in _VERBAL:
        return first.pos_ in _VERBAL and (token.tag_ == first.tag_ or not _is_bare(first))
    return first.pos_ not in _VERBAL


def _is_bare(verb: Token) -> bool:
    return verb.tag_ == "VB"


def position_of(verb: Token) -> str:
    """`inf`, `ing` or `that` by the form of a clause."""
    if has_to(verb):
        return "inf"
    auxes = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "mark", "expl")]
    if verb.tag_ == "VBG" and not any(aux.lemma_.lower() == "be" for aux in auxes):
        return "ing"
    if auxes and auxes[0].tag_ == "VBG":
        return "ing"  # "denied having ordered"
    if verb.tag_ == "VB" and not auxes:
        return "that" if verb.dep_ == "ccomp" and any(s.dep_ == "mark" for s in subjects) else "inf"
    if verb.tag_ == "VBN" and not (auxes or subjects) and verb.dep_ in ("xcomp", "ccomp", "oprd"):
        return "inf"  # "was reported killed"
    return "that"


def _of_verb(verb: Token) -> Place | None:
    head = verb.head
    if head.pos_ in _NOMINAL or head.tag_ in ("NN", "NNS"):
        return None if verb.dep_ == "conj" else _below_noun(verb, head, position_of(verb))
    if head.pos_ == "ADP":
        return _after(head)
    if verb.dep_ in ("advcl", "parataxis", "dep"):
        return _beside(verb, head, position_of(verb))
    return _complement(verb, head, position_of(verb)) if verb.dep_ in _COMPLEMENTS else None


def _beside(verb: Token, head: Token, position: str) -> Place:
    """A clause beside another; what is said is read so where it comes first: "..., the ministry said"."""
    if head.lemma_.lower() in SAID and position == "that" and not _marked(verb):
        return Place(CLAUSE, head, "that", verb)
    inner = position == "inf" or (position == "ing" and _is_next(verb, head))
    return Place(CLAUSE if inner else MODIFIER, head, position, verb)


def _complement(verb: Token, head: Token, position: str) -> Place:
    adjective = _adjective(head) if head.pos_ in _VERBAL else head if head.pos_ == "ADJ" else None
    if adjective is not None and not verb.dep_.startswith("csubj"):
        return Place(PREDICATE, _be(adjective) or head, position, adjective)
    return Place(CLAUSE, head, position, verb)


def _is_next(verb: Token, head: Token) -> bool:
    """Whether a gerund follows the verb above at once: "ruled out sending"."""
    return all(child.dep_ == "prt" for child in verb.doc[head.i + 1 : verb.left_edge.i]) and verb.i > head.i


def _marked(verb: Token) -> bool:
    return any(child.dep_ in ("mark", "advmod") and child.tag_ in ("IN", "WRB") for child in verb.children)


def _below_noun(verb: Token, noun: Token, position: str) -> Place | None:
    if verb.dep_ == "ccomp" or (verb.dep_ == "acl" and (position == "inf" and has_to(verb))):
        return Place(CLAUSE, noun, position, verb)
    if verb.dep_ in ("acl", "relcl"):
        that = position == "that" and any(child.dep_ == "mark" for child in verb.children)
        return Place(CLAUSE, noun, "that", verb) if that else Place(MODIFIER, noun, position, verb)
    if position == "inf" and verb.dep_ in ("xcomp", "advcl"):
        return Place(CLAUSE, noun, "inf", verb)
    return Place(MODIFIER, noun, position, verb) if verb.dep_ == "advcl" else None


def _adjective(verb: Token) -> Token | None:
    """The predicate adjective of "is ready", "remains unclear"."""
    for child in verb.children:
        if child.dep_ in ("acomp", "oprd") and child.pos_ in ("ADJ", "ADV", "VERB", "ADP"):
            return child
    return None


def _be(adjective: Token) -> Token | None:
    head = adjective.head
    return head if head.pos_ in _VERBAL and adjective.dep_ in ("acomp", "oprd", "attr", "advmod") else None


def _of_noun(noun: Token) -> Place | None:
    head, dep = noun.head, noun.dep_
    if dep in ("nsubj", "csubj"):
        return _of_subject(noun)
    if dep == "pobj":
        return _after(head)
    if dep in ("compound", "nmod", "amod"):
        return Place(MODIFIER, head, "comp", noun) if head.pos_ in _NOMINAL else None
    if dep == "dobj" and noun.tag_ == "VBG":
        return Place(CLAUSE, head, "ing", noun)
    if dep == "attr" and head.pos_ in _VERBAL:
        return Place(PREDICATE, head, "attr", noun)
    return Place(OBJECT, head, "obj", noun) if dep in _OBJECTS else None


def _of_subject(noun: Token) -> Place | None:
    head = noun.head
    if head.pos_ == "ADJ" and head.head.pos_ in _VERBAL:
        return Place(OBJECT, head.head, "obj", noun)  # "called the reports false"
    if head.pos_ not in _VERBAL:
        return None
    adjective = _adjective(head)
    if adjective is not None:
        return Place(PREDICATE, head, "subj", adjective)
    return Place(SUBJECT, head, "subj", noun)


def _after(prep: Token) -> Place | None:
    """After a preposition, which hangs on a verb, a noun, an adjective or another preposition."""
    governor = prep.head
    if governor == prep:
        return None
    if governor.dep_ == "pobj" and governor.head.dep_ == "agent":
        governor = governor.head.head  # "was accused by prosecutors of"
    if governor.pos_ in ("ADP", "ADV", "SCONJ") and governor.head != governor:
        governor = governor.head
    be = _be(governor) if governor.pos_ == "ADJ" else None
    if be is not None:
        return Place(PREDICATE, be, prep.lower_, governor)
    return Place(PREPOSITION, governor, prep.lower_, prep)
