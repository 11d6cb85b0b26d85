"""Full-text search over titles and texts of articles: FTS5 on SQLite, https://sqlite.org/fts5.html.

The index covers `article_revision` and is kept by triggers, so no write path can forget it. Words are
matched without case, accents and English endings.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Select, bindparam, column, false, select, table, text

from tocsin.store._tables_feeds import article_revision
from tocsin.store._types import storable

SEARCH = "article_search"
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_LETTERS = re.compile(r"\w")


def is_search_object(name: str) -> bool:
    """Whether a table is the index or one of the tables the database keeps it in."""
    return name == SEARCH or name.startswith(SEARCH + "_")


def match_expression(words: str) -> str | None:
    """What a user typed, as an FTS5 expression that is always valid; None when it holds no word.

    All words must occur; "words in quotes" stand together; a final * matches the beginning of a word.
    """
    terms = []
    for phrase, word in _QUOTED.findall(storable(words)):
        term = phrase or word
        if _LETTERS.search(term):
            quoted = '"' + term.replace('"', " ").replace("\ufffd", " ") + '"'
            terms.append(quoted + "*" if word.endswith("*") else quoted)
    return " ".join(terms) or None


def revisions_matching(words: str) -> Select[tuple[int]]:
    """Ids of the article revisions whose title or text holds the words."""
    expression = match_expression(words)
    if expression is None:
        return select(article_revision.c.id).where(false())
    index = table(SEARCH, column("rowid"))
    condition: ColumnElement[bool] = text(f"{SEARCH} MATCH :words").bindparams(  # type: ignore[assignment]
        bindparam("words", expression)
    )
    return select(index.c.rowid).where(condition)
