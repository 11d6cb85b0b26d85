"""Texts of articles: what makes two of them the same, and a teaser whole."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

from tocsin.model import RevisionReason, content_hash, full_text
from tocsin.store._types import storable

# A teaser shorter than this many characters says nothing about who copied whom.
_TELLING = 60


class Text(Protocol):
    """A draft, or a row of `article_revision`."""

    @property
    def title(self) -> str: ...

    @property
    def text(self) -> str: ...


def text_hash(title: str, text: str) -> str | None:
    """A hash of the body alone: equal for copies of one wire text, whatever headline they got.

    None where the body is too short to tell a copy from a coincidence.
    """
    body = " ".join(text.removeprefix(title).split()).casefold()
    if len(body) < _TELLING:
        return None
    return "1" + hashlib.sha256(storable(body).encode()).hexdigest()


def body_of(told: Text) -> str:
    """The text without its headline; a text that has none begins with what was taken for the title."""
    head, gap, rest = told.text.partition("\n\n")
    if head == told.title:
        return rest if gap else ""
    return told.text


def full_revision(teaser: Text, body: str) -> dict[str, Any] | None:
    """A row of `article_revision` without article, number and times; None where the body adds nothing."""
    whole = full_text(teaser.title, body_of(teaser), body)
    if not body or whole == teaser.text:
        return None
    return {
        "title": teaser.title,
        "text": whole,
        "html": None,
        "content_hash": content_hash(teaser.title, whole),
        "text_hash": text_hash("", body),
        "reason": RevisionReason.FULL_TEXT.value,
        "pruned": False,
    }
