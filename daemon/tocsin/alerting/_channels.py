"""All channels of one configuration."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.alerting._chat import ChatSender
from tocsin.alerting._email import EmailSender
from tocsin.alerting._webhook import WebhookSender
from tocsin.model import SubscriberKind
from tocsin.ports import Sender
from tocsin.settings import Settings


def senders(settings: Settings) -> Mapping[SubscriberKind, Sender]:
    """One sender for each kind of subscriber."""
    return {
        SubscriberKind.WEBHOOK: WebhookSender(
            settings.network, settings.alerting.webhook_timeout, settings.user_agent
        ),
        SubscriberKind.EMAIL: EmailSender(settings.email),
        SubscriberKind.CHAT: ChatSender(),
    }
