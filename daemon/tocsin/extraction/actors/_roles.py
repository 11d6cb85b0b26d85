"""Words that name what somebody is, and the sector they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files


class Roles:
    """Sector by role word: `sector(["prime", "minister"])` is GOV."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table
        self._longest = max(len(words.split()) for words in table)

    def sector(self, lemmas: Sequence[str]) -> str | None:
        """The sector of a noun phrase by its last words; several words before one ("police officer")."""
        for length in range(min(self._longest, len(lemmas)), 0, -1):
            found = self._table.get(" ".join(lemmas[-length:]))
            if found is not None:
                return found
        return None

    def __contains__(self, lemma: object) -> bool:
        return lemma in self._table


@cache
def load_roles() -> Roles:
    """Read roles.tsv; the first mention of a word decides."""
    table: dict[str, str] = {}
    for line in files(__package__).joinpath("roles.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            sector, words = line.split("\t")
            for word in words.split(";"):
                table.setdefault(word.strip(), sector)
    return Roles(table)
