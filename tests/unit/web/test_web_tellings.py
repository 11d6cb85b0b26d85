"""An article at the revision that was read, also when its text is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpers_events import event_id
from tocsin.model import Article, ArticleRevision, LinkedMention, Mention, MentionStatus, RevisionReason, Span
from tocsin.web._tellings import tellings

T0 = datetime(2022, 11, 2, 3, 0, tzinfo=UTC)
OLD, NEW = "Launch\n\nIt was fired.", "Launch\n\nToday it was fired."
ARTICLE = Article(
    event_id(1), None, "Launch", NEW, "hash2", 2, T0, T0, T0, None, None, None, None, "en", None, backfilled=False
)  # fmt: skip
REVISION = ArticleRevision(event_id(1), 1, "First title", OLD, "hash1", T0, T0, T0, RevisionReason.FIRST_SEEN)


class Kept:
    """What is still kept of one article."""

    def __init__(self, article: Article | None, *revisions: ArticleRevision) -> None:
        self._article = article
        self._revisions = list(revisions)

    def article(self, _: object) -> Article | None:
        return self._article

    def article_revisions(self, _: object) -> list[ArticleRevision]:
        return self._revisions


def linked(revision: int, text: str, trigger: str = "fired") -> LinkedMention:
    start = max(text.find("fired"), 0)
    mention = Mention(
        "weapons.launch", MentionStatus.HAPPENED, Span(trigger, start, start + 5), (8, len(text))
    )
    return LinkedMention(
        event_id(revision), event_id(1), revision, "hash", 0, mention, T0, T0, "Harbour Post", "Harbour Group"
    )


def test_mentions_are_shown_in_the_text_they_were_read_from() -> None:
    """Each revision is a telling of its own, with its own title and text."""
    old, new = tellings(Kept(ARTICLE, REVISION), [linked(1, OLD), linked(2, NEW)])
    assert (old.title, old.text, old.edited_since) == ("First title", OLD, True)
    assert (new.title, new.text, new.edited_since) == ("Launch", NEW, False)
    assert [piece.text for piece in old.whole if piece.kinds] == ["fired"]


@pytest.mark.parametrize("kept", [Kept(None), Kept(ARTICLE), Kept(ARTICLE, replace(REVISION, number=3))])
def test_a_text_that_is_gone_is_said_to_be_gone(kept: Kept) -> None:
    """Nothing is shown in another text, and nothing crashes."""
    [told] = tellings(kept, [linked(1, OLD)])
    assert told.text is None
    assert told.whole == ()
    assert told.told[0].excerpt == ()


def test_words_that_do_not_stand_there_are_not_marked() -> None:
    """A span that does not say what it claims is counted and left unmarked."""
    [told] = tellings(Kept(ARTICLE), [linked(2, NEW, "launched")])
    assert len(told.told[0].misplaced) == 1
    assert not any(piece.kinds for piece in told.whole)
