"""Reading pages: text, stated facts, and the signs of what stands in front of an article."""

from __future__ import annotations

import pytest

from tocsin.errors import FetchError
from tocsin.polling._page_read import decode_page, read_page
from tocsin.polling._page_signs import is_consent_address, is_login_address, paywall_words

URL = "https://www.news.example/2022/launch?id=7"
FIRST = (
    "North Korea fired a ballistic missile towards the sea on Tuesday, the South Korean military said, the "
    "second launch within a week and one that drew a protest from Tokyo."
)
SECOND = (
    "The missile flew 500 kilometres before it fell into the sea, the Joint Chiefs of Staff said in a statement "
    "that was released on Tuesday evening in Seoul."
)
THIRD = "Officials in Washington said they were consulting closely with allies in the region about what to do next."
PARAGRAPHS = (FIRST, SECOND, THIRD)


def page(head="", paragraphs=PARAGRAPHS, title="North Korea fires missile", after="", lang="en"):
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f'<html lang="{lang}"><head><title>{title}</title>{head}</head><body><header><nav><a href="/">Home</a> '
        f"<a href='/sport'>Sport</a></nav></header><main><article><h1>{title}</h1>{body}</article>{after}</main>"
        "<footer>Copyright. About us. Contact.</footer></body></html>"
    ).encode()


def read(body, content_type="text/html; charset=utf-8", url=URL):
    return read_page(body, content_type, url)


def linked_data(text):
    return f'<script type="application/ld+json">{text}</script>'


def test_the_text_is_the_article_without_its_headline_and_the_rest_of_the_page():
    """Paragraphs, a blank line between them; navigation and footer are left out."""
    found = read(page(linked_data('{"@type": "NewsArticle", "headline": "North Korea fires missile"}')))
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.shown > len(found.text.split())


def test_facts_come_from_linked_data_first():
    """Times, author and headline of the NewsArticle, wherever in the graph it stands."""
    found = read(
        page(
            linked_data(
                '{"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "News"}, '
                '{"@type": ["NewsArticle"], "headline": "A  headline", "datePublished": "2022-11-08T08:00:00+09:00", '
                '"dateModified": "2022-11-08T10:00:00Z", "inLanguage": "en-GB", '
                '"author": [{"@type": "Person", "name": "Kim Reporter"}]}]}'
            )
            + '<meta property="article:published_time" content="2020-01-01T00:00:00Z">'
        )
    ).facts
    assert found.title == "A headline"
    assert found.published == ("2022-11-08T08:00:00+09:00", "2020-01-01T00:00:00Z")
    assert found.modified == ("2022-11-08T10:00:00Z",)
    assert (found.author, found.language, found.free) == ("Kim Reporter", "en-GB", None)


def test_facts_come_from_meta_where_there_is_no_linked_data():
    """Open Graph names, and the language of the document."""
    found = read(
        page(
            '<meta property="article:published_time" content="2022-11-08T08:00:00Z">'
            '<meta property="article:modified_time" content="2022-11-08T09:00:00Z">'
            '<meta property="og:title" content="Title"><meta name="author" content="A. Writer">'
            '<meta property="article:content_tier" content="metered">'
        )
    ).facts
    assert found.published == ("2022-11-08T08:00:00Z",)
    assert found.modified == ("2022-11-08T09:00:00Z",)
    assert (found.title, found.author, found.language, found.free) == ("Title", "A. Writer", "en", False)


def test_no_time_is_guessed_from_address_or_text():
    """A page that states no time has none, whatever its address looks like."""
    found = read(page(), url="https://news.example/2022/11/08/launch").facts
    assert (found.published, found.modified) == ((), ())


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/2022/launch">', "https://www.news.example/2022/launch"),
        ('<link rel="canonical" href="https://news.example/a?utm_source=x">', "https://news.example/a"),
        ('<meta property="og:url" content="https://m.news.example/b">', "https://m.news.example/b"),
        ('<link rel="canonical" href="https://thief.example/2022/launch">', None),
        ('<link rel="canonical" href="/">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ("", None),
    ],
)
def test_a_canonical_address_is_of_the_same_site(head, canonical):
    """Another site, the front page and what is no address are not believed."""
    assert read(page(head)).facts.canonical == canonical


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ("false", False),
        ('"False"', False),
        ('"http://schema.org/False"', False),
        ("true", True),
        ('"maybe"', None),
    ],
)
def test_whether_it_is_free_is_read_in_all_the_ways_it_is_written(said, free):
    """A boolean, a word, an address of schema.org."""
    data = linked_data(f'{{"@type": "NewsArticle", "isAccessibleForFree": {said}}}')
    assert read(page(data)).facts.free is free


@pytest.mark.parametrize(
    "data",
    ["{", "[]", "null", '{"@type": 7}', '{"@type": "NewsArticle", "author": {"name": ["a", 7]}}', "[" * 5000],
)
def test_linked_data_of_any_shape_is_no_trouble(data):
    """What cannot be read says nothing."""
    assert read(page(linked_data(data))).text.startswith("North Korea fired")


def test_words_that_cut_an_article_are_seen_at_its_end():
    """And words elsewhere on the page are told apart from them."""
    cut = read(page(paragraphs=(*PARAGRAPHS, "Subscribe to continue reading this article.")))
    assert cut.cut == "Subscribe to continue"
    beside = read(page(after="<aside><p>Already a subscriber? Log in.</p></aside>"))
    assert beside.cut is None


@pytest.mark.parametrize(
    "words",
    [
        "Already a subscriber? Sign in",
        "This article is reserved for subscribers",
        "Sign up to keep reading",
        "You have read all your free articles this month",
        "Cet article est réservé aux abonnés",
        "Exklusiv für Abonnenten",
    ],
)
def test_words_that_ask_for_money(words):
    """In a few languages."""
    assert paywall_words(words)


@pytest.mark.parametrize(
    "words",
    [
        "Subscribe to our newsletter",
        "The members of the council voted to continue the talks",
        "Rebels read the statement to keep the peace",
        "He told subscribers of the service about it",
    ],
)
def test_words_that_do_not(words):
    """A newsletter is no paywall, and news uses the same words."""
    assert paywall_words(words) is None


@pytest.mark.parametrize(
    ("url", "consent", "login"),
    [
        ("https://consent.google.com/ml?continue=x", True, False),
        ("https://www.news.example/privacy-gate?return=/a", True, False),
        ("https://myprivacy.news.example/consent", True, False),
        ("https://news.example/login?next=/a", False, True),
        ("https://accounts.news.example/authorize", False, True),
        ("https://news.example/world/parliament-gives-consent-to-war", False, False),
        ("https://news.example/world/signing-of-treaty", False, False),
    ],
)
def test_addresses_of_dialogues(url, consent, login):
    """An article about consent is no consent dialogue."""
    assert (is_consent_address(url), is_login_address(url)) == (consent, login)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>Málaga</p>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<p>Málaga</p>".encode(), "text/html; charset=nonsense"),
        ("\ufeff<p>Málaga</p>".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + "<p>Málaga</p>".encode(), "text/html; charset=latin-1"),
        ('<meta charset="windows-1252"><p>Málaga</p>'.encode("cp1252"), "text/html"),
    ],
)
def test_bytes_become_text(body, content_type):
    """By mark, header, meta or guess; a wrong name does no harm."""
    assert "Málaga" in decode_page(body, content_type)


def test_a_page_without_anything_is_empty():
    """And says so."""
    with pytest.raises(FetchError, match="empty"):
        read(b"  \n ")
