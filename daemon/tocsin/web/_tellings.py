"""How each article tells an event: its text at the revision that was read, with the evidence marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from tocsin.model import Article, LinkedMention
from tocsin.ports import ArticleStore
from tocsin.web._evidence import Mark, Piece, excerpt, marks_of, misplaced, pieces


@dataclass(frozen=True, slots=True)
class Told:
    """One mention with its marks and the words around them."""

    linked: LinkedMention
    marks: tuple[Mark, ...]
    excerpt: tuple[Piece, ...]
    misplaced: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One article, at one revision. `text` is None when it was pruned."""

    article_id: UUID
    revision: int
    article: Article | None
    title: str
    text: str | None
    told: tuple[Told, ...]
    whole: tuple[Piece, ...]

    @property
    def edited_since(self) -> bool:
        """The article has a newer text than the one shown."""
        return self.article is not None and self.article.revision > self.revision


def tellings(store: ArticleStore, linked: Sequence[LinkedMention]) -> list[Telling]:
    """The mentions by article and revision, in the order given."""
    return [
        telling(store, article_id, revision, list(group))
        for (article_id, revision), group in groupby(linked, lambda one: (one.article_id, one.revision))
    ]


def telling(store: ArticleStore, article_id: UUID, revision: int, linked: Sequence[LinkedMention]) -> Telling:
    """One article with marks of these mentions."""
    article = store.article(article_id)
    title, text = _text_of(store, article, revision)
    body = text or ""
    told = tuple(_told(body, one) for one in linked)
    every = tuple(dict.fromkeys(mark for one in told for mark in one.marks if mark not in one.misplaced))
    return Telling(article_id, revision, article, title, text, told, tuple(pieces(body, every)))


def _told(text: str, linked: LinkedMention) -> Told:
    marks = marks_of(linked.mention)
    wrong = misplaced(text, marks)
    right = tuple(mark for mark in marks if mark not in wrong)
    return Told(linked, marks, tuple(excerpt(text, right, linked.mention.sentence)), wrong)


def _text_of(store: ArticleStore, article: Article | None, revision: int) -> tuple[str, str | None]:
    """Title and text at the revision."""
    if article is None:
        return "an article that is not kept any more", None
    if article.revision == revision:
        return article.title, article.text
    for one in store.article_revisions(article.id):
        if one.number == revision:
            return one.title, one.text
    return article.title, None
