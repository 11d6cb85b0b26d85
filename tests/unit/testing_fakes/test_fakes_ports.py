"""FakeFetcher and FakeSender."""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.errors import FetchError
from tocsin.model import AttemptOutcome, FetchFailure
from tocsin.ports import FetchRequest
from tocsin.testing import FakeFetcher, FakeSender

URL = "https://news.example/feed"
NOON = datetime(2022, 11, 9, 12, 0, tzinfo=UTC)


async def test_answers_come_in_order_and_the_last_one_stays():
    """A feed that changes once and then never again."""
    fetcher = FakeFetcher().reply(URL, "one", headers={"ETag": '"1"'}).not_modified(URL)
    answers = [await fetcher.fetch(FetchRequest(URL)) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 304, 304]
    assert answers[0].body == b"one"
    assert answers[0].headers == {"etag": '"1"'}
    assert len(fetcher.requests) == 3


async def test_a_failure_is_raised_with_its_class():
    """The port's contract: what is no answer raises."""
    fetcher = FakeFetcher().fail(URL, FetchFailure.DNS)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(URL))
    assert caught.value.failure is FetchFailure.DNS


async def test_an_address_nobody_spoke_of_answers_404():
    """So does one that was forgotten."""
    fetcher = FakeFetcher().reply(URL, b"one").forget(URL)
    assert (await fetcher.fetch(FetchRequest(URL))).status == 404
    assert (await fetcher.fetch(FetchRequest("https://other.example/"))).status == 404


async def test_a_permanent_redirect_names_where_it_ended():
    """`url` and `moved_to` are the new address."""
    fetcher = FakeFetcher().reply(URL, b"", moved_to="https://news.example/new")
    answer = await fetcher.fetch(FetchRequest(URL))
    assert answer.url == answer.moved_to == "https://news.example/new"


async def test_a_sender_gives_what_it_was_told_and_then_accepts():
    """One result for each message."""
    sender = FakeSender().accept().fail(retry_after=timedelta(seconds=9), times=2).refuse()
    outcomes = [(await sender.send(object(), NOON)).outcome for _ in range(5)]
    assert outcomes == [
        AttemptOutcome.ACCEPTED,
        AttemptOutcome.TRANSIENT,
        AttemptOutcome.TRANSIENT,
        AttemptOutcome.PERMANENT,
        AttemptOutcome.ACCEPTED,
    ]
    assert len(sender.sent) == 5
    assert len(sender.accepted) == 2


async def test_a_sender_can_break_its_promise():
    """To see what a stage does with a bug in a channel."""
    sender = FakeSender().crash(RuntimeError("bug"))
    with pytest.raises(RuntimeError, match="bug"):
        await sender.send(object(), NOON)
