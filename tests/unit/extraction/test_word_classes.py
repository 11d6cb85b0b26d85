"""Whole classes of words: ways to tell force, protest, aid, diplomacy and power, and their everyday senses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.extraction import Document, Extractor

_YIELD = {"RETREAT": "YIELD", "CONCEDE": "YIELD"}


def _sentences() -> list[tuple[str, str]]:
    root, found = "", []
    for line in Path(__file__).with_name("word_classes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found.append((root, line.strip()))
        elif not line.startswith("#"):
            root = line.strip()
    return found


SENTENCES = _sentences()


@pytest.fixture(scope="module")
def roots(extractor: Extractor) -> dict[str, set[str]]:
    """Each sentence with the PLOVER roots of its mentions."""
    documents = [Document(text) for _, text in SENTENCES]
    return {
        text: {_YIELD.get(mention.plover, mention.plover) for mention in found.mentions if mention.plover}
        for (_, text), found in zip(SENTENCES, extractor.extract_many(documents), strict=True)
    }


@pytest.mark.parametrize("root", sorted({root for root, _ in SENTENCES} - {"NONE"}))
def test_each_way_to_say_it_gives_its_root(root: str, roots: dict[str, set[str]]) -> None:
    """Every sentence of a class is found and coded."""
    told = [text for kind, text in SENTENCES if kind == root]
    assert told
    assert [text for text in told if root not in roots[text]] == []


def test_everyday_senses_give_no_event(roots: dict[str, set[str]]) -> None:
    """Sport, business, weather, mishaps and daily life use the same words and are no coded events."""
    assert [(text, roots[text]) for kind, text in SENTENCES if kind == "NONE" and roots[text]] == []


def test_no_sentence_is_there_twice_or_in_the_gold() -> None:
    """The list is of different sentences, none of them one that is measured on."""
    gold = Path(__file__).resolve().parents[2] / "gold" / "events.jsonl"
    measured = gold.read_text(encoding="utf-8")
    texts = [text for _, text in SENTENCES]
    assert len(set(texts)) == len(texts)
    assert [text for text in texts if text in measured] == []
