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
_LAUNCH = "weapons.launch"
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
    elif mention.attribution and not mention.type.startswith("statement"):
        article.said = Proposition(
            mention.type, mention.source, mention.target, mention.trigger, mention.objects
        )
    actor = next((actor for actor in mention.source if actor.country), None)
    if actor is None or mention.status not in _TOLD:
        return
    for noun in _NOUNS.get(mention.type.partition(".")[0], ()):
        article.acts[noun] = Known(actor.name, actor.country, actor.sector, noun, person=False)


def specialise(mentions: list[Mention], ontology: Ontology) -> list[Mention]:
    """“The launch” after "fired a missile" is a missile launch: same parties, a type below, in the same article."""
    sided = {mention.type for mention in mentions if mention.source}
    below: dict[str, set[str]] = {}  # country -> narrower types of launch told of it
    for mention in mentions:
        if mention.type.startswith(f"{_LAUNCH}.") and mention.status in _TOLD:
            for actor in mention.source:
                if actor.country:
                    below.setdefault(actor.country, set()).add(mention.type)
    out = []
    for mention in mentions:
        if _is_echo(mention, sided):
            continue
        best = _narrower(mention, below)
        if best is None:
            out.append(mention)
            continue
        kind = ontology.types[best]
        out.append(replace(mention, type=best, severity=kind.severity, cameo=mention.cameo and kind.cameo))
    return out


def _is_echo(mention: Mention, sided: set[str]) -> bool:
    """The flight and fall of a missile whose launch the article tells with its launcher."""
    if mention.source or not mention.type.startswith(_LAUNCH) or mention.pattern not in _FLIGHT:
        return False
    return mention.type in sided


def _narrower(mention: Mention, below: dict[str, set[str]]) -> str | None:
    if mention.type != _LAUNCH:
        return None
    types = {kind for actor in mention.source if actor.country for kind in below.get(actor.country, ())}
    return types.pop() if len(types) == 1 else None
