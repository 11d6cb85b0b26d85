"""The status of a word below one that is in no table of frames, by the way the two are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._modality import S, is_instead, modal, says_no
from tocsin.extraction._positions import (
    CLAUSE,
    MODIFIER,
    OBJECT,
    PREDICATE,
    PREPOSITION,
    SUBJECT,
    Place,
)
from tocsin.extraction._turns import NOT, OPEN, TOLD, manage
from tocsin.extraction._wording import (
    brings_about,
    is_claim,
    is_indefinite,
    is_schedulable,
    is_told_by,
    of_predicate,
)
from tocsin.model import MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token

_TEMPORAL = frozenset(
    {"when", "once", "until", "till", "before", "after", "whenever", "if", "unless", "soon", "while"}
)
_OPEN_SUBJECT = frozenset({"depend", "hinge", "loom", "await", "near", "approach", "beckon"})
_PAST_PREPS = frozenset({"after", "following", "since", "despite", "amid", "over", "during"})
_ORDINALS = frozenset({"first", "second", "third", "last", "latest", "only"})
_BRINKS = frozenset(
    {"verge", "brink", "point", "cusp", "edge", "threshold", "metre", "meter", "inch", "second", "minute"}
)
_WHOEVER = frozenset({"anyone", "anybody", "whoever", "everyone", "those", "anything"})


def unlisted(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    """The status from the word's own and that of the word above."""
    return _BY_PLACE[place.kind](token, own, above, place)


def _clause(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    """A complement of a verb, noun or adjective."""
    del token
    if place.position == "ing":
        return manage(own, above)
    if place.position != "inf" or own not in TOLD:
        return own
    if any(child.lower_ in _ORDINALS for child in place.head.children):
        return own  # "the first president to visit"
    return above if above in OPEN else S.HYPOTHETICAL if above in NOT else S.PLANNED


def _modifier(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    """A relative, participial or adverbial clause: true of its own, unless the whole is yet to come."""
    if own not in TOLD:
        return own
    if place.head.pos_ in ("NOUN", "PROPN", "PRON"):
        return _of_noun(token, own, above, place)
    if place.position == "inf":
        return above if above in OPEN else S.PLANNED
    marks = [child.lower_ for child in token.children if child.dep_ in ("mark", "advmod")]
    if not _is_present(token) or (token.tag_ != "VBG" and not _TEMPORAL.intersection(marks)):
        return own
    if above in NOT and token.tag_ != "VBG" and modal(place.head) is not None:
        return S.HYPOTHETICAL  # "will not leave until they pay"
    return above if above in OPEN else own


def _of_noun(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    noun = place.head
    if says_no(noun):
        return S.NEGATED
    if place.position == "inf":
        return own if any(child.lower_ in _ORDINALS for child in noun.children) else S.PLANNED
    whoever = noun.lower_ in _WHOEVER or any(
        child.lower_ in ("any", "every", "each") for child in noun.children
    )
    timeless = token.tag_ in ("VBZ", "VBP") and (whoever or above in (S.HYPOTHETICAL, S.PLANNED))
    return S.HYPOTHETICAL if timeless or (whoever and above in OPEN) else own


def _is_present(verb: Token) -> bool:
    """Present, present perfect, or a participle that shares the time of the clause above."""
    return verb.tag_ in ("VBZ", "VBP", "VBG") or any(
        child.dep_ in ("aux", "auxpass") and child.tag_ in ("VBZ", "VBP") for child in verb.children
    )


def _object(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    if brings_about(place.head):
        return manage(own, above)
    if is_indefinite(token) and own in TOLD and above in (S.PLANNED, S.HYPOTHETICAL, *NOT):
        return S.HYPOTHETICAL if above in NOT else above  # "would not tolerate a coup"
    return own


def _subject(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    if own not in TOLD:
        return manage(own, above) if above in NOT and is_told_by(place.head) else own
    if place.head.lemma_.lower() in _OPEN_SUBJECT:
        return S.HYPOTHETICAL
    if is_told_by(place.head) or is_indefinite(token):
        return manage(own, above)
    return S.PLANNED if above is S.PLANNED and is_schedulable(token) else own


def _preposition(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    prep = place.word
    word = prep.lower_
    if word == "without" or is_instead(prep):
        return S.HYPOTHETICAL if above in NOT else S.NEGATED
    if word == "behind":
        return manage(own, above)
    return own if own not in TOLD else _after_preposition(token, own, above, place)


def _after_preposition(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    word, lemma = place.word.lower_, place.head.lemma_.lower()
    if _is_set_for(token, place):
        return S.PLANNED
    if word == "pending" or (word == "of" and lemma in ("event", "case")):
        return S.HYPOTHETICAL
    if word == "of" and lemma in _BRINKS and token.pos_ in ("VERB", "NOUN"):
        return S.NEGATED if _in_past(place.head) else S.HYPOTHETICAL  # "were on the verge of"
    together = word == "by" or token.pos_ not in ("NOUN", "PROPN") or is_indefinite(token)
    return above if above in OPEN and together and word not in _PAST_PREPS else own


def _is_set_for(token: Token, place: Place) -> bool:
    """“Flew to Oslo for talks”, "ahead of the vote", "before the election"."""
    if token.pos_ not in ("NOUN", "PROPN") or not is_schedulable(token):
        return False
    prep = place.word
    word = prep.lower_
    if word == "of" and prep.i > 0 and prep.nbor(-1).lower_ in ("ahead", "advance", "eve"):
        return True
    before = word in ("before", "for", "until", "till", "towards", "toward", "pending")
    return before and place.head.pos_ in ("VERB", "AUX") and not brings_about(place.head)


def _in_past(noun: Token) -> bool:
    """Whether the verb above a noun is in the past."""
    return next(
        (head.tag_ in ("VBD", "VBN") for head in noun.ancestors if head.pos_ in ("VERB", "AUX")), False
    )


def _predicate(token: Token, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    """After an adjective, as the predicate, or as its subject: "an attack is likely", "it was an attack"."""
    if place.position == "inf":
        return _clause(token, own, above, place)
    if place.position == "attr":
        return manage(own, above)
    if place.position == "subj" and own in TOLD:
        return of_predicate(place.word, claim=is_claim(token)) or own
    return own


_BY_PLACE = {
    CLAUSE: _clause,
    MODIFIER: _modifier,
    OBJECT: _object,
    SUBJECT: _subject,
    PREPOSITION: _preposition,
    PREDICATE: _predicate,
}
