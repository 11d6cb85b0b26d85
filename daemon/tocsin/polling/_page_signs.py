"""Signs that a page is not the article but something in front of it: a paywall, a login, a consent dialogue.

Signs alone decide nothing: most free articles carry the scripts of a paywall and of a cookie banner too. They
count where the text is short or cut (see `_pages`).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CONSENT_LABELS = frozenset(("consent", "guce", "collectconsent", "myprivacy", "privacygate", "cookiewall"))
_CONSENT_STEPS = frozenset(
    (
        *(
            "consent",
            "collectconsent",
            "cookie-consent",
            "cookieconsent",
            "cookie-wall",
            "cookiewall",
            "gdpr",
        ),
        *("privacy-gate", "privacygate", "privacy-wall", "privacywall", "consent-management"),
    )
)
_LOGIN_LABELS = frozenset(
    ("login", "signin", "account", "accounts", "auth", "sso", "id", "subscribe", "subscription", "abo")
)
_LOGIN_STEPS = frozenset(
    (
        *("login", "log-in", "signin", "sign-in", "signup", "sign-up", "register", "registration", "sso"),
        *("subscribe", "subscription", "subscriptions", "abo", "abonnement", "paywall"),
    )
)

_CONSENT_WORDS = re.compile(
    r"""(?ix) \b(?: cookies? | consent | privacy\ (?:policy|settings|preferences|choices) | your\ privacy | gdpr
    | personal(?:ised|ized)\ (?:ads|content) | advertising\ partners | our\ partners | legitimate\ interest
    | accept\ all | reject\ all | manage\ (?:choices|options|preferences) | datenschutz | einwilligung
    | zustimm\w+ | confidentialit\w+ | consentement | accepter\ et | privacidad | consentimiento ) \b"""
)
_PAYWALL = re.compile(
    r"""(?ix)
      (?: subscribe | sign\ (?:in|up) | log\ in | register | join | pay )\ (?:now\ |today\ |here\ )?to\ (?:continue|keep|read|unlock|view)
    | to\ (?:continue|keep)\ reading\b
    | continue\ reading\ (?:this\ article\ )?(?:with|for|by|your)
    | (?:this\ (?:article|story|content|report)\ is\ )?(?:reserved\ |available\ |exclusive(?:ly)?\ |only\ )+(?:for|to)\ (?:our\ |paid\ |paying\ |registered\ )*(?:subscribers|members)
    | (?:subscriber|member)s?[ -](?:only|exclusive)
    | already\ (?:a\ |an\ )?(?:subscriber|subscribed|member)
    | unlock\ (?:this|the\ full|unlimited)
    | (?:start|begin)\ your\ (?:free\ )?(?:trial|subscription)
    | you(?:'ve|\ have|’ve)\ (?:reached|read|used)\ (?:your|all\ your|the)\ (?:\w+\ ){0,4}(?:limit|free\ articles?)
    | réservée?\ (?:aux|à\ nos)\ abonné
    | abonnez-vous\ pour
    | (?:exklusiv\ )?für\ abonnent | weiterlesen\ mit | jetzt\ (?:abonnieren|weiterlesen)
    | (?:solo|exclusivo)\ para\ (?:suscriptores|abonados)
    | (?:riservat\w+|solo)\ (?:agli|per\ gli)\ abbonati """
)
_WALL_ELEMENT = re.compile(
    rb"""(?i)(?:class|id)\s*=\s*["'][^"'<>]{0,200}\b(?:paywall|regwall|pay-wall|meteredContent|
subscriber-only|subscription-required|premium-locked|tp-modal)""".replace(b"\n", b"")
)

MAX_LOOKED_AT = 200_000  # characters of the page's visible text


def is_consent_address(url: str) -> bool:
    """Where consent is asked for, by a whole label of the host or a whole step of the path."""
    return _names(url, _CONSENT_LABELS, _CONSENT_STEPS)


def is_login_address(url: str) -> bool:
    """A login, a registration or a shop for subscriptions."""
    return _names(url, _LOGIN_LABELS, _LOGIN_STEPS)


def _names(url: str, labels: frozenset[str], steps: frozenset[str]) -> bool:
    parts = urlsplit(url)
    path = {step.lower().partition(".")[0] for step in parts.path.split("/")}
    return (parts.hostname or "").partition(".")[0] in labels or not path.isdisjoint(steps)


def consent_share(shown: str) -> float:
    """Hits of consent vocabulary for each 100 words of the visible text."""
    words = len(shown.split())
    return 100 * len(_CONSENT_WORDS.findall(shown[:MAX_LOOKED_AT])) / words if words else 0.0


def paywall_words(text: str) -> str | None:
    """The first words that ask for a subscription or a login, None without any."""
    found = _PAYWALL.search(text[:MAX_LOOKED_AT])
    return " ".join(found.group().split())[:80] if found else None


def has_wall_element(body: bytes) -> bool:
    """Whether an element of the page calls itself a paywall."""
    return bool(_WALL_ELEMENT.search(body))
