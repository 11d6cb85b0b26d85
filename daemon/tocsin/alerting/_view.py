"""An alert arranged for reading: what text, HTML and chat messages are made from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tocsin.alerting._words import KIND_WORDS, one_line, place_words, status_words, when_words
from tocsin.model import AlertKind, Event, LinkedMention, Party, Span
from tocsin.ports import Outgoing

MOST_QUOTES = 5  # of one event in a message for people; the page has them all


@dataclass(frozen=True, slots=True)
class Quote:
    """One article's own words: `before`, the trigger and `after` are the sentence exactly as it stands there."""

    before: str
    trigger: str
    after: str
    publisher: str | None
    title: str
    url: str | None

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        return self.before + self.trigger + self.after

    @property
    def source(self) -> str:
        """Publisher and title, as far as known."""
        return ": ".join(part for part in (self.publisher, one_line(self.title)) if part)


@dataclass(frozen=True, slots=True)
class EventView:
    """One event with labelled facts and the words that back it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    more: int  # quotes left out


@dataclass(frozen=True, slots=True)
class AlertView:
    """A whole message."""

    kind: str
    follow_up: bool
    severity: str
    title: str
    rule: str
    reason: str
    labels: tuple[tuple[str, str], ...]
    events: tuple[EventView, ...]
    link: str | None


def view_of(message: Outgoing) -> AlertView:
    """Arrange a message."""
    draft = message.alert.draft
    return AlertView(
        kind=KIND_WORDS[draft.kind],
        follow_up=draft.kind is not AlertKind.FIRST,
        severity=draft.severity.value,
        title=one_line(draft.title),
        rule=draft.rule,
        reason=draft.reason,
        labels=tuple(sorted(draft.labels.items())),
        events=tuple(_event(event, message) for event in message.events),
        link=message.link,
    )


def _event(event: Event, message: Outgoing) -> EventView:
    backing = [m for m in message.evidence if m.event_id == event.id]
    shown = _one_an_article(backing)[:MOST_QUOTES]
    return EventView(
        title=one_line(event.title),
        facts=tuple((label, value) for label, value in _facts(event) if value),
        quotes=tuple(quote_of(m, message.quotes.get(m.id)) for m in shown),
        more=len(backing) - len(shown),
    )


def _one_an_article(mentions: list[LinkedMention]) -> list[LinkedMention]:
    """The first mention of each article, then the others: many voices before many words."""
    seen: set[UUID] = set()
    first = [m for m in mentions if not (m.article_id in seen or seen.add(m.article_id))]  # type: ignore[func-returns-value]
    return first + [m for m in mentions if m not in first]


def quote_of(linked: LinkedMention, sentence: Span | None) -> Quote:
    """The sentence parted at its trigger; the trigger alone where the text is no longer kept."""
    trigger = linked.mention.trigger
    before = after = ""
    words = trigger.text
    if sentence is not None and sentence.start <= trigger.start <= trigger.end <= sentence.end:
        at, end = trigger.start - sentence.start, trigger.end - sentence.start
        before, words, after = sentence.text[:at], sentence.text[at:end], sentence.text[end:]
    return Quote(before, words, after, linked.publisher, linked.article_title, linked.article_url)


def _facts(event: Event) -> list[tuple[str, str | None]]:
    return [
        ("When", when_words(event.when)),
        ("Where", place_words(event.place)),
        ("Who", _names(event.source)),
        ("To whom", _names(event.target)),
        ("Status", status_words(event)),
    ]


def _names(parties: tuple[Party, ...]) -> str:
    return ", ".join(p.name or p.country or "" for p in parties if p.name or p.country)
