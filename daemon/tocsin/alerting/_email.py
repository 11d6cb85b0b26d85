"""Email: multipart messages over SMTP, threaded under the first alert."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from uuid import UUID

import aiosmtplib
from aiosmtplib import errors

from tocsin.alerting._text import render_html, render_text
from tocsin.alerting._words import one_line, subject_words
from tocsin.model import AttemptOutcome
from tocsin.ports import Outgoing, SendResult
from tocsin.settings import EmailSettings

_POLICY = SMTP_POLICY.clone(cte_type="7bit")  # no 8-bit bodies: not every relay passes them on unharmed


class EmailSender:
    """Hands each message to the SMTP server of the settings.

    5xx to the recipient or the content ends the message. 4xx, no connection, time-outs, TLS and login
    failures, a refused sender, and a missing `email.host` are tried again: they are the operator's to
    repair, and the detail names the setting.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings

    async def send(self, message: Outgoing, now: datetime) -> SendResult:
        """Send once."""
        settings = self._settings
        if settings.host is None:
            return _transient("no SMTP server is set; set TOCSIN_EMAIL__HOST or email.host in tocsin.toml")
        try:
            mail = compose(message, settings.sender, now)
        except (ValueError, IndexError, MessageError) as error:
            return SendResult(AttemptOutcome.PERMANENT, f"cannot be addressed: {one_line(str(error))}")
        try:
            async with asyncio.timeout(settings.timeout):
                await self._hand_over(mail, settings.host)
        except TimeoutError:
            return _transient(f"{_server(settings)} did not answer within {settings.timeout:g} s")
        except (errors.SMTPException, OSError, ValueError) as error:
            return failure(error, settings)
        return SendResult(AttemptOutcome.ACCEPTED, f"accepted by {_server(settings)}", 250)

    async def _hand_over(self, mail: EmailMessage, host: str) -> None:
        settings = self._settings
        await aiosmtplib.send(
            mail,
            hostname=host,
            port=settings.port,
            username=settings.username,
            password=settings.password if settings.username else None,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            timeout=settings.timeout,
        )


def compose(message: Outgoing, sender: str, now: datetime) -> EmailMessage:
    """The mail: text and HTML of one alert.

    Message-ID is made of alert and subscriber: the same on every attempt, and known to follow-ups, which
    carry it in In-Reply-To and References (RFC 5322, 3.6.4). Raises `ValueError`, `IndexError` or
    `MessageError` (the standard library's three ways) for an address that cannot stand in a header.
    """
    alert = message.alert
    own, subscriber = _address(sender), message.subscriber.id
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = own
    mail["To"] = Address(addr_spec=message.subscriber.address)
    mail["Subject"] = subject_words(alert)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(alert.id, subscriber, own.domain)
    if alert.draft.follows is not None:
        first = message_id(alert.draft.follows, subscriber, own.domain)
        mail["In-Reply-To"] = first
        mail["References"] = first
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
    mail["List-Id"] = f"Tocsin alerts <alerts.tocsin.{own.domain}>"  # RFC 2919
    mail["X-Tocsin-Alert"] = str(alert.id)
    mail["X-Tocsin-Rule"] = one_line(alert.draft.rule)
    mail.set_content(render_text(message))
    mail.add_alternative(render_html(message), subtype="html")
    return mail


def message_id(alert_id: UUID, subscriber_id: UUID, domain: str) -> str:
    """The Message-ID of an alert's mail to one subscriber."""
    return f"<{alert_id}.{subscriber_id}@{domain}>"


def failure(error: Exception, settings: EmailSettings) -> SendResult:
    """What an SMTP failure means; whose fault it is decides whether it is tried again."""
    server = _server(settings)
    if isinstance(error, errors.SMTPRecipientsRefused):
        refused = error.recipients[0]
        return _answered(refused.code, refused.message, "the recipient was refused")
    if isinstance(error, errors.SMTPDataError):
        return _answered(error.code, error.message, "the message was refused")
    if isinstance(error, errors.SMTPAuthenticationError):
        return _transient(
            f"{server} refused the login ({_answer(error)}); check email.username and email.password",
            error.code,
        )
    if isinstance(error, errors.SMTPSenderRefused):
        return _transient(
            f"{server} refused the sender ({_answer(error)}); check email.sender, or log in with email.username",
            error.code,
        )
    if isinstance(error, errors.SMTPResponseException):
        return _transient(f"{server} answered {_answer(error)}", error.code)
    return _transient(_unanswered(error, settings))


def _answered(code: int, text: str, what: str) -> SendResult:
    outcome = AttemptOutcome.PERMANENT if code >= 500 else AttemptOutcome.TRANSIENT
    return SendResult(outcome, f"{what}: {code} {one_line(text)}", code)


def _unanswered(error: Exception, settings: EmailSettings) -> str:
    said = one_line(str(error)) or type(error).__name__
    if isinstance(error.__cause__ or error, ssl.SSLError):
        return (
            f"no secure connection to {_server(settings)}: {said}; check email.security and email.port, and "
            "set SSL_CERT_FILE if the server's certificate is from an authority of your own"
        )
    if isinstance(error, errors.SMTPNotSupported) or "STARTTLS" in said:
        return f"{_server(settings)}: {said}; check email.security and email.username"
    return f"no mail could be handed to {_server(settings)}: {said}"


def _answer(error: errors.SMTPResponseException) -> str:
    return f"{error.code} {one_line(error.message)}"


def _server(settings: EmailSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _address(sender: str) -> Address:
    name, spec = parseaddr(sender)
    return Address(display_name=name or "Tocsin", addr_spec=spec)


def _transient(detail: str, status: int | None = None) -> SendResult:
    return SendResult(AttemptOutcome.TRANSIENT, detail, status)
