"""What one sentence of an article says about the events of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.extraction._article import Article, Known
from tocsin.model import Mention, MentionStatus, Proposition

if TYPE_CHECKING:
    from tocsin.extraction.ontology import Ontology

# nouns that later sentences use for an act already told
_NOUNS = {
    "weapons": ("launch", "test", "firing", "missile", "provocation", "launching"),
    "conflict": (
        "attack",
        "strike",
        "assault",
        "shelling",
        "bombing",
        "invasion",
        "raid",
        "offensive",
        "airstrike",
        "killing",
    ),
    "arms": ("shipment", "transfer", "sale", "delivery", "supply"),
    "posture": ("exercise", "drill", "deployment"),
    "cyber": ("attack", "cyberattack", "hack"),
}
_FLIGHT = frozenset({"weapons.launch.missile/verb:3"})  # "the missile flew, landed, fell"
_TOLD = frozenset({MentionStatus.HAPPENED, MentionStatus.ONGOING})


def note(article: Article, mention: Mention) -> None:
    """Remember who did what, and the last claim spelt out, for the sentences that follow."""
    claim = mention.claim
    if claim is not None and claim.type is not None and not claim.refers_back:
        article.claim = claim
    if mention.status is MentionStatus.ALLEGED and not mention.type.startswith("statement"):
        article.claim = Proposition(
            mention.type, mention.source, mention.target, mention.trigger, mention.objects
        )
    actor = next((actor for actor in mention.source if actor.country), None)
    if actor is None or mention.status not in _TOLD:
        return
    for noun in _NOUNS.get(mention.type.partition(".")[0], ()):
        article.acts[noun] = Known(actor.name, actor.country, actor.sector, noun, person=False)


def specialise(mentions: list[Mention], ontology: Ontology) -> list[Mention]:
    """“The launch” after "fired a missile" is a missile launch: same parties, a type below, in the same article."""
    out = []
    for mention in mentions:
        if _is_echo(mention, mentions):
            continue
        best = _narrower(mention, mentions)
        if best is None:
            out.append(mention)
            continue
        kind = ontology.types[best]
        out.append(replace(mention, type=best, severity=kind.severity, cameo=mention.cameo and kind.cameo))
    return out


def _is_echo(mention: Mention, mentions: list[Mention]) -> bool:
    """The flight and fall of a missile whose launch the article tells with its launcher."""
    if mention.source or not mention.type.startswith("weapons.launch") or mention.pattern not in _FLIGHT:
        return False
    return any(other.source and other.type == mention.type for other in mentions)


def _narrower(mention: Mention, mentions: list[Mention]) -> str | None:
    parties = {actor.country for actor in mention.source if actor.country}
    below = {
        other.type
        for other in mentions
        if other.type.startswith(f"{mention.type}.")
        and other.status in _TOLD
        and parties & {actor.country for actor in other.source}
    }
    return below.pop() if len(below) == 1 and mention.type == "weapons.launch" else None
