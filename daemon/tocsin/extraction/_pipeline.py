"""The whole way from document to mentions: split, test, parse, match, build, put in context."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.extraction._article import Article
from tocsin.extraction._build import Builder
from tocsin.extraction._confidence import rated
from tocsin.extraction._context import specialise
from tocsin.extraction._coref import remember
from tocsin.extraction._dating import complete, times_of
from tocsin.extraction._document import Document, Extraction, Fired, Refused, SentenceTrace
from tocsin.extraction._filters import article_topic, off_topic
from tocsin.extraction._headline import in_past_tense
from tocsin.extraction._home import home_of
from tocsin.extraction._language import any_english, foreign_language, is_english, is_foreign
from tocsin.extraction._launchers import launchers, note_weapons
from tocsin.extraction._match import Match, Matcher
from tocsin.extraction._parse import load_model, parsed, tables_loading
from tocsin.extraction._reading import Reading
from tocsin.extraction._select import Chosen, choose
from tocsin.extraction._spans import pointed
from tocsin.extraction._text import Sentence, blank_markup, sentences
from tocsin.extraction._triggers import Triggers
from tocsin.extraction.actors import load_names
from tocsin.extraction.ontology import Ontology, load_ontology
from tocsin.extraction.places import load_gazetteer
from tocsin.extraction.times import Anchor, Timex, dateline, find_times
from tocsin.model import Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tocsin.extraction.ontology import Pattern

Progress = Callable[[int], None]
_BATCH = 512  # sentences parsed together, over documents and parts of documents; bounds memory
_HELD = 2_000_000  # characters of documents read at once when few of their sentences wake the parser
_NEAR_LEAD = 3  # sentences after the headline that an article's own date may speak for


@dataclass(slots=True)
class _Work:
    """One document on its way."""

    doc: Document
    skipped: str | None = None
    left: int = 0  # sentences that the parser has yet to read
    at: int = 0  # time expressions that end before the sentence being read
    all: list[Sentence] = field(default_factory=list)
    topic: str | None = None  # why an article as a whole tells no event
    times: list[Timex] = field(default_factory=list)
    article: Article = field(default_factory=lambda: Article(None))
    mentions: list[Mention] = field(default_factory=list)
    traces: dict[int, SentenceTrace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Task:
    """One sentence that holds a trigger, on its way to the parser."""

    work: _Work
    sentence: Sentence
    triggers: list[str]


class Extractor:
    """Reads documents; holds the language model and the tables, and nothing of the documents."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self._triggers = Triggers(ontology)
        self._matcher = Matcher(ontology)
        self._patterns = {
            pattern.id: pattern for kind in ontology.types.values() for pattern in kind.patterns
        }
        self._warm = False

    def warm(self) -> None:
        """Load the language model and the tables now, rather than with the first sentence that needs them."""
        if not self._warm:
            with tables_loading():
                load_model()
                load_names()
                load_gazetteer()
            self._warm = True

    def extract(self, doc: Document) -> Extraction:
        """The mentions of one document."""
        return next(self.extract_many([doc]))

    def extract_many(
        self, docs: Iterable[Document], progress: Progress | None = None
    ) -> Iterator[Extraction]:
        """The mentions of many documents, in order; sentences are parsed together over documents.

        `progress` is called now and then with the number of sentences parsed so far.
        """
        for work in self._worked(docs, explain=False, progress=progress):
            yield Extraction(tuple(work.mentions), work.skipped)

    def explain(self, doc: Document) -> list[SentenceTrace] | str:
        """Sentence by sentence: which trigger and pattern fired, what was refused and why.

        A document left alone as a whole gives the reason instead (`"language: de"`).
        """
        work = next(self._worked([doc], explain=True))
        if work.skipped is not None:
            return work.skipped
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

    def _worked(
        self, docs: Iterable[Document], *, explain: bool, progress: Progress | None = None
    ) -> Iterator[_Work]:
        """Documents in order; their sentences are parsed in batches that know no bounds of documents."""
        waiting: deque[_Work] = deque()
        batch: list[_Task] = []
        held = read = 0
        for doc in docs:
            work, tasks = self._prepare(doc)
            waiting.append(work)
            held += len(doc.text)
            for task in tasks:
                batch.append(task)
                if len(batch) == _BATCH:
                    self._read(batch, explain=explain)
                    batch = []
                    read += _BATCH
                    if progress is not None:
                        progress(read)
            if held > _HELD:
                self._read(batch, explain=explain)
                batch = []
            while waiting and not waiting[0].left:
                held -= len(waiting[0].doc.text)
                yield self._finished(waiting.popleft())
        self._read(batch, explain=explain)
        yield from map(self._finished, waiting)

    def _prepare(self, doc: Document) -> tuple[_Work, list[_Task]]:
        """The document cut into sentences, and those of them that the parser must see."""
        work, tasks = _Work(doc), list[_Task]()
        text = blank_markup(doc.text)
        language = foreign_language(text, doc.language)
        if language is not None and not any_english(text):
            work.skipped = f"language: {language}"
            return work, tasks
        work.topic = article_topic(text)
        anchor = Anchor(doc.published, doc.timezone, doc.country)
        head = dateline(text)
        work.all = list(sentences(text, None if head is None else (head.start, head.end), markup=False))
        work.times = find_times(text, anchor)
        if head is not None:
            work.times = [timex for timex in work.times if timex.end <= head.start or timex.start >= head.end]
        work.article = Article(anchor.day, publisher=doc.publisher)
        work.article.home = home_of(text, head, work.all)
        if doc.title:
            work.article.countries |= {name.country for name in load_names().find(doc.title) if name.country}
        foreign = _foreign_paragraphs(text, work.all, surely=language is None)
        for sentence in work.all:
            found = self._triggers.find(sentence.clean)
            if found and sentence.paragraph in foreign:
                work.traces[sentence.start] = _untouched(doc.text, sentence, "not English")
            elif found:
                clean = in_past_tense(sentence.clean) if sentence.paragraph == 0 else sentence.clean
                tasks.append(_Task(work, replace(sentence, clean=clean), found))
        work.left = len(tasks)
        return work, tasks

    def _read(self, batch: list[_Task], *, explain: bool) -> None:
        """Parse the sentences of a batch together and read each."""
        if not batch:
            return
        self.warm()
        with parsed([task.sentence.clean for task in batch]) as docs:
            for task, doc in zip(batch, docs, strict=True):
                self._sentence(task, doc, explain=explain)
                task.work.left -= 1

    def _finished(self, work: _Work) -> _Work:
        """The mentions of a document whose sentences are read, each seen in the light of the others."""
        lead = work.all[min(_NEAR_LEAD, len(work.all) - 1)].end if work.all else 0
        found = complete(
            specialise(launchers(work.mentions, work.article), self.ontology), work.article, lead
        )
        number = {sentence.start: sentence.number for sentence in work.all}
        work.mentions = [
            rated(
                pointed(mention, work.doc.text),
                self._patterns.get(mention.pattern or ""),
                number[mention.sentence[0]],
            )
            for mention in found
        ]
        return work

    def _sentence(self, task: _Task, doc: Doc, *, explain: bool) -> None:
        work, sentence = task.work, task.sentence
        reading = Reading(sentence, doc, work.article)
        refused: list[Refused] = []
        matches: list[Match] = []
        for token in doc:
            match, others = self._matcher.match(reading, token)
            if match is not None:
                reason = off_topic(sentence.clean, match, work.topic)
                if reason is None:
                    matches.append(match)
                else:
                    refused.append(Refused(token.text, reason, match.pattern.type))
            if explain and match is None and token.text in task.triggers:
                refused += _refusals(token, others)
        times = times_of(reading, _times_in(work, sentence))
        builder = Builder(self.ontology, self._matcher, reading, times)
        chosen: Chosen = choose(reading, builder, matches)
        work.mentions += chosen.mentions
        note_weapons(reading, sentence.start)
        remember(work.article, reading)
        if explain:
            work.traces[sentence.start] = SentenceTrace(
                sentence.start,
                sentence.end,
                work.doc.text[sentence.start : sentence.end],
                parsed=True,
                triggers=tuple(task.triggers),
                fired=tuple(
                    Fired(match.token.text, match.pattern.type, match.pattern.id) for match in chosen.matches
                ),
                refused=(
                    *refused,
                    *(Refused(match.token.text, why, match.pattern.type) for match, why in chosen.refused),
                ),
            )


