"""Whatever the text: no exception, spans that point right, time that grows with length."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.extraction import Document, Extraction, Extractor, load_extractor
from tocsin.extraction._text import MAX_CHARACTERS, MAX_WORDS, sentences
from tocsin.model import Mention, mention_from_json, mention_to_json

NOW = datetime(2022, 11, 9, tzinfo=UTC)
NEWS = "North Korea fired 2 missiles on Tuesday and denied supplying arms to Russia, Seoul’s military said. "
PIECES = st.sampled_from(
    [
        "North Korea", "fired", "a missile", "denied", "supplying", "weapons", "to Russia", "on Tuesday", "the Kremlin", "said",
        "attacked", "Kabul", "“We", "never", "launched”", ".", "!", ",", "\n", "\n\n", "<p>", "</a>", "&amp;", "\x00", "\x1b[31m",
        "🚀", "👩‍👩‍👧", "الصاروخ", "שלום", "\u202e", "İSTANBUL", "ﬁred", "NORTH KOREA FIRED", "it", "—", "(WHO)", "U.S.", "\ud800",
    ]
)  # fmt: skip


def _spans(mention: Mention) -> list[tuple[str, int, int]]:
    claim = mention.claim
    things = [mention.trigger, *mention.source, *mention.target, *mention.objects, *mention.attribution]
    if mention.place is not None:
        things.append(mention.place)
    if claim is not None:
        things += [*claim.source, *claim.target, *claim.objects, *([claim.trigger] if claim.trigger else [])]
    found = [(thing.text, thing.start, thing.end) for thing in things]
    if mention.when is not None and mention.when.span is not None:
        found.append((mention.when.text or "", *mention.when.span))
    return found


def _check(text: str, extraction: Extraction) -> None:
    for mention in extraction.mentions:
        start, end = mention.sentence
        assert 0 <= start < end <= len(text)
        assert 0.0 <= mention.confidence <= 1.0
        for words, begin, stop in _spans(mention):
            assert 0 <= begin < stop <= len(text)
            assert text[begin:stop] == words
        assert mention_from_json(mention_to_json(mention)).trigger == mention.trigger


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_spans_point_into_the_text_made_of_pieces(text: str) -> None:
    """News words mixed with tags, controls, emoji, right-to-left text and lone surrogates."""
    _check(text, load_extractor().extract(Document(text, NOW)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_spans_point_into_any_text(before: str, between: str) -> None:
    """Anything at all around a sentence of news."""
    text = f"{before}\n\n{NEWS}{between}{NEWS}"
    _check(text, load_extractor().extract(Document(text, NOW)))


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=400))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    """Sentences do not overlap, keep their length when cleaned, and leave out nothing but space."""
    at = 0
    for sentence in sentences(text):
        assert sentence.start >= at
        assert len(sentence.clean) == sentence.end - sentence.start <= MAX_CHARACTERS
        at = sentence.end


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "…", "<>", "\x00" * 50, "a", "🚀🚀", "'", "“”"])
def test_almost_nothing_gives_nothing(extractor: Extractor, text: str) -> None:
    """Empty and near-empty texts give no mention and no error."""
    assert extractor.extract(Document(text, NOW)).mentions == ()


def test_a_sentence_of_twenty_thousand_words(extractor: Extractor) -> None:
    """A sentence without end is read in pieces, and the events in it are found."""
    text = "and then North Korea fired a missile at the sea while people watched it go " * 1500
    began = time.perf_counter()
    extraction = extractor.extract(Document(text, NOW))
    assert time.perf_counter() - began < 60
    assert len(extraction.mentions) > 100
    _check(text, extraction)
    assert all(len(s.clean.split()) <= MAX_WORDS + 1 for s in sentences(text))


def test_five_megabytes(extractor: Extractor) -> None:
    """Long texts take time in proportion; what has no trigger is never parsed."""
    filler = "The garden was quiet and the roses grew along the old wall by the river. "
    text = NEWS + filler * (5_000_000 // len(filler)) + NEWS
    began = time.perf_counter()
    extraction = extractor.extract(Document(text, NOW))
    assert time.perf_counter() - began < 60
    assert {mention.trigger.start > 1_000_000 for mention in extraction.mentions} == {True, False}


def test_all_capitals_are_read(extractor: Extractor) -> None:
    """A text in capitals gives the same event with its own spelling."""
    text = "NORTH KOREA FIRED TWO BALLISTIC MISSILES ON TUESDAY, SOUTH KOREA SAID"
    (launch,) = extractor.extract(Document(text, NOW)).mentions
    assert launch.type == "weapons.launch.missile"
    assert [actor.text for actor in launch.source] == ["NORTH KOREA"]


def test_html_left_in_is_skipped_over(extractor: Extractor) -> None:
    """Tags do not hide an event and are in no span."""
    text = "<p>North Korea <b>fired</b> a <a href='https://example.org/x'>missile</a> on Tuesday.</p>"
    (launch,) = extractor.extract(Document(text, NOW)).mentions
    assert (launch.trigger.text, launch.source[0].text) == ("fired", "North Korea")


def test_documents_do_not_leak_into_each_other(extractor: Extractor) -> None:
    """Reading many at once gives what reading each alone gives, in order."""
    texts = [
        "It fired a missile.",
        "North Korea fired a missile.",
        "It fired a missile.",
        "",
        "Der Bundestag tagte heute.",
    ]
    docs = [Document(text, NOW) for text in texts]
    assert list(extractor.extract_many(docs)) == [extractor.extract(doc) for doc in docs]
    assert extractor.extract(docs[2]).mentions[0].source == ()
