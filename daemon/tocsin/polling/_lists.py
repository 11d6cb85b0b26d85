"""Lists of feeds in files: OPML in and out, catalogs, and plain lists of addresses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from tocsin.errors import InputError
from tocsin.model import FeedSpec
from tocsin.polling._addresses import feed_address
from tocsin.polling._catalogs import fault_in, load_catalog
from tocsin.polling._xml import Element, XmlError, read_xml

_NAMESPACE = "urn:tocsin:opml:1"  # of the attributes that OPML has no words for
_OPML = "export the subscriptions as OPML; a list of addresses, one a line, is read too"
_FEED = "that is a feed itself: `tocsin feeds add` takes its address"
_KINDS = {
    "html": "that is a web page: `tocsin feeds discover` finds the feeds of a site by its address",
    **dict.fromkeys(("rss", "feed", "rdf"), _FEED),
}
_OURS = ("publisher", "owner", "country", "timezone")


def read_feed_list(file: Path) -> list[FeedSpec]:
    """OPML, a catalog (.yaml, .yml) or a plain list, told apart by name and first character.

    Raises `InputError` naming file and line.
    """
    if file.suffix in (".yaml", ".yml"):
        return load_catalog(file)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}",
            hint="name a file: OPML, a YAML catalog, or one address a line",
        ) from None
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_opml(body, str(file))
    return read_plain_list(body, str(file))


def read_plain_list(body: bytes, name: str = "list") -> list[FeedSpec]:
    """One address a line; blank lines and what follows " #" or a leading "#" are left out."""
    try:
        lines = body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text: {error.reason}",
            hint="OPML, or text in UTF-8 with one address a line",
        ) from None
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
        raise InputError(
            f"{name}: {error}",
            hint="export it again from the program it came from; a list of addresses, one a line, is read too",
        ) from None
    start = root.first("body")
    if root.tag != "opml" or start is None:
        raise InputError(f"{name}: not OPML: it begins with <{root.tag}>", hint=_KINDS.get(root.tag, _OPML))
    ours = root.attributes.get("tocsin") == _NAMESPACE
    return _once(list(_outlines(start, (), name, ours=ours)))


def _outlines(parent: Element, folders: tuple[str, ...], name: str, *, ours: bool) -> Iterator[FeedSpec]:
    for outline in parent.children:
        if outline.tag != "outline":
            continue
        given = outline.attributes
        title = (given.get("title") or given.get("text") or "").strip()
        address = _address(given)
        if address:
            spec = FeedSpec(
                feed_address(address, f"{name}:{outline.line}: "),
                title=None if title in ("", address) else title,
                folder="/".join(folders) or None,
                language=given.get("language") or None,
                topics=tuple(
                    filter(None, (part.strip("/ ") for part in given.get("category", "").split(",")))
                ),
            )
            yield _with_ours(spec, given, f"{name}:{outline.line}: ") if ours else spec
        inner = (*folders, title.replace("/", "-")) if title and not address else folders
        yield from _outlines(outline, inner, name, ours=ours)


def _address(given: Mapping[str, str]) -> str:
    """`xmlUrl`, or as some files of OPML 1.0 have it, the `url` of an outline that is called a feed."""
    is_feed = given.get("type", "").lower() in ("rss", "rss1", "atom")
    return (given.get("xmlurl") or (given.get("url", "") if is_feed else "")).strip()


def _with_ours(spec: FeedSpec, given: Mapping[str, str], where: str) -> FeedSpec:
    """With what `write_opml` adds. Raises `InputError` for a value that a catalog could not have either."""
    values: dict[str, Any] = {key: given[key] for key in _OURS if given.get(key)}
    if "interval" in given:
        values["interval"] = int(given["interval"]) if given["interval"].isdecimal() else given["interval"]
    if "fulltext" in given:
        values["full_text"] = {"true": True, "false": False}.get(given["fulltext"], given["fulltext"])
    if given.get("headers"):
        try:
            values["headers"] = json.loads(given["headers"])
        except json.JSONDecodeError:
            values["headers"] = given["headers"]
    for key, value in values.items():
        if wrong := fault_in(key, value):
            raise InputError(f"{where}{wrong}")
    if "headers" in values:
        values["headers"] = tuple(values["headers"].items())
    return replace(spec, **values, proxy=given.get("proxy") or None)


def _once(specs: Iterable[FeedSpec]) -> list[FeedSpec]:
    return list({spec.url: spec for spec in specs}.values())


def write_opml(specs: Iterable[FeedSpec], title: str = "Tocsin feeds") -> str:
    """OPML 2.0 that `read_opml` reads back with all a feed was given, but for its catalog.

    Headers and proxies that hold a secret in plain words are left out: such files are passed on.
    """
    root: dict[str, object] = {}
    for spec in specs:
        place = root
        for folder in (spec.folder or "").split("/"):
            if folder:
                inner = place.setdefault(f"folder {folder}", {})
                place = inner if isinstance(inner, dict) else place
        place[f"feed {spec.url}"] = spec
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<opml version="2.0" xmlns:tocsin="{_NAMESPACE}">']
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
        **{f"tocsin:{key}": getattr(spec, key) for key in _OURS},
        "tocsin:interval": str(spec.interval) if spec.interval else None,
        "tocsin:fullText": "true" if spec.full_text else None,
        "tocsin:headers": json.dumps(dict(spec.headers)) if spec.headers and not has_secret(spec) else None,
        "tocsin:proxy": None if has_secret(spec) else spec.proxy,
    }
    return " ".join(f"{name}={quoteattr(value)}" for name, value in given.items() if value)


def has_secret(spec: FeedSpec) -> bool:
    """Whether a header, or user and password of the proxy, stand there themselves and not as `${NAME}`."""
    login, at, _ = (spec.proxy or "").rpartition("@")
    return any("${" not in value for _, value in spec.headers) or bool(at and "${" not in login)


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
