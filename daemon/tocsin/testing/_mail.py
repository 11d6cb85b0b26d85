"""A real SMTP server on the loopback interface that keeps the mail it is given."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from time import monotonic
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Stage = Literal["mail", "rcpt", "data"]


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One message as it came: envelope and parsed content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes
    encrypted: bool

    @property
    def text(self) -> str:
        """The text/plain part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The text/html part."""
        return self._part("html")

    def _part(self, subtype: Literal["plain", "html"]) -> str:
        part = self.message.get_body((subtype,))
        return "" if part is None else part.get_content()


class MailSink:
    """A context manager: `with MailSink() as sink: ... sink.host, sink.port, sink.messages`.

    Takes all mail until told to refuse. With `login` it wants that user and password; `tls` gives a
    server context for STARTTLS, or for TLS from the first byte when `implicit_tls` is true.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
    ) -> None:
        self.messages: list[ReceivedMail] = []
        self.login = login
        self._refusals: dict[Stage, list[str]] = {"mail": [], "rcpt": [], "data": []}
        self._standing: dict[Stage, str] = {}
        self._silent = False
        self._arrived = threading.Condition()
        self._tls, self._implicit = tls, implicit_tls
        self._loop = asyncio.new_event_loop()
        self._connections: set[_Connection] = set()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)

    @property
    def last(self) -> ReceivedMail:
        """The newest message."""
        return self.messages[-1]

    def refuse(
        self, code: int = 550, text: str = "refused", *, at: Stage = "rcpt", times: int | None = None
    ) -> None:
        """Answer `code text` at that command, from now on or so many times; 4xx invites a retry."""
        answer = f"{code} {text}"
        if times is None:
            self._standing[at] = answer
        else:
            self._refusals[at] += [answer] * times

    def accept(self) -> None:
        """Take all mail again."""
        self._standing.clear()
        self._silent = False
        for waiting in self._refusals.values():
            waiting.clear()

    def hang(self) -> None:
        """Take the command DATA and its content and never answer."""
        self._silent = True

    def wait_for(self, count: int, timeout: float = 10.0) -> list[ReceivedMail]:
        """Block until so many messages came; `TimeoutError` after `timeout` seconds."""
        deadline = monotonic() + timeout
        with self._arrived:
            while len(self.messages) < count:
                if not self._arrived.wait(max(0.0, deadline - monotonic())):
                    raise TimeoutError(f"{len(self.messages)} of {count} messages came in {timeout} s")
            return list(self.messages)

    def close(self) -> None:
        """Stop serving and drop open connections."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refusal(self, stage: Stage) -> str | None:
        """What to answer at this command, when it is not yes."""
        waiting = self._refusals[stage]
        return waiting.pop(0) if waiting else self._standing.get(stage)

    async def answer_to_data(self, envelope: Envelope, *, encrypted: bool) -> str | None:
        """Keep the message, or say why not."""
        if self._silent:
            await self._stopping.wait()
        if refusal := self.refusal("data"):
            return refusal
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
        mail = ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw, encrypted)
        with self._arrived:
            self.messages.append(mail)
            self._arrived.notify_all()
        return None

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        del server, session, envelope, mechanism
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self.login, handled=False)

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._run(started))
        finally:
            self._loop.close()

    async def _run(self, started: threading.Event) -> None:
        self._stopping = asyncio.Event()
        implicit = self._tls if self._implicit else None
        server = await self._loop.create_server(self._protocol, self.host, 0, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stopping.wait()
        server.close()
        for connection in list(self._connections):
            await connection.drop()
        await server.wait_closed()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*rest, return_exceptions=True)

    def _protocol(self) -> SMTP:
        return _Connection(
            self,
            self._connections,
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=None if self._implicit else self._tls,
            authenticator=self._authenticate if self.login else None,
            auth_require_tls=self.login
            is None,  # so that AUTH is offered in the clear only where it is wanted
            timeout=60,
        )


class _Hooks:
    """What aiosmtpd calls, by these names; apart from the sink since aiosmtpd looks at every attribute."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse who has not logged in, else remember the sender."""
        del server
        if self._sink.login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if refusal := self._sink.refusal("mail"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse or remember the recipient."""
        del server, session, options
        if refusal := self._sink.refusal("rcpt"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Refuse or keep the message."""
        del server
        if refusal := await self._sink.answer_to_data(envelope, encrypted=session.ssl is not None):
            return refusal
        return "250 OK"


class _Connection(SMTP):
    """One client; known to the sink so that closing leaves no socket behind."""

    def __init__(self, sink: MailSink, open_ones: set[_Connection], **options: Any) -> None:
        super().__init__(_Hooks(sink), loop=asyncio.get_running_loop(), **options)
        self._open_ones = open_ones
        self._lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The client went away."""
        super().connection_lost(error)
        self._open_ones.discard(self)
        self._lost.set()

    async def drop(self) -> None:
        """Close without a goodbye and wait until the socket is gone."""
        if self.transport is not None:
            self.transport.close()
            await self._lost.wait()
