"""Query strings: read strictly, refused with a remedy, written back the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import EventStatus
from tocsin.web._filters import (
    EVENTS,
    BadParameterError,
    read_articles,
    read_claims,
    read_events,
)

NOW = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


def events(query: str):
    return read_events(parse_qsl(query, keep_blank_values=True), NOW)


def test_nothing_asked_is_no_filter() -> None:
    """An empty query string, or a form sent empty, asks for the first page of everything."""
    asked = events("type=&actor=&since=&status=&min_owners=&page=")
    assert asked.given == ()
    assert asked.query.types == ()
    assert (asked.query.limit, asked.query.offset) == (50, 0)


def test_every_parameter_reaches_the_query() -> None:
    """Each filter of the contract lands in its field."""
    asked = events(
        "type=Weapons.Launch,statement&type=cyber&actor=PRK&source=A&target=B&place=Seoul&country=kor"
        "&since=2022-11-01&until=2022-11&as_of=2022-11-08T12:00:00%2B09:00&status=denied&status=disputed"
        "&min_owners=2&text=two+words&rule=r&feed=f&order=oldest&page=3&limit=20"
    ).query
    assert asked.types == ("weapons.launch", "statement", "cyber")
    assert (asked.actor, asked.source, asked.target, asked.place) == ("PRK", "A", "B", "Seoul")
    assert asked.country == "KOR"
    assert (asked.since, asked.until) == (date(2022, 11, 1), date(2022, 11, 30))
    assert asked.as_of == datetime(2022, 11, 8, 3, 0, tzinfo=UTC)
    assert asked.statuses == (EventStatus.DENIED, EventStatus.DISPUTED)
    assert (asked.min_owners, asked.text, asked.rule, asked.feed) == (2, "two words", "r", "f")
    assert asked.oldest_first
    assert (asked.limit, asked.offset) == (20, 40)


@pytest.mark.parametrize(
    ("query", "parameter", "remedy"),
    [
        ("typ=weapons", "typ", "type"),
        ("xyzzy=1", "xyzzy", "this list takes"),
        ("type=we apons", "type", "weapons.launch"),
        ("type=..", "type", "weapons.launch"),
        ("country=Korea", "country", "alpha-3"),
        ("since=last+week", "since", "YYYY-MM-DD"),
        ("since=2022-02-30", "since", "YYYY-MM-DD"),
        ("since=2022-13", "since", "YYYY-MM-DD"),
        ("since=20221101", "since", "YYYY-MM-DD"),
        ("until=0000", "until", "YYYY-MM-DD"),
        ("as_of=yesterday", "as_of", "2022-11-08"),
        ("as_of=0001-01-01T00:00:00%2B14:00", "as_of", "2022-11-08"),
        ("as_of=2022-02-30", "as_of", "2022-11-08"),
        ("status=true", "status", "reported"),
        ("min_owners=-1", "min_owners", "whole number"),
        ("min_owners=two", "min_owners", "whole number"),
        ("min_owners=²", "min_owners", "whole number"),
        ("page=0", "page", "from 1"),
        ("limit=1001", "limit", "1000"),
        ("page=99999999999999999999", "page", "whole number"),
        ("order=random", "order", "newest, oldest"),
        ("text=a%00b", "text", "plain text"),
        ("text=" + "a" * 501, "text", "500"),
        ("since=2022-11-09&until=2022-11-01", "since", "exchange"),
    ],
)
def test_wrong_value_names_parameter_and_remedy(query: str, parameter: str, remedy: str) -> None:
    """A value that cannot be taken is refused, and the error says where and what to write instead."""
    with pytest.raises(BadParameterError) as caught:
        events(query)
    assert caught.value.parameter == parameter
    assert remedy in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2022-11-03", date(2022, 11, 3), date(2022, 11, 3)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("9999", date(9999, 1, 1), date.max),
        ("today", date(2022, 11, 9), date(2022, 11, 9)),
        ("Yesterday", date(2022, 11, 8), date(2022, 11, 8)),
        ("7d", date(2022, 11, 2), date(2022, 11, 2)),
    ],
)
def test_days_months_and_years(value: str, since: date, until: date) -> None:
    """`since` takes the first day of a month or year, `until` the last."""
    assert events(f"since={value}").query.since == since
    assert events(f"until={value}").query.until == until


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2022-11-08", datetime(2022, 11, 8, 23, 59, 59, 999999, UTC)),
        ("2022-11-08T12:00Z", datetime(2022, 11, 8, 12, 0, tzinfo=UTC)),
        ("2022-11-08T12:00", datetime(2022, 11, 8, 12, 0, tzinfo=UTC)),
        ("2022-11-08T12:00:00+01:00", datetime(2022, 11, 8, 11, 0, tzinfo=UTC)),
        ("2022-11-08 12:00", datetime(2022, 11, 8, 12, 0, tzinfo=UTC)),
    ],
)
def test_as_of_takes_days_and_moments(value: str, moment: datetime) -> None:
    """A day means its end; a plus sign that came as a space is understood."""
    assert events(f"as_of={value}").query.as_of == moment


@given(st.timedeltas(timedelta(days=-700_000), timedelta(days=2_900_000)), st.integers(-12, 14))
def test_any_iso_moment_is_read_as_itself(since_now: timedelta, hours: int) -> None:
    """What `isoformat` writes, `as_of` reads, percent-encoded or not."""
    moment = (NOW + since_now).astimezone(timezone(timedelta(hours=hours)))
    text = moment.isoformat()
    assert read_events([("as_of", text)], NOW).query.as_of == moment
    assert read_events([("as_of", text.replace("+", " "))], NOW).query.as_of == moment


@given(st.sampled_from([parameter.name for parameter in EVENTS]), st.text(max_size=40))
def test_no_value_crashes_the_reader(name: str, value: str) -> None:
    """Any text is either read or refused by name."""
    try:
        read_events([(name, value)], NOW)
    except BadParameterError as caught:
        error = caught
    else:
        return
    assert error.parameter == name
    assert error.hint


def test_links_keep_what_was_asked() -> None:
    """Links to pages and twins carry the same filters; one can be changed or dropped."""
    asked = events("type=weapons&status=denied&status=disputed&page=2&limit=20")
    assert asked.address("/events.csv") == "/events.csv?type=weapons&status=denied&status=disputed"
    assert asked.address("/events", status=None) == "/events?type=weapons"
    assert asked.address("/events", type="cyber") == "/events?status=denied&status=disputed&type=cyber"
    assert asked.turned("/events", 3, 50).endswith("limit=20&page=3")
    assert asked.turned("/events", 1, 20) == "/events?type=weapons&status=denied&status=disputed"
    assert asked.value("status") == "denied, disputed"
    assert events("").address("/events") == "/events"


def test_claims_and_articles_have_filters_of_their_own() -> None:
    """Claims know party and status, articles feed and text; neither knows the other's."""
    claims = read_claims(parse_qsl("actor=RUS&status=disputed&type=arms&since=2022&limit=5&page=2"), NOW)
    assert (claims.query.party, claims.query.status, claims.query.type) == ("RUS", "disputed", "arms")
    assert (claims.query.limit, claims.query.offset) == (5, 5)
    articles = read_articles(parse_qsl("feed=x&text=y&page=2"), NOW)
    assert (articles.query.feed, articles.query.text, articles.query.offset) == ("x", "y", 50)
    with pytest.raises(BadParameterError):
        read_claims([("place", "Seoul")], NOW)
    with pytest.raises(BadParameterError):
        read_articles([("since", "2022")], NOW)
    with pytest.raises(BadParameterError, match="after until"):
        read_claims([("since", "2022"), ("until", "2021")], NOW)
    assert read_claims([], NOW).query.status is None
