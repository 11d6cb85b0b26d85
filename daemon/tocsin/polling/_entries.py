"""From raw entries of whatever format to entries that can be compared and stored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from tocsin.model import GeoTag, Media
from tocsin.polling._formats import ParsedEntry
from tocsin.polling._hash import content_hash
from tocsin.polling._identity import canonical_url, keys_of, refused_link
from tocsin.polling._media import tags_of, usable
from tocsin.polling._text import MAX_TEXT, one_line, plain_text, safe_html, tidy

MAX_ENTRIES = 5_000

_ADDRESS = re.compile(r"[(<]?[\w.+-]{1,64}@[\w.-]{1,255}[)>]?")


@dataclass(frozen=True, slots=True)
class Markup:
    """Text as it came, with what it is."""

    value: str
    html: bool = True

    @property
    def text(self) -> str:
        """As plain text."""
        return plain_text(self.value) if self.html else tidy(self.value)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry as the document has it."""

    guid: str | None = None
    link: str | None = None
    title: Markup | None = None
    body: Markup | None = None
    dates: tuple[str, ...] = ()
    author: str | None = None
    source: str | None = None
    language: str | None = None
    media: tuple[Media, ...] = ()  # with addresses as the document has them
    geo: GeoTag | None = None


def build_entries(raws: Sequence[RawEntry], base: str) -> tuple[list[ParsedEntry], list[str]]:
    """Usable entries in document order, and a sentence for each one that was refused or lost something."""
    notes: list[str] = []
    if len(raws) > MAX_ENTRIES:
        notes.append(f"{len(raws)} entries, only the first {MAX_ENTRIES} are read")
        raws = raws[:MAX_ENTRIES]
    titles = [one_line(raw.title.text) if raw.title else "" for raw in raws]
    bodies = [raw.body.text if raw.body else "" for raw in raws]
    links = [canonical_url(raw.link, base) for raw in raws]
    guids = _guids(raws, links, base)
    identities = [
        (guid or None, link, title or body)
        for guid, link, title, body in zip(guids, links, titles, bodies, strict=True)
    ]
    keys = keys_of(identities)
    urls = _own_urls(raws, links, keys, base)
    entries: dict[str, ParsedEntry] = {}
    for number, raw in enumerate(raws):
        refusal = _refusal(raw, titles[number], bodies[number])
        if refusal:
            notes.append(f"entry {number + 1}: {refusal}")
        if not (titles[number] or bodies[number]):
            continue
        if keys[number] in entries:
            notes.append(f"entry {number + 1}: repeats {keys[number][:80]!r}")
            continue
        entries[keys[number]] = _entry(
            raw, keys[number], urls[number], (titles[number], bodies[number]), base
        )
    return list(entries.values()), notes


def _guids(raws: Sequence[RawEntry], links: Sequence[str | None], base: str) -> list[str | None]:
    """Guids as they are, but where one is the link with a fragment or parameters that count versions.

    The link stands for those, so that an edit is not a new article; unless entries of a live blog share it.
    """
    guids = [one_line(tidy(raw.guid)) if raw.guid else None for raw in raws]
    plain = [
        link if link and guid and guid.startswith("http") and canonical_url(guid, base) == link else None
        for guid, link in zip(guids, links, strict=True)
    ]
    counts = Counter(plain)
    return [link if link and counts[link] == 1 else guid for guid, link in zip(guids, plain, strict=True)]


def _refusal(raw: RawEntry, title: str, body: str) -> str | None:
    scheme = refused_link(raw.link)
    if scheme:
        return f"the link is a {scheme}: address and was left out"
    if not (title or body):
        return "has neither title nor text"
    return None


def _own_urls(
    raws: Sequence[RawEntry], links: Sequence[str | None], keys: Sequence[str], base: str
) -> list[str | None]:
    """Addresses that belong to one entry alone.

    An address that several entries share (a live blog, a feed whose entries all link to the front page)
    keeps its fragment where that tells them apart, else none of them has an address.
    """
    carriers = _shared(links, keys)
    finer = [
        _with_fragment(raw.link, base) if link in carriers else link
        for raw, link in zip(raws, links, strict=True)
    ]
    still = _shared(finer, keys)
    return [None if url is None or url in still or _is_front_page(url) else url for url in finer]


def _shared(urls: Sequence[str | None], keys: Sequence[str]) -> set[str | None]:
    counts = Counter(url for url, _ in set(zip(urls, keys, strict=True)))
    return {url for url, count in counts.items() if count > 1}


def _with_fragment(link: str | None, base: str) -> str | None:
    url = canonical_url(link, base)
    fragment = urldefrag(link or "").fragment.strip()
    return f"{url}#{fragment}" if url and fragment else url


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _entry(raw: RawEntry, key: str, url: str | None, words: tuple[str, str], base: str) -> ParsedEntry:
    title, body = words
    text = "\n\n".join(part for part in (title, body) if part)[:MAX_TEXT]
    media = usable(raw.media, base) if raw.media else ()
    return ParsedEntry(
        key=key,
        url=url,
        title=title or body.partition("\n")[0][:200],
        text=text,
        content_hash=content_hash(title, text),
        dates=tuple(date for date in raw.dates if date.strip()),
        html=safe_html(raw.body.value) if raw.body and raw.body.html else None,
        author=_author(raw.author),
        source=_name(raw.source),
        language=_name(raw.language),
        media=media,
        geo=raw.geo,
        tags=tags_of(media, raw.geo),
    )


def _author(value: str | None) -> str | None:
    """The name without the address that RSS wants beside it: "desk@paper.example (Ann Lee)" is Ann Lee."""
    named = _name(value)
    if named is None or "@" not in named:
        return named
    bare = " ".join(_ADDRESS.sub(" ", named).split())
    return bare.removeprefix("(").removesuffix(")").strip() or named


def _name(value: str | None) -> str | None:
    return one_line(tidy(value))[:200] or None if value else None
