"""Lists of feeds in files: OPML in and out, catalogs, and plain lists of addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tocsin.errors import InputError
from tocsin.model import FeedSpec
from tocsin.polling._addresses import feed_address
from tocsin.polling._catalogs import load_catalog
from tocsin.polling._xml import Element, XmlError, read_xml


def read_feed_list(file: Path) -> list[FeedSpec]:
    """OPML, a catalog (.yaml, .yml) or a plain list, told apart by name and first character.

    Raises `InputError` naming file and line.
    """
    if file.suffix in (".yaml", ".yml"):
        return load_catalog(file)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from None
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_opml(body, str(file))
    return read_plain_list(body, str(file))


def read_plain_list(body: bytes, name: str = "list") -> list[FeedSpec]:
    """One address a line; blank lines and what follows " #" or a leading "#" are left out."""
    try:
        lines = body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text: {error.reason}") from None
    specs = []
    for number, line in enumerate(lines, start=1):
        text = "" if line.lstrip().startswith("#") else line.partition(" #")[0].strip()
        if text:
            specs.append(FeedSpec(feed_address(text, f"{name}:{number}: ")))
    return _once(specs)


def read_opml(body: bytes, name: str = "OPML") -> list[FeedSpec]:
    """OPML 1.0 to 2.0 (opml.org): outlines with xmlUrl, their ancestors' texts as the folder `a/b`.

    Declared entities are refused, so that no file can blow itself up.
    """
    try:
        root = read_xml(body)
    except XmlError as error:
        raise InputError(f"{name}: {error}") from None
    start = root.first("body")
    if root.tag != "opml" or start is None:
        raise InputError(f"{name}: not OPML: it begins with <{root.tag}>")
    return _once(list(_outlines(start, (), name)))


def _outlines(parent: Element, folders: tuple[str, ...], name: str) -> Iterator[FeedSpec]:
    for outline in parent.children:
        if outline.tag != "outline":
            continue
        given = outline.attributes
        title = (given.get("title") or given.get("text") or "").strip()
        address = given.get("xmlurl", "").strip()
        if address:
            yield FeedSpec(
                feed_address(address, f"{name}:{outline.line}: "),
                title=None if title in ("", address) else title,
                folder="/".join(folders) or None,
                language=given.get("language") or None,
                topics=tuple(
                    filter(None, (part.strip("/ ") for part in given.get("category", "").split(",")))
                ),
            )
        inner = (*folders, title.replace("/", "-")) if title and not address else folders
        yield from _outlines(outline, inner, name)


def _once(specs: Iterable[FeedSpec]) -> list[FeedSpec]:
    return list({spec.url: spec for spec in specs}.values())


def write_opml(specs: Iterable[FeedSpec], title: str = "Tocsin feeds") -> str:
    """OPML 2.0 that `read_opml` reads back with the same addresses, titles, folders, languages and topics."""
    root: dict[str, object] = {}
    for spec in specs:
        place = root
        for folder in (spec.folder or "").split("/"):
            if folder:
                inner = place.setdefault(f"folder {folder}", {})
                place = inner if isinstance(inner, dict) else place
        place[f"feed {spec.url}"] = spec
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{_escaped(title)}</title></head>", "  <body>"]
    lines += _body(root, 2)
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _body(place: dict[str, object], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, value in place.items():
        if isinstance(value, FeedSpec):
            yield f"{pad}<outline {_attributes(value)}/>"
        elif isinstance(value, dict):
            name = quoteattr(key.removeprefix("folder "))
            yield f"{pad}<outline text={name} title={name}>"
            yield from _body(value, depth + 1)
            yield f"{pad}</outline>"


def _attributes(spec: FeedSpec) -> str:
    given = {
        "type": "rss",
        "text": spec.title or spec.url,
        "title": spec.title,
        "xmlUrl": spec.url,
        "language": spec.language,
        "category": ",".join(spec.topics) or None,
    }
    return " ".join(f"{name}={quoteattr(value)}" for name, value in given.items() if value)


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
