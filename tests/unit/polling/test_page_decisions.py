"""What one try to get a page means: every outcome has its state, its reason and a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import FetchFailure, PageReason, PageState, WantedPage, full_text, repeats
from tocsin.polling._page_facts import StatedFacts
from tocsin.polling._page_read import ParsedPage
from tocsin.polling._pages import decide_before, decide_page, decide_robots, is_worth_reading
from tocsin.ports import FetchResponse, RobotsVerdict
from tocsin.settings import PagesSettings

NOW = datetime(2022, 11, 9, 12, tzinfo=UTC)
URL = "https://news.example/2022/launch"
TEASER = "North Korea fired a missile on Tuesday, the military said."
SETTINGS = PagesSettings()
LONG = "Officials said the missile fell into the sea east of the peninsula after a flight of minutes. " * 12


def wanted(**changed):
    fields = {"article_id": UUID(int=1), "url": URL, "title": "A launch", "teaser": TEASER, "tries": 0}
    return WantedPage(**{**fields, "published": NOW, "first_seen": NOW, **changed})


def answer(status=200, url=URL, kind="text/html; charset=utf-8", body=b"<p>x</p>"):
    return FetchResponse(url, status, {"content-type": kind} if kind else {}, body, 1)


def parsed(text=LONG, facts=None, **changed):
    return ParsedPage(facts or StatedFacts(), text, len(text.split()) + 50, **changed)


def decide(got, read=None, **changed):
    return decide_page(wanted(**changed), got, read, NOW, SETTINGS)


def test_a_page_that_says_more_is_taken():
    """With its facts; dates are judged as those of feeds are."""
    facts = StatedFacts(
        canonical="https://news.example/launch",
        published=("2022-11-09T08:00:00Z",),
        modified=("2122-01-01T00:00:00Z",),
        author="Kim",
        free=True,
    )
    write = decide(answer(), parsed(facts=facts))
    assert (write.state, write.reason, write.due_at, write.tries) == (
        PageState.DONE, PageReason.FULLER, None, 1,
    )  # fmt: skip
    assert write.page.text == LONG
    assert write.page.facts.published == datetime(2022, 11, 9, 8, tzinfo=UTC)
    assert write.page.facts.modified is None
    assert (write.page.facts.url, write.page.facts.canonical) == (URL, "https://news.example/launch")


@pytest.mark.parametrize(
    ("got", "read", "state", "reason"),
    [
        (answer(), parsed(facts=StatedFacts(free=False)), PageState.PAYWALL, PageReason.DECLARED_PAID),
        (answer(), parsed(cut="to continue reading"), PageState.PAYWALL, PageReason.ASKS_FOR_MONEY),
        (answer(), parsed("Short.", asks="already a subscriber"), PageState.PAYWALL, PageReason.ASKS_FOR_MONEY),
        (answer(), parsed(TEASER, wall=True), PageState.PAYWALL, PageReason.ASKS_FOR_MONEY),
        (answer(402), None, PageState.PAYWALL, PageReason.PAYMENT_STATUS),
        (answer(url="https://news.example/login?to=x"), None, PageState.PAYWALL, PageReason.LED_TO_LOGIN),
        (answer(url="https://consent.portal.example/x"), None, PageState.CONSENT, PageReason.CONSENT_ADDRESS),
        (answer(), parsed("We and our partners use cookies.", consent=9.0), PageState.CONSENT, PageReason.CONSENT_WORDS),
        (answer(url="https://news.example/"), None, PageState.FAILED, PageReason.OTHER_PAGE),
        (answer(410), None, PageState.FAILED, PageReason.NO_PAGE),
        (answer(kind="application/pdf"), None, PageState.FAILED, PageReason.NO_HTML),
        (answer(), parsed(""), PageState.FAILED, PageReason.NO_TEXT),
        (answer(), parsed(TEASER), PageState.DONE, PageReason.NO_MORE),
        (answer(), FetchError("out of time", FetchFailure.PARSER), PageState.FAILED, PageReason.UNREADABLE),
        (FetchError("10.0.0.1 is private", FetchFailure.REFUSED_ADDRESS), None, PageState.FAILED, PageReason.NO_PAGE),
        (FetchError("too large", FetchFailure.TOO_LARGE), None, PageState.FAILED, PageReason.NO_PAGE),
        (FetchError("no answer", FetchFailure.TIMEOUT), None, PageState.WANTED, PageReason.RETRY),
        (answer(404), None, PageState.WANTED, PageReason.RETRY),
        (answer(503), None, PageState.WANTED, PageReason.RETRY),
    ],
)  # fmt: skip
def test_every_outcome_has_a_state_and_a_reason(got, read, state, reason):
    """Nothing but a page that says more brings a text; what failed for now has a time to be asked again."""
    write = decide(got, read)
    assert (write.state, write.reason) == (state, reason)
    assert (write.due_at is not None) == (state is PageState.WANTED)
    assert write.note
    assert write.page is None or not write.page.text


@pytest.mark.parametrize(
    "read",
    [
        parsed(asks="already a subscriber"),
        parsed(wall=True),
        parsed(consent=5.0),
        parsed(facts=StatedFacts(free=True), asks="already a subscriber", wall=True, consent=5.0),
    ],
)
def test_a_long_article_is_taken_whatever_stands_beside_it(read):
    """Most free articles carry the words and scripts of paywalls and cookie banners."""
    assert decide(answer(), read).state is PageState.DONE


def test_waits_grow_and_end():
    """After pages.tries it is given up, and the teaser stands."""
    waits = [decide(answer(500), tries=tries).due_at - NOW for tries in range(3)]
    assert waits == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
    last = decide(answer(500), tries=3)
    assert (last.state, last.reason, last.tries) == (PageState.FAILED, PageReason.GIVEN_UP, 4)


def test_a_cool_down_is_no_try():
    """The page waits as long as its site."""
    until = NOW + timedelta(minutes=30)
    write = decide(CoolingDownError("rests", FetchFailure.HTTP_RATE, until=until), tries=2)
    assert (write.state, write.reason, write.due_at, write.tries) == (
        PageState.WANTED, PageReason.RESTS, until, 2,
    )  # fmt: skip


def test_old_articles_keep_their_teaser():
    """By publication, or by when they were first seen where there is no date."""
    old = NOW - timedelta(days=4)
    assert decide_before(wanted(published=old), NOW, SETTINGS).reason is PageReason.TOO_OLD
    assert decide_before(wanted(published=None, first_seen=old), NOW, SETTINGS).reason is PageReason.TOO_OLD
    assert decide_before(wanted(published=NOW - timedelta(days=2)), NOW, SETTINGS) is None


def test_robots_decide_before_the_page_is_asked():
    """What a site forbids is settled; a robots.txt that cannot be had is asked for again."""
    never = decide_robots(wanted(), RobotsVerdict(False, 0, "robots.txt does not allow it"), NOW, SETTINGS)
    assert (never.state, never.due_at) == (PageState.ROBOTS, None)
    later = decide_robots(wanted(), RobotsVerdict(False, 0, "it answered 500", passing=True), NOW, SETTINGS)
    assert (later.state, later.due_at) == (PageState.WANTED, NOW + timedelta(minutes=10))
    assert decide_robots(wanted(), RobotsVerdict(True, 0, ""), NOW, SETTINGS) is None


@pytest.mark.parametrize(
    ("got", "worth"),
    [
        (answer(), True),
        (answer(kind=""), True),
        (answer(kind="", body=b"%PDF-1.7"), False),
        (answer(kind="application/xhtml+xml"), True),
        (answer(kind="image/png"), False),
        (answer(404), False),
        (answer(url="https://news.example/login"), False),
        (answer(url="https://other.example/launch"), True),
    ],
)
def test_what_is_worth_reading(got, worth):
    """HTML at the article's own place."""
    assert is_worth_reading(wanted(), got) is worth


@pytest.mark.parametrize(
    ("teaser", "there"),
    [
        ("North Korea fired a missile on Tuesday, the military said.", True),
        ("North Korea  fired a missile on Tuesday, the military said. It fell into the sea.", True),
        ("North Korea fired a missile on Tuesday, the military said.\n\nIt fell in the morning.", True),
        ("It fell in the morning.", True),
        ("", True),
        ("North Korea fired a missile on Tuesday, the mili…", False),
        ("North Korea fired a missile on Tuesday", False),
        ("fired a missile on Tuesday, the military said.", False),
        ("Pyongyang shocks neighbours with a launch that nobody saw coming.", False),
    ],
)
def test_a_teaser_is_left_out_where_its_sentences_stand_unchanged(teaser, there):
    """Else it is kept before the text: what was read in it must be read again."""
    body = (
        "North Korea fired a missile on Tuesday, the military said. It fell into the sea.\n\n"
        "It fell in the morning. Nobody was hurt."
    )
    assert repeats(body, teaser) is there
    kept = f"Title\n\n{body}" if there else f"Title\n\n{teaser}\n\n{body}"
    assert full_text("Title", teaser, body) == kept
