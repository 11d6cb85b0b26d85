"""How the text presents an event: status and attribution from tense, modality, negation and the frames above it.

The labels are those of `MentionStatus`; compare FactBank (Sauri and Pustejovsky 2009). A frame is a verb, noun or
adjective that says something of the clause or noun below it: "denied", "plans to", "calls for", "said".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.extraction._attribution import Sayers, sayers
from tocsin.extraction._bearing import Kind, load_frames
from tocsin.extraction._standing import standing
from tocsin.extraction._turns import TOLD, turn
from tocsin.model import Actor, MentionStatus

if TYPE_CHECKING:
    from datetime import date

    from spacy.tokens import Token

    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading
    from tocsin.model import When

S = MentionStatus
_COVERT = frozenset(["covertly", "secretly", "clandestinely", "illegally", "illicitly"])
_ONE_SIDED = frozenset({"REB", "OPP"})  # what they alone tell is their claim


@dataclass(slots=True)
class Factuality:
    """The status and who says so, nearest first."""

    status: MentionStatus
    attribution: list[Actor] = field(default_factory=list)


def factuality(reading: Reading, match: Match) -> Factuality:
    """The status of a matched event and the chain of those who say so."""
    own = S.HAPPENED if match.pattern.mood in ("refused", "negated") else None
    told = sayers(reading, match.token)
    result = Factuality(standing(match.token, own), told.actors)
    if match.pattern.needs.get("to") is not None and not match.pattern.type.startswith("statement"):
        result.status = _of_failure(match.token, result.status)
    if own is not None and result.status is S.PLANNED:
        result.status = own  # who plans not to sign has said no
    if result.status in TOLD and match.pattern.mood is None and _is_charge(reading, match, told):
        result.status = S.ALLEGED
    return result


def _of_failure(verb: Token, status: MentionStatus) -> MentionStatus:
    """“Failed to reach a deal”, where "failed" itself is the trigger: there was no deal."""
    kind = load_frames().verb(verb, "inf")
    return turn(kind, S.HAPPENED, status) if kind in (Kind.FAIL, Kind.REFUSE) else status


def _is_charge(reading: Reading, match: Match, told: Sayers) -> bool:
    """Whether it is one side's word: a rebel group's alone, or one government's of another's covert deeds."""
    if match.pattern.type.startswith("statement"):
        return False
    if told.according and any(actor.sector in _ONE_SIDED for actor in told.according):
        return True
    doers = {
        actor.country
        for token in match.source
        if (actor := reading.actor(token)) is not None and actor.country
    }
    accusers = {actor.country for actor in told.actors if actor.country and actor.sector != "MED"}
    if not doers or not accusers or accusers & doers:
        return False
    covert = any(child.lower_ in _COVERT for child in match.token.children)
    return covert or match.pattern.type.startswith("arms")


def is_ahead(match: Match, when: When | None, published: date | None) -> bool:
    """Whether what no verb tells in the past is dated after publication: "the summit on 15 December"."""
    if when is None or published is None or when.start <= published:
        return False
    noun = match.noun
    verb = match.token if noun is None else noun.occurs if noun.verb is None else noun.verb.verb
    return verb is None or verb.tag_ not in ("VBD", "VBN")


def status_at(token: Token) -> MentionStatus:
    """The status of any word that tells an event, over the bare parse: what `factuality` says of a match."""
    return standing(token)
