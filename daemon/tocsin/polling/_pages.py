"""The decider for pages: what one try to get the page of an article means. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tocsin.errors import CoolingDownError, FetchError
from tocsin.model import (
    FetchFailure,
    PageFacts,
    PageReason,
    PageState,
    PageText,
    PageWrite,
    WantedPage,
    words_of,
)
from tocsin.polling._dates import judge_dates
from tocsin.polling._page_read import ParsedPage
from tocsin.polling._page_signs import is_consent_address, is_login_address
from tocsin.polling._schedule import in_words
from tocsin.ports import FetchResponse, RobotsVerdict
from tocsin.settings import PagesSettings

FULLER_BY = 20  # words a page must have more than the teaser to be worth a revision
SHORT = 150  # words below which words that ask for money speak for a paywall
CONSENT = 3.0  # hits of consent vocabulary in 100 words that make a page a consent page
MAX_NOTE = 500

_LASTING = frozenset(
    (
        FetchFailure.REFUSED_ADDRESS,
        FetchFailure.REDIRECT_LOOP,
        FetchFailure.TOO_LARGE,
        FetchFailure.CONFIGURATION,
        FetchFailure.HTTP_GONE,
    )
)
_PAID = frozenset((401, 402))
_PASSING = frozenset((403, 404, 408, 425, 429))  # a page may be announced minutes before it is there
_HTML = ("text/html", "application/xhtml+xml")
_WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class _Case:
    """One try."""

    wanted: WantedPage
    now: datetime
    settings: PagesSettings

    def settle(
        self, state: PageState, reason: PageReason, note: str, page: PageText | None = None
    ) -> PageWrite:
        return PageWrite(
            article_id=self.wanted.article_id,
            at=self.now,
            state=state,
            reason=reason,
            note=note[:MAX_NOTE],
            tries=self.wanted.tries + 1,
            page=page,
        )

    def again(self, why: str) -> PageWrite:
        """Later, or never when it was tried often enough."""
        tries = self.wanted.tries + 1
        if tries >= self.settings.tries:
            return self.settle(
                PageState.FAILED,
                PageReason.GIVEN_UP,
                f"{why}; given up after {tries} tries, the teaser stands",
            )
        wait = _WAITS[min(tries, len(_WAITS)) - 1]
        write = self.settle(PageState.WANTED, PageReason.RETRY, f"{why}; asked again in {in_words(wait)}")
        return replace(write, due_at=self.now + wait)


def decide_before(wanted: WantedPage, now: datetime, settings: PagesSettings) -> PageWrite | None:
    """What is decided without asking anybody; None when the page is to be fetched."""
    age = now - (wanted.published or wanted.first_seen)
    if age > timedelta(days=settings.max_age_days):
        note = f"published {age.days} days ago, older than pages.max_age_days: not fetched"
        return _Case(wanted, now, settings).settle(PageState.FAILED, PageReason.TOO_OLD, note)
    return None


def decide_robots(
    wanted: WantedPage, verdict: RobotsVerdict, now: datetime, settings: PagesSettings
) -> PageWrite | None:
    """What robots.txt means; None when it allows the page."""
    if verdict.allowed:
        return None
    case = _Case(wanted, now, settings)
    if verdict.passing:
        return case.again(f"not fetched: {verdict.why}")
    return case.settle(PageState.ROBOTS, PageReason.ROBOTS, f"not fetched: {verdict.why}; the teaser stands")


def decide_page(
    wanted: WantedPage,
    answer: FetchResponse | FetchError,
    read: ParsedPage | FetchError | None,
    now: datetime,
    settings: PagesSettings,
) -> PageWrite:
    """What an answer means. `read` is None where nothing was read: see `is_worth_reading`."""
    case = _Case(wanted, now, settings)
    if isinstance(answer, FetchError):
        return _unanswered(case, answer)
    detour = _detour(case, answer) or _status(case, answer)
    if detour is not None:
        return detour
    if read is None:
        kind = answer.headers.get("content-type", "unknown").partition(";")[0][:80]
        return case.settle(
            PageState.FAILED, PageReason.NO_HTML, f"not an HTML page but {kind}; the teaser stands"
        )
    if isinstance(read, FetchError):
        return case.settle(PageState.FAILED, PageReason.UNREADABLE, f"{read.message}; the teaser stands")
    return _weigh(case, answer.url, read)


def _unanswered(case: _Case, error: FetchError) -> PageWrite:
    if isinstance(error, CoolingDownError):
        write = case.settle(PageState.WANTED, PageReason.RESTS, str(error))
        return replace(write, due_at=max(error.until, case.now), tries=case.wanted.tries)
    if error.failure in _LASTING:
        return case.settle(PageState.FAILED, PageReason.NO_PAGE, f"{error.message}; the teaser stands")
    return case.again(error.message)


def is_worth_reading(wanted: WantedPage, answer: FetchResponse) -> bool:
    """Whether the body of an answer is a page whose text is to be looked at."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    html = kind in _HTML or (not kind and b"<" in answer.body[:1000])
    return answer.status in (200, 203) and html and not _elsewhere(wanted, answer.url)


