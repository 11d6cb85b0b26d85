"""YAML documents with positions: what a rule file may be made of, and nothing else.

YAML 1.2 by way of ruamel.yaml's composer, so no object is ever constructed. Refused, with their place:
files over 1 MiB, text that is not UTF-8, anchors and aliases, tags, duplicate keys, nesting below 20 levels.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from tocsin.errors import RuleError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
_CORE_TAG = "tag:yaml.org,2002:"
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML's own marks count
_HINTS = (
    ("mapping values are not allowed", 'put text that contains ": " in quotes'),
    ("found character '\\t'", "indent with spaces, YAML does not take tabs"),
    ("cannot start any token", "put text that begins with this character in quotes"),
    ("expected <block end>", "entries of one mapping begin in one column"),
    ("quoted scalar", "close the quotation mark"),
    ("flow mapping", "close the bracket {"),
    ("flow sequence", "close the bracket ["),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def error(self, message: str, hint: str | None = None) -> RuleError:
        """The refusal that points here."""
        return RuleError(message, file=self.file, line=self.line, column=self.column, hint=hint)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or number as written; `kind` is str, int, float, bool or null by the YAML 1.2 core schema."""

    place: Place
    text: str
    kind: str
    style: str | None = None  # None plain, ' or " quoted, | or > block
    one_line: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value`."""

    key: str
    place: Place
    value: Value


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in the order of the file."""

    place: Place
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        """The entry of this key."""
        return next((entry for entry in self.entries if entry.key == key), None)


Value = Scalar | Items | Table


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file: its root and its text as written."""

    root: Value
    source: str
    source_hash: str
    lines: tuple[str, ...]  # of the whole file


def read_text(path: Path) -> str:
    """The text of a rule file; `RuleError` when it is too large, unreadable or not UTF-8."""
    start = Place(str(path), 1, 1)
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise start.error(
                f"the file has {size:,} bytes, more than the {MAX_BYTES:,} a rule file may have",
                "split it; rules of one folder are loaded together",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise start.error(
            f"the file cannot be read: {error.strerror}", "check path and permissions"
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        raise _at(before, len(before), str(path)).error(
            f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        ) from error


def documents(text: str, file: str) -> Iterator[Document | RuleError]:
    """Documents in order; one that is refused is given as its error, and a broken file ends with one."""
    lines = tuple(_LINE_END.split(text))
    nodes = YAML(typ="safe", pure=True).compose_all(text)
    while True:
        try:
            node = next(nodes, None)
        except MarkedYAMLError as error:
            yield _marked(error, file)
            return
        except ReaderError as error:
            at = _at(text, error.position, file)
            yield at.error(f"character {error.character:#x} is not allowed in YAML", "remove it")
            return
        except RecursionError:
            yield Place(file, 1, 1).error("nested too deeply", f"{MAX_DEPTH} levels are allowed")
            return
        except (YAMLError, AssertionError, ValueError) as error:
            yield Place(file, 1, 1).error(f"not YAML: {error}", "remove the % directive or repair the file")
            return
        if node is None:
            return
        if not _is_empty(node):
            yield _document(node, lines, file)


def _document(node: Node, lines: tuple[str, ...], file: str) -> Document | RuleError:
    try:
        root = _value(node, file, 0)
    except RuleError as error:
        return error
    source = "\n".join(lines[node.start_mark.line : node.end_mark.line + 1])
    source = source.split("\n---")[0].split("\n...")[0].rstrip() + "\n"
    return Document(root, source, "1" + hashlib.sha256(source.encode()).hexdigest(), lines)


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and node.style is None and not node.anchor


def _value(node: Node, file: str, depth: int) -> Value:
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    if node.anchor:
        raise place.error(
            f"anchor &{node.anchor}: rule files take no anchors and aliases", "write the value out"
        )
    if depth > MAX_DEPTH:
        raise place.error("nested too deeply", f"{MAX_DEPTH} levels are allowed")
    tag = str(node.tag)
    if not tag.startswith(_CORE_TAG) or "/" in tag:
        raise place.error(f"tag {tag} is not part of a rule file", "put text that begins with ! in quotes")
    if isinstance(node, MappingNode):
        return Table(place, _entries(node, file, depth))
    if isinstance(node, SequenceNode):
        return Items(place, tuple(_value(item, file, depth + 1) for item in node.value))
    style = node.style if isinstance(node, ScalarNode) else None
    one_line = node.start_mark.line == node.end_mark.line
    return Scalar(place, node.value, tag.removeprefix(_CORE_TAG), style, one_line)


def _entries(node: MappingNode, file: str, depth: int) -> tuple[Entry, ...]:
    seen: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        place = Place(file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            raise place.error("a key must be a word", "write key: value")
        key = key_node.value
        if first := seen.get(key):
            raise place.error(f"{key} is given twice", f"the first is in line {first.place.line}; keep one")
        value = _value(value_node, file, depth + 1)
        if isinstance(value, Scalar) and value.kind == "null":
            value = replace(value, place=place)  # the composer puts an absent value on the next line
        seen[key] = Entry(key, place, value)
    return tuple(seen.values())


def _marked(error: MarkedYAMLError, file: str) -> RuleError:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    problem = (error.problem or error.context or "not YAML").replace("\\t", "\t").replace("'\t'", "'\\t'")
    context = f"{problem} {error.context or ''}"
    hint = next((hint for sign, hint in _HINTS if sign in context), None)
    return place.error(f"not YAML: {problem}", hint)


def _at(text: str, offset: int, file: str) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