def _times_in(work: _Work, sentence: Sentence) -> list[Timex]:
    """The time expressions inside a sentence; sentences come in reading order."""
    while work.at < len(work.times) and work.times[work.at].end <= sentence.start:
        work.at += 1
    upto = work.at
    while upto < len(work.times) and work.times[upto].start < sentence.end:
        upto += 1
    return [
        timex
        for timex in work.times[work.at : upto]
        if timex.start >= sentence.start and timex.end <= sentence.end
    ]


def _refusals(token: Token, others: list[tuple[Pattern, str]]) -> list[Refused]:
    """Why a trigger gave nothing: pattern by pattern, or that none is for the word as it is used."""
    if not others:
        used = f"{token.pos_.lower()}, {token.dep_}"
        return [Refused(token.text, f"no pattern begins with it as it is used here ({used})")]
    return [Refused(token.text, reason, pattern.id) for pattern, reason in others]


def _foreign_paragraphs(text: str, cut: list[Sentence], *, surely: bool) -> set[int]:
    """Paragraphs to leave alone: surely foreign ones of an English text, all but the surely English of another."""
    if not cut or (surely and cut[0].paragraph == cut[-1].paragraph):
        return set()
    foreign = set()
    for paragraph, inside in groupby(cut, key=attrgetter("paragraph")):
        own = list(inside)
        words = text[own[0].start : own[-1].end]
        if is_foreign(words) if surely else not is_english(words):
            foreign.add(paragraph)
    return foreign


def _untouched(text: str, sentence: Sentence, why: str = "no trigger word") -> SentenceTrace:
    words = text[sentence.start : sentence.end]
    return SentenceTrace(sentence.start, sentence.end, words, parsed=False, unread=why)


@cache
def load_extractor(user_ontology: Path | None = None) -> Extractor:
    """The extractor with the shipped event types and those of `user_ontology` (a folder).

    Raises `ConfigurationError` for a bad ontology file, `ExtractionError` without a language model.
    """
    with tables_loading():
        return Extractor(load_ontology(user_ontology))
