"""Making and changing subscribers: addresses that can be used, secrets that cannot be guessed."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import urlsplit
from uuid import UUID

from tocsin.alerting._chat import load_apprise
from tocsin.errors import ChannelError
from tocsin.model import Severity, Subscriber, SubscriberKind

ROTATION = timedelta(hours=24)  # how long messages are signed with the old secret too
_SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)


def new_subscriber(
    id_: UUID,
    name: str,
    address: str,
    now: datetime,
    *,
    kind: SubscriberKind | None = None,
    min_severity: Severity = Severity.INFO,
    rules: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
) -> Subscriber:
    """A subscriber ready to be saved; webhooks get a secret. Raises `ChannelError` for what cannot be used."""
    if not _NAME.fullmatch(name):
        raise ChannelError(
            f"{name!r} cannot be a subscriber's name",
            hint="letters, digits, dots, dashes, underscores; 63 at most",
        )
    kind = kind or kind_of(address)
    return Subscriber(
        id=id_,
        name=name,
        kind=kind,
        address=validate_address(kind, address),
        secret=new_secret() if kind is SubscriberKind.WEBHOOK else None,
        min_severity=min_severity,
        rules=tuple(rules),
        labels=dict(labels or {}),
        created_at=now,
    )


def kind_of(address: str) -> SubscriberKind:
    """The kind an address speaks of: http(s) is a webhook, a bare address email, other schemes chat."""
    scheme, separator, _ = address.strip().partition("://")
    if separator:
        return SubscriberKind.WEBHOOK if scheme.lower() in {"http", "https"} else SubscriberKind.CHAT
    if "@" in address:
        return SubscriberKind.EMAIL
    raise ChannelError(
        f"{address!r} is no address Tocsin can send to",
        hint="give https://..., name@example.org, or an Apprise URL such as slack://...",
    )


def validate_address(kind: SubscriberKind, address: str) -> str:
    """The address in the form it is kept; raises `ChannelError` naming what is wrong and what to write."""
    checks: Mapping[SubscriberKind, Callable[[str], str]] = {
        SubscriberKind.WEBHOOK: _webhook_address,
        SubscriberKind.EMAIL: _email_address,
        SubscriberKind.CHAT: _chat_address,
    }
    stripped = address.strip()
    if any(ord(c) < 33 or ord(c) == 127 for c in stripped):
        raise ChannelError(f"{address!r} contains spaces or control characters", hint="write it without them")
    return checks[kind](stripped)


def new_secret(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A signing secret in the form of Standard Webhooks: `whsec_` and base64 of 32 random bytes."""
    return f"whsec_{base64.b64encode(random_bytes(_SECRET_BYTES)).decode()}"


def rotate(subscriber: Subscriber, secret: str, now: datetime, keep: timedelta = ROTATION) -> Subscriber:
    """The subscriber with a new secret; the old one still signs beside it for `keep`."""
    if subscriber.kind is not SubscriberKind.WEBHOOK:
        raise ChannelError(
            f"{subscriber.name} is reached by {subscriber.kind.value}",
            hint="only webhooks have a signing secret",
        )
    return replace(
        subscriber,
        secret=secret,
        old_secret=subscriber.secret,
        old_secret_until=now + keep if subscriber.secret else None,
    )


def shown_address(subscriber: Subscriber) -> str:
    """The address for lists: tokens in chat addresses and passwords in URLs are left out."""
    address = subscriber.address
    if subscriber.kind is SubscriberKind.CHAT:
        return f"{address.partition('://')[0]}://…"
    if subscriber.kind is SubscriberKind.WEBHOOK and "@" in (netloc := urlsplit(address).netloc):
        return address.replace(netloc, f"…@{netloc.rpartition('@')[2]}", 1)
    return address


def _webhook_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise ChannelError(f"{address} is not a URL: {error}", hint="give https://host/path") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ChannelError(f"{address} is not an http or https URL", hint="give https://host/path")
    if parts.fragment:
        raise ChannelError(
            f"{address} has a fragment, which is never sent", hint="leave out # and what follows"
        )
    return address


def _email_address(address: str) -> str:
    hint = "give one address as name@example.org, without a display name"
    address = address.removeprefix("mailto:")
    try:
        parsed = Address(addr_spec=address)
        domain = parsed.domain.encode("idna").decode().lower()
    except (ValueError, IndexError, MessageError) as error:
        raise ChannelError(f"{address} is not an email address: {error}", hint=hint) from error
    if not parsed.username or len(parsed.username.encode()) > 64 or not _DOMAIN.fullmatch(domain):
        raise ChannelError(f"{address} is not an email address", hint=hint)
    return Address(username=parsed.username, domain=domain).addr_spec


def _chat_address(address: str) -> str:
    apprise = load_apprise()
    if apprise.Apprise.instantiate(address) is None:
        raise ChannelError(
            f"Apprise does not know {address.partition('://')[0]}:// or misses a part of the address",
            hint="the form for each service is in the Apprise documentation",
        )
    return address
