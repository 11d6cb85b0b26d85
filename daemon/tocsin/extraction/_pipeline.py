"""The whole way from document to mentions: split, test, parse, match, build, put in context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.extraction._article import Article
from tocsin.extraction._build import Builder
from tocsin.extraction._context import specialise
from tocsin.extraction._coref import remember
from tocsin.extraction._dating import complete, times_of
from tocsin.extraction._document import Document, Extraction, Fired, Refused, SentenceTrace
from tocsin.extraction._filters import article_topic, off_topic
from tocsin.extraction._headline import in_past_tense
from tocsin.extraction._language import foreign_language
from tocsin.extraction._match import Match, Matcher
from tocsin.extraction._parse import load_model, parsed
from tocsin.extraction._reading import Reading
from tocsin.extraction._select import Chosen, choose
from tocsin.extraction._spans import pointed
from tocsin.extraction._text import Sentence, sentences
from tocsin.extraction._triggers import Triggers
from tocsin.extraction.actors import load_names
from tocsin.extraction.ontology import Ontology, load_ontology
from tocsin.extraction.places import load_gazetteer
from tocsin.extraction.times import Anchor, Timex, dateline, find_times
from tocsin.model import Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc

MAX_PARSED = 4000  # sentences of one document given to the parser; the rest of a longer one is left out
_BATCH = 512  # sentences parsed together, over documents
_NEAR_LEAD = 3  # sentences after the headline that an article's own date may speak for


@dataclass(slots=True)
class _Work:
    """One document on its way."""

    doc: Document
    skipped: str | None = None
    chosen: list[tuple[Sentence, list[str]]] = field(default_factory=list)
    all: list[Sentence] = field(default_factory=list)
    topic: str | None = None  # why an article as a whole tells no event
    times: list[Timex] = field(default_factory=list)
    article: Article = field(default_factory=lambda: Article(None))
    mentions: list[Mention] = field(default_factory=list)
    traces: dict[int, SentenceTrace] = field(default_factory=dict)


class Extractor:
    """Reads documents; holds the language model and the tables, and nothing of the documents."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self._triggers = Triggers(ontology)
        self._matcher = Matcher(ontology)

    def warm(self) -> None:
        """Load the language model and the tables now."""
        load_model()
        load_names()
        load_gazetteer()

    def extract(self, doc: Document) -> Extraction:
        """The mentions of one document."""
        return next(self.extract_many([doc]))

    def extract_many(self, docs: Iterable[Document]) -> Iterator[Extraction]:
        """The mentions of many documents, in order; sentences are parsed together over documents."""
        for work in self._worked(docs, explain=False):
            yield Extraction(tuple(work.mentions), work.skipped)

    def explain(self, doc: Document) -> list[SentenceTrace]:
        """Sentence by sentence: which trigger and pattern fired, what was refused and why."""
        work = next(self._worked([doc], explain=True))
        if work.skipped is not None:
            return []
        by_start: dict[int, list[Mention]] = {}
        for mention in work.mentions:
            by_start.setdefault(mention.sentence[0], []).append(mention)
        return [
            replace(
                work.traces.get(sentence.start) or _untouched(doc.text, sentence),
                mentions=tuple(by_start.get(sentence.start, ())),
            )
            for sentence in work.all
        ]

    def _worked(self, docs: Iterable[Document], *, explain: bool) -> Iterator[_Work]:
        batch: list[_Work] = []
        waiting = 0
        for doc in docs:
            work = self._prepare(doc)
            batch.append(work)
            waiting += len(work.chosen)
            if waiting >= _BATCH:
                yield from self._read(batch, explain=explain)
                batch, waiting = [], 0
        if batch:
            yield from self._read(batch, explain=explain)

    def _prepare(self, doc: Document) -> _Work:
        work = _Work(doc)
        language = foreign_language(doc.text, doc.language)
        if language is not None:
            work.skipped = f"language: {language}"
            return work
        work.topic = article_topic(doc.text)
        anchor = Anchor(doc.published, doc.timezone, doc.country)
        head = dateline(doc.text)
        work.all = list(sentences(doc.text, None if head is None else (head.start, head.end)))
        work.times = find_times(doc.text, anchor)
        if head is not None:
            work.times = [timex for timex in work.times if timex.end <= head.start or timex.start >= head.end]
        work.article = Article(anchor.day, publisher=doc.publisher)
        if doc.title:
            work.article.countries |= {name.country for name in load_names().find(doc.title) if name.country}
        for sentence in work.all:
            found = self._triggers.find(sentence.clean)
            if found and len(work.chosen) < MAX_PARSED:
                clean = in_past_tense(sentence.clean) if sentence.paragraph == 0 else sentence.clean
                work.chosen.append((replace(sentence, clean=clean), found))
        return work

    def _read(self, batch: list[_Work], *, explain: bool) -> Iterator[_Work]:
        texts = [sentence.clean for work in batch for sentence, _ in work.chosen]
        with parsed(texts) as docs:
            for work in batch:
                self._read_one(work, docs, explain=explain)
        for work in batch:
            lead = work.all[min(_NEAR_LEAD, len(work.all) - 1)].end if work.all else 0
            found = complete(specialise(work.mentions, self.ontology), work.article, lead)
            work.mentions = [pointed(mention, work.doc.text) for mention in found]
        yield from batch

    def _read_one(self, work: _Work, docs: Iterator[Doc], *, explain: bool) -> None:
        at = 0
        for sentence, triggers in work.chosen:
            doc = next(docs)
            while at < len(work.times) and work.times[at].end <= sentence.start:
                at += 1
            own = []
            upto = at
            while upto < len(work.times) and work.times[upto].start < sentence.end:
                if work.times[upto].start >= sentence.start and work.times[upto].end <= sentence.end:
                    own.append(work.times[upto])
                upto += 1
            self._sentence(work, sentence, doc, own, triggers, explain=explain)

    def _sentence(
        self,
        work: _Work,
        sentence: Sentence,
        doc: Doc,
        times: list[Timex],
        triggers: list[str],
        *,
        explain: bool,
    ) -> None:
        reading = Reading(sentence, doc, work.article)
        refused: list[Refused] = []
        matches: list[Match] = []
        for token in doc:
            match, others = self._matcher.match(reading, token)
            if match is not None:
                reason = work.topic or off_topic(sentence.clean, match.pattern.type)
                if reason is None:
                    matches.append(match)
                else:
                    refused.append(Refused(token.text, reason, match.pattern.type))
            if explain and match is None and token.text in triggers:
                refused += [Refused(token.text, reason, pattern.id) for pattern, reason in others]
        lead = max(0.0, 1.0 - sentence.number / 6)
        builder = Builder(self.ontology, self._matcher, reading, times_of(reading, times), lead)
        chosen: Chosen = choose(reading, builder, matches)
        work.mentions += chosen.mentions
        remember(work.article, reading)
        if explain:
            work.traces[sentence.start] = SentenceTrace(
                sentence.start,
                sentence.end,
                work.doc.text[sentence.start : sentence.end],
                parsed=True,
                triggers=tuple(triggers),
                fired=tuple(
                    Fired(match.token.text, match.pattern.type, match.pattern.id) for match in chosen.matches
                ),
                refused=(
                    *refused,
                    *(Refused(match.token.text, why, match.pattern.type) for match, why in chosen.refused),
                ),
            )


def _untouched(text: str, sentence: Sentence) -> SentenceTrace:
    return SentenceTrace(sentence.start, sentence.end, text[sentence.start : sentence.end], parsed=False)


@cache
def load_extractor(user_ontology: Path | None = None) -> Extractor:
    """The extractor with the shipped event types and those of `user_ontology` (a folder).

    Raises `ConfigurationError` for a bad ontology file, `ExtractionError` without a language model.
    """
    return Extractor(load_ontology(user_ontology))
