"""Feed catalogs: YAML files that say for each feed who publishes it, who owns that, where and in which language.

A file is a mapping with `catalog` (its name), optionally `title` and `defaults`, and `feeds`, a list.
The keys of a feed, and of `defaults` but for `url` and `title`, are the fields of `FeedSpec`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tocsin.errors import InputError
from tocsin.model import FeedSpec
from tocsin.polling._addresses import feed_address

_TEXTS = ("url", "title", "publisher", "owner", "country", "language", "timezone", "folder", "proxy")
_KEYS = (*_TEXTS, "topics", "interval", "full_text", "headers")
_TOP = ("catalog", "title", "defaults", "feeds")
_FORM = "docs/reference/feeds.md has the form of a catalog"
_COUNTRY = re.compile(r"[A-Z]{3}")  # ISO 3166-1 alpha-3; XKX for Kosovo, as users of the standard write it
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, a token
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47


def load_catalogs(folder: Path) -> list[FeedSpec]:
    """All feeds of all `*.yaml` files of a folder, files in order of name.

    Raises `InputError` with every fault as `file:line: what`, so that a catalog is mended in one go.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", hint="feeds.folder names a folder of YAML catalogs")
    specs: list[FeedSpec] = []
    faults: list[str] = []
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            specs += load_catalog(file)
        except InputError as error:
            faults.append(error.message)
    if faults:
        raise InputError("\n".join(faults), hint=_FORM)
    return specs


def load_catalog(file: Path) -> list[FeedSpec]:
    """The feeds of one catalog. Raises `InputError` with every fault, one a line."""
    return _Catalog(file).feeds()


class _Catalog:
    """One file being read; faults are gathered, so that all are told at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._faults: list[str] = []

    def feeds(self) -> list[FeedSpec]:
        document = self._load()
        self._check_keys(document, _TOP)
        items, defaults = document.get("feeds"), document.get("defaults") or CommentedMap()
        if not isinstance(items, CommentedSeq):
            self._fault(1, "a catalog has a list of `feeds`")
            raise InputError("\n".join(self._faults), hint=_FORM)
        if not isinstance(defaults, CommentedMap):
            raise InputError(
                f"{self._file}:{_line(document, 'defaults')}: `defaults` is a mapping", hint=_FORM
            )
        self._check_values(defaults, [key for key in _KEYS if key not in ("url", "title")])
        name = str(document.get("catalog") or self._file.stem)
        specs = [self._spec(item, defaults, name, _line(items, index)) for index, item in enumerate(items)]
        found = [spec for spec in specs if spec is not None]
        self._check_doubles(found)
        if self._faults:
            raise InputError("\n".join(self._faults), hint=_FORM)
        return found

    def _load(self) -> CommentedMap:
        try:
            document = YAML(typ="rt", pure=True).load(self._file.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise InputError(
                f"{self._file}:{line}: not valid YAML: {error.problem or error.context}",
                hint=_FORM,
            ) from None
        except OSError as error:
            raise InputError(
                f"{self._file} cannot be read: {error.strerror}", hint="check the path and its permissions"
            ) from None
        except (YAMLError, UnicodeDecodeError) as error:
            raise InputError(f"{self._file}:1: cannot be read: {error}", hint="save it as UTF-8") from None
        if not isinstance(document, CommentedMap):
            raise InputError(f"{self._file}:1: a catalog is a mapping with `catalog` and `feeds`", hint=_FORM)
        return document

    def _spec(self, item: object, defaults: CommentedMap, catalog: str, line: int) -> FeedSpec | None:
        if not isinstance(item, CommentedMap):
            self._fault(line, "a feed is a mapping with at least `url`")
            return None
        before = len(self._faults)
        self._check_values(item, _KEYS)
        if "url" not in item:
            self._fault(line, "a feed needs a `url`")
        if len(self._faults) > before:
            return None
        values: dict[str, Any] = {**defaults, **item}
        texts: dict[str, Any] = {
            key: str(values[key]).strip() for key in _TEXTS if values.get(key) is not None
        }
        return FeedSpec(
            **texts,
            topics=tuple(values.get("topics") or ()),
            interval=values.get("interval"),
            full_text=bool(values.get("full_text", False)),
            headers=tuple((values.get("headers") or {}).items()),
            catalog=catalog,
        )

    def _check_values(self, mapping: CommentedMap, known: Sequence[str]) -> None:
        self._check_keys(mapping, known)
        for key, value in mapping.items():
            wrong = fault_in(key, value) if key in known and value is not None else None
            if wrong:
                self._fault(_line(mapping, key), wrong)

    def _check_keys(self, mapping: CommentedMap, known: Sequence[str]) -> None:
        for key in mapping:
            if key not in known:
                close = get_close_matches(str(key), known, n=1, cutoff=0.7)
                advice = f", did you mean `{close[0]}`?" if close else f"; known are {', '.join(known)}"
                self._fault(_line(mapping, key), f"unknown key `{key}`{advice}")

    def _check_doubles(self, specs: list[FeedSpec]) -> None:
        counts = Counter(spec.url for spec in specs)
        for url in (url for url, count in counts.items() if count > 1):
            self._fault(1, f"{url} stands there twice")

    def _fault(self, line: int, what: str) -> None:
        self._faults.append(f"{self._file}:{line}: {what}")


def fault_in(key: str, value: object) -> str | None:
    """What is wrong with one value, None when nothing is."""
    if key == "url":
        try:
            feed_address(str(value))
        except InputError as error:
            return error.message
        return None
    wanted, good = _FORMS.get(key, _TEXT_FORM)
    return None if good(value) else f"`{key}: {value}` must be {wanted}"


def _is_topics(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(topic, str) for topic in value)


def _is_proxy(value: object) -> bool:
    if not isinstance(value, str) or "${" in value:
        return isinstance(value, str)
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_headers(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and _HEADER.fullmatch(name) and isinstance(text, str) and text.isprintable()
        for name, text in value.items()
    )


_Form = tuple[str, Callable[[object], bool]]
_TEXT_FORM: _Form = ("a text", lambda value: isinstance(value, str))
_FORMS: dict[str, _Form] = {
    "country": (
        "three capital letters (ISO 3166-1 alpha-3)",
        lambda value: _COUNTRY.fullmatch(str(value)) is not None,
    ),
    "language": (
        "a BCP 47 tag such as en or pt-BR, quoted where YAML reads it as something else",
        lambda value: isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None,
    ),
    "timezone": (
        "a zone of the IANA database such as Europe/Paris",
        lambda value: str(value) in available_timezones(),
    ),
    "proxy": ('an address such as http://host:port, or "${NAME}" from the environment', _is_proxy),
    "topics": ("a list of words", _is_topics),
    "interval": (
        "a number of seconds above 0",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
    ),
    "headers": (
        "names of HTTP headers with their values, quoted where YAML reads them as numbers",
        _is_headers,
    ),
    "full_text": ("true or false", lambda value: isinstance(value, bool)),
}


def _line(holder: CommentedMap | CommentedSeq, key: object) -> int:
    """Line of a key or an index, from 1."""
    place: Any = holder.lc
    return int((place.key if isinstance(holder, CommentedMap) else place.item)(key)[0]) + 1
