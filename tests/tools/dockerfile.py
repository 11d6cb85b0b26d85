"""A reader for the Dockerfile: stages and instructions, in the syntax our own file uses.

Dockerfile reference, sections "Format", "Parser directives" and "Shell and exec form".
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

KNOWN = frozenset(
    "FROM RUN COPY ENV WORKDIR VOLUME EXPOSE USER STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; `text` is everything behind its name, continuation lines joined."""

    name: str
    text: str
    line: int

    @property
    def flags(self) -> dict[str, str]:
        """`--name=value` words in front."""
        found = re.match(r"((?:--[\w-]+=\S+\s+)*)", self.text)
        words = shlex.split(found[1]) if found else []
        return dict(word.removeprefix("--").split("=", 1) for word in words)

    @property
    def rest(self) -> str:
        """The text behind the flags."""
        return re.sub(r"^(?:--[\w-]+=\S+\s+)*", "", self.text)

    @property
    def argv(self) -> list[str]:
        """The command: exec form as given, shell form through /bin/sh."""
        rest = self.rest.removeprefix("CMD ") if self.name == "HEALTHCHECK" else self.rest
        return list(json.loads(rest)) if rest.startswith("[") else ["/bin/sh", "-c", rest]


@dataclass(slots=True)
class Stage:
    """What stands between one FROM and the next."""

    base: str
    alias: str | None
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, name: str) -> list[Instruction]:
        """Its instructions of one kind."""
        return [i for i in self.instructions if i.name == name]

    def last(self, name: str) -> Instruction:
        """The one that counts."""
        return self.all(name)[-1]

    def env(self) -> dict[str, str]:
        """All variables it sets."""
        return dict(word.split("=", 1) for i in self.all("ENV") for word in shlex.split(i.text))


def parse(text: str) -> list[Stage]:
    """Read a Dockerfile; ValueError with the line for what is not understood."""
    stages: list[Stage] = []
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line
        while whole.endswith("\\"):
            whole = whole[:-1] + " " + next(lines)[1].strip()
        name, _, rest = whole.strip().partition(" ")
        if name not in KNOWN:
            raise ValueError(f"line {number}: {name} is not an instruction this reader knows")
        if name == "FROM":
            words = rest.split()
            stages.append(Stage(words[0], words[2] if words[1:2] == ["AS"] else None))
        elif not stages:
            raise ValueError(f"line {number}: {name} before FROM")
        else:
            stages[-1].instructions.append(Instruction(name, rest.strip(), number))
    return stages


def ignored(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore leaves a file of the context out; the last pattern that matches decides."""
    out = False
    for pattern in patterns:
        keep = pattern.startswith("!")
        bare = pattern.removeprefix("!").removeprefix("**/")
        candidates = [path, *(str(parent) for parent in Path(path).parents)]
        if "**/" in pattern:
            candidates = list(Path(path).parts)
        if any(fnmatch(candidate, bare) for candidate in candidates if candidate != "."):
            out = not keep
    return out
