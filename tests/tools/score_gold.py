"""Score the extractor on tests/gold/events.jsonl: roots, types, parties, status, place, date, false alarms.

The texts are our own. A line is a document with the events it tells; `also` are further PLOVER roots that a careful
coder might give, an `optional` event may be found or not, `when_open` says that its day can be inferred at best. Ids that end in an even digit are the development half,
the others are held out: only their figures are looked at.

Run by hand: `python tests/tools/score_gold.py [--misses]`; `--misses` lists those of the development half by cause.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tocsin.extraction import Document, load_extractor
from tocsin.model import Actor, Basis, Mention, MentionStatus

GOLD = Path(__file__).resolve().parents[1] / "gold" / "events.jsonl"
MERGED = {"RETREAT": "YIELD", "CONCEDE": "YIELD", "FIGHT": "ASSAULT"}
ARMED = ("conflict.", "weapons.", "posture.", "arms.")
_S = MentionStatus
CLASS = {
    _S.HAPPENED: "happened",
    _S.ONGOING: "happened",
    _S.HISTORICAL: "happened",
    _S.DENIED: "not happened",
    _S.NEGATED: "not happened",
    _S.PLANNED: "uncertain",
    _S.ALLEGED: "uncertain",
    _S.HYPOTHETICAL: "uncertain",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the gold: alpha-3 codes of both sides ("" for a party without a country), first day of `when`."""

    type: str
    roots: frozenset[str]
    required: bool
    trigger: str
    start: int
    source: tuple[str, ...]
    target: tuple[str, ...]
    status: MentionStatus
    place: str | None
    when: date | None
    when_open: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the gold. `kind` is sentence, distractor or article."""

    id: str
    kind: str
    text: str
    published: datetime
    events: tuple[Told, ...]

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half nobody develops on."""
        return int(self.id[-1]) % 2 == 1


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that is not as the gold has it."""

    cause: str
    text: Text
    gold: str
    found: str


def read_gold(path: Path = GOLD) -> list[Text]:
    """All documents of a gold file."""
    return [_text(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _text(row: dict[str, Any]) -> Text:
    published = datetime.fromisoformat(row["published"])
    return Text(row["id"], row["kind"], row["text"], published, tuple(map(_told, row["events"])))


def _told(event: dict[str, Any]) -> Told:
    roots = frozenset(root for root in (event["root"], *event.get("also", ())) if root)
    optional = event.get("optional", False)
    return Told(
        type=event["type"],
        roots=roots,
        required=event["root"] is not None and None not in event.get("also", ()) and not optional,
        trigger=event["trigger"],
        start=event["start"],
        source=tuple(event["source"]),
        target=tuple(event["target"]),
        status=MentionStatus(event["status"]),
        place=event["place"],
        when=date.fromisoformat(event["when"]) if event["when"] else None,
        when_open=event.get("when_open", False),
        optional=optional,
    )


def root_of(mention: Mention) -> str | None:
    """The PLOVER root, the merged ones under one name."""
    return MERGED.get(mention.plover, mention.plover) if mention.plover else None


def fits(found: str, gold: str) -> bool:
    """Whether a type is the gold one or one below it."""
    return found == gold or found.startswith(gold + ".")


def aligned(text: Text, mentions: Sequence[Mention]) -> list[Mention | None]:
    """For each gold event the mention that tells it, each mention once; by trigger, then type, then root."""
    pairs = []
    for i, told in enumerate(text.events):
        for j, mention in enumerate(mentions):
            near = mention.trigger.start < told.start + len(told.trigger) and mention.trigger.end > told.start
            same, coded = fits(mention.type, told.type), root_of(mention) in told.roots
            if near or same or coded:
                pairs.append((-(4 * near + 2 * same + coded), told.optional, i, j))
    out: list[Mention | None] = [None] * len(text.events)
    used: set[int] = set()
    for *_, i, j in sorted(pairs):
        if out[i] is None and j not in used:
            out[i] = mentions[j]
            used.add(j)
    return out


def party_fits(gold: Sequence[str], found: Sequence[Actor]) -> bool:
    """Whether a party has a country of the gold; a gold side without one asks for nothing."""
    wanted = {country for country in gold if country}
    return not wanted or any(actor.country in wanted for actor in found)


def place_fits(gold: str, mention: Mention) -> bool:
    """Whether the place is the gold one, by its text or its name."""
    if mention.place is None:
        return False
    names = {mention.place.text.lower(), (mention.place.name or "").lower()} - {""}
    return any(gold.lower() in name or name in gold.lower() for name in names)


class Tally:
    """Counts of one half; `lines()` are the figures."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.status: Counter[tuple[str, str]] = Counter()
        self.roots: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.misses: list[Miss] = []

    def add(self, text: Text, mentions: Sequence[Mention]) -> None:
        """Count one document."""
        told = aligned(text, mentions)
        self.count["texts"] += 1
        self._roots(text, mentions)
        self._types(text, mentions)
        for event, mention in zip(text.events, told, strict=True):
            if not event.optional:
                self._event(text, event, mention, mentions)
        if text.kind == "distractor":
            self._alarms(text, mentions)

    def _roots(self, text: Text, mentions: Sequence[Mention]) -> None:
        found = {root for mention in mentions if (root := root_of(mention))}
        for slot in {event.roots for event in text.events if event.required}:
            self.count["root gold"] += 1
            name = min(slot & found or slot)
            self.roots[name][2] += 1
            if slot & found:
                self.count["root hit"] += 1
                self.roots[name][0] += 1
            else:
                cause = "nothing found" if not found else "root missed"
                self.misses.append(Miss(cause, text, "/".join(sorted(slot)), ",".join(sorted(found))))
        self._first(text, found)
        required = {root for event in text.events if event.required for root in event.roots}
        neutral = {root for event in text.events for root in event.roots} - required
        for root in found - neutral:
            self.count["root said"] += 1
            self.count["root right"] += root in required
            self.roots[root][1] += 1
            if root not in required:
                words = [f"{m.trigger.text}={m.type}" for m in mentions if root_of(m) == root]
                self.misses.append(Miss("root too many", text, ",".join(sorted(required)), f"{root} {words}"))

    def _first(self, text: Text, found: set[str]) -> None:
        """One root a sentence, the first told: as public PLOVER sentences are coded."""
        first = next((event.roots for event in text.events if event.required), None)
        if text.kind == "sentence" and first is not None:
            self.count["first gold"] += 1
            self.count["first said"] += len(found)
            self.count["first hit"] += bool(first & found)
            self.count["first right"] += bool(first & found)

    def _types(self, text: Text, mentions: Sequence[Mention]) -> None:
        found = {mention.type for mention in mentions}
        required = {event.type for event in text.events if not event.optional}
        neutral = {event.type for event in text.events if event.optional}
        self.count["type gold"] += len(required)
        self.count["type hit"] += sum(any(fits(one, gold) for one in found) for gold in required)
        for one in found:
            if any(fits(one, gold) for gold in required):
                self.count["type right"] += 1
                self.count["type said"] += 1
            elif not any(fits(one, gold) for gold in neutral):
                self.count["type said"] += 1

    def _event(self, text: Text, event: Told, mention: Mention | None, mentions: Sequence[Mention]) -> None:
        count = self.count
        count["events"] += 1
        count["events found"] += mention is not None
        if event.required:
            count["tuple gold"] += 1
            count["tuple hit"] += any(_whole(event, one) for one in mentions)
            count["tuple named"] += any(_whole(event, one, at_home=True) for one in mentions)
        for side in ("source", "target"):
            gold = getattr(event, side)
            found = getattr(mention, side) if mention else ()
            if any(gold):
                count[f"{side} gold"] += 1
                count[f"{side} hit"] += mention is not None and party_fits(gold, found)
                count[f"{side} of found"] += mention is not None
                if mention is not None and not party_fits(gold, found):
                    self._miss(side, text, event, gold, [(a.text, a.country) for a in found])
            elif not gold and mention is not None:
                count[f"{side} none"] += 1
                count[f"{side} invented"] += any(actor.country for actor in found)
        if mention is not None:
            self._circumstances(text, event, mention)

    def _circumstances(self, text: Text, event: Told, mention: Mention) -> None:
        count = self.count
        self.status[CLASS[event.status], CLASS[mention.status]] += 1
        if CLASS[event.status] != CLASS[mention.status]:
            self._miss("status", text, event, event.status.value, mention.status.value)
        if event.place:
            count["place gold"] += 1
            count["place hit"] += (hit := place_fits(event.place, mention))
            if not hit:
                self._miss("place", text, event, event.place, mention.place and mention.place.text)
        else:
            count["place none"] += 1
            count["place invented"] += mention.place is not None
            if mention.place is not None:
                self._miss("place invented", text, event, None, mention.place.text)
        when = mention.when
        if event.when:
            count["date gold"] += 1
            count["date hit"] += (right := when is not None and when.start == event.when)
            if not right:
                self._miss("date", text, event, event.when, when and f"{when.start} {when.basis}")
        elif not event.when_open:
            count["date none"] += 1
            basis = when.basis if when is not None else None
            count["date invented"] += basis is Basis.EXPRESSION
            count["date by context"] += basis is Basis.CONTEXT
            if basis in (Basis.EXPRESSION, Basis.CONTEXT):
                self._miss(
                    f"date by {basis} where none is told",
                    text,
                    event,
                    None,
                    when and f"{when.start} {when.text!r}",
                )

    def _alarms(self, text: Text, mentions: Sequence[Mention]) -> None:
        told = [event.type for event in text.events]
        armed = [
            mention
            for mention in mentions
            if mention.type.startswith(ARMED) and not any(fits(mention.type, one) for one in told)
        ]
        now = [m for m in armed if CLASS[m.status] == "happened" and m.status is not _S.HISTORICAL]
        self.count["distractors"] += 1
        self.count["distractors armed"] += bool(armed)
        self.count["distractors armed now"] += bool(now)
        for mention in armed:
            self.misses.append(
                Miss(
                    "armed event in a distractor",
                    text,
                    "",
                    f"{mention.trigger.text}={mention.type} {mention.status}",
                )
            )

    def _miss(self, cause: str, text: Text, event: Told, gold: object, found: object) -> None:
        self.misses.append(Miss(cause, text, f"{event.trigger}={event.type}: {gold}", str(found)))

    def ratio(self, part: str, whole: str) -> float:
        """One count over another, 0 where there is nothing."""
        return self.count[part] / self.count[whole] if self.count[whole] else 0.0

    def f1(self, what: str) -> tuple[float, float, float]:
        """Precision, recall and F1 of "root", "first" (root of a sentence) or "type" over the set each document got."""
        precision, recall = (
            self.ratio(f"{what} right", f"{what} said"),
            self.ratio(f"{what} hit", f"{what} gold"),
        )
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def status_f1(self) -> float:
        """Macro F1 over happened, not happened and uncertain, of the events that were found."""
        out = []
        for name in dict.fromkeys(CLASS.values()):
            gold = sum(n for (one, _), n in self.status.items() if one == name)
            said = sum(n for (_, two), n in self.status.items() if two == name)
            out.append(2 * self.status[name, name] / (gold + said) if gold + said else 0.0)
        return sum(out) / len(out)

    def lines(self) -> Iterator[str]:
        """The figures, a line each."""
        count, ratio = self.count, self.ratio
        yield f"{count['texts']} texts, {count['events']} events, found {ratio('events found', 'events'):.3f}"
        for what in ("root", "first", "type"):
            yield "{} P {:.3f} R {:.3f} F1 {:.3f}".format(what, *self.f1(what))
        for side in ("source", "target"):
            yield (
                f"{side} country {ratio(f'{side} hit', f'{side} gold'):.3f}"
                f" (of found {ratio(f'{side} hit', f'{side} of found'):.3f}),"
                f" invented {count[f'{side} invented']}/{count[f'{side} none']}"
            )
        named = ratio("tuple named", "tuple gold")
        yield f"whole tuple {ratio('tuple hit', 'tuple gold'):.3f}, countries of domestic parties apart {named:.3f}"
        yield f"status macro-F1 {self.status_f1():.3f}"
        for what in ("place", "date"):
            yield (
                f"{what} {ratio(f'{what} hit', f'{what} gold'):.3f} of {count[f'{what} gold']},"
                f" invented {count[f'{what} invented']}/{count[f'{what} none']}"
            )
        yield f"dated by context where none is told {count['date by context']}/{count['date none']}"
        yield (
            f"distractors with an armed event {count['distractors armed']}/{count['distractors']},"
            f" told as new {count['distractors armed now']}"
        )
        yield "per root hit/said/gold: " + " ".join(
            f"{name} {hit}/{said}/{gold}" for name, (hit, said, gold) in sorted(self.roots.items())
        )


