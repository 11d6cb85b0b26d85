"""Folders of rule files to a `RuleSet`, and whether they changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import RuleError
from tocsin.model import RuleRecord
from tocsin.rules._compile import Compiled, compile_rule, refusal
from tocsin.rules._rule import Rule, RuleSet
from tocsin.rules._vocabulary import Ontology, Vocabulary
from tocsin.rules._yaml import Document, Place, Table, documents, read_text

SUFFIXES = (".yaml", ".yml")
TEST_SUFFIXES = (".test.yaml", ".test.yml")


def rule_files(folders: Sequence[Path]) -> list[Path]:
    """Rule files of folders and their subfolders by path, without tests and hidden ones; a file stands for itself."""
    return [path for folder in folders for path in _files(folder) if not path.name.endswith(TEST_SUFFIXES)]


def case_files(folders: Sequence[Path]) -> list[Path]:
    """The `*.test.yaml` files of the same folders; for a rule file the one beside it."""
    found: list[Path] = []
    for folder in folders:
        if folder.is_file() and not folder.name.endswith(TEST_SUFFIXES):
            beside = (folder.with_name(folder.stem + suffix) for suffix in TEST_SUFFIXES)
            found.extend(path for path in beside if path.is_file())
        else:
            found.extend(path for path in _files(folder) if path.name.endswith(TEST_SUFFIXES))
    return found


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    found = (path for path in folder.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file())
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def load_rules(folders: Sequence[Path], ontology: Ontology) -> RuleSet:
    """Load every rule file; never raises for what a file says.

    A document that is refused leaves the other documents and files running. Of two rules with one name the
    first, in the order of folders and paths, runs.
    """
    loader = _Loader(Vocabulary.of(ontology))
    for folder in folders:
        if not folder.exists():
            error = Place(str(folder), 1, 1).error(
                "there is no such file or folder", "check the path of your rules"
            )
            loader.errors.append(error)
    for path in rule_files(folders):
        loader.add_file(path)
    return loader.result()


class _Loader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rules: dict[str, Rule] = {}
        self.errors: list[RuleError] = []
        self.failed: list[tuple[Compiled, Document]] = []
        self.read: set[Path] = set()

    def add_file(self, path: Path) -> None:
        if path.resolve() in self.read:
            return
        self.read.add(path.resolve())
        try:
            found = list(documents(read_text(path), str(path)))
        except RuleError as error:
            self.refuse_file(error)
            return
        if not found:
            self.refuse_file(Place(str(path), 1, 1).error("the file has no rule", "begin with rule: <name>"))
        for document in found:
            if isinstance(document, RuleError):
                self.refuse_file(document)
            else:
                self.add(document)

    def refuse_file(self, error: RuleError) -> None:
        place = Place(error.file, error.line, error.column)
        self.errors.append(error)
        self.failed.append((Compiled(None, (error,), None, place), Document(Table(place, ()), "", "", ())))

    def add(self, document: Document) -> None:
        compiled = compile_rule(document, self.vocabulary)
        if compiled.rule and (first := self.rules.get(compiled.rule.name)):
            said = f"rule {first.name} is already defined in {first.file}:{first.line}"
            error = compiled.place.error(said, "names are unique over all folders; rename one")
            compiled = Compiled(None, (error,), compiled.name, compiled.place, compiled.title)
        if compiled.rule:
            self.rules[compiled.rule.name] = compiled.rule
            return
        self.errors.extend(compiled.errors)
        self.failed.append((compiled, document))

    def result(self) -> RuleSet:
        refused: dict[str, RuleRecord] = {}
        for compiled, document in self.failed:
            record = refusal(compiled, document, {*self.rules, *refused})
            refused[record.name] = record
        return RuleSet(tuple(self.rules.values()), tuple(self.errors), tuple(refused.values()))


def keep_running(previous: RuleSet, loaded: RuleSet) -> RuleSet:
    """After a reload: rules of files that now have an error go on as they were, until the file is repaired."""
    broken = {error.file for error in loaded.errors}
    names = {rule.name for rule in loaded.rules}
    kept = tuple(rule for rule in previous.rules if rule.file in broken and rule.name not in names)
    still = {rule.name for rule in kept}
    refused = tuple(record for record in loaded.refused if record.name not in still)
    return RuleSet((*loaded.rules, *kept), loaded.errors, refused)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule file was: size and time are looked at first, the hash decides."""

    path: str
    size: int
    modified_ns: int
    digest: str


Fingerprint = tuple[Seen, ...]


def changed(folders: Sequence[Path], previous: Fingerprint = ()) -> Fingerprint | None:
    """The new fingerprint when a rule file was added, removed or has other contents, else None.

    Files whose size and time of change are as before are not read. A file saved again unchanged is no change.
    """
    known = {seen.path: seen for seen in previous}
    now = tuple(_seen(folders, known))
    before = {(seen.path, seen.digest) for seen in previous}
    return None if before == {(seen.path, seen.digest) for seen in now} else now


def _seen(folders: Sequence[Path], known: dict[str, Seen]) -> Iterator[Seen]:
    for path in rule_files(folders):
        try:
            stat = path.stat()
            before = known.get(str(path))
            if before and (before.size, before.modified_ns) == (stat.st_size, stat.st_mtime_ns):
                yield before
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:  # gone or unreadable between listing and reading: itself a change
            yield Seen(str(path), -1, -1, f"error {error.errno}")
            continue
        yield Seen(str(path), stat.st_size, stat.st_mtime_ns, digest)
