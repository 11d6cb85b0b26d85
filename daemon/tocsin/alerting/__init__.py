"""Alerts to messages that arrive: routing, follow-ups, channels, retries."""

from tocsin.alerting._channels import senders
from tocsin.alerting._chat import ChatSender
from tocsin.alerting._email import EmailSender
from tocsin.alerting._following import follow_ups
from tocsin.alerting._notifier import Notifier, NotifyStore, load_message
from tocsin.alerting._payload import Payload, payload, payload_schema
from tocsin.alerting._retrying import RetryDecision, RetryReason, backoff, retry, running_window
from tocsin.alerting._routing import RouteReason, Routing, recipients, route, routings, silenced_by
from tocsin.alerting._subscribers import (
    ROTATION,
    kind_of,
    new_secret,
    new_subscriber,
    rotate,
    shown_address,
    validate_address,
)
from tocsin.alerting._text import render_html, render_text
from tocsin.alerting._webhook import WebhookSender
from tocsin.alerting._words import when_words

__all__ = [
    "ROTATION",
    "ChatSender",
    "EmailSender",
    "Notifier",
    "NotifyStore",
    "Payload",
    "RetryDecision",
    "RetryReason",
    "RouteReason",
    "Routing",
    "WebhookSender",
    "backoff",
    "follow_ups",
    "kind_of",
    "load_message",
    "new_secret",
    "new_subscriber",
    "payload",
    "payload_schema",
    "recipients",
    "render_html",
    "render_text",
    "retry",
    "rotate",
    "route",
    "routings",
    "running_window",
    "senders",
    "shown_address",
    "silenced_by",
    "validate_address",
    "when_words",
]
