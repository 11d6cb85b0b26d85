"""A small XML reader for OPML and sitemaps that runs no declarations: entity bombs end at the first one."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

MAX_DEPTH = 100


class XmlError(ValueError):
    """The document is not XML, or does what no document of its kind needs to."""


@dataclass(slots=True)
class Element:
    """A tag without its prefix, attributes in lower case, the text directly inside, children in order."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)
    line: int = 0

    def first(self, tag: str) -> Element | None:
        """The first child of this name."""
        return next((child for child in self.children if child.tag == tag), None)

    def text_of(self, tag: str) -> str | None:
        """Text of the first child of this name, None when there is none."""
        child = self.first(tag)
        return (child.text.strip() or None) if child else None


def read_xml(body: bytes) -> Element:
    """The root element. Raises `XmlError`."""
    root = Element("", {})
    open_elements = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > MAX_DEPTH:
            raise XmlError(f"elements nest deeper than {MAX_DEPTH}")
        plain = {key.rpartition(":")[2].lower(): value for key, value in attributes.items()}
        element = Element(name.rpartition(":")[2].lower(), plain, line=parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        open_elements[-1].text += data

    def entity(name: str, *_declaration: object) -> None:
        raise XmlError(f"the document declares the entity {name!r}, which is refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise XmlError(f"not well-formed XML: {error}") from None
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise error if isinstance(error, XmlError) else XmlError(str(error)) from None
    return root.children[0]
