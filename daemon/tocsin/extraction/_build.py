"""From a pattern that fired to a mention: actors, things, place, time, status, claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.extraction._claims import claim_of
from tocsin.extraction._coref import act
from tocsin.extraction._dating import date_event, is_told
from tocsin.extraction._filters import is_background
from tocsin.extraction._frame import coordinated
from tocsin.extraction._home import at_home
from tocsin.extraction._launchers import note_launch
from tocsin.extraction._objects import things_of
from tocsin.extraction._pairs import pair
from tocsin.extraction._parties import (
    between,
    concerned_inside,
    doer_inside,
    peers_inside,
    referent,
    territory,
    user_of,
)
from tocsin.extraction._phrases import core, phrase_span
from tocsin.extraction._status import factuality, is_ahead
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
    ) -> None:
        self.ontology = ontology
        self.matcher = matcher
        self.reading = reading
        self.times = times

    def mention(self, match: Match) -> Mention:
        """The mention of a match."""
        reading, pattern = self.reading, match.pattern
        kind = self.ontology.types[pattern.type]
        fact = factuality(reading, match)
        source, target = self.sides(match)
        if not source and "frame" in pattern.source:
            source = tuple(fact.attribution[:1])
        place = place_of(reading, match)
        note_launch(reading, match)
        if place is not None and any(_overlap(place, actor) for actor in self._named(match, target=False)):
            place = None
        source, target = at_home(reading, pattern.type, (source, target), place)
        when = date_event(match.token, self.times, self._carrier(match))
        status = fact.status
        if status is _S.HAPPENED and is_ahead(match, when, reading.article.day):
            status = _S.PLANNED
        if is_background(reading.sentence.clean) and status is _S.HAPPENED:
            status = _S.HISTORICAL
        if _is_simple(self._carrier(match) or match.token) and not self.times:
            reading.article.fresh.add(reading.sentence.start + match.token.idx)
        silent = match.noun is not None and match.noun.verb is None and match.noun.occurs is None
        if silent and not is_told(match.token):
            reading.article.implied.add(reading.sentence.start + match.token.idx)
        plover, cameo = self._codes(match, status)
        return Mention(
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

    def sides(self, match: Match) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
        """Source and target; of peers the first named is the source and the others the target."""
        kind = match.pattern.type
        source = self.actors(match.source, doer=True)
        target = tuple(actor for actor in self.actors(match.target, kind=kind) if actor not in source)
        pair = self.actors(between(match.source))
        if len(pair) > 1:
            source, target = pair[:1], pair[1:]
        elif self._as_peers(match) and len(source) > 1 and not self._others(match, source):
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
        return source, target or tuple(
            actor for actor in territory(self.reading, match) if actor not in source
        )

    def _as_peers(self, match: Match) -> bool:
        """Whether several who act together do it with each other: by pattern, or by a type with codes for that."""
        return not match.pattern.sided or self.ontology.types[match.pattern.type].joint_plover is not None

    def _others(self, match: Match, source: tuple[Actor, ...]) -> bool:
        """Whether a target of its own is named; "agreed to pull back troops" names none of another country."""
        own = {actor.country for actor in source}
        named = self._named(match, source=False)
        return any(actor.country not in own | {None} for actor in named) or (len(own) == 1 and bool(named))

    def _named(self, match: Match, *, source: bool = True, target: bool = True) -> list[Actor]:
        """The parties that are arguments themselves, not named inside one: "the town in Mali" is no party."""
        tokens = [*(match.source if source else ()), *(match.target if target else ())]
        found = [self.reading.actor(each) for token in tokens for each in coordinated(token)]
        return [actor for actor in found if actor is not None]

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

    def actors(self, tokens: list[Token], kind: str = "", *, doer: bool = False) -> tuple[Actor, ...]:
        """The actors under head tokens, coordinated ones included, each once.

        `kind`: the event type they take part in; `doer`: whether they are those who act.
        """
        found: list[Actor] = []
        for token in tokens:
            for each in coordinated(token):
                for actor in pair(self.reading, each) or (
                    self._actor(each, kind, doer=doer),
                    *self._further(each),
                ):
                    if actor is not None and actor not in found:
                        found.append(actor)
        return tuple(found)

    def _actor(self, token: Token, kind: str, *, doer: bool) -> Actor | None:
        token = referent(self.reading, token)
        actor = self.reading.actor(token)
        if actor is not None:
            return user_of(self.reading, token, actor) if doer else actor
        for head in core(token)[1:]:
            actor = self.reading.actor(head)
            if actor is not None:
                return actor
        if doer:
            return self._act(token) or doer_inside(self.reading, token)
        return self._act(token) or concerned_inside(self.reading, token, kind)

    def _further(self, token: Token) -> list[Actor]:
        """“The foreign ministers of Japan and South Korea”, "Japanese and Korean negotiators" are two parties."""
        found = [self.reading.actor(each) for each in peers_inside(token)]
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
        source, target = at_home(self.reading, match.pattern.type, self.sides(match), None)
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

    def _carrier(self, match: Match) -> Token | None:
        """The verb that tells an event noun; not where the noun has its own day ("Tuesday's shelling")."""
        noun = match.noun
        days = {head.i for head, _ in self.times}
        if noun is None or any(
            child.dep_ in ("npadvmod", "nmod", "poss") and child.i in days for child in noun.noun.children
        ):
            return None
        if noun.verb is not None:
            return noun.verb.verb
        return noun.occurs

    def _codes(self, match: Match, status: MentionStatus) -> tuple[str | None, str | None]:
        """PLOVER and CAMEO codes by what became of it: promised, announced, not done, done together."""
        kind = self.ontology.types[match.pattern.type]
        pattern = match.pattern
        plover = kind.plover if pattern.plover is None else pattern.plover or None
        cameo = (kind.cameo if pattern.cameo is None else pattern.cameo) or None
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


def _is_simple(verb: Token) -> bool:
    """Simple past or present: not "had said", not "has accused"."""
    return verb.tag_ in ("VBD", "VBZ", "VBP") and not any(
        child.dep_ in ("aux", "auxpass") for child in verb.children
    )


def _overlap(place: Place, actor: Actor) -> bool:
    """A party to the event is not its place, unless it is acted upon there (a city in a longer phrase)."""
    return place.start == actor.start or (place.lat is None and actor.start <= place.start < actor.end)
