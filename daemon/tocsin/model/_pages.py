"""Pages of articles: what a feed that gives only a teaser is made whole with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class PageState(StrEnum):
    """How far the page of an article is."""

    WANTED = "wanted"  # to be fetched when it is due
    DONE = "done"  # fetched and read
    PAYWALL = "paywall"  # shown to subscribers only; the teaser stands
    CONSENT = "consent"  # a question about cookies or privacy came instead; the teaser stands
    ROBOTS = "robots"  # the site's robots.txt says no; it was not asked for
    FAILED = "failed"  # given up


class PageReason(StrEnum):
    """Why a page came to its state."""

    FULLER = "fuller"  # it says more than the feed
    NO_MORE = "no_more"  # it was read and says no more than the feed
    DECLARED_PAID = "declared_paid"  # its structured data says isAccessibleForFree: false
    PAYMENT_STATUS = "payment_status"  # 402, or 401
    ASKS_FOR_MONEY = "asks_for_money"  # little text, and words that sell a subscription
    LED_TO_LOGIN = "led_to_login"  # redirected to a login or a shop
    CONSENT_ADDRESS = "consent_address"  # redirected to where consent is asked
    CONSENT_WORDS = "consent_words"  # little text, and most of it about cookies
    ROBOTS = "robots"
    TOO_OLD = "too_old"  # nobody needs it any more
    NO_PAGE = "no_page"  # 404, 410 and other refusals that last
    NO_HTML = "no_html"  # a PDF, a film
    NO_TEXT = "no_text"  # HTML without an article in it
    OTHER_PAGE = "other_page"  # redirected to the front page
    RESTS = "rests"  # the site is left alone for a while
    RETRY = "retry"  # it failed for now
    GIVEN_UP = "given_up"  # it failed too often
    UNREADABLE = "unreadable"  # reading it took too much time or memory


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A page to be fetched. `teaser` is the text the feed gave, without its title."""

    article_id: UUID
    url: str
    title: str
    teaser: str
    tries: int
    published: datetime | None
    first_seen: datetime
    proxy: str | None = None  # of the feed that wants it


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself. Times are those that it states, never guessed from its text or address."""

    url: str  # where it came from, after redirects
    canonical: str | None = None  # <link rel=canonical>, og:url or structured data; of the same site only
    published: datetime | None = None
    modified: datetime | None = None
    title: str | None = None
    author: str | None = None
    language: str | None = None
    free: bool | None = None  # isAccessibleForFree (schema.org); None when nothing is said


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of an article as its page has it, with the facts that came along."""

    facts: PageFacts
    text: str  # plain, a blank line between paragraphs, without the headline


@dataclass(frozen=True, slots=True)
class PageWrite:
    """What one try to get a page writes. `page` is None where nothing new was read."""

    article_id: UUID
    at: datetime
    state: PageState
    reason: PageReason
    note: str  # one sentence
    due_at: datetime | None = None  # the next try, while it is WANTED
    tries: int = 0
    page: PageText | None = None


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of an article as stored."""

    state: PageState
    note: str | None
    tries: int
    due_at: datetime | None
    fetched_at: datetime | None = None
    page: PageText | None = None


_WORD = re.compile(r"\w+")
_WHOLE = re.compile(r"[.!?][\"'”’)]*$")


def words_of(text: str) -> list[str]:
    """Its words, folded, for comparing and counting."""
    return [word.casefold() for word in _WORD.findall(text)]


def repeats(body: str, teaser: str) -> bool:
    """Whether each paragraph of the teaser begins one of the body, so that its sentences stand there unchanged.

    Less is not enough: with words before a sentence, or more behind it, another parse may miss its event.
    """
    there = _paragraphs(body)
    return all(
        _WHOLE.search(wanted) is not None
        and any(one == wanted or one.startswith(f"{wanted} ") for one in there)
        for wanted in _paragraphs(teaser)
    )


def _paragraphs(text: str) -> list[str]:
    return [line for one in text.split("\n") if (line := " ".join(one.split()))]


def full_text(title: str, teaser: str, body: str) -> str:
    """Title, teaser where the body does not repeat it, body: nothing the feed said is lost.

    What was read in the teaser is thus read in the full text again, and stays the same event.
    """
    standfirst = "" if repeats(body, teaser) else teaser
    return "\n\n".join(part for part in (title, standfirst, body) if part)