def _whole(event: Told, mention: Mention, *, at_home: bool = False) -> bool:
    """Root and both parties. `at_home`: where both sides are of one country, a party may be named without it."""
    domestic = at_home and bool(set(event.source) & set(event.target))
    return root_of(mention) in event.roots and all(
        party_fits(gold, found) or (domestic and any(actor.country is None for actor in found))
        for gold, found in ((event.source, mention.source), (event.target, mention.target))
    )


def extract(texts: Iterable[Text]) -> list[tuple[Text, tuple[Mention, ...]]]:
    """Each document with its mentions."""
    texts = list(texts)
    found = load_extractor().extract_many(Document(text.text, text.published) for text in texts)
    return [(text, tuple(one.mentions)) for text, one in zip(texts, found, strict=True)]


def tallies(pairs: Iterable[tuple[Text, Sequence[Mention]]]) -> dict[str, Tally]:
    """The counts of both halves."""
    out = {"development": Tally(), "held out": Tally()}
    for text, mentions in pairs:
        out["held out" if text.held_out else "development"].add(text, mentions)
    return out


def misses_by_cause(misses: Sequence[Miss]) -> Iterator[str]:
    """The list of misses, the most frequent cause first."""
    for cause, number in Counter(miss.cause for miss in misses).most_common():
        yield f"\n== {cause}: {number}"
        for miss in misses:
            if miss.cause == cause:
                words = " ".join(miss.text.text.split())
                yield f"{miss.text.id} | gold {miss.gold} | found {miss.found} | {words[:260]}"


def main() -> None:
    """Print the figures of both halves; with `--misses`, the misses of the development half."""
    halves = tallies(extract(read_gold()))
    for name, tally in halves.items():
        sys.stdout.write("\n  ".join([name, *tally.lines()]) + "\n")
    if "--misses" in sys.argv:
        sys.stdout.write("\n".join(misses_by_cause(halves["development"].misses)) + "\n")


if __name__ == "__main__":
    main()
