"""Other languages are left alone with the reason; sentences end where they end."""

from __future__ import annotations

import pytest

from tocsin.extraction import Document, Extractor
from tocsin.extraction._language import foreign_language
from tocsin.extraction._text import sentences
from tocsin.extraction._triggers import Triggers, forms
from tocsin.extraction.ontology import load_ontology


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Die Bundesregierung hat am Dienstag beschlossen, weitere Waffen in die Ukraine zu liefern, teilte sie mit.",
            "de",
        ),
        (
            "Le gouvernement français a annoncé mardi de nouvelles sanctions contre les dirigeants du pays voisin.",
            "fr",
        ),
        (
            "El gobierno anunció este martes que enviará más ayuda humanitaria a las regiones afectadas por el sismo.",
            "es",
        ),
        ("Северная Корея запустила баллистическую ракету в сторону Японского моря, сообщили военные.", "ru"),
        ("북한이 화요일 동해상으로 탄도미사일을 발사했다고 합동참모본부가 밝혔다.", "ko"),
    ],
)
def test_other_languages_are_skipped_with_the_reason(extractor: Extractor, text: str, code: str) -> None:
    """The reason names the language found."""
    extraction = extractor.extract(Document(text))
    assert (extraction.mentions, extraction.skipped) == ((), f"language: {code}")


@pytest.mark.parametrize(
    "text",
    [
        "North Korea fires missile",
        "Kremlin dismisses US claim on arms",
        "Macron, Scholz meet in Paris",
        "Erdogan visits Riyadh",
        "Typhoon Noru hits Luzon",
        "Iran: Protests spread to Tabriz, Mashhad, Isfahan",
        "",
        "12:30 — 14:00",
    ],
)
def test_short_english_headlines_are_read(text: str) -> None:
    """A few words with many names are not taken for another language."""
    assert foreign_language(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The U.S. military said so. It was late.", 2),
        ("Gen. Mark Milley met Lt. Col. Park on Nov. 8 in Seoul.", 1),
        ("It came from the U.S. The army said nothing.", 2),
        ("He said: “Stop.” Then he left.", 2),
        ("A headline without a stop\n\nThe first sentence. The second.", 3),
        ("Mr. J. K. Smith paid 3.5 million dollars at 5 p.m. on Friday.", 1),
        ("One line that is\nwrapped in the middle.", 1),
        ("Stop! Who goes there? A friend.", 3),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    """Abbreviations, initials and figures do not end a sentence; quotes and blank lines do."""
    found = list(sentences(text))
    assert len(found) == count
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] for s in found)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("fire", {"fires", "fired", "firing"}),
        ("deny", {"denies", "denied", "denying"}),
        ("send", {"sent", "sends"}),
        ("ban", {"banned", "banning"}),
    ],
)
def test_all_forms_of_a_trigger_are_known(word: str, expected: set[str]) -> None:
    """Inflected forms wake the parser too."""
    assert expected <= forms(word)


def test_a_sentence_without_a_trigger_is_not_parsed(extractor: Extractor) -> None:
    """The cheap test decides what the parser sees, and --explain shows it."""
    quiet, loud = extractor.explain(Document("The garden was quiet. Iran fired a missile. "))
    assert (quiet.parsed, loud.parsed) == (False, True)
    assert quiet.unread == "no trigger word"
    assert loud.fired[0].type == "weapons.launch.missile"
    assert Triggers(load_ontology()).find("The garden was quiet.") == []


def test_explain_says_why_a_trigger_gave_nothing(extractor: Extractor) -> None:
    """A refused trigger comes with the reason."""
    (trace,) = extractor.explain(Document("The company fired its chief accountant."))
    assert any(refusal.trigger == "fired" and refusal.reason for refusal in trace.refused)
