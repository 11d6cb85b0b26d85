"""What a strict XML parser sees of a feed: the dates as they are written, and whether its shape is an ordinary one.

Two parsers that agreed on a feed's last documents will agree on its next one only if that is built of the same
simple parts. Where they are known to part ways (a field told twice, markup inside a text, addresses with a base of
their own, fields of other vocabularies that stand in for the plain ones) the outline is a `DoubtError`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from tocsin.polling._media import Found, geometry

_XML = "http://www.w3.org/XML/1998/namespace "
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"})
_MEDIA = frozenset({"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"})
_GEORSS = "http://www.georss.org/georss"
_GML = "http://www.opengis.net/gml"
_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_SHAPES = frozenset({"point", "line", "polygon", "box"})
_PLACES = {(_GEO, "lat"): "lat", (_GEO, "long"): "lon", (_GEORSS, "featurename"): "name"}
_PLAIN = frozenset(
    {
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
    }
)
_DATES = {
    "pubdate": "published", "published": "published", "issued": "published",
    "updated": "updated", "modified": "updated", "date": "updated", "lastbuilddate": "updated",
    "created": "created",
}  # fmt: skip
_SLOTS = {
    "title": "title", "guid": "id", "id": "id", "link": "link", "description": "text", "summary": "text",
    "encoded": "content", "content": "content", "author": "author", "creator": "author", "source": "source",
}  # fmt: skip
_STAND_INS = frozenset({"description", "summary", "abstract", "body", "xhtml:body", "encoded", "fullitem"})
_TYPES = frozenset({"text", "html", "text/plain", "text/html"})


class DoubtError(Exception):
    """Why the fast parser should not be believed about a document."""


@dataclass(slots=True)
class Outline:
    """The root element, the language, and for each entry its dates, its source and the types of its texts.

    `permalink` in an entry is there when its guid may stand for the address it has not.
    """

    kind: str = ""
    language: str | None = None
    based: bool = False  # somewhere relative addresses have a base of their own
    entries: list[dict[str, str]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)  # media and places of each entry


def read_outline(body: bytes) -> Outline:
    """Raises `DoubtError` where the document is not well-formed or not of the ordinary shape."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reader = _Reader(parser)
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise DoubtError(f"not well-formed: {error}") from error
    if reader.outline.kind not in ("rss", "feed", "rdf"):
        raise DoubtError(f"a document of {reader.outline.kind[:40]!r}")
    return reader.outline


def _declares(*_declaration: object) -> None:
    raise DoubtError("a document type of its own")