def _elsewhere(wanted: WantedPage, url: str) -> PageReason | None:
    """Where redirects led instead of to the article."""
    if url == wanted.url:
        return None
    if is_consent_address(url) and not is_consent_address(wanted.url):
        return PageReason.CONSENT_ADDRESS
    if is_login_address(url) and not is_login_address(wanted.url):
        return PageReason.LED_TO_LOGIN
    if urlsplit(url).path in ("", "/") and not urlsplit(url).query:
        return PageReason.OTHER_PAGE
    return None


def _detour(case: _Case, answer: FetchResponse) -> PageWrite | None:
    where = _elsewhere(case.wanted, answer.url)
    if where is PageReason.CONSENT_ADDRESS:
        return case.settle(
            PageState.CONSENT, where, f"led to {answer.url}, which asks for consent; the teaser stands"
        )
    if where is PageReason.LED_TO_LOGIN:
        return case.settle(
            PageState.PAYWALL, where, f"led to {answer.url}, which asks for a login; the teaser stands"
        )
    if where is PageReason.OTHER_PAGE:
        return case.settle(PageState.FAILED, where, f"led to the front page {answer.url}; the teaser stands")
    return None


def _status(case: _Case, answer: FetchResponse) -> PageWrite | None:
    status = answer.status
    if status in (200, 203):
        return None
    if status in _PAID:
        return case.settle(
            PageState.PAYWALL, PageReason.PAYMENT_STATUS, f"the page answered {status}; the teaser stands"
        )
    if status in _PASSING or status >= 500:
        return case.again(f"the page answered {status}")
    return case.settle(PageState.FAILED, PageReason.NO_PAGE, f"the page answered {status}; the teaser stands")


def _weigh(case: _Case, url: str, read: ParsedPage) -> PageWrite:
    """A page with or without an article in it."""
    facts = _facts(read, url, case.now)
    bare = PageText(facts, "")
    words, told = len(words_of(read.text)), len(words_of(case.wanted.teaser))
    fuller = words >= told + FULLER_BY
    if facts.free is False:
        note = "the page says it is not free to read (isAccessibleForFree); the teaser stands"
        return case.settle(PageState.PAYWALL, PageReason.DECLARED_PAID, note, bare)
    if read.cut or (read.asks and words < SHORT) or (read.wall and not fuller):
        sign = repr(read.cut or read.asks) if read.cut or read.asks else "an element called paywall"
        note = f"a paywall: {words} words and {sign}; the teaser stands"
        return case.settle(PageState.PAYWALL, PageReason.ASKS_FOR_MONEY, note, bare)
    if words < SHORT and read.consent >= CONSENT:
        note = "a consent dialogue instead of the article; the teaser stands"
        return case.settle(PageState.CONSENT, PageReason.CONSENT_WORDS, note)
    if fuller:
        note = f"{words} words, the feed gave {told}"
        return case.settle(PageState.DONE, PageReason.FULLER, note, PageText(facts, read.text))
    if words == 0:
        return case.settle(
            PageState.FAILED, PageReason.NO_TEXT, "no article was found on the page; the teaser stands"
        )
    return case.settle(
        PageState.DONE, PageReason.NO_MORE, f"{words} words, no more than the feed gave ({told})", bare
    )


def _facts(read: ParsedPage, url: str, now: datetime) -> PageFacts:
    stated = read.facts
    return PageFacts(
        url=url,
        canonical=stated.canonical,
        published=judge_dates(stated.published, now)[0],
        modified=judge_dates(stated.modified, now)[0],
        title=stated.title,
        author=stated.author,
        language=stated.language,
        free=stated.free,
    )
