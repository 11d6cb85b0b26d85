"""Media and places of an entry, from the lists in which both parsers hand them on.

feedparser keeps the attributes of media:content, media:thumbnail and media:credit in a list each and no more of how
they nest. So a caption or a credit belongs to a file by its number: one to all files, as many as files to each its own;
else nobody can say whose they are and they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

from tocsin.model import GeoTag, Media, MediaRole
from tocsin.polling._identity import MAX_URL
from tocsin.polling._text import one_line, plain_text, tidy

MAX_MEDIA = 10  # files of an entry
CAPTION = "tocsin"  # the attribute by which a caption is known among the credits

_MEDIUMS = frozenset({"image", "audio", "video", "document", "executable"})
_SHAPES = {"Point": "point", "LineString": "line", "Polygon": "polygon", "Box": "box"}
_MARKUP = re.compile(r"[<&]")
# an address that is usable as it stands
_PLAIN = re.compile(r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)++/[\w/.~%?&=;,+@!$*()-]*+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_LONGEST = 1_000  # characters of a caption

Attributes = Mapping[str, Any]


@dataclass(slots=True)
class Found:
    """What an entry says of media and places: attributes in lower case, `content` the text of a credit.

    `where` is the form of GeoJSON, longitude first, with `Box` as a further type.
    """

    contents: list[Any] = field(default_factory=list)
    thumbnails: list[Any] = field(default_factory=list)
    enclosures: list[Any] = field(default_factory=list)  # `href` is the address
    credits: list[Any] = field(default_factory=list)  # captions too, marked by `CAPTION`
    where: Attributes | None = None
    lat: str | None = None
    lon: str | None = None
    name: str | None = None

    def captions(self) -> list[tuple[str, bool]]:
        """Texts of captions as they came, and whether each is declared to be plain."""
        return [
            (text, str(one.get("type", "")).rpartition("/")[2] in ("plain", "text"))
            for one in self.credits
            if CAPTION in one and (text := _text(one.get("content")))
        ]


def media_of(found: Found) -> tuple[Media, ...]:
    """All files with an address, whatever it is: contents, thumbnails, enclosures."""
    credits_ = [text for one in found.credits if CAPTION not in one and (text := _text(one.get("content")))]
    if not (found.contents or found.thumbnails or found.enclosures):
        return ()
    captions = [
        tidy(text) if plain or not _MARKUP.search(text) else plain_text(text)
        for text, plain in found.captions()
    ]
    contents = [_media(one, one.get("url"), MediaRole.CONTENT) for one in found.contents]
    thumbnails = [_media(one, one.get("url"), MediaRole.THUMBNAIL) for one in found.thumbnails]
    enclosures = [_media(one, one.get("href"), MediaRole.ENCLOSURE) for one in found.enclosures]
    told = contents or thumbnails or enclosures
    told[:] = _with_words(told, captions, credits_)
    return tuple(one for one in (*contents, *thumbnails, *enclosures) if one.url)


def usable(media: Iterable[Media], base: str) -> tuple[Media, ...]:
    """The first `MAX_MEDIA` with an http or https address, each once; relative ones hang on `base`, which is none."""
    kept: dict[str, Media] = {}
    for one in media:
        url = _web_address(one.url, base)
        if url is not None and url not in kept:
            kept[url] = one if one.url == url else replace(one, url=url)
            if len(kept) == MAX_MEDIA:
                break
    return tuple(kept.values())


def tags_of(media: Sequence[Media], geo: GeoTag | None) -> str | None:
    """A short hash that tells whether media or place are other ones than before; None where there are none.

    Without the queries of addresses: some sites sign them anew for every answer.
    """
    if not media and geo is None:
        return None
    told = [f"{one.role}\0{one.url.partition('?')[0]}\0{one.description}\0{one.credit}" for one in media]
    return sha256("\n".join([*told, repr(geo)]).encode()).hexdigest()[:16]


def geo_of(found: Found) -> GeoTag | None:
    """The GeoRSS geometry, else latitude and longitude; None where they are not on earth."""
    name = one_line(tidy(found.name))[:200] or None if found.name else None
    return _of_geometry(found.where, name) or _of_numbers(found.lat, found.lon, name)


def geometry(kind: str, text: str) -> Attributes | None:
    """A GeoRSS-Simple element (`point`, `line`, `polygon`, `box`) in the form of GeoJSON; None when it is broken."""
    try:
        numbers = [float(number) for number in text.replace(",", " ").split()]
    except ValueError:
        return None
    pairs = [(lon, lat) for lat, lon in zip(numbers[::2], numbers[1::2], strict=False)]
    if kind == "point":
        return {"type": "Point", "coordinates": pairs[0]} if pairs else None
    if kind == "polygon":
        return {"type": "Polygon", "coordinates": (pairs,)} if len(pairs) >= 4 else None
    return {"type": "Box" if kind == "box" else "LineString", "coordinates": pairs}


def number_of(value: object) -> int | None:
    """A positive whole number, also with a unit after it."""
    digits = (
        re.match(r"\s*(\d{1,15})(?:\.0*)?\s*(?:px)?\s*\Z", str(value), re.ASCII)
        if value is not None
        else None
    )
    return (int(digits[1]) or None) if digits else None


def media_type(told: object) -> str | None:
    """In lower case; None for what is none."""
    found = _TYPE.match(str(told or "").strip())
    return found[0].lower() if found else None


def medium_of(told: object, kind: str | None, role: MediaRole) -> str | None:
    """What is told, else what the media type begins with."""
    for name in (str(told or "").strip().lower(), (kind or "").partition("/")[0]):
        if name in _MEDIUMS:
            return name
    return "image" if role is MediaRole.THUMBNAIL else None


def _media(one: Attributes, url: object, role: MediaRole) -> Media:
    kind = media_type(one.get("type"))
    if role is MediaRole.ENCLOSURE and kind == "text/html":
        kind = None  # what feedparser says of every link that does not say what it leads to
    return Media(
        url=(_text(url) or ""),
        role=role,
        type=kind,
        medium=medium_of(one.get("medium"), kind, role),
        width=number_of(one.get("width")),
        height=number_of(one.get("height")),
        length=number_of(one.get("filesize") or one.get("length")),
    )


def _with_words(media: Sequence[Media], captions: Sequence[str], credits_: Sequence[str]) -> list[Media]:
    if not captions and not credits_:
        return list(media)
    if len(media) == 1 and credits_:
        credits_ = [", ".join(dict.fromkeys(one_line(tidy(one)) for one in credits_))]
        captions = captions[:1]
    pairs = zip(media, _spread(captions, len(media)), _spread(credits_, len(media)), strict=True)
    return [
        replace(
            one,
            description=one_line(caption)[:_LONGEST] or None if caption else None,
            credit=one_line(tidy(credit))[:200] or None if credit else None,
        )
        for one, caption, credit in pairs
    ]


def _spread(words: Sequence[str], count: int) -> list[str | None]:
    if len(words) == 1:
        return [words[0]] * count
    return list(words) if len(words) == count else [None] * count


def _web_address(url: str, base: str) -> str | None:
    if len(url) <= MAX_URL and _PLAIN.fullmatch(url):
        return url
    try:
        clean = _CONTROL.sub("", url).strip().replace(" ", "%20")
        clean.encode()
        whole = urljoin(base, clean)
        parts = urlsplit(whole)
        fine = (
            clean
            and whole != base
            and parts.scheme in ("http", "https")
            and parts.hostname
            and (parts.port or 1)
        )
    except ValueError:
        return None
    return whole if fine and len(whole) <= MAX_URL else None


def _of_geometry(where: Attributes | None, name: str | None) -> GeoTag | None:
    shape = _SHAPES.get(str((where or {}).get("type")))
    if where is None or shape is None:
        return None
    told: Sequence[Any] = where.get("coordinates") or ()
    points = [told] if shape == "point" else told[0] if shape == "polygon" and told else told
    try:
        lons, lats = [float(point[0]) for point in points], [float(point[1]) for point in points]
        for lat, lon in zip(lats, lons, strict=True):
            GeoTag(lat, lon)  # all corners must be on earth, not only their middle
        return GeoTag(_middle(lats), _middle(lons), shape, name)
    except (ValueError, TypeError, IndexError):
        return None


def _middle(numbers: Sequence[float]) -> float:
    low, high = min(numbers), max(numbers)
    return low if low == high else round((low + high) / 2, 6)


def _of_numbers(lat: str | None, lon: str | None, name: str | None) -> GeoTag | None:
    try:
        return None if lat is None or lon is None else GeoTag(float(lat), float(lon), name=name)
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
