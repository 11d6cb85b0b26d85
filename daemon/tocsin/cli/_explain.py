"""`tocsin extract --explain`: what was done with each sentence, for reading on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text as Styled

from tocsin.cli._common import console

if TYPE_CHECKING:
    from tocsin.extraction import Refused, SentenceTrace
    from tocsin.model import Actor, Mention, Proposition

_MARGIN = "    "
_SHOWN = 4  # patterns named with one reason


def show_traces(traces: Sequence[SentenceTrace]) -> None:
    """Print each sentence with its triggers, what fired, and what was refused and why; then the sum."""
    for trace in traces:
        _print(f"[{trace.start}:{trace.end}] ", " ".join(trace.text.split()), "bold")
        if not trace.parsed:
            _print(f"{_MARGIN}not parsed: {trace.unread or 'no trigger word'}", style="dim")
            continue
        _print(f"{_MARGIN}triggers ", ", ".join(trace.triggers))
        for mention in trace.mentions:
            _mention(mention)
        for line in _refusals(trace.refused):
            _print(f"{_MARGIN}refused  ", line, "yellow")
        if not trace.mentions and not trace.refused:
            _print(
                f"{_MARGIN}nothing fired: no pattern begins with these words as they are used here",
                style="dim",
            )
    parsed = sum(trace.parsed for trace in traces)
    events = sum(len(trace.mentions) for trace in traces)
    _print(f"{len(traces)} sentences, {parsed} parsed, {events} mentions", style="dim")


def _mention(mention: Mention) -> None:
    when = "no date" if mention.when is None else f"{mention.when.value} ({mention.when.basis.value})"
    _print(
        f"{_MARGIN}fired    ", f"{mention.trigger.text!r} {mention.pattern}: {mention.status.value}", "green"
    )
    parts = [f"{_sides(mention.source)} -> {_sides(mention.target)}", when]
    if mention.place is not None:
        parts.append(f"in {mention.place.name or mention.place.text}")
    _print(f"{_MARGIN}         ", f"{', '.join(parts)}, confidence {mention.confidence:.2f}")
    if mention.claim is not None:
        _print(f"{_MARGIN}         ", f"claim: {_claim(mention.claim)}")
    if mention.attribution:
        _print(f"{_MARGIN}         ", f"according to {_sides(mention.attribution)}")


def _sides(actors: Iterable[Actor]) -> str:
    return ", ".join(dict.fromkeys(actor.name or actor.text for actor in actors)) or "-"


def _claim(claim: Proposition) -> str:
    negation = "not " if claim.negated else ""
    if claim.type is None:
        return "what was said before" if claim.refers_back else "unknown"
    return f"{negation}{claim.type}, {_sides(claim.source)} -> {_sides(claim.target)}"


def _refusals(refused: Sequence[Refused]) -> list[str]:
    """One line for each word and reason, with the patterns it holds for."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for each in refused:
        patterns = grouped.setdefault((each.trigger, each.reason), [])
        if each.type is not None and each.type not in patterns:
            patterns.append(each.type)
    lines = []
    for (trigger, reason), patterns in grouped.items():
        more = f" and {len(patterns) - _SHOWN} more" if len(patterns) > _SHOWN else ""
        named = f" ({', '.join(patterns[:_SHOWN])}{more})" if patterns else ""
        lines.append(f"{trigger!r} {reason}{named}")
    return lines


def _print(lead: str, words: str = "", style: str = "") -> None:
    """Plain text whatever it holds: no markup, no wrapping in a pipe."""
    line = Styled(lead, style="" if words else style)
    line.append(words, style)
    # a lone surrogate cannot be printed
    plain = line.plain.encode("utf-8", errors="backslashreplace").decode("utf-8")
    if plain != line.plain:
        line = Styled(plain)
    console.print(line, soft_wrap=not console.is_terminal, highlight=False)
