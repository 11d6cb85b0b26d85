"""WebSub (W3C Recommendation, 2018): what a subscriber says, checks and decides. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tocsin.model import Hub, HubState, HubSubscription
from tocsin.polling._channel import header_links
from tocsin.polling._formats import ParsedFeed

CALLBACK_PATH = "/websub"
METHODS = ("sha1", "sha256", "sha384", "sha512")

_UNVERIFIED = timedelta(hours=6)  # a hub that accepted and never verified is asked again
_REFUSED = timedelta(days=1)
_LEAVING = timedelta(days=1)
_AGAIN = timedelta(minutes=5)  # between two requests for one renewal, at the least
_RENEWED_AT = 0.75  # of the lease
_MAX_LEASE = timedelta(days=365)


class Step(StrEnum):
    """What is to be done for a subscription now."""

    NONE = "none"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a hub's question is answered with. `status` is HTTP's, `body` the challenge where it is granted."""

    status: int
    body: str
    subscription: HubSubscription | None = None  # as it is from now on; None: nothing changes
    ended: bool = False


def hub_of(headers: Mapping[str, str], parsed: ParsedFeed | None, url: str) -> Hub | None:
    """The hub and topic a feed names (section 4): Link headers first, then the document; None without a hub."""
    hubs, topic = header_links(headers.get("link", ""), url)
    if parsed is not None:
        hubs, topic = hubs or parsed.hubs, topic or parsed.topic
    return Hub(hubs[0], topic or url) if hubs else None


def token_of(secret: str, feed_id: UUID) -> str:
    """The part of a callback's address that nobody can guess (section 5.1)."""
    return hmac.new(secret.encode(), b"callback " + feed_id.bytes, hashlib.sha256).hexdigest()[:32]


def callback_of(base: str, subscription: HubSubscription) -> str:
    """The address a hub is told."""
    token = token_of(subscription.secret, subscription.feed_id)
    return f"{base.rstrip('/')}{CALLBACK_PATH}/{subscription.feed_id}/{token}"


def request_form(mode: str, base: str, subscription: HubSubscription, lease: int) -> dict[str, str]:
    """The form of a subscription request (section 5.1); `lease` is seconds."""
    form = {
        "hub.mode": mode,
        "hub.topic": subscription.topic,
        "hub.callback": callback_of(base, subscription),
    }
    if mode == "subscribe":
        form |= {"hub.secret": subscription.secret, "hub.lease_seconds": str(lease)}
    return form


def signature_fits(header: str, secret: str, body: bytes) -> bool:
    """Whether X-Hub-Signature (section 7.1) is that of the body under the secret; no header is no signature."""
    method, _, digest = header.strip().partition("=")
    if method.lower() not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode())


def next_step(subscription: HubSubscription, now: datetime, *, polled: bool) -> Step:
    """What is to be done; `polled` is whether the feed is still wanted."""
    asked = subscription.asked_at
    since = now - asked if asked is not None else None
    if not polled or subscription.state is HubState.LEAVING:
        return _leaving(subscription, since)
    if subscription.state is HubState.ACTIVE:
        return _renewing(subscription, now, since)
    waits = {HubState.ASKED: _UNVERIFIED, HubState.REFUSED: _REFUSED}
    wait = waits.get(subscription.state, timedelta(0))
    return Step.SUBSCRIBE if since is None or since >= wait else Step.NONE


def _leaving(subscription: HubSubscription, since: timedelta | None) -> Step:
    if subscription.state is not HubState.LEAVING:
        known = subscription.state in (HubState.ACTIVE, HubState.ASKED)
        return Step.UNSUBSCRIBE if known else Step.FORGET
    return Step.FORGET if since is None or since >= _LEAVING else Step.NONE


def _renewing(subscription: HubSubscription, now: datetime, since: timedelta | None) -> Step:
    until = subscription.lease_until
    if since is None or until is None or until <= now:
        return Step.SUBSCRIBE
    if since < min(_AGAIN, (until - now) / 2):
        return Step.NONE
    lease = until - (now - since)
    return Step.SUBSCRIBE if since >= lease * _RENEWED_AT else Step.NONE


def asked(subscription: HubSubscription, mode: str, problem: str | None, now: datetime) -> HubSubscription:
    """After a request to the hub; `problem` is None when it answered 202. A lease that runs goes on."""
    if mode == "unsubscribe":
        return replace(subscription, state=HubState.LEAVING, asked_at=now, note=problem)
    runs = subscription.state is HubState.ACTIVE and (subscription.lease_until or now) > now
    state = HubState.REFUSED if problem else HubState.ASKED
    return replace(subscription, state=HubState.ACTIVE if runs else state, asked_at=now, note=problem)


def verify(
    subscription: HubSubscription | None, query: Mapping[str, str], now: datetime, lease: int
) -> Verified:
    """Answer a hub's verification of intent or denial (sections 5.2 and 5.3); `lease` stands in for none told."""
    if subscription is None or query.get("hub.topic") != subscription.topic:
        return Verified(404, "no such subscription")
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if mode == "denied":
        note = f"the hub denied it: {query.get('hub.reason', 'no reason given')[:200]}"
        state = HubState.LEAVING if subscription.state is HubState.LEAVING else HubState.REFUSED
        return Verified(200, "", replace(subscription, state=state, lease_until=None, note=note))
    if mode == "unsubscribe" and subscription.state is HubState.LEAVING and challenge:
        return Verified(200, challenge, ended=True)
    if mode == "subscribe" and challenge and subscription.state in (HubState.ASKED, HubState.ACTIVE):
        told = query.get("hub.lease_seconds", "")
        seconds = int(told[:10]) if told.isascii() and told.isdecimal() else lease
        until = now + min(timedelta(seconds=max(1, seconds)), _MAX_LEASE)
        active = replace(subscription, state=HubState.ACTIVE, lease_until=until, asked_at=now, note=None)
        return Verified(200, challenge, active)
    return Verified(404, "this was not asked for")
