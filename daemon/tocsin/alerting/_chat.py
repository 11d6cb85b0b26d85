"""Chat and push services through Apprise, an optional dependency."""

from __future__ import annotations

import asyncio
import logging
import warnings
from datetime import datetime
from typing import Any

from tocsin.alerting._text import render_text
from tocsin.alerting._words import one_line, subject_words
from tocsin.errors import ChannelError
from tocsin.model import AttemptOutcome
from tocsin.ports import Outgoing, SendResult

_TIMEOUT = (
    60.0  # seconds; Apprise itself gives a service 4 to connect and 4 to answer, unless its URL says more
)


class ChatSender:
    """Sends through any service Apprise knows, in a thread since Apprise blocks.

    Apprise tells success and failure apart and no more, so every failure is tried again.
    """

    def __init__(self, timeout: float = _TIMEOUT) -> None:
        self._timeout = timeout

    async def send(self, message: Outgoing, now: datetime) -> SendResult:
        """Send once."""
        del now
        try:
            async with asyncio.timeout(self._timeout):
                problem = await asyncio.to_thread(
                    notify, message.subscriber.address, subject_words(message.alert), render_text(message)
                )
        except ChannelError as error:
            return SendResult(AttemptOutcome.TRANSIENT, str(error))
        except TimeoutError:
            return SendResult(AttemptOutcome.TRANSIENT, f"no answer within {self._timeout:g} s")
        if problem is None:
            return SendResult(AttemptOutcome.ACCEPTED, "accepted")
        return SendResult(AttemptOutcome.TRANSIENT, problem)


def notify(address: str, title: str, body: str) -> str | None:
    """Send in this thread; None when it was taken, else what Apprise logged. Raises `ChannelError`."""
    apprise = load_apprise()
    service = apprise.Apprise()
    if not service.add(address):
        raise ChannelError(
            "Apprise does not know this address", hint="its form is on the Apprise page of the service"
        )
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        # Apprise.notify tells by a status that is 0 for success in new versions and by a bool in older ones
        result = service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
        taken = result if isinstance(result, bool) else int(result.status) == 0
        return None if taken else one_line(said.getvalue()) or "the service did not take it"


def load_apprise() -> Any:
    """The library; raises `ChannelError` that says how to install it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its plugins import modules that Python deprecates
            import apprise  # noqa: PLC0415 - an extra, and 0.1 s to import

            apprise.Apprise.instantiate("json://localhost")  # loads the plugins
    except ImportError as error:
        raise ChannelError(
            "chat subscribers need Apprise, which is not installed", hint="pip install tocsin[chat]"
        ) from error
    return apprise
