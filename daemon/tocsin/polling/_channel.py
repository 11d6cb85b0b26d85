"""What a document asks of those who poll it, and which hubs push it: read from its bytes, for every parser alike.

RSS 2.0 `<ttl>`, `<skipHours>`, `<skipDays>`; the RDF Site Summary syndication module (`sy:updatePeriod`,
`sy:updateFrequency`); links with rel hub and self (WebSub, section 4). Only what stands before the first entry
and after the last is read, 64 kB of each, so that an entry that quotes such elements means nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

MAX_HUBS = 5

_HEAD = 65_536
_ENTRY = re.compile(rb"<(?:[a-z]\w*:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[a-z]\w*:)?(?:item|entry)\s*>", re.IGNORECASE)
_QUOTED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_LINK = re.compile(rb"<(?:[a-z]\w{0,30}:)?link\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([a-z:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HOUR = re.compile(rb"<hour[^<>]{0,100}>\s*(\d{1,2})\s*</hour\s*>", re.IGNORECASE)
_DAY = re.compile(rb"<day[^<>]{0,100}>\s*(\w{3,12})\s*</day\s*>", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_TTL_CAP = 1_000_000  # minutes


@dataclass(frozen=True, slots=True)
class Channel:
    """What was found; `interval` in seconds is the larger of `<ttl>` and the syndication module's."""

    interval: int | None = None
    skip_hours: tuple[int, ...] = ()  # 0-23, UTC: RSS counts them in GMT
    skip_days: tuple[int, ...] = ()  # 0 is Monday
    hubs: tuple[str, ...] = ()
    topic: str | None = None  # rel=self


def read_channel(body: bytes, url: str) -> Channel:
    """Read the frame of an XML document in an encoding that contains ASCII; `url` is where it came from."""
    frame = _frame(body)
    hubs, selves = _links(frame, url)
    return Channel(
        interval=_interval(frame),
        skip_hours=_skip_hours(frame),
        skip_days=_skip_days(frame),
        hubs=hubs,
        topic=selves[0] if selves else None,
    )


def read_json_channel(document: dict[str, Any], url: str) -> Channel:
    """`hubs` of type WebSub and `feed_url` of a JSON Feed."""
    listed = document.get("hubs")
    named = [
        str(hub.get("url"))
        for hub in (listed if isinstance(listed, list) else [])[:50]
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() in ("websub", "pubsubhubbub")
    ]
    topic = document.get("feed_url")
    selves = _web([topic], url) if isinstance(topic, str) else ()
    return Channel(hubs=_web(named, url)[:MAX_HUBS], topic=selves[0] if selves else None)


def header_links(value: str, url: str) -> tuple[tuple[str, ...], str | None]:
    """Hubs and the topic (rel=self) of a Link header (RFC 8288); these come before what the document says."""
    found: dict[str, list[str]] = {"hub": [], "self": []}
    for target, parameters in re.findall(r"<([^<>]{1,2000})>((?:\s*;[^,<>]{0,500})*)", value[:20_000]):
        rel = re.search(r"(?i);\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", parameters)
        for word in (rel.group(1) or rel.group(2) or "").lower().split() if rel else ():
            found.get(word, []).append(target)
    selves = _web(found["self"], url)
    return _web(found["hub"], url)[:MAX_HUBS], selves[0] if selves else None


def _frame(body: bytes) -> bytes:
    first = _ENTRY.search(body)
    if first is None:
        return _QUOTED.sub(b" ", body[:_HEAD])
    ends = list(_ENTRY_END.finditer(body, max(first.start(), len(body) - _HEAD)))
    tail = body[ends[-1].end() :] if ends else b""
    return _QUOTED.sub(b" ", body[: min(first.start(), _HEAD)]) + b"\n" + _QUOTED.sub(b" ", tail)


def _text(frame: bytes, name: bytes) -> str:
    found = re.search(
        rb"<(?:[a-z]\w{0,30}:)?" + name + rb"(?:\s[^<>]{0,200})?>\s*([^<]{1,40}?)\s*</", frame, re.IGNORECASE
    )
    return found.group(1).decode("ascii", "replace").strip().lower() if found else ""


def _interval(frame: bytes) -> int | None:
    minutes = _text(frame, b"ttl")
    ttl = min(int(minutes), _TTL_CAP) * 60 if re.fullmatch(r"[0-9]{1,12}", minutes) else 0
    period = _PERIODS.get(_text(frame, b"updatePeriod"), 0)
    frequency = _text(frame, b"updateFrequency")
    if re.fullmatch(r"[0-9]{1,6}", frequency):
        period //= max(1, int(frequency))
    return max(ttl, period) or None


def _skip_hours(frame: bytes) -> tuple[int, ...]:
    """Hours 0 to 23; RSS 0.91 counted 1 to 24, so 24 is midnight. A document that skips all is not obeyed."""
    inside = re.search(
        rb"<skipHours[^<>]{0,100}>(.{0,4000}?)</skipHours\s*>", frame, re.IGNORECASE | re.DOTALL
    )
    named = (
        {int(hour) % 24 for hour in _HOUR.findall(inside.group(1)) if int(hour) <= 24} if inside else set()
    )
    return tuple(sorted(named)) if len(named) < 24 else ()


def _skip_days(frame: bytes) -> tuple[int, ...]:
    inside = re.search(rb"<skipDays[^<>]{0,100}>(.{0,2000}?)</skipDays\s*>", frame, re.IGNORECASE | re.DOTALL)
    words = (
        [day.decode("ascii", "replace").lower() for day in _DAY.findall(inside.group(1))] if inside else []
    )
    named = {_DAYS.index(word) for word in words if word in _DAYS}
    return tuple(sorted(named)) if len(named) < 7 else ()


def _links(frame: bytes, url: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: dict[str, list[str]] = {"hub": [], "self": []}
    for link in _LINK.findall(frame)[:200]:
        said = {
            name.decode().lower(): html.unescape((double or single).decode("utf-8", "replace")).strip()
            for name, double, single in _ATTRIBUTE.findall(link)
        }
        for word in said.get("rel", "").lower().split():
            found.get(word, []).append(said.get("href", ""))
    return _web(found["hub"], url)[:MAX_HUBS], _web(found["self"], url)


def _web(addresses: list[str], url: str) -> tuple[str, ...]:
    """Addresses that are http or https, resolved, each once."""
    kept: dict[str, None] = {}
    for address in addresses:
        try:
            whole = urljoin(url, address)
            split = urlsplit(whole)
        except ValueError:
            continue
        if address and split.scheme in ("http", "https") and split.hostname and len(whole) < 2000:
            kept[whole] = None
    return tuple(kept)
