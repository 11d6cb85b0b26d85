"""From a pattern that fired to a mention: actors, things, place, time, status, claim, confidence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._claims import claim_of
from tocsin.extraction._coref import act
from tocsin.extraction._dating import date_event
from tocsin.extraction._filters import is_background
from tocsin.extraction._frame import coordinated
from tocsin.extraction._objects import things_of
from tocsin.extraction._phrases import core, phrase_span
from tocsin.extraction._status import Factuality, factuality
from tocsin.extraction._where import place_of
from tocsin.extraction.actors import load_names
from tocsin.model import Actor, Mention, MentionStatus, Place, Proposition, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._match import Match, Matcher
    from tocsin.extraction._reading import Reading
    from tocsin.extraction.ontology import Ontology
    from tocsin.extraction.times import Timex

# PLOVER codes what is promised as AGREE and what is announced as a threat of force as THREATEN (manual, AGREE)
_COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE", "YIELD"})
_HOSTILE = frozenset({"ASSAULT", "COERCE", "SANCTION", "PROTEST", "MOBILIZE"})
_MEDIA_TARGETS = frozenset({"coercion", "conflict", "cyber", "protest"})
_S = MentionStatus
_TOLD = (_S.HAPPENED, _S.ONGOING, _S.HISTORICAL)


class Builder:
    """Builds the mentions of one sentence."""

    def __init__(
        self,
        ontology: Ontology,
        matcher: Matcher,
        reading: Reading,
        times: list[tuple[Token, Timex]],
        lead: float,
    ) -> None:
        self.ontology = ontology
        self.matcher = matcher
        self.reading = reading
        self.times = times
        self.lead = lead  # 1 for headline and first sentence, falling to 0

    def mention(self, match: Match, content_of: frozenset[int]) -> Mention:
        """The mention of a match. `content_of`: tokens of statements that fired in this sentence."""
        reading, pattern = self.reading, match.pattern
        kind = self.ontology.types[pattern.type]
        fact = factuality(reading, match)
        source, target = self.sides(match)
        if not source and "frame" in pattern.source:
            source = tuple(fact.attribution[:1])
        place = place_of(reading, match)
        if place is not None and any(_overlap(place, actor) for actor in (*source, *target)):
            place = None
        when = date_event(match.token, self.times, self._carrier(match))
        status = fact.status
        if is_background(reading.sentence.clean) and status is _S.HAPPENED:
            status = _S.HISTORICAL
        if _is_simple(self._carrier(match) or match.token) and not self.times:
            reading.article.fresh.add(reading.sentence.start + match.token.idx)
        if match.noun is not None and match.noun.verb is None and match.noun.occurs is None:
            reading.article.implied.add(reading.sentence.start + match.token.idx)
        plover, cameo = self._codes(match, status, fact, content_of)
        mention = Mention(
            type=pattern.type,
            status=status,
            trigger=self._trigger(match.token),
            sentence=(reading.sentence.start, reading.sentence.end),
            plover=plover,
            cameo=cameo,
            source=source,
            target=target,
            objects=things_of(reading, match, self.ontology),
            place=place,
            when=when,
            claim=claim_of(self, match),
            attribution=tuple(actor for actor in fact.attribution if actor not in source),
            severity=kind.severity,
            pattern=pattern.id,
        )
        return replace(mention, confidence=self._confidence(match, mention))

    def sides(self, match: Match) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
        """Source and target; of peers the first named is the source and the others the target."""
        source = self.actors(match.source)
        target = tuple(actor for actor in self.actors(match.target) if actor not in source)
        if not match.pattern.sided and not target and len(source) > 1:
            source, target = source[:1], source[1:]
        family = match.pattern.type.partition(".")[0]
        if not source and match.pattern.source and family == "weapons":
            source = self._known_doer(match)
        source = tuple(actor for actor in source if not self._outlet(actor))
        if match.pattern.sided:
            doers = {actor.name for actor in source}
            target = tuple(actor for actor in target if actor.name not in doers or actor.text[:1].isupper())
        if family not in _MEDIA_TARGETS:
            target = tuple(actor for actor in target if not self._outlet(actor))
        return source, target

    def _known_doer(self, match: Match) -> tuple[Actor, ...]:
        """“The missile was fired”, “the launch”: by whom the article said."""
        tokens = [match.token] if match.frame is None else [*match.frame.object, *match.frame.subject]
        found = [self._act(token) for token in tokens if any(child.dep_ == "det" for child in token.children)]
        return tuple(actor for actor in found if actor is not None)[:1]

    def _act(self, token: Token) -> Actor | None:
        known = act(self.reading, token)
        if known is None:
            return None
        start, end, text = self.reading.span_text(*phrase_span(token))
        base = self.reading.sentence.start
        return Actor(text, base + start, base + end, known.name, known.country, known.sector)

    def actors(self, tokens: list[Token]) -> tuple[Actor, ...]:
        """The actors under head tokens, coordinated ones included, each once."""
        found: list[Actor] = []
        for token in tokens:
            for each in coordinated(token):
                for actor in (self._actor(each), *self._further(each)):
                    if actor is not None and actor not in found:
                        found.append(actor)
        return tuple(found)

    def _actor(self, token: Token) -> Actor | None:
        actor = self.reading.actor(token)
        if actor is not None:
            return actor
        for head in core(token)[1:]:
            actor = self.reading.actor(head)
            if actor is not None:
                return actor
        return self._act(token) or self.reading.inner_actor(token)

    def _further(self, token: Token) -> list[Actor]:
        """“The foreign ministers of Japan and South Korea” are two parties."""
        if token.tag_ not in ("NNS", "NNPS"):
            return []
        found = []
        for child in token.rights:
            if child.dep_ == "prep" and child.lower_ == "of":
                for good in child.children:
                    if good.dep_ == "pobj":
                        found += [self.reading.actor(each) for each in coordinated(good)[1:]]
        return [actor for actor in found if actor is not None and actor.country]

    def _outlet(self, actor: Actor) -> bool:
        """News agencies and the publisher tell events; they take no part in them."""
        if actor.name is None:
            return False
        publisher = self.reading.article.publisher
        if publisher is not None and actor.name.lower() == publisher.lower():
            return True
        return actor.sector == "MED" and any(
            name.kind == "organisation" and name.sector == "MED" for name in load_names().find(actor.name)
        )

    def proposition(self, match: Match, *, negated: bool = False) -> Proposition:
        """A match as the content of a claim."""
        source, target = self.sides(match)
        return Proposition(
            type=match.pattern.type,
            source=source,
            target=target,
            trigger=self._trigger(match.token),
            objects=things_of(self.reading, match, self.ontology),
            negated=negated,
        )

    def _trigger(self, token: Token) -> Span:
        start = self.reading.sentence.start + token.idx
        return Span(token.text, start, start + len(token.text))

    @staticmethod
    def _carrier(match: Match) -> Token | None:
        noun = match.noun
        if noun is None or any(child.dep_ in ("npadvmod", "nmod", "poss") for child in noun.noun.children):
            return None
        if noun.verb is not None:
            return noun.verb.verb
        return noun.occurs

    def _codes(
        self, match: Match, status: MentionStatus, fact: Factuality, content_of: frozenset[int]
    ) -> tuple[str | None, str | None]:
        """PLOVER and CAMEO codes: the content of a statement that is coded itself has none of its own."""
        kind = self.ontology.types[match.pattern.type]
        plover, cameo = match.pattern.plover or kind.plover, match.pattern.cameo or kind.cameo
        inside = status not in _TOLD or fact.assumed
        if inside and fact.frame is not None and fact.frame.i in content_of:
            return None, None
        if status is _S.NEGATED and plover in _COOPERATIVE | {"AGREE"}:
            return "REJECT", "120"  # what was not granted, not reached, will not be lifted
        if kind.joint_plover is not None and self._joint(match):
            plover, cameo = kind.joint_plover, kind.joint_cameo
        if status is _S.PLANNED:
            if plover in _COOPERATIVE:
                return "AGREE", "030"
            if plover in _HOSTILE:
                return "THREATEN", "130"
        return plover, cameo

    def _joint(self, match: Match) -> bool:
        """Whether parties of two countries act, or the text says so."""
        source, target = self.sides(match)
        countries = {actor.country for actor in (*source, *target) if actor.country}
        return len(countries) > 1 or " joint " in f" {self.reading.sentence.clean} "

    def _confidence(self, match: Match, mention: Mention) -> float:
        """Probability that the mention's PLOVER root is right: a logistic sum of what was seen."""
        score = 0.3 + 4.0 * match.pattern.weight + 0.08 * min(match.pattern.rank, 6)
        score += 0.5 if any(actor.country for actor in mention.source) else (0.1 if mention.source else -0.7)
        score += 0.3 if mention.target else 0.0
        score += 0.3 * self.lead
        score -= 0.5 if match.noun is not None else 0.0
        score -= 0.4 if mention.status in (_S.HYPOTHETICAL, _S.HISTORICAL) else 0.0
        return round(1 / (1 + math.exp(-score)), 3)


def _is_simple(verb: Token) -> bool:
    """Simple past or present: not "had said", not "has accused"."""
    return verb.tag_ in ("VBD", "VBZ", "VBP") and not any(
        child.dep_ in ("aux", "auxpass") for child in verb.children
    )


def _overlap(place: Place, actor: Actor) -> bool:
    """A party to the event is not its place, unless it is acted upon there (a city in a longer phrase)."""
    return place.start == actor.start or (place.lat is None and actor.start <= place.start < actor.end)
