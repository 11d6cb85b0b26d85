"""Making and changing subscribers."""

import base64
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import NOON, SECRET, a_subscriber
from tocsin.alerting import (
    ROTATION,
    kind_of,
    new_secret,
    new_subscriber,
    rotate,
    shown_address,
    validate_address,
)
from tocsin.errors import ChannelError
from tocsin.model import Severity, SubscriberKind
from tocsin.testing import numbered_id

WEBHOOK, EMAIL, CHAT = SubscriberKind.WEBHOOK, SubscriberKind.EMAIL, SubscriberKind.CHAT


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://desk.example/hook", WEBHOOK),
        ("HTTP://desk.example/hook", WEBHOOK),
        ("anna@example.org", EMAIL),
        ("mailto:anna@example.org", EMAIL),
        ("slack://a/b/c", CHAT),
    ],
)
def test_the_kind_is_read_off_the_address(address, kind):
    """Nobody has to say it."""
    assert kind_of(address) is kind


def test_an_address_of_no_kind_is_refused_with_examples():
    """The remedy names all three forms."""
    with pytest.raises(ChannelError, match=r"https://.*name@example.org.*Apprise"):
        kind_of("desk")


@pytest.mark.parametrize(
    ("kind", "address", "kept"),
    [
        (WEBHOOK, " https://desk.example:8443/hook?a=1 ", "https://desk.example:8443/hook?a=1"),
        (WEBHOOK, "http://[::1]:80/", "http://[::1]:80/"),
        (EMAIL, "Anna.B+news@Example.ORG", "Anna.B+news@example.org"),
        (EMAIL, "mailto:anna@example.org", "anna@example.org"),
        (EMAIL, "anna@bücher.example", "anna@xn--bcher-kva.example"),
        (EMAIL, "root@localhost", "root@localhost"),
        (CHAT, "json://localhost/x", "json://localhost/x"),
    ],
)
def test_addresses_that_can_be_used_are_kept_in_one_form(kind, address, kept):
    """Spaces around go, domains become ASCII in lower case."""
    assert validate_address(kind, address) == kept


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (WEBHOOK, "ftp://desk.example/"),
        (WEBHOOK, "https:///hook"),
        (WEBHOOK, "https://desk.example:port/"),
        (WEBHOOK, "https://[::1/"),
        (WEBHOOK, "https://desk.example/#part"),
        (WEBHOOK, "https://desk.example/a b"),
        (EMAIL, "anna"),
        (EMAIL, "@example.org"),
        (EMAIL, "anna@"),
        (EMAIL, "anna@-example.org"),
        (EMAIL, "anna@exa_mple.org"),
        (EMAIL, "anna@example.org,bob@example.org"),
        (EMAIL, "Anna <anna@example.org>"),
        (EMAIL, "anna@example.org\r\nBcc: all@example.org"),
        (EMAIL, "a" * 65 + "@example.org"),
        (EMAIL, "anna@" + "a" * 64 + ".org"),
        (CHAT, "nosuchservice://token"),
        (CHAT, "slack://"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused_with_a_remedy(kind, address):
    """Before anything is stored."""
    with pytest.raises(ChannelError) as caught:
        validate_address(kind, address)
    assert caught.value.hint


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_email_address_or_a_clear_error(text):
    """And what is kept can stand in a header."""
    try:
        kept = validate_address(EMAIL, text)
    except ChannelError:
        return
    assert "@" in kept
    assert len(kept.split()) == 1


def test_chat_without_apprise_says_how_to_install_it(monkeypatch):
    """An extra that is not there is no mystery."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ChannelError, match=r"pip install tocsin\[chat\]"):
        validate_address(CHAT, "slack://a/b/c")


def test_secrets_are_random_and_long_enough():
    """32 bytes in the form of Standard Webhooks."""
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32
    assert new_secret(lambda n: b"\0" * n) == "whsec_" + base64.b64encode(b"\0" * 32).decode()


def test_a_new_webhook_gets_a_secret_and_others_none():
    """Email and chat are not signed."""
    hook = new_subscriber(
        numbered_id(1), "desk", "https://desk.example/hook", NOON, rules=["a"], labels={"k": "v"}
    )
    assert hook.secret.startswith("whsec_")
    assert (hook.kind, hook.rules, hook.labels) == (WEBHOOK, ("a",), {"k": "v"})
    mail = new_subscriber(numbered_id(2), "anna", "anna@example.org", NOON, min_severity=Severity.WARNING)
    assert (mail.secret, mail.kind, mail.min_severity) == (None, EMAIL, Severity.WARNING)


def test_a_kind_can_be_named():
    """Some Apprise services have https-like addresses."""
    with pytest.raises(ChannelError):
        new_subscriber(numbered_id(1), "desk", "https://desk.example/hook", NOON, kind=EMAIL)


@pytest.mark.parametrize("name", ["", "two words", "-a", "a" * 64, "ä", "a\n"])
def test_a_name_that_cannot_be_typed_is_refused(name):
    """Names stand in commands and log lines."""
    with pytest.raises(ChannelError, match="cannot be a subscriber's name"):
        new_subscriber(numbered_id(1), name, "anna@example.org", NOON)


def test_rotation_keeps_the_old_secret_for_a_while():
    """24 hours unless said otherwise."""
    changed = rotate(a_subscriber(), "whsec_bmV3", NOON)
    assert (changed.secret, changed.old_secret) == ("whsec_bmV3", SECRET)
    assert changed.old_secret_until == NOON + ROTATION
    assert rotate(a_subscriber(), "whsec_bmV3", NOON, timedelta(days=7)).old_secret_until == NOON + timedelta(
        days=7
    )


def test_a_webhook_without_a_secret_gets_its_first_one():
    """There is no old one to keep."""
    assert rotate(a_subscriber(secret=None), SECRET, NOON).old_secret_until is None


def test_only_webhooks_have_a_secret_to_rotate():
    """The others say so."""
    with pytest.raises(ChannelError, match="only webhooks"):
        rotate(a_subscriber(kind=EMAIL), SECRET, NOON)


@pytest.mark.parametrize(
    ("kind", "address", "shown"),
    [
        (CHAT, "slack://token/secret", "slack://…"),
        (WEBHOOK, "https://user:pass@desk.example/x", "https://…@desk.example/x"),
        (WEBHOOK, "https://desk.example/x", "https://desk.example/x"),
        (EMAIL, "anna@example.org", "anna@example.org"),
    ],
)
def test_lists_show_no_tokens(kind, address, shown):
    """They end up in screenshots."""
    assert shown_address(a_subscriber(kind=kind, address=address)) == shown
