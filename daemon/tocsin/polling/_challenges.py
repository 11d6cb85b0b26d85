"""Pages that want a browser solved a puzzle: whose they are. They look like errors and are none of the feed."""

from __future__ import annotations

from collections.abc import Mapping

_HEADERS = (
    ("cf-mitigated", "challenge", "a Cloudflare challenge"),
    ("x-amzn-waf-action", "challenge", "an AWS WAF challenge"),
    ("x-amzn-waf-action", "captcha", "an AWS WAF captcha"),
    ("x-vercel-mitigated", "challenge", "a Vercel challenge"),
)
_BODIES = (
    (b"/cdn-cgi/challenge-platform/", "a Cloudflare challenge"),
    (b"_cf_chl_opt", "a Cloudflare challenge"),
    (b"cf-browser-verification", "a Cloudflare challenge"),
    (b"captcha-delivery.com", "a DataDome challenge"),
    (b"_Incapsula_Resource", "an Imperva challenge"),
    (b"sucuri_cloudproxy_js", "a Sucuri challenge"),
    (b"px-captcha", "a HUMAN challenge"),
)
_STATUSES = frozenset((202, 401, 403, 405, 429, 503))
_LOOKED_AT = 65_536  # bytes of the body


def challenge_in(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What the answer is in words ("a Cloudflare challenge"), None when it is none that is known.

    `headers` have names in lower case. A status that a feed could have is no challenge, whatever it says.
    """
    if status not in _STATUSES:
        return None
    for name, value, words in _HEADERS:
        if headers.get(name, "").strip().lower() == value:
            return words
    start = body[:_LOOKED_AT]
    return next((words for mark, words in _BODIES if mark in start), None)
