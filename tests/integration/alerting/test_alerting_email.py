"""Email over real SMTP."""

import asyncio
import shutil
import ssl
import subprocess
from datetime import UTC, datetime

import pytest

from helpers_alerts import a_message, a_subscriber, an_alert, an_event
from tocsin.alerting import EmailSender
from tocsin.model import AlertKind, AttemptOutcome, SubscriberKind
from tocsin.settings import EmailSettings
from tocsin.testing import MailSink, WebhookReceiver, numbered_id

NOW = datetime(2022, 11, 9, 12, 30, tzinfo=UTC)


@pytest.fixture
def sink():
    """A running server."""
    with MailSink() as running:
        yield running


def by(sink, **changes):
    """A sender that hands its mail to the sink."""
    options = {
        "host": sink.host,
        "port": sink.port,
        "security": "none",
        "sender": "Tocsin Desk <tocsin@desk.example>",
    }
    return EmailSender(EmailSettings(**{**options, "timeout": 5, **changes}))


def mail(alert=None, address="anna@example.org", **changes):
    """A message to Anna."""
    subscriber = a_subscriber(kind=SubscriberKind.EMAIL, address=address, secret=None)
    return a_message(alert=alert or an_alert(), subscriber=subscriber, **changes)


async def test_a_message_arrives_as_text_and_html_with_proper_headers(sink):
    """Everything a mail server or a filter looks for."""
    result = await by(sink).send(mail(), NOW)
    assert (result.outcome, result.status) == (AttemptOutcome.ACCEPTED, 250)
    received = sink.last
    message = received.message
    assert (received.sender, received.recipients) == ("tocsin@desk.example", ("anna@example.org",))
    assert message["From"] == "Tocsin Desk <tocsin@desk.example>"
    assert message["To"] == "anna@example.org"
    assert message["Subject"] == "[critical] North Korea launches a missile"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Tocsin alerts <alerts.tocsin.desk.example>"
    assert message["X-Tocsin-Alert"] == str(an_alert().id)
    assert message["X-Tocsin-Rule"] == "korea-missile-launch"
    assert message["In-Reply-To"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert "Pyongyang fired a missile on Tuesday, Seoul said." in received.text
    assert "<strong>fired</strong>" in received.html


async def test_a_follow_up_threads_under_the_first_alert(sink):
    """In-Reply-To and References are the Message-ID the first one had."""
    first = an_alert()
    await by(sink).send(mail(first), NOW)
    await by(sink).send(
        mail(an_alert(2, kind=AlertKind.DENIED, follows=first.id, title="Denied: launch")), NOW
    )
    one, two = (received.message for received in sink.messages)
    assert two["In-Reply-To"] == two["References"] == one["Message-ID"]
    assert one["Message-ID"] != two["Message-ID"]


async def test_every_attempt_has_the_same_message_id_and_each_subscriber_an_own_one(sink):
    """So that mail programs drop the second one, and threads of two people do not mix."""
    other = a_message(subscriber=a_subscriber(2, kind=SubscriberKind.EMAIL, address="bob@example.org"))
    for message in (mail(), mail(), other):
        await by(sink).send(message, NOW)
    ids = [received.message["Message-ID"] for received in sink.messages]
    assert ids[0] == ids[1] != ids[2]
    assert all(one.startswith("<") and one.endswith("@desk.example>") for one in ids)


async def test_no_title_can_add_a_header_or_a_recipient(sink):
    """Line breaks, nulls and direction marks become spaces."""
    evil = an_alert(title="News\r\nBcc: all@example.org\r\n\r\nbody\x00\u202e", rule="r\nX-Evil: 1")
    await by(sink).send(mail(evil), NOW)
    message = sink.last.message
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["Subject"] == "[critical] News Bcc: all@example.org body"
    assert sink.last.recipients == ("anna@example.org",)


async def test_any_script_arrives_unharmed_over_seven_bits(sink):
    """Subject, text and HTML; no line is too long for SMTP."""
    title = "조선, 미사일 발사 — «запуск» 🚀 " + "ö" * 150
    await by(sink).send(mail(an_alert(title=title), events=(an_event(title=title),)), NOW)
    assert sink.last.message["Subject"] == f"[critical] {title}"
    assert "조선, 미사일 발사" in sink.last.text
    assert "조선, 미사일 발사" in sink.last.html
    assert sink.last.raw.isascii()
    assert max(map(len, sink.last.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("code", "outcome"),
    [(450, AttemptOutcome.TRANSIENT), (421, AttemptOutcome.TRANSIENT), (550, AttemptOutcome.PERMANENT)],
)
async def test_the_server_says_whether_to_come_back(sink, stage, code, outcome):
    """4xx invites a retry, 5xx ends the message; the answer is in the log."""
    sink.refuse(code, "so says\tthe server", at=stage, times=1)
    result = await by(sink).send(mail(), NOW)
    assert (result.outcome, result.status) == (outcome, code)
    assert f"{code} so says the server" in result.detail


async def test_greylisting_ends_in_delivery(sink):
    """The second attempt is taken."""
    sink.refuse(451, "greylisted", times=1)
    assert (await by(sink).send(mail(), NOW)).outcome is AttemptOutcome.TRANSIENT
    assert (await by(sink).send(mail(), NOW)).outcome is AttemptOutcome.ACCEPTED
    assert len(sink.messages) == 1


async def test_a_refused_sender_is_the_operators_to_repair(sink):
    """Nothing is lost by it."""
    sink.refuse(553, "not yours", at="mail")
    result = await by(sink).send(mail(), NOW)
    assert (result.outcome, result.status) == (AttemptOutcome.TRANSIENT, 553)
    assert "check email.sender" in result.detail


async def test_a_login_is_made_and_a_wrong_one_names_the_settings():
    """Transient: passwords get repaired."""
    with MailSink(login=("desk", "right")) as sink:
        wrong = await by(sink, username="desk", password="wrong").send(mail(), NOW)
        assert wrong.outcome is AttemptOutcome.TRANSIENT
        assert "check email.username and email.password" in wrong.detail
        assert "wrong" not in wrong.detail.replace("wrong login", "")
        missing = await by(sink).send(mail(), NOW)
        assert "log in with email.username" in missing.detail
        right = await by(sink, username="desk", password="right").send(mail(), NOW)
        assert right.outcome is AttemptOutcome.ACCEPTED


async def test_a_login_at_a_server_without_one_names_the_settings(sink):
    """The extension is not offered."""
    result = await by(sink, username="desk", password="x").send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "check email.security and email.username" in result.detail


async def test_without_a_server_nothing_is_lost():
    """The detail names the setting; the message waits."""
    result = await EmailSender(EmailSettings()).send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "TOCSIN_EMAIL__HOST" in result.detail


async def test_a_server_that_is_not_there_is_tried_again():
    """Nobody listens on the port."""
    with MailSink() as gone:
        sender = by(gone)
    result = await sender.send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "no mail could be handed to 127.0.0.1" in result.detail


async def test_a_server_that_hangs_costs_the_timeout(sink):
    """And no more."""
    sink.hang()
    result = await by(sink, timeout=0.4).send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert sink.messages == []


@pytest.mark.parametrize(
    "address", ["anna@example.org\r\nBcc: all@example.org", "no address", "", "a b@example.org"]
)
async def test_an_address_that_cannot_stand_in_a_header_ends_the_message(sink, address):
    """However it came into the database."""
    result = await by(sink).send(mail(address=address), NOW)
    assert result.outcome is AttemptOutcome.PERMANENT
    assert sink.messages == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1 (path), made anew each time."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "both.pem"
    keys = f"-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {folder}/key.pem"
    names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = f"openssl req -x509 -days 2 {keys} {names} -out {folder}/cert.pem"
    subprocess.run(command.split(), check=True, capture_output=True)
    path.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return path


def server_context(certificate):
    """TLS for the sink."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
async def test_both_ways_of_tls_work_with_an_authority_of_ones_own(
    certificate, monkeypatch, security, implicit
):
    """SSL_CERT_FILE names it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with MailSink(tls=server_context(certificate), implicit_tls=implicit) as sink:
        result = await by(sink, security=security).send(mail(), NOW)
        assert result.outcome is AttemptOutcome.ACCEPTED, result.detail
        assert sink.last.encrypted or implicit


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
async def test_a_certificate_nobody_vouches_for_is_refused_with_the_remedy(certificate, security, implicit):
    """Mail is not sent to whoever answers."""
    with MailSink(tls=server_context(certificate), implicit_tls=implicit) as sink:
        result = await by(sink, security=security).send(mail(), NOW)
        assert result.outcome is AttemptOutcome.TRANSIENT
        assert "SSL_CERT_FILE" in result.detail
        assert sink.messages == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_without_tls_is_not_sent_to_in_the_clear(sink, security):
    """The setting is named."""
    result = await by(sink, security=security, timeout=2).send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
    assert "email.security" in result.detail
    assert sink.messages == []


async def test_the_sender_may_be_a_bare_address(sink):
    """Its name is then Tocsin."""
    await by(sink, sender="tocsin@localhost").send(mail(), NOW)
    assert sink.last.message["From"] == "Tocsin <tocsin@localhost>"
    assert sink.last.message["Message-ID"] == f"<{an_alert().id}.{numbered_id(501)}@localhost>"


async def test_a_server_that_turns_everybody_away_is_tried_again():
    """554 in the greeting is not about this message."""

    async def turn_away(reader, writer):
        writer.write(b"554 no service today\r\n")
        await writer.drain()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        done.set()

    done = asyncio.Event()
    server = await asyncio.start_server(turn_away, "127.0.0.1", 0)
    settings = EmailSettings(host="127.0.0.1", port=server.sockets[0].getsockname()[1], security="none")
    async with server:
        result = await EmailSender(settings).send(mail(), NOW)
        await done.wait()
    assert (result.outcome, result.status) == (AttemptOutcome.TRANSIENT, 554)
    assert "no service today" in result.detail


async def test_a_server_that_speaks_no_smtp_is_tried_again():
    """An HTTP server behind the port."""
    with WebhookReceiver() as web:
        settings = EmailSettings(host="127.0.0.1", port=web.port, security="none", timeout=0.5)
        result = await EmailSender(settings).send(mail(), NOW)
    assert result.outcome is AttemptOutcome.TRANSIENT
