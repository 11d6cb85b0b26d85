"""How the events of one sentence stand to each other: one inside another, two that are the same act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._frame import frame_of, words_of
from tocsin.extraction._frames import SAYING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match

# verbs that tell what an attack did to people; who did it may stand in the phrase or clause that names the attack
_HARM = words_of("kill wound injure hurt maim slay massacre behead hit damage destroy displace")
_FALL = words_of("die perish fall")
_DURING = frozenset({"in", "during", "by", "from"})
_AS = frozenset({"when", "as", "after", "while"})
_GENERIC = "conflict.attack"


def events_above(matches: list[Match]) -> dict[int, int]:
    """For tokens of events told inside another one, the token of that one; being joined by "and" is not inside.

    A sentence reports its main clause and what is joined to it. Content clauses, purposes, participles, relative
    and time clauses and nouns inside say what that is about; CAMEO and PLOVER code what is reported.
    """
    at = {token.i: match for match in matches for token in (match.token, carrier(match))}
    found: dict[int, int] = {}
    for match in matches:
        token, joined = carrier(match), True
        while token.head != token and match.token.i not in found:
            joined = joined and (token.dep_ == "conj" or _side_by_side(token))
            token = token.head
            above = at.get(token.i, match)
            if not joined and above is not match:
                found[match.token.i] = above.token.i
    return found


def _side_by_side(verb: Token) -> bool:
    """“It set a deadline: sanctions will follow”: a clause before another that does not say it."""
    return (
        verb.dep_ in ("ccomp", "parataxis")
        and verb.i < verb.head.i
        and verb.head.lemma_.lower() not in SAYING
    )


def carrier(match: Match) -> Token:
    """The verb that tells an event: of a noun its light verb or the verb of happening."""
    noun = match.noun
    if noun is None:
        return match.token
    if noun.verb is not None:
        return noun.verb.verb
    return noun.occurs or match.token


def merge(matches: list[Match]) -> list[tuple[Match, str]]:
    """Join what is told of one attack in two places; the matches that are left over, with the reason.

    “Ten died in an airstrike”, "was wounded when troops shelled the town", "killed six in an ambush": harm and
    attack are one event of the more specific type, with the doer and the victims of either.
    """
    over: list[tuple[Match, str]] = []
    conflicts = [match for match in matches if match.pattern.type.startswith("conflict.")]
    for attack in conflicts:
        verb = _harm_by(attack)
        if verb is None:
            continue
        harm = next((match for match in conflicts if match.token == verb and match.frame is not None), None)
        if harm is None:
            attack.target = attack.target or _victims(verb)
        elif attack.pattern.type != _GENERIC or not harm.source:
            attack.source = attack.source or harm.source
            attack.target = [*attack.target, *(token for token in harm.target if token not in attack.target)]
            over.append((harm, "told with the attack that did it"))
        else:
            over.append((attack, "already told by its verb"))
    return over + [(match, "told by the verb beside it") for match in conflicts if _beside(match, conflicts)]


def _beside(match: Match, conflicts: list[Match]) -> bool:
    """“Shot and killed two priests”: the last of verbs side by side tells the act for all of its type."""
    for child in match.token.children:
        near = child.dep_ == "conj" and all(
            word.dep_ in ("cc", "advmod") for word in match.token.doc[match.token.i + 1 : child.i]
        )
        if near and match.frame is not None:
            return any(m.token == child and m.pattern.type == match.pattern.type for m in conflicts)
    return False


def _victims(verb: Token) -> list[Token]:
    frame = frame_of(verb)
    return frame.subject if verb.lemma_.lower() in _FALL else frame.object


def _harm_by(attack: Match) -> Token | None:
    """The verb of harm that an attack's phrase or clause hangs on."""
    token = carrier(attack)
    head = token.head
    if attack.noun is not None and token is attack.token:
        if token.dep_ != "pobj" or head.lower_ not in _DURING:
            return None
        head = head.head
    elif token.dep_ != "advcl" or not any(
        child.lower_ in _AS and child.dep_ in ("mark", "advmod") for child in token.children
    ):
        return None
    return head if head.lemma_.lower() in _HARM | _FALL and head.pos_ == "VERB" else None