class _Reader:
    """Handlers of expat; text is taken only inside the few elements that matter."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.outline = Outline()
        self._parser = parser
        self._entry: dict[str, str] | None = None
        self._found = Found()
        self._depth = 0
        self._entry_depth = 0
        self._slots: set[str] = set()
        self._closed = 0  # depth of the open element that must hold text alone
        self._wanted: str | None = None
        self._text: list[str] = []
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = _declares  # so that no entity is ever declared

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        space, _, local = name.rpartition(" ")
        local = local.lower()
        if attributes:
            self._note_scope(attributes)
        if self._depth == 1:
            self.outline.kind = local
            self.outline.language = attributes.get(_XML + "lang") or None
        elif local in ("item", "entry"):
            self._open_entry()
        elif self._entry is not None:
            self._inside(self._entry, space, local, attributes)
        elif local == "language" and self._depth <= 3:
            self._want("language")

    def _note_scope(self, attributes: dict[str, str]) -> None:
        if _XML + "base" in attributes:
            self.outline.based = True
        if self._depth > 1 and _XML + "lang" in attributes:
            raise DoubtError("xml:lang inside the document")

    def _open_entry(self) -> None:
        if self._entry is not None:
            raise DoubtError("an entry inside an entry")
        self._entry, self._entry_depth, self._slots = {}, self._depth, set()
        self.outline.entries.append(self._entry)
        self._found = Found()
        self.outline.found.append(self._found)

    def _inside(self, entry: dict[str, str], space: str, local: str, attributes: dict[str, str]) -> None:
        if self._closed:
            raise DoubtError("markup inside a text")
        if space in _MEDIA:
            self._media(local, attributes)
        elif space in (_GEORSS, _GEO, _GML):
            self._place(space, local)
        elif self._is_enclosure(space, local, attributes):
            self._enclose(attributes)
        elif self._depth != self._entry_depth + 1:
            return
        elif local in _DATES and space != _CONTENT:
            self._want(_DATES[local])
        elif self.outline.kind == "feed":
            self._atom(entry, space, local, attributes)
        else:
            self._rss(entry, space, local, attributes)

    def _media(self, local: str, attributes: dict[str, str]) -> None:
        if local == "title":
            self._slots.add("other title")
        elif local == "content":
            self._found.contents.append(_lower(attributes))
        elif local == "thumbnail":
            self._found.thumbnails.append(_lower(attributes))
            self._want("thumbnail")
            self._closed = self._depth
        elif local == "credit":
            self._found.credits.append(_lower(attributes))
            self._want("credit")
            self._closed = self._depth
        elif local == "description":
            raise DoubtError("media:description")

    def _place(self, space: str, local: str) -> None:
        if space == _GML:
            raise DoubtError("a place in GML")
        name = _PLACES.get((space, local)) or (local if space == _GEORSS and local in _SHAPES else None)
        if name is None:
            return
        if name in self._slots:
            raise DoubtError(f"more than one {name} in an entry")
        self._slots.add(name)
        self._want(f"place {name}")
        self._closed = self._depth

    def _is_enclosure(self, space: str, local: str, attributes: dict[str, str]) -> bool:
        if local == "link":
            return attributes.get("rel", "").lower() == "enclosure" and (space in _ATOM or space in _PLAIN)
        if local == "image" and space in _PLAIN:
            self._slots.add("image")
        return local == "enclosure" and (space in _PLAIN or space in _ATOM)

    def _enclose(self, attributes: dict[str, str]) -> None:
        told = _lower(attributes)
        href = told.get("url", told.get("uri", told.get("href")))
        if not href:
            raise DoubtError("an enclosure without an address")
        self._found.enclosures.append({**told, "href": href})

    def _rss(self, entry: dict[str, str], space: str, local: str, attributes: dict[str, str]) -> None:
        if space in _ATOM:
            if local in _SLOTS and not (
                local == "link" and attributes.get("rel", "alternate") != "alternate"
            ):
                raise DoubtError(f"atom:{local} in an item")
        elif space in _PLAIN or (space, local) in ((_CONTENT, "encoded"), (_DUBLIN, "creator")):
            self._fill(local)
            if local == "source":
                self._want("source")
            elif local == "guid" and attributes.get("isPermaLink", "true") != "false":
                entry["permalink"] = "guid"
        else:
            self._foreign(local, attributes)

    def _atom(self, entry: dict[str, str], space: str, local: str, attributes: dict[str, str]) -> None:
        if space not in _ATOM:
            self._foreign(local, attributes)
        elif local == "source":
            raise DoubtError("an entry of another feed")
        elif local == "link":
            if attributes.get("rel", "alternate") == "alternate":
                self._fill(local)
        elif local == "author":
            self._fill(local)
            self._closed = 0  # it has children: name, email, uri
        else:
            self._fill(local)
            if local in ("title", "summary", "content"):
                entry[f"type {local}"] = _type(local, attributes)

    def _foreign(self, local: str, attributes: dict[str, str]) -> None:
        if local in _STAND_INS:
            raise DoubtError(f"{local} of another vocabulary")
        if local == "title":
            self._slots.add("other title")
        elif local == "spare":
            if attributes or "spare" in self._slots:
                raise DoubtError("a podcast summary of another shape")
            self._slots.add("spare")
            self._want("spare")
            self._closed = self._depth

    def _fill(self, local: str) -> None:
        slot = _SLOTS.get(local)
        if slot is None:
            if local in _STAND_INS:
                raise DoubtError(f"a {local}")
            return
        if slot in self._slots:
            raise DoubtError(f"more than one {slot} in an entry")
        self._slots.add(slot)
        self._closed = self._depth

    def _want(self, name: str) -> None:
        self._wanted, self._text = name, []
        self._parser.CharacterDataHandler = self._text.append

    def end(self, _name: str) -> None:
        if self._wanted is not None:
            self._parser.CharacterDataHandler = None
            self._keep(self._wanted, "".join(self._text))
            self._wanted = None
        if self._depth == self._closed:
            self._closed = 0
        if self._entry is not None and self._depth == self._entry_depth:
            self._close_entry()
        self._depth -= 1

    def _close_entry(self) -> None:
        self._entry = None
        found = self._found
        media = found.contents or found.thumbnails or found.credits
        if "image" in self._slots and media:  # the reference takes what follows for the image's
            raise DoubtError("an image beside media")
        if "other title" in self._slots and "title" not in self._slots:
            raise DoubtError("a title of another vocabulary")
        if self.outline.kind == "feed" and "link" not in self._slots:
            raise DoubtError("an entry without an address")

    def _keep(self, name: str, value: str) -> None:
        if not value.strip():
            return
        if self._entry is None:
            self.outline.language = value.strip()
        elif name == "credit":
            self._found.credits[-1]["content"] = value
        elif name == "thumbnail":
            self._found.thumbnails[-1].setdefault("url", value)
        elif name.startswith("place "):
            self._keep_place(name.removeprefix("place "), value.strip())
        else:
            self._entry[name] = value

    def _keep_place(self, name: str, value: str) -> None:
        if name in _SHAPES:
            self._found.where = geometry(name, value)
        else:
            setattr(self._found, name, value)


def _lower(attributes: dict[str, str]) -> dict[str, str]:
    """As the reference has them: names in lower case, and media types."""
    if any(" " in name for name in attributes):
        raise DoubtError("attributes of other vocabularies on media")
    lower = {name.lower(): value for name, value in attributes.items()}
    if "type" in lower:
        lower["type"] = lower["type"].lower()
    return lower


def _type(local: str, attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "text")
    if kind.lower() not in _TYPES or attributes.get("mode", "escaped") != "escaped":
        raise DoubtError(f"a {local} of type {kind[:40]!r}")
    return kind
