"""Which of a sentence's matches become mentions: one act is told once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tocsin.extraction._claims import POINTING
from tocsin.extraction._context import note
from tocsin.extraction._dating import date_event
from tocsin.extraction._frame import frame_of
from tocsin.extraction._frames import SAYING
from tocsin.extraction._match import negated
from tocsin.extraction._phrases import core
from tocsin.extraction._told import events_above, merge
from tocsin.model import Actor, Mention, MentionStatus, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._build import Builder
    from tocsin.extraction._match import Match
    from tocsin.extraction._reading import Reading


_FACTS = (MentionStatus.HAPPENED, MentionStatus.ONGOING)


@dataclass(slots=True)
class Chosen:
    """The mentions of a sentence, the matches behind them, and those left out with the reason."""

    mentions: list[Mention] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    refused: list[tuple[Match, str]] = field(default_factory=list)


def choose(reading: Reading, builder: Builder, matches: list[Match]) -> Chosen:
    """Leave out nouns that a verb already tells, then build the rest in reading order."""
    chosen = Chosen()
    absorbed = _absorbed(matches)
    for match in matches:
        if match.token.i in absorbed:
            chosen.refused.append((match, "already told by its verb"))
        else:
            chosen.matches.append(match)
    for match, why in merge(chosen.matches):
        chosen.matches.remove(match)
        chosen.refused.append((match, why))
    told: list[tuple[Match, Mention]] = []
    denials: dict[int, Mention] = {}
    for match in chosen.matches:
        mention = builder.mention(match)
        note(reading.article, mention)
        told.append((match, mention))
        denial = _own_denial(reading, builder, match, mention)
        if denial is not None:
            denials[match.token.i] = denial
    for match, mention in uncoded_inside(told):
        chosen.mentions.append(mention)
        if match.token.i in denials:
            chosen.mentions.append(denials[match.token.i])
    return chosen


def uncoded_inside(told: list[tuple[Match, Mention]]) -> list[tuple[Match, Mention]]:
    """The mentions; what stands inside one of another code and is not told as fact goes without codes of its own."""
    above = events_above([match for match, mention in told if mention.plover])
    codes = {match.token.i: mention.plover for match, mention in told}
    return [
        (match, replace(mention, plover=None, cameo=None))
        if mention.status not in _FACTS
        and codes.get(above.get(match.token.i, match.token.i)) != mention.plover
        else (match, mention)
        for match, mention in told
    ]


def _absorbed(matches: list[Match]) -> set[int]:
    """Nouns that a matched verb takes as its object or light-verb noun: "launched an attack" is one event."""
    absorbed: set[int] = set()
    for match in matches:
        frame = match.frame
        if frame is None:
            if match.noun is not None:
                for good in match.noun.preps.get("of", []):
                    absorbed |= {head.i for head in core(good)}
                absorbed |= {token.i for token in match.noun.modifier}
            continue
        if match.pattern.type.startswith("statement"):
            absorbed |= _own_nouns(match, frame.object)
            continue
        around = [*frame.object, *frame.subject]
        around += [child for token in around for child in token.children if child.dep_ == "appos"]
        absorbed |= {head.i for token in around for head in core(token) if _is_event(match, head)}
    return absorbed - {match.token.i for match in matches if match.frame is not None}


def _own_nouns(match: Match, tokens: list[Token]) -> set[int]:
    """Object nouns of the statement itself: "issued a warning", "denied the accusation"."""
    words = match.pattern.needs.get("object")
    lemmas = POINTING if match.pattern.claim is not None else words.lemmas if words is not None else ()
    return {head.i for token in tokens for head in core(token) if head.lemma_.lower() in lemmas}


def _is_event(match: Match, head: Token) -> bool:
    return head.pos_ in ("NOUN", "PROPN", "VERB") and head.i != match.token.i


def _own_denial(reading: Reading, builder: Builder, match: Match, mention: Mention) -> Mention | None:
    """“It has never exported arms, the ministry said”: a party that says it did not, denies.

    The event itself stays a negated mention; the denial carries it as its claim.
    """
    if mention.status is not MentionStatus.NEGATED or mention.type.startswith("statement"):
        return None
    carrier = match.token if match.noun is None or match.noun.verb is None else match.noun.verb.verb
    if not negated(carrier) or carrier.tag_ not in ("VBN", "VBD", "VB"):
        return None
    verb = _saying_above(carrier)
    if verb is None:
        return None
    speaker = builder.actors(frame_of(verb).subject)
    if not speaker or not mention.source or not _speaks_for(speaker[0], mention.source[0]):
        return None
    speaker = tuple(replace(actor, country=actor.country or mention.source[0].country) for actor in speaker)
    kind = builder.ontology.types["statement.deny"]
    start = reading.sentence.start + verb.idx
    return Mention(
        type=kind.name,
        status=MentionStatus.HAPPENED,
        trigger=Span(verb.text, start, start + len(verb.text)),
        sentence=mention.sentence,
        plover=kind.plover,
        cameo=kind.cameo,
        source=speaker,
        target=(),
        when=date_event(verb, builder.times),
        claim=replace(builder.proposition(match), negated=False),
        severity=kind.severity,
        pattern="statement.deny/said-not",
    )


def _speaks_for(speaker: Actor, doer: Actor) -> bool:
    """The same party, or an official of no named country who denies a state's deed."""
    if speaker.country is None and speaker.sector in ("GOV", "MIL"):
        return True
    return (speaker.country or speaker.name) == (doer.country or doer.name)


def _saying_above(carrier: Token) -> Token | None:
    token = carrier
    for _ in range(4):
        head = token.head
        if head == token:
            return None
        if head.lemma_.lower() in SAYING and token.dep_ in ("ccomp", "parataxis", "advcl", "dep"):
            return head
        if token.dep_ not in ("conj", "ccomp", "xcomp"):
            return None
        token = head
    return None
