"""Reading the YAML files of the ontology, the shipped ones and the user's, with errors that name the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tocsin.errors import ConfigurationError
from tocsin.extraction.ontology._types import EventType, Example, Ontology, Pattern, Words
from tocsin.extraction.ontology._yaml import load_quickly
from tocsin.model import MentionStatus, Severity

_TYPE_KEYS = {
    "joint_plover",
    "joint_cameo",
    "residual",
    "title",
    "plover",
    "mode",
    "cameo",
    "severity",
    "description",
    "examples",
    "counterexamples",
    "verbs",
    "nouns",
}
_ROLES = {"subject", "object", "dative", "attribute", "to", "clause", "of", "poss", "compound", "text"}
_PATTERN_KEYS = {
    "do",
    "noun",
    "mood",
    "source",
    "target",
    "peers",
    "actors",
    "claim",
    "weight",
    "plover",
    "cameo",
}
_EXAMPLE_KEYS = {"text", "source", "target", "status"}
_MOODS = {"refused", "future", "negated", "passive", "active", "noun"}
_CLAIMS = {"clause", "for", "object", "of", "subject", "about"}
_SIDES = {"none", "source", "target", "any", "both"}
_KINDS = {"actor", "country", "place", "any", "must", "state"}
_PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "YIELD", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip


@cache
def load_ontology(user_folder: Path | None = None) -> Ontology:
    """The shipped types, then those of `user_folder/*.yaml`, which add types and patterns to types.

    Raises `ConfigurationError` naming file, line and remedy when a file cannot be used.
    """
    shipped = sorted(
        (entry for entry in files(__package__).iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: (entry.name != "lists.yaml", entry.name),
    )
    try:
        return _read(shipped, user_folder, quickly=True)
    except ConfigurationError:
        return _read(shipped, user_folder, quickly=False)  # once more, to name the line


def _read(shipped: list[Traversable], user_folder: Path | None, *, quickly: bool) -> Ontology:
    reader = _Reader()
    for entry in shipped:
        reader.read(entry, entry.name, quickly=quickly)
    if user_folder is not None:
        if not user_folder.is_dir():
            raise ConfigurationError(
                f"{user_folder}: there is no such folder",
                hint="name a folder with .yaml files of event types",
            )
        for path in sorted([*user_folder.glob("*.yaml"), *user_folder.glob("*.yml")]):
            reader.read(path, str(path))
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self.types: dict[str, EventType] = {}
        self.lists: dict[str, Words] = {}
        self.file = ""
        self.residual = False

    def read(self, entry: Traversable, name: str, *, quickly: bool = False) -> None:
        self.file = name
        data = self._parsed(entry, name, quickly=quickly)
        if data is None:
            return
        if not isinstance(data, Mapping):
            self.refuse(1, "the file must be a mapping", "begin with `types:`")
        for key, value in data.items():
            if key not in ("lists", "types"):
                self.refuse(_line(data, key), f"unknown key {key!r}", "a file has `lists:` and `types:`")
            if value is not None and not isinstance(value, Mapping):
                self.refuse(
                    _line(data, key), f"`{key}:` must be a mapping", "write `name: ...` on each line below it"
                )
        for key, words in _items(data.get("lists")):
            self.lists[key] = self._words(words, _line(data["lists"], key))
        for key, body in _items(data.get("types")):
            self._type(key, body, _line(data["types"], key))

    def _parsed(self, entry: Traversable, name: str, *, quickly: bool) -> Any:
        try:
            text = entry.read_text(encoding="utf-8")
            data = load_quickly(text) if quickly else None
            return YAML(typ="rt").load(text) if data is None else data
        except MarkedYAMLError as error:
            line = 0 if error.problem_mark is None else error.problem_mark.line + 1
            raise ConfigurationError(
                f"{name}:{line}: not valid YAML: {error.problem}",
                hint="see docs/reference/ontology.md for the form",
            ) from error
        except (YAMLError, UnicodeDecodeError, OSError) as error:
            raise ConfigurationError(
                f"{name}: cannot be read: {error}", hint="save it as UTF-8 YAML"
            ) from error

    def refuse(self, line: int, problem: str, remedy: str) -> NoReturn:
        raise ConfigurationError(f"{self.file}:{line}: {problem}", hint=remedy)

    def _type(self, name: str, body: Any, line: int) -> None:
        if not isinstance(body, Mapping):
            self.refuse(line, f"type {name!r} must be a mapping", "give at least `title:`")
        for key in body:
            if key not in _TYPE_KEYS:
                self.refuse(
                    _line(body, key), f"unknown key {key!r}", f"known: {', '.join(sorted(_TYPE_KEYS))}"
                )
        for key in ("verbs", "nouns", "examples", "counterexamples"):
            if body.get(key) is not None and not isinstance(body[key], list):
                self.refuse(
                    _line(body, key), f"`{key}:` must be a list", "begin each line below it with `- `"
                )
        known = self.types.get(name)
        if known is None and not body.get("title"):
            self.refuse(
                line, f"type {name!r} has no title", "add `title: does something`, a phrase for the timeline"
            )
        severity = body.get("severity", known.severity if known else "info")
        if severity not in list(Severity):
            self.refuse(
                _line(body, "severity"), f"unknown severity {severity!r}", "info, warning or critical"
            )
        plover = body.get("plover", known.plover if known else None)
        if plover is not None and plover not in _PLOVER:
            self.refuse(_line(body, "plover"), f"unknown PLOVER type {plover!r}", ", ".join(sorted(_PLOVER)))
        cameo = body.get("cameo", known.cameo if known else None)
        kind = known or EventType(name=name, title=str(body.get("title", "")), file=self.file, line=line)
        self.residual = bool(body.get("residual", False))
        first = len(kind.patterns)
        patterns = [
            *(
                self._pattern(name, at, False, spec, first + i)
                for i, (at, spec) in enumerate(_rows(body, "verbs"))
            ),
            *(
                self._pattern(name, at, True, spec, first + i)
                for i, (at, spec) in enumerate(_rows(body, "nouns"))
            ),
        ]
        self.types[name] = replace(
            kind,
            title=str(body.get("title", kind.title)),
            plover=plover,
            plover_mode=body.get("mode", kind.plover_mode),
            cameo=None if cameo is None else str(cameo),
            joint_plover=body.get("joint_plover", kind.joint_plover),
            joint_cameo=None if body.get("joint_cameo") is None else str(body["joint_cameo"]),
            severity=str(severity),
            description=str(body.get("description", kind.description)),
            cases=(*kind.cases, *(self._example(spec, at) for at, spec in _rows(body, "examples"))),
            counterexamples=(
                *kind.counterexamples,
                *(self._example(spec, at).text for at, spec in _rows(body, "counterexamples")),
            ),
            patterns=(*kind.patterns, *patterns),
        )

    def _example(self, spec: Any, line: int) -> Example:
        if isinstance(spec, str):
            return Example(spec)
        if not isinstance(spec, Mapping) or "text" not in spec:
            self.refuse(
                line,
                "an example is a sentence",
                "write it in quotes, or {text: ..., source: ..., target: ...}",
            )
        for key in spec:
            if key not in _EXAMPLE_KEYS:
                self.refuse(
                    line, f"unknown key {key!r} of an example", f"known: {', '.join(sorted(_EXAMPLE_KEYS))}"
                )
        status = spec.get("status")
        if status is not None and status not in list(MentionStatus):
            self.refuse(line, f"unknown status {status!r}", ", ".join(MentionStatus))
        return Example(str(spec["text"]), spec.get("source"), spec.get("target"), status)

    def _pattern(self, name: str, line: int, noun: bool, spec: Any, number: int) -> Pattern:
        key = "noun" if noun else "do"
        if not isinstance(spec, Mapping) or key not in spec:
            self.refuse(line, f"a pattern of {name!r} has no `{key}:`", f"write {{{key}: [word, ...], ...}}")
        words = self._words(spec[key], line)
        if not words.lemmas and not words.phrases:
            self.refuse(line, f"`{key}:` is empty", "name at least one word in its dictionary form")
        self._check_options(spec, line)
        needs: dict[str, Words] = {}
        bars: dict[str, Words] = {}
        for role, value in spec.items():
            if role in _PATTERN_KEYS:
                continue
            if not isinstance(role, str):
                self.refuse(line, f"unknown key {role!r}", "a list needs a key before it: `object: [...]`")
            base = role.removesuffix("_not")
            if base not in _ROLES and not base.startswith("prep_"):
                self.refuse(
                    line, f"unknown key {role!r}", f"roles are {', '.join(sorted(_ROLES))}, prep_WORD"
                )
            (bars if role.endswith("_not") else needs)[base] = self._words(value, line)
        default_source = ("poss", "by", "of_actor", "modifier", "subject") if noun else ("subject",)
        default_target = ("on", "against", "of", "at") if noun else ("object",)
        return Pattern(
            id=f"{name}/{'noun' if noun else 'verb'}:{number + 1}",
            type=name,
            words=words.lemmas | frozenset(words.phrases),
            noun=noun,
            mood=spec.get("mood"),
            needs=needs,
            bars=bars,
            source=_roles(spec, "source", default_source),
            target=_roles(spec, "target", default_target),
            sided=not spec.get("peers", False),
            actors=str(spec.get("actors", "none")),
            claim=spec.get("claim"),
            residual=self.residual,
            weight=float(spec.get("weight", 0.0)),
            plover=_code(spec, "plover"),
            cameo=_code(spec, "cameo"),
        )

    def _check_options(self, spec: Mapping[str, Any], line: int) -> None:
        """Refuse a value that an option of a pattern cannot have."""
        for key, known in (("mood", _MOODS), ("actors", _SIDES), ("claim", _CLAIMS), ("plover", _PLOVER)):
            value = spec.get(key)
            if value is not None and value not in known:
                word = "mood" if key == "mood" else f"value of `{key}:`"
                self.refuse(line, f"unknown {word} {value!r}", ", ".join(sorted(known)))
        weight = spec.get("weight", 0.0)
        if isinstance(weight, bool) or not isinstance(weight, (int, float)):
            self.refuse(line, "`weight:` must be a number", "between -0.4 and 0.1")

    def _words(self, value: Any, line: int) -> Words:
        lemmas: set[str] = set()
        phrases: list[str] = []
        kinds: set[str] = set()
        for item in _flat(value):
            word = str(item).strip()
            if word.startswith("@"):
                name = word[1:]
                if name in _KINDS:
                    kinds.add(name)
                elif name in self.lists:
                    lemmas |= self.lists[name].lemmas
                    phrases += self.lists[name].phrases
                    kinds |= self.lists[name].kinds
                else:
                    known = ", ".join(f"@{k}" for k in [*sorted(_KINDS), *sorted(self.lists)])
                    self.refuse(line, f"unknown word list {word!r}", f"known: {known}")
            elif " " in word:
                phrases.append(word.lower())
            else:
                lemmas.add(word.lower())
                if "-" in word:
                    phrases.append(word.lower())  # the parser may cut "cease-fire" in three
        return Words(frozenset(lemmas), tuple(phrases), frozenset(kinds))

    def finish(self) -> Ontology:
        for name in list(self.types):
            parent = name.rpartition(".")[0]
            if parent and parent not in self.types:
                kind = self.types[name]
                raise ConfigurationError(
                    f"{kind.file}:{kind.line}: type {name!r} has no parent {parent!r}",
                    hint=f"define {parent!r} first, with a title",
                )
        return Ontology(self.types, self.lists)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key), item


def _rows(body: Any, key: str) -> Iterator[tuple[int, Any]]:
    rows = body.get(key) or []
    for at, spec in enumerate(rows):
        yield rows.lc.item(at)[0] + 1 if hasattr(rows, "lc") else 0, spec


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _flat(item)
    elif value is not None:
        yield value


def _roles(spec: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    if key not in spec:
        return default
    return tuple(str(role) for role in _flat(spec[key]))


def _code(spec: Mapping[str, Any], key: str) -> str | None:
    """A pattern's code; None where it has the type's, empty where `null` is written: no code at all."""
    if key not in spec:
        return None
    return "" if spec[key] is None else str(spec[key])


def _line(mapping: Any, key: str) -> int:
    try:
        return int(mapping.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return 0
