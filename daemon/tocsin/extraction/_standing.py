"""How a word that tells an event stands in its sentence: its own clause, then every word above it, top down.

A word above (a frame) turns the status of what stands below it by its kind, see frames.tsv; the status of the frame
itself counts: "did not fail to sign" signed, "may refuse to sign" is open. Compare De Facto (Sauri and Pustejovsky
2012). Dependency labels are those of the English spaCy pipelines (ClearNLP).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._bearing import Kind
from tocsin.extraction._kinds import kind_of
from tocsin.extraction._modality import S, noun_status, own_status
from tocsin.extraction._positions import CLAUSE, MODIFIER, PREDICATE, Place, place_of
from tocsin.extraction._turns import turn
from tocsin.extraction._unlisted import unlisted
from tocsin.extraction._wording import came_to_nothing

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.model import MentionStatus


def standing(token: Token, own: MentionStatus | None = None) -> MentionStatus:
    """The status of a verb or noun that tells an event; `own` where its own clause is known to say otherwise."""
    place = place_of(token)
    if own is None:
        bare = place is not None and place.kind in (CLAUSE, MODIFIER, PREDICATE)
        own = own_status(token, bare=bare) if token.pos_ in ("VERB", "AUX") else noun_status(token)
    if place is None or (token.pos_ not in ("VERB", "AUX") and own is S.NEGATED):
        return own  # of "no attack took place" the verb says no by the same word
    above = standing(place.head)  # always higher up in the tree
    kind = kind_of(token, place)
    return unlisted(token, own, above, place) if kind is None else _under(kind, own, above, place)


def _under(kind: Kind, own: MentionStatus, above: MentionStatus, place: Place) -> MentionStatus:
    """The status below a frame; what is taken for granted keeps its own."""
    if kind is Kind.FACT or (kind is Kind.DENY and place.head.pos_ == "NOUN" and above is S.NEGATED):
        return own
    status = turn(kind, own, above)
    failed = status is S.PLANNED and kind is Kind.PLAN and came_to_nothing(place.head, place.word)
    return S.NEGATED if failed else status
