"""HTML to the plain text that spans point into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.polling._text import MAX_TEXT, one_line, plain_text, safe_html, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("no markup at all", "no markup at all"),
        ("fish &amp; chips &lt;tag&gt;", "fish & chips <tag>"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("North <b>Kor</b>ea", "North Korea"),
        ("<ul><li>one<li>two</ul>", "one\n\ntwo"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("a <!-- comment --> b", "a b"),
        ("line\n   broken\tsource", "line\nbroken source"),
        ("<p>line\n   broken\tsource</p>", "line broken source"),
        ("<p></p>", ""),
        ("", ""),
        ("a\u00a0b", "a b"),
        ("<p>a<p><p><p><p>b", "a\n\nb"),
        ("<template><p>hidden</p></template>shown", "shown"),
    ],
)
def test_plain_text(html, text):
    """Blocks become line breaks, inline elements vanish, scripts and comments too."""
    assert plain_text(html) == text


def test_tidy_removes_what_no_text_has():
    """NUL, control characters, byte order marks and lone surrogates go; line ends become one kind."""
    assert tidy("a\0b\x08c\ufeffd\ud800e\r\nf\rg") == "abcde\nf\ng"


def test_text_is_bounded():
    """However long an entry is, its text is not."""
    assert len(plain_text("<p>" + "word " * 100_000)) <= MAX_TEXT


def test_one_line():
    """Titles have no line breaks."""
    assert one_line(" a\n b\t c ") == "a b c"


@given(st.text(max_size=300))
def test_plain_text_is_clean(html):
    """Whatever comes in, the text has single spaces, no control characters and encodes as UTF-8."""
    text = plain_text(html)
    text.encode()
    assert "\0" not in text
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text == text.strip()


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p onclick=x>a</p>", "<p>a</p>"),
        ("<script>alert(1)</script>", None),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        (
            '<a href="https://x.example/">a</a>',
            '<a href="https://x.example/" rel="noopener noreferrer nofollow">a</a>',
        ),
        ('<img src="https://tracker.example/1.gif">', None),
        ("<form><input>a</form>", "a"),
        ("   ", None),
    ],
)
def test_safe_html(html, safe):
    """The page gets text elements and web links only: no scripts, no pictures that report who reads."""
    assert safe_html(html) == safe
