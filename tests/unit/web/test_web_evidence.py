"""Marks in an article's text: every span in its place, the text unchanged."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import (
    Actor,
    Basis,
    Mention,
    MentionStatus,
    Place,
    Precision,
    Proposition,
    Span,
    Thing,
    When,
)
from tocsin.web._evidence import KINDS, Mark, excerpt, marks_of, misplaced, pieces

TEXT = (
    "Launch denied\n\nIt was a quiet week in the capital. On Tuesday North Korea denied that it had shipped "
    "artillery shells to Russia, the White House said. Nobody else spoke of it."
)


def at(words: str) -> tuple[str, int, int]:
    start = TEXT.index(words)
    return words, start, start + len(words)


def mention() -> Mention:
    start = TEXT.index("On Tuesday")
    return Mention(
        type="statement.deny",
        status=MentionStatus.HAPPENED,
        trigger=Span(*at("denied that")),
        sentence=(start, TEXT.index(" Nobody")),
        source=(Actor(*at("North Korea"), "North Korea", "PRK", "GOV"),),
        target=(Actor(*at("the White House"), None, "USA"),),
        attribution=(Actor(*at("the White House")),),
        objects=(Thing("weapon", *at("artillery shells")),),
        place=Place(*at("the capital"), "Pyongyang", "PRK"),
        when=When(
            date(2022, 11, 8),
            date(2022, 11, 8),
            Precision.DAY,
            "On Tuesday",
            Basis.EXPRESSION,
            "2022-11-08",
            at("On Tuesday")[1:],
        ),
        claim=Proposition(
            "arms.transfer",
            source=(Actor(*at("it had")),),
            target=(Actor(*at("Russia"), "Russia", "RUS"),),
            trigger=Span(*at("shipped")),
        ),
    )


def test_every_span_of_a_mention_is_a_mark() -> None:
    """Trigger, parties, place, date, things, claim and attribution all point into the text."""
    marks = marks_of(mention())
    assert {mark.kind for mark in marks} == set(KINDS)
    assert misplaced(TEXT, marks) == ()
    notes = {mark.kind: mark.note for mark in marks}
    assert notes["source"] == "North Korea (PRK GOV)"
    assert notes["place"] == "Pyongyang (PRK)"
    assert notes["attribution"] == "the White House"
    assert notes["object"] == "weapon"


def test_mention_without_date_words_or_claim_has_fewer_marks() -> None:
    """What the text does not say is not marked."""
    plain = Mention("protest.march", MentionStatus.HAPPENED, Span(*at("Launch")), (0, 13))
    undated = When(date(2022, 11, 8), date(2022, 11, 8), Precision.DAY, None, Basis.PUBLISHED)
    pointing = Mention(
        "statement.deny",
        MentionStatus.HAPPENED,
        Span(*at("denied")),
        (0, 13),
        when=undated,
        place=Place(*at("capital")),
        claim=Proposition(None, refers_back=True),
    )
    assert [mark.kind for mark in marks_of(plain)] == ["trigger"]
    assert [mark.kind for mark in marks_of(pointing)] == ["trigger", "place"]


def test_claim_that_points_back_says_so() -> None:
    """A noun that only refers to an earlier claim has no type."""
    back = Mention(
        "statement.deny",
        MentionStatus.HAPPENED,
        Span(*at("denied")),
        (0, 13),
        claim=Proposition(None, trigger=Span(*at("Launch")), refers_back=True),
    )
    assert marks_of(back)[0].note == "points back"


def test_overlapping_spans_keep_both_marks() -> None:
    """Words that are target and attribution at once carry both notes, and the first of the legend decides."""
    found = {piece.text: piece for piece in pieces(TEXT, marks_of(mention()))}
    assert found["the White House"].kinds == ("target", "attribution")
    assert found["the White House"].note == "to whom: the White House (USA); according to: the White House"


def test_words_that_stand_elsewhere_are_found_out() -> None:
    """A span that does not say what it claims is named, never marked silently."""
    wrong = Mark("trigger", 0, 6, "attack", "conflict.attack")
    assert misplaced(TEXT, (wrong,)) == (wrong,)
    assert misplaced(TEXT, (Mark("when", 0, 6, "", "x"),)) == ()


def test_excerpt_has_the_sentence_and_words_outside_it() -> None:
    """The place named a sentence before is shown with some text around, and gaps are marked."""
    shown = excerpt(TEXT, marks_of(mention()), mention().sentence)
    words = "".join(piece.text for piece in shown)
    assert words.startswith("It was a quiet week in the capital. On Tuesday")
    assert "Nobody" not in words
    assert shown[0].gap
    assert any(piece.kinds == ("place",) for piece in shown)


def test_excerpt_cuts_long_lines_between_words() -> None:
    """Around words far from the sentence only a little is shown, and no word is cut."""
    text = "word " * 60 + "Tuesday" + " word" * 60 + "\nThe army attacked.\nThe end."
    start = text.index("Tuesday")
    marks = (
        Mark("when", start, start + 7, "Tuesday", "x"),
        Mark("trigger", text.index("attacked"), text.index("attacked") + 8, "attacked", "y"),
    )
    sentence = (text.index("The army"), text.index("\nThe end"))
    first, *_, last = excerpt(text, marks, sentence)
    assert first.gap
    assert first.text.startswith("word ")
    assert len(first.text) < 100
    assert last.text == "."


def test_excerpt_of_the_first_sentence_has_no_gap() -> None:
    """Nothing was left out before it."""
    assert not excerpt("They met.", (Mark("trigger", 5, 8, "met", "x"),), (0, 9))[0].gap


def test_excerpt_of_a_lost_text_is_empty() -> None:
    """A pruned article shows nothing and does not crash."""
    assert excerpt("", (), (10, 20)) == []


SPANS = st.tuples(st.sampled_from(list(KINDS)), st.integers(0, 60), st.integers(0, 60))


@given(st.text(max_size=60), st.lists(SPANS, max_size=8))
def test_pieces_joined_are_the_text(text: str, spans: list[tuple[str, int, int]]) -> None:
    """Whatever the marks, no character is lost, doubled or moved, and each mark covers exactly its words."""
    marks = [Mark(kind, min(a, b), max(a, b), "", "") for kind, a, b in spans]
    found = pieces(text, marks)
    assert "".join(piece.text for piece in found) == text
    for mark in marks:
        inside = [mark.kind in piece.kinds for piece in found for _ in piece.text]
        assert inside[mark.start : mark.end] == [True] * len(text[mark.start : mark.end])


@given(
    st.text(alphabet="ab \n", max_size=300),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 20)), max_size=4),
)
def test_excerpts_are_pieces_of_the_text_in_order(text: str, spans: list[tuple[int, int]]) -> None:
    """An excerpt shows real stretches of the text, forwards, each character once at the most."""
    marks = [Mark("when", a, min(a + n, len(text)), "", "") for a, n in spans if a < len(text)]
    at_most = 0
    for piece in excerpt(text, marks, (0, min(10, len(text)))):
        found = text.find(piece.text, at_most)
        assert found >= at_most
        at_most = found + len(piece.text)
