"""HTML left in a text, and texts in more than one language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.extraction import Document, Extractor
from tocsin.extraction._language import is_english, is_foreign
from tocsin.extraction._text import blank_markup, sentences

GERMAN = "Der Sprecher hat den Angriff auf das Lager nicht bestätigt und wollte sich auch nicht zu den Opfern äußern."
FRENCH = "Le porte-parole n'a pas confirmé l'attaque contre le camp, mais il a parlé des victimes avec les journalistes."
RUSSIAN = "Представитель министерства не подтвердил нападение на лагерь и не назвал число погибших."
ENGLISH = "The army said on Tuesday that rebels had attacked its base in the north of the country."
HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "<script>", "</script>", "<style", "&amp;", "&#39;", "&nbsp;", "&#x1F680;", "&bogus;", "<!--", "-->",
         "<br/>", "a", "Iran", " ", ".", "<", ">", "&", "İ", "🚀", "\n"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(HTML | st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_blanking_keeps_every_offset(text: str) -> None:
    """One for one, whatever is left in."""
    assert len(blank_markup(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A &amp; B", ["A     & B"]),
        ("He said &quot;no&quot;.", ['He said      "no     ".']),
        ("<h1>Iran fires missile</h1><p>It fell.</p>", ["Iran fires missile", "It fell."]),
        ("One.<script>var attack = 1;</script> Two.", ["One.", "Two."]),
        ("<style>p {color: red}</style>Text", ["Text"]),
        ("5 < 6 and 7 > 6", ["5 < 6 and 7 > 6"]),
        ("AT&T; R&D", ["AT&T; R&D"]),
        ("<script>never closed", ["never closed"]),
    ],
)
def test_markup_is_no_text(text: str, clean: list[str]) -> None:
    """Tags part blocks, scripts vanish, entities are their character."""
    assert [piece.clean for piece in sentences(text)] == clean


def test_an_article_left_in_html_is_read(extractor: Extractor) -> None:
    """Spans are the text's own, entities included; what stands in scripts is not read."""
    text = (
        "<div class='story'><h1>Talks fail</h1><p>The U.S. &amp; Japan held talks in Seoul on 8&nbsp;November 2022.</p>"
        "<script>fired('Iran fired a missile')</script><p>Iran <a href='/x?a=1&b=2'>fired</a> a missile.</p></div>"
    )
    found = extractor.extract(Document(text)).mentions
    launches = [mention for mention in found if mention.type.startswith("weapons.launch")]
    assert [mention.trigger.start for mention in launches] == [text.rindex("fired")]
    talks = next(mention for mention in found if mention.trigger.text in ("held", "talks"))
    assert talks.when is not None
    assert talks.when.text == "8&nbsp;November 2022"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, RUSSIAN])
def test_foreign_paragraphs_are_told_from_english_ones(text: str) -> None:
    """Function words and letters decide, both ways."""
    assert (is_foreign(text), is_english(text)) == (True, False)
    assert (is_foreign(ENGLISH), is_english(ENGLISH)) == (False, True)


@pytest.mark.parametrize(
    "headline", ["NEW YORK, 8:20 AM ET", "Iran, Iraq, Syria, Israel, Turkey, Yemen, Oman, Qatar, Egypt"]
)
def test_names_alone_are_not_foreign(headline: str) -> None:
    """No function words, no other language."""
    assert not is_foreign(headline)


def test_a_foreign_paragraph_of_an_english_text_is_left_alone(extractor: Extractor) -> None:
    """The rest is read, and --explain says why that one was not."""
    text = f"{ENGLISH}\n\n{ENGLISH}\n\n{GERMAN} Strike.\n\n{ENGLISH}"
    extraction = extractor.extract(Document(text))
    assert extraction.skipped is None
    assert len({mention.sentence for mention in extraction.mentions}) == 3
    traces = extractor.explain(Document(text))
    assert not isinstance(traces, str)
    assert [trace.unread for trace in traces if "Strike" in trace.text] == ["not English"]


def test_the_english_paragraphs_of_a_foreign_text_are_read(extractor: Extractor) -> None:
    """A bilingual release gives the events of its English part only."""
    text = "\n\n".join([GERMAN] * 6 + [ENGLISH])
    extraction = extractor.extract(Document(text))
    assert extraction.skipped is None
    assert {text[slice(*mention.sentence)] for mention in extraction.mentions} == {ENGLISH}


def test_explain_of_a_foreign_text_is_the_reason(extractor: Extractor) -> None:
    """Nothing to trace, and why."""
    assert extractor.explain(Document(GERMAN)) == "language: de"
