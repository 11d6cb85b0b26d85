"""The SMTP server of `tocsin.testing`, asked over real SMTP."""

import smtplib
import socket
from email.message import EmailMessage

import pytest

from tocsin.testing import MailSink


@pytest.fixture
def sink():
    """A running server."""
    with MailSink() as running:
        yield running


def letter():
    """A message with two bodies."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Früh"
    message.set_content("plain wörds")
    message.add_alternative("<p>html</p>", subtype="html")
    return message


def test_it_keeps_and_parses_mail(sink):
    """Envelope, subject and both parts."""
    with smtplib.SMTP(sink.host, sink.port) as client:
        client.send_message(letter())
    assert sink.wait_for(1) == [sink.last]
    assert sink.last.sender == "a@example.org"
    assert sink.last.recipients == ("b@example.org",)
    assert sink.last.message["Subject"] == "Früh"
    assert sink.last.text.strip() == "plain wörds"
    assert sink.last.html.strip() == "<p>html</p>"
    assert not sink.last.encrypted


def test_a_missing_part_is_empty_text(sink):
    """Plain mail has no HTML."""
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message.set_content("only text")
    with smtplib.SMTP(sink.host, sink.port) as client:
        client.send_message(message)
    assert sink.last.html == ""


@pytest.mark.parametrize(
    ("stage", "code", "error"),
    [
        ("mail", 451, smtplib.SMTPSenderRefused),
        ("rcpt", 550, smtplib.SMTPRecipientsRefused),
        ("data", 554, smtplib.SMTPDataError),
    ],
)
def test_it_refuses_where_it_was_told_and_takes_mail_again(sink, stage, code, error):
    """First so many times, then for good, then not at all."""
    sink.refuse(code, "no thanks", at=stage, times=1)
    with smtplib.SMTP(sink.host, sink.port) as client:
        with pytest.raises(error):
            client.send_message(letter())
        client.send_message(letter())
        sink.refuse(code, at=stage)
        with pytest.raises(error):
            client.send_message(letter())
        sink.accept()
        client.send_message(letter())
    assert len(sink.messages) == 2


def test_it_can_want_a_login(sink):
    """Without one, or with a wrong one, mail is refused."""
    with MailSink(login=("desk", "secret")) as locked:
        with smtplib.SMTP(locked.host, locked.port) as client:
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.send_message(letter())
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("desk", "wrong")
        with smtplib.SMTP(locked.host, locked.port) as client:
            client.login("desk", "secret")
            client.send_message(letter())
        assert len(locked.messages) == 1


def test_it_can_fall_silent_and_be_closed_nevertheless(sink):
    """Closing does not wait for a client that waits."""
    sink.hang()
    with (
        pytest.raises(smtplib.SMTPServerDisconnected),
        smtplib.SMTP(sink.host, sink.port, timeout=0.3) as client,
    ):
        client.send_message(letter())
    assert sink.messages == []
    sink.close()
    with pytest.raises(OSError), socket.create_connection((sink.host, sink.port), timeout=1):  # noqa: PT011
        pass


def test_waiting_for_mail_ends_in_time(sink):
    """What does not come is a TimeoutError."""
    with pytest.raises(TimeoutError, match="0 of 1"):
        sink.wait_for(1, timeout=0.05)
