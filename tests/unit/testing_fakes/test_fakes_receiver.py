"""The webhook receiver of `tocsin.testing`, asked over real HTTP."""

import socket
from time import monotonic, sleep

import httpx
import pytest

from tocsin.testing import WebhookReceiver


@pytest.fixture
def receiver():
    """A running receiver."""
    with WebhookReceiver() as running:
        yield running


@pytest.fixture
def client():
    """A client that is quick to give up."""
    with httpx.Client(timeout=0.3, trust_env=False) as open_client:
        yield open_client


def test_it_keeps_what_it_was_sent(receiver, client):
    """Method, path, headers in lower case, body."""
    answer = client.post(receiver.url + "?a=1", json={"k": 1}, headers={"X-One": "1"})
    assert answer.status_code == 200
    assert receiver.last.method == "POST"
    assert receiver.last.path == "/hook?a=1"
    assert receiver.last.headers["x-one"] == "1"
    assert receiver.last.json() == {"k": 1}


def test_verbs_with_times_pass_and_the_standing_answer_returns(receiver, client):
    """Two failures, a rate limit, a redirect, then what was told for good."""
    receiver.answer(204)
    receiver.answer(500, times=2)
    receiver.rate_limit(7, times=1)
    receiver.redirect("https://elsewhere.example/", times=1)
    answers = [client.get(receiver.url) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [500, 500, 429, 302, 204]
    assert answers[2].headers["Retry-After"] == "7"
    assert answers[3].headers["Location"] == "https://elsewhere.example/"


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        ("hang", httpx.ReadTimeout),
        ("hang_up", httpx.RemoteProtocolError),
        ("babble", httpx.RemoteProtocolError),
    ],
)
def test_it_can_misbehave_and_recover(receiver, client, verb, error):
    """Each way of failing is what a client really meets."""
    getattr(receiver, verb)()
    with pytest.raises(error):
        client.post(receiver.url)
    receiver.recover()
    assert client.post(receiver.url).status_code == 200
    assert len(receiver.requests) == 2


def test_a_flood_is_as_long_as_told(receiver, client):
    """The body is really sent."""
    receiver.flood(200_000)
    assert len(client.post(receiver.url).content) == 200_000


def test_a_drip_never_ends_by_itself(receiver, client):
    """Bytes come one after the other until the reader leaves."""
    receiver.drip(0.001)
    with client.stream("POST", receiver.url) as answer:
        chunks = answer.iter_raw()
        assert next(chunks).startswith(b".")
        assert next(chunks).startswith(b".")


def test_waiting_for_requests_ends_in_time(receiver, client):
    """Those that came are returned; those that do not come are a TimeoutError."""
    client.post(receiver.url)
    assert len(receiver.wait_for(1)) == 1
    with pytest.raises(TimeoutError, match="1 of 2"):
        receiver.wait_for(2, timeout=0.05)


def test_closing_does_not_wait_for_a_client_that_says_nothing():
    """A connection without a request is dropped."""
    with (
        WebhookReceiver() as receiver,
        socket.create_connection(("127.0.0.1", receiver.port), timeout=5) as client,
    ):
        client.sendall(b"POST /hook HTTP/1.1\r\n")
        sleep(0.1)
        began = monotonic()
        receiver.close()
        assert monotonic() - began < 2
