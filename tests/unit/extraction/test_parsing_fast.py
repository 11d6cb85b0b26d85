"""The short cuts give what the long way gives."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from tocsin.extraction import Document, Extractor
from tocsin.extraction._parse import MODELS, load_model, parsed
from tocsin.extraction.ontology import _load as loading
from tocsin.extraction.ontology import load_ontology
from tocsin.extraction.ontology._yaml import load_quickly

TEXTS = [
    "Iran's army fired two missiles at an air base, the ministry said on Tuesday.",
    "There's been an attack, but it wasn't theirs; they'd have said so.",
    "We ain't gonna go, y'all, and they've got ta stay.",
    "Let's see who's been doin' nothin' since the once-mighty fleet left.",
    "That which they gave him is hers, not mine, though I'd like it myself.",
    "  Some   spaces , and then \u00a0 more .",
    "He had had enough: had he done it, he would've been denied what he has.",
    "The better-equipped forces were worse hit than those that got away earliest.",
    "Whether or not she can, she will; once done, it mustn't be undone.",
    "REBELS SHELL KABUL AS TALKS STALL",
    "“You are you, and I am I,” he said 'em.",
    "North Korea, 2022: 3,000 troops, 50% of them.",
]


def _seen(doc: Any) -> list[tuple[Any, ...]]:
    return [(t.text, t.pos_, t.tag_, t.dep_, str(t.morph), t.lemma_, t.head.i) for t in doc]


@pytest.fixture(scope="module")
def whole() -> Any:
    """SpaCy's own pipeline with its attribute ruler and lemmatiser, and the same arithmetic."""
    for name in MODELS:
        try:
            module = import_module(name)
        except ModuleNotFoundError:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = module.load(exclude=["ner", "senter"])
        break
    ours = load_model().nlp.pipeline[0][1].model.ops
    for _, pipe in nlp.pipeline:
        for layer in pipe.model.walk() if hasattr(pipe, "model") and hasattr(pipe.model, "walk") else ():
            layer.ops = ours
    return nlp


@pytest.mark.parametrize("turn", [1, 2])
def test_words_are_marked_as_spacy_marks_them(whole: Any, turn: int) -> None:
    """Parts of speech, features and lemmas, from memory (the second turn) and not, across memory zones."""
    del turn
    wanted = [_seen(doc) for doc in whole.pipe(TEXTS)]
    for half in (TEXTS[:6], TEXTS[6:]):
        with parsed(half) as docs:
            for text, doc in zip(half, docs, strict=True):
                assert _seen(doc) == wanted[TEXTS.index(text)]


def test_shipped_types_are_the_same_read_quickly_and_carefully() -> None:
    """The quick YAML reader changes nothing but the start of a command."""
    package = files("tocsin.extraction.ontology")
    shipped = sorted(
        (entry for entry in package.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: (entry.name != "lists.yaml", entry.name),
    )
    careful = loading._read(shipped, None, quickly=False)
    quick = load_ontology()
    assert careful.lists == quick.lists
    assert {name: replace(kind, line=0) for name, kind in careful.types.items()} == {
        name: replace(kind, line=0) for name, kind in quick.types.items()
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[on, off, yes, no, y, n]", ["on", "off", "yes", "no", "y", "n"]),
        ("[true, False, null, ~]", [True, False, None, None]),
        ("[0123, 1:30, 12, -1.5, '7']", [123, "1:30", 12, -1.5, "7"]),
        ("{a: [b, {c: d}]}", {"a": ["b", {"c": "d"}]}),
        ("{a: [b", None),
    ],
)
def test_quick_yaml_is_yaml_1_2(text: str, value: object) -> None:
    """Words like `off` stay words; what is not YAML is left to the careful reader."""
    assert load_quickly(text) == value


def test_spacys_command_line_is_not_loaded_and_not_hidden() -> None:
    """The import is spared, and whoever wants it still gets the real one."""
    load_model()
    stand_in = sys.modules.get("spacy.cli")
    assert stand_in is None or stand_in.__spec__ is not None


def test_no_event_of_a_long_text_is_lost(extractor: Extractor) -> None:
    """A document of many batches is read to its end."""
    text = "Iran fired a missile on Tuesday. " * 1300
    found = extractor.extract(Document(text)).mentions
    assert len(found) == 1300
    assert found[-1].trigger.start > len(text) - 40


def test_progress_counts_sentences(extractor: Extractor) -> None:
    """Long work says how far it is."""
    told: list[int] = []
    list(extractor.extract_many([Document("Iran fired a missile. " * 1200)], told.append))
    assert told == [512, 1024]


def test_documents_without_events_do_not_wait_for_others(extractor: Extractor) -> None:
    """Answers come in order, and quiet documents at the front come at once."""
    asked = 0

    def documents() -> Any:
        nonlocal asked
        for text in ("The garden was quiet.", "Iran fired a missile.", "The garden was quiet."):
            asked += 1
            yield Document(text)

    results = extractor.extract_many(documents())
    assert next(results).mentions == ()
    assert asked == 1
    assert [len(result.mentions) for result in results] == [1, 0]
