"""What may stand where a feed's address is expected."""

from __future__ import annotations

from urllib.parse import urlsplit

from tocsin.errors import InputError
from tocsin.polling._identity import canonical_url

_HINT = "write it as https://host/path"


def feed_address(text: str, where: str = "") -> str:
    """The address, trimmed. Raises `InputError` that begins with `where`."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
    except ValueError:
        good = False
    if not good:
        raise InputError(f"{where}{url[:200]!r} is not a web address", hint=_HINT)
    return url


def page_address(text: str) -> str:
    """The address of an article in the form articles are known by. Raises `InputError`."""
    url = canonical_url(feed_address(text), "")
    if url is None:
        raise InputError(f"{text[:200]!r} is too long for the address of an article", hint=_HINT)
    return url
